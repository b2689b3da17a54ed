"""Looks at an image for a long time while its host is killed, stopped and left alone at random.

    python tests/faults/soak.py MINUTES

Every pixel that is shown is compared with the true one, and what this process holds must not grow.
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))

from leak_meter import held
from scripted_viewer import ScriptedViewer

from traitsview.remote.launch import HostProcess
from traitsview.sources.array_source import ArraySource

#: Seconds between two faults, on average; they come as rain does.
MEAN = 5.0


def soak(minutes: float, folder: Path, seed: int = 0) -> int:
    """Run for so many minutes and print what happened; return 1 if something was left behind."""
    chance = random.Random(seed)
    image = np.random.default_rng(seed).random((6000, 7000), np.float32)
    np.save(folder / "image.npy", image)
    host = HostProcess.start(str(folder / "image.npy"))
    viewer = ScriptedViewer(host.connect(), ArraySource(image), seed=seed)
    viewer.settle()
    faults: Counter[str] = Counter()
    back, settled = [], None
    end = time.monotonic() + 60 * minutes
    while time.monotonic() < end:
        until = time.monotonic() + chance.expovariate(1 / MEAN)
        while time.monotonic() < until:
            viewer.step()
            viewer.settle(60)
        settled = settled or held()
        fault = chance.choice(("kill", "stop", "terminate"))
        faults[fault] += 1
        at = time.monotonic()
        if fault == "stop":
            stopped = host.pid
            os.kill(stopped, signal.SIGSTOP)
            time.sleep(chance.uniform(0, 15))
            with contextlib.suppress(ProcessLookupError):  # it was given up meanwhile
                os.kill(stopped, signal.SIGCONT)
        else:
            os.kill(host.pid, signal.SIGKILL if fault == "kill" else signal.SIGTERM)
        viewer.step()
        viewer.settle(60)
        back.append(time.monotonic() - at)
    now = held()
    viewer.close()
    print(f"{sum(faults.values())} faults ({dict(faults)}), {viewer.checked / 1e6:.0f} million pixels, none wrong")
    if back:
        print(f"settled again after {np.median(back):.1f} s (median), {max(back):.1f} s (longest)")
    print(f"held after the first view {settled}\nheld in the end           {now}")
    if settled is None:
        return 0
    return int(now.descriptors > settled.descriptors + 2 or now.threads > settled.threads + 2)


def main() -> int:
    """Run for the minutes that are given."""
    with tempfile.TemporaryDirectory() as folder:
        return soak(float(sys.argv[1]) if len(sys.argv) > 1 else 10.0, Path(folder))


if __name__ == "__main__":
    sys.exit(main())
