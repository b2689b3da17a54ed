"""The frames of a live image in a viewer without a window."""

from __future__ import annotations

import time
from itertools import pairwise

import numpy as np
import pytest
from kit.patience import PATIENCE, attempts
from kit.slow_sources import LinkedFrames

from traitsview.errors import HostGone, SourceUnreadable
from traitsview.geometry import Viewport
from traitsview.model.image_viewer import ImageViewer
from traitsview.model.live_words import age_text, frames_text, late_parts, part_text, scalars_text
from traitsview.sources.eased_summary import eased
from traitsview.sources.frame import Frame, FramePart
from traitsview.sources.framed.framed_source import FramedSource
from traitsview.sources.image_info import ImageInfo
from traitsview.sources.image_source import never
from traitsview.sources.picture import DEFAULT_PICTURE
from traitsview.sources.summary import summary_of
from traitsview.testing.feeds import ScriptedFeed

INFO = ImageInfo("density", (4, 4), "<f4", live=True, version=3)


@pytest.fixture
def feed():
    return ScriptedFeed()


@pytest.fixture
def look_at():
    """Give a function that returns a viewer of a source."""
    viewers = []

    def made(source, **traits):
        viewer = ImageViewer(viewport=Viewport((1, 1), (0, 0), (300, 500)), looks_ahead=False, **traits)
        viewers.append(viewer)
        viewer.source = source
        return viewer

    yield made
    for viewer in viewers:
        viewer.close()
        viewer.source.close()


def wait(viewer, condition):
    for _ in attempts(lambda: viewer.shown, pause=0.001):
        if condition():
            return
        viewer.pixels.take_arrivals()


def noise(seed, shape=(900, 1500)):
    return np.random.default_rng(seed).random(shape, np.float32)


def test_over_a_slow_link_the_newest_frame_comes_coarse_then_in_colours_and_exact_when_no_other_does(look_at, feed):
    feed.show(noise(0), 0)
    viewer = look_at(LinkedFrames(feed, 1e9))
    wait(viewer, lambda: viewer.frame.step == 0 and viewer.exact)
    viewer.source.rate = 1e6
    steps = []
    viewer.pixels.observe(lambda event: steps.append((viewer.frame.step, event.new.step)), "held")
    for step in range(1, 5):
        feed.show(noise(step), step)
        wait(viewer, lambda step=step: (step, "colours") in steps)
    assert not any((step, "exact") in steps for step in range(1, 4))
    for step in range(1, 5):
        assert steps.index((step, "coarse")) < steps.index((step, "colours"))
    wait(viewer, lambda: viewer.exact)
    assert viewer.frame.step == 4
    assert (viewer.live.shown, viewer.live.skipped) == (5, 0)


def test_frames_that_come_faster_than_the_link_carries_them_never_make_the_picture_older(look_at, feed):
    feed.show(noise(0), 0)
    viewer = look_at(LinkedFrames(feed, 1e9))
    wait(viewer, lambda: viewer.frame.step == 0 and viewer.exact)
    viewer.source.rate = 2e6
    arrays = [noise(seed) for seed in range(3)]
    behind = []
    viewer.live.observe(lambda event: behind.append(feed.next_step - viewer.frame.step), "version")
    feed.next_step = 1
    due = time.monotonic()
    while len(behind) < 8:
        if time.monotonic() >= due:
            feed.show(arrays[feed.next_step % 3], feed.next_step)
            feed.next_step += 1
            due += 0.02
        viewer.pixels.take_arrivals()
    assert max(behind[4:]) < 3 * max(behind[:4]) + 10
    assert viewer.live.shown + viewer.live.skipped == viewer.live.published == viewer.frame.count


def test_a_host_that_began_anew_counts_from_one_and_the_counts_stay_right(look_at, feed):
    feed.show(noise(0, (30, 50)), 0)
    viewer = look_at(FramedSource(feed, "script"))
    for step in range(1, 4):
        feed.show(noise(step, (30, 50)), step)
        wait(viewer, lambda step=step: viewer.frame.step == step)
    feed._count = 0
    for step in range(10, 12):
        frame = feed.show(noise(step, (30, 50)), step)
        assert frame.count < 3
        if step == 10:
            continue
        wait(viewer, lambda: viewer.frame.step == 11)
    assert viewer.live.shown + viewer.live.skipped == viewer.live.published


def test_a_source_that_cannot_tell_its_newest_frame_says_so_once_and_is_asked_again(look_at, feed):
    class Moody(FramedSource):
        mood = None

        def wait_newer(self, version, timeout):
            if self.mood is not None:
                raise self.mood
            return super().wait_newer(version, min(timeout, 0.01))

    source = Moody(feed, "script")
    feed.show(noise(1, (30, 50)), 1)
    viewer = look_at(source)
    wait(viewer, lambda: viewer.frame.step == 1 and viewer.exact)
    source.mood = SourceUnreadable("cannot read 'script'", "it is a list now", "publish an array")
    wait(viewer, lambda: viewer.shown == "cannot read 'script': it is a list now; publish an array")
    source.mood = None
    feed.show(noise(2, (30, 50)), 2)
    wait(viewer, lambda: viewer.frame.step == 2 and viewer.exact)
    assert not viewer.status.fault


