"""The command ``traitsview serve``."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
from argparse import ArgumentTypeError
from pathlib import Path

import numpy as np
import pytest
from kit.patience import PATIENCE

from traitsview.cli.duration import duration


@pytest.fixture(autouse=True)
def _runtime(monkeypatch):
    with tempfile.TemporaryDirectory(prefix="tv-") as folder:
        monkeypatch.setenv("TRAITSVIEW_RUNTIME_DIR", f"{folder}/traitsview")
        yield
        run("--stop")


def run(*words):
    """Run the command; return its exit code, its output and its error output."""
    command = [sys.executable, "-m", "traitsview.cli.main", "serve", *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)
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
        (
            ["--listen", "tcp://localhost:1"],
            2,
            "not an address on the network: 'tcp://localhost:1'; write tls://HOST:PORT",
        ),
        (["--listen", "tls://0.0.0.0:0"], 1, "it stands for all networks at once; name one address of this machine"),
        (["--listen", "tls://192.0.2.1:0"], 1, "it is not an address of this machine"),
        (["--listen", "tls://localhost:1", "--list"], 2, "take no --listen"),
        (["--stop"], 1, "none is running"),
        (["--stop", "x"], 2, "take no PATH"),
        (["--list", "--persist", "1h"], 2, "take no --persist"),
        (["--stop", "--deadline", "1h"], 2, "take no --deadline"),
        (["--persist", "soon"], 2, "'soon' is no duration"),
        (["/nonexistent"], 1, "cannot serve '/nonexistent': no such file or folder"),
        (["--list", "--stop"], 2, "not allowed with"),
    ],
)
def test_impossible_requests_are_answered_in_one_line(words, code, line):
    found, out, complaint = run(*words)
    assert (found, out) == (code, "")
    assert line in complaint
    assert "Traceback" not in complaint
    if code == 1 or "--listen" in words:
        assert complaint.count("\n") == 1


def test_it_listens_on_the_network_for_viewers_that_have_its_file(tmp_path):
    np.save(tmp_path / "ramp.npy", np.arange(600.0).reshape(20, 30))
    code, started, complaint = run("--listen", "tls://127.0.0.1:0")
    assert (code, complaint) == (0, "")
    address, file = re.search(
        r" and (tls://127\.0\.0\.1:[1-9]\d*), for those who have (/\S+\.json)\n", started
    ).groups()
    token = json.loads(Path(file).read_text())["token"]
    words = [sys.executable, "-m", "traitsview", "info", f"{address}{tmp_path}/ramp.npy"]
    known = subprocess.run(words, capture_output=True, text=True, timeout=PATIENCE)
    assert "20 × 30" in known.stdout, known.stderr
    pid = re.search(r"process (\d+)", started)[1]
    for place in ("cmdline", "environ"):
        assert token.encode() not in Path(f"/proc/{pid}/{place}").read_bytes()
    logs = Path(os.environ["TRAITSVIEW_RUNTIME_DIR"]).glob("serve.*")
    assert not [path for path in logs if path.is_file() and token in path.read_text(errors="replace")]
    assert run("--stop")[0] == 0
    assert not Path(file).exists()
    gone = subprocess.run(words, capture_output=True, text=True, timeout=PATIENCE)
    assert (gone.returncode, gone.stderr.count("\n")) == (1, 1)
    assert "there is no file" in gone.stderr


def test_in_the_foreground_it_ends_with_an_interrupt():
    command = [sys.executable, "-m", "traitsview.cli.main", "serve", "--foreground"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline().startswith(f"serving: process {process.pid}")
        assert run("--list")[1].startswith(f"process {process.pid}")
        os.kill(process.pid, signal.SIGINT)
        assert process.wait(PATIENCE) == 0
        assert process.stderr.read() == ""


def test_it_reports_its_viewers_and_how_long_it_stays(tmp_path):
    code, started, complaint = run("--persist", "1h30m", "--deadline", "2h", str(tmp_path))
    assert (code, complaint) == (0, "")
    assert "0 viewers, leaves 5400 s after the last one" in started
    assert "traitsview 0." in started
    code, _, complaint = run(str(tmp_path))
    assert code == 1
    assert "one is running already (process" in complaint


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90", 90), ("90s", 90), ("10m", 600), ("1h30m", 5400), ("24h", 86400), ("7d", 604800), ("0.5h", 1800), ("0", 0)],
)
def test_duration_is_in_seconds_or_has_units(text, seconds):
    assert duration(text) == seconds


@pytest.mark.parametrize("text", ["", "h", "-5", "1y", "1 h", "5m3", "1e9", "nan", "inf", "9" * 40, "1.2.3h"])
def test_text_that_is_no_duration_is_refused(text):
    with pytest.raises(ArgumentTypeError, match="is no duration"):
        duration(text)
