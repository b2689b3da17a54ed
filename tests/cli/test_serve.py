"""The command ``traitsview serve``."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile

import pytest


@pytest.fixture(autouse=True)
def _runtime(monkeypatch):
    with tempfile.TemporaryDirectory(prefix="tv-") as folder:
        monkeypatch.setenv("TRAITSVIEW_RUNTIME_DIR", f"{folder}/traitsview")
        yield
        run("--stop")


def run(*words):
    """Run the command; return its exit code, what it printed and what it complained of."""
    command = [sys.executable, "-m", "traitsview.cli.main", "serve", *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout, done.stderr


def test_it_starts_lists_and_stops(tmp_path):
    assert run("--list") == (0, "no server is running\n", "")
    code, started, _ = run(str(tmp_path))
    assert (code, started.startswith("started process ")) == (0, True)
    code, listed, _ = run("--list")
    assert code == 0
    assert str(tmp_path) in listed
    assert listed in started
    code, stopped, _ = run("--stop")
    assert (code, stopped) == (0, f"stopped {listed}")
    assert run("--list")[1] == "no server is running\n"


@pytest.mark.parametrize(
    ("words", "code", "line"),
    [
        (["--listen", "tls://localhost:1"], 2, "cannot listen on the network"),
        (["--stop"], 1, "none is running"),
        (["--stop", "x"], 2, "take no PATH"),
        (["--list", "--stop"], 2, "not allowed with"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(words, code, line):
    found, out, complaint = run(*words)
    assert (found, out) == (code, "")
    assert line in complaint
    assert "Traceback" not in complaint
    if code == 1 or "--listen" in words:
        assert complaint.count("\n") == 1


def test_in_the_foreground_it_ends_with_an_interrupt():
    command = [sys.executable, "-m", "traitsview.cli.main", "serve", "--foreground"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline().startswith(f"serving: process {process.pid}")
        assert run("--list")[1].startswith(f"process {process.pid}")
        os.kill(process.pid, signal.SIGINT)
        assert process.wait(10) == 0
        assert process.stderr.read() == ""
