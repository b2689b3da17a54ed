"""A lost host is noticed and told, and contact comes back by itself with the same pixels."""

from __future__ import annotations

import os
import signal
import threading

import numpy as np
import pytest
from kit.patience import PATIENCE

from traitsview.errors import HostError, HostGone, HostStale
from traitsview.geometry import Viewport
from traitsview.remote.protocol import hello
from traitsview.remote.viewer import awaited_link, backoff, contact
from traitsview.sources.arrays.array_source import ArraySource


@pytest.fixture
def told():
    """Return a list that what a source tells is appended to."""
    return []


@pytest.fixture
def patient(monkeypatch):
    """Have calls wait for as long as a busy machine may take to start a host."""
    monkeypatch.setattr(awaited_link, "CONTACT_SECONDS", PATIENCE)


def test_a_host_killed_while_idle_is_told_at_once_and_comes_back(hosted, file, told, wait_until, image):
    source, host = hosted(file)
    source.link.watch(told.append)
    viewport = Viewport.fitting(source.info, (200, 300))
    before = source.render(viewport)
    first = host.pid
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: len(told) >= 2)
    assert str(told[0]) == "lost contact with the host: it was killed by signal 9 (Killed); trying again"
    wait_until(lambda: told[-1] is None)
    assert host.pid != first
    np.testing.assert_array_equal(source.render(viewport), before)
    tiles = viewport.tiles()
    assert dict(source.render_tiles(tiles)).keys() == set(tiles)


def test_a_host_killed_while_rendering_raises_and_the_next_call_is_answered(
    hosted, tmp_path, told, wait_until, patient
):
    log = tmp_path / "log"
    source, host = hosted(log, "slow")
    source.link.watch(told.append)
    tiles = Viewport((1.0, 1.0), (0, 0), (2048, 2048)).tiles()
    wish = source.render_tiles(tiles)
    next(wish)
    os.kill(host.pid, signal.SIGKILL)
    with pytest.raises(HostGone):
        for _ in wish:
            pass
    viewport = Viewport((4.0, 4.0), (0, 0), (100, 100))
    expected = np.arange(4096 * 4096, dtype=np.float32).reshape(4096, 4096)
    np.testing.assert_array_equal(source.render(viewport), ArraySource(expected).render(viewport))
    wait_until(lambda: told[-1] is None)
    assert isinstance(told[0], HostGone)


def test_tiles_asked_for_while_the_host_is_away_come_when_it_is_back(hosted, file, told, patient):
    source, host = hosted(file)
    source.link.watch(told.append)
    tiles = Viewport.fitting(source.info, (300, 300)).tiles()
    os.kill(host.pid, signal.SIGKILL)
    while not told:
        assert list(source.render_tiles(tiles[:1], stale=lambda: True)) == []
    assert dict(source.render_tiles(tiles)).keys() == set(tiles)


def test_a_watcher_that_fails_does_not_keep_the_host_from_coming_back(hosted, file, told, wait_until):
    source, host = hosted(file)
    source.link.watch(lambda error: 1 / 0)
    source.link.watch(told.append)
    os.kill(host.pid, signal.SIGKILL)
    wait_until(lambda: told and told[-1] is None)


def test_a_call_under_way_raises_host_gone(hosted, file, wait_until, tmp_path):
    source, host = hosted(tmp_path / "log", "slow")
    caught = []

    def call():
        try:
            while True:
                source.render(Viewport((1.0, 1.0), (0, 0), (10, 10)))
        except HostError as error:
            caught.append(error)

    thread = threading.Thread(target=call)
    thread.start()
    wait_until(lambda: (tmp_path / "log").exists())
    os.kill(host.pid, signal.SIGKILL)
    thread.join(PATIENCE)
    assert isinstance(caught[0], HostGone)


def test_another_image_at_the_same_place_is_not_shown_as_if_it_were_the_first(hosted, file, told, wait_until):
    source, host = hosted(file)
    source.link.watch(told.append)
    np.save(file, np.zeros((5, 6), np.uint8))
    os.kill(host.pid, signal.SIGKILL)
    wait_until(lambda: any("another one" in str(error) for error in told))
    assert "it was 700 × 900 <f4, it is 5 × 6 |u1" in str(told[-1])
    with pytest.raises(HostGone, match="another one"):
        source.render(Viewport.fitting(source.info, (10, 10)))


