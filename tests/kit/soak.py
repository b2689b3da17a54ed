"""Looks at an image for a long time, while random faults happen to its host and to the line.

    python -m kit.soak MINUTES

Every pixel that is shown is compared with the true one, and the memory, threads and files of this process must not
grow.
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import socket
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import numpy as np

from traitsview.remote.routes.own_process import OwnProcess
from traitsview.remote.viewer.remote_source import RemoteSource
from traitsview.sources.arrays.array_source import ArraySource

from .chaos_proxy import ChaosProxy, Faults
from .far_host import FarEnd, FarRoute
from .leak_meter import held
from .scripted_viewer import ScriptedViewer

#: The mean number of seconds between two faults, which come at random (a Poisson process).
MEAN = 5.0


#: The most bytes by which memory may grow after there was one fault of each kind.
GROWTH = 24 << 20


class Faulty:
    """The faults of a host and of the line to it."""

    def __init__(self, host: OwnProcess, proxy: ChaosProxy, chance: random.Random) -> None:
        self._host, self._proxy, self._chance = host, proxy, chance

    def kill(self) -> None:
        os.kill(self._host.pid, signal.SIGKILL)

    def terminate(self) -> None:
        os.kill(self._host.pid, signal.SIGTERM)

    def stop(self) -> None:
        stopped = self._host.pid
        os.kill(stopped, signal.SIGSTOP)
        time.sleep(self._chance.uniform(0, 15))
        with contextlib.suppress(ProcessLookupError):  # it was given up meanwhile
            os.kill(stopped, signal.SIGCONT)

    def cut(self) -> None:
        self._proxy.cut(self._chance.random() < 0.5)

    def cut_often(self) -> None:
        """End the next connections after a random number of bytes."""
        self._spoil(Faults(cut_after=self._chance.randrange(1, 1_000_000)), 3.0)

    def flip(self) -> None:
        """Flip a bit in a random byte of the next connections."""
        self._spoil(Faults(flip=self._chance.randrange(32, 600_000)), 3.0)

    def stall(self) -> None:
        """Pass nothing on to the viewer for some time."""
        stalled = self._proxy.to_viewer
        stalled.stalled = True
        time.sleep(self._chance.uniform(0, 15))
        stalled.stalled = False

    def _spoil(self, faults: Faults, seconds: float) -> None:
        self._proxy.to_viewer = faults
        self._proxy.cut()
        time.sleep(seconds)
        self._proxy.to_viewer = Faults()
        self._proxy.cut()


def soak(minutes: float, folder: Path, seed: int = 0) -> int:
    """Run for `minutes` and print what happened; return 1 if anything has grown."""
    chance = random.Random(seed)
    image = np.random.default_rng(seed).random((6000, 7000), np.float32)
    file = str(folder / "image.npy")
    np.save(file, image)
    host = OwnProcess(file)
    listener = socket.create_server(("127.0.0.1", 0))
    far_end = FarEnd(listener, lambda: host.path)
    proxy = ChaosProxy(lambda: socket.create_connection(listener.getsockname(), 5))
    with far_end, proxy:
        near = ScriptedViewer(RemoteSource(host), ArraySource(image), seed=seed)
        far = ScriptedViewer(RemoteSource(FarRoute(proxy.connect, file)), ArraySource(image), seed=seed + 1)
        viewers = near, far
        fault = Faulty(host, proxy, chance)
        kinds = (fault.kill, fault.terminate, fault.stop, fault.cut, fault.cut_often, fault.flip, fault.stall)
        faults: Counter[str] = Counter()
        back, settled = [], None
        began = time.monotonic()
        end = began + 60 * minutes
        while time.monotonic() < end:
            until = time.monotonic() + chance.expovariate(1 / MEAN)
            while time.monotonic() < until or not all(viewer.full for viewer in viewers):
                for viewer in viewers:
                    viewer.step()
                    viewer.settle()
            if settled is None and len(faults) == len(kinds):
                settled = held()
            # Each kind once, then any of them.
            happens = kinds[len(faults)] if len(faults) < len(kinds) else chance.choice(kinds)
            faults[happens.__name__] += 1
            at = time.monotonic()
            for viewer in viewers:
                viewer.step()
            happens()
            for viewer in viewers:
                viewer.settle()
            back.append(time.monotonic() - at)
        time.sleep(2.0)  # until the threads of the last cut connections have ended
        now = held()
        for viewer in viewers:
            viewer.close()
    pixels = sum(viewer.checked for viewer in viewers)
    print(f"{sum(faults.values())} faults ({dict(faults)}), {pixels / 1e6:.0f} million pixels, none wrong")
    print(f"settled again after {np.median(back):.1f} s (median), {max(back):.1f} s (longest)")
    print(f"held after one fault of each kind {settled}\nheld in the end {now}")
    if settled is None:
        print("too short to tell what grows")
        return 1
    counts = ("descriptors", "threads", "children", "files")
    grown = [name for name in counts if getattr(now, name) > getattr(settled, name)]
    if now.memory > settled.memory + GROWTH:
        grown.append("memory")
    print(f"grown: {', '.join(grown) or 'nothing'}")
    return int(bool(grown))


def main() -> int:
    """Run for the minutes that are given."""
    with tempfile.TemporaryDirectory() as folder:
        return soak(float(sys.argv[1]) if len(sys.argv) > 1 else 10.0, Path(folder))


if __name__ == "__main__":
    sys.exit(main())
