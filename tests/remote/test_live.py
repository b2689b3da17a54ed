"""Live images on a host: the newest frame comes, with its form, and is kept for the viewer that shows it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from kit.one_value import one_value
from kit.patience import PATIENCE

from traitsview.geometry import Viewport
from traitsview.sources.frame import FramePart
from traitsview.sources.framed.framed_source import FramedSource
from traitsview.sources.picture import Picture
from traitsview.sources.questions.frames import FrameMark, Frames
from traitsview.sources.questions.question import whole
from traitsview.testing.feeds import ScriptedFeed


@pytest.fixture
def feed():
    return ScriptedFeed()


@pytest.fixture
def live(remote, feed):
    return remote(FramedSource(feed, "script", limit=1))


def constant(value, shape=(40, 50), dtype=np.float32):
    return np.full(shape, value, dtype)


def test_frames_cross_with_all_that_is_known_of_them(live, feed):
    assert (live.info.live, live.info.version, live.frame.state) == (True, 0, "waiting for 'script'")
    parts = (
        FramePart("a/0", (0.0, 50.0, 0.0, 20.0), 7, 1.0),
        FramePart("a/1", (0.0, 50.0, 20.0, 40.0), None, None, "lost"),
    )
    published = feed.show(
        constant(3), 7, 0.25, scalars=[("energy", 0.5), ("count", 3), ("done", True)], parts=parts, unit="K"
    )
    version = live.wait_newer(0, PATIENCE)
    frame = live.frame
    assert frame.info == published.info
    assert (frame.version, frame.step, frame.time, frame.count) == (version, 7, 0.25, 1)
    assert frame.scalars == (("energy", 0.5), ("count", 3), ("done", True))
    assert [type(value) for _, value in frame.scalars] == [float, int, bool]
    assert frame.since == pytest.approx(published.since, abs=PATIENCE)
    assert frame.since >= published.since  # it cannot look older than it is
    assert [(part.name, part.extent, part.step, part.state) for part in frame.parts] == [
        (part.name, part.extent, part.step, part.state) for part in parts
    ]
    assert frame.parts[1].since is None
    assert one_value(live, frame.info) == 3.0


def test_the_frame_that_a_viewer_shows_and_the_next_one_are_kept_on_the_host(live, feed):
    feed.show(constant(1))
    first = live.wait_newer(0, PATIENCE)
    info = live.info
    for value in range(2, 6):
        feed.show(constant(value))
        assert live.wait_newer(first, PATIENCE) == value
        assert one_value(live, live.info) == value
        assert one_value(live, info) == 1.0


def test_frames_of_another_shape_and_dtype_come_and_the_frame_before_is_still_shown(live, feed):
    feed.show(constant(1))
    live.wait_newer(0, PATIENCE)
    before = live.info
    feed.show(constant(2, (300, 70), np.float64), extent=(5.0, 6.0, 1.0, 3.0))
    live.wait_newer(before.version, PATIENCE)
    now = live.info
    assert (now.shape, now.dtype, now.extent) == ((300, 70), "<f8", (5.0, 6.0, 1.0, 3.0))
    assert (one_value(live, now), one_value(live, before)) == (2.0, 1.0)


def test_the_first_frame_is_rendered_in_its_own_form_also_after_the_blank_image_before_it(live, feed):
    assert np.isnan(live.render(Viewport((1.0, 1.0), (0, 0), (1, 1)))).all()
    feed.show(constant(2, dtype=np.float64))
    live.wait_newer(0, PATIENCE)
    pixels = live.render(Viewport((1.0, 1.0), (0, 0), (40, 50)))
    assert (pixels.dtype, float(pixels.min())) == (np.float64, 2.0)


def test_that_the_calculation_ended_is_told_while_somebody_waits(live, feed):
    feed.show(constant(1), 812)
    version = live.wait_newer(0, PATIENCE)
    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(live.wait_newer, version, 30.0)
        feed.say("ended at step 812")
        assert waiting.result() == version
    assert (live.frame.state, live.frame.step) == ("ended at step 812", 812)


def test_marks_of_the_kept_frames_cross(remote, feed):
    live = remote(FramedSource(feed, "script"))
    assert whole(live.examine(Frames())) == ()
    wanted = []
    for step in range(3):
        frame = feed.show(constant(step), step, step / 2)
        live.wait_newer(live.info.version, PATIENCE)
        wanted.append(FrameMark(frame.version, step, step / 2, step + 1))
    assert whole(live.examine(Frames())) == tuple(wanted)


def test_all_who_ask_at_once_get_the_pixels_of_the_frame_that_they_asked_for(live, feed):
    feed.show(constant(1))
    first = live.wait_newer(0, PATIENCE)
    info = live.info
    feed.show(constant(2))
    live.wait_newer(first, PATIENCE)
    tiles = Viewport.fitting(info, info.shape).tiles()
    with live._wishing:  # as while a wish is rendered: pixels come by a call of their own
        ((_, pixels),) = live.render_tiles(tiles, Picture(version=first))
        ((_, newer),) = live.render_tiles(tiles, Picture(version=live.info.version))
    assert (np.nanmax(pixels), np.nanmax(newer)) == (1.0, 2.0)


def test_a_viewer_that_knows_of_no_frame_is_shown_nothing_though_the_host_has_one_of_another_form(remote, feed):
    source = FramedSource(feed, "script")
    live = remote(source)
    feed.show(constant(1, dtype=np.float64))
    source.wait_newer(0, PATIENCE)  # as another viewer does
    assert live.info.version == 0
    tiles = Viewport.fitting(live.info, (20, 30)).tiles()
    for _, pixels in live.render_tiles(tiles):
        assert np.isnan(pixels).all()
    assert np.isnan(live.render(tiles[0])).all()
    assert live.summarize().valid == 0
    live.wait_newer(0, PATIENCE)
    assert one_value(live, live.info) == 1.0
