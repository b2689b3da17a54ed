"""Objects that follow others, and end all of it together."""

from __future__ import annotations

import gc
from weakref import ref

import pytest
from traits.api import HasTraits, Int

from traitsview.view.qt.following import Following


class Subject(HasTraits):
    first = Int()
    second = Int()


class Follower(Following):
    def __init__(self, subject):
        self.seen = []
        self.follow(subject, self._note, "first", "second")

    def _note(self, event):
        self.seen.append((event.name, event.new))


def test_what_is_followed_is_noticed_until_the_end():
    subject = Subject()
    follower = Follower(subject)
    subject.trait_set(first=1, second=2)
    assert follower.seen == [("first", 1), ("second", 2)]
    follower.end()
    subject.trait_set(first=3, second=4)
    assert len(follower.seen) == 2


def test_what_began_last_ends_first_and_only_once():
    order, whole = [], Following()
    part = whole.own(Following())
    part.at_end(order.append, "part")
    whole.at_end(order.append, "whole")
    whole.end()
    whole.end()
    part.end()
    assert order == ["whole", "part"]


def test_an_ending_that_fails_does_not_keep_others_from_being_done():
    done, whole = [], Following()
    whole.at_end(done.append, "first")
    whole.at_end(lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        whole.end()
    assert done == ["first"]


def test_what_follows_anew_after_an_end_is_ended_too():
    subject = Subject()
    follower = Follower(subject)
    follower.end()
    follower.follow(subject, follower._note, "first")
    subject.first = 1
    follower.end()
    subject.first = 2
    assert follower.seen == [("first", 1)]


def test_a_subject_does_not_keep_its_follower():
    subject = Subject()
    gone = ref(Follower(subject))
    gc.collect()
    assert gone() is None
    subject.first = 1
