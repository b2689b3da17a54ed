"""Whatever a viewer sends, the host refuses it, lives on and answers the next one."""

from __future__ import annotations

import contextlib
import os
import select
import socket
import struct
import threading
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from kit.patience import PATIENCE, pass_time
from rpyc.core import brine, consts

from traitsview.errors import RequestError, TraitsviewError, WireError
from traitsview.geometry import Viewport
from traitsview.remote import wire
from traitsview.remote.host import server
from traitsview.remote.host.memory import Pressure
from traitsview.remote.protocol import channel, endpoint, hello
from traitsview.remote.protocol.coder import AT_ONCE
from traitsview.remote.routes.socket_route import SocketRoute
from traitsview.remote.viewer.link import Link
from traitsview.remote.viewer.remote_source import RemoteSource
from traitsview.sources.arrays.array_source import ArraySource
from traitsview.sources.image_source import Stage
from traitsview.sources.picture import Picture
from traitsview.testing.sources import CountingSource

WISH = wire.pack_stages((Stage((Viewport((1.0, 1.0), (0, 0), (3, 4)),)),))
PICTURE = wire.pack_picture(Picture())
SPEEDS = wire.pack_speeds(AT_ONCE)
SESSION = bytes(range(19))


@pytest.fixture
def path(serve):
    return serve(ArraySource(np.arange(12, dtype=np.float32).reshape(3, 4)))


@pytest.fixture
def link(path):
    link = Link(endpoint.dialling(path))
    yield link
    link.close()


@pytest.fixture
def still_serves(path):
    """Return a function that fails unless a good viewer is answered."""

    def check():
        with RemoteSource(SocketRoute(path, "it")) as source:
            assert source.render(Viewport((1.0, 1.0), (0, 0), (3, 4)))[1, 1] == 5

    return check


def connected(path):
    sock = socket.socket(socket.AF_UNIX)
    sock.settimeout(PATIENCE)
    sock.connect(str(path))
    return sock


def greeted(path):
    """Return a socket that has said hello."""
    sock = connected(path)
    hello.greet(sock, hello.Role.CONTROL, hello.session_of(hello.new_viewer()))
    sock.settimeout(PATIENCE)
    return sock


def ended(sock):
    """Whether the host ends the connection."""
    with contextlib.suppress(ConnectionError):
        while sock.recv(4096):
            pass
    return True


def connections():
    """Return how many threads listen to somebody."""
    return sum(thread.name == "traitsview connection" for thread in threading.enumerate())


def framed(body, kind=channel.MESSAGE, size=None, number=0):
    return channel.head_of(kind, number, len(body) if size is None else size, zlib.crc32(body)) + body


def asked(sock, handler, args, label=consts.LABEL_VALUE):
    """Send one request as rpyc would and return the kind of the answer and what it says."""
    message = bytes([consts.MSG_REQUEST]) + brine.dump((1, (handler, (label, args))))
    sock.sendall(framed(message))
    _, _, size, _ = channel._HEAD.unpack_from(sock.recv(channel._HEAD_SIZE, socket.MSG_WAITALL))
    answer = sock.recv(size, socket.MSG_WAITALL)
    return answer[0], brine.load(answer[1:])[1]


@pytest.mark.parametrize(
    "noise",
    [
        b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.9\r\n" + bytes(64),
        bytes(32),
        b"traitsview" + b"\xff" * 22,
        struct.pack("!LB", 2**32 - 1, 1) + bytes(64),
    ],
)
def test_a_stranger_that_says_something_else_is_dropped(path, noise, still_serves):
    with connected(path) as sock:
        sock.sendall(noise)
        ended(sock)
    still_serves()


def test_another_version_is_told_both_versions(path, still_serves, monkeypatch):
    monkeypatch.setattr(hello, "VERSION", 7)
    with connected(path) as sock:
        data = hello._HELLO.pack(b"traitsview", 8, 1, SESSION)
        sock.sendall(data)
        assert hello._HELLO.unpack(sock.recv(32))[1:3] == (7, hello.Answer.OTHER_VERSION)


