"""A peer that is not let in costs a host hardly anything, learns nothing, and delays no viewer."""

from __future__ import annotations

import contextlib
import os
import random
import select
import socket
import struct
import threading
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from kit.mutation import mutated
from kit.patience import PATIENCE, attempts, wait_until
from rpyc.core import brine, consts

from traitsview.geometry import Viewport
from traitsview.remote.protocol import channel, hello
from traitsview.remote.protocol.channel import AttachmentChannel
from traitsview.remote.protocol.stream import BufferStream
from traitsview.remote.routes import own_process
from traitsview.remote.viewer.remote_source import RemoteSource

VIEW = Viewport((1.0, 1.0), (0, 0), (60, 80))

#: All answers of a host to a peer that is not let in: its version, that there is no such session, or that it is full.
TO_STRANGERS = {
    hello._HELLO.pack(b"traitsview", hello.VERSION, answer, bytes(19))
    for answer in (hello.Answer.OTHER_VERSION, hello.Answer.UNKNOWN, hello.Answer.FULL)
}

#: A gigabyte of zeros, compressed as in rpyc's channel.
BOMB = zlib.compress(bytes(1 << 24), 9) * 64


@pytest.fixture(scope="module")
def host(tmp_path_factory):
    """Yield a host process, and the source that its owner has open in it."""
    path = tmp_path_factory.mktemp("strangers") / "image.npy"
    np.save(path, np.arange(4800, dtype=np.float32).reshape(60, 80))
    process = own_process.OwnProcess(str(path))
    source = RemoteSource(process)
    source.render(VIEW)
    yield process, source
    source.close()