def test_a_file_that_is_gone_is_told_in_words_and_shown_again_when_it_is_back(hosted, file, told, wait_until):
    source, host = hosted(file)
    source.link.watch(told.append)
    away = file.rename(file.with_suffix(".away"))
    os.kill(host.pid, signal.SIGKILL)
    wait_until(lambda: any("image.npy" in str(error) for error in told))
    away.rename(file)
    wait_until(lambda: told[-1] is None)


def test_a_host_that_does_not_answer_is_told_and_given_up_later(hosted, file, told, wait_until, monkeypatch):
    monkeypatch.setattr(contact, "STALE_SECONDS", 0.5)
    monkeypatch.setattr(contact, "LOST_SECONDS", PATIENCE)
    monkeypatch.setattr(contact, "HEARTBEAT_SECONDS", 0.1)
    source, host = hosted(file)
    source.link.watch(told.append)
    os.kill(host.pid, signal.SIGSTOP)
    wait_until(lambda: told)
    assert "does not answer" in str(told[0])
    os.kill(host.pid, signal.SIGCONT)
    wait_until(lambda: told[-1] is None)
    # Said again and again until it answered.
    assert [type(news) for news in told] == [HostStale] * (len(told) - 1) + [type(None)]
    monkeypatch.setattr(contact, "LOST_SECONDS", 2.0)
    monkeypatch.setattr(hello, "HELLO_SECONDS", 0.5)
    stopped = host.pid
    os.kill(stopped, signal.SIGSTOP)
    wait_until(lambda: host.pid != stopped)
    wait_until(lambda: told[-1] is None)


def test_a_server_that_comes_back_is_found_again(socket_path, serve, image, told, wait_until):
    from traitsview.remote.routes.socket_route import SocketRoute
    from traitsview.remote.viewer.remote_source import RemoteSource

    serve(ArraySource(image))
    with RemoteSource(SocketRoute(socket_path, "it")) as source:
        source.link.watch(told.append)
        before = source.render(Viewport.fitting(source.info, (20, 30)))
        socket_path.unlink()
        source._contact.link().close()
        wait_until(lambda: told)
        serve(ArraySource(image))
        wait_until(lambda: told[-1] is None)
        np.testing.assert_array_equal(source.render(Viewport.fitting(source.info, (20, 30))), before)


def test_each_of_many_losses_is_told_once_and_followed_by_a_return(
    socket_path, serve, image, told, wait_until, monkeypatch
):
    from traitsview.remote.routes.socket_route import SocketRoute
    from traitsview.remote.viewer.remote_source import RemoteSource

    monkeypatch.setattr(backoff, "FIRST_PAUSE_SECONDS", 0.001)
    monkeypatch.setattr(backoff, "LONGEST_PAUSE_SECONDS", 0.002)
    serve(ArraySource(image))
    with RemoteSource(SocketRoute(socket_path, "it")) as source:
        source.link.watch(told.append)
        tiles = Viewport.fitting(source.info, (300, 300)).tiles()
        before = dict(source.render_tiles(tiles))
        for count in range(1, 21):
            source._contact.link(PATIENCE).close()
            wait_until(lambda count=count: len(told) == 2 * count)
            for tile, pixels in source.render_tiles(tiles):
                np.testing.assert_array_equal(pixels, before[tile])
    assert all(isinstance(error, HostGone) for error in told[::2])
    assert told[1::2] == [None] * 20


def test_no_wall_clock_is_asked(remote, image, monkeypatch):
    def asked(*args):
        raise AssertionError("the wall clock was asked")

    source = remote(image)
    monkeypatch.setattr("rpyc.lib.time.time", asked)
    tiles = Viewport.fitting(source.info, (300, 300)).tiles()
    assert dict(source.render_tiles(tiles)).keys() == set(tiles)
    assert source.summarize().count > 0
    source._contact.link().ping()


def test_a_reader_that_crashes_the_host_is_said_in_one_line(hosted, tmp_path):
    with pytest.raises(HostGone) as caught:
        hosted(tmp_path, "crashing")
    assert "the reader crashed on" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_closing_ends_what_waits(hosted, tmp_path, wait_until):
    source, _ = hosted(tmp_path / "log", "slow")
    wish = source.render_tiles(Viewport((1.0, 1.0), (0, 0), (2048, 2048)).tiles())
    next(wish)
    source.close()
    with pytest.raises(HostGone, match="closed"):
        for _ in wish:
            pass
    with pytest.raises(HostGone, match="closed"):
        source.render(Viewport((1.0, 1.0), (0, 0), (10, 10)))
