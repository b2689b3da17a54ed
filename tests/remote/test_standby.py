"""A tunnel that says nothing: another one is tried aside, and the one that speaks first is used."""

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


class ScriptedAttempt:
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


class Attempts:
    """A standby whose first tunnel is there and says nothing; `others` are the attempts that it begins aside."""

    def __init__(self):
        self.others = []
        self.standby = Standby(self._begin, "aside")
        self.first = self.standby.ready()
        self.first.tunnel().heard(ago=LONG)

    def _begin(self, aside):
        if not aside:
            return ScriptedAttempt(arrived=True)
        self.others.append(ScriptedAttempt())
        return self.others[-1]

    def settle(self):
        """Wait until nothing is tried any more."""
        if self.standby._aside is not None:
            self.standby._aside.join(PATIENCE)
            assert not self.standby._aside.is_alive()


@pytest.fixture
def attempts():
    made = Attempts()
    yield made
    made.standby.close()
    made.settle()


def test_another_tunnel_that_is_there_first_takes_the_place_of_a_silent_one(attempts, wait_until):
    attempts.standby.check_alive()
    wait_until(lambda: attempts.others)
    assert not attempts.first.closed
    attempts.others[0].arrive()
    attempts.settle()
    assert attempts.first.closed
    assert attempts.standby.ready() is attempts.others[0]


def test_a_silent_tunnel_that_speaks_before_another_one_is_there_stays(attempts, wait_until):
    attempts.standby.check_alive()
    wait_until(lambda: attempts.others)
    attempts.first.tunnel().heard()
    attempts.others[0].arrive()
    attempts.settle()
    assert attempts.others[0].closed
    assert attempts.standby.ready() is attempts.first


def test_a_tunnel_that_answers_when_it_is_asked_stays_and_no_other_is_tried(attempts):
    attempts.first.tunnel().answers = True
    attempts.standby.check_alive()
    attempts.settle()
    assert attempts.others == []
    assert attempts.standby.ready() is attempts.first


def test_a_tunnel_that_did_not_answer_is_asked_again_only_after_it_has_spoken(attempts, wait_until):
    tunnel = attempts.first.tunnel()
    for count in (1, 2, 3):
        attempts.standby.check_alive()
        wait_until(lambda count=count: len(attempts.others) == count)
        attempts.others[-1].arrive(HostGone("nothing answers"))
        attempts.settle()
        assert tunnel.asked == 1
        assert not attempts.first.closed
    tunnel.heard()
    attempts.standby.check_alive()
    wait_until(lambda: len(attempts.others) == 4)
    assert tunnel.asked == 2


def test_only_one_other_tunnel_is_tried_at_a_time(attempts, wait_until):
    for _ in range(5):
        attempts.standby.check_alive()
    wait_until(lambda: attempts.others)
    attempts.standby.note_change()
    assert len(attempts.others) == 1


def test_a_tunnel_that_needs_the_user_is_not_tried_again(attempts, wait_until):
    attempts.standby.check_alive()
    wait_until(lambda: attempts.others)
    attempts.others[0].arrive(HostRefused("login is needed"))
    attempts.settle()
    attempts.standby.check_alive()
    attempts.settle()
    attempts.standby.note_change()
    assert len(attempts.others) == 1
    assert not attempts.first.closed


def test_a_tunnel_is_asked_when_a_network_changes(attempts, wait_until):
    tunnel = attempts.first.tunnel()
    tunnel.answers = True
    attempts.standby.note_change()
    assert attempts.others == []
    tunnel.answers = False
    tunnel.heard(ago=LONG)
    changing = threading.Thread(target=attempts.standby.note_change)
    changing.start()
    wait_until(lambda: attempts.others)
    attempts.others[0].arrive()
    changing.join(PATIENCE)
    assert not changing.is_alive()
    assert attempts.standby.ready() is attempts.others[0]


def test_closing_ends_all_attempts_and_begins_no_new_ones(attempts, wait_until):
    attempts.standby.check_alive()
    wait_until(lambda: attempts.others)
    attempts.standby.close()
    attempts.settle()
    assert attempts.first.closed
    assert attempts.others[0].closed
    for again in (attempts.standby.begin, attempts.standby.ready):
        with pytest.raises(HostGone, match="the source is closed"):
            again()


def test_a_silent_tunnel_is_asked_before_it_is_used(attempts):
    attempts.first.tunnel().answers = True
    assert attempts.standby.ready() is attempts.first
    attempts.first.tunnel().answers = False
    attempts.first.tunnel().heard(ago=LONG)
    assert attempts.standby.ready() is not attempts.first
    assert attempts.first.closed
