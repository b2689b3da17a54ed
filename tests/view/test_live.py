"""Live images in real windows: frames follow each other, each is shown whole, and the user keeps control."""

from __future__ import annotations

import json
import threading
import time

import numpy as np
import pytest
from kit import FOLDER
from kit.patience import PATIENCE
from kit.screen import image_area, inner_pixels
from pyface.qt import QtCore, QtGui

from traitsview.errors import RequestError, TraitsviewError
from traitsview.remote.routes.own_process import OwnProcess
from traitsview.remote.viewer.remote_source import RemoteSource
from traitsview.sources.frame import FramePart
from traitsview.sources.framed.framed_source import FramedSource
from traitsview.testing.feeds import ScriptedFeed
from traitsview.view import window
from traitsview.view.panels.live_bar import LiveBar
from traitsview.view.window import process_events_until, screenshot

SPACE, COMMA, DOT, LIVE = QtCore.Qt.Key_Space, QtCore.Qt.Key_Comma, QtCore.Qt.Key_Period, QtCore.Qt.Key_L


def constant(value, shape=(310, 430), dtype=np.float32):
    return np.full(shape, value, dtype)


@pytest.fixture
def feed():
    return ScriptedFeed()


@pytest.fixture
def watch(open_window, feed):
    """Open a window on the feed's frames; limits are 0 … 100 by default."""
    sources = []

    def open_on(source=None, **options):
        source = source or FramedSource(feed, "script")
        sources.append(source)
        return open_window(source, **{"limits": (0.0, 100.0), **options})

    yield open_on
    for source in sources:
        source.close()


@pytest.fixture
def shown(watch, feed):
    """A window that shows a frame at step 5."""
    hand = watch()
    feed.show(constant(5), 5)
    wait(hand, lambda: hand.viewer.frame.step == 5)
    hand.wait_exact()
    return hand


def wait(hand, condition):
    assert process_events_until(condition, PATIENCE), hand.viewer.shown


def gray(hand):
    """Return the value that is painted, 0 … 100; all pixels of the image must have the same."""
    (colour,) = np.unique(inner_pixels(hand)[100:-100, 10:-10])
    return (int(colour) & 255) * 100 / 255


def bar(hand):
    return hand.panel.findChild(LiveBar)


def painted(hand, step):
    """Wait until a step is on the screen, and check that its value is, everywhere."""
    wait(hand, lambda: hand.viewer.frame.step == step and hand.viewer.exact)
    assert gray(hand) == pytest.approx(step, abs=0.5)


def threads():
    return [thread for thread in threading.enumerate() if thread.name == "traitsview frames"]


# ---- following -------------------------------------------------------------


def test_frames_are_shown_one_after_the_other_and_those_that_were_left_out_are_counted(watch, feed):
    hand = watch()
    live = hand.viewer.live
    for step in range(20):
        feed.show(constant(step), step)
        if step % 3 == 0:
            painted(hand, step)
            assert live.shown + live.skipped == live.published == hand.viewer.frame.count
    wait(hand, lambda: hand.viewer.frame.step == 19)
    assert live.shown + live.skipped == live.published == 20
    assert live.shown >= 7


def test_no_painted_picture_mixes_two_steps_while_a_host_publishes_and_the_user_pans(watch, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(FOLDER))
    hand = watch(RemoteSource(OwnProcess("900x1300@300", "kit.live_openers:constant")), size=(700, 600))
    viewer = hand.viewer
    wait(hand, lambda: viewer.live.shown > 2)
    viewer.one_to_one()
    steps = set()
    for turn in range(60):
        viewer.pan(*((37, 11) if turn % 8 < 4 else (-37, -11)))
        assert process_events_until(lambda last=viewer.live.shown: viewer.live.shown > last, PATIENCE)
        if viewer.pixels.held.missing:
            continue
        colours = np.unique(inner_pixels(hand))
        assert len(colours) == 1
        steps.add(viewer.frame.step)
    assert len(steps) > 20
    assert viewer.live.shown + viewer.live.skipped == viewer.live.published


def test_until_the_first_frame_the_window_says_what_it_waits_for(watch, feed):
    hand = watch()
    wait(hand, lambda: hand.viewer.summary is not None)
    assert hand.viewer.shown == "waiting for 'script'"
    feed.say("waiting for 'script'; published now: density")
    wait(hand, lambda: hand.viewer.shown == "waiting for 'script'; published now: density")


