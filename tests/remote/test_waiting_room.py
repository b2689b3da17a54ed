"""Connections of unknown peers have few places, and the oldest makes room."""

from __future__ import annotations

import logging
import socket
import threading

import pytest

from traitsview.remote.protocol.waiting_room import WaitingRoom


@pytest.fixture
def guests():
    """Return a function that gives both ends of a connection."""
    pairs = []

    def come():
        pairs.append(socket.socketpair())
        pairs[-1][1].setblocking(False)
        return pairs[-1]

    yield come
    for pair in pairs:
        for sock in pair:
            sock.close()


def is_open(theirs):
    try:
        return theirs.recv(1) != b""
    except BlockingIOError:
        return True


@pytest.fixture
def full(guests):
    """Return a room of three places that are taken, and who is there."""
    room = WaitingRoom(3)
    there = [guests() for _ in range(3)]
    for ours, _ in there:
        assert room.enter(ours, 60.0)
    return room, there


def test_while_there_is_room_everybody_stays(full):
    _, there = full
    assert all(is_open(theirs) for _, theirs in there)


def test_nobody_gives_way_before_its_time(full, guests):
    room, there = full
    assert not room.enter(guests()[0], 60.0)
    assert all(is_open(theirs) for _, theirs in there)


def test_who_has_been_there_longest_gives_way(full, guests):
    room, there = full
    assert room.enter(guests()[0], 0.0)
    assert [is_open(theirs) for _, theirs in there] == [False, True, True]
    assert room.enter(guests()[0], 0.0)
    assert [is_open(theirs) for _, theirs in there] == [False, False, True]


def test_who_has_said_its_name_leaves_its_place_to_the_next(full, guests):
    room, there = full
    room.leave(there[1][0])
    assert room.enter(guests()[0], 60.0)
    assert all(is_open(theirs) for _, theirs in there)
    room.leave(there[1][0])  # once more does no harm
    assert not room.enter(guests()[0], 60.0)


def test_a_newcomer_with_patience_waits_for_a_place(full, guests):
    room, there = full
    threading.Timer(0.05, room.leave, (there[2][0],)).start()
    assert room.enter(guests()[0], 60.0, patience=20.0)
    assert room.enter(guests()[0], 0.1, patience=20.0)
    assert not is_open(there[0][1])


def test_a_crowd_is_told_of_once(full, guests, caplog):
    room, there = full
    caplog.set_level(logging.WARNING)
    for _ in range(3):
        room.enter(guests()[0], 60.0)
    assert len(caplog.records) == 1
    room.leave(there[0][0])
    room.enter(guests()[0], 60.0)
    room.enter(guests()[0], 60.0)
    assert len(caplog.records) == 2


def test_all_are_ended_with_the_room(full):
    room, there = full
    room.close()
    assert not any(is_open(theirs) for _, theirs in there)
