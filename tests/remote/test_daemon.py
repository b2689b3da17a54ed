"""How long the user's server lives, what it survives, and that it leaves nothing."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import textwrap
import time
from pathlib import Path

import numpy as np
import pytest
from kit.machine import processor_time
from kit.patience import PATIENCE, pass_time
from kit.spinner import Spinner

from traitsview.errors import HostEnding, HostError, HostRefused
from traitsview.geometry import Viewport
from traitsview.model.contact_state import ContactState
from traitsview.remote.host import deadline
from traitsview.remote.protocol import endpoint
from traitsview.remote.routes.socket_route import SocketRoute
from traitsview.remote.user_server import served
from traitsview.remote.user_server.record import Lock, Record, process_began
from traitsview.remote.viewer.remote_source import RemoteSource

#: Whether this process can mount file systems in a namespace of its own.
CAN_MOUNT = (
    os.geteuid() == 0
    and shutil.which("unshare") is not None
    and subprocess.run(["unshare", "-m", "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True).returncode == 0
)


@pytest.fixture(autouse=True)
def runtime(monkeypatch):
    """Give each test two runtime folders of its own, and end the servers that it started there."""
    with tempfile.TemporaryDirectory(prefix="tv-") as base:
        first, second = Path(base) / "a" / "traitsview", Path(base) / "b" / "traitsview"
        for folder in (first, second):
            folder.parent.mkdir(mode=0o700)
        monkeypatch.setenv("TRAITSVIEW_RUNTIME_DIR", f"{first}:{second}")
        yield endpoint.private_folder(first)
        for pid in servers_below(base):
            os.kill(pid, signal.SIGKILL)


def servers_below(base):
    """Return the processes of the servers with a folder below `base`."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if b"traitsview.remote.user_server.daemon" in words and any(
            word.startswith(os.fsencode(base)) for word in words
        ):
            found.append(int(folder.name))
    return found


def run(program, *words, **options):
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program), *map(str, words)],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        **options,
    )


def log_of(folder):
    """Return what is in the log so far."""
    path = folder / "serve.log"
    return path.read_text() if path.exists() else ""


# ---- one of them -------------------------------------------------------------


COMER = """
import sys
from traitsview.remote.user_server import served
print("here", flush=True)
sys.stdin.readline()
print(served.found_or_started().pid)
"""


@pytest.mark.fault("S11")
@pytest.mark.parametrize("left", ["nothing", "all that a killed one leaves"])
def test_of_twenty_processes_at_once_one_starts_the_server_and_all_find_it(runtime, wait_until, left):
    dead = None
    if left != "nothing":
        dead = served.start().pid
        os.kill(dead, signal.SIGKILL)
        wait_until(lambda: served.running() is None)
        assert {"serve.lock", "serve.socket", "serve.json"} <= {path.name for path in runtime.iterdir()}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    comers = [subprocess.Popen([sys.executable, "-c", COMER], **pipes) for _ in range(20)]
    for comer in comers:
        assert comer.stdout.readline() == "here\n"
    for comer in comers:
        comer.stdin.write("go\n")
        comer.stdin.flush()
    found = {int(comer.communicate(timeout=PATIENCE)[0]) for comer in comers}
    assert found == {served.running().pid}
    assert found != {dead}
    assert log_of(runtime).count(" serves ") == (1 if dead is None else 2)
    assert servers_below(runtime.parent.parent) == list(found)


def test_the_files_of_a_killed_server_are_never_taken_for_a_server(runtime, wait_until):
    record = served.start()
    os.kill(record.pid, signal.SIGKILL)
    wait_until(lambda: not record.alive)
    assert served.running() is None
    assert Record.read(runtime) == record
    # Somebody is starting one, and has not got to removing the record yet.
    with Lock(runtime) as lock:
        wait_until(lock.take)
        assert served.running() is None
        with pytest.raises(HostRefused, match=r"one is running already$"):
            served.start()


def test_a_process_with_the_same_number_is_another_one():
    began = process_began(os.getpid())
    assert began == process_began(os.getpid())
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        assert process_began(child.pid) >= began
    finally:
        child.communicate(b"\n")
    assert process_began(child.pid) is None


@pytest.mark.fault("S11")
def test_processes_that_only_look_do_not_keep_a_server_from_starting(runtime):
    looking = [Lock(runtime) for _ in range(3)]
    try:
        assert [lock.held_elsewhere for lock in looking] == [False] * 3
        assert served.found_or_started().pid
        assert [lock.held_elsewhere for lock in looking] == [True] * 3
    finally:
        for lock in looking:
            lock.close()


