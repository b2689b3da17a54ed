"""Painting a window of 1920 × 1080 float32 values with axes: processor time per frame, beside other libraries.

Each window is in a process of its own.  They take turns, and the medians of the turns are compared.  A *new frame*
replaces all values; a *pan* moves the view by a few pixels.  All run under an X server without a screen (Xvfb), since
stock Chaco needs X.  With ``--offscreen``, or without Xvfb, all run on Qt's offscreen platform.  Then Chaco's renderer
is timed in our window, where it is faster than in its own.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from table import heading, row, verdict
from xvfb import x_display

ROUNDS, BATCH = 15, 6

#: The largest ratio of our time to that of each library.
ASKED = {"frame": {"chaco": 0.6, "pyqtgraph": 0.8}, "pan": {"chaco": 0.5, "pyqtgraph": 0.6}}

TITLES = {"frame": "new frame", "pan": "pan"}


class Child:
    """A window in another process."""

    def __init__(self, name: str, environment: dict[str, str], program: str = "painters.py") -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-W", "ignore", str(Path(__file__).with_name(program)), name],
            env={**os.environ, **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def paints_per_step(self, kinds: Iterable[str] = ("frame", "pan")) -> dict[str, float]:
        """Wait until it is ready; return the number of paintings for one step of each kind."""
        return dict(zip(kinds, map(float, self._line().split()[1:]), strict=True))

    def measure(self, kind: str) -> float:
        """Return milliseconds of processor time per step."""
        self._process.stdin.write(f"{kind} {BATCH}\n")
        self._process.stdin.flush()
        return float(self._line())

    def close(self) -> None:
        self._process.stdin.close()
        self._process.wait(20)

    def _line(self) -> str:
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit(f"a window ended ({self._process.wait()}); run {' '.join(self._process.args)} to see why")
        return line


def measured(children: dict[str, Child], kinds: Iterable[str] = tuple(ASKED)) -> dict[tuple[str, str], float]:
    """Return the median milliseconds of each (name, kind), all taking turns."""
    times: dict[tuple[str, str], list[float]] = {(name, kind): [] for name in children for kind in kinds}
    for _ in range(ROUNDS):
        for name, kind in random.sample(list(times), len(times)):
            times[name, kind].append(children[name].measure(kind))
    return {key: statistics.median(values) for key, values in times.items()}


def bench(display: str | None) -> None:
    chaco = "chaco-renderer" if display is None else "chaco"
    platform = {"QT_QPA_PLATFORM": "offscreen"} if display is None else {"QT_QPA_PLATFORM": "xcb", "DISPLAY": display}
    # Chaco's default is a window of Enable's agg toolkit.
    toolkits = {"ours": "qt", "chaco": "qt.image" if display else "qt", "pyqtgraph": "qt"}
    windows = {"ours": "ours", "chaco": chaco, "pyqtgraph": "pyqtgraph"}
    children = {name: Child(window, {**platform, "ETS_TOOLKIT": toolkits[name]}) for name, window in windows.items()}
    try:
        paints = {name: child.paints_per_step() for name, child in children.items()}
        times = measured(children)
    finally:
        for child in children.values():
            child.close()
    stock = "its own window" if display else "our window"
    print(f"1920 × 1080 float32 with axes, ms of processor time; Qt on {platform['QT_QPA_PLATFORM']}; Chaco in {stock}")
    print(heading("", "ours", "peer", "ratio", "asked"))
    for kind, peers in ASKED.items():
        for peer, asked in peers.items():
            ours, theirs = times["ours", kind], times[peer, kind]
            note = "" if paints[peer][kind] == 1 else f"({peer} paints {paints[peer][kind]:g} times)"
            print(
                row(
                    f"{TITLES[kind]}, beside {peer}",
                    f"{ours:.1f}",
                    f"{theirs:.1f}",
                    f"{ours / theirs:.2f}",
                    f"≤ {asked:.1f}",
                    verdict(ours / theirs, asked),
                    note,
                )
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--offscreen", action="store_true", help="use no X server")
    if parser.parse_args().offscreen:
        bench(None)
        return
    with x_display() as display:
        bench(display)


if __name__ == "__main__":
    main()
