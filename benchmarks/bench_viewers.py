"""Many viewers of one server: 32 viewers move 10 times a second each, and one more viewer is stopped.

The viewers are threads of a few processes, on unix sockets of this machine.  Ten times a second, each asks for a
viewport of 256 × 512 pixels, 512 KB of float32, next to its last one, on a density of 8192 × 8192 elements.  A time is
from the moment when the viewport was due to its last pixel.  So a late viewport makes the following ones late, too.

Then one more viewer asks for a full screen and is stopped (SIGSTOP) before it receives it.  Turns with and without it
alternate, so that other work of the machine affects both alike.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from link_scene import SHAPE, density_file
from table import heading, row, verdict

from traitsview.geometry import TILE, Viewport
from traitsview.remote.routes.socket_route import SocketRoute
from traitsview.remote.user_server import served
from traitsview.remote.viewer.remote_source import RemoteSource
from traitsview.sources.image_source import ImageSource

VIEWERS, PROCESSES = 32, 4
RATE = 10.0
SECONDS, TURNS, TURN_SECONDS = 8.0, 6, 3.0
PIXELS = TILE, 2 * TILE


@dataclass
class Viewer:
    """A viewer that moves about at random."""

    source: ImageSource
    number: int

    def look(self, seconds: float) -> list[float]:
        """Move `RATE` times a second; return the seconds of each move, from the moment when it was due."""
        chance = random.Random(self.number)
        column, row_ = chance.randrange(20), chance.randrange(20)
        begin = time.monotonic() + chance.random() / RATE
        found = []
        for turn in range(int(seconds * RATE)):
            due = begin + turn / RATE
            time.sleep(max(0.0, due - time.monotonic()))
            column = min(max(column + chance.choice((-2, 0, 2)), 0), 28)
            row_ = min(max(row_ + chance.choice((-1, 1)), 0), 30)
            view = Viewport((1.0, 1.0), (column * TILE, row_ * TILE), PIXELS)
            for _ in self.source.render_tiles(view.tiles()):
                pass
            found.append(time.monotonic() - due)
        return found


def look_around(path: str, file: str, first: int, count: int) -> None:
    """Run `count` viewers: each line on standard input has a number of seconds, and the answer has the times."""
    with ExitStack() as stack:
        viewers = [
            Viewer(stack.enter_context(RemoteSource(SocketRoute(Path(path), file))), first + at) for at in range(count)
        ]
        print("ready", flush=True)
        with ThreadPoolExecutor(count) as threads:
            for line in sys.stdin:
                found = threads.map(lambda viewer, seconds=float(line): viewer.look(seconds), viewers)
                print(json.dumps([seconds for times in found for seconds in times]), flush=True)


def ask_and_stop(path: str, file: str) -> None:
    """Ask for a full screen for each line on standard input, and stop before it has come."""
    with RemoteSource(SocketRoute(Path(path), file)) as source:
        print("ready", flush=True)
        for turn, _ in enumerate(sys.stdin):
            view = Viewport((1.0, 1.0), (TILE * (turn % 8), 0), SHAPE)
            tiles = source.render_tiles(view.tiles())
            next(tiles)
            os.kill(os.getpid(), signal.SIGSTOP)
            tiles.close()


class Crowd:
    """The processes of the viewers."""

    def __init__(self, stack: ExitStack, path: str, file: str, viewers: int) -> None:
        self._path, self._file, self._stack = path, file, stack
        share = viewers // PROCESSES
        words = [["--look", str(first * share), str(share)] for first in range(PROCESSES)]
        self._viewers = [self._start(*these) for these in words]
        self.stopped = self._start("--stop")

    def _start(self, *words: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-W", "ignore", __file__, "--socket", self._path, "--file", self._file, *words]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._stack.callback(_end, process)
        assert process.stdout is not None
        if process.stdout.readline() != "ready\n":
            raise OSError("a viewer did not start")
        return process

    def look(self, seconds: float) -> list[float]:
        """Have all viewers move for some seconds; return all times."""
        for process in self._viewers:
            print(seconds, file=process.stdin, flush=True)
        return [time for process in self._viewers for time in json.loads(process.stdout.readline())]

    def with_one_stopped(self, seconds: float) -> list[float]:
        """Do the same while one more viewer is stopped within an answer; return all times."""
        print("ask", file=self.stopped.stdin, flush=True)
        status = Path(f"/proc/{self.stopped.pid}/stat")
        end = time.monotonic() + 10
        while status.read_text().rpartition(")")[2].split()[0] != "T" and time.monotonic() < end:
            time.sleep(0.01)
        try:
            return self.look(seconds)
        finally:
            self.stopped.send_signal(signal.SIGCONT)


def _end(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGCONT)
    process.kill()
    process.wait()
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            stream.close()


def percentile(times: list[float], percent: float) -> float:
    """Return the percentile of the times in seconds."""
    return sorted(times)[min(len(times) - 1, int(len(times) * percent / 100))]


def bench(file: str, viewers: int) -> None:
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="traitsview-bench-"))
        os.environ["TRAITSVIEW_RUNTIME_DIR"] = folder
        record = served.start()
        stack.callback(served.stop)
        crowd = Crowd(stack, record.socket, file, viewers)
        crowd.look(1.0)
        times = crowd.look(SECONDS)
        print(f"{viewers} viewers, {RATE:g} viewports of 512 KB per second each; load {os.getloadavg()[0]:.1f}")
        print(heading("", "ours", "asked"))
        p95 = percentile(times, 95)
        print(row("  median", f"{statistics.median(times) * 1e3:.0f} ms", ""))
        print(row("  95th percentile", f"{p95 * 1e3:.0f} ms", "≤ 150 ms", verdict(p95, 0.15)), flush=True)
        without, with_one = [], []
        for _ in range(TURNS):
            without.append(statistics.median(crowd.look(TURN_SECONDS)))
            with_one.append(statistics.median(crowd.with_one_stopped(TURN_SECONDS)))
        ratio = statistics.median(b / a for a, b in zip(without, with_one, strict=True))
        print(row("  median, one more stopped / not", f"{ratio:.2f}", "≤ 1.1", verdict(ratio, 1.1)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--viewers", type=int, default=VIEWERS)
    parser.add_argument("--socket", help=argparse.SUPPRESS)
    parser.add_argument("--file", help=argparse.SUPPRESS)
    parser.add_argument("--look", type=int, nargs=2, help=argparse.SUPPRESS)
    parser.add_argument("--stop", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.look:
        look_around(options.socket, options.file, *options.look)
    elif options.stop:
        ask_and_stop(options.socket, options.file)
    else:
        with density_file() as path:
            bench(str(path), options.viewers)


if __name__ == "__main__":
    main()
