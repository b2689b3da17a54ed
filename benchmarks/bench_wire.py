"""The wire beside a bare socket: a full-HD frame, tiles, an empty call, a pan, and the codecs.

All other ends are processes of their own.  Each round does each job once, in another order.  The shown ratio is the
median of the ratios of the rounds, so that other work of the machine affects both alike.
"""

from __future__ import annotations

import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import ExitStack
from pathlib import Path

import numpy as np
from table import heading, row, verdict

from traitsview.color.indexing import Indexing
from traitsview.geometry import Viewport
from traitsview.remote.protocol import codec
from traitsview.remote.protocol.codec import Code
from traitsview.remote.routes.own_process import OwnProcess
from traitsview.remote.viewer.link import Link
from traitsview.remote.viewer.remote_source import RemoteSource
from traitsview.remote.viewer.route import Route
from traitsview.sources.arrays.array_source import ArraySource
from traitsview.sources.image_source import Stage, never
from traitsview.sources.picture import DEFAULT_PICTURE
from traitsview.sources.reducing import compiler

SHAPE = (1080, 1920)
VIEWPORT = Viewport((1.0, 1.0), (0, 0), SHAPE)
ROUNDS = 200

#: Pixels of a pan, and the largest ratio of the moved bytes to those of the newly seen pixels.
PAN, PAN_LIMIT = 300, 1.15


class Ready(ArraySource):
    """A source that has its frame ready, so that only the wire is measured."""

    def render(self, viewport, plane=None, reduction="mean"):
        return self.frame

    def render_tiles(self, tiles, picture=DEFAULT_PICTURE, stale=never):
        for tile in tiles:
            yield tile, self.tile


def ready(text):
    source = Ready(np.zeros(SHAPE, np.float32))
    source.frame = np.random.default_rng(0).normal(size=SHAPE).astype(np.float32)
    # A compilation of kernels would compete for the interpreter's lock.
    compiler.finished(120)
    source.tile = source.frame[:256, :256].copy()
    return source


def serve_raw(folder):
    """Answer the byte 1 with a frame, and other bytes with a byte, at a unix socket and at a TCP socket."""
    frame = ready("").frame
    near = socket.socket(socket.AF_UNIX)
    near.bind(os.path.join(folder, "raw"))
    near.listen()
    far = socket.create_server(("127.0.0.1", 0))
    print(far.getsockname()[1], flush=True)
    threads = [threading.Thread(target=_answer, args=(listener.accept()[0], frame)) for listener in (near, far)]
    for thread in threads:
        thread.start()


def _answer(sock, frame):
    if sock.family == socket.AF_INET:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    with sock:
        while asked := sock.recv(1):
            sock.sendall(frame if asked == b"1" else b"x")


def serve_tcp():
    """Serve as a host at a TCP socket, which no command of ours does.  Only the benchmark's own process connects."""
    from traitsview.remote.host import server
    from traitsview.remote.host.source_pool import SourcePool
    from traitsview.remote.protocol import hello

    listener = socket.create_server(("127.0.0.1", 0))
    hello.peer_uid = lambda sock: os.geteuid()
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    print(listener.getsockname()[1], flush=True)
    server.Server(listener, SourcePool(ready)).serve_forever()


class TcpRoute(Route):
    """The way to a host at a TCP socket.  Its links check the bytes that they bring."""

    text_there = "it"

    def __init__(self, port):
        self._port = port

    def reach(self, viewer):
        return Link(self._dial, viewer=viewer)

    def _dial(self, timeout):
        sock = socket.create_connection(("127.0.0.1", self._port), timeout)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return sock


def raw_frame(sock):
    sock.sendall(b"1")
    data = np.empty(SHAPE, np.float32)
    view = memoryview(data).cast("B")
    while view:
        view = view[sock.recv_into(view) :]
    return data


def raw_call(sock):
    sock.sendall(b"0")
    return sock.recv(1)


def measured(actions, rounds):
    """Return the seconds of each action in every round.  Rounds do the actions in another order each."""
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
    RemoteSource(OwnProcess(path)).close()


def start_python():
    subprocess.run([sys.executable, "-c", "import numpy"], check=True)


def report_pan(source):
    """Print the bytes of pixels that a pan moves, before encoding, beside the bytes of the newly seen pixels."""
    list(source.render_tiles(VIEWPORT.tiles()))
    new = Viewport((1.0, 1.0), (SHAPE[1], 0), (SHAPE[0], PAN))
    parts = [seen_part(new, tile) for tile in new.tiles()]
    moved = sum(pixels.nbytes for _, pixels in source.render_tiles(parts))
    exposed = SHAPE[0] * PAN * 4
    ratio = moved / exposed
    line = (f"{moved / 1e6:.3f} MB", f"{exposed / 1e6:.3f} MB", f"{ratio:.2f}")
    print(row(f"pan by {PAN} pixels / new pixels", *line, f"<= {PAN_LIMIT:g}", verdict(ratio, PAN_LIMIT)))


def seen_part(viewport, tile):
    """Return the part of a tile that lies in a viewport."""
    here = viewport.overlap(tile)
    assert here is not None
    rows, columns = here
    origin = (viewport.origin[0] + columns.start, viewport.origin[1] + rows.start)
    return Viewport((1.0, 1.0), origin, (rows.stop - rows.start, columns.stop - columns.start))


