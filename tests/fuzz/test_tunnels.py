"""With any bytes on its stream a tunnel carries the valid frames or ends, and its memory stays within its windows."""

from __future__ import annotations

import socket
import struct

import pytest
from kit.fuzzing import fuzz
from kit.mutation import NUMBERS, mutated

from traitsview.remote.tunnel.tunnel import CHANNELS, TO_HOST_BYTES, TO_VIEWER_BYTES, Tunnel
from traitsview.remote.tunnel.tunnel_frame import FrameKind

HEADER = struct.Struct("!BII")
_ANSWERED = b"answer"


class MadeStream:
    """A stream that has these bytes to read, and sometimes takes no bytes when it is written to."""

    def __init__(self, data, pieces, busy):
        self._data = data
        self._pieces = pieces
        self._busy = busy
        self._turn = 0
        # Something to wait for, that is always ready.
        self._sock, self._other = socket.socketpair()
        self._other.close()
        self.closed = False

    def reading(self):
        return self._sock.fileno()

    writing = reading
    unsent = False

    def flush(self):
        pass

    def read(self, buffer):
        self._turn += 1
        if self._turn % 3 == 0:
            raise BlockingIOError
        size = min(len(buffer), self._pieces)
        part, self._data = self._data[:size], self._data[size:]
        buffer[: len(part)] = part
        return len(part)

    def write(self, data):
        self._turn += 1
        if self._turn % self._busy == 0:
            raise BlockingIOError
        return min(len(data), 5000)

    def close(self):
        self.closed = True
        self._sock.close()


def frame(rng):
    kind = rng.choice((*FrameKind, *FrameKind, 0, 9, 255))
    channel = rng.choice((0, 1, 1, 1, 2, 2, 3, rng.choice(NUMBERS)))
    if kind in (FrameKind.DATA, FrameKind.WORDS):
        size = rng.choice((0, 1, 10, 10, 100, 5000))
        return HEADER.pack(kind, channel, size) + rng.randbytes(size)
    return HEADER.pack(kind, channel, rng.choice((0, 1, 100, TO_HOST_BYTES, TO_VIEWER_BYTES, rng.choice(NUMBERS))))


def made(rng):
    frames = [frame(rng) for _ in range(rng.randrange(1, 12))]
    if rng.random() < 0.5:
        frames.insert(0, HEADER.pack(FrameKind.OPEN, 1, TO_VIEWER_BYTES))
    data = b"".join(frames)
    return (
        mutated(rng, data, frames) if rng.random() < 0.6 else data,
        rng.choice((1 << 20, 1 << 20, 100, 7)),
        rng.choice((2, 3, 1000)),
        rng.choice(("host", "viewer")),
        rng.choice(("now", "later", "never", "closed")),
    )


def check(case):
    data, pieces, busy, side, how = case
    stream = MadeStream(data, pieces, busy)
    others = []

    def answer(number):
        ours, theirs = socket.socketpair()
        others.append(theirs)
        theirs.setblocking(False)
        theirs.sendall(_ANSWERED)
        if how == "closed":
            theirs.close()
        if how == "now":
            return ours
        if how == "never":
            ours.close()
            tunnel.refuse(number, "no\x1b[31m")
        else:
            tunnel.supply(number, ours)
        return None

    tunnel = Tunnel(stream, answer if side == "host" else None)
    if side == "viewer":
        for _ in range(2):
            others.append(tunnel.connect())
    tunnel.run()
    assert tunnel.why
    assert stream.closed
    assert not tunnel.alive
    assert len(tunnel.words) <= 4096
    assert len(others) <= CHANNELS + len(data) // HEADER.size
    for sock in others:
        sock.close()


@pytest.mark.fault("G11", "X2")
def test_any_bytes_on_a_stream_are_carried_or_end_the_tunnel():
    fuzz("tunnels", made, check)
