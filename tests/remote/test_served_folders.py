"""A server that was given folders opens the files below them and no others, whatever is tried."""

from __future__ import annotations

import errno
import os
import re
import socket
import subprocess
import sys

import numpy as np
import pytest
from kit.patience import PATIENCE

from traitsview.errors import RequestError, SourceError, SourceNotFound, SourceUnreadable, SourceUnsupported
from traitsview.geometry import Viewport
from traitsview.remote.user_server import served_folders
from traitsview.remote.user_server.served_folders import ServedFolders, open_beneath
from traitsview.sources.files.regular_file import RegularFile

OUTSIDE = "outside of the served folders"


@pytest.fixture(params=["openat2", "part by part"])
def kernel(request, monkeypatch):
    """Let the kernel keep within the folder, and then one that does not know how to."""
    if request.param == "openat2":
        try:
            os.close(served_folders._openat2(os.open("/", os.O_PATH), b"etc", served_folders._FOLDER))
        except OSError as error:
            pytest.skip(f"this kernel does not let us use openat2: {error}")

        def never(*_):
            raise AssertionError("the kernel was not asked")

        monkeypatch.setattr(served_folders, "_open_part_by_part", never)
    else:

        def unknown(*_):
            raise OSError(errno.ENOSYS, "unknown")

        monkeypatch.setattr(served_folders, "_openat2", unknown)
    return request.param


@pytest.fixture
def tree(tmp_path):
    """Return a folder that is served and one beside it; each file holds its own name."""
    for name in ("served/a.npy", "served/sub/b.npy", "outside/secret.npy", "servedx/c.npy"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        np.save(path, np.full((4, 5), len(name), float))
    return tmp_path


@pytest.fixture
def served(tree, kernel):
    folders = ServedFolders([str(tree / "served")])
    yield folders
    folders.close()


def read(folders, path):
    """Return the file that was opened, as the kernel calls it."""
    descriptor = folders.open(str(path))
    try:
        return os.readlink(f"/proc/self/fd/{descriptor}")
    finally:
        os.close(descriptor)


def test_files_below_the_folders_are_opened(tree, served):
    (tree / "served/near").symlink_to("sub/b.npy")
    (tree / "served/absolute").symlink_to(tree / "served/sub")
    (tree / "elsewhere").symlink_to("served")
    os.link(tree / "outside/secret.npy", tree / "served/hard.npy")
    for name, found in {
        "served/a.npy": "served/a.npy",
        "served/sub/../a.npy": "served/a.npy",
        "served//sub/./b.npy": "served/sub/b.npy",
        "outside/../served/a.npy": "served/a.npy",
        "served/near": "served/sub/b.npy",
        "served/absolute/b.npy": "served/sub/b.npy",
        "elsewhere/a.npy": "served/a.npy",
        "served/hard.npy": "served/hard.npy",
    }.items():
        assert read(served, tree / name) == str(tree / found), name


@pytest.mark.fault("X4")
@pytest.mark.parametrize(
    "name",
    [
        "outside/secret.npy",
        "outside/nothing.npy",
        "served/../outside/secret.npy",
        "served/sub/../../outside/secret.npy",
        "served/sub/../../../../../../../../../../etc/passwd",
        "servedx/c.npy",
        "served/to_file",
        "served/to_folder/secret.npy",
        "served/far/away/secret.npy",
        "served/chain",
        "served/magic",
        "served",
        ".",
        "/",
        "/proc/self/environ",
        "/proc/self/fd/0",
        "/proc/self/root/etc/passwd",
        "/proc/self/cwd",
        "/dev/fd/0",
    ],
)
def test_files_outside_the_folders_are_refused_in_words(tree, served, name):
    (tree / "served/to_file").symlink_to(tree / "outside/secret.npy")
    (tree / "served/to_folder").symlink_to("../outside")
    (tree / "served/far").mkdir()
    (tree / "served/far/away").symlink_to("../../outside")
    (tree / "served/chain").symlink_to("to_folder/secret.npy")
    with open(tree / "outside/secret.npy") as file:
        (tree / "served/magic").symlink_to(f"/proc/self/fd/{file.fileno()}")
        with pytest.raises(SourceUnreadable, match=OUTSIDE) as caught:
            served.open_source(str(tree / name))
    assert "serve its folder" in str(caught.value)


@pytest.mark.fault("X4")
def test_a_descriptor_of_a_file_outside_is_not_a_way_to_it(tree, served):
    with open(tree / "outside/secret.npy") as file, pytest.raises(SourceUnreadable, match=OUTSIDE):
        served.open_source(f"/proc/self/fd/{file.fileno()}")


@pytest.mark.fault("X4")
def test_links_in_circles_are_refused(tree, served):
    (tree / "served/one").symlink_to("two")
    (tree / "served/two").symlink_to("one")
    (tree / "served/self").symlink_to("self/self")
    for name in ("one", "self", "one/a.npy"):
        with pytest.raises(SourceError, match=r"links that lead in circles|no such file"):
            served.open_source(str(tree / "served" / name))


@pytest.mark.fault("X4")
@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("a\0b.npy", RequestError, "NUL"),
        ("login3:a.npy", SourceUnsupported, "opens files only"),
        ("live:rho", SourceUnsupported, "opens files only"),
        ("live:rho/*", SourceUnsupported, "opens files only"),
        ("engines:?rho", SourceUnsupported, "opens files only"),
        ("~nobody-of-that-name/x.npy", SourceUnreadable, OUTSIDE),
        ("\udcff\ud800.npy", SourceNotFound, "cannot open"),
    ],
)
def test_other_words_are_refused(served, text, kind, words):
    with pytest.raises(kind, match=words):
        served.open_source(text)


