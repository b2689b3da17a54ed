"""Another user of the machine can connect to nothing, whatever the umask, and files of theirs are refused."""

from __future__ import annotations

import json
import os
import shutil
import socket
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from kit.patience import PATIENCE

from traitsview.errors import HostRefused
from traitsview.remote.protocol import endpoint
from traitsview.remote.user_server import served
from traitsview.remote.user_server.record import Lock

OTHER = 65534

PYTHON = shutil.which("python3", path="/usr/bin:/bin")

as_root = pytest.mark.skipif(
    os.geteuid() != 0 or shutil.which("setpriv") is None or PYTHON is None,
    reason="needs root, setpriv and a python3 of the system, to be another user",
)


@pytest.fixture
def base(monkeypatch):
    """Return a folder that everybody may look into, where this user's sockets go."""
    folder = Path(tempfile.mkdtemp(prefix="tv-", dir="/tmp"))
    folder.chmod(0o1777)
    monkeypatch.setenv("TRAITSVIEW_RUNTIME_DIR", f"{folder}/served")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder))
    yield folder
    if served.running() is not None:
        served.stop()
    shutil.rmtree(folder)


def as_other(program, *words, given=""):
    """Run a Python program as another user and return what it prints."""
    command = ["setpriv", f"--reuid={OTHER}", f"--regid={OTHER}", "--clear-groups", PYTHON, "-c", program, *words]
    done = subprocess.run(command, input=given, capture_output=True, text=True, timeout=PATIENCE, cwd="/")
    assert done.returncode == 0, done.stderr
    return done.stdout


ALL_MODES = """
import subprocess, sys
from traitsview.remote.routes import own_process
from traitsview.remote.user_server import served
from traitsview.remote.viewer.remote_source import RemoteSource
host = own_process.OwnProcess(sys.argv[1])
source = RemoteSource(host)
command = [sys.executable, "-m", "traitsview.cli.main", "attach", "--stdio"]
attach = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
print(host.pid, served.found_or_started().pid, attach.pid, flush=True)
sys.stdin.read()
attach.stdin.close()
attach.stdout.close()
attach.wait()
source.close()
"""

SWEEP = """
import json, os, socket, sys
given = json.load(sys.stdin)
connected, opened = [], []
for address in given["sockets"]:
    with socket.socket(socket.AF_UNIX) as sock:
        sock.settimeout(2)
        try:
            sock.connect(address)
            connected.append(address)
        except OSError:
            pass
for top in given["folders"]:
    for folder, folders, files in os.walk(top):
        for name in files:
            try:
                os.close(os.open(os.path.join(folder, name), os.O_RDONLY | os.O_NONBLOCK))
                opened.append(name)
            except OSError:
                pass
for pid in given["pids"]:
    for name in ("fd", "environ", "mem"):
        try:
            path = f"/proc/{pid}/{name}"
            os.listdir(path) if name == "fd" else open(path, "rb").close()
            opened.append(path)
        except OSError:
            pass
json.dump([connected, opened], sys.stdout)
"""


def listening(pids):
    """Return the addresses of the unix sockets at which processes listen, and how many listen on the network."""
    inodes = set()
    for pid in pids:
        for name in Path(f"/proc/{pid}/fd").iterdir():
            try:
                target = os.readlink(name)
            except OSError:
                continue
            if target.startswith("socket:["):
                inodes.add(target[8:-1])
    local, network = [], 0
    for line in Path("/proc/net/unix").read_text().splitlines()[1:]:
        _, _, _, flags, _, _, inode, *path = line.split(maxsplit=7)
        if inode in inodes and int(flags, 16) & 0x10000:
            local.append(path[0].replace("@", "\0", 1) if path else "")
    for name in ("tcp", "tcp6", "udp", "udp6"):
        network += sum(line.split()[9] in inodes for line in Path(f"/proc/net/{name}").read_text().splitlines()[1:])
    return local, network