@pytest.mark.fault("S11")
def test_a_server_in_another_container_is_told_at_once(runtime, wait_until, monkeypatch):
    monkeypatch.setattr(served, "UNUSED_SECONDS", 3600.0)  # for which nobody waits
    monkeypatch.setattr(served, "_START_SECONDS", 3600.0)
    words = [sys.executable, "-m", "traitsview", "serve", "--foreground"]
    container = subprocess.Popen(
        ["unshare", "--pid", "--fork", "--kill-child", "--mount-proc", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with container:
        try:
            if "serving" not in container.stdout.readline():
                pytest.skip(f"no container can be made: {container.stderr.read().strip()}")
            assert served.running() is None
            with pytest.raises(HostRefused, match=r"in another container.*; set TRAITSVIEW_RUNTIME_DIR"):
                served.found_or_started()
        finally:
            container.kill()
    # What it left keeps nobody from starting another one.
    with Lock(runtime) as lock:
        wait_until(lambda: not lock.held_elsewhere)
    assert served.found_or_started().pid


@pytest.mark.fault("N13")
def test_a_server_of_another_version_is_told_with_a_remedy(monkeypatch):
    pid = served.found_or_started().pid
    monkeypatch.setattr(served, "__version__", "9.8")
    with pytest.raises(HostRefused) as caught:
        served.found_or_started()
    assert f"process {pid} is traitsview 0." in str(caught.value)
    assert "this is 9.8; stop it there with 'traitsview serve --stop'" in str(caught.value)


def test_a_server_that_cannot_start_says_why(runtime):
    with pytest.raises(HostRefused, match="cannot serve '/nonexistent': no such file or folder"):
        served.start(["/nonexistent"])
    (runtime / "serve.words").unlink()
    (runtime / "serve.words").mkdir()
    with pytest.raises(HostRefused, match=r"cannot start the server: Is a directory: .*serve\.words"):
        served.start()
    assert served.running() is None


# ---- how long ---------------------------------------------------------------


@pytest.mark.fault("S13")
def test_a_server_ends_when_it_has_had_no_viewer_for_a_while(runtime, wait_until):
    pid = served.found_or_started(persist=0.2).pid
    wait_until(lambda: not os.path.exists(f"/proc/{pid}") or process_began(pid) is None)
    assert served.running() is None
    assert {path.name for path in runtime.iterdir()} == {"serve.lock", "serve.log", "serve.words"}
    assert "leaving: nobody has come for 0 s" in log_of(runtime)


@pytest.mark.fault("S13")
def test_a_server_stays_while_there_is_a_viewer(runtime, file, wait_until):
    record = served.found_or_started(persist=0.0)
    with RemoteSource(SocketRoute(Path(record.socket), str(file))) as source:
        wait_until(lambda: served.running() and served.running().viewers == 1)
        pass_time(2.5)  # for two looks at who is there, after which it would have left long ago
        assert source.render(Viewport.fitting(source.info, (50, 50))).shape == (50, 50)
        assert served.running() == record
    wait_until(lambda: served.running() is None)


def test_a_server_that_is_told_to_persist_stays_that_long():
    record = served.found_or_started(persist=3600.0)
    assert record.persist == 3600
    pass_time(2.2)  # for two looks
    assert served.running() == record


# Processes that have imported everything already: a cycle is a viewer's life, not an interpreter's.
CYCLES = """
import os, signal, sys
from pathlib import Path
from traitsview.remote.routes.socket_route import SocketRoute
from traitsview.remote.viewer.remote_source import RemoteSource
from traitsview.remote.user_server import served
for _ in range(int(sys.argv[2])):
    child = os.fork()
    if child == 0:
        source = RemoteSource(SocketRoute(Path(served.found_or_started(persist=0.5).socket), sys.argv[1]))
        os.kill(os.getpid(), signal.SIGKILL)
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL
"""


def leaks(pid):
    """Return the descriptors, threads and children of a process."""
    return (
        len(os.listdir(f"/proc/{pid}/fd")),
        len(os.listdir(f"/proc/{pid}/task")),
        Path(f"/proc/{pid}/task/{pid}/children").read_text().split(),
    )


@pytest.mark.fault("S13")
def test_viewers_that_come_and_are_killed_leave_nothing(runtime, file, wait_until):
    cycles = int(os.environ.get("TRAITSVIEW_CYCLES", "50"))
    record = served.found_or_started(persist=30.0)
    with RemoteSource(SocketRoute(Path(record.socket), str(file))):
        pass
    wait_until(lambda: served.running().viewers == 0)
    wait_until(lambda: leaks(record.pid)[1] <= 6)
    before = leaks(record.pid)
    names = {path.name for path in runtime.iterdir()}
    done = run(CYCLES, file, cycles)
    assert (done.returncode, done.stderr) == (0, "")
    wait_until(lambda: all(now <= then for now, then in zip(leaks(record.pid), before, strict=True)))
    assert {path.name for path in runtime.iterdir()} == names
    served.stop()
    assert servers_below(runtime.parent.parent) == []
    assert {path.name for path in runtime.iterdir()} == {"serve.lock", "serve.log", "serve.words"}


# ---- its folder vanishes ----------------------------------------------------


@pytest.mark.fault("S12")
@pytest.mark.parametrize("gone", ["folder", "serve.socket", "serve.lock", "serve.json"])
def test_a_server_is_found_again_after_its_files_were_removed(runtime, file, wait_until, gone):
    record = served.start()
    with RemoteSource(SocketRoute.to_server(str(file))) as old:
        if gone == "folder":
            shutil.rmtree(runtime)
        else:
            (runtime / gone).unlink()
        wait_until(lambda: (found := served.running()) == record and Path(found.socket).exists())
        wait_until(lambda: "was gone" in log_of(runtime))
        assert {stat.S_IMODE(path.stat().st_mode) for path in runtime.iterdir()} == {0o600}
        with RemoteSource(SocketRoute.to_server(str(file))) as new:
            viewport = Viewport.fitting(new.info, (60, 60))
            np.testing.assert_array_equal(new.render(viewport), old.render(viewport))
    assert served.stop() == record


@pytest.mark.fault("S12")
def test_a_server_goes_to_the_next_folder_when_its_own_cannot_be_made(runtime, file, wait_until):
    record = served.start()
    with RemoteSource(SocketRoute.to_server(str(file))) as old:
        shutil.rmtree(runtime.parent)
        wait_until(lambda: (found := served.running()) and found.pid == record.pid)
        found = served.running()
        assert Path(found.socket).parent == runtime.parent.parent / "b" / "traitsview"
        with RemoteSource(SocketRoute.to_server(str(file))) as new:
            assert new.info == old.info
        assert served.found_or_started() == found
    assert served.stop().pid == record.pid


@pytest.mark.fault("S12")
def test_a_server_that_was_replaced_meanwhile_ends_with_its_last_viewer(runtime, file, wait_until):
    first = served.start()
    with RemoteSource(SocketRoute.to_server(str(file))) as old:
        os.kill(first.pid, signal.SIGSTOP)
        try:
            shutil.rmtree(runtime)
            second = served.found_or_started()
        finally:
            os.kill(first.pid, signal.SIGCONT)
        assert second.pid != first.pid
        wait_until(lambda: "another server has taken over" in "".join(words_of(first.pid, runtime)))
        assert old.render(Viewport.fitting(old.info, (50, 50))).shape == (50, 50)
        assert served.running() == second
    wait_until(lambda: process_began(first.pid) is None)
    assert served.running() == second


def words_of(pid, folder):
    """Return the log of a server whose folder was removed, as far as it can be seen yet."""
    for name in Path(f"/proc/{pid}/fd").iterdir():
        try:
            if "serve.log" in os.readlink(name):
                yield name.read_text()
        except OSError:
            continue


# ---- when there is too little -----------------------------------------------


@pytest.mark.fault("S9")
def test_a_lack_of_descriptors_turns_newcomers_away_and_nothing_else(runtime, file, wait_until):
    started = run(
        """
        import resource
        resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
        from traitsview.remote.user_server import served
        print(served.start().pid)
        """
    )
    pid = int(started.stdout)
    sources, refused = [], 0
    with RemoteSource(SocketRoute.to_server(str(file))) as first:
        viewport = Viewport.fitting(first.info, (80, 80))
        expected = first.render(viewport)
        for _ in range(100):
            try:
                sources.append(RemoteSource(SocketRoute.to_server(str(file))))
            except HostError:
                refused += 1
        assert refused >= 50
        assert len(sources) >= 5
        # Who is not let in comes again, and the server does not spin meanwhile.
        with Spinner() as spinner:
            spent = processor_time(pid)
            wait_until(lambda: spinner.used > 1.0)
            assert processor_time(pid) - spent < spinner.used / 2
        np.testing.assert_array_equal(first.render(viewport), expected)
        assert "connections: Too many open files, the limit is 64" in log_of(runtime)
        assert log_of(runtime).count("Too many open files, the limit") < 5
        for source in sources:
            source.close()
        wait_until(lambda: can_open(file))


def can_open(file):
    try:
        RemoteSource(SocketRoute.to_server(str(file))).close()
    except HostError:
        return False
    return True


FULL_DISK = """
import os, sys
from pathlib import Path
import numpy as np
from traitsview.geometry import Viewport
from traitsview.model.contact_state import ContactState
from traitsview.remote.protocol import endpoint
from traitsview.remote.host import deadline
from traitsview.remote.routes.socket_route import SocketRoute
from traitsview.remote.user_server import served
from traitsview.remote.viewer.remote_source import RemoteSource

runtime, file = Path(sys.argv[1]), sys.argv[2]
os.environ["TRAITSVIEW_RUNTIME_DIR"] = str(runtime / "traitsview")
image = np.load(file)
served.start()
with open(runtime / "filler", "wb", buffering=0) as filler:
    try:
        while filler.write(bytes(4096)):
            pass
    except OSError as error:
        print(error.strerror)
size = (runtime / "traitsview/serve.log").stat().st_size
for _ in range(60):
    with RemoteSource(SocketRoute.to_server(file)) as source:
        viewport = Viewport((1.0, 1.0), (100, 200), (64, 64))
        np.testing.assert_array_equal(source.render(viewport, None, "nearest"), image[200:264, 100:164])
grown = (runtime / "traitsview/serve.log").stat().st_size
print(grown - size < 8192, os.path.exists(served.running().socket))
(runtime / "filler").unlink()
RemoteSource(SocketRoute.to_server(file)).close()
served.stop()
print((runtime / "traitsview/serve.log").read_text().count("lines of this log: No space left on device"))
"""


@pytest.mark.fault("S10")
@pytest.mark.skipif(not CAN_MOUNT, reason="needs root and unshare, to mount a small file system")
def test_viewing_goes_on_when_the_disk_is_full(runtime, file):
    script = 'mount -t tmpfs -o size=8m,mode=700 none "$1"; exec "$0" -c "$3" "$1" "$2"'
    place = runtime.parent
    done = subprocess.run(
        ["unshare", "-m", "sh", "-ec", script, sys.executable, place, file, FULL_DISK],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert (done.stdout.splitlines(), done.stderr) == (["No space left on device", "True True", "1"], "")


NOISY = """
import os, sys
from pathlib import Path
from traitsview.remote.user_server import daemon
daemon._TICK_SECONDS, daemon._WORDS_BYTES = 0.05, 1000
class Loud(daemon.Daemon):
    def _count(self):
        os.write(2, b"x" * 400)
        super()._count()
daemon.Daemon = Loud
sys.exit(daemon.main(sys.argv[1:]))
"""


@pytest.mark.fault("S10")
def test_what_libraries_say_on_stderr_fills_no_disk(runtime, wait_until):
    lock = Lock(runtime)
    assert lock.take()
    words = [f"--folder={runtime}", f"--lock={lock.descriptor}", "--ready=1"]
    with open(runtime / "serve.words", "ab") as file:
        noisy = subprocess.Popen(
            [sys.executable, "-c", NOISY, *words],
            pass_fds=[lock.descriptor],
            stdout=subprocess.PIPE,
            stderr=file,
        )
    lock.close()
    try:
        assert noisy.stdout.read() == b"ready"
        wait_until(lambda: log_of(runtime).count("emptied serve.words, which had grown to 1200 bytes") >= 3)
        assert (runtime / "serve.words").stat().st_size <= 1200
    finally:
        noisy.terminate()
        assert noisy.wait(PATIENCE) == 0
        noisy.stdout.close()


# ---- the end of a batch job -------------------------------------------------


@pytest.mark.fault("S3")
@pytest.mark.parametrize("told", ["--deadline", "Slurm"])
def test_viewers_and_the_log_are_told_that_the_time_of_the_host_is_over_soon(
    runtime, file, wait_until, monkeypatch, told
):
    if told == "Slurm":
        monkeypatch.setenv("SLURM_JOB_END_TIME", str(int(time.time()) + 119))
        served.start()
    else:
        served.start(options=["--deadline", "119"])
    news = []
    with RemoteSource(SocketRoute.to_server(str(file))) as source:
        source.link.watch(news.append)
        wait_until(lambda: news)
        assert isinstance(news[0], HostEnding)
        assert str(news[0]) == "the host ends soon: its time is over in 2 min"
        # It is there all the same.
        assert source.render(Viewport.fitting(source.info, (50, 50))).shape == (50, 50)
        contact = ContactState().after(news[0])
        assert (contact.state, contact.slow, contact.gone) == ("live", "the host ends in 2 min", False)
    wait_until(lambda: "the time of this host is over in " in log_of(runtime))
    assert log_of(runtime).count("the time of this host") == 1


@pytest.mark.fault("S3")
@pytest.mark.parametrize(
    ("text", "expected"), [("", None), ("x", None), ("-5", None), ("1", None), ("9" * 30, None), ("+90", 90)]
)
def test_the_end_of_a_job_is_read_from_its_environment(text, expected):
    if text.startswith("+"):
        text = str(int(time.time()) + int(text))
    left = deadline.of_job({"SLURM_JOB_END_TIME": text})
    assert left is None if expected is None else left <= expected
