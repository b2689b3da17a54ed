"""What it costs a calculation to publish, with and without viewers, beside other ways.

A calculation computes for 0.3 ms, publishes an array of 64 × 64 float64, and copies it once itself, into shared memory,
too.  The figure of a way is the time of its call less that of the copy.  Situations and ways take turns, so that other
work of the machine affects all alike.  Viewers are in other processes, and each copies 60 frames in a second.

Where more programs want to run than there are processors, each is interrupted now and then, and then finds its code in
no cache.  A call of `json.dumps` beside each call, which takes a few microseconds, too, shows how much that is.

Then a calculation with steps of 10 ms publishes 1080 × 1920 float32 in every second step while one viewer watches.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import statistics
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field

import numpy as np
from publish_ways import WAYS
from table import heading, row, verdict

from traitsview.live import Publisher
from traitsview.live.found_publishers import find
from traitsview.live.memory import SharedMemory
from traitsview.live.watch import LOOK_SECONDS, Watch

SHAPE = 64, 64
CALLS, TURNS = 400, 4
LONGEST_TURN = 1e6  # microseconds in calls, for ways that are slow
WORK_SECONDS = 300e-6
FRAME_SECONDS = 1 / 60
LARGE, STEP_SECONDS, STEPS = (1080, 1920), 10e-3, 150

#: Microseconds asked for: the median and p99 with viewers, and the median without.
WATCHED, WATCHED_P99, UNWATCHED = 25.0, 100.0, 10.0


def watch(name: str, count: int) -> None:
    """Watch with so many viewers from a line on standard input to the next one."""
    found = find(name)
    assert found is not None
    print("ready", flush=True)
    while sys.stdin.readline():
        over = threading.Event()
        watches = [Watch(found.reader()) for _ in range(count)]
        threads = [threading.Thread(target=look, args=(each, over)) for each in watches]
        for each in threads:
            each.start()
        print("on", flush=True)
        sys.stdin.readline()
        over.set()
        for each in threads:
            each.join()
        for each in watches:
            each.close()
        print("off", flush=True)


def look(watch: Watch, over: threading.Event) -> None:
    """Copy the newest frames, as a window does that shows 60 in a second, until it is over."""
    seconds = LOOK_SECONDS
    while not over.wait(seconds):
        seconds = LOOK_SECONDS if watch.look(lambda form: form.arrays) is None else FRAME_SECONDS


class Crowd:
    """A process with some viewers."""

    def __init__(self, stack: ExitStack, name: str, viewers: int) -> None:
        command = [sys.executable, __file__, "--watch", name, str(viewers)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        stack.callback(self._end)
        self._heard("ready")

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Watch meanwhile."""
        self._tell()
        self._heard("on")
        yield
        self._tell()
        self._heard("off")

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """Begin to watch, and be stopped in the middle of it."""
        with self.watching():
            self._process.send_signal(signal.SIGSTOP)
            try:
                yield
            finally:
                self._process.send_signal(signal.SIGCONT)

    @contextmanager
    def killed(self) -> Iterator[None]:
        """Begin to watch, and be killed."""
        self._tell()
        self._heard("on")
        self._process.kill()
        self._process.wait()
        yield

    def _tell(self) -> None:
        assert self._process.stdin is not None
        print("turn", file=self._process.stdin, flush=True)

    def _heard(self, word: str) -> None:
        assert self._process.stdout is not None
        if self._process.stdout.readline() != f"{word}\n":
            raise OSError("a viewer has ended")

    def _end(self) -> None:
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            with suppress(OSError):
                stream.close()


def work(seconds: float) -> None:
    """Compute for some time."""
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        _FIELD.sum()


_FIELD = np.ones(20_000)

#: To write this as JSON takes about as long as `publish`.
_SMALL = {"name": "density", "shape": [64, 64], "step": 812, "time": 0.25}


def shared(array: np.ndarray) -> list[np.ndarray]:
    """Return three arrays in shared memory: a copy into them costs what one into a slot does."""
    pieces = [SharedMemory("bench", array.nbytes) for _ in range(3)]
    return [np.frombuffer(each.map, array.dtype).reshape(array.shape) for each in pieces]


@dataclass
class Times:
    """Microseconds of calls, less those of one copy; and of other calls beside them, which take about as long."""

    calls: list[float] = field(default_factory=list)
    others: list[float] = field(default_factory=list)

    def measure(self, call: Callable[[np.ndarray, int], object], array: np.ndarray, less_copy: bool = True) -> None:
        """Measure `CALLS` of them."""
        spares = shared(array)
        for step in range(CALLS):
            work(WORK_SECONDS)
            began = time.perf_counter()
            call(array, step)
            between = time.perf_counter()
            np.copyto(spares[step % 3], array)
            copied = time.perf_counter()
            self.calls.append(1e6 * (between - began - (copied - between if less_copy else 0.0)))
            work(WORK_SECONDS)
            began = time.perf_counter()
            json.dumps(_SMALL)
            self.others.append(1e6 * (time.perf_counter() - began))
            if sum(self.calls[-step - 1 :]) > LONGEST_TURN and step > 20:
                break


