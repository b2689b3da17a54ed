"""Live images: frames shown in a window, what a slow viewer costs a fast one, and the age of the picture over a line.

A program publishes 1080 × 1920 float32, noise that moves, 60 times a second (3 times over the line).  A window of that
size, off screen, follows it through a server of this machine.  A frame is shown when it was painted.  Its age then is
counted from the moment when it was published.

The slow viewer is a second program, which takes every pixel of the newest frame twice a second.  Turns with and without
it alternate, so that other work of the machine affects both alike.

The line has 10 Mbit/s and a round trip of 50 ms; it needs root.  There the first picture of a frame is coarse.  The age
in right colours is asked to be at most one period, two round trips and the time of a byte for each pixel.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from kit.far_host import FarEnd, FarRoute, socket_in
from kit.shaped_network import ShapedNetwork, why_not_here
from table import heading, row, verdict

from traitsview.geometry import Viewport
from traitsview.remote.routes.socket_route import SocketRoute
from traitsview.remote.user_server import served
from traitsview.remote.viewer.remote_source import RemoteSource
from traitsview.remote.viewer.route import Route
from traitsview.sources.picture import Picture

SHAPE = ROWS, COLUMNS = 1080, 1920
RATE, LINE_RATE = 60.0, 3.0
TURNS, TURN_SECONDS, LINE_SECONDS = 4, 4.0, 25.0
SLOW_RATE = 2.0

#: The shaped line: bits and seconds.
LINE = 10e6, 0.05

#: Around the image area of a window, in pixels.
BESIDE = 135, 160


def publish(name: str, rate: float) -> None:
    """Publish frames until this process is killed."""
    from traitsview.live import Publisher

    rng = np.random.default_rng(3)
    noise = rng.random(SHAPE, np.float32)
    arrays = [np.roll(noise, 17 * at, 1) for at in range(8)]
    publisher, step, due = Publisher(name), 0, time.monotonic()
    while True:
        publisher.publish(**{name: arrays[step % 8]}, step=step)
        step += 1
        due = max(due + 1 / rate, time.monotonic())
        time.sleep(max(0.0, due - time.monotonic()))


def look_slowly(path: str, name: str) -> None:
    """Take all pixels of the newest frame twice a second."""
    with RemoteSource(SocketRoute(Path(path), f"live:{name}")) as source:
        while True:
            began = time.monotonic()
            version = source.wait_newer(source.info.version, 5.0)
            tiles = Viewport.fitting(source.info, SHAPE).tiles()
            for _ in source.render_tiles(tiles, Picture(version=version)):
                pass
            time.sleep(max(0.0, began + 1 / SLOW_RATE - time.monotonic()))


class Watched:
    """A window that follows a live image."""

    def __init__(self, route: Route) -> None:
        from pyface.qt import QtCore

        from traitsview.view import window

        self._window = window
        self.viewer = window.view(
            RemoteSource(route), size=(COLUMNS + BESIDE[0], ROWS + BESIDE[1]), limits=(0.0, 1.0), owned=True
        )
        self.seen: dict[int, float] = {}
        self.coloured: dict[int, float] = {}
        watched = self

        class Watch(QtCore.QObject):
            def eventFilter(self, widget, event):  # noqa: N802
                if event.type() == QtCore.QEvent.Paint:
                    watched.note()
                return False

        self._watch = Watch()
        self._window.panel_of(self.viewer).enable_window.control.installEventFilter(self._watch)
        self.until(lambda: self.viewer.live.shown > 1)
        self.viewer.one_to_one()
        self.until(lambda: self.viewer.pixels.held.step != "coarse")

    def until(self, condition) -> None:
        """Run the event loop until a condition holds."""
        if not self._window.process_events_until(condition, 120):
            raise OSError(f"no picture: {self.viewer.shown}")

    def note(self) -> None:
        """Note the age of the frame that is painted now."""
        frame, held = self.viewer.frame, self.viewer.pixels.held
        self.seen.setdefault(frame.version, frame.age)
        if held.step != "coarse":
            self.coloured.setdefault(frame.version, frame.age)

    def follow(self, seconds: float) -> dict[str, Any]:
        """Follow for some seconds; return what was seen."""
        self.seen.clear()
        self.coloured.clear()
        live = self.viewer.live
        shown, published, count = live.shown, live.published, self.viewer.frame.count
        began, cpu = time.monotonic(), time.process_time()
        self.until(lambda: time.monotonic() - began > seconds)
        took = time.monotonic() - began
        if live.published - published != self.viewer.frame.count - count:
            raise AssertionError("frames were lost without being counted")
        return {
            "shown": len(self.seen) / took,
            "published": (live.published - published) / took,
            "cpu": 1e3 * (time.process_time() - cpu) / max(1, live.shown - shown),
            "ages": sorted(self.seen.values()),
            "colours": list(self.coloured.values()),
        }

    def close(self) -> None:
        """Close the window."""
        self._window.panel_of(self.viewer).window().close()
        self._window.process_events_until(lambda: True, 1)


def started(stack: ExitStack, *words: str) -> subprocess.Popen[str]:
    """Start this program with some words; it ends with the stack."""
    process = subprocess.Popen([sys.executable, "-W", "ignore", __file__, *words], text=True)
    stack.callback(process.wait)
    stack.callback(process.kill)
    return process


def percentile(values: list[float], percent: float) -> float:
    return values[min(len(values) - 1, int(len(values) * percent / 100))]


def bench_window(socket: str) -> None:
    with ExitStack() as stack:
        started(stack, "--publish", "bench", str(RATE))
        watched = Watched(SocketRoute(Path(socket), "live:bench"))
        stack.callback(watched.close)
        watched.follow(1.0)
        alone, beside, ages, cpu = [], [], [], []
        for _ in range(TURNS):
            found = watched.follow(TURN_SECONDS)
            alone.append(found["shown"])
            ages += found["ages"]
            cpu.append(found["cpu"])
            with ExitStack() as slow:
                started(slow, "--slow", socket, "bench")
                watched.follow(1.0)
                beside.append(watched.follow(TURN_SECONDS)["shown"])
        print(f"1080 × 1920 float32 at {RATE:g} Hz; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
        print(heading("", "ours", "asked"))
        best = max(alone)
        print(row("  shown a second, best turn", f"{best:.0f}", "≥ 50", verdict(best, 50, at_least=True)))
        print(row("  shown a second, median", f"{statistics.median(alone):.0f}", ""))
        print(row("  processor time of the window", f"{statistics.median(cpu):.1f} ms", "", "", "a frame"))
        ages.sort()
        print(row("  age when painted, median", f"{percentile(ages, 50) * 1e3:.0f} ms", ""))
        print(row("  age when painted, 95 %", f"{percentile(ages, 95) * 1e3:.0f} ms", ""))
        ratio = statistics.median(b / a for a, b in zip(alone, beside, strict=True))
        print(row("  with a slow viewer / without", f"{ratio:.2f}", "≥ 0.9", verdict(ratio, 0.9, at_least=True)))


def bench_line(socket: str) -> None:
    if why := why_not_here():
        print(f"the line was not measured: {why}")
        return
    rate, round_trip = LINE
    with ExitStack() as stack:
        network = stack.enter_context(ShapedNetwork(rate, round_trip))
        listener = socket_in(network.there)
        listener.bind((network.there_address, 0))
        listener.listen()
        stack.enter_context(FarEnd(listener, lambda: Path(socket)))
        address = listener.getsockname()
        started(stack, "--publish", "far", str(LINE_RATE))

        def dial(timeout: float):
            sock = socket_in(network.here)
            sock.settimeout(timeout)
            sock.connect(address)
            sock.settimeout(None)
            return sock

        watched = Watched(FarRoute(dial, "live:far"))
        stack.callback(watched.close)
        watched.follow(5.0)
        found = watched.follow(LINE_SECONDS)
        print(f"the same at {LINE_RATE:g} Hz, over a line of {rate / 1e6:g} Mbit/s and {round_trip * 1e3:g} ms")
        print(heading("", "ours", "asked"))
        print(row("  shown a second", f"{found['shown']:.2f}", ""))
        least = 1 / LINE_RATE + 2 * round_trip
        print(row("  age of the coarse picture", f"{percentile(found['ages'], 50):.2f} s", ""))
        # Noise is not compressed: a byte for each pixel.
        bound = least + ROWS * COLUMNS * 8 / rate
        colours = found["colours"]
        age = statistics.median(colours)
        print(row("  age in right colours", f"{age:.2f} s", f"≤ {bound:.2f} s", verdict(age, bound)))
        half = len(colours) // 2
        growth = statistics.median(colours[half:]) / statistics.median(colours[:half])
        print(row("  age, second half / first half", f"{growth:.2f}", "≤ 1.2", verdict(growth, 1.2)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--publish", nargs=2, help=argparse.SUPPRESS)
    parser.add_argument("--slow", nargs=2, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.publish:
        publish(arguments.publish[0], float(arguments.publish[1]))
    elif arguments.slow:
        look_slowly(*arguments.slow)
    else:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        with tempfile.TemporaryDirectory(prefix="traitsview-bench-") as folder:
            os.environ["TRAITSVIEW_RUNTIME_DIR"] = folder
            record = served.start()
            try:
                bench_window(record.socket)
                bench_line(record.socket)
            finally:
                served.stop()


if __name__ == "__main__":
    main()
