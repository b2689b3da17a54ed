"""A host process belongs to its viewer: nobody else reaches it, and it ends with the viewer."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pytest
from kit import FOLDER
from kit.patience import PATIENCE, pass_time

from traitsview.errors import HostGone, HostRefused, SourceNotFound
from traitsview.remote.protocol import endpoint
from traitsview.remote.routes import own_process
from traitsview.remote.viewer.remote_source import RemoteSource
from traitsview.testing.route_tests import RouteTests


class TestOwnProcess(RouteTests):
    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path):
        self.folder = tmp_path

    def make_route(self, path):
        return own_process.OwnProcess(path)

    def name_here(self, path):
        return path


VIEWER = """
import sys, time
from traitsview.remote.routes.own_process import OwnProcess
from traitsview.remote.viewer.remote_source import RemoteSource
host = OwnProcess(sys.argv[1], sys.argv[2])
source = RemoteSource(host)
print(host.pid, flush=True)
if sys.argv[2]:
    source.summarize()
time.sleep(60)
"""


def runs(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] not in "ZX"
    except FileNotFoundError:
        return False


@pytest.mark.parametrize("opener", ["", "kit.openers:stubborn"])
def test_the_host_of_a_killed_viewer_is_gone_whatever_it_is_doing(file, opener, wait_until, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(FOLDER))
    viewer = subprocess.Popen([sys.executable, "-c", VIEWER, str(file), opener], stdout=subprocess.PIPE, text=True)
    with viewer:
        pid = int(viewer.stdout.readline())
        assert runs(pid)
        # With the second opener the host is in C code that holds the interpreter's lock.
        pass_time(0.3)
        viewer.kill()
    wait_until(lambda: not runs(pid))


def test_the_host_of_a_viewer_that_ends_is_gone_and_leaves_nothing(file, wait_until):
    before = set(endpoint.runtime_folder().iterdir())
    host = own_process.OwnProcess(str(file))
    source = RemoteSource(host)
    source.close()
    assert not runs(host.pid)
    assert set(endpoint.runtime_folder().iterdir()) <= before


def test_the_folders_of_killed_viewers_are_removed_by_the_next_viewer(file):
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    left = endpoint.private_folder(endpoint.runtime_folder() / f"viewer-{dead.pid}-00")
    (left / "log").touch()
    own_process.OwnProcess(str(file)).close()
    assert not left.exists()


def test_an_interrupt_in_the_terminal_does_not_reach_the_host(hosted, file):
    source, host = hosted(file)
    assert os.getpgid(host.pid) != os.getpgid(0)
    assert os.getsid(host.pid) != os.getsid(0)
    assert source.info.shape == (700, 900)


@pytest.mark.parametrize("mask", [0o000, 0o002, 0o027, 0o077])
def test_the_socket_is_for_its_user_only_whatever_the_umask(file, mask):
    old = os.umask(mask)
    try:
        host = own_process.OwnProcess(str(file))
    finally:
        os.umask(old)
    try:
        assert stat.S_IMODE(host.path.stat().st_mode) == 0o600
        assert stat.S_IMODE(host.path.parent.stat().st_mode) == 0o700
        assert stat.S_IMODE(host.path.parent.parent.stat().st_mode) == 0o700
    finally:
        host.close()


CONNECT = """
import socket, sys
try:
    socket.socket(socket.AF_UNIX).connect(sys.argv[1])
except PermissionError:
    print("refused")
else:
    print("connected")
"""


@pytest.mark.skipif(os.geteuid() != 0 or shutil.which("setpriv") is None, reason="needs root and setpriv")
def test_another_user_cannot_connect_and_is_refused_even_when_the_modes_let_it(file):
    host = own_process.OwnProcess(str(file))
    program = ["setpriv", "--reuid=65534", "--clear-groups", "/usr/bin/env", "python3", "-c"]

    def as_another(code):
        found = subprocess.run(
            [*program, code, str(host.path)], capture_output=True, text=True, timeout=PATIENCE, cwd="/"
        )
        return found.stdout.strip(), found.stderr

    home = endpoint.runtime_folder().parent.parent
    modes = {folder: stat.S_IMODE(folder.stat().st_mode) for folder in (home, *host.path.parents[:4])}
    try:
        assert as_another(CONNECT)[0] == "refused"
        for folder in modes:
            folder.chmod(0o755)
        host.path.chmod(0o666)
        said, complaint = as_another(CONNECT.replace('print("connected")', "pass") + EXCHANGE)
        assert said == "nothing", complaint
    finally:
        for folder, mode in modes.items():
            folder.chmod(mode)
        host.close()


EXCHANGE = """
sock = socket.socket(socket.AF_UNIX)
sock.settimeout(10)
sock.connect(sys.argv[1])
try:
    sock.sendall(b"traitsview" + bytes([0, 1, 1]) + bytes(19))
    print(sock.recv(64) or "nothing")
