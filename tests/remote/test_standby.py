"""A way that says nothing: another one is tried aside, and who speaks first is used."""

from __future__ import annotations

import threading

import pytest
from kit.patience import PATIENCE

from traitsview.errors import HostGone, HostRefused
from traitsview.remote.tunnel.standby import Standby

#: Seconds of silence that no machine is so slow as to take for a moment.
LONG = 1e6


class ScriptedTunnel:
    """Is heard of when a test says so; notes how often it was asked for a sign of life.

    No time passes for it by itself.
    """

    def __init__(self):
        self.asked = 0
        self.answers = False
        self.silent_for = 0.0

    def heard(self, ago=0.0):
        self.silent_for = ago

    def answers_within(self, timeout):
        self.asked += 1
        if self.answers:
            self.heard()
        return self.answers


class ScriptedWay:
    """Is there once it has arrived, or fails with what it was given then."""

    last_words = ""

    def __init__(self, arrived=False):
        self._tunnel = ScriptedTunnel()
        self._arrived = threading.Event()
        self._error = None
        self.closed = False
        if arrived:
            self.arrive()

    @property
    def alive(self):
        return not self.closed and self._error is None

    @property
    def settled(self):
        return self._arrived.is_set()

    def arrive(self, error=None):
        self._error = error
        self._arrived.set()

    def tunnel(self):
        self._arrived.wait(PATIENCE)
        if self._error is not None:
            raise self._error
        return self._tunnel

    def close(self):
        if not self.settled:
            self.arrive(HostGone("the source is closed"))
        self.closed = True


class Ways:
    """A passage whose first way is there and says nothing; `others` are those that it begins aside."""

    def __init__(self):
        self.others = []
        self.standby = Standby(self._begin, "aside")
        self.first = self.standby.ready()
        self.first.tunnel().heard(ago=LONG)

    def _begin(self, aside):
        if not aside:
            return ScriptedWay(arrived=True)
        self.others.append(ScriptedWay())
        return self.others[-1]

    def settle(self):
        """Wait until nothing is tried any more."""
        if self.standby._aside is not None:
            self.standby._aside.join(PATIENCE)
            assert not self.standby._aside.is_alive()


@pytest.fixture
def ways():
    made = Ways()
    yield made
    made.standby.close()
    made.settle()


def test_another_way_that_is_there_first_takes_its_place(ways, wait_until):
    ways.standby.check_alive()
    wait_until(lambda: ways.others)
    assert not ways.first.closed
    ways.others[0].arrive()
    ways.settle()
    assert ways.first.closed
    assert ways.standby.ready() is ways.others[0]


def test_one_that_speaks_before_another_is_there_stays(ways, wait_until):
    ways.standby.check_alive()
    wait_until(lambda: ways.others)
    ways.first.tunnel().heard()
    ways.others[0].arrive()
    ways.settle()
    assert ways.others[0].closed
    assert ways.standby.ready() is ways.first


def test_one_that_answers_when_it_is_asked_stays_and_nothing_is_tried(ways):
    ways.first.tunnel().answers = True
    ways.standby.check_alive()
    ways.settle()
    assert ways.others == []
    assert ways.standby.ready() is ways.first


def test_one_that_was_asked_in_vain_is_asked_again_only_after_it_spoke(ways, wait_until):
    tunnel = ways.first.tunnel()
    for count in (1, 2, 3):
        ways.standby.check_alive()
        wait_until(lambda count=count: len(ways.others) == count)
        ways.others[-1].arrive(HostGone("nothing answers"))
        ways.settle()
        assert tunnel.asked == 1
        assert not ways.first.closed
    tunnel.heard()
    ways.standby.check_alive()
    wait_until(lambda: len(ways.others) == 4)
    assert tunnel.asked == 2


def test_only_one_way_is_tried_at_a_time(ways, wait_until):
    for _ in range(5):
        ways.standby.check_alive()
    wait_until(lambda: ways.others)
    ways.standby.note_change()
    assert len(ways.others) == 1


def test_a_way_that_needs_the_user_is_not_tried_again(ways, wait_until):
    ways.standby.check_alive()
    wait_until(lambda: ways.others)
    ways.others[0].arrive(HostRefused("login is needed"))
    ways.settle()
    ways.standby.check_alive()
    ways.settle()
    ways.standby.note_change()
    assert len(ways.others) == 1
    assert not ways.first.closed


def test_a_change_of_networks_is_a_doubt_too(ways, wait_until):
    tunnel = ways.first.tunnel()
    tunnel.answers = True
    ways.standby.note_change()
    assert ways.others == []
    tunnel.answers = False
    tunnel.heard(ago=LONG)
    changing = threading.Thread(target=ways.standby.note_change)
    changing.start()
    wait_until(lambda: ways.others)
    ways.others[0].arrive()
    changing.join(PATIENCE)
    assert not changing.is_alive()
    assert ways.standby.ready() is ways.others[0]


def test_closing_ends_what_is_tried_and_begins_nothing(ways, wait_until):
    ways.standby.check_alive()
    wait_until(lambda: ways.others)
    ways.standby.close()
    ways.settle()
    assert ways.first.closed
    assert ways.others[0].closed
    for again in (ways.standby.begin, ways.standby.ready):
        with pytest.raises(HostGone, match="the source is closed"):
            again()


def test_a_silent_way_is_proved_before_it_is_used(ways):
    ways.first.tunnel().answers = True
    assert ways.standby.ready() is ways.first
    ways.first.tunnel().answers = False
    ways.first.tunnel().heard(ago=LONG)
    assert ways.standby.ready() is not ways.first
    assert ways.first.closed
