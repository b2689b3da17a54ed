"""What a person sees of a source behind a slow link: never a blank, the right colours early, what is old as such."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from kit.noise import noise
from kit.patience import PATIENCE
from kit.pixel_check import expected
from kit.screen import blank, image_area
from kit.slow_sources import LinkedSource, ramp
from pyface.qt import QtCore, QtGui

from traitsview.errors import HostEnding, HostGone, HostStale
from traitsview.view.image import tile_painter
from traitsview.view.qt.theme import AMBER, RED
from traitsview.view.window import process_events_until


@pytest.fixture
def slow(open_window):
    """A window on a source behind a slow link, at rest."""
    values = noise()
    source = LinkedSource(np.nan_to_num(values), 1e9, 0.001)
    hand = open_window(source, colormap="viridis", size=(620, 520))
    hand.viewer.looks_ahead = False
    hand.viewer.one_to_one()
    hand.wait_exact()
    source.rate = 6e5
    return hand


def inside(picture):
    """Return the picture within the axes' lines."""
    return picture[2:-2, 2:-2]


def retry_button(hand):
    """Return the button of the status line."""
    return hand.panel.status_bar.findChild(QtGui.QToolButton)


def frame_color(hand):
    """Return the colour of the corner of the canvas."""
    color = hand.panel.enable_window.control.grab().toImage().pixelColor(2, 2)
    return color.getRgbF()[:3]


def test_every_picture_on_the_way_is_whole_and_coloured_right_from_the_second_step_on(slow):
    viewer = slow.viewer
    steps, pictures = [], {"coarse": [], "colours": [], "exact": []}
    slow.drag(slow.center, slow.center + QtCore.QPoint(-140, -90))
    viewer.zoom(1 / 1.7)
    while not viewer.exact:
        assert process_events_until(lambda: True, 1)
        before = viewer.pixels.held.step
        area = inside(image_area(slow))
        assert not np.any(area == blank())
        if viewer.pixels.held.step == before:
            steps.append(before)
            pictures[before].append(area)
    assert "colours" in steps
    assert steps == sorted(steps, key=["coarse", "colours", "exact"].index)
    want = inside(expected(viewer))
    for picture in (*pictures["colours"], *pictures["exact"], inside(image_area(slow))):
        np.testing.assert_array_equal(picture, want)
    assert np.count_nonzero(pictures["coarse"][0] != want) > 1000


def test_pieces_meet_without_a_seam(slow):
    for step in ((61, 13), (-20, 40), (7, -90), (-150, 3)):
        slow.viewer.pan(*step)
        slow.wait_exact()
        np.testing.assert_array_equal(inside(image_area(slow)), inside(expected(slow.viewer)))


def test_words_of_contact(slow):
    viewer, source = slow.viewer, slow.viewer.source
    source.tell(HostStale("the host does not answer", seconds=1.2))
    assert process_events_until(lambda: "slow (1.2 s)" in viewer.shown, PATIENCE)
    assert viewer.exact
    assert not retry_button(slow).isVisible()
    source.tell(HostStale("the host does not answer", "nothing for 3.3 s", seconds=3.3))
    assert process_events_until(lambda: viewer.contact.state == "stale", PATIENCE)
    assert viewer.shown == f"stale since {viewer.contact.since}: nothing for 3.3 s; waiting for the host"
    assert not viewer.exact
    since = viewer.contact.since
    source.tell(HostGone("lost contact with the host", "its process ended", "try 3 in 2 s"))
    assert process_events_until(lambda: viewer.contact.state == "lost", PATIENCE)
    assert viewer.shown == "lost contact with the host: its process ended; try 3 in 2 s"
    assert viewer.contact.since == since
    viewer.retry()
    assert viewer.shown == "lost contact with the host: its process ended; trying now"
    source.tell(HostEnding("the host ends soon", minutes=12))
    assert process_events_until(lambda: viewer.shown.endswith("the host ends in 12 min"), PATIENCE)
    source.tell(None)
    slow.wait_exact()
    assert viewer.shown == "1:1, exact"