except OSError:
    print("nothing")
"""


@pytest.fixture
def short_path():
    """Return a folder with a name that leaves room for a socket's."""
    with tempfile.TemporaryDirectory(prefix="tv-") as folder:
        yield Path(folder)


def test_a_folder_that_others_can_use_is_refused(monkeypatch, short_path):
    (short_path / "traitsview").mkdir(mode=0o755)
    (short_path / "traitsview").chmod(0o755)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(short_path))
    with pytest.raises(HostRefused, match="others may use it"):
        endpoint.runtime_folder()


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to give a folder away")
def test_a_folder_of_somebody_else_is_refused(monkeypatch, short_path):
    (short_path / "traitsview").mkdir(mode=0o700)
    os.chown(short_path / "traitsview", 65534, 65534)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(short_path))
    with pytest.raises(HostRefused, match="belongs to uid 65534"):
        endpoint.runtime_folder()


def test_a_link_in_place_of_the_folder_is_refused(monkeypatch, short_path):
    (short_path / "elsewhere").mkdir(mode=0o700)
    (short_path / "traitsview").symlink_to("elsewhere")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(short_path))
    with pytest.raises(HostRefused, match="it is not a folder"):
        endpoint.runtime_folder()


def test_a_runtime_folder_with_a_long_name_is_not_used(monkeypatch, tmp_path):
    long = tmp_path / ("x" * 90)
    long.mkdir()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(long))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path.parent))
    try:
        assert endpoint.runtime_folder().parent == tmp_path.parent
    finally:
        shutil.rmtree(tmp_path.parent / f"traitsview-{os.geteuid()}", ignore_errors=True)


def test_a_missing_file_is_said_as_without_a_host(tmp_path):
    with pytest.raises(SourceNotFound, match=r"no\.npy"):
        RemoteSource(own_process.OwnProcess(str(tmp_path / "no.npy")))


@pytest.mark.parametrize("name", ["--help.npy", "-x", "a b;c.npy", "ü\n.npy"])
def test_names_that_look_like_something_else_are_names(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    with open(name, "wb") as file:
        np.save(file, np.zeros((2, 3), np.float32))
    with RemoteSource(own_process.OwnProcess(name)) as source:
        assert source.info.shape == (2, 3)


def test_modules_beside_the_data_are_not_imported_by_the_host(tmp_path, monkeypatch, file):
    (tmp_path / "numpy.py").write_text("raise SystemExit('taken over')")
    monkeypatch.chdir(tmp_path)
    with RemoteSource(own_process.OwnProcess(str(file))) as source:
        assert source.info.shape == (700, 900)


def test_a_host_that_cannot_start_is_quoted(monkeypatch, file, tmp_path):
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(HostGone, match=r"it ended \(1\)"):
        RemoteSource(own_process.OwnProcess(str(file)))
    monkeypatch.setattr(sys, "executable", str(tmp_path / "no-such-python"))
    with pytest.raises(HostGone, match="No such file"):
        RemoteSource(own_process.OwnProcess(str(file)))


def test_the_host_imports_no_toolkit(file):
    program = f"""
import sys
import traitsview.remote.host.__main__, traitsview.remote.host.server
import traitsview.remote.viewer.remote_source, traitsview.remote.user_server.served
from traitsview.sources.registry import open_source
open_source({str(file)!r})
print(sorted(sys.modules.keys() & {{"traits", "enable", "chaco", "PySide6", "PyQt6", "pyface", "matplotlib"}}))
"""
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True).stdout == "[]\n"


def test_starting_a_host_imports_neither_numpy_nor_rpyc():
    program = """
import sys
import traitsview.remote.routes.own_process
print(sorted(sys.modules.keys() & {"numpy", "rpyc"}))
"""
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True).stdout == "[]\n"