def test_a_viewer_of_another_version_says_which_one_to_upgrade():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(hello._HELLO.pack(b"traitsview", hello.VERSION + 1, hello.Answer.OTHER_VERSION, SESSION))
        with pytest.raises(WireError, match="upgrade the viewer"):
            hello.greet(ours, hello.Role.CONTROL, SESSION)


def test_a_silent_stranger_is_dropped_after_the_deadline(path, monkeypatch, still_serves):
    monkeypatch.setattr(hello, "HELLO_SECONDS", 0.2)
    with connected(path) as sock:
        sock.sendall(b"traits")
        ended(sock)
    still_serves()


def test_a_stranger_that_dribbles_is_dropped_after_the_deadline(path, monkeypatch):
    monkeypatch.setattr(hello, "HELLO_SECONDS", 0.3)
    with connected(path) as sock, contextlib.suppress(OSError):
        for byte in b"traitsview" * 1000:
            sock.sendall(bytes([byte]))
            pass_time(0.05)
        pytest.fail("it listens for ever")


@pytest.mark.fault("X2")
def test_unknown_peers_have_few_places_and_the_oldest_makes_room(path, monkeypatch, caplog, still_serves, wait_until):
    # Nobody's time to say hello runs out meanwhile.
    monkeypatch.setattr(hello, "HELLO_SECONDS", 60.0)
    monkeypatch.setattr(server, "_ROOM_SECONDS", 0.2)
    with contextlib.ExitStack() as stack:
        socks = [stack.enter_context(connected(path)) for _ in range(server.STRANGERS + 10)]
        for sock in socks[:10]:
            assert ended(sock)
        # The thread of a connection that has ended ends a moment later; those of the others stay.
        wait_until(lambda: connections() == server.STRANGERS)
        # A viewer comes in though all places are taken, and nobody is told off for that.
        still_serves()
        assert "16 connections at once have not said who they are: the longest makes room" in caplog.text
        assert "refused a connection: 16" not in caplog.text


def test_a_newcomer_waits_while_nobody_has_been_there_for_long(path, monkeypatch, still_serves):
    monkeypatch.setattr(server, "_ROOM_SECONDS", 60.0)
    with contextlib.ExitStack() as stack:
        for _ in range(server.STRANGERS):
            stack.enter_context(connected(path))
        threading.Timer(0.3, stack.close).start()
        still_serves()


@pytest.mark.parametrize("role", [hello.Role.FRAMES, hello.Role.CALLS])
def test_a_session_cannot_be_guessed(path, role):
    with connected(path) as sock, pytest.raises(ConnectionError, match="does not know this session"):
        hello.greet(sock, role, SESSION)


@pytest.mark.parametrize(
    "frame",
    [
        framed(b"", size=2**64 - 1),
        framed(b"", size=channel.MESSAGE_BYTES + 1),
        framed(bytes(100), 1),
        framed(b""),
        framed(b"x", channel.ATTACHMENT, number=1),
        framed(b"", channel.ATTACHMENT, 2**40, 1),
        framed(b"", channel.FAREWELL, number=1),
        framed(b"", channel.FAREWELL, number=9),
        bytes(channel._HEAD_SIZE),
    ],
    ids=[
        "16 EiB",
        "over the limit",
        "unknown kind",
        "empty",
        "attachment",
        "huge attachment",
        "farewell",
        "unknown farewell",
        "not checked",
    ],
)
def test_frames_that_are_not_messages_end_the_connection_before_they_are_read(path, frame, still_serves):
    with greeted(path) as sock:
        sock.sendall(frame)
        assert ended(sock)
    still_serves()


@pytest.mark.parametrize(
    "body",
    [
        bytes([consts.MSG_REPLY]) + brine.dump((1, (consts.LABEL_VALUE, 1))),
        bytes([consts.MSG_EXCEPTION]) + brine.dump((1, ("HostError", "", "", ""))),
        b"\x09",
        b"\x01",
        b"\x01" + b"\x10" * 60_000,
        b"\x01\x15" + struct.pack("!L", 2**32 - 1),
        b"\x01\x0f" + struct.pack("!L", 2**32 - 1),
        b"\x01\x17" + struct.pack("!L", 50_000) + b"9" * 50_000,
        b"\x01" + brine.dump((1, 2, 3)),
    ],
)
def test_messages_that_are_not_requests_end_the_connection(path, body, still_serves):
    with greeted(path) as sock:
        sock.sendall(framed(body))
        assert ended(sock)
    still_serves()