@contextmanager
def nobody() -> Iterator[None]:
    """Wait until the calculation takes nobody to watch any more."""
    time.sleep(2.1)
    yield


def situations(stack: ExitStack, name: str) -> dict[str, Callable[[], object]]:
    """Return what there is besides the calculation, as context managers."""
    one, three, many = (Crowd(stack, name, viewers) for viewers in (1, 3, 8))
    more = [Crowd(stack, name, 8) for _ in range(3)]

    @contextmanager
    def together(*crowds: Crowd) -> Iterator[None]:
        with ExitStack() as all_of_them:
            for each in crowds:
                all_of_them.enter_context(each.watching())
            yield

    @contextmanager
    def one_and(other: Callable[[], object]) -> Iterator[None]:
        with one.watching(), other():
            yield

    return {
        "nobody watches": nobody,
        "1 viewer": one.watching,
        "3 viewers": three.watching,
        "32 viewers": lambda: together(many, *more),
        "1 viewer, another one stopped": lambda: one_and(three.stopped),
        "1 viewer, a host killed": lambda: one_and(Crowd(stack, name, 1).killed),
    }


def main() -> None:
    """Measure, and print the table."""
    array = np.ones(SHAPE)
    found: dict[str, Times] = defaultdict(Times)
    with ExitStack() as stack:
        publisher = stack.enter_context(Publisher(f"bench-{os.getpid()}"))
        ours = situations(stack, publisher.name)
        ways = {}
        for name, way in WAYS.items():
            try:
                ways[name] = stack.enter_context(way(array))
            except ImportError as error:
                print(f"{name} is left out: {error}")
        for _ in range(TURNS):
            for name, situation in ours.items():
                with situation():
                    found[name].measure(
                        lambda array, step: publisher.publish(array, step=step), array, name != "nobody watches"
                    )
            for name, call in ways.items():
                found[name].measure(call, array)
        print(heading("µs beyond one copy", "median", "p99", "ratio", "asked"))
        usual = statistics.median(found["1 viewer"].calls)
        for name, times in found.items():
            middle, worst = statistics.median(times.calls), p99(times.calls)
            said = ["", "another way"]
            if name in ours:
                asked = UNWATCHED if name == "nobody watches" else WATCHED
                said = [f"{asked:g}, {WATCHED_P99:g}", verdict(middle, asked), verdict(worst, WATCHED_P99)]
            said.append(f"p99 of json.dumps beside it: {p99(times.others):.0f}")
            print(row(name, f"{middle:.1f}", f"{worst:.1f}", f"{middle / usual:.1f} ×", *said))
        print_steps(stack)
    print_import()


def p99(times: list[float]) -> float:
    """Return what 99 of 100 are below."""
    return statistics.quantiles(times, n=100)[98]


def print_steps(stack: ExitStack) -> None:
    """Print by how much the steps of a calculation become slower."""
    density = np.ones(LARGE, np.float32)
    publisher = stack.enter_context(Publisher(f"steps-{os.getpid()}"))
    publisher.allocate(density=density)
    crowd = Crowd(stack, publisher.name, 1)
    spares = shared(density)
    plain, published, copies = [], [], []
    with crowd.watching():
        for step in range(STEPS):
            for times, call in (
                (plain, lambda: None),
                (published, lambda step=step: publisher.publish(density, step=step)),
            ):
                began = time.perf_counter()
                work(STEP_SECONDS)
                call()
                times.append(time.perf_counter() - began)
            began = time.perf_counter()
            np.copyto(spares[step % 3], density)
            copies.append(time.perf_counter() - began)
    alone, with_copy, copy = (1e3 * statistics.median(times) for times in (plain, published, copies))
    slower = 100 * (with_copy - copy - alone) / alone
    print()
    print(heading("a step of 10 ms", "ours", "alone", "ratio", "asked"))
    ratio = f"{(with_copy - copy) / alone:.3f} ×"
    print(
        row(
            "with 1080p float32, less a copy",
            f"{with_copy - copy:.2f} ms",
            f"{alone:.2f} ms",
            ratio,
            "1.01 ×",
            verdict(slower, 1.0),
        )
    )
    print(row("that copy", f"{copy:.2f} ms"))


def print_import() -> None:
    """Print what importing costs beyond NumPy, in fresh interpreters that take turns."""
    code = "import time; t = time.perf_counter(); import {}; print(time.perf_counter() - t)"
    found: dict[str, list[float]] = defaultdict(list)
    for _ in range(9):
        for name in ("numpy", "numpy, traitsview.live"):
            run = subprocess.run([sys.executable, "-c", code.format(name)], capture_output=True, text=True, check=True)
            found[name].append(float(run.stdout))
    alone, both = (1e3 * statistics.median(times) for times in found.values())
    print()
    print(heading("import, in ms", "ours", "NumPy", "ratio", "asked"))
    more = both - alone
    print(row("beyond NumPy", f"{more:.0f}", f"{alone:.0f}", f"{more / alone:.2f} ×", "150", verdict(more, 150)))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--watch", nargs=2, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.watch:
        watch(arguments.watch[0], int(arguments.watch[1]))
    else:
        main()