def density(size=1024):
    """Return a log-normal density, similar to simulations of gas."""
    rng = np.random.default_rng(1)
    k = np.hypot(*np.meshgrid(np.fft.fftfreq(size), np.fft.fftfreq(size)))
    k[0, 0] = 1.0
    waves = np.real(np.fft.ifft2(np.fft.fft2(rng.normal(size=(size, size))) * k**-1.5))
    return np.exp(1.2 * waves / waves.std()).astype(np.float32)


def report_codecs():
    """Print ratio and rates of each code for tiles of a density, and the time of a tile over four links."""
    values = density()
    indexing = Indexing(tuple(float(p) for p in np.percentile(values, (1, 99))), "log", 253)
    print()
    print("tiles of a log-normal density, one thread")
    print(heading("", "ratio", "encode", "decode", " ", "a tile at 10M / 100M / 1G / 10G"))
    for name, array in (("values", values), ("indices", indexing.indices(values))):
        tiles = [np.ascontiguousarray(array[y : y + 256, x : x + 256]) for y in (0, 512) for x in (0, 256, 512)]
        for code in Code:
            figures = [codec_figures(tile, code) for tile in tiles for _ in range(5)]
            ratio, encoding, decoding = (statistics.median(column) for column in zip(*figures, strict=True))
            size = tiles[0].nbytes
            soon = [
                size / encoding + size / ratio / link + size / decoding for link in (1.25e6, 1.25e7, 1.25e8, 1.25e9)
            ]
            rates = (f"{encoding / 1e6:.0f} MB/s", f"{decoding / 1e6:.0f} MB/s")
            if code is Code.RAW:
                rates, soon = ("", ""), [size / link for link in (1.25e6, 1.25e7, 1.25e8, 1.25e9)]
            spent = " / ".join(f"{seconds * 1e3:.3g}" for seconds in soon)
            print(row(f"{name} {code.name}", f"{ratio:.2f}", *rates, " ", spent + " ms"))


def codec_figures(tile, code):
    """Return the ratio of compression, and the rates of encoding and decoding in bytes per second."""
    start = time.perf_counter()
    data = codec.encode(tile, code)
    encoded = time.perf_counter()
    assert codec.decode(data, code, tile.dtype, tile.shape).nbytes == tile.nbytes
    decoded = time.perf_counter()
    return tile.nbytes / data.size, tile.nbytes / (encoded - start), tile.nbytes / (decoded - encoded)


def main():
    os.environ["PYTHONPATH"] = str(Path(__file__).parent)
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="tv-"))
        peers = [
            stack.enter_context(subprocess.Popen([sys.executable, __file__, *args], stdout=subprocess.PIPE))
            for args in (("--raw", folder), ("--tcp",))
        ]
        ports = [int(peer.stdout.readline()) for peer in peers]
        near = stack.enter_context(socket.socket(socket.AF_UNIX))
        near.connect(os.path.join(folder, "raw"))
        far = stack.enter_context(socket.create_connection(("127.0.0.1", ports[0])))
        far.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        source = stack.enter_context(RemoteSource(OwnProcess("", "bench_wire:ready")))
        from traitsview.remote.protocol import hello

        hello.peer_uid = lambda sock: os.geteuid()
        distant = stack.enter_context(RemoteSource(TcpRoute(ports[1])))
        tiles = VIEWPORT.tiles()
        assert np.array_equal(raw_frame(near), source.render(VIEWPORT))
        assert np.array_equal(raw_frame(far), distant.render(VIEWPORT))
        actions = {
            "raw": lambda: raw_frame(near),
            "ours": lambda: source.render(VIEWPORT),
            "raw tcp": lambda: raw_frame(far),
            "ours tcp": lambda: distant.render(VIEWPORT),
            "tiles": lambda: list(source.render_stages((Stage(tiles),))),
        }
        times = measured(actions, ROUNDS)
        print(f"medians of {ROUNDS} shuffled rounds")
        print(heading("", "ours", "limit", "ratio", "asked"))
        report("8.3 MB frame / unix socket", times, "raw", "ours", 1.5)
        report("8.3 MB frame, checked / TCP socket", times, "raw tcp", "ours tcp", 1.5)
        scale = len(tiles) * 256 * 256 / (SHAPE[0] * SHAPE[1])
        times["raw"] = [seconds * scale for seconds in times["raw"]]
        report(f"as {len(tiles)} tiles / socket, their size", times, "raw", "tiles", None)
        link = source._contact.link()
        times = measured({"raw": lambda: raw_call(near), "ours": link.ping}, ROUNDS * 20)
        report("call of nothing / byte and back", times, "raw", "ours", 8)
        file = os.path.join(folder, "image.npy")
        np.save(file, np.zeros((2 * SHAPE[0], 2 * SHAPE[1]), np.float32))
        with RemoteSource(OwnProcess(file)) as image:
            report_pan(image)
        times = measured({"raw": start_python, "ours": lambda: start_host(file)}, 10)
        report("start of a host to info / of numpy", times, "raw", "ours", None)
        near.close()
        far.close()
        for peer in peers:
            peer.terminate()
    report_codecs()


if __name__ == "__main__":
    if "--raw" in sys.argv:
        serve_raw(sys.argv[-1])
    elif "--tcp" in sys.argv:
        serve_tcp()
    else:
        main()
