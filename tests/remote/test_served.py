"""A user has one server, which is private, is found again, and ends when it is told to."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from traitsview.errors import HostGone, HostRefused, SourceError
from traitsview.geometry import Viewport
from traitsview.remote.protocol import endpoint
from traitsview.remote.routes.socket_route import SocketRoute
from traitsview.remote.user_server import record as records
from traitsview.remote.user_server import served
from traitsview.remote.user_server.record import folders
from traitsview.remote.viewer.remote_source import RemoteSource


@pytest.fixture(autouse=True)
def runtime(monkeypatch):
    """Give each test a runtime folder of its own, and stop the server that it started."""
    with tempfile.TemporaryDirectory(prefix="tv-") as folder:
        monkeypatch.setenv("TRAITSVIEW_RUNTIME_DIR", f"{folder}/traitsview")
        yield endpoint.private_folder(Path(folder) / "traitsview")
        monkeypatch.setenv("TRAITSVIEW_RUNTIME_DIR", f"{folder}/traitsview")
        if served.running() is not None:
            served.stop()


def test_a_server_serves_several_viewers_and_outlives_them(file, image):
    record = served.start()
    with RemoteSource(SocketRoute.to_server(str(file))) as one, RemoteSource(SocketRoute.to_server(str(file))) as two:
        viewport = Viewport.fitting(one.info, (100, 120))
        np.testing.assert_array_equal(one.render(viewport), two.render(viewport))
    with RemoteSource(SocketRoute.to_server(str(file))) as three:
        assert three.info.shape == image.shape
    assert served.running() == record


def test_a_server_outlives_the_process_that_started_it(file):
    program = "from traitsview.remote.user_server import served; print(served.start().pid)"
    pid = int(subprocess.run([sys.executable, "-c", program], capture_output=True, text=True).stdout)
    record = served.running()
    assert record is not None
    assert record.pid == pid
    assert os.getsid(pid) == pid


@pytest.mark.fault("X11")
def test_all_files_of_a_server_are_private(runtime):
    old = os.umask(0)
    try:
        served.start()
    finally:
        os.umask(old)
    assert stat.S_IMODE(runtime.stat().st_mode) == 0o700
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in runtime.iterdir()}
    names = ("serve.json", "serve.lock", "serve.log", "serve.socket", "serve.words")
    assert modes == dict.fromkeys(names, 0o600)
    assert json.loads((runtime / "serve.json").read_text())["pid"] == served.running().pid


def test_a_second_server_is_refused_in_words():
    pid = served.start().pid
    with pytest.raises(HostRefused, match=rf"one is running already \(process {pid}\)"):
        served.start()


def test_of_many_servers_started_at_once_one_stays():
    def start(_):
        try:
            return served.start().pid
        except HostRefused as error:
            return str(error)

    with ThreadPoolExecutor(6) as pool:
        results = list(pool.map(start, range(6)))
    winners = [result for result in results if isinstance(result, int)]
    assert winners == [served.running().pid]
    assert all("running already" in result for result in results if isinstance(result, str))


def test_stopping_leaves_nothing_but_the_log(runtime):
    record = served.start()
    assert served.stop() == record
    assert served.running() is None
    assert {path.name for path in runtime.iterdir()} == {"serve.lock", "serve.log", "serve.words"}
    with pytest.raises(HostGone, match="none is running"):
        served.stop()
    with pytest.raises(HostGone, match="start it with 'traitsview serve'"):
        RemoteSource(SocketRoute.to_server("x.npy"))


@pytest.mark.fault("S11")
def test_the_files_of_a_killed_server_are_removed(runtime, wait_until):
    first = served.start()
    os.kill(first.pid, signal.SIGKILL)
    wait_until(lambda: served.running() is None)
    assert (runtime / "serve.socket").exists()
    assert served.start().pid != first.pid


@pytest.mark.fault("S11")
def test_a_socket_that_somebody_answers_at_is_left_alone(runtime):
    with endpoint.listen(runtime / "serve.socket"), pytest.raises(HostRefused, match="somebody answers there"):
        served.start()
    assert (runtime / "serve.socket").exists()


def test_a_file_in_place_of_the_socket_is_left_alone(runtime):
    (runtime / "serve.socket").write_text("precious")
    with pytest.raises(HostRefused, match="not a socket of ours"):
        served.start()
    assert (runtime / "serve.socket").read_text() == "precious"


def test_a_server_that_was_stopped_by_a_signal_is_killed(monkeypatch):
    monkeypatch.setattr(served, "_STOP_SECONDS", 0.3)
    record = served.start()
    os.kill(record.pid, signal.SIGSTOP)
    served.stop()
    assert served.running() is None


@pytest.mark.fault("X4")
def test_only_the_served_files_are_opened(file, tmp_path_factory, image):
    other = tmp_path_factory.mktemp("other") / "secret.npy"
    np.save(other, image)
    link = file.parent / "link.npy"
    link.symlink_to(other)
    served.start([str(file.parent)])
    RemoteSource(SocketRoute.to_server(str(file))).close()
    for text in (str(other), f"{file.parent}/../other0/secret.npy", str(link), f"{file.parent}x/y.npy", "/etc/passwd"):
        with pytest.raises(SourceError, match=r"outside|No such|not there|there is no"):
            RemoteSource(SocketRoute.to_server(text))


def test_a_runtime_folder_that_makes_no_sense_is_said(monkeypatch):
    monkeypatch.setenv("TRAITSVIEW_RUNTIME_DIR", "here:there")
    assert served.running() is None
    with pytest.raises(HostRefused, match="TRAITSVIEW_RUNTIME_DIR names no absolute path; correct it"):
        served.found_or_started()


def test_the_folder_of_a_server_is_the_same_for_each_login(monkeypatch, runtime):
    monkeypatch.setattr(records, "_SESSIONS", runtime / "none")
    monkeypatch.delenv("TRAITSVIEW_RUNTIME_DIR")
    everywhere = Path("/tmp") / f"traitsview-{os.geteuid()}"
    for base, expected in {
        "": [everywhere],
        "relative": [everywhere],
        str(runtime): [runtime / "traitsview", everywhere],
        "/tmp/" + "x" * 90: [everywhere],
    }.items():
        monkeypatch.setenv("XDG_RUNTIME_DIR", base)
        monkeypatch.setenv("TMPDIR", str(runtime))
        assert list(folders()) == expected
    # The same for a login without the variable.
    session = runtime / str(os.geteuid())
    session.mkdir()
    monkeypatch.setattr(records, "_SESSIONS", runtime)
    for base in ("", str(session)):
        monkeypatch.setenv("XDG_RUNTIME_DIR", base)
        assert list(folders()) == [session / "traitsview", everywhere]
    monkeypatch.setenv("TRAITSVIEW_RUNTIME_DIR", f"{runtime}:relative:/b")
    assert list(folders()) == [runtime, Path("/b")]
