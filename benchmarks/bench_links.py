"""Looking at an image over a line: traitsview beside the ways that users have today.

For each line, two network namespaces are joined by its rate and round trip.  No packet leaves them.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import os
import platform
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import link_ours
import link_report
import link_ways
from kit.shaped_network import ShapedNetwork, why_not_here
from link_scene import density_file, views

from traitsview.errors import TraitsviewError
from traitsview.sources.image_source import ImageSource
from traitsview.sources.reducing import compiler
from traitsview.sources.registry import open_source

#: Bits per second, seconds of a round trip, and the number of steps of the script.
LINES = {
    "1 Gbit/s, 0 ms": (1e9, 0.0, 12),
    "100 Mbit/s, 20 ms": (1e8, 0.02, 12),
    "100 Mbit/s, 150 ms": (1e8, 0.15, 12),
    "10 Mbit/s, 50 ms": (1e7, 0.05, 6),
}

WAYS = {
    "raw": link_ways.raw,
    "X11": link_ways.x11,
    "X11 -C": lambda *words: link_ways.x11(*words, compressed=True),
    "VNC": link_ways.vnc,
    "ours": link_ours.ssh,
    "window": link_ours.window,
}


@dataclass
class Far:
    """The far end of a line."""

    network: ShapedNetwork
    address: str
    rate: float
    round_trip: float

    def run(self, argv, **options):
        return self.network.run(self.network.there, ["setpriv", "--pdeathsig", "KILL", *argv], **options)

    def run_here(self, argv, **options):
        return self.network.run(self.network.here, ["setpriv", "--pdeathsig", "KILL", *argv], **options)


@contextmanager
def inside(namespace: str) -> Iterator[None]:
    """Move this thread, and the programs that it starts, into a network namespace within the block."""
    enter = ctypes.CDLL(None, use_errno=True).setns
    with open("/proc/thread-self/ns/net") as before, open(f"/run/netns/{namespace}") as space:
        if enter(space.fileno(), 0):
            raise OSError(ctypes.get_errno(), "cannot enter a network namespace")
        try:
            yield
        finally:
            enter(before.fileno(), 0)


@contextmanager
def emptied(network: ShapedNetwork) -> Iterator[None]:
    """End all processes in the namespaces after the block: sessions of sshd outlive their connections for a while."""
    try:
        yield
    finally:
        for namespace in (network.here, network.there):
            left = subprocess.run(["ip", "netns", "pids", namespace], stdout=subprocess.PIPE, text=True, check=False)
            for pid in left.stdout.split():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(int(pid), signal.SIGKILL)


def traffic() -> int:
    """Return the bytes that crossed the line, both ways."""
    lines = Path("/proc/thread-self/net/dev").read_text().splitlines()
    numbers = next(line for line in lines if line.strip().startswith("line:")).split(":")[1].split()
    return int(numbers[0]) + int(numbers[8])


def measured(way: str, line: str, file: str, source: ImageSource, most: int) -> list[link_report.Step]:
    """Return the figures of each step of one way over one line."""
    rate, round_trip, steps = LINES[line]
    kinds = [kind for kind, _ in views(source.info)]
    found = []
    with ShapedNetwork(rate, round_trip) as network, emptied(network), inside(network.here):
        far = Far(network, network.there_address, rate, round_trip)
        with WAYS[way](far, file, source) as looking:
            for number in range(min(steps, most) + 1):
                before = traffic()
                seen = looking.step(number)
                # The first picture is no step: it waits for things that later steps have.
                if number:
                    found.append((kinds[number], seen, traffic() - before))
    return found


def system() -> dict[str, object]:
    """Return facts of this machine on which the figures depend."""
    versions = {name: metadata.version(name) for name in ("matplotlib", "PySide6_Essentials", "numpy")}
    return {
        "processors": os.cpu_count(),
        "system": f"{platform.system()} {platform.release()}",
        "congestion": Path("/proc/sys/net/ipv4/tcp_congestion_control").read_text().strip(),
        "versions": versions,
    }


def main() -> None:
    why = why_not_here()
    if why:
        print(f"skipped: {why}")
        return
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", default="1,2,3,4", help="which of the lines, counted from 1")
    parser.add_argument("--ways", default=",".join(WAYS))
    parser.add_argument("--steps", type=int, default=99, help="of the script, at most")
    parser.add_argument("--save", action="store_true", help="keep the figures for the documentation")
    options = parser.parse_args()
    # So that everything is ended in order.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    with contextlib.suppress(PermissionError):
        # Whatever else the machine does shall not count, on no side.
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))
    names = [list(LINES)[int(number) - 1] for number in options.lines.split(",")]
    found: dict[str, dict[str, object]] = {}
    with density_file() as path, open_source(str(path)) as source:
        compiler.finished(120)
        for name in names:
            found[name] = {}
            for way in options.ways.split(","):
                lacking = link_ways.lacking(way)
                if lacking:
                    print(f"{way} skipped: {lacking}")
                    continue
                try:
                    steps = measured(way, name, str(path), source, options.steps)
                except (OSError, TraitsviewError) as error:
                    print(f"{way} failed: {error}", flush=True)
                    continue
                found[name][way] = link_report.figures(steps)
            link_report.print_line(name, found[name])
    if options.save:
        link_report.save({**system(), "lines": found})


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