OTHER_HANDLERS = [value for name, value in vars(consts).items() if name.startswith("HANDLE_")]


@pytest.mark.parametrize(
    "handler", [h for h in OTHER_HANDLERS if h not in (consts.HANDLE_PING, consts.HANDLE_CALLATTR)]
)
def test_no_other_handler_of_rpyc_answers(path, handler):
    with greeted(path) as sock:
        kind, answer = asked(sock, handler, (None, "__class__", ()))
        assert kind == consts.MSG_EXCEPTION
        assert answer[0] == "HostError"


NAMES = [*dir(object), *dir(Link), "_root", "methods", "session", "open_", "exposed_wish", "wish.__globals__", "", "\0"]


@pytest.mark.parametrize("name", NAMES)
def test_nothing_but_the_calls_of_its_role_can_be_named(path, name):
    if name in ("wish", "cancel", "forget", "ping"):
        pytest.skip("a call")
    with greeted(path) as sock:
        kind, answer = asked(sock, consts.HANDLE_CALLATTR, (None, name, (), ()))
        assert (kind, answer[:2]) == (consts.MSG_EXCEPTION, ("WireError", "refused a call"))


@pytest.mark.parametrize("label", [consts.LABEL_TUPLE, consts.LABEL_LOCAL_REF, consts.LABEL_REMOTE_REF, 99, None])
def test_references_as_arguments_are_refused_without_calling_back(path, label):
    with greeted(path) as sock:
        kind, answer = asked(sock, consts.HANDLE_CALLATTR, ("builtins.object", 1, 2), label)
        assert (kind, answer[0], answer[2]) == (consts.MSG_EXCEPTION, "WireError", "only values cross")


def test_answers_to_errors_tell_no_paths_addresses_or_versions(path):
    with greeted(path) as sock:
        for args in ((), (None,), (None, "wish", (), ()), (1, 2, 3, 4), (None, "wish", "xyz", ()), (None, [], ()) * 0):
            kind, answer = asked(sock, consts.HANDLE_CALLATTR, args)
            assert kind == consts.MSG_EXCEPTION
            said = " ".join(answer)
            assert "0x" not in said
            assert ".py" not in said
            assert "6.0" not in said


GOOD = {
    "render": (wire.pack_viewport(Viewport((1.0, 1.0), (0, 0), (3, 4))), PICTURE),
    "ask": (1, ("sample", ((0.5, 0.5),)), PICTURE),
    "wait_newer": (0, 0.0),
    "open": ("it",),
}
BAD = [None, True, -1, 2**70, 1.5, float("nan"), float("inf"), "x" * 5000, b"x", (), (1,), (((),),), 1j, slice(1), ...]


@pytest.mark.parametrize("name", GOOD)
def test_every_argument_of_every_call_is_checked(link, name):
    good = GOOD[name]
    with link.borrow() as connection:
        if name != "open":
            connection.call("open", "it", allowance=10_000)
    for position in range(len(good)):
        for bad in BAD:
            args = (*good[:position], bad, *good[position + 1 :])
            try:
                with link.borrow() as connection:
                    connection.call(name, *args, allowance=10_000)
            except (WireError, RequestError):
                continue
            except TraitsviewError as error:
                pytest.fail(f"{name}{args!r:.80}: {error}")
            # What is let through makes sense.
            assert (name, position) in {
                ("wait_newer", 0),
                ("wait_newer", 1),
                ("open", 0),
            }, args


def test_a_wrong_number_of_arguments_is_an_error_of_that_call(link):
    for args in ((), (1,), (1, 2, 3, 4, 5)):
        with link.borrow() as connection, pytest.raises(TraitsviewError):
            connection.call("render", *args)


