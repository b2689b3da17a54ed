"""Many connections over one stream: whole, in order, side by side and within limits, whatever the stream does."""

from __future__ import annotations

import contextlib
import hashlib
import random
import socket
import struct
import threading

import pytest
from kit.descriptors import descriptors
from kit.patience import PATIENCE, pass_time

from traitsview.errors import HostGone
from traitsview.remote.tunnel import tunnel as tunnels
from traitsview.remote.tunnel.byte_stream import DescriptorStream
from traitsview.remote.tunnel.tunnel import TO_VIEWER_BYTES, Tunnel
from traitsview.remote.tunnel.tunnel_frame import DATA_BYTES, FrameKind, FrameReader, words_frame
from traitsview.remote.tunnel.tunnel_frame import frame as written

HEADER = struct.Struct("!BII")


class Sliced(DescriptorStream):
    """A stream that gives and takes one byte at a time."""

    def read(self, buffer):
        return super().read(buffer[:1])

    def write(self, data):
        return super().write(data[:1])


class Ends:
    """Two tunnels over one stream: `near` opens connections, which come out at `accepted`."""

    def __init__(self, stream=DescriptorStream, **options):
        self.accepted = []
        self.came = threading.Condition()
        pair = socket.socketpair()
        streams = [stream(sock.fileno(), sock.detach()) for sock in pair]
        self.near = Tunnel(streams[0])
        self.far = Tunnel(streams[1], self.answer, **options)
        self.threads = [threading.Thread(target=each.run, daemon=True) for each in (self.near, self.far)]
        for thread in self.threads:
            thread.start()

    def answer(self, number):
        ours, theirs = socket.socketpair()
        ours.settimeout(PATIENCE)
        with self.came:
            self.accepted.append(ours)
            self.came.notify_all()
        return theirs

    def connect(self):
        """Return both ends of a new connection."""
        count = len(self.accepted)
        near = self.near.connect(PATIENCE)
        near.settimeout(PATIENCE)
        with self.came:
            assert self.came.wait_for(lambda: len(self.accepted) > count, PATIENCE)
        return near, self.accepted[-1]

    def close(self):
        self.near.close()
        for thread in self.threads:
            thread.join(PATIENCE)
            assert not thread.is_alive()
        for sock in self.accepted:
            sock.close()


@pytest.fixture
def ends():
    made = []

    def make(*args, **options):
        made.append(Ends(*args, **options))
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.fixture
def raw():
    """Return a tunnel whose other end is a plain socket, for what no tunnel would say; a thread runs it."""
    made = []

    def make(**options):
        sock, theirs = socket.socketpair()
        sock.settimeout(PATIENCE)
        tunnel = Tunnel(DescriptorStream(theirs.fileno(), theirs.detach()), **options)
        thread = threading.Thread(target=tunnel.run, daemon=True)
        thread.start()
        made.append((tunnel, thread, sock))
        return tunnel, sock

    yield make
    for tunnel, thread, sock in made:
        tunnel.close()
        thread.join(PATIENCE)
        assert not thread.is_alive()
        sock.close()


def received(sock, size):
    data = bytearray()
    while len(data) < size:
        part = sock.recv(min(1 << 16, size - len(data)))
        assert part, f"{len(data)} of {size} bytes came"
        data += part
    return bytes(data)


def frame(sock):
    kind, number, size = HEADER.unpack(received(sock, HEADER.size))
    return kind, number, size, received(sock, size) if kind in (FrameKind.DATA, FrameKind.WORDS) else b""


@pytest.mark.parametrize("size", [1, 2, 8, 9, 10, 1000])
def test_frames_are_found_in_pieces_of_any_size(size):
    data = b"".join(
        (
            written(FrameKind.OPEN, 1, 5),
            words_frame(1, "no server"),
            written(FrameKind.CLOSE, 1),
            written(FrameKind.PING),
        )
    )
    reader, found = FrameReader(), []
    for start in range(0, len(data), size):
        for kind, number, length, part in reader.read(memoryview(data[start : start + size])):
            if part is None:
                found.append((kind, number, length, b""))
            else:
                found[-1] = (*found[-1][:3], found[-1][3] + part)
    assert found == [
        (FrameKind.OPEN, 1, 5, b""),
        (FrameKind.WORDS, 1, 9, b"no server"),
        (FrameKind.CLOSE, 1, 0, b""),
        (FrameKind.PING, 0, 0, b""),
    ]


