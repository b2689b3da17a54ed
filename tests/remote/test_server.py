"""The newest link of a viewer is the one that counts, and the older ones end."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from kit.patience import PATIENCE, pass_time, wait_until

from traitsview.errors import HostGone, HostReplaced, RequestError, TraitsviewError, WireError
from traitsview.geometry import Viewport
from traitsview.remote import wire
from traitsview.remote.host.outgoing import NumberedWish
from traitsview.remote.host.session import Session
from traitsview.remote.host.source_pool import SourcePool
from traitsview.remote.protocol import endpoint, hello
from traitsview.remote.protocol.channel import AttachmentChannel
from traitsview.remote.protocol.coder import AT_ONCE
from traitsview.remote.protocol.stream import BufferStream
from traitsview.remote.routes.socket_route import SocketRoute
from traitsview.remote.viewer.calling import Calling
from traitsview.remote.viewer.link import Link
from traitsview.remote.viewer.remote_source import RemoteSource
from traitsview.sources.arrays.array_source import ArraySource
from traitsview.sources.image_source import Stage, never
from traitsview.sources.picture import DEFAULT_PICTURE, Picture
from traitsview.sources.questions.question import Question
from traitsview.sources.questions.sample import Sample
from traitsview.sources.questions.summarize import Summarize

PICTURE = wire.pack_picture(Picture())
SPEEDS = wire.pack_speeds(AT_ONCE)
VIEW = Viewport((1.0, 1.0), (0, 0), (300, 400))


@pytest.fixture
def path(serve, image):
    return serve(ArraySource(image))


@pytest.fixture
def session(image):
    session = Session(SourcePool(lambda text: ArraySource(image), keep=0.0))
    session.source.open("it")
    yield session
    session.close()
    session._worker.join(PATIENCE)
    assert not session._worker.is_alive()


def dialled(path, viewer):
    return Link(endpoint.dialling(path), viewer=viewer)


def sessions():
    return sum(thread.name == "traitsview session" for thread in threading.enumerate())


class Twins(SocketRoute):
    """Two of these pretend to be one viewer, as one that was frozen and its successor do."""

    def reach(self, viewer):
        return super().reach(b"0123456789abcdef")


@pytest.mark.fault("N10")
def test_a_newer_link_of_a_viewer_takes_over_at_once_and_the_old_one_knows_why(path, wait_until):
    viewer = hello.new_viewer()
    old = dialled(path, viewer)
    new = dialled(path, viewer)
    with pytest.raises(HostReplaced, match="replaced by a newer connection of this viewer"):
        old.ping()
    with pytest.raises(HostReplaced), old.borrow() as connection:
        connection.call("info", allowance=1000)
    assert new.ping() is False
    wait_until(lambda: sessions() == 1)
    old.close()
    assert new.ping() is False
    new.close()
    wait_until(lambda: sessions() == 0)


@pytest.mark.fault("N10")
@pytest.mark.parametrize("role", [hello.Role.CONTROL, hello.Role.FRAMES])
def test_a_hello_that_is_read_when_the_viewer_has_a_newer_link_changes_nothing(path, role):
    viewer = hello.new_viewer()
    late = hello.session_of(viewer)
    new = dialled(path, viewer)
    with endpoint.connect(path, PATIENCE) as sock:
        hello.send_hello(sock, role, late, checked=True)
        with pytest.raises(HostReplaced):
            hello.await_welcome(sock, late)
    assert new.ping() is False
    new.close()


@pytest.mark.fault("N10")
def test_a_viewer_that_was_frozen_with_tiles_on_their_way_is_told_too(path):
    viewer = hello.new_viewer()
    old = dialled(path, viewer)
    with old.borrow() as connection:
        connection.call("open", "it", allowance=10_000)
    # It asks for more than its sockets hold, and takes nothing.
    stages = wire.pack_stages((Stage(VIEW.tiles()),))
    old.control.post("wish", 2, stages, PICTURE, SPEEDS)
    old.frames.post("next", 10.0, wire.BATCH_BYTES)
    new = dialled(path, viewer)
    assert new.ping() is False
    assert old.replaced
    old.close()
    new.close()


@pytest.mark.fault("N10")
def test_a_replaced_viewer_stops_trying_and_its_successor_stays(path, wait_until):
    news = []
    with RemoteSource(Twins(path, "it")) as old:
        old.link.watch(news.append)
        with RemoteSource(Twins(path, "it")) as new:
            wait_until(lambda: any(isinstance(error, HostReplaced) for error in news))
            with pytest.raises(HostReplaced):
                old.render(VIEW)
            assert new.render(VIEW).shape == VIEW.shape
            assert sessions() <= 2


@pytest.mark.fault("N11")
def test_of_two_links_that_race_for_one_session_one_stays(path, wait_until):
    barrier = threading.Barrier(2)
    results = []

    def race(viewer):
        barrier.wait(PATIENCE)
        try:
            results.append(dialled(path, viewer))
        except (HostReplaced, HostGone) as error:
            results.append(error)

    for _ in range(200):
        results.clear()
        viewer = hello.new_viewer()
        threads = [threading.Thread(target=race, args=(viewer,)) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE)
            assert not thread.is_alive()
        links = [link for link in results if isinstance(link, Link)]
        alive = [link for link in links if answers(link)]
        assert len(alive) == 1, results
        for link in links:
            link.close()
    wait_until(lambda: sessions() == 0)


@pytest.mark.fault("N11")
def test_a_link_that_is_replaced_before_its_welcome_is_told_after_the_welcome(path, monkeypatch):
    viewer = hello.new_viewer()
    reply, successors = hello.reply, []

    def replaced_first(*args):
        monkeypatch.setattr(hello, "reply", reply)
        sock = endpoint.connect(path, PATIENCE)
        session = hello.session_of(viewer)
        hello.send_hello(sock, hello.Role.CONTROL, session, checked=True)
        hello.await_welcome(sock, session)
        successors.append(sock)
        return reply(*args)

    monkeypatch.setattr(hello, "reply", replaced_first)
    session = hello.session_of(viewer)
    with endpoint.connect(path, PATIENCE) as sock:
        hello.send_hello(sock, hello.Role.CONTROL, session, checked=True)
        hello.await_welcome(sock, session)
        connection = Calling(AttachmentChannel(BufferStream(sock)))
        with pytest.raises(HostReplaced):
            connection.call("ping", SPEEDS)
    successors[0].close()


def test_a_tile_of_a_newer_wish_is_not_lost_in_the_batch_of_an_older_one(session, wait_until):
    encode, stages = session.coder.encode, (Stage(VIEW.tiles()),)

    def meanwhile(pixels, speeds):
        session.coder.encode = encode
        session.wish(NumberedWish(4, stages))
        wait_until(lambda: session._outbox and session._outbox[0].wish.sequence == 4)
        return encode(pixels, speeds)

    session.coder.encode = meanwhile
    session.wish(NumberedWish(2, stages))
    batches = [session.next(PATIENCE, wire.BATCH_BYTES)]
    while not batches[-1].done:
        batches.append(session.next(PATIENCE, wire.BATCH_BYTES))
    assert [batch.sequence for batch in batches[:2]] == [2, 4]
    places = [chunk.place for batch in batches[1:] for chunk in batch.chunks]
    assert sorted(places) == sorted(wire.place_of(tile) for tile in VIEW.tiles())


def test_the_rest_of_a_tile_is_not_sent_after_a_newer_wish(session, wait_until):
    tiles = VIEW.tiles()
    session.wish(NumberedWish(2, (Stage(tiles[:1]),)))
    assert [chunk.offset for chunk in session.next(PATIENCE, 10_000).chunks] == [0]
    session.wish(NumberedWish(4, (Stage(tiles[1:2]),)))
    wait_until(lambda: session._outbox)
    (chunk,) = session.next(PATIENCE, wire.BATCH_BYTES).chunks
    assert (chunk.place, chunk.offset) == (wire.place_of(tiles[1]), 0)


def test_a_wish_that_comes_after_a_newer_one_is_left_out(session):
    session.wish(NumberedWish(4, (Stage(VIEW.tiles()[:1]),)))
    session.wish(NumberedWish(2, (Stage(VIEW.tiles()),)))
    batch = session.next(PATIENCE, wire.BATCH_BYTES)
    assert (batch.sequence, len(batch.chunks)) == (4, 1)


class Endless(ArraySource):
    """Renders for as long as somebody wants it."""

    begun = threading.Event()

    def render_tiles(self, tiles, picture=DEFAULT_PICTURE, stale=never):
        self.begun.set()
        wait_until(stale)
        self.heard = True
        yield from ()


def test_rendering_hears_at_once_that_something_else_is_wanted(image, wait_until):
    source = Endless(image)
    session = Session(SourcePool(lambda text: source, keep=0.0))
    session.source.open("it")
    session.wish(NumberedWish(2, (Stage(VIEW.tiles()),)))
    assert source.begun.wait(PATIENCE)
    session.cancel(2)
    wait_until(lambda: hasattr(source, "heard"))
    session.close()


def test_a_session_that_ends_gives_its_wish_no_number_that_the_viewer_does_not_know(session):
    session.wish(NumberedWish(2, (Stage(VIEW.tiles()),)))
    session.cancel(2)
    session.close()
    session.close()
    batch = session.next(0.0, wire.BATCH_BYTES)
    assert (batch.sequence, batch.chunks) == (3, ())


class Pondering(ArraySource):
    """Answers when it is asked for nothing more, and then only that it has seen that."""

    def __init__(self, image):
        super().__init__(image)
        self.begun, self.heard = threading.Event(), threading.Event()

    def answers(self, question, picture=DEFAULT_PICTURE, stale=never):
        self.begun.set()
        while not stale():
            pass_time(0.002)
        self.heard.set()
        yield from ()


def test_an_answer_that_nobody_waits_for_is_stopped_at_the_host(serve, image):
    pondering = Pondering(image)
    with RemoteSource(SocketRoute(serve(pondering), "it")) as source:
        assert list(source.examine(Summarize(exact=True), stale=pondering.begun.is_set)) == []
        assert pondering.heard.is_set()
        link = source._contact.link()
        pondering.heard.clear()
        assert list(source.examine(Sample(((1.5, 1.5),)), stale=pondering.begun.is_set)) == []
        assert source._contact.link() is link


def test_an_answer_to_a_viewer_that_is_gone_is_stopped(serve, image):
    pondering = Pondering(image)
    source = RemoteSource(SocketRoute(serve(pondering), "it"))
    with ThreadPoolExecutor(1) as asking:
        answer = asking.submit(source.summarize)
        assert pondering.begun.wait(PATIENCE)
        source.close()
        with pytest.raises(HostGone):
            answer.result(PATIENCE)
    assert pondering.heard.wait(PATIENCE)


def test_questions_that_the_host_does_not_know_are_answered_from_pixels(serve, image):
    class Mean(Question):
        def answers(self, source, picture, stale):
            yield float(source.render(VIEW, picture.plane, picture.reduction).mean())

    with RemoteSource(SocketRoute(serve(ArraySource(image)), "it")) as source:
        assert list(source.examine(Mean())) == [pytest.approx(np.asarray(image)[:300, :400].mean())]


def test_a_process_of_another_user_hears_nothing(path, monkeypatch):
    monkeypatch.setattr(hello, "peer_uid", lambda sock: os.geteuid() + 1)
    with socket.socket(socket.AF_UNIX) as sock:
        sock.connect(str(path))
        with contextlib.suppress(ConnectionError):
            sock.sendall(hello._HELLO.pack(b"traitsview", hello.VERSION, hello.Role.CONTROL, bytes(19)))
            assert sock.recv(1) == b""
    assert sessions() == 0


def answers(link):
    try:
        return link.ping() is False
    except HostReplaced:
        return False


@pytest.mark.parametrize("first", [hello.Role.FRAMES, hello.Role.CALLS])
def test_connections_of_a_link_may_arrive_in_any_order(path, first):
    session = hello.session_of(hello.new_viewer())
    with contextlib.ExitStack() as stack:
        socks = [stack.enter_context(endpoint.connect(path, PATIENCE)) for _ in range(2)]
        for sock, role in zip(socks, (first, hello.Role.CONTROL), strict=True):
            hello.send_hello(sock, role, session, checked=True)
        for sock in socks:
            hello.await_welcome(sock, session)


def test_a_link_costs_one_round_trip(path, monkeypatch):
    """All hellos are said before any answer is waited for."""
    order = []
    send, wait = hello.send_hello, hello.await_welcome
    monkeypatch.setattr(hello, "send_hello", lambda *args: order.append("send_hello") or send(*args))
    monkeypatch.setattr(hello, "await_welcome", lambda *args: order.append("await_welcome") or wait(*args))
    link = dialled(path, None)
    with link.borrow() as connection:
        connection.call("open", "it", allowance=10_000)
    assert order == ["send_hello"] * 3 + ["await_welcome"] * 3
    link.close()


@pytest.mark.fault("N13")
@pytest.mark.parametrize(("other", "upgrade"), [(-1, "host"), (1, "viewer")])
def test_a_host_of_another_version_is_named_with_what_to_upgrade(other, upgrade):
    ours, theirs = socket.socketpair()
    version = hello.VERSION + other
    with ours, theirs:
        theirs.sendall(hello._HELLO.pack(b"traitsview", version, hello.Answer.OTHER_VERSION, bytes(19)))
        wanted = f"speaks version {version} of the protocol, this viewer version {hello.VERSION}; upgrade the {upgrade}"
        with pytest.raises(WireError, match=wanted):
            hello.greet(ours, hello.Role.CONTROL, bytes(19))


@pytest.mark.fault("N13")
@pytest.mark.parametrize("other", [-1, 1])
def test_a_viewer_of_another_version_is_told_ours(path, other):
    with endpoint.connect(path, PATIENCE) as sock:
        sock.sendall(hello._HELLO.pack(b"traitsview", hello.VERSION + other, 1, bytes(19)))
        magic, version, answer, _ = hello._HELLO.unpack(sock.recv(32, socket.MSG_WAITALL))
        assert (magic, version, answer) == (b"traitsview", hello.VERSION, hello.Answer.OTHER_VERSION)
        assert sock.recv(1) == b""


def test_the_answer_to_another_hello_is_refused():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        hello.reply(theirs, hello.Answer.WELCOME, bytes(19))
        with pytest.raises(WireError, match="no hello of ours"):
            hello.greet(ours, hello.Role.CONTROL, hello.session_of(hello.new_viewer()))


@pytest.mark.fault("S15")
def test_a_viewer_that_has_said_nothing_for_too_long_is_dropped_and_its_threads_end(path, monkeypatch, wait_until):
    monkeypatch.setattr("traitsview.remote.host.server.SILENCE_SECONDS", 0.3)
    silent = dialled(path, None)
    assert sessions() == 1
    wait_until(lambda: sessions() == 0)
    with pytest.raises(HostGone, match="it has not heard of this viewer for too long"):
        silent.frames.call("next", 1.0, 1000)
    silent.close()


@pytest.mark.fault("S5")
@pytest.mark.parametrize("name", ["render", "render_tiles", "examine", "wait_newer"])
def test_a_call_that_fails_is_one_error_and_nothing_else_is_touched(serve, image, name):
    failing = True

    class Broken(ArraySource):
        def __getattribute__(self, attribute):
            if attribute == name and failing:
                raise ZeroDivisionError("in the reader")
            return super().__getattribute__(attribute)

    calls = {
        "render": lambda source: source.render(VIEW),
        "render_tiles": lambda source: list(source.render_tiles(VIEW.tiles())),
        "examine": lambda source: source.summarize(),
        "wait_newer": lambda source: source.wait_newer(0, 0.0),
    }
    host = SocketRoute(serve(Broken(image)), "it")
    with RemoteSource(host) as one, RemoteSource(host) as other:
        link = one._contact.link()
        with pytest.raises(TraitsviewError, match="ZeroDivisionError"):
            calls[name](one)
        failing = False
        calls[name](one)
        calls[name](other)
        assert one._contact.link() is link


@pytest.mark.fault("G2")
def test_answers_to_older_wishes_are_left_out_however_late_they_come(remote, image):
    source, here = remote(image), ArraySource(image)
    rng = np.random.default_rng(5)
    for _ in range(150):
        column, row = (int(n) for n in rng.integers(0, 400, 2))
        view = Viewport((1.0, 1.0), (column, row), (200, 300))
        wish = source.render_tiles(view.tiles())
        for (tile, pixels), _ in zip(wish, range(int(rng.integers(0, 3))), strict=False):
            np.testing.assert_array_equal(pixels, here.render(tile))
        wish.close()
    for tile, pixels in source.render_tiles(view.tiles()):
        np.testing.assert_array_equal(pixels, here.render(tile))


class Silent(ArraySource):
    """Gives no answer to any question."""

    def answers(self, question, picture=DEFAULT_PICTURE, stale=never):
        return iter(())


def test_a_source_without_an_answer_is_an_error_here_and_on_a_host(serve, image):
    with pytest.raises(RequestError, match="the source gave no answer"):
        Silent(image).summarize()
    with RemoteSource(SocketRoute(serve(Silent(image)), "it")) as source:
        with pytest.raises(RequestError, match="the source gave no answer"):
            source.world([(1.0, 2.0)])
        assert source.render(VIEW).shape == VIEW.shape


def test_an_empty_answer_to_a_question_that_stands_is_refused(serve, image, monkeypatch):
    with RemoteSource(SocketRoute(serve(ArraySource(image)), "it")) as source:
        monkeypatch.setattr(wire, "pack_answer", lambda *given: None)
        with pytest.raises(WireError, match="it is empty"):
            source.world([(1.0, 2.0)])
