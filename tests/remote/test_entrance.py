"""An entrance can be closed or moved at any moment, and a lack of descriptors does not stop it."""

from __future__ import annotations

import os
import resource
import socket
import threading

import pytest
from kit.descriptors import descriptors
from kit.patience import PATIENCE, wait_until

from traitsview.remote.host.entrance import Entrance
from traitsview.remote.protocol import endpoint


@pytest.fixture
def entrance(socket_path):
    opened = Entrance(endpoint.listen(socket_path))
    yield opened
    opened.close()


def accepting(entrance):
    """Accept in a thread; return it and what came."""
    came = []

    def run():
        while True:
            try:
                came.append(entrance.accept()[0])
            except OSError:
                return

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    return thread, came


def test_connections_are_let_in(entrance, socket_path, wait_until):
    thread, came = accepting(entrance)
    with endpoint.connect(socket_path, PATIENCE) as sock:
        wait_until(lambda: came)
        sock.sendall(b"x")
        assert came[0].recv(1) == b"x"
        assert came[0].gettimeout() is None
        came[0].close()
    entrance.close()
    thread.join(PATIENCE)
    assert not thread.is_alive()


def test_closing_leaves_nothing_open(socket_path):
    before = descriptors()
    for waiting in (False, True) * 5:
        entrance = Entrance(endpoint.listen(socket_path))
        if waiting:
            thread, _ = accepting(entrance)
            entrance.close()
            thread.join(PATIENCE)
        entrance.close()
        socket_path.unlink()
        with pytest.raises(OSError, match="closed"):
            entrance.accept()
    wait_until(lambda: not descriptors() - before)


@pytest.mark.fault("S12")
def test_an_entrance_moves_to_another_socket(entrance, socket_path, wait_until):
    thread, came = accepting(entrance)
    other = socket_path.with_name("log")
    with endpoint.connect(socket_path, PATIENCE):
        wait_until(lambda: len(came) == 1)
        entrance.move(None)
        socket_path.unlink()
        entrance.move(endpoint.listen(other))
        with endpoint.connect(other, PATIENCE):
            wait_until(lambda: len(came) == 2)
    entrance.close()
    thread.join(PATIENCE)
    for sock in came:
        sock.close()
    assert not thread.is_alive()


@pytest.mark.fault("S9")
def test_without_descriptors_newcomers_are_sent_away_at_once_and_no_time_is_wasted(
    entrance, socket_path, wait_until, caplog
):
    _, came = accepting(entrance)
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    comers = [socket.socket(socket.AF_UNIX) for _ in range(8)]
    filler = []
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(map(int, os.listdir("/proc/self/fd"))) + 10, limits[1]))
    try:
        while True:
            try:
                filler.append(os.open(os.devnull, os.O_RDONLY))
            except OSError:
                break
        looks, look = [], entrance._next
        entrance._next = lambda: looks.append(look()) or looks[-1]
        for sock in comers:
            sock.settimeout(PATIENCE)
            sock.connect(str(socket_path))
            assert sock.recv(1) == b""
        # One look for each of them.
        assert len(looks) <= len(comers)
        assert came == []
        for descriptor in filler:
            os.close(descriptor)
        filler.clear()
        with endpoint.connect(socket_path, PATIENCE):
            wait_until(lambda: came)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)
        for descriptor in filler:
            os.close(descriptor)
        for sock in (*comers, *came):
            sock.close()
    assert [
        record.getMessage().startswith("refused 1 connections: Too many open files") for record in caplog.records
    ] == [True]
