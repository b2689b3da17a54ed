"""One full-HD frame, and a call of nothing, through the wire: ours beside a bare unix socket.

Both other ends are processes of their own.  Each round does each once, in another order; the ratio is the
median of the rounds' own, so that what else the machine does meanwhile counts on both sides.
"""

from __future__ import annotations

import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from table import heading, row, verdict

from traitsview.geometry import Viewport
from traitsview.remote.launch import HostProcess
from traitsview.sources import compiler
from traitsview.sources.array_source import ArraySource

SHAPE = (1080, 1920)
VIEWPORT = Viewport((1.0, 1.0), (0, 0), SHAPE)
ROUNDS = 200


class Ready(ArraySource):
    """Has the frame already, so that nothing but the way is measured."""

    def render(self, viewport, plane=None, reduction="mean"):
        return self.frame

    def render_tiles(self, tiles, plane=None, reduction="mean", stale=lambda: False):
        for tile in tiles:
            yield tile, self.tile


def ready(text):
    source = Ready(np.zeros(SHAPE, np.float32))
    source.frame = np.random.default_rng(0).normal(size=SHAPE).astype(np.float32)
    # Kernels that are being compiled would compete for the interpreter's lock.
    compiler.finished(120)
    source.tile = source.frame[:256, :256].copy()
    return source


def serve_raw(path):
    """Answer each byte: 1 with a frame, others with a byte."""
    frame = ready("").frame
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path)
        listener.listen()
        print("ready", flush=True)
        sock, _ = listener.accept()
        with sock:
            while asked := sock.recv(1):
                sock.sendall(frame if asked == b"1" else b"x")


def raw_frame(sock):
    sock.sendall(b"1")
    data = np.empty(SHAPE, np.float32)
    view = memoryview(data).cast("B")
    while view:
        view = view[sock.recv_into(view) :]
    return data


def raw_frame_at_once(sock):
    sock.sendall(b"1")
    data = np.empty(SHAPE, np.float32)
    sock.recv_into(data, data.nbytes, socket.MSG_WAITALL)
    return data


def raw_call(sock):
    sock.sendall(b"0")
    return sock.recv(1)


def measured(actions, rounds):
    """Return the seconds of each of `actions` in every round, which does them in another order."""
    times = {name: [] for name in actions}
    names = list(actions)
    for _ in range(rounds):
        random.shuffle(names)
        for name in names:
            start = time.perf_counter()
            actions[name]()
            times[name].append(time.perf_counter() - start)
    return times


def report(name, times, limit, ours, asked):
    a, b = statistics.median(times[ours]), statistics.median(times[limit])
    ratio = statistics.median(mine / bare for mine, bare in zip(times[ours], times[limit], strict=True))
    wanted = ("", "") if asked is None else (f"<= {asked:g}", verdict(ratio, asked))
    print(row(name, f"{a * 1e3:.3f} ms", f"{b * 1e3:.3f} ms", f"{ratio:.2f}", *wanted))


def start_host(path):
    HostProcess.start(path).connect().close()


def start_python():
    subprocess.run([sys.executable, "-c", "import numpy"], check=True)


def main():
    folder = tempfile.TemporaryDirectory(prefix="tv-")
    path = os.path.join(folder.name, "raw")
    os.environ["PYTHONPATH"] = str(Path(__file__).parent)
    peer = subprocess.Popen([sys.executable, __file__, "--raw", path], stdout=subprocess.PIPE)
    host = HostProcess.start("", "bench_wire:ready")
    with folder, peer, host.connect() as source, socket.socket(socket.AF_UNIX) as sock:
        peer.stdout.readline()
        sock.connect(path)
        link = source._contact.link()
        tiles = VIEWPORT.tiles()
        assert np.array_equal(raw_frame(sock), source.render(VIEWPORT))
        times = measured(
            {
                "raw": lambda: raw_frame(sock),
                "raw at once": lambda: raw_frame_at_once(sock),
                "ours": lambda: source.render(VIEWPORT),
                "tiles": lambda: list(source.render_tiles(tiles)),
            },
            ROUNDS,
        )
        print(f"medians of {ROUNDS} shuffled rounds")
        print(heading("", "ours", "limit", "ratio", "asked"))
        report("8.3 MB frame / socket", times, "raw", "ours", 1.5)
        report("  / socket with MSG_WAITALL", times, "raw at once", "ours", None)
        scale = len(tiles) * 256 * 256 / (SHAPE[0] * SHAPE[1])
        times["raw"] = [seconds * scale for seconds in times["raw"]]
        report(f"as {len(tiles)} tiles / socket, their size", times, "raw", "tiles", None)
        times = measured({"raw": lambda: raw_call(sock), "ours": link.ping}, ROUNDS * 20)
        report("call of nothing / byte and back", times, "raw", "ours", 8)
        file = os.path.join(folder.name, "image.npy")
        np.save(file, np.zeros(SHAPE, np.float32))
        times = measured({"raw": start_python, "ours": lambda: start_host(file)}, 10)
        report("start of a host to info / of numpy", times, "raw", "ours", None)
        sock.close()
        peer.terminate()


if __name__ == "__main__":
    if "--raw" in sys.argv:
        serve_raw(sys.argv[-1])
    else:
        main()