@pytest.mark.fault("X1")
@pytest.mark.fault("X11")
@as_root
@pytest.mark.parametrize("umask", [0o000, 0o002, 0o027, 0o077], ids="{:03o}".format)
def test_another_user_connects_to_nothing_whatever_the_umask(base, file, umask):
    with (
        endpoint.listen(base / "open") as bait,
        subprocess.Popen(
            [sys.executable, "-c", ALL_MODES, str(file)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            umask=umask,
        ) as all_modes,
    ):
        os.chmod(bait.getsockname(), 0o777)
        pids = [int(word) for word in all_modes.stdout.readline().split()]
        assert len(pids) == 3
        local, network = listening(pids)
        assert {os.path.basename(os.path.dirname(address)).split("-")[0] for address in local} == {"served", "viewer"}
        assert network == 0
        private = [base / "served", base / "traitsview"]
        paths = [path for folder in private for path in (folder, *folder.rglob("*"))]
        assert len(paths) >= 8
        for path in paths:
            found = path.lstat()
            expected = 0o700 if stat.S_ISDIR(found.st_mode) else 0o600
            if path.name != "log":
                assert (path, stat.S_IMODE(found.st_mode)) == (path, expected)
        sockets = [str(path) for path in paths if path.is_socket()]
        sweep = {
            "sockets": [str(base / "open"), *local, *sockets],
            "folders": [str(base), *map(str, private)],
            "pids": pids,
        }
        assert json.loads(as_other(SWEEP, given=json.dumps(sweep))) == [[str(base / "open")], []]
        # What is tried is there: we connect to each.
        for address in local:
            endpoint.connect(Path(address), PATIENCE).close()
        all_modes.stdin.close()
        assert all_modes.wait(PATIENCE) == 0


@pytest.mark.fault("X11")
def test_a_socket_is_private_from_its_first_moment(base, monkeypatch):
    monkeypatch.setattr(Path, "chmod", lambda path, mode: None)
    old = os.umask(0)
    try:
        with endpoint.listen(base / "socket"):
            assert stat.S_IMODE((base / "socket").lstat().st_mode) == 0o600
    finally:
        os.umask(old)


IN_THE_WAY = {
    "a folder": "import os, sys; os.mkdir(sys.argv[1], 0o700)",
    "a folder for all": "import os, sys; os.mkdir(sys.argv[1]); os.chmod(sys.argv[1], 0o777)",
    "a file": "import sys; open(sys.argv[1], 'w').close()",
    "a link": "import os, sys; os.symlink('/root', sys.argv[1])",
    "a link to nothing": "import os, sys; os.symlink('/nowhere', sys.argv[1])",
    "a socket": "import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])",
    "a pipe": "import os, sys; os.mkfifo(sys.argv[1])",
}


@pytest.mark.fault("X7")
@as_root
@pytest.mark.parametrize("what", IN_THE_WAY)
def test_a_thing_of_another_user_in_place_of_the_folder_is_refused(base, what):
    as_other(IN_THE_WAY[what], str(base / "served"))
    words = f"it belongs to uid {OTHER}" if "folder" in what else "it is not a folder"
    with pytest.raises(HostRefused, match=f"cannot use the folder '{base}/served': {words}"):
        served.found_or_started()
    assert served.running() is None


@pytest.mark.fault("X7")
@as_root
def test_the_next_folder_is_used_when_another_user_has_the_first(base, monkeypatch):
    as_other(IN_THE_WAY["a folder"], str(base / "served"))
    monkeypatch.setenv("TRAITSVIEW_RUNTIME_DIR", f"{base}/served:{base}/second")
    assert served.found_or_started().socket == str(base / "second" / "serve.socket")


@pytest.mark.fault("X7")
@as_root
@pytest.mark.parametrize("name", ["serve.lock", "serve.socket", "serve.words"])
@pytest.mark.parametrize("what", ["a file", "a link", "a socket", "a pipe"])
def test_a_thing_of_another_user_in_the_folder_is_refused(base, name, what):
    # As it may be where the folder was everybody's once.
    folder = endpoint.private_folder(base / "served")
    folder.chmod(0o777)
    as_other(IN_THE_WAY[what], str(folder / name))
    folder.chmod(0o700)
    with pytest.raises(HostRefused, match=r"cannot (use|start|listen)") as caught:
        served.start()
    assert name in str(caught.value)
    assert (folder / name).lstat().st_uid == OTHER
    assert served.running() is None


@pytest.mark.fault("X7")
@as_root
@pytest.mark.parametrize("what", ["a file", "a link", "a pipe"])
def test_nothing_is_written_where_another_user_wants_it(base, what):
    folder = endpoint.private_folder(base / "served")
    folder.chmod(0o777)
    for name in ("serve.log", "serve.json"):
        as_other(IN_THE_WAY[what], str(folder / name))
    folder.chmod(0o700)
    before = (folder / "serve.log").lstat()
    served.start()
    after = (folder / "serve.log").lstat()
    assert (after.st_ino, after.st_uid, after.st_size) == (before.st_ino, OTHER, before.st_size)
    assert (folder / "serve.json").lstat().st_uid == os.geteuid()


@pytest.mark.fault("X7")
def test_a_folder_in_which_others_can_put_another_one_is_refused(base):
    base.chmod(0o777)
    with pytest.raises(HostRefused, match="others may put another one in its place"):
        endpoint.private_folder(base / "served")


LISTENING = """
import os, socket, sys
with socket.socket(socket.AF_UNIX) as sock:
    sock.bind(sys.argv[1])
    os.chmod(sys.argv[1], 0o777)
    sock.listen()
    print("here", flush=True)
    sock.settimeout(120)
    print(sock.accept()[0].recv(100))
"""


@pytest.mark.fault("X7")
@as_root
def test_nothing_is_said_to_the_host_of_another_user(base):
    path = base / "socket"
    command = ["setpriv", f"--reuid={OTHER}", "--clear-groups", PYTHON, "-c", LISTENING, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd="/") as listening:
        assert listening.stdout.readline() == "here\n"
        with pytest.raises(HostRefused, match="belongs to another user"):
            endpoint.connect(path, PATIENCE)
        assert listening.stdout.readline() == "b''\n"


def test_a_lock_that_is_no_file_of_ours_is_refused(base):
    folder = endpoint.private_folder(base / "served")
    (folder / "serve.lock").mkdir()
    with pytest.raises(HostRefused, match=r"serve\.lock.*remove it"):
        Lock(folder)


def test_a_socket_with_a_long_name_is_refused(base):
    with pytest.raises(HostRefused, match="longer than 107 bytes"):
        endpoint.listen(base / ("x" * 100))


def test_the_check_for_listeners_sees_them():
    with socket.socket(socket.AF_UNIX) as abstract, socket.socket() as network:
        abstract.bind("\0traitsview-test")
        abstract.listen()
        network.bind(("127.0.0.1", 0))
        network.listen()
        local, count = listening([os.getpid()])
        assert "\0traitsview-test" in local
        assert count >= 1