@pytest.mark.fault("X4")
def test_a_nul_does_not_cut_a_name_short(tree, served):
    with pytest.raises(ValueError, match="null"):
        served.open(f"{tree}/served/a.npy\0/b")
    with pytest.raises(ValueError, match="null"):
        open_beneath(served._roots[0].descriptor, "a.npy\0b")


@pytest.mark.fault("X4")
def test_nothing_is_followed_below_a_folder(tree, served):
    (tree / "served/link").symlink_to("a.npy")
    (tree / "served/folder").symlink_to("sub")
    folder = served._roots[0].descriptor
    for path, code in {
        "link": errno.ELOOP,
        "folder/b.npy": errno.ELOOP,
        "../outside/secret.npy": errno.EXDEV,
        "sub/../../outside/secret.npy": errno.EXDEV,
        f"{tree}/served/a.npy": errno.EXDEV,
        "a.npy/b": errno.ENOTDIR,
        "nothing": errno.ENOENT,
    }.items():
        with pytest.raises(OSError, match=re.escape(os.strerror(code))):
            open_beneath(folder, path)


SWAPPING = """
import os, sys, itertools
os.chdir(sys.argv[1])
print("here", flush=True)
for number in itertools.count():
    for target in ("../outside", "sub"):
        os.symlink(target, "new")
        os.replace("new", "link")
    # A folder and a link to another one take turns under one name, too.
    os.rename("turn", "away")
    os.symlink("../outside", "turn")
    os.unlink("turn")
    os.rename("away", "turn")
"""


