"""Dragging and zooming a 20,000 × 20,000 float32 file that another process reads, in a 1920 × 1080 image area.

The window of `traitsview view` gets real mouse events.  *Painted positions* are the positions a second that the window
paints if the mouse moves as fast as the window takes its events.  *Stalls* are the delays of a timer in the GUI thread
during a drag with 125 mouse events a second.  Other viewers need 10 ms (pyqtgraph) to 1.5 s for one step of a pan on a
similar machine.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

from big_image import SIDE, big_file
from table import heading, row, verdict
from xvfb import x_display

ROWS, COLUMNS = 1080, 1920
SECONDS = 4.0

#: The mouse goes left and right over `REACH` Qt pixels, for `TURN` seconds each way.  Each time it goes `DOWN` pixels
#: down.
REACH, TURN, DOWN = 700, 1.0, 300


class Drag:
    """A window on the big file, and a hand on its mouse."""

    def __init__(self, path: str, open_with: str = "", resolution: float = 4.0) -> None:
        sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
        from kit.hand import Hand
        from pyface.qt import QtCore, QtGui

        from traitsview.opening import connect
        from traitsview.remote.routes.own_process import OwnProcess
        from traitsview.view.window import process_events_until, view

        self._until, self._core = process_events_until, QtCore
        self.viewer = view(connect(OwnProcess(path, open_with)), size=(COLUMNS + 190, ROWS + 140), owned=True)
        self.hand = Hand(self.viewer)
        self.application = QtGui.QApplication.instance()
        window = self.hand.panel.window()
        for _ in range(2):
            window.grab()
            rows, columns = self.viewer.viewport.shape
            window.resize(window.width() + COLUMNS - columns, window.height() + ROWS - rows)
            self.application.processEvents()
        self.exact()
        self.viewer.zoom(self.viewer.viewport.resolution[0] / resolution, (SIDE / 2, SIDE / 2))
        self.exact()
        assert self.viewer.viewport.shape == (ROWS, COLUMNS), self.viewer.viewport
        self.painted: list[tuple[int, int]] = []
        self._watch_painting()

    def _watch_painting(self) -> None:
        drag, paint = self, self._core.QEvent.Paint

        class Watch(self._core.QObject):
            def eventFilter(self, watched, event):  # noqa: N802
                if event.type() == paint:
                    drag.painted.append(drag.viewer.viewport.origin)
                return False

        self._watch = Watch()
        self.hand.control.installEventFilter(self._watch)

    def exact(self) -> float:
        """Return the milliseconds until the window shows exact pixels."""
        begin = time.monotonic()
        assert self._until(lambda: self.viewer.exact, 120), self.viewer.shown
        return (time.monotonic() - begin) * 1e3

    def begin(self) -> None:
        """Press the button."""
        self.hand.move(self.place(0.0))
        self.hand.press(self.place(0.0))

    def place(self, seconds: float):
        """Return the place of the mouse `seconds` after the button was pressed."""
        turn, way = divmod(seconds / TURN, 1.0)
        across = (1 - way if turn % 2 else way) - 0.5
        return self.hand.center + self._core.QPoint(round(across * REACH), round(DOWN * seconds / TURN))

    def positions_per_second(self) -> tuple[float, list[float], float]:
        """Drag as fast as the window paints.

        Return the painted positions a second, the ms of each step, and the ms from the last step to exact pixels.
        """
        self.begin()
        self.painted.clear()
        steps = []
        begin = now = time.monotonic()
        while now - begin < SECONDS:
            self.hand.move(self.place(now - begin), self._core.Qt.LeftButton)
            self.application.processEvents()
            steps.append((time.monotonic() - now) * 1e3)
            now = time.monotonic()
        seen = sum(a != b for a, b in pairwise(self.painted))
        # The last step goes to a place without held tiles.
        self.hand.move(self.place(0.0) - self._core.QPoint(0, 900), self._core.Qt.LeftButton)
        last = self.exact()
        self.hand.release(self.place(0.0))
        return seen / (now - begin), steps, last

    def stalls(self) -> list[float]:
        """Return the delay in ms of each tick of a 5 ms timer in the GUI thread, during a drag of 125 Hz."""
        late: list[float] = []
        period, last = 5.0, [time.monotonic()]

        def tick() -> None:
            now = time.monotonic()
            late.append(max(0.0, (now - last[0]) * 1e3 - period))
            last[0] = now

        begin = time.monotonic()
        mouse, timer = self._core.QTimer(), self._core.QTimer()
        for watch in (mouse, timer):
            watch.setTimerType(self._core.Qt.PreciseTimer)
        mouse.timeout.connect(lambda: self.hand.move(self.place(time.monotonic() - begin), self._core.Qt.LeftButton))
        timer.timeout.connect(tick)
        self.begin()
        mouse.start(8)
        timer.start(int(period))
        self._until(lambda: time.monotonic() - begin > SECONDS, 2 * SECONDS)
        mouse.stop()
        timer.stop()
        self.hand.release(self.place(SECONDS))
        return late

    def zoom_steps(self) -> list[float]:
        """Zoom in and out again; return the ms that each notch of the wheel took until it was painted."""
        steps = []
        for notch in [120] * 8 + [-120] * 8:
            begin = time.monotonic()
            self.hand.turn_wheel(self.hand.center, notch)
            self.application.processEvents()
            steps.append((time.monotonic() - begin) * 1e3)
        self.exact()
        return steps

    def held_steps(self) -> list[float]:
        """Pan with all tiles held; return the ms that each step took until it was painted."""
        steps = []
        for turn in range(60):
            begin = time.monotonic()
            self.viewer.pan(3 if turn % 2 else -3, 2 if turn % 2 else -2)
            self.application.processEvents()
            steps.append((time.monotonic() - begin) * 1e3)
        return steps

    def close(self) -> None:
        self.hand.panel.window().close()
        self.application.processEvents()


def line(what: str, ours: str, asked: str, met: str = "") -> None:
    print(row(what, ours, asked, met), flush=True)


def measure(path: str) -> None:
    """Measure in this process.  Its environment names the display."""
    print(f"{SIDE} × {SIDE} float32 through the host, image area {COLUMNS} × {ROWS}, ", end="")
    print(f"Qt on {os.environ['QT_QPA_PLATFORM']}, load {os.getloadavg()[0]:.1f}")
    print(heading("", "ours", "asked"))
    for resolution in (4.0, 1.0):
        drag = Drag(path, resolution=resolution)
        where = "1:1" if resolution == 1 else f"mean of {resolution:g} × {resolution:g}"
        rate, steps, last = drag.positions_per_second()
        line(f"{where}: painted positions", f"{rate:.0f} /s", "≥ 60 /s", verdict(rate, 60, at_least=True))
        line(
            "   one step of it, median",
            f"{statistics.median(steps):.1f} ms",
            "≤ 16 ms",
            verdict(statistics.median(steps), 16),
        )
        line("   last event to exact picture", f"{last:.0f} ms", "")
        held, zooms = drag.held_steps(), drag.zoom_steps()
        line(
            "   pan over held tiles, median",
            f"{statistics.median(held):.1f} ms",
            "≤ 16 ms",
            verdict(statistics.median(held), 16),
        )
        line(
            "   notch of the wheel, median",
            f"{statistics.median(zooms):.1f} ms",
            "≤ 16 ms",
            verdict(statistics.median(zooms), 16),
        )
        stalls(drag)
        drag.close()
    drag = Drag(path, "slow_source:open_slowly", resolution=4.0)
    print("a source that takes 2 s for each render")
    stalls(drag)
    drag.close()


def stalls(drag: Drag) -> None:
    late = sorted(drag.stalls())
    p99 = late[int(len(late) * 0.99)]
    line("   GUI stall, 99th percentile", f"{p99:.1f} ms", "≤ 50 ms", verdict(p99, 50))
    line("   GUI stall, worst", f"{late[-1]:.1f} ms", "")


def main() -> None:
    if sys.argv[1:2] == ["--here"]:
        measure(sys.argv[2])
        return
    with x_display() as display, big_file() as path:
        platform = {"QT_QPA_PLATFORM": "xcb", "DISPLAY": display} if display else {"QT_QPA_PLATFORM": "offscreen"}
        if "--offscreen" in sys.argv:
            platform = {"QT_QPA_PLATFORM": "offscreen"}
        # The host imports slow_source from here.
        folders = os.pathsep.join([str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")])
        environment = {**os.environ, **platform, "ETS_TOOLKIT": "qt", "PYTHONPATH": folders}
        subprocess.run([sys.executable, "-W", "ignore", __file__, "--here", str(path)], env=environment, check=True)


if __name__ == "__main__":
    main()
