"""Counting the frames that are shown, and going from one kept frame to another."""

from __future__ import annotations

import numpy as np
import pytest

from traitsview.model.frame_count import FrameCount
from traitsview.model.frame_marks import mark_after
from traitsview.sources.arrays.array_source import ArraySource
from traitsview.sources.frame import Frame
from traitsview.sources.questions.frames import FrameMark

INFO = ArraySource(np.zeros((2, 3))).info


def frame(count):
    return Frame(INFO, count=count)


def shown(*counts):
    count = FrameCount()
    for number in counts:
        count = count.after(frame(number))
    return count


def test_frames_before_the_first_one_that_is_shown_are_not_counted():
    assert shown(7) == FrameCount(1, 1, 7)


def test_what_is_shown_and_what_is_skipped_make_what_was_published():
    count = shown(7, 8, 12)
    assert (count.shown, count.skipped, count.published) == (3, 3, 6)


def test_a_frame_that_is_looked_back_at_is_not_counted_again():
    assert shown(7, 9, 7) == shown(7, 9)


def test_a_host_that_counts_from_one_again_is_counted_on():
    count = shown(7, 9).restarted(frame(2)).after(frame(2))
    assert (count.shown, count.published, count.last) == (3, 4, 2)


MARKS = tuple(FrameMark(version, 0, 0.0, count) for version, count in ((11, 1), (13, 3), (15, 5)))


@pytest.mark.parametrize(
    ("version", "steps", "expected"), [(13, 1, 15), (13, -1, 11), (13, 9, 15), (13, -9, 11), (14, 1, 15), (14, -1, 13)]
)
def test_steps_lead_from_a_frame_to_kept_ones_also_if_it_is_not_kept(version, steps, expected):
    assert mark_after(MARKS, version, frame(version - 10), steps).version == expected
