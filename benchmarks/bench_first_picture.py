"""From the command to the picture: a FITS file of 20,000 × 20,000 float32 in the page cache.

Times are seconds from before the process is made until its window has painted.  The least of some rounds is shown; the
viewers take turns.  *Processor* is the processor time of all processes of a viewer until then; it hardly depends on
other work of the machine.  Memory is the private memory of all these processes.  *Mapped* is the part of the file that
is mapped as well: it belongs to the page cache and costs nothing.  A bare window in PySide6, and the reading of the
file by one process, are the limits: no viewer in Python can be faster.  DS9 cannot report when it has painted, so it is
timed until its end, right after that.
"""

from __future__ import annotations

import argparse
import math
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from big_image import SIDE, big_file
from table import heading, row, verdict
from xvfb import x_display

ROUNDS = 3
PEERS = Path(__file__).with_name("first_pictures.py")
SIZE = "1920x1200"

#: Seconds after which a viewer that has not painted is given up.
PATIENCE = 60


@dataclass
class Measured:
    """The best figures of one kind of start."""

    first: float = float("inf")
    exact: float = float("inf")
    processor: float = float("inf")
    private: float = float("inf")
    mapped: float = float("inf")
    failed: str = ""
    lines: list[str] = field(default_factory=list)

    def take(self, other: Measured) -> None:
        for name in ("first", "exact", "processor", "private", "mapped"):
            setattr(self, name, min(getattr(self, name), getattr(other, name)))
        self.failed = self.failed or other.failed


def family(pid: int) -> list[int]:
    """Return a process and all its descendants."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*"):
        try:
            children = (task / "children").read_text().split()
        except OSError:
            continue
        for child in children:
            found += family(int(child))
    return found


def private_bytes(pid: int, kind: str) -> int:
    """Return the bytes of memory that only this process has: ``Dirty`` is written memory, ``Clean`` is as in a file."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith(f"Private_{kind}"))


def processor_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def start(command: list[str], environment: dict[str, str]) -> Measured:
    """Run a viewer that prints a line with ``first`` or ``exact`` in it for each picture, and end it."""
    begin = time.monotonic()
    process = subprocess.Popen(
        command,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    measured = Measured()
    patience = threading.Timer(PATIENCE, os.killpg, (process.pid, signal.SIGKILL))
    patience.start()
    try:
        assert process.stdout is not None
        for line in process.stdout:
            now = time.monotonic() - begin
            measured.lines.append(line.strip())
            if line.startswith("first"):
                measured.first = now
            if line.startswith("exact"):
                measured.exact = now
                if "gone" in line:
                    break
                measured.processor = sum(processor_seconds(pid) for pid in family(process.pid))
                measured.private = sum(private_bytes(pid, "Dirty") for pid in family(process.pid))
                measured.mapped = sum(private_bytes(pid, "Clean") for pid in family(process.pid))
                break
        else:
            measured.failed = f"ended ({process.wait()}) without a picture"
    finally:
        patience.cancel()
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
    return measured


def reading(path: Path) -> Measured:
    """Read the file once in blocks, as any viewer must for an exact picture."""
    begin, used = time.monotonic(), time.process_time()
    buffer = bytearray(1 << 22)
    with open(path, "rb", buffering=0) as file:
        while file.readinto(buffer):
            pass
    seconds = time.monotonic() - begin
    return Measured(seconds, seconds, time.process_time() - used, 0.0, 0.0)


def starts(path: Path, environment: dict[str, str], peers: list[str]) -> dict[str, Callable[[], Measured]]:
    python = [sys.executable, "-W", "ignore"]
    ours = [*python, "-m", "traitsview", "view", "--times", "--size", SIZE, str(path)]
    works: dict[str, Callable[[], Measured]] = {
        "traitsview": lambda: start(ours, environment),
        "a bare window": lambda: start([*python, str(PEERS), "bare", str(path)], environment),
        "reading the file": lambda: reading(path),
    }
    for peer in peers:
        if peer == "ds9":
            if shutil.which("ds9") is None:
                print("ds9: not installed (apt-get install saods9), skipped")
                continue
            if environment["QT_QPA_PLATFORM"] != "xcb":
                print("ds9: needs Xvfb, skipped")
                continue
        works[peer] = lambda peer=peer: start([*python, str(PEERS), peer, str(path)], environment)
    return works


def bench(environment: dict[str, str], peers: list[str], rounds: int) -> None:
    with big_file() as path:
        works = starts(path, environment, peers)
        found = {name: Measured() for name in works}
        for turn in range(rounds):
            for name, work in works.items():
                if turn and name in peers:
                    continue  # they take long, and no figure depends on them
                found[name].take(work())
    report(found)


def report(found: dict[str, Measured]) -> None:
    ours = found["traitsview"]
    print(f"{SIDE} × {SIDE} float32 FITS in the page cache, window {SIZE}; load {os.getloadavg()[0]:.1f}")
    print(f"{'':24}{'first s':>10}{'exact s':>10}{'processor s':>14}{'private GB':>13}{'mapped GB':>12}")
    for name, measured in found.items():
        values = measured.first, measured.exact, measured.processor, measured.private / 1e9, measured.mapped / 1e9
        figures = [f"{value:.2f}" if math.isfinite(value) else "–" for value in values]
        line = "".join(figure.rjust(width) for figure, width in zip(figures, (10, 10, 14, 13, 12), strict=True))
        print(f"{name:24}{measured.failed or line}")
    print()
    print(heading("", "ours", "asked"))
    for what, value, asked, unit in (
        ("first picture", ours.first, 1.2, "s"),
        ("exact picture", ours.exact, 1.6, "s"),
        ("private memory", ours.private / 1e9, 0.5, "GB"),
    ):
        print(row(what, f"{value:.2f} {unit}", f"≤ {asked:g} {unit}", verdict(value, asked)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--peers", default="pyqtgraph,ds9", help="of matplotlib, pyqtgraph, ds9; matplotlib needs 16 GB"
    )
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    options = parser.parse_args()
    peers = [peer for peer in options.peers.split(",") if peer]
    with x_display() as display:
        platform = {"QT_QPA_PLATFORM": "xcb", "DISPLAY": display} if display else {"QT_QPA_PLATFORM": "offscreen"}
        bench({**platform, "ETS_TOOLKIT": "qt"}, peers, options.rounds)


if __name__ == "__main__":
    main()