@pytest.mark.parametrize(
    "tiles",
    [
        (1.0, 1.0, 0.0, 0.0, ((0, 0, 100_000, 100_000),)),
        (1.0, 1.0, 0.0, 0.0, ((0, 0, 1, 1),) * 2000),
        (1.0, 1.0, 0.0, 0.0, ()),
        (0.0, 1.0, 0.0, 0.0, ((0, 0, 1, 1),)),
        (float("nan"), 1.0, 0.0, 0.0, ((0, 0, 1, 1),)),
        (1, 1, 0, 0, ((0, 0, 1, 1),)),
        (1.0, 1.0, 0.0, 0.0, ((0, 0, True, 1),)),
        (1.0, 1.0, 0.0, 0.0, ((0, 0, 2**40, 2**40),)),
        (1.0, 1.0, 0.0, 0.0, ((0.5, 0, 1, 1),)),
        None,
    ],
)
def test_a_wish_that_makes_no_sense_is_answered_with_an_error(link, tiles):
    with link.borrow() as connection:
        connection.call("open", "it", allowance=10_000)
    link.control.post("wish", 5, ((tiles, None),), PICTURE, SPEEDS)
    number, arrived, backlog, done, error = link.frames.call("next", 10.0, 1000, allowance=1000)
    assert (number, arrived, backlog, done) == (5, (), False, True)
    assert error[0] in ("WireError", "RequestError")


def test_a_wish_before_a_source_is_open_is_answered_with_an_error(link):
    link.control.post("wish", 5, WISH, PICTURE, SPEEDS)
    assert link.frames.call("next", 10.0, 1000)[4][0] == "RequestError"


def test_a_render_beyond_the_limit_is_refused_before_anything_is_allocated(link):
    with link.borrow() as connection:
        connection.call("open", "it", allowance=10_000)
    with link.borrow() as connection, pytest.raises(RequestError, match="at most 16777216"):
        connection.call("render", wire.pack_viewport(Viewport((1e-6, 1e-6), (0, 0), (100_000, 100_000))), PICTURE)


def test_connections_of_one_viewer_are_limited(path):
    with contextlib.ExitStack() as stack:
        control = stack.enter_context(connected(path))
        session = hello.session_of(hello.new_viewer())
        hello.greet(control, hello.Role.CONTROL, session)
        for _ in range(server._CONNECTIONS - 1):
            hello.greet(stack.enter_context(connected(path)), hello.Role.CALLS, session)
        one_more = stack.enter_context(connected(path))
        with pytest.raises(ConnectionError, match="does not let us in"):
            hello.greet(one_more, hello.Role.CALLS, session)


def test_the_end_of_control_is_the_end_of_the_session(path, wait_until):
    def sessions():
        return sum(thread.name == "traitsview session" for thread in threading.enumerate())

    wait_until(lambda: sessions() == 0)
    link = Link(endpoint.dialling(path))
    assert sessions() == 1
    link.close()
    wait_until(lambda: sessions() == 0)


def test_a_viewer_that_stops_reading_holds_nobody_up_and_is_dropped(serve, monkeypatch, wait_until):
    monkeypatch.setattr("traitsview.remote.host.server.STALL_SECONDS", 0.5)
    path = serve(ArraySource(np.zeros((2000, 2000))))
    stuck = Link(endpoint.dialling(path))
    with stuck.borrow() as connection:
        connection.call("open", "it", allowance=10_000)
    stages = wire.pack_stages((Stage(Viewport((1.0, 1.0), (0, 0), (2000, 2000)).tiles()),))
    stuck.control.post("wish", 2, stages, PICTURE, SPEEDS)
    stuck.frames.post("next", 10.0, wire.BATCH_BYTES)
    with RemoteSource(SocketRoute(path, "it")) as source:
        assert source.render(Viewport((4.0, 4.0), (0, 0), (500, 500))).shape == (500, 500)
    wait_until(lambda: _ends(stuck.frames))
    stuck.close()


def _ends(connection):
    """Whether the other side has shut the connection."""
    poll = select.poll()
    poll.register(connection.channel.stream.sock, select.POLLRDHUP)
    return bool(poll.poll(0))


