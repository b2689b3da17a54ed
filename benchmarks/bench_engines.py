"""An array of 8192 × 8192 elements on an engine of ipyparallel: pan over it, beside plain ``apply_sync``.

Two processes of this machine: the engine has the array, this one shows a window of 1920 × 1080 pixels that moves by 64
pixels with each frame.  The peer lets the engine cut the same window out of the array, and copies it here: what the
pan-and-scan windows of old did once a second.  Where elements are smaller than pixels, it takes every fourth one; ours
takes the mean of all.

*Whole frames* ask for all pixels of each frame, *new tiles* only for those that no frame before of the same turn has
had, as the window does.  Turns alternate, so that other work of the machine affects all alike.  A frame of 8 MB is also
sent over a socket of this machine, which is the physical limit.
"""

from __future__ import annotations

import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from table import heading, row, verdict

from traitsview.geometry import Viewport
from traitsview.sources.image_source import ImageSource
from traitsview.sources.services.engines.engines_namespace import EnginesNamespace
from traitsview.sources.tiles.held_tiles import HeldTiles
from traitsview.sources.tiles.tile_cache import TileCache

SIDE, WINDOW, MOVE = 8192, (1080, 1920), 64
TURNS, FRAMES = 5, 12
ASKED = 25.0  # frames a second

MAKE = "import numpy as np\ndensity = np.random.default_rng(0).normal(size=({0}, {0})).astype('f4')"


@contextmanager
def engine() -> Iterator[Any]:
    """Start a cluster of one engine in a profile of its own; yield a client."""
    from ipyparallel import Client

    with tempfile.TemporaryDirectory() as folder:
        os.environ["IPYTHONDIR"] = folder
        place = Path(folder) / "profile_default"
        place.mkdir()
        run = [sys.executable, "-m"]
        options = [f"--profile-dir={place}", "--log-level=40"]
        heart = "--HeartMonitor.period=500"  # an engine counts as there after its second heartbeat
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        processes = [subprocess.Popen([*run, "ipyparallel.controller", "--nodb", heart, *options], **quiet)]
        file = place / "security" / "ipcontroller-client.json"
        try:
            while not file.exists():
                time.sleep(0.05)
            processes.append(subprocess.Popen([*run, "ipyparallel.engine", *options], **quiet))
            with Client(str(file), timeout=60) as client:
                client.wait_for_engines(1, timeout=60)
                client[0].execute(MAKE.format(SIDE), block=True)
                yield client
        finally:
            for process in reversed(processes):
                process.terminate()
                process.wait()


def views(turn: int, resolution: float) -> list[Viewport]:
    """Return the viewports of one turn, each next to the one before."""
    most = int(SIDE / resolution) - WINDOW[1] - MOVE * FRAMES
    return [Viewport((resolution,) * 2, (max(0, most) + MOVE * k, 8 * turn), WINDOW) for k in range(FRAMES)]


def rate(frames: list[Viewport], show: Callable[[Viewport], object]) -> float:
    """Return how many frames a second are shown."""
    began = time.perf_counter()
    for viewport in frames:
        show(viewport)
    return len(frames) / (time.perf_counter() - began)


def plain(client: Any) -> Callable[[Viewport], np.ndarray]:
    """Return what ``apply_sync`` does: the engine cuts out a window, or every so-manieth element."""
    view = client[0]
    cut = "__import__('numpy').ascontiguousarray(__import__('IPython').get_ipython().user_ns['density'][rows, columns])"

    def show(viewport: Viewport) -> np.ndarray:
        (column, row_), step = viewport.origin, int(viewport.resolution[0])
        rows = slice(row_ * step, (row_ + WINDOW[0]) * step, step)
        columns = slice(column * step, (column + WINDOW[1]) * step, step)
        found: np.ndarray = view.apply_sync(eval, cut, {"rows": rows, "columns": columns})
        return found

    return show


def by_tiles(source: ImageSource) -> Callable[[Viewport], object]:
    """Return what a window does: it asks for the tiles that it has not."""
    cached = TileCache(source, HeldTiles(1 << 28))
    return lambda viewport: [None for _ in cached.render_tiles(viewport.tiles())]


def socket_rate() -> float:
    """Return how many frames of 8 MB a second go over a socket of this machine."""
    frame = np.zeros(WINDOW, np.float32)
    left, right = socket.socketpair()
    with left, right:
        sender = threading.Thread(target=lambda: [left.sendall(frame) for _ in range(FRAMES)])
        into = memoryview(np.empty(WINDOW, np.float32)).cast("B")
        began = time.perf_counter()
        sender.start()
        for _ in range(FRAMES):
            done = 0
            while done < len(into):
                done += right.recv_into(into[done:])
        sender.join()
        return FRAMES / (time.perf_counter() - began)


def main() -> None:
    """Measure and print."""
    with engine() as client, EnginesNamespace("", 0) as namespace, namespace.open("density") as source:
        while not source.info.version:
            source.wait_newer(0, 10.0)
        peer = plain(client)
        viewport = views(0, 1.0)[0]
        assert np.array_equal(source.render(viewport), peer(viewport))
        print(heading("frames a second, 1920 x 1080", "ours", "apply_sync", "ratio", "asked"))
        for resolution, of in ((1.0, "elements"), (4.0, "4 x 4 elements")):
            found: dict[str, list[float]] = {"whole": [], "tiles": [], "plain": [], "socket": []}
            for turn in range(TURNS):
                frames = views(turn, resolution)
                found["whole"].append(rate(frames, source.render))
                found["plain"].append(rate(frames, peer))
                found["tiles"].append(rate(frames, by_tiles(source)))
                found["socket"].append(socket_rate())
            middle = {name: statistics.median(rates) for name, rates in found.items()}
            for name, words in (("whole", "whole frames"), ("tiles", "new tiles")):
                ratio = middle[name] / middle["plain"]
                told = verdict(middle[name], ASKED, at_least=True)
                print(
                    row(
                        f"{words}, {of}",
                        f"{middle[name]:.1f}",
                        f"{middle['plain']:.1f}",
                        f"{ratio:.2f}",
                        f"≥ {ASKED:.0f}",
                        told,
                    )
                )
            print(f"  a socket of this machine: {middle['socket']:.0f} frames a second\n")


if __name__ == "__main__":
    main()
