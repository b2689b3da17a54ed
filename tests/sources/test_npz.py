"""Arrays of an .npz file open by their names.  They are mapped if they are not deflated."""

import zipfile

import numpy as np
import pytest

from traitsview.errors import SourceError, SourceNotFound, SourceUnreadable, SourceUnsupported
from traitsview.geometry import Viewport
from traitsview.sources.registry import open_source

DENSITY = np.arange(12.0).reshape(3, 4)
FLAGS = np.asfortranarray(np.arange(20, dtype=">i2").reshape(4, 5))
SAVES = [np.savez, np.savez_compressed]


def whole(source):
    info = source.info
    return source.render(Viewport(info.element, (0, 0), info.shape, info.anchor))


@pytest.mark.parametrize("save", SAVES)
def test_arrays_open_by_their_names(tmp_path, save):
    path = tmp_path / "run.npz"
    save(path, time=3.0, density=DENSITY, flags=FLAGS)
    for inside, array in (("", DENSITY), ("::density", DENSITY), ("::flags", FLAGS), ("::flags.npy", FLAGS)):
        with open_source(f"{path}{inside}") as source:
            assert source.info.name == f"run.npz{inside}"
            np.testing.assert_array_equal(whole(source), array)
    with pytest.raises(SourceNotFound, match="no such array in the file; there are 'time', 'density', 'flags'"):
        open_source(f"{path}::energy")
    with pytest.raises(SourceUnsupported, match=r"run.npz::time': it has 0 axes"):
        open_source(f"{path}::time")


@pytest.mark.parametrize("save", SAVES)
def test_message_for_an_archive_without_images_lists_its_contents(tmp_path, save):
    path = tmp_path / "run.npz"
    save(path, a=1.0, b=np.arange(3))
    with pytest.raises(SourceUnsupported, match="no array of two axes or more that is an image, only 'a', 'b'"):
        open_source(path)
    with zipfile.ZipFile(path, "w"):
        pass
    with pytest.raises(SourceError):
        open_source(path)


def test_stored_arrays_are_mapped_and_not_read(tmp_path, monkeypatch):
    path = tmp_path / "run.npz"
    np.savez(path, density=DENSITY)
    monkeypatch.setattr(zipfile.ZipExtFile, "read", None)
    with open_source(path) as source:
        np.testing.assert_array_equal(whole(source), DENSITY)


def test_python_objects_are_never_made(tmp_path):
    path = tmp_path / "run.npz"
    np.savez(path, objects=np.array([[{}, []]], object))
    with pytest.raises(SourceUnsupported, match="Python objects"):
        open_source(f"{path}::objects")


@pytest.mark.parametrize("save", SAVES)
def test_every_truncated_or_damaged_archive_raises_a_source_error(tmp_path, save):
    path = tmp_path / "run.npz"
    save(path, density=DENSITY, flags=FLAGS)
    raw = path.read_bytes()
    random = np.random.default_rng(5)
    mutants = [raw[: len(raw) * k // 20] for k in range(1, 20)]
    for _ in range(300):
        damaged = np.frombuffer(raw, np.uint8).copy()
        damaged[random.integers(0, damaged.size, 3)] = random.integers(0, 256, 3)
        mutants.append(damaged.tobytes())
    refused = 0
    for mutant in mutants:
        path.write_bytes(mutant)
        line = ""
        try:
            with open_source(path) as source:
                whole(source)
        except SourceError as error:
            refused += 1
            line = str(error)
        assert "\n" not in line
    assert refused > 19


def test_array_that_is_cut_short_is_called_truncated(tmp_path):
    path = tmp_path / "run.npz"
    np.savez(path, density=DENSITY)
    raw = path.read_bytes()
    # The list of contents stays, and says that the array begins near the end of the file.
    at = raw.index(b"PK\x01\x02")
    central = bytearray(raw[at:])
    central[42:46] = (at - 10).to_bytes(4, "little")
    path.write_bytes(raw[:at] + bytes(central))
    with pytest.raises(SourceUnreadable):
        open_source(path)