def test_tiles_that_wait_for_a_stuck_viewer_are_limited(serve, wait_until, monkeypatch):
    monkeypatch.setattr("traitsview.remote.host.session.OUTBOX_BYTES", 1 << 20)
    source = CountingSource(ArraySource(np.zeros((4096, 4096), np.float32)))
    link = Link(endpoint.dialling(serve(source)))
    try:
        with link.borrow() as connection:
            connection.call("open", "it", allowance=10_000)
        stages = wire.pack_stages((Stage(Viewport((1.0, 1.0), (0, 0), (4096, 4096)).tiles()),))
        link.control.post("wish", 2, stages, PICTURE, SPEEDS)
        wait_until(lambda: len(source.rendered) >= 5)
        link.ping()
        assert len(source.rendered) <= 6
    finally:
        link.close()


def memory():
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE")


def test_a_frame_that_promises_much_costs_nothing(path):
    before = memory()
    with contextlib.ExitStack() as stack:
        for _ in range(10):
            sock = stack.enter_context(greeted(path))
            sock.sendall(framed(b"", size=2**64 - 1))
            with contextlib.suppress(OSError):
                sock.sendall(bytes(1 << 20))
        assert memory() - before < 32 << 20


#: All examples of a test are said to one server, on purpose.
ONE_SERVER = [*settings.default.suppress_health_check, HealthCheck.function_scoped_fixture]


@settings(max_examples=150, suppress_health_check=ONE_SERVER)
@given(st.binary(max_size=300), st.booleans())
def test_noise_in_a_frame_ends_the_connection_or_is_answered(path, body, request_):
    body = (b"\x01" if request_ else b"") + body or b"x"
    with greeted(path) as sock:
        sock.sendall(framed(body))
        sock.shutdown(socket.SHUT_WR)
        assert ended(sock)


@settings(max_examples=100, suppress_health_check=ONE_SERVER)
@given(st.binary(max_size=80))
def test_noise_before_hello_ends_the_connection(path, noise):
    with connected(path) as sock:
        sock.sendall(noise)
        sock.shutdown(socket.SHUT_WR)
        assert ended(sock)


def test_a_host_still_serves_after_all_that(still_serves):
    still_serves()


@pytest.mark.fault("S15")
def test_a_viewer_that_takes_nothing_has_a_session_of_bounded_memory(serve, wait_until):
    path = serve(ArraySource(np.zeros((64, 64), np.float32)))
    link = Link(endpoint.dialling(path))
    with link.borrow() as connection:
        connection.call("open", "it", allowance=10_000)
    before = memory()
    side = 1000
    views = [Viewport((0.01, 0.01), (0, side * n), (side, side)) for n in range(60)]
    render = wire.pack_viewport(Viewport((0.01, 0.01), (0, 0), (2000, 2000)))
    link.control.call("wish", 2, wire.pack_stages((Stage(tuple(views)),)), PICTURE, SPEEDS)
    for _ in range(5):
        link.frames.post("next", 10.0, wire.BATCH_BYTES)
    with contextlib.ExitStack() as stack:
        connections = [stack.enter_context(link.borrow()) for _ in range(hello.CALL_CONNECTIONS)]
        for connection in connections:
            connection.post("render", render, PICTURE)
        for connection in connections:
            wait_until(lambda connection=connection: readable(connection))
        assert memory() - before < 160 << 20
        link.close()


def readable(connection):
    return bool(select.select([connection.channel.stream.sock], [], [], 0)[0])


@pytest.mark.fault("S8")
def test_large_requests_are_refused_in_words_when_memory_runs_out(link, monkeypatch):
    with link.borrow() as connection:
        connection.call("open", "it", allowance=10_000)
    monkeypatch.setattr("traitsview.remote.host.service._pressure", lambda moment: Pressure.REFUSE)
    large = wire.pack_viewport(Viewport((1.0, 1.0), (0, 0), (2000, 2000)))
    with (
        link.borrow() as connection,
        pytest.raises(RequestError, match=r"2000 × 2000 pixels are 16\.0 MB, and the host has"),
    ):
        connection.call("render", large, PICTURE)
    with link.borrow() as connection:
        connection.call("render", *GOOD["render"], allowance=1000)
