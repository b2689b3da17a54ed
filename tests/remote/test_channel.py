"""A bit that changes on its way ends the connection with an error of ours: never a wrong pixel or a wrong answer."""

from __future__ import annotations

import contextlib
import socket
import threading

import numpy as np
import pytest
from kit.patience import PATIENCE

from traitsview.color.indexing import Indexing
from traitsview.errors import TraitsviewError
from traitsview.geometry import Viewport
from traitsview.remote import wire
from traitsview.remote.protocol import endpoint, hello
from traitsview.remote.protocol.channel import AttachmentChannel
from traitsview.remote.protocol.coder import Speeds
from traitsview.remote.protocol.hello import Role
from traitsview.remote.protocol.stream import BufferStream
from traitsview.remote.viewer.calling import Calling
from traitsview.remote.viewer.inbox import Inbox
from traitsview.sources.arrays.array_source import ArraySource
from traitsview.sources.image_source import Stage
from traitsview.sources.picture import Picture
from traitsview.sources.questions.sample import Sample

VIEW = Viewport((1.0, 1.0), (3, 4), (40, 50))
LIMIT = 1500
PICTURE = wire.pack_picture(Picture())
STAGES = (
    Stage(VIEW.zoomed(0.5).tiles(16)[:6], Indexing((-1.0, 1.0), "linear", 200)),
    Stage(VIEW.tiles(32)),
)


class Recorded:
    """A connection to a host, by way of something that keeps what passes."""

    def __init__(self, path, role, session):
        self.said = bytearray()
        self.heard = bytearray()
        self._far = endpoint.connect(path, PATIENCE)
        self._far.settimeout(None)
        self._near, self.sock = socket.socketpair()
        near = self._near
        self._pumps = [
            threading.Thread(target=_pump, args=pair, daemon=True)
            for pair in ((near, self._far, self.said), (self._far, near, self.heard))
        ]
        for pump in self._pumps:
            pump.start()
        hello.greet(self.sock, role, session)

    def close(self):
        for pump in self._pumps:
            pump.join(PATIENCE)
        self._near.close()
        self._far.close()


def _pump(source, sink, kept):
    with contextlib.suppress(OSError):
        while data := source.recv(1 << 16):
            kept += data
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)


def calls(connection):
    """Open the image and return what comes of looking at it."""
    frame, _ = wire.unpack_opened(connection.call("open", "it", allowance=10_000), connection.channel)
    answer = connection.call("render", wire.pack_viewport(VIEW), PICTURE, allowance=VIEW.shape[0] * 50 * 4)
    pixels = wire.unpack_array(answer, connection.channel, VIEW.shape, frame.info.pixel_dtype)
    question = Sample(((5.5, 6.5),))
    answer = connection.call("ask", 1, wire.pack_question(question), PICTURE, allowance=64)
    return pixels, wire.unpack_answer(answer, question, frame.info, connection.channel)


def frames(connection, info):
    """Return all that comes for the wish."""
    inbox = Inbox()
    inbox.expect(STAGES, info)
    found = []
    more = True
    while more:
        connection.ask("next", 5.0, LIMIT)
        inbox.accept(connection.answer(LIMIT), connection.channel)
        arrived, more = inbox.take(0)
        found += arrived
    return [rendered.pixels for rendered in found]


@pytest.fixture
def recorded(serve, image):
    """Return what was said on a connection for calls and one for frames, and what came of it."""
    path = serve(ArraySource(image))
    session = hello.session_of(hello.new_viewer())
    control = endpoint.connect(path, PATIENCE)
    hello.greet(control, Role.CONTROL, session)
    control = Calling(AttachmentChannel(BufferStream(control)))
    found = {}
    for role, script in ((Role.CALLS, calls), (Role.FRAMES, lambda line: frames(line, ArraySource(image).info))):
        tape = Recorded(path, role, session)
        line = Calling(AttachmentChannel(BufferStream(tape.sock)))
        if role is Role.FRAMES:
            # On a slow link, so that some of it is encoded.
            speeds = wire.pack_speeds(Speeds(1e6))
            control.call("wish", 2, wire.pack_stages(STAGES), PICTURE, speeds)
        truth = script(line)
        line.close()
        tape.close()
        found[role] = (script, bytes(tape.said), bytes(tape.heard), truth)
    control.close()
    return path, session, found


def played(data, session, script):
    """Return what a viewer makes of `data`, all that a host says on one connection."""
    ours, theirs = socket.socketpair()
    ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
    sending = threading.Thread(target=_sent, args=(theirs, data), daemon=True)
    sending.start()
    try:
        hello.await_welcome(ours, session)
        line = Calling(AttachmentChannel(BufferStream(ours, patience=5.0)))
        try:
            return script(line)
        finally:
            line.close()
    finally:
        ours.close()
        sending.join(PATIENCE)
        theirs.close()


def _sent(sock, data):
    try:
        sock.sendall(data)
        sock.shutdown(socket.SHUT_WR)
    except OSError:
        pass


def flipped(data, bit):
    changed = bytearray(data)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


@pytest.mark.fault("N6")
@pytest.mark.parametrize("role", [Role.CALLS, Role.FRAMES])
def test_no_changed_bit_of_what_a_host_says_becomes_a_pixel(recorded, role):
    _, session, found = recorded
    script, _, heard, truth = found[role]
    for pixels, wanted in zip(played(heard, session, script), truth, strict=True):
        np.testing.assert_array_equal(pixels, wanted)
    bits = np.random.default_rng(role).integers(0, len(heard) * 8, 1250)
    for bit in (*range(0, 61 * 8, 7), *bits):
        with pytest.raises(TraitsviewError):
            played(flipped(heard, int(bit)), session, script)


@pytest.mark.fault("N6")
def test_no_changed_bit_of_what_a_viewer_says_is_answered(recorded):
    path, session, found = recorded
    _, said, heard, _ = found[Role.CALLS]
    begin = 32  # the hello names a session, and another one is another viewer's
    for bit in np.random.default_rng(9).integers(begin * 8, len(said) * 8, 250):
        with endpoint.connect(path, PATIENCE) as control, endpoint.connect(path, PATIENCE) as sock:
            hello.greet(control, Role.CONTROL, session)
            sock.sendall(flipped(said, int(bit)))
            sock.shutdown(socket.SHUT_WR)
            received = b""
            while data := _received(sock):
                received += data
        assert heard.startswith(received)
        assert len(received) < len(heard)


def _received(sock):
    try:
        return sock.recv(1 << 16)
    except ConnectionError:
        return b""