def test_a_frame_of_another_place_is_shown_whole_and_one_of_another_shape_in_the_same_place(shown, feed):
    viewer = shown.viewer
    viewer.zoom(4)
    viewer.pan(30, 20)
    place = viewer.viewport.extent
    feed.show(constant(7, (620, 860)), 7, extent=(0.0, 430.0, 0.0, 310.0))
    painted(shown, 7)
    assert viewer.viewport.extent == place
    assert viewer.info.shape == (620, 860)
    feed.show(constant(9, (50, 40), np.float64), 9, extent=(10.0, 14.0, 0.0, 5.0))
    wait(shown, lambda: viewer.frame.step == 9)
    assert viewer.places.fitted
    shown.wait_exact()
    assert (viewer.summary.minimum, viewer.summary.maximum) == (9.0, 9.0)


def test_planes_and_colours_stay_from_frame_to_frame(watch, feed):
    cube = np.arange(4, dtype=np.float32)[:, None, None] * np.ones((4, 310, 430), np.float32)
    hand = watch()
    feed.show(cube, 0)
    wait(hand, lambda: hand.viewer.frame.step == 0)
    hand.viewer.plane = (3,)
    feed.show(10 * cube, 1)
    wait(hand, lambda: hand.viewer.frame.step == 1)
    hand.wait_exact()
    assert hand.viewer.picture.plane == (3,)
    assert gray(hand) == pytest.approx(30, abs=0.5)


def test_the_value_under_the_cursor_is_that_of_the_frame_that_is_shown(shown, feed):
    viewer = shown.viewer
    viewer.cursor = (200.2, 100.7)
    wait(shown, lambda: viewer.readout is not None and viewer.readout.value == "5")
    for step in (6, 7, 8):
        feed.show(constant(step), step)
        wait(shown, lambda step=step: viewer.readout.value == str(step))
        assert viewer.readout.picture.version == viewer.picture.version


def test_limits_by_a_rule_follow_slowly_and_numbers_stay(watch, feed):
    hand = watch(limits="minmax")
    viewer = hand.viewer
    ramp = np.linspace(0, 1, 310 * 430, dtype=np.float32).reshape(310, 430)
    feed.show(ramp, 0)
    wait(hand, lambda: viewer.summary is not None and viewer.summary.maximum == 1.0)
    feed.show(10 * ramp, 1)
    wait(hand, lambda: viewer.summary.maximum > 1.0)
    assert 1.0 < viewer.summary.maximum < 10.0
    viewer.hold_limits()
    held = viewer.appearance.limits
    feed.show(100 * ramp, 2)
    wait(hand, lambda: viewer.summary.maximum > 10.0)
    assert viewer.appearance.limits == held


def test_the_end_of_a_calculation_is_said_and_the_age_grows_while_nothing_comes(shown, feed):
    viewer = shown.viewer
    lines = set()
    viewer.live.observe(lambda event: lines.add(event.new), "line")
    wait(shown, lambda: len(lines) > 2)
    assert all(line.startswith("step 5, ") and line.endswith("s old") for line in lines)
    feed.say("ended at step 5")
    wait(shown, lambda: "ended at step 5" in viewer.shown)
    feed.show(constant(1), 1)  # a new run under the same name
    painted(shown, 1)
    assert "ended" not in viewer.shown


def test_a_frame_that_is_kept_no_more_gives_way_to_the_newest(watch, feed):
    hand = watch(FramedSource(feed, "script", limit=1))
    feed.show(constant(5, (900, 1300)), 5)
    wait(hand, lambda: hand.viewer.frame.step == 5)
    hand.wait_exact()
    hand.viewer.live._kept = None  # as where the host began anew
    feed.show(constant(6, (900, 1300)), 6)
    hand.viewer.one_to_one()
    wait(hand, lambda: hand.viewer.frame.step == 6 and hand.viewer.exact)
    assert not hand.viewer.status.fault


# ---- pause, steps, and looking back ---------------------------------------------


def test_space_holds_the_frame_and_the_bar_says_how_many_are_newer(shown, feed):
    viewer = shown.viewer
    shown.key(SPACE)
    for step in range(6, 9):
        feed.show(constant(step), step)
    wait(shown, lambda: viewer.live.behind == 3)
    assert "paused, step 5" in viewer.shown
    texts = [label.text() for label in bar(shown).findChildren(QtGui.QLabel)]
    assert "3 newer" in texts
    viewer.zoom(3)
    painted(shown, 5)
    shown.key(SPACE)
    painted(shown, 8)