def resident(process):
    return int(Path(f"/proc/{process.pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE")


def connected(process):
    """Return a connection to a host, as soon as the host accepts one."""
    for _ in attempts():
        sock = socket.socket(socket.AF_UNIX)
        sock.settimeout(PATIENCE)
        try:
            sock.connect(str(process.path))
        except BlockingIOError:
            sock.close()
        else:
            break
    return sock


def let_in(process):
    """Return a connection that has said hello and was welcomed."""
    for _ in attempts():
        sock = connected(process)
        try:
            hello.greet(sock, hello.Role.CONTROL, hello.session_of(hello.new_viewer()))
        except ConnectionError:
            sock.close()
        else:
            break
    return sock


def ended(sock):
    """Whether the host has ended a connection."""
    poll = select.poll()
    poll.register(sock, select.POLLRDHUP)
    return bool(poll.poll(0))


def said_to(sock):
    """Return all bytes that a host sends until it ends the connection."""
    said = b""
    with contextlib.suppress(ConnectionError):
        while part := sock.recv(4096):
            said += part
    return said


@contextlib.contextmanager
def owner_is_served(source):
    """Render the image again and again within the block.  It must come each time, whatever strangers do.

    Yield a function that waits until the image has come four times more.
    """
    over = threading.Event()
    count = 0

    def look():
        nonlocal count
        while not over.is_set():
            assert source.render(VIEW)[1, 0] == 80
            count += 1
            over.wait(0.01)

    with ThreadPoolExecutor(1) as pool:
        looking = pool.submit(look)

        def served():
            wanted = count + 4
            wait_until(lambda: count >= wanted or looking.done())

        try:
            yield served
            served()
        finally:
            over.set()
            looking.result(PATIENCE)


def words():
    """Yield the bytes that strangers send: none, nearly a hello, another protocol, compressed bombs, very many."""
    rng = random.Random(1)
    good = hello._HELLO.pack(b"traitsview", hello.VERSION, 1, bytes(19))
    bare = (b"", good[:31], b"GET / HTTP/1.1\r\n\r\n", b"SSH-2.0-x\r\n", b"\x16\x03\x01\x02\x00\x01" + bytes(500))
    rpyc = (
        struct.pack("!LB", 2**32 - 1, 0) + bytes(100),
        struct.pack("!LB", len(BOMB), 1) + BOMB + b"\n",
        b"\xff" * 300_000,
    )
    while True:
        yield from bare
        yield from rpyc
        yield from (mutated(rng, good) for _ in range(20))
        # The number of a session that is not theirs.
        for role in (2, 3):
            yield hello._HELLO.pack(b"traitsview", hello.VERSION, role, rng.randbytes(19))


@pytest.mark.fault("X2")
def test_strangers_hear_nothing_or_a_refusal(host):
    process, source = host
    told = words()
    with owner_is_served(source):
        for _ in range(60):
            with connected(process) as sock:
                data = next(told)
                if data[10:13] == struct.pack("!HB", hello.VERSION, 1) and data[:10] == b"traitsview":
                    continue  # it is a hello
                with contextlib.suppress(OSError):
                    sock.sendall(data)
                    sock.shutdown(socket.SHUT_WR)
                said = said_to(sock)
                assert said == b"" or said in TO_STRANGERS, said


@pytest.mark.fault("X2")
def test_ten_thousand_connections_leave_no_memory_in_use(host):
    process, source = host
    told = words()

    def knock(count):
        for _ in range(count):
            with connected(process) as sock, contextlib.suppress(OSError):
                sock.setblocking(False)
                sock.send(next(told))

    with owner_is_served(source):
        knock(3_000)  # by then the heaps of its threads have their final size
        before = resident(process)
        knock(10_000)
        with let_in(process):
            pass
    assert resident(process) - before < 5e6


@pytest.mark.fault("X2")
def test_silent_and_slow_strangers_are_limited_in_number_and_the_owner_is_served(host):
    process, source = host
    before = resident(process)
    with contextlib.ExitStack() as stack, owner_is_served(source) as served:
        waiting = [stack.enter_context(connected(process)) for _ in range(34)]
        for number, sock in enumerate(waiting):
            with contextlib.suppress(OSError):
                sock.send(b"traitsview"[: number % 10])
        assert resident(process) - before < 5e6
        # The owner must be served while they are connected.
        served()
        assert not all(ended(sock) for sock in waiting)
        for sock in waiting:
            assert said_to(sock) == b""
    with let_in(process):
        pass


@pytest.mark.fault("X2")
def test_host_reads_few_bytes_of_a_stranger_that_sends_many(host):
    process, _ = host
    before = resident(process)
    with connected(process) as sock:
        sent = 0
        with contextlib.suppress(OSError):
            while sent < 64 << 20:
                sent += sock.send(b"x" * (1 << 16))
    # These bytes are in the buffers of the kernel, but for 32 that the host has read.
    assert sent < 1 << 20
    assert resident(process) - before < 5e6


@pytest.mark.fault("X2")
@pytest.mark.parametrize(
    "data",
    [
        struct.pack("!LB", len(BOMB), 1) + BOMB + b"\n",
        channel.head_of(1, 0, len(BOMB), zlib.crc32(BOMB)) + BOMB,
        channel.head_of(channel.MESSAGE, 0, 1 << 32, 0) + bytes(1 << 20),
        channel.head_of(channel.ATTACHMENT, 1, 1 << 32, 0) + bytes(1 << 20),
        channel.head_of(channel.MESSAGE, 0, channel.MESSAGE_BYTES + 1, 0) + bytes(1 << 20),
    ],
    ids=["rpyc's bomb", "bomb", "4 GiB message", "4 GiB attachment", "over the limit"],
)
def test_oversized_messages_of_a_known_peer_end_its_connection(host, data):
    process, source = host
    before = resident(process)
    with owner_is_served(source), let_in(process) as sock:
        sock.settimeout(PATIENCE)
        with contextlib.suppress(OSError):
            sock.sendall(data)
        assert said_to(sock) == b""
    assert resident(process) - before < 5e6


NAMES = sorted(
    {*dir(object), *dir(type), *dir(np.ndarray), *dir(BufferStream), *dir(AttachmentChannel)}
    | {"__globals__", "__code__", "__closure__", "__builtins__", "__dict__", "__array__", "__array_struct__", "__mro__"}
    | {
        "_conn",
        "____conn__",
        "_local_root",
        "_HANDLERS",
        "exposed_open",
        "get_service_name",
        "getattr",
        "methods",
        "session",
    }
)
HANDLERS = sorted(value for name, value in vars(consts).items() if name.startswith("HANDLE_"))


def asked(sock, stream, handler, args, label=consts.LABEL_VALUE):
    """Send a request of rpyc; return the kind and the value of the answer."""
    stream.send(bytes([consts.MSG_REQUEST]) + brine.dump((1, (handler, (label, args)))))
    answer = stream.recv()
    return answer[0], brine.load(answer[1:])[1]


@pytest.mark.fault("X6")
@pytest.mark.parametrize("handler", HANDLERS)
def test_no_handler_of_rpyc_answers_to_any_name(host, handler):
    """Try every handler with every attribute: CVE-2019-16328 and CVE-2024-27758 used such requests."""
    process, _ = host
    with let_in(process) as sock:
        stream = AttachmentChannel(BufferStream(sock))
        for name in NAMES:
            for args in ((None, name), (None, name, (), ()), (("builtins.object", 1, 2), name, ())):
                if handler == consts.HANDLE_PING and len(args) == 1:
                    continue
                kind, answer = asked(sock, stream, handler, args)
                assert kind == consts.MSG_EXCEPTION, (handler, args, answer)
                kept = " ".join(answer)
                assert "0x" not in kept
                assert ".py" not in kept


@pytest.mark.fault("X6")
@pytest.mark.parametrize("label", [consts.LABEL_TUPLE, consts.LABEL_LOCAL_REF, consts.LABEL_REMOTE_REF])
def test_a_reference_is_never_called_back(host, label):
    """CVE-2024-27758: a host that uses an object of a viewer as an array calls ``__array__``, unpickling the answer."""
    process, _ = host
    reference = (consts.LABEL_REMOTE_REF, ("numpy.ndarray", 1, 2))
    with let_in(process) as sock:
        stream = AttachmentChannel(BufferStream(sock))
        for args in (
            ((consts.LABEL_VALUE, None), (consts.LABEL_VALUE, "wish"), (consts.LABEL_TUPLE, (reference,) * 5)),
            ("numpy.ndarray", 1, 2),
            (reference, reference),
        ):
            kind, answer = asked(sock, stream, consts.HANDLE_CALLATTR, args, label)
            # The host sends one refusal, and no request of its own.
            assert kind == consts.MSG_EXCEPTION
            assert (answer[0], answer[2]) == ("WireError", "only values cross")
        kind, answer = asked(sock, stream, consts.HANDLE_CALLATTR, (None, "cancel", (1,), ()))
        assert (kind, answer) == (consts.MSG_REPLY, (consts.LABEL_VALUE, None))
