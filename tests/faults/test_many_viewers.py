"""Many viewers side by side, and viewers that sleep."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time

import numpy as np
import pytest
from kit.patience import PATIENCE, pass_time

from traitsview.geometry import Viewport
from traitsview.remote.routes.socket_route import SocketRoute
from traitsview.remote.viewer.remote_source import RemoteSource

VIEWER = """
import sys, time
import numpy as np
from traitsview.geometry import Viewport
from traitsview.opening import open_in_host

image = np.load(sys.argv[1])
chance = np.random.default_rng(0)
with open_in_host(sys.argv[1]) as source:
    source.link.watch(lambda error: print(f"told: {error}", flush=True))
    while True:
        column, row = (int(n) for n in chance.integers(0, 1000, 2))
        pixels = source.render(Viewport((1.0, 1.0), (column, row), (64, 64)))
        same = np.array_equal(pixels, image[row : row + 64, column : column + 64])
        print("same" if same else "different", flush=True)
        time.sleep(0.05)
"""


@pytest.mark.fault("N9")
def test_stopped_viewer_comes_back_at_its_first_try(file):
    with subprocess.Popen([sys.executable, "-c", VIEWER, str(file)], stdout=subprocess.PIPE, text=True) as viewer:
        try:
            assert [viewer.stdout.readline() for _ in range(3)] == ["same\n"] * 3
            os.kill(viewer.pid, signal.SIGSTOP)
            pass_time(6.0)
            os.kill(viewer.pid, signal.SIGCONT)
            said = []
            # A pipe may hold lines that were printed before.
            while said.count("same\n") < 20:
                said.append(viewer.stdout.readline())
            told = [line for line in said if line != "same\n"]
            # It uses the link that it had, or another one that was made at the first try.
            assert all("does not answer" in line or "lost contact" in line or "None" in line for line in told), told
            assert not any("; try " in line for line in told), told
        finally:
            viewer.kill()


def turns(times):
    """Return the mean number of turns of a viewer."""
    return sum(map(len, times)) / len(times)


def are_alike(times):
    """Whether the mean is twenty turns or more, and each viewer has had at least half of the median."""
    counts = [len(each) for each in times]
    return turns(times) >= 20 and min(counts) >= np.median(counts) / 2


@pytest.mark.fault("S14")
def test_thirty_two_viewers_are_served_alike(file, image, hosted):
    _, host = hosted(file)
    viewers = [RemoteSource(SocketRoute(host.path, str(file))) for _ in range(32)]
    times = [[] for _ in viewers]
    wrong = []
    together, alike = threading.Barrier(len(viewers)), threading.Event()

    def look(number, source):
        chance = np.random.default_rng(number)
        together.wait(PATIENCE)
        while not alike.is_set() and turns(times) < 100:
            column, row = (int(n) for n in chance.integers(0, 1200, 2))
            began = time.monotonic()
            pixels = source.render(Viewport((1.0, 1.0), (column, row), (256, 256)))
            times[number].append(time.monotonic() - began)
            if are_alike(times):
                alike.set()
            if not np.array_equal(pixels, image[row : row + 256, column : column + 256]):
                wrong.append((number, column, row))

    threads = [threading.Thread(target=look, args=each) for each in enumerate(viewers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for viewer in viewers:
        viewer.close()
    every = np.concatenate(times)
    print(
        f"{len(every)} viewports for 32 viewers: median {np.median(every) * 1e3:.0f} ms, "
        f"p95 {np.percentile(every, 95) * 1e3:.0f} ms"
    )
    assert not wrong
    assert alike.is_set(), [len(each) for each in times]