@pytest.mark.parametrize(
    "failure", [SourceUnreadable("cannot read 'script'", "it shrank", "wait"), HostGone("the host is gone")]
)
def test_a_frame_that_cannot_be_loaded_is_tried_again_and_the_one_before_stays(look_at, feed, failure):
    class Failing(FramedSource):
        failure = None

        def render_tiles(self, tiles, picture=DEFAULT_PICTURE, stale=never):
            if self.failure is not None:
                failed.append(picture.version)
                raise self.failure
            yield from super().render_tiles(tiles, picture, stale)

    source, failed = Failing(feed, "script"), []
    feed.show(noise(1, (30, 50)), 1)
    viewer = look_at(source)
    wait(viewer, lambda: viewer.frame.step == 1 and viewer.exact)
    source.failure = failure
    feed.show(noise(2, (30, 50)), 2)
    wait(viewer, lambda: len(failed) > 1)
    assert viewer.frame.step == 1
    assert isinstance(failure, HostGone) or viewer.shown == str(failure)
    source.failure = None
    wait(viewer, lambda: viewer.frame.step == 2 and viewer.exact)
    assert viewer.live.shown == viewer.live.published == 2


def test_nothing_is_asked_of_a_source_whose_viewer_is_closed(look_at, feed):
    feed.show(noise(1, (30, 50)), 1)
    viewer = look_at(FramedSource(feed, "script"))
    wait(viewer, lambda: viewer.frame.step == 1)
    viewer.close()
    feed.show(noise(2, (30, 50)), 2)
    assert viewer.wait(PATIENCE)
    assert viewer.frame.step == 1


def test_the_words_of_a_frame():
    now = time.monotonic()
    frame = Frame(INFO, 812, 0.25, now - 0.1, 9, (("energy", 0.5), ("n", 3), ("done", True)))
    assert frames_text(frame, skipped=3) == "step 812, t = 0.25, 0.1 s old, 3 skipped"
    assert frames_text(frame) == "step 812, t = 0.25, 0.1 s old"
    assert frames_text(frame, behind=14, paused=True) == "paused, step 812, t = 0.25, 0.1 s old, 14 newer"
    assert frames_text(frame.saying("ended at step 812")) == "step 812, t = 0.25, 0.1 s old; ended at step 812"
    assert frames_text(Frame(INFO, state="waiting for 'density'")) == "waiting for 'density'"
    assert scalars_text(frame) == "energy = 0.5\nn = 3\ndone = True"
    assert [age_text(age) for age in (0.04, 9.97, 59.4, 61, 3599, 7300)] == [
        *("0.0 s old", "10 s old", "59 s old", "1 min old", "59 min old", "2 h old"),
    ]


def test_parts_are_late_when_they_ended_were_never_there_or_are_older_than_the_newest():
    now, place = time.monotonic(), (0.0, 1.0, 0.0, 1.0)
    parts = (
        FramePart("a/0", place, 9, now),
        FramePart("a/1", place, 8, now - 1.5),
        FramePart("a/2", place, 5, now - 12),
        FramePart("a/3", place, 9, now, "ended at step 9"),
        FramePart("a/4", place),
    )
    frame = Frame(INFO, 9, parts=parts)
    assert [part.name for part in late_parts(frame)] == ["a/2", "a/3", "a/4"]
    assert [part_text(part) for part in parts[2:]] == [
        *("a/2 late, step 5, 12 s old", "a/3 ended at step 9, 0.0 s old", "a/4 missing"),
    ]
    assert frames_text(frame) == "step 9; a/2 late, step 5, 12 s old and 2 more"
    assert late_parts(Frame(INFO)) == ()


@pytest.mark.parametrize("rule", ["percentile", "minmax"])
def test_a_summary_goes_a_part_of_the_way_each_time_and_arrives(rule):
    def ends(summary):
        return summary.percentiles(2, 98) if rule == "percentile" else (summary.minimum, summary.maximum)

    rng = np.random.default_rng(2)
    old = summary_of(rng.random((90, 90)), exact=True)
    new = summary_of(100 + 10 * rng.random((90, 90)), exact=True)
    on_the_way = [old]
    for _ in range(40):
        on_the_way.append(eased(on_the_way[-1], new))
    highest = [ends(summary)[1] for summary in on_the_way]
    assert all(later > earlier - 0.2 for earlier, later in pairwise(highest))  # a sample is never the same twice
    assert ends(on_the_way[1])[1] < 0.99 * ends(new)[1] or rule == "percentile"
    np.testing.assert_allclose(ends(on_the_way[-1]), ends(new), rtol=0.01)


@pytest.mark.parametrize("size", [1, 2, 3])
def test_the_summary_of_few_values_arrives_too(size):
    old, new = (summary_of(np.arange(start, start + size), exact=True) for start in (0, 100))
    on_the_way = old
    for _ in range(40):
        on_the_way = eased(on_the_way, new)
    assert on_the_way.percentiles(0, 100) == pytest.approx(new.percentiles(0, 100))


def test_the_one_value_of_a_frame_is_never_one_that_nobody_published():
    first, second = (summary_of(np.full((9, 9), value), exact=True) for value in (50.0, 60.0))
    assert (eased(first, second).minimum, eased(first, second).maximum) == (60.0, 60.0)


def test_a_summary_without_values_gives_way_at_once_and_whole_numbers_stay_whole():
    nothing = summary_of(np.full((3, 3), np.nan), exact=True)
    wide = summary_of(np.array([[2**60, 2**60 + 8]]), exact=True)
    assert eased(nothing, wide) is wide
    assert eased(None, wide) is wide
    assert eased(wide, nothing) is nothing
    wider = summary_of(np.array([[2**61, 2**61 + 8]]), exact=True)
    assert isinstance(eased(wide, wider).maximum, int)