@pytest.mark.fault("X4")
def test_a_link_that_is_put_in_the_way_meanwhile_leads_nowhere(tree, served):
    secret = tree / "outside/b.npy"
    np.save(secret, np.zeros((4, 5)))
    (tree / "served/link").symlink_to("sub")
    (tree / "served/turn").mkdir()
    np.save(tree / "served/turn/b.npy", np.ones((4, 5)))
    swapping = subprocess.Popen([sys.executable, "-c", SWAPPING, str(tree / "served")], stdout=subprocess.PIPE)
    opened = refused = 0
    try:
        assert swapping.stdout.readline() == b"here\n"
        for _ in range(int(os.environ.get("TRAITSVIEW_RACES", "20000")) // 2):
            for name in ("link", "turn"):
                try:
                    descriptor = served.open(f"{tree}/served/{name}/b.npy")
                except (SourceUnreadable, FileNotFoundError, NotADirectoryError):
                    refused += 1
                    continue
                opened += 1
                found = os.fstat(descriptor)
                os.close(descriptor)
                assert not os.path.samestat(found, secret.stat())
    finally:
        swapping.kill()
        swapping.wait()
        swapping.stdout.close()
    # Each way out was on the point of being taken.
    assert opened > 1000
    assert refused > 100


@pytest.mark.fault("D8")
def test_only_regular_files_are_opened(tree, served, monkeypatch):
    os.mkfifo(tree / "served/pipe.npy")
    with socket.socket(socket.AF_UNIX) as sock:
        monkeypatch.chdir(tree / "served")  # the name of a socket is short
        sock.bind("socket.npy")
    kinds = {"pipe.npy": "a pipe", "socket.npy": "a socket", "sub": "a directory"}
    if os.geteuid() == 0:
        os.mknod(tree / "served/zero.npy", 0o20666, os.makedev(1, 5))
        kinds["zero.npy"] = "a device"
    for name, kind in kinds.items():
        with pytest.raises(SourceUnsupported, match=f"it is {kind}"):
            served.open_source(str(tree / "served" / name))


@pytest.mark.fault("D8")
@pytest.mark.parametrize("path", ["/proc/self/environ", "/proc/kcore", "/proc/self/maps", "/sys/kernel/uevent_seqnum"])
def test_files_of_proc_and_sys_are_refused(path, kernel):
    if not os.path.exists(path):
        pytest.skip(f"there is no {path}")
    folders = ServedFolders(["/"])
    try:
        with pytest.raises(SourceUnsupported, match="made up by the kernel"):
            folders.open_source(path)
        with pytest.raises(SourceUnsupported, match="made up by the kernel"):
            RegularFile(path)
    finally:
        folders.close()


def test_a_missing_file_below_is_missing(tree, served):
    with pytest.raises(SourceNotFound, match="no such file"):
        served.open_source(str(tree / "served/nothing.npy"))
    with pytest.raises(SourceNotFound, match="part of its path is a file"):
        served.open_source(str(tree / "served/a.npy/b.npy"))


def test_odd_names_are_names(tree, served):
    for name in ("new\nline.npy", "ünï.npy", "a b;c.npy", os.fsdecode(b"\xff.npy")):
        np.save(tree / "served" / name, np.ones((3, 3)))
        with served.open_source(f"{tree}/served/{name}") as source:
            assert source.info.shape == (3, 3)


def test_a_file_alone_is_served_without_its_neighbours(tree, kernel):
    folders = ServedFolders([str(tree / "served/sub/b.npy")])
    np.save(tree / "served/sub/other.npy", np.ones((3, 3)))
    try:
        assert read(folders, tree / "served/sub/b.npy")
        np.save(tree / "served/new.npy", np.ones((7, 7)))
        os.replace(tree / "served/new.npy", tree / "served/sub/b.npy")
        with folders.open_source(f"{tree}/served/sub/b.npy") as source:
            assert source.info.shape == (7, 7)
        for name in ("sub/other.npy", "a.npy", "sub"):
            with pytest.raises(SourceUnreadable, match=OUTSIDE):
                folders.open_source(f"{tree}/served/{name}")
    finally:
        folders.close()


def test_a_folder_that_was_made_anew_is_served_again(tree, served):
    (tree / "served/a.npy").unlink()
    (tree / "served/sub/b.npy").unlink()
    (tree / "served/sub").rmdir()
    (tree / "served").rmdir()
    with pytest.raises(FileNotFoundError):
        served.open(f"{tree}/served/a.npy")
    (tree / "served").mkdir()
    np.save(tree / "served/a.npy", np.ones((3, 3)))
    assert read(served, tree / "served/a.npy")
    # Not where a link leads that has the name now.
    (tree / "served/a.npy").unlink()
    (tree / "served").rmdir()
    (tree / "served").symlink_to("outside")
    with pytest.raises(SourceUnreadable, match=OUTSIDE):
        served.open(f"{tree}/served/secret.npy")


def test_all_can_be_served(tree, kernel):
    folders = ServedFolders(["/"])
    try:
        assert read(folders, tree / "served/a.npy") == str(tree / "served/a.npy")
    finally:
        folders.close()


@pytest.mark.parametrize("name", ["nothing", "served/nothing.npy", "served/a.npy/x"])
def test_a_missing_path_cannot_be_served(tree, name):
    with pytest.raises(SourceError, match="cannot serve"):
        ServedFolders([str(tree / "served"), str(tree / name)])


WATCHED = """
import os, sys
opened = []
sys.addaudithook(lambda event, args: opened.append(args[0]) if event in ("open", "os.listdir") else None)
import numpy as np
from traitsview.geometry import Viewport
from traitsview.remote.user_server.served_folders import ServedFolders
root = sys.argv[1]
for name in sorted(os.listdir(root)):
    opened.clear()
    with ServedFolders([root]).open_source(f"{root}/{name}") as source:
        # Whoever opened it again by name from here on would find another file.
        os.replace(f"{root}/{name}", f"{root}/../gone")
        viewport = Viewport.covering(source.info.extent, (20, 20))
        assert np.isfinite(source.render(viewport)).all()
        source.sample([(1.5, 1.5)])
        source.summarize(source.info.extent, None, True)
        source.world([(1.5, 1.5)])
    names = [str(path) for path in opened if not isinstance(path, int)]
    assert not [path for path in names if root in path or "/proc/self/fd" in path], names
    print(name)
"""


@pytest.mark.fault("X4")
def test_every_kind_of_file_is_read_through_the_one_descriptor(tmp_path):
    import gzip

    from astropy.io import fits

    root = tmp_path / "root"
    root.mkdir()
    image = np.random.default_rng(1).normal(size=(40, 50)).astype(np.float32)
    header = fits.Header({"CTYPE1": "RA---TAN", "CTYPE2": "DEC--TAN", "CRVAL1": 10.0, "CRVAL2": 20.0, "CDELT1": -0.1})
    np.save(root / "a.npy", image)
    fits.PrimaryHDU(image, header).writeto(root / "b.fits")
    tiled = fits.HDUList([fits.PrimaryHDU(), fits.CompImageHDU(image, header)])
    tiled.writeto(root / "c.fits.fz")
    (root / "d.fits.gz").write_bytes(gzip.compress((root / "b.fits").read_bytes()))
    np.savez(root / "e.npz", image=image)
    done = subprocess.run([sys.executable, "-c", WATCHED, str(root)], capture_output=True, text=True, timeout=PATIENCE)
    assert (done.stdout.split(), done.stderr) == (["a.npy", "b.fits", "c.fits.fz", "d.fits.gz", "e.npz"], "")


def test_how_a_file_is_read_is_told_behind_its_name(tree, served):
    with served.open_source(f"{tree}/served/a.npy::?blank=0") as source:
        assert source.info.notes == ("0 is taken as no value",)


def test_an_open_file_stays_the_same_when_another_takes_its_name(tree, served):
    with served.open_source(f"{tree}/served/a.npy") as source:
        viewport = Viewport.covering(source.info.extent, (4, 5))
        before = source.render(viewport)
        (tree / "served/a.npy").unlink()
        (tree / "served/a.npy").symlink_to(tree / "outside/secret.npy")
        np.testing.assert_array_equal(source.render(viewport), before)