def test_keys_step_through_the_frames_that_are_kept_and_go_live_again(shown, feed):
    viewer = shown.viewer
    for step in range(6, 10):
        feed.show(constant(step), step)
        painted(shown, step)
    shown.key(COMMA)
    painted(shown, 8)
    shown.key(COMMA)
    painted(shown, 7)
    shown.key(DOT)
    painted(shown, 8)
    assert viewer.live.paused
    count = viewer.live.shown
    slider = bar(shown).findChild(QtGui.QSlider)
    slider.setValue(0)
    painted(shown, 5)
    assert viewer.live.shown == count
    feed.show(constant(20), 20)
    shown.key(LIVE)
    painted(shown, 20)
    assert viewer.live.shown + viewer.live.skipped == viewer.live.published == viewer.frame.count


def test_the_bar_is_there_for_live_images_alone(shown, hand):
    assert not bar(shown).isHidden()
    assert bar(hand).isHidden()


# ---- who watches, and until when --------------------------------------------------


def test_a_minimised_window_does_not_watch_and_goes_on_when_it_is_seen_again(shown, feed):
    panel = shown.panel
    panel.window().showMinimized()
    wait(shown, lambda: not shown.viewer.screens.seen)
    wait(shown, lambda: not threads())
    reads = feed.reads
    feed.show(constant(6), 6)
    process_events_until(lambda: False, 0.5)
    assert (feed.reads, shown.viewer.frame.step) == (reads, 5)
    panel.window().showNormal()
    painted(shown, 6)


def test_a_closed_window_watches_no_more(shown, feed):
    shown.panel.window().close()
    wait(shown, lambda: not threads())
    assert shown.viewer.live.frame.step == 5


# ---- parts, pictures, recording ------------------------------------------------------


def test_parts_that_are_late_are_hatched_and_named(shown, feed):
    now = time.monotonic()
    lower, upper = (0.0, 430.0, 0.0, 155.0), (0.0, 430.0, 155.0, 310.0)
    parts = FramePart("a/0", lower, 6, now), FramePart("a/1", upper, 3, now - 12, "lost")
    feed.show(constant(6), 6, parts=parts)
    wait(shown, lambda: shown.viewer.frame.step == 6)
    shown.wait_exact()
    rows = image_area(shown)
    middle = rows.shape[0] // 2
    above, below = rows[middle - 60 : middle - 5, 5:-5], rows[middle + 5 : middle + 60, 5:-5]
    assert len(np.unique(above)) == 1
    assert len(np.unique(below)) > 2
    assert "a/1 lost, step 3, 12 s old" in shown.viewer.shown


def test_a_picture_of_a_live_image_is_of_its_newest_frame_or_says_that_there_is_none(
    watch, feed, tmp_path, monkeypatch
):
    monkeypatch.setattr(window, "FRAME_SECONDS", 0.1)
    hand = watch()
    with pytest.raises(TraitsviewError, match=r"no picture: no frame came within 0\.1 s: waiting for 'script'"):
        screenshot(hand.viewer, tmp_path / "none.png")
    monkeypatch.setattr(window, "FRAME_SECONDS", PATIENCE)
    feed.show(constant(5), 5)
    screenshot(hand.viewer, tmp_path / "one.png")
    assert hand.viewer.frame.step == 5
    assert (tmp_path / "one.png").stat().st_size


def test_frames_are_recorded_whole_as_a_zarr_array(shown, feed, tmp_path):
    viewer, folder = shown.viewer, tmp_path / "run.zarr"
    viewer.show((0.0, 10.0, 0.0, 10.0))
    viewer.recording.start(folder)
    for step in range(6, 9):
        feed.show(constant(step), step, step / 10)
        wait(shown, lambda step=step: viewer.recording.line.startswith(f"{step - 4} frames"))
    viewer.recording.stop()
    wait(shown, lambda: json.loads((folder / ".zattrs").read_text())["steps"] == [5, 6, 7, 8])
    about = json.loads((folder / ".zarray").read_text())
    assert (about["shape"], about["chunks"], about["dtype"]) == ([4, 310, 430], [1, 310, 430], "<f4")
    for at, step in enumerate((5, 6, 7, 8)):
        np.testing.assert_array_equal(np.fromfile(folder / f"{at}.0.0", "<f4"), np.full(310 * 430, step))
    with pytest.raises(RequestError, match="it is there already; choose another name"):
        viewer.recording.start(folder)


def test_a_place_that_takes_no_more_frames_ends_the_recording_with_a_sentence(shown, feed, tmp_path):
    viewer, folder = shown.viewer, tmp_path / "run.zarr"
    viewer.recording.start(folder)
    wait(shown, lambda: viewer.recording.line.startswith("1 frame,"))
    folder.rename(tmp_path / "gone")
    feed.show(constant(6), 6)
    wait(shown, lambda: not viewer.recording.running)
    assert "cannot record to" in viewer.shown
    viewer.recording.start(tmp_path / "other.zarr")
    assert "cannot record to" not in viewer.shown