@pytest.mark.fault("N14")
@pytest.mark.parametrize(("stream", "size"), [(DescriptorStream, 20_000_000), (Sliced, 20_000)])
def test_bytes_arrive_whole_and_in_order_both_ways(ends, stream, size):
    both = ends(stream)
    pairs = [both.connect() for _ in range(3)]
    datas = [[random.Random(2 * at + way).randbytes(size) for way in (0, 1)] for at in range(3)]
    threads = [
        threading.Thread(target=pair[way].sendall, args=(data[way],))
        for pair, data in zip(pairs, datas, strict=True)
        for way in (0, 1)
    ]
    found = {}

    def read(at, way):
        found[at, way] = hashlib.sha256(received(pairs[at][1 - way], size)).digest()

    threads += [threading.Thread(target=read, args=(at, way)) for at in range(3) for way in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
        assert not thread.is_alive()
    assert found == {(at, way): hashlib.sha256(datas[at][way]).digest() for at in range(3) for way in (0, 1)}
    for near, _ in pairs:
        near.close()


def test_bytes_sent_before_the_end_arrive_before_the_end(ends):
    both = ends()
    for size in (0, 1, 300_000):
        near, far = both.connect()
        thread = threading.Thread(target=lambda far=far, size=size: (far.sendall(b"x" * size), far.close()))
        thread.start()
        assert received(near, size) == b"x" * size
        assert near.recv(1) == b""
        thread.join()
        near.close()


def test_unread_bytes_outlive_the_end_of_their_sender(ends, wait_until):
    both = ends()
    near, far = both.connect()
    data = random.Random(3).randbytes(TO_VIEWER_BYTES - 1000)
    far.sendall(data)
    far.close()
    wait_until(lambda: not both.far._channels)
    wait_until(lambda: both.near._channels[1].ending)
    assert received(near, len(data)) == data
    assert near.recv(1) == b""
    near.close()


def test_an_end_that_goes_in_the_midst_of_a_picture_harms_nobody_else(ends, wait_until):
    both = ends()
    (one, far_one), (two, far_two) = both.connect(), both.connect()
    sender = threading.Thread(target=_send, args=(far_one, 3 * TO_VIEWER_BYTES))
    sender.start()
    received(one, 1000)
    one.close()
    sender.join(PATIENCE)
    assert not sender.is_alive()
    far_two.sendall(b"word")
    assert received(two, 4) == b"word"
    wait_until(lambda: len(both.near._channels) == 1)
    two.close()


def _send(sock, size):
    with contextlib.suppress(OSError):
        sock.sendall(bytes(size))


def test_a_stream_that_nobody_reads_is_waited_for_without_piling_up(raw, wait_until):
    tunnel, _ = raw()
    ways = [tunnel.connect() for _ in range(20)]
    for way in ways:
        way.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            way.send(bytes(tunnels.TO_HOST_BYTES))
    wait_until(lambda: tunnel._blocked)
    turns, turn = [], tunnel._turn
    tunnel._turn = lambda: turns.append(turn())
    pass_time(0.2)
    # Neither memory nor time is spent on waiting.
    assert len(tunnel._out) < 2 * DATA_BYTES
    assert turns == []
    for way in ways:
        way.close()


def test_closing_one_end_closes_the_other_and_nothing_else(ends):
    both = ends()
    (one, far_one), (two, far_two) = both.connect(), both.connect()
    one.close()
    assert far_one.recv(1) == b""
    two.sendall(b"word")
    assert received(far_two, 4) == b"word"
    two.close()


def test_a_connection_that_nobody_reads_stalls_itself_alone_and_memory_is_bounded(ends, wait_until):
    both = ends()
    (stuck, far_stuck), (live, far_live) = both.connect(), both.connect()
    far_stuck.setblocking(False)
    sent = refused = 0
    # Until nothing is taken, though both ends have had many turns.
    while refused < 50:
        try:
            sent += far_stuck.send(bytes(1 << 16))
            refused = 0
        except BlockingIOError:
            refused += 1
            far_live.sendall(b"x" * 1000)
            assert received(live, 1000) == b"x" * 1000
    # The credit, and what the kernel keeps at the four sockets in between.
    assert sent < TO_VIEWER_BYTES + (8 << 20)
    channel = both.near._channels[1]
    assert len(channel.waiting) <= TO_VIEWER_BYTES
    data = received(stuck, sent)
    assert len(data) == sent
    stuck.close()
    live.close()


def test_a_short_word_does_not_wait_behind_a_picture(raw):
    tunnel, sock = raw()
    picture, word = tunnel.connect(), tunnel.connect()
    picture.settimeout(PATIENCE)
    sender = threading.Thread(target=picture.sendall, args=(bytes(tunnels.TO_HOST_BYTES),))
    sender.start()
    word.sendall(b"now")
    kinds = []
    while not kinds or kinds[-1][3] != b"now":
        kinds.append(frame(sock))
        assert len([each for each in kinds if each[0] == FrameKind.DATA]) <= 1 + tunnels.TO_HOST_BYTES // DATA_BYTES
    sender.join()
    assert all(size <= DATA_BYTES for kind, _, size, _ in kinds if kind == FrameKind.DATA)
    picture.close()
    word.close()


def test_many_opened_and_closed_leave_nothing(ends, wait_until):
    both = ends()
    near, _ = both.connect()
    before = descriptors()
    for _ in range(300):
        one, far_one = both.connect()
        one.sendall(b"?")
        assert far_one.recv(1) == b"?"
        far_one.close()
        assert one.recv(1) == b""
        one.close()
    wait_until(lambda: len(both.near._channels) == len(both.far._channels) == 1)
    wait_until(lambda: not descriptors() - before)
    near.close()


def test_the_end_of_the_stream_ends_every_connection(ends):
    both = ends()
    pairs = [both.connect() for _ in range(3)]
    both.far.close()
    for near, far in pairs:
        assert near.recv(1) == b""
        assert far.recv(1) == b""
        near.close()
    both.threads[0].join(PATIENCE)
    assert not both.near.alive
    with pytest.raises(HostGone, match="the connection was closed"):
        both.near.connect(PATIENCE)


def test_a_connection_that_is_refused_comes_with_the_reason(raw, wait_until):
    asked = []
    tunnel, sock = raw(answer=asked.append)
    sock.sendall(HEADER.pack(FrameKind.OPEN, 7, 1000) + HEADER.pack(FrameKind.DATA, 7, 3) + b"abc")
    wait_until(lambda: asked == [7])
    tunnel.refuse(7, "no server")
    assert frame(sock) == (FrameKind.WORDS, 7, 9, b"no server")
    assert frame(sock) == (FrameKind.CLOSE, 7, 0, b"")
    other, sock = raw()
    sock.sendall(HEADER.pack(FrameKind.WORDS, 7, 9) + b"no server")
    wait_until(lambda: other.words == "no server")


def test_a_socket_that_is_supplied_later_gets_the_bytes_sent_before(raw, wait_until):
    asked = []
    tunnel, sock = raw(answer=asked.append)
    sock.sendall(HEADER.pack(FrameKind.OPEN, 7, 1000) + HEADER.pack(FrameKind.DATA, 7, 3) + b"abc")
    wait_until(lambda: asked == [7])
    ours, theirs = socket.socketpair()
    with ours:
        tunnel.supply(7, theirs)
        assert received(ours, 3) == b"abc"
    late, unwanted = socket.socketpair()
    with late:
        late.settimeout(PATIENCE)
        tunnel.supply(8, unwanted)
        assert late.recv(1) == b""


def test_asking_for_a_sign_of_life(ends, raw):
    assert ends().near.answers_within(PATIENCE)
    silent, _ = raw()
    assert not silent.answers_within(0.1)


def test_silence_ends_it():
    pair = socket.socketpair()
    tunnel = Tunnel(DescriptorStream(pair[0].fileno(), pair[0].detach()), silence=0.2)
    thread = threading.Thread(target=tunnel.run)
    thread.start()
    thread.join(PATIENCE)
    assert not thread.is_alive()
    assert tunnel.why == "nothing was heard for 0 s"
    pair[1].close()


@pytest.mark.parametrize(
    "words",
    [
        HEADER.pack(FrameKind.OPEN, 1, 1),  # nobody may open anything at a viewer
        HEADER.pack(FrameKind.DATA, 1, DATA_BYTES + 1),
        HEADER.pack(FrameKind.WORDS, 1, 4097),
        HEADER.pack(0, 0, 0),
        HEADER.pack(99, 0, 0),
        b"HTTP/1.1 400 Bad Request\r\n",
    ],
)
def test_nonsense_ends_it(raw, words, wait_until):
    tunnel, sock = raw()
    sock.sendall(words)
    wait_until(lambda: not tunnel.alive)
    assert tunnel.why.startswith("it sent")


def test_more_than_was_allowed_ends_it(raw, wait_until):
    tunnel, sock = raw()
    near = tunnel.connect()
    assert frame(sock)[0] == FrameKind.OPEN
    piece = HEADER.pack(FrameKind.DATA, 1, DATA_BYTES) + bytes(DATA_BYTES)
    sent = 0
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        while sent < 2 * TO_VIEWER_BYTES:
            sock.sendall(piece)
            sent += DATA_BYTES
    assert sent < 2 * TO_VIEWER_BYTES
    wait_until(lambda: not tunnel.alive)
    assert tunnel.why == f"it sent {DATA_BYTES} bytes where 0 were allowed"
    near.close()


def test_too_many_connections_are_closed_at_once(raw):
    _, sock = raw(answer=lambda number: None)
    for number in range(tunnels.CHANNELS + 1):
        sock.sendall(HEADER.pack(FrameKind.OPEN, number, 1))
    assert frame(sock) == (FrameKind.CLOSE, tunnels.CHANNELS, 0, b"")


def test_random_bytes_end_a_tunnel_or_are_ignored(raw):
    dice = random.Random(5)
    for _ in range(300):
        tunnel, sock = raw(answer=lambda number: None)
        parts = [HEADER.pack(dice.randrange(9), dice.randrange(4), dice.choice((0, 1, 9, 70000))) for _ in range(9)]
        data = b"".join(parts) + dice.randbytes(dice.randrange(40))
        sock.sendall(data)
        sock.shutdown(socket.SHUT_WR)
        while sock.recv(1 << 16):
            pass
        assert tunnel.why.startswith(("it sent", "the connection was closed")), tunnel.why
