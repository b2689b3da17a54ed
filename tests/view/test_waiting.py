"""What a person sees while data are on their way, or do not come."""

from __future__ import annotations

import numpy as np
import pytest
from kit.patience import PATIENCE
from kit.pixel_check import compare
from kit.screen import blank, image_area
from kit.slow_sources import GONE, UNREADABLE, ramp
from pyface.qt import QtCore

from traitsview.sources.arrays.array_source import ArraySource
from traitsview.testing.sources import CountingSource, FailingSource, GatedSource, LatencySource
from traitsview.view.window import process_events_until


def test_nothing_is_blank_while_tiles_are_on_their_way(open_window):
    source = GatedSource(ArraySource(ramp()))
    hand = open_window(source)
    assert process_events_until(
        lambda: hand.viewer.pixels.overview is not None and hand.viewer.summary is not None, PATIENCE
    )
    assert hand.viewer.pixels.held.missing
    hand.viewer.one_to_one()
    assert hand.viewer.pixels.held.missing
    picture = image_area(hand)[2:-2, 2:-2]
    assert not np.any(picture == blank())
    assert len(np.unique(picture)) > 5
    assert "loading" in hand.viewer.shown
    source.gate.set()
    hand.wait_exact()
    assert hand.viewer.shown == "1:1, exact"


def test_panning_shows_what_is_held_at_once_and_stand_ins_beside_it(open_window):
    source = GatedSource(ArraySource(ramp()))
    source.gate.set()
    hand = open_window(source)
    hand.viewer.one_to_one()
    hand.wait_exact()
    before = image_area(hand).copy()
    source.gate.clear()
    hand.drag(hand.center, hand.center + QtCore.QPoint(-310, 0))
    after = image_area(hand)
    assert hand.viewer.pixels.held.missing
    np.testing.assert_array_equal(after[3:-3, 3:-320], before[3:-3, 313:-10])
    assert not np.any(after[3:-3, -300:-3] == blank())
    source.gate.set()


def test_three_hundred_moves_in_a_second_end_with_the_last_one_and_no_render_waits_behind_others(open_window):
    source = CountingSource(ArraySource(ramp()))
    slow = LatencySource(source, 0.05, together=True)
    hand = open_window(slow)
    hand.viewer.one_to_one()
    hand.wait_exact()
    hand.move_three_hundred_times()
    before = len(source.rendered)
    hand.wait_exact()
    offset = hand.control.mapTo(hand.panel.window(), QtCore.QPoint(0, 0))
    assert compare(hand, hand.paint(), offset) > 100_000
    # Two renders at most stand between the last move and its picture: the one at work, and its own.
    assert len(source.rendered) - before <= 2


def test_dragging_goes_on_while_the_source_answers_nothing(open_window):
    source = GatedSource(ArraySource(ramp()))
    hand = open_window(source)
    assert process_events_until(lambda: hand.viewer.pixels.overview is not None, PATIENCE)
    hand.viewer.one_to_one()
    place = hand.viewer.viewport
    # A GUI thread that waited for the source even once would do so for ever; how smooth it is, a benchmark says.
    hand.move(hand.center)
    hand.press(hand.center)
    for step in range(100):
        hand.move(hand.center + QtCore.QPoint(step * 2, step), QtCore.Qt.LeftButton)
        process_events_until(lambda: True, PATIENCE)
        hand.paint()
    hand.release(hand.center)
    assert hand.viewer.viewport != place
    assert not hand.viewer.exact
    source.gate.set()
    hand.wait_exact()


def test_a_fault_is_a_line_and_the_picture_stays(open_window):
    source = FailingSource(ArraySource(ramp()))
    hand = open_window(source)
    hand.wait_exact()
    source.failure = UNREADABLE
    hand.viewer.one_to_one()
    assert process_events_until(lambda: hand.viewer.status.fault, PATIENCE)
    assert hand.viewer.shown == "cannot read 'run7.npy': the file shrank to 3 bytes; open it again"
    assert not hand.viewer.exact
    assert not np.any(image_area(hand)[3:-3, 3:-3] == blank())
    source.failure = None
    hand.viewer.fit()
    hand.wait_exact()
    assert not hand.viewer.status.fault


def test_a_lost_host_is_reported_and_its_return_completes_the_picture(open_window):
    source = FailingSource(ArraySource(ramp()))
    hand = open_window(source)
    hand.wait_exact()
    source.failure = GONE
    source.link.tell(GONE)
    hand.viewer.one_to_one()
    assert process_events_until(lambda: hand.viewer.contact.lost, PATIENCE)
    assert hand.viewer.shown == "the host is gone: its process was killed; trying again"
    viewport = hand.viewer.viewport
    source.failure = None
    source.link.tell(None)
    hand.wait_exact()
    assert not hand.viewer.contact.lost
    assert hand.viewer.viewport == viewport


def test_tiles_of_the_source_before_are_never_shown(open_window):
    source = CountingSource(ArraySource(np.zeros((600, 800), np.float32)))
    hand = open_window(LatencySource(source, 0.2, together=True))
    hand.viewer.source = ArraySource(np.ones((600, 800), np.float32))
    hand.wait_exact()
    assert process_events_until(lambda: not source.rendered or hand.viewer.exact, PATIENCE)
    hand.wait_exact()  # numbers of another length beside the colour bar may have changed the size of the image
    viewer = hand.viewer
    # A tile is held in patches, if the size has changed.
    held = [patch for tile in viewer.viewport.tiles() for patch in viewer.pixels.store.patches(viewer.picture, tile)]
    assert {float(np.nanmax(each.pixels)) for each in held if not np.isnan(each.pixels).all()} == {1.0}


@pytest.mark.parametrize(
    ("array", "words"),
    [
        (np.full((50, 60), np.nan, np.float32), "no finite value"),
        (np.full((50, 60), np.inf, np.float32), "no finite value"),
        (np.full((50, 60), 7, np.int16), "every value is 7"),
        (np.array([[3.5]]), "every value is 3.5"),
    ],
)
def test_an_image_without_contrast_is_a_defined_picture_and_a_line(open_window, array, words):
    hand = open_window(array)
    hand.wait_exact()
    assert words in hand.viewer.shown
    hand.turn_wheel(hand.center, 120)
    hand.wait_exact()


def test_the_readout_is_the_true_value_and_the_position(open_window):
    hand = open_window(ramp())
    hand.wait_exact()
    hand.move(hand.center)
    x, y = hand.viewer.cursor
    assert process_events_until(lambda: hand.viewer.readout and hand.viewer.readout.value, PATIENCE)
    assert hand.viewer.readout.value == f"{int(y) * 10 + int(x)}"
    assert hand.viewer.readout_line.startswith(f"x {x:.0f}")
    hand.move(QtCore.QPoint(2, 2))
    assert hand.viewer.readout_line == ""
