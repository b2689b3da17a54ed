"""The end of a server is known from its process and from its record."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest
from kit.patience import PATIENCE

from traitsview.remote.user_server.record import Record, process_began
from traitsview.remote.user_server.server_watch import ServerWatch

#: Says its number and waits to be told to end; a child of it is nobody's to wait for but its own.
CHILD = "import os, sys; print(os.getpid(), flush=True); sys.stdin.read()"
GRANDCHILD = f"import subprocess, sys; sys.exit(subprocess.run([sys.executable, '-c', {CHILD!r}]).returncode and 0)"


@pytest.fixture
def server(tmp_path):
    """Return a function that starts a process and gives it with its record, which is in a folder, and its watch."""
    running = []

    def start(program=CHILD):
        words = [sys.executable, "-c", program]
        process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        running.append(process)
        pid = int(process.stdout.readline())
        record = Record(pid, process_began(pid), "1", "now", (), str(tmp_path / "serve.socket"))
        record.write(tmp_path)
        return process, record, ServerWatch(record)

    yield start
    for process in running:
        with process:  # which closes its input
            pass


def test_nothing_is_said_of_a_server_that_runs(server):
    _, record, watch = server()
    assert watch.pid == record.pid
    assert watch.killed(0.0) == ""


@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGTERM, signal.SIGSEGV])
def test_the_process_that_started_a_server_knows_the_signal_and_others_can_still_ask(server, sign):
    process, _, watch = server()
    process.send_signal(sign)
    said = f"the server there was killed by signal {int(sign)} ({signal.strsignal(sign)})"
    assert watch.killed(PATIENCE) == said
    assert watch.killed(PATIENCE) == said
    assert process.wait() == -sign


def test_a_server_that_has_ended_by_itself_was_not_killed(server, tmp_path):
    process, _, watch = server()
    (tmp_path / "serve.json").unlink()
    process.stdin.close()
    assert watch.killed(PATIENCE) == ""


def test_other_processes_know_a_killed_server_by_its_record(server):
    _, _, watch = server(GRANDCHILD)
    signal.pidfd_send_signal(watch._handle, signal.SIGKILL)
    assert watch.killed(PATIENCE) == "the server there was killed"


def test_the_record_of_another_server_says_nothing(server, tmp_path):
    _, record, watch = server(GRANDCHILD)
    Record(record.pid, record.began + 1, "1", "now", (), record.socket).write(tmp_path)
    signal.pidfd_send_signal(watch._handle, signal.SIGKILL)
    assert watch.killed(PATIENCE) == ""


def test_nothing_is_known_of_a_server_that_is_gone_already(server):
    process, record, _ = server()
    process.kill()
    process.wait()
    assert ServerWatch(record).killed(0.0) == ""
