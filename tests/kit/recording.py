"""Records the bytes between a viewer and a host in a session with every call.

The link claims to be slow, so that pixels are compressed.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from dataclasses import dataclass, field

import numpy as np
from rpyc.core import brine, consts

from traitsview.color.indexing import Indexing
from traitsview.geometry import Viewport
from traitsview.remote.host.server import Server
from traitsview.remote.host.source_pool import SourcePool
from traitsview.remote.protocol import codec, endpoint, hello
from traitsview.remote.protocol.channel import AttachmentChannel
from traitsview.remote.routes import own_process
from traitsview.remote.viewer.link import Link
from traitsview.remote.viewer.pace import Pace
from traitsview.remote.viewer.remote_source import RemoteSource
from traitsview.remote.viewer.route import Route
from traitsview.sources.arrays.array_source import ArraySource
from traitsview.sources.image_source import Stage

from .patience import PATIENCE
from .streams import made_stream

HELLO = hello._HELLO.size
VIEW = Viewport((1.0, 1.0), (0, 0), (60, 80))


@dataclass
class Recorded:
    """The bytes of one connection from the viewer and from the host, with their hellos."""

    viewer: bytearray = field(default_factory=bytearray)
    host: bytearray = field(default_factory=bytearray)

    @property
    def role(self) -> hello.Role:
        return hello.Role(self.viewer[12] & 0x7F)

    @property
    def calls(self) -> list[tuple[str, tuple]]:
        """The calls of the viewer in order: names and arguments."""
        found = []
        for body in messages(bytes(self.viewer[HELLO:])):
            assert body[0] == consts.MSG_REQUEST
            _, (_, (_, (_, name, args, _))) = brine.load(body[1:])
            found.append((name, args))
        return found


def messages(data):
    """Return the messages in the bytes after a hello."""
    channel = AttachmentChannel(made_stream(data)[0])
    channel.allowance = 1 << 30
    found = []
    with contextlib.suppress(EOFError):
        while True:
            found.append(channel.recv())
    return found


class Tap(Route):
    """The way to a host that records its connections.  `spoil` changes the bytes that come from the host."""

    text_there = "it"

    def __init__(self, path, spoil=lambda data: data):
        self._path = path
        self._spoil = spoil
        self.recorded: list[Recorded] = []
        self._threads: list[threading.Thread] = []
        self._socks: list[socket.socket] = []

    def reach(self, viewer):
        return Link(self._dial, viewer=viewer)

    def _dial(self, timeout):
        theirs = endpoint.connect(self._path, timeout)
        theirs.settimeout(None)
        ours, end = socket.socketpair()
        self._socks += [theirs, end]
        record = Recorded()
        self.recorded.append(record)
        for source, sink, kept, spoil in (
            (end, theirs, record.viewer, lambda data: data),
            (theirs, end, record.host, self._spoil),
        ):
            thread = threading.Thread(target=_pump, args=(source, sink, kept, spoil), daemon=True)
            thread.start()
            self._threads.append(thread)
        return ours

    def join(self):
        """Wait until all bytes have been passed on."""
        for thread in self._threads:
            thread.join(PATIENCE)
        for sock in self._socks:
            sock.close()


def _pump(source, sink, kept, spoil):
    with contextlib.suppress(OSError):
        while data := source.recv(1 << 16):
            kept += data
            sink.sendall(spoil(data))
    with contextlib.suppress(OSError):
        sink.shutdown(socket.SHUT_RDWR)


@contextlib.contextmanager
def serving(source):
    """Serve a source within the block; yield the path of the socket."""
    folder = endpoint.private_folder(endpoint.runtime_folder() / f"fuzz-{time.monotonic_ns()}")
    server = Server(endpoint.listen(folder / "socket"), SourcePool(lambda text: source, keep=0.0))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield folder / "socket"
    finally:
        server.close()
        thread.join(PATIENCE)
        own_process._remove(folder)


def image():
    """Return the image of the session."""
    return ArraySource(np.sqrt(np.arange(4800, dtype=np.float32)).reshape(60, 80), unit="K", name="image")


def session(source):
    """Make every call of a source."""
    stages = (
        Stage(tuple(Viewport((2.0, 2.0), (0, 0), (30, 40)).tiles(16))),
        Stage(tuple(VIEW.tiles(32)), Indexing((0.0, 70.0), "histogram", 256, True, 2.0, 0.4, (0.0, 0.2, 1.0))),
        Stage(tuple(VIEW.tiles(64))),
    )
    list(source.render_stages(stages))
    source._contact.link().control.post("cancel", 2)
    source.render(VIEW)
    source.sample([(1.0, 2.0), (30.0, 40.0)])
    source.summarize()
    source.world([(1.0, 2.0)])
    source.wait_newer(0, 0.0)


def recorded(monkeypatch):
    """Return the connections of a session that have any call."""
    monkeypatch.setattr(Pace, "bandwidth", property(lambda self: 1e5))
    codec._import()
    with serving(image()) as path:
        tap = Tap(path)
        with RemoteSource(tap) as source:
            session(source)
        tap.join()
    return [each for each in tap.recorded if each.calls]
