"""Live images: the newest frame of a feed, and the frames that are kept."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
from kit.one_value import one_value

from traitsview.errors import FrameGone, RequestError
from traitsview.geometry import Viewport
from traitsview.sources.framed.framed_source import FramedSource
from traitsview.sources.framed.held_frames import HeldFrames
from traitsview.sources.picture import Picture
from traitsview.sources.questions.frames import Frames
from traitsview.sources.questions.question import whole
from traitsview.sources.questions.summarize import Summarize
from traitsview.sources.tiles.held_tiles import HeldTiles
from traitsview.sources.tiles.tile_cache import TileCache
from traitsview.testing.feeds import ScriptedFeed
from traitsview.testing.image_source_tests import ImageSourceTests

PATIENCE = 60.0


def constant(value, shape=(31, 43)):
    return np.full(shape, value, np.float32)


@pytest.fixture
def feed():
    return ScriptedFeed()


@pytest.fixture
def source(feed):
    with FramedSource(feed, "script") as source:
        yield source


class TestFramedSource(ImageSourceTests):
    def make_source(self, array, **options):
        feed = ScriptedFeed()
        feed.show(array, **options)
        source = FramedSource(feed, "script")
        source.wait_newer(0, PATIENCE)
        return source

    def test_an_image_that_does_not_change_is_not_waited_for(self):
        """Live images are waited for."""


def test_before_the_first_frame_there_is_a_blank_image_that_says_what_is_waited_for(source):
    assert source.info.live
    assert source.info.version == 0
    assert source.frame.state == "waiting for 'script'"
    assert np.isnan(source.render(Viewport((1.0, 1.0), (0, 0), (1, 1)))).all()
    assert source.wait_newer(0, 0.0) == 0


def test_the_newest_frame_is_shown_and_those_between_are_left_out(feed, source):
    for step in range(5):
        feed.show(constant(step), step=10 * step, time_=0.5 * step, scalars=[("energy", 1.5)])
    assert source.wait_newer(0, PATIENCE) == 5
    frame = source.frame
    assert (frame.step, frame.time, frame.count, frame.scalars) == (40, 2.0, 5, (("energy", 1.5),))
    assert frame.info is source.info
    assert frame.age >= 0
    assert one_value(source, version=0) == 4.0


def test_a_frame_that_somebody_keeps_can_be_shown_however_many_came_after_it(feed):
    with FramedSource(feed, "script", limit=3 * constant(0).nbytes) as source:
        feed.show(constant(0))
        first = source.wait_newer(0, PATIENCE)
        kept = source.hold(first)
        assert kept is not None
        for step in range(1, 8):
            feed.show(constant(step))
            source.wait_newer(source.info.version, PATIENCE)
        assert one_value(source, version=first) == 0.0
        assert whole(source.examine(Summarize(), Picture(version=first))).maximum == 0.0
        assert [mark.version for mark in whole(source.examine(Frames()))] == [6, 7, 8]
        assert one_value(source, version=6) == 5.0
        del kept
        with pytest.raises(FrameGone, match="it is not kept any more; show a newer one"):
            one_value(source, version=first)
        assert source.hold(first) is None


def test_frames_of_another_shape_and_dtype_follow_and_the_old_form_is_still_checked(feed, source):
    feed.show(constant(1, (4, 31, 43)), extent=(0.0, 4.3, 0.0, 3.1))
    first = source.wait_newer(0, PATIENCE)
    kept = source.hold(first)
    feed.show(np.full((7, 5), 2, np.int64), extent=(3.0, 4.0, 0.0, 1.0))
    second = source.wait_newer(first, PATIENCE)
    assert (source.info.shape, source.info.dtype, source.info.extent) == ((7, 5), "<i8", (3.0, 4.0, 0.0, 1.0))
    old = Viewport((0.1, 0.1), (0, 0), (31, 43), (0.0, 0.0))
    ((_, pixels),) = source.render_tiles([old], Picture((3,), version=first))
    assert np.all(pixels == 1.0)
    with pytest.raises(RequestError):
        list(source.render_tiles([old], Picture(version=second)))
    assert [mark.version for mark in whole(source.examine(Frames()))] == [second]
    del kept


def test_all_who_wait_get_the_next_frame_and_one_of_them_reads_for_all(feed, source):
    with ThreadPoolExecutor(8) as threads:
        waiting = [threads.submit(source.wait_newer, 0, PATIENCE) for _ in range(8)]
        feed.show(constant(3))
        assert [each.result() for each in waiting] == [1] * 8
    assert feed.reads <= 8


def test_somebody_else_reads_on_when_the_one_who_read_has_waited_long_enough(feed, source):
    with ThreadPoolExecutor(2) as threads:
        short = threads.submit(source.wait_newer, 0, 0.02)
        long = threads.submit(source.wait_newer, 0, PATIENCE)
        assert short.result() == 0
        feed.show(constant(3))
        assert long.result() == 1


def test_nobody_reads_the_feed_unless_somebody_waits(feed, source):
    feed.show(constant(1))
    assert feed.reads == 0
    assert source.info.version == 0


def test_that_the_calculation_ended_is_told_at_once_and_the_last_frame_stays(feed, source):
    feed.show(constant(5), step=812)
    version = source.wait_newer(0, PATIENCE)
    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(source.wait_newer, version, PATIENCE)
        feed.say("ended at step 812")
        assert waiting.result() == version
    assert (source.frame.state, source.frame.step) == ("ended at step 812", 812)
    assert one_value(source, version=0) == 5.0
    feed.show(constant(6), step=0)
    assert source.wait_newer(version, PATIENCE) != version
    assert source.frame.state == ""


def test_closing_ends_all_waits(feed, source):
    waiter = threading.Thread(target=source.wait_newer, args=(0, PATIENCE))
    waiter.start()
    source.close()
    waiter.join(PATIENCE)
    assert not waiter.is_alive()


def test_tiles_of_one_frame_are_cached_for_all_and_never_mixed_with_those_of_another(feed):
    source = TileCache(FramedSource(feed, "script"), HeldTiles(1 << 24))
    with source:
        feed.show(constant(1))
        first = source.wait_newer(0, PATIENCE)
        kept = source.hold(first)
        assert one_value(source, version=first) == 1.0
        feed.show(constant(2))
        second = source.wait_newer(first, PATIENCE)
        assert (one_value(source, version=second), one_value(source, version=first), one_value(source, version=0)) == (
            2.0,
            1.0,
            2.0,
        )
        del kept


def test_a_rectangle_that_is_too_large_to_be_cached_is_of_the_frame_that_was_asked_for(feed):
    with TileCache(FramedSource(feed, "script"), HeldTiles(1 << 24)) as source:
        feed.show(constant(1, (2400, 2400)))
        first = source.wait_newer(0, PATIENCE)
        kept = source.hold(first)
        feed.show(constant(2, (2400, 2400)))
        source.wait_newer(first, PATIENCE)
        ((_, pixels),) = source.render_tiles([Viewport((1.0, 1.0), (0, 0), (2400, 2400))], Picture(version=first))
        assert np.all(pixels == 1.0)
        del kept


def test_frames_that_hold_no_bytes_here_are_not_kept_without_end():
    held = HeldFrames(1 << 30, most=3)
    feed = ScriptedFeed()
    for step in range(9):
        feed.show(constant(step), step)
        held.put(replace(feed.next(0.0), nbytes=0))
    assert [mark.step for mark in held.marks] == [6, 7, 8]
