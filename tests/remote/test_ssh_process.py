"""The far end of ssh: banners, shells that do other things, missing homes, killed processes."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import re
import shlex
import signal
import subprocess
import sys
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple

import numpy as np
import pytest
from kit.sshd import ALIAS, Sshd, children, needs_sshd

from traitsview.cli.main import main
from traitsview.errors import HostError, HostGone, WireError
from traitsview.opening import open_source
from traitsview.remote import awaited_step
from traitsview.remote.diagnosis import reach_probe
from traitsview.remote.ssh import ssh_patience, ssh_process

pytestmark = needs_sshd

#: What a host shows before login: it ends neither in a line nor in sense, and looks like what ssh and shells say.
BANNER = b"Authorized use only\nPermission denied (publickey).\nssh: command not found\nD\xe9fense d'entrer"


_numbers = itertools.count()

#: What is said of a login and then a shell that take long: the login may be quick.
STEPS = ["traitsview: waiting for ssh to log in to box", "traitsview: logged in, waiting for the shell of box"]


@pytest.fixture(scope="module")
def _daemon(tmp_path_factory):
    daemon = Sshd()
    daemon.start()
    yield daemon
    daemon.close()


@pytest.fixture
def box(_daemon, monkeypatch, image):
    """Return a host called ``box`` with a banner, whose user has ``image.npy`` at home; no ssh may be left."""
    monkeypatch.setenv("TRAITSVIEW_SSH", _daemon.command)
    monkeypatch.delenv("TRAITSVIEW_REMOTE_COMMAND", raising=False)
    np.save(_daemon.home / "image.npy", image)
    _daemon.banner.write_bytes(BANNER)
    yield _daemon
    assert children("ssh") == []
    (_daemon.home / ".bashrc").unlink(missing_ok=True)
    _daemon.write_config()


@pytest.fixture
def runs(monkeypatch):
    """Return a function that has ssh run something else in the place of traitsview; what follows is a comment."""
    return lambda command: monkeypatch.setenv("TRAITSVIEW_REMOTE_COMMAND", f"{command} #")


@pytest.fixture
def hurried(monkeypatch):
    """Wait for shells no longer than a second, and say so after a tenth."""
    monkeypatch.setattr(awaited_step, "LONG_SECONDS", 0.1)
    monkeypatch.setattr(ssh_patience, "_QUICK_SHELL_SECONDS", 0.1)
    monkeypatch.setattr(ssh_process, "_SHELL_SECONDS", 1.0)
    monkeypatch.setattr(reach_probe, "_SHELL_SECONDS", 1.0)


def refused(error=HostError):
    """Return the one line that says why nothing can be opened."""
    with pytest.raises(error) as raised:
        open_source(f"{ALIAS}:image.npy")
    line = str(raised.value)
    assert line.isprintable()
    for said in ("Authorized", "Permission denied", "command not found", "entrer"):
        assert said not in line
    return line


# ---- killed ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "how"),
    [
        ("kill -KILL $$", "there;"),
        ("kill -TERM $$", "there;"),
        ("echo loading >&2; kill -KILL $$", "there, or ended with 255, after it said 'loading';"),
        ("echo no image m.sif >&2; exit 255", "there, or ended with 255, after it said 'no image m.sif';"),
        ("cd /; dash -c 'kill -KILL $$'; exit $?", "there by signal 9 (Killed), after it said 'bash: line 1: "),
        ("exec dash -c 'sh -c \"kill -TERM \\$\\$\"; exit $?'", "there by signal 15 (Terminated)"),
    ],
)
def test_a_command_that_is_killed_as_it_starts_is_said_to_be_killed(box, runs, command, how):
    runs(command)
    line = refused(HostGone)
    assert line.startswith(f"cannot reach 'box': 'traitsview attach' was killed {how}")
    assert line.endswith("; see whether memory or time is limited there, and try again")


@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGTERM])
def test_a_relay_that_is_killed_is_said_to_be_killed_and_come_back_from(box, sign, wait_until):
    (box.home / ".bashrc").write_text("echo welcome >&2\n")
    told = []
    with open_source(f"{ALIAS}:image.npy") as source:
        source.link.watch(told.append)
        (relay,) = box.relays()
        os.kill(relay, sign)
        wait_until(lambda: told and told[-1] is None)
    assert re.match("lost contact with the host: 'traitsview attach' was killed there; trying again", str(told[0]))


class Served(NamedTuple):
    """A server that is found by viewers."""

    pid: int
    socket: str

    @property
    def guests(self):
        """How many are connected to it or wait for that, and one more."""
        return sum(line.endswith(self.socket) for line in Path("/proc/net/unix").read_text().splitlines())


@pytest.fixture
def server(box, monkeypatch):
    """Return a function that gives the server that viewers find, started for a viewer who has left."""
    folder = box.run / f"s{next(_numbers)}"
    monkeypatch.setenv("TRAITSVIEW_REMOTE_COMMAND", f"env TRAITSVIEW_RUNTIME_DIR={folder} traitsview")
    open_source(f"{ALIAS}:image.npy").close()

    def served():
        record = json.loads((folder / "serve.json").read_text())
        return Served(record["pid"], record["socket"])

    return served


@pytest.mark.fault("S1")
def test_a_server_that_is_killed_is_said_to_be_killed_and_come_back_from(server, wait_until):
    told = []
    with open_source(f"{ALIAS}:image.npy") as source:
        source.link.watch(told.append)
        os.kill(server().pid, signal.SIGKILL)
        wait_until(lambda: told and told[-1] is None)
        assert str(told[0]) == "lost contact with the host: the server there was killed; trying again"
        # The relay that is there now has started the next one, so it knows how that ends.
        told.clear()
        os.kill(server().pid, signal.SIGSEGV)
        wait_until(lambda: told and told[-1] is None)
        assert str(told[0]).startswith("lost contact with the host: the server there was killed by signal 11 (")


def test_a_server_that_is_stopped_has_said_so_itself(server, wait_until):
    told = []
    with open_source(f"{ALIAS}:image.npy") as source:
        source.link.watch(told.append)
        os.kill(server().pid, signal.SIGTERM)
        wait_until(lambda: told and told[-1] is None)
    assert str(told[0]) == "lost contact with the host: it was stopped; trying again"


def test_a_server_that_is_killed_while_somebody_comes_is_said_to_be_killed(server, wait_until):
    with open_source(f"{ALIAS}:image.npy"):
        os.kill(server().pid, signal.SIGSTOP)
        # It is killed when somebody has come and waits for its first word.
        before = server().guests

        def kill_in_time():
            wait_until(lambda: server().guests > before)
            os.kill(server().pid, signal.SIGKILL)

        killer = threading.Thread(target=kill_in_time)
        killer.start()
        assert refused(HostGone) == "lost contact with the server on 'box': the server there was killed"
        killer.join()


def test_a_command_without_memory_is_quoted_and_not_the_banner(box, runs):
    python = shlex.quote(sys.executable)
    runs(f"ulimit -v 200000; {python} -c 'import sys; sys.stdout.flush(); x = bytes(1 << 30)'; exit $?")
    assert "'traitsview attach' ended there (1): MemoryError" in refused(HostGone)


def test_a_server_that_is_killed_as_it_starts_is_said_to_be_killed(box, monkeypatch, tmp_path):
    monkeypatch.setenv("TRAITSVIEW_RUNTIME_DIR", str(tmp_path / "t"))
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    (tmp_path / "python").write_text("#!/bin/sh\necho a library says this >&2\nkill -KILL $$\n")
    (tmp_path / "python").chmod(0o700)
    from traitsview.remote.user_server import served

    with pytest.raises(HostError, match=r"it was killed by signal 9 \(Killed\), a library says this"):
        served.start()


def test_the_doctor_says_that_the_command_was_killed(box, runs, capsys):
    runs("kill -KILL $$")
    assert main(["doctor", ALIAS]) == 1
    last = capsys.readouterr().out.splitlines()[-1]
    assert last.startswith("FAILED  command  'traitsview' was killed there; see whether memory")


def test_a_command_that_is_killed_in_a_connection_that_others_share_is_said_to_be_killed(box, runs, hurried, capsys):
    box.write_config(f"  ControlMaster auto\n  ControlPath {box.folder}/master\n  ControlPersist 60\n")
    ssh = [*box.command.split(), ALIAS]
    subprocess.run([*ssh, "true"], check=True, capture_output=True)
    try:
        runs("kill -KILL $$")
        assert "'traitsview attach' was killed there;" in refused(HostGone)
        runs("exec cat >/dev/null")
        assert main(["info", f"{ALIAS}:image.npy"]) == 1
        step, error = capsys.readouterr().err.splitlines()
        assert step == STEPS[1]
        assert "logged in, but the shell of box has not run 'traitsview attach'" in error
    finally:
        subprocess.run([*ssh[:-1], "-O", "exit", ALIAS], check=True, capture_output=True)


# ---- shells ---------------------------------------------------------------------


@pytest.mark.parametrize("rc", ["exec cat >/dev/null", "exec dash", "read answer", "sleep 1000"])
def test_a_shell_that_never_comes_to_the_command_is_waited_for_aloud_and_then_named(box, rc, hurried, capsys):
    (box.home / ".bashrc").write_text(f"{rc}\n")
    assert main(["info", f"{ALIAS}:image.npy"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    *steps, error = err.splitlines()
    assert steps in (STEPS, STEPS[1:])
    assert re.fullmatch(
        r"traitsview: cannot reach 'box': logged in, but the shell of box has not run 'traitsview attach' within 1 s; "
        r"have its startup files ask nothing and start no other shell where there is no terminal, "
        r"as in '\[ -t 0 \] && exec fish'",
        error,
    )


def test_the_doctor_says_the_same_of_a_silent_shell(box, hurried, capsys):
    (box.home / ".bashrc").write_text("exec cat >/dev/null\n")
    assert main(["doctor", ALIAS]) == 1
    out, err = capsys.readouterr()
    assert err.splitlines() in (STEPS, STEPS[1:])
    assert out.splitlines()[-1].startswith("FAILED  shell    logged in, but the shell of box has not run 'traitsview'")


def test_a_shell_that_follows_the_advice_is_quick(box, image):
    (box.home / ".bashrc").write_text("[ -t 0 ] && exec cat >/dev/null\n")
    with open_source(f"{ALIAS}:image.npy") as source:
        assert source.info.shape == image.shape


def test_nothing_is_said_of_quick_steps(box, capsys):
    assert main(["info", f"{ALIAS}:image.npy"]) == 0
    assert capsys.readouterr().err == ""


def test_a_server_and_a_file_that_take_long_are_waited_for_aloud(box, runs, monkeypatch, capsys):
    class Impatient(threading.Timer):
        """Has all that is waited for take so long."""

        start = threading.Timer.run

    monkeypatch.setattr(awaited_step, "LONG_SECONDS", 0.001)
    monkeypatch.setattr(awaited_step, "threading", SimpleNamespace(Timer=Impatient, Lock=threading.Lock))
    assert main(["info", f"{ALIAS}:image.npy"]) == 0
    out, err = capsys.readouterr()
    assert "700 × 900" in out
    lines = err.splitlines()
    assert "traitsview: waiting for the server on box" in lines
    assert lines[-1] == "traitsview: waiting for box to open 'image.npy'"
    assert len(set(lines)) == len(lines)


@pytest.mark.parametrize(
    ("rc", "error", "match"),
    [
        ("exit", WireError, "the shell there ends without running 'traitsview attach'; see what its startup files do"),
        ("echo no; exit", WireError, "ends without running 'traitsview attach', after it said 'no'"),
        ("echo no >&2; exit 3", HostGone, r"'traitsview attach' ended there \(3\): no"),
    ],
)
def test_a_shell_that_ends_before_the_command_is_named(box, rc, error, match):
    (box.home / ".bashrc").write_text(f"{rc}\n")
    assert re.search(match, refused(error))


@pytest.mark.parametrize("shell", ["dash -c", "sh -c", "bash -c", "bash --norc -c", "env -i bash -c"])
def test_any_shell_may_run_it(box, monkeypatch, shell, image):
    program = f"PATH={Path(sys.executable).parent}:$PATH TRAITSVIEW_RUNTIME_DIR={box.run}/t traitsview"
    words = shlex.quote(f'{program} "$@"')
    monkeypatch.setenv("TRAITSVIEW_REMOTE_COMMAND", f"{shell} {words} traitsview")
    with open_source(f"{ALIAS}:{box.home}/image.npy") as source:
        assert source.info.shape == image.shape


# ---- homes ------------------------------------------------------------------------


@pytest.fixture
def homes(tmp_path):
    """Return what ``env`` is told of each kind of home that is none."""
    (tmp_path / "file").write_text("no folder")
    (tmp_path / "shut").mkdir(mode=0o500)
    return {
        "missing": "-u HOME",
        "empty": "HOME=",
        "no folder": f"HOME={tmp_path}/none/home",
        "a file": f"HOME={tmp_path}/file",
        "not writable": f"HOME={tmp_path}/shut",
        "relative": "HOME=somewhere",
    }


@pytest.mark.parametrize("kind", ["missing", "empty", "no folder", "a file", "not writable", "relative"])
def test_a_server_needs_no_home(box, monkeypatch, homes, kind, image, tmp_path):
    before = sorted(tmp_path.rglob("*"))
    folder = box.run / kind.replace(" ", "-")
    unset = "-u XDG_CACHE_HOME -u XDG_STATE_HOME -u XDG_CONFIG_HOME"
    words = f"env {unset} {homes[kind]} TRAITSVIEW_RUNTIME_DIR={folder} traitsview"
    monkeypatch.setenv("TRAITSVIEW_REMOTE_COMMAND", words)
    with open_source(f"{ALIAS}:{box.home}/image.npy") as source:
        np.testing.assert_array_equal(source.sample([(0.5, 0.5)]), image[:1, 0])
    assert sorted(tmp_path.rglob("*")) == before
    with contextlib.suppress(OSError):
        assert "Traceback" not in (folder / "serve.words").read_text()


def test_a_path_from_home_on_a_host_without_one_is_said_to_be_missing(box, monkeypatch, homes):
    words = f"env {homes['no folder']} TRAITSVIEW_RUNTIME_DIR={box.run}/homeless traitsview"
    monkeypatch.setenv("TRAITSVIEW_REMOTE_COMMAND", words)
    with pytest.raises(FileNotFoundError, match=r"cannot open '.*none/home/image.npy' on 'box': no such file"):
        open_source(f"{ALIAS}:image.npy")
