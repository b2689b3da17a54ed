"""Two people watch the example, one here and one through ssh, while everything happens that happens to calculations."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from kit.patience import wait_until
from kit.sshd import ALIAS, Sshd, needs_sshd

EXAMPLES = Path(__file__).parents[2] / "examples"
NAME = f"two-viewers-{os.getpid()}"

#: The example, of a smaller size, under a name of its own, and not quicker than two cores can show.
CALCULATION = f"""
import sys, time
sys.path.insert(0, {str(EXAMPLES)!r})
import heat_equation as example
publisher, advance = example.Publisher, example.advance
example.SIZE = 120
example.Publisher = lambda name, **options: publisher({NAME!r}, **options)
example.advance = lambda *state: (time.sleep(0.01), advance(*state))
sys.argv[1:] = ["--viewer", "none"]
try:
    example.main()
except KeyboardInterrupt:
    print("interrupted", flush=True)
"""

#: A window that tells what it shows.  A frame is whole if its elements have the sum that was published with it.
VIEWER = """
import json, sys
from traitsview.geometry import Viewport
from traitsview.view import window

def tell(event):
    frame = live.frame
    whole = None
    if frame.version:
        view = Viewport(frame.info.element, (0, 0), frame.info.shape, frame.info.anchor)
        ((_, pixels),) = viewer.source.render_tiles([view], viewer.picture)
        whole = bool(abs(pixels.sum() / dict(frame.scalars)["energy"] - 1) < 1e-9)
    said = {"step": frame.step, "state": frame.state, "line": live.line, "whole": whole, "shown": live.shown,
            "skipped": live.skipped, "published": live.published, "count": frame.count}
    print(json.dumps(said), flush=True)

viewer = window.view(sys.argv[1], size=(420, 360))
live = viewer.live
live.observe(tell, "[version, line]")
window.run()
"""


class Watcher:
    """A window in a process of its own."""

    def __init__(self, address):
        command = [sys.executable, "-c", VIEWER, address]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.told = [{"step": None, "state": "", "line": ""}]
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stdout:
            self.told.append(json.loads(line))

    def until(self, holds):
        """Wait until the window shows what is asked for; return it."""
        wait_until(lambda: holds(self.told[-1]))
        return self.told[-1]

    def shows_next(self, frames=10):
        """Wait for some more frames of a calculation that goes on."""
        more = self.told[-1].get("count", 0) + frames
        return self.until(lambda told: told.get("count", 0) >= more and not told["state"])

    def says(self, text):
        """Wait for a sentence."""
        return self.until(lambda told: text in told["line"])

    def close(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


@pytest.fixture
def box(monkeypatch):
    daemon = Sshd()
    daemon.start()
    monkeypatch.setenv("TRAITSVIEW_SSH", daemon.command)
    yield daemon
    daemon.close()


@pytest.fixture
def calculate():
    """Start the calculation; of those that a test started, the living are killed."""
    running = []

    def start():
        running.append(subprocess.Popen([sys.executable, "-c", CALCULATION], stdout=subprocess.PIPE, text=True))
        return running[-1]

    yield start
    for process in running:
        process.kill()
        process.wait()
        process.stdout.close()


@needs_sshd
def test_two_viewers_watch_a_calculation_that_is_interrupted_killed_and_started_again_and_one_of_them_stops(
    box, calculate
):
    watchers = [Watcher(f"live:{NAME}"), Watcher(f"{ALIAS}:live:{NAME}")]
    near, far = watchers
    try:
        for each in watchers:
            each.says(f"waiting for '{NAME}'")
        calculation = calculate()
        for each in watchers:
            each.shows_next()
        calculation.send_signal(signal.SIGINT)
        assert calculation.communicate()[0] == "interrupted\n"
        for each in watchers:
            told = each.says("ended at step")
            assert told["line"].endswith(": KeyboardInterrupt")
            assert told["state"].startswith(f"ended at step {told['step']}:")  # the last frame is the one that is kept

        calculation = calculate()
        for each in watchers:
            each.shows_next()
        far.process.send_signal(signal.SIGSTOP)
        near.shows_next(40)
        far.process.send_signal(signal.SIGCONT)
        before = far.told[-1]["skipped"]
        assert far.shows_next(40)["skipped"] > before

        calculation.kill()
        for each in watchers:
            told = each.says("the calculation was killed after step")
            assert told["step"] > 0
        calculate()
        for each in watchers:
            each.shows_next()
    finally:
        for each in watchers:
            each.close()
    for each in watchers:
        frames = [told for told in each.told if told.get("whole") is not None]
        assert all(told["whole"] for told in frames)
        assert all(told["shown"] + told["skipped"] == told["published"] for told in frames)
        counts = [told["count"] for told in frames]
        assert counts == sorted(counts)
        assert frames[-1]["published"] == counts[-1] - counts[0] + 1