def test_a_picture_that_may_be_old_has_a_frame_and_a_button_to_try_again(slow):
    viewer, source = slow.viewer, slow.viewer.source
    plain = frame_color(slow)
    source.tell(HostStale("the host does not answer", "nothing for 4 s", seconds=4.0))
    assert process_events_until(lambda: viewer.contact.state == "stale", PATIENCE)
    assert frame_color(slow) == AMBER.getRgbF()[:3]
    source.tell(HostGone("lost contact with the host", "its process ended", "try 1 in 0.2 s"))
    assert process_events_until(lambda: retry_button(slow).isVisible(), PATIENCE)
    assert frame_color(slow) == RED.getRgbF()[:3]
    retry_button(slow).click()
    assert source.retried == 1
    source.tell(None)
    slow.wait_exact()
    assert frame_color(slow) == plain
    assert not retry_button(slow).isVisible()


def test_a_lost_picture_stays_and_can_be_moved_magnified_and_recoloured(slow):
    viewer, source = slow.viewer, slow.viewer.source
    before = image_area(slow)
    source.gate.clear()
    source.tell(HostGone("lost contact with the host", "its process ended", "try 1 in 0.2 s"))
    assert process_events_until(lambda: viewer.contact.lost, PATIENCE)
    np.testing.assert_array_equal(image_area(slow), before)
    slow.drag(slow.center, slow.center + QtCore.QPoint(50, 30))
    after = image_area(slow)
    np.testing.assert_array_equal(inside(after)[34:-4, 54:-4], inside(before)[4:-34, 4:-54])
    slow.turn_wheel(slow.center, 240)
    viewer.appearance.colormap = "magma"
    viewer.appearance.limits = (0, 400)
    assert not np.any(inside(image_area(slow)) == blank())
    assert not viewer.exact
    source.gate.set()
    source.tell(None)
    slow.wait_exact()
    np.testing.assert_array_equal(inside(image_area(slow)), inside(expected(viewer)))


def test_a_text_that_has_no_room_keeps_its_beginning_and_needs_no_layout(slow):
    viewer, source = slow.viewer, slow.viewer.source
    shown = slow.panel.status_bar.findChildren(QtGui.QLabel)[-1]
    before = shown.geometry()
    viewer.zoom(1 / 1.7)
    assert shown.fontMetrics().horizontalAdvance(viewer.shown) < before.width()
    slow.wait_exact()
    assert shown.geometry() == before
    source.tell(
        HostGone("cannot reach 'login3'", "ssh says: " + "far away, " * 20 + "Connection timed out", "try 3 now")
    )
    assert process_events_until(lambda: viewer.contact.lost, PATIENCE)
    slow.paint()
    narrow = shown.grab().toImage()
    assert shown.fontMetrics().horizontalAdvance(shown.text()) > shown.width()
    assert shown.toolTip() == viewer.contact.lost
    text = viewer.contact.lost
    viewer.contact = replace(viewer.contact, lost="cannot reach")
    slow.paint()
    shown.setAlignment(QtCore.Qt.AlignLeft | QtCore.Qt.AlignVCenter)
    whole = shown.grab().toImage()
    width = shown.fontMetrics().horizontalAdvance("cannot reach") - 2
    assert text.startswith("cannot reach")
    assert narrow.copy(0, 0, width, narrow.height()) == whole.copy(0, 0, width, whole.height())


def test_colours_that_say_little_under_a_new_scale_give_way_to_coarser_values(open_window, monkeypatch):
    source = LinkedSource(ramp(), 1e9, 0.001)
    slow = open_window(source, colormap="viridis", size=(620, 520), limits=(0, 1e6))  # all values in a few rows
    viewer, plot = slow.viewer, slow.panel.canvas.plot
    viewer.looks_ahead = False
    slow.wait_exact()
    source.rate = 1e5
    viewer.one_to_one()
    assert process_events_until(lambda: viewer.pixels.held.step == "colours", PATIENCE)
    source.gate.clear()

    def error():
        plot._repaint()
        seen, true = ((inside(area) >> 8 & 255).astype(int) for area in (image_area(slow), expected(viewer)))
        return np.abs(seen - true).mean()

    def errors():
        """Return how far the greens are from the true ones, as painted, and if all that came were painted."""
        with monkeypatch.context() as patch:
            patch.setattr(tile_painter, "LARGEST_UNCERTAINTY", 2.0)
            all_of_it = error()
        return error(), all_of_it

    viewer.appearance.limits = (0, 2e6)
    painted, all_of_it = errors()
    assert painted == all_of_it, "these are like those that will come"
    viewer.appearance.scale = "log"
    painted, all_of_it = errors()
    assert painted < 0.5 * all_of_it
    source.rate = 1e9
    source.gate.set()
    slow.wait_exact()
    np.testing.assert_array_equal(inside(image_area(slow)), inside(expected(viewer)))
