"""Where mouse and keyboard take a viewer."""

from __future__ import annotations

import numpy as np
import pytest
from kit.hand import LEFT
from pyface.qt import QtCore, QtGui

from traitsview.geometry import Viewport
from traitsview.sources.arrays.array_source import ArraySource


def at(hand, right, down):
    """Return the place so many Qt pixels right of and below the middle of the image."""
    return hand.center + QtCore.QPoint(right, down)


def test_dragging_moves_the_image_with_the_hand_pixel_for_pixel(hand):
    before = hand.viewer.viewport
    hand.drag(at(hand, 0, 0), at(hand, 30, -7), at(hand, 57, 21))
    assert hand.viewer.viewport == before.panned(columns=-57, rows=-21)


def test_dragging_an_image_that_grows_upwards_moves_it_with_the_hand_too(open_window):
    hand = open_window(ArraySource(np.zeros((3000, 4000), np.float32), origin="lower"))
    before = hand.viewer.viewport
    hand.drag(at(hand, 0, 0), at(hand, 57, 21))
    assert hand.viewer.viewport == before.panned(columns=-57, rows=21)


@pytest.mark.parametrize("delta", [120, -120, 360, 15])
def test_the_wheel_holds_the_point_under_the_cursor(hand, delta):
    place = at(hand, 123, -45)
    hand.move(place)
    before = hand.viewer.cursor
    hand.turn_wheel(place, delta)
    hand.move(place)
    dx, dy = hand.viewer.viewport.resolution
    assert abs(hand.viewer.cursor[0] - before[0]) <= dx / 2
    assert abs(hand.viewer.cursor[1] - before[1]) <= dy / 2


def test_a_notch_in_and_a_notch_out_come_back_to_the_same_pixels(hand):
    before = hand.viewer.viewport
    for delta in (120, 120, 120, -120, -120, -120):
        hand.turn_wheel(at(hand, 123, -45), delta)
    assert hand.viewer.viewport == before


def test_a_trackpad_zooms_in_proportion(hand):
    before = hand.viewer.viewport.resolution[0]
    hand.turn_wheel(hand.center, delta=8)
    small = before / hand.viewer.viewport.resolution[0]
    assert small == pytest.approx(2 ** (8 / 480), rel=1e-9)


def test_the_readout_is_of_what_is_under_a_mouse_that_rests(hand):
    place = at(hand, 60, 40)
    hand.move(place)
    before = hand.viewer.cursor
    hand.key(QtCore.Qt.Key_Right)
    dx, _ = hand.viewer.viewport.resolution
    step = round(hand.viewer.viewport.shape[1] / 8) * dx
    assert hand.viewer.cursor == pytest.approx((before[0] + step, before[1]))
    hand.key(QtCore.Qt.Key_1)
    here = hand.viewer.cursor
    hand.move(place)
    assert hand.viewer.cursor == here
    hand.move(QtCore.QPoint(2, 2))
    assert hand.viewer.cursor is None


PHASE, TOUCHPAD = QtCore.Qt.ScrollUpdate, QtGui.QInputDevice.DeviceType.TouchPad


def touchpad():
    """Return a device that is a touchpad."""
    capabilities = QtGui.QInputDevice.Capability.Scroll | QtGui.QInputDevice.Capability.PixelScroll
    finger = QtGui.QPointingDevice.PointerType.Finger
    return QtGui.QPointingDevice("touchpad", 7, TOUCHPAD, finger, capabilities, 2, 3)


@pytest.mark.parametrize(
    ("turned", "notches"),
    [
        ({"delta": 120, "pixels": 15}, 1),  # a wheel on X11
        ({"delta": -240, "pixels": -2}, -2),
        ({"delta": 15, "pixels": 120}, 1 / 8),  # a wheel of high resolution
        ({"delta": 100, "pixels": 60, "phase": PHASE}, 1 / 2),  # fingers
        ({"delta": 60, "pixels": 0, "phase": PHASE}, 1 / 2),  # fingers whose driver counts no pixels
        ({"delta": 100, "pixels": 60, "device": touchpad}, 1 / 2),
    ],
)
def test_a_notch_is_a_notch_whatever_else_a_driver_says_and_fingers_count_by_pixels(hand, turned, notches):
    if "device" in turned:
        turned = {**turned, "device": turned["device"]()}
    before = hand.viewer.viewport.resolution[0]
    hand.turn_wheel(hand.center, **turned)
    assert before / hand.viewer.viewport.resolution[0] == pytest.approx(2 ** (notches / 4), rel=1e-9)


def test_a_turn_to_the_side_is_no_place_to_come_back_to(hand):
    hand.turn_wheel(hand.center, delta=0)
    assert not hand.viewer.places.can_go_back


@pytest.mark.parametrize("value", [0.25, -0.2])
def test_fingers_on_a_touchpad_zoom_about_the_cursor(hand, value):
    place = at(hand, 123, -45)
    hand.move(place)
    before, resolution = hand.viewer.cursor, hand.viewer.viewport.resolution[0]
    hand.pinch_touchpad(place, value)
    dx, dy = hand.viewer.viewport.resolution
    assert resolution / dx == pytest.approx(1 + value, rel=1e-9)
    assert abs(hand.viewer.cursor[0] - before[0]) <= dx / 2
    assert abs(hand.viewer.cursor[1] - before[1]) <= dy / 2
    hand.pinch_touchpad(place, 1 / (1 + value) - 1)
    hand.key(QtCore.Qt.Key_Left, QtCore.Qt.AltModifier)
    assert not hand.viewer.places.can_go_back  # it was one step of the history


def test_fingers_on_a_screen_zoom_and_what_is_between_them_stays_there(hand):
    place, moved = at(hand, 60, -40), QtCore.QPoint(40, 30)
    hand.move(place)
    before, resolution = hand.viewer.cursor, hand.viewer.viewport.resolution[0]
    hand.pinch_screen(place, range(100, 204, 4), moved)
    dx, dy = hand.viewer.viewport.resolution
    assert resolution / dx == pytest.approx(2, rel=0.1)
    assert hand.panel.canvas.navigation.event_state == "normal"
    hand.move(place + moved)
    assert abs(hand.viewer.cursor[0] - before[0]) <= 12 * dx
    assert abs(hand.viewer.cursor[1] - before[1]) <= 12 * dy


def test_one_finger_on_a_screen_still_drags(hand):
    before = hand.viewer.viewport
    hand.drag_finger(at(hand, 0, 0), at(hand, 30, 10), at(hand, 60, 20))
    assert hand.viewer.viewport == before.panned(columns=-60, rows=-20)


@pytest.mark.parametrize("zoom", [1, 1 / 3, 4])
def test_neighbouring_pixels_have_positions_that_differ(hand, zoom):
    hand.viewer.one_to_one()
    hand.viewer.zoom(zoom)
    lines = []
    for right in range(12):
        hand.move(at(hand, right, 0))
        lines.append(hand.viewer.readout_line.split("=")[0])
    assert len(set(lines)) == len(lines)


def test_positions_are_shown_as_fits_counts_pixels_after_a_key(hand):
    hand.move(hand.center)
    assert "FITS" not in hand.viewer.readout_line
    hand.key(QtCore.Qt.Key_P)
    assert "FITS" in hand.viewer.readout_line
    hand.key(QtCore.Qt.Key_P)
    assert "FITS" not in hand.viewer.readout_line


def test_a_step_of_a_drag_reads_one_value(hand):
    hand.move(hand.center)
    hand.press(hand.center)
    read = []
    hand.viewer.observe(lambda event: read.append(event.new), "cursor")
    hand.move(at(hand, 30, 20), QtCore.Qt.LeftButton)
    hand.move(at(hand, 9000, 20), QtCore.Qt.LeftButton)
    hand.release(at(hand, 9000, 20))
    assert len(read) <= 2


def test_escape_gives_up_the_box_before_and_while_it_is_drawn(hand):
    before = hand.viewer.viewport
    hand.key(QtCore.Qt.Key_B)
    hand.key(QtCore.Qt.Key_Escape)
    assert not hand.panel.canvas.navigation.boxing
    hand.move(at(hand, 0, 0))
    hand.press(at(hand, 0, 0), QtCore.Qt.ShiftModifier)
    hand.move(at(hand, 90, 70), QtCore.Qt.LeftButton)
    hand.key(QtCore.Qt.Key_Escape)
    hand.release(at(hand, 90, 70))
    assert hand.viewer.viewport == before


def test_a_box_is_zoomed_to(hand):
    first, last = at(hand, -100, -80), at(hand, 140, 60)
    hand.move(first)
    (x0, y0) = hand.viewer.cursor
    hand.move(last)
    (x1, y1) = hand.viewer.cursor
    hand.drag(first, at(hand, 0, 0), last, modifiers=QtCore.Qt.ShiftModifier)
    left, right, low, high = hand.viewer.viewport.extent
    dx = hand.viewer.viewport.resolution[0]
    assert left <= x0 + dx
    assert right >= x1 - dx
    assert low <= y0 + dx
    assert high >= y1 - dx
    assert min((right - left) / (x1 - x0), (high - low) / (y1 - y0)) < 1.05


def test_a_box_as_small_as_a_click_zooms_nowhere(hand):
    before = hand.viewer.viewport
    hand.key(QtCore.Qt.Key_B)
    hand.drag(hand.center, hand.center + QtCore.QPoint(2, 1))
    assert hand.viewer.viewport == before


def test_keys_do_what_the_tour_says(hand):
    viewer = hand.viewer
    fitted = viewer.viewport
    hand.move(hand.center)
    hand.key(QtCore.Qt.Key_1)
    assert viewer.viewport.resolution == (1.0, 1.0)
    hand.key(QtCore.Qt.Key_Plus)
    assert viewer.viewport.resolution == (0.5, 0.5)
    hand.key(QtCore.Qt.Key_Minus)
    assert viewer.viewport.resolution == (1.0, 1.0)
    there = viewer.viewport
    hand.key(QtCore.Qt.Key_Right)
    assert viewer.viewport.origin[0] > there.origin[0]
    hand.key(QtCore.Qt.Key_Left)
    assert viewer.viewport == there
    hand.key(QtCore.Qt.Key_Up)
    assert viewer.viewport.origin[1] < there.origin[1]
    hand.key(QtCore.Qt.Key_F)
    assert viewer.viewport == fitted
    hand.key(QtCore.Qt.Key_I)
    assert viewer.appearance.inverted


def test_keys_work_with_the_mouse_elsewhere(hand):
    hand.move(QtCore.QPoint(-500, -500))
    hand.key(QtCore.Qt.Key_1)
    assert hand.viewer.viewport.resolution == (1.0, 1.0)


def test_keys_beyond_unicode_are_nobodys(hand, caplog):
    hand.key(QtCore.Qt.Key_MediaPlay)
    assert not caplog.records


def test_history_goes_back_and_forward(hand):
    viewer = hand.viewer
    places = [viewer.viewport]
    hand.drag(at(hand, 0, 0), at(hand, 57, 21))
    places.append(viewer.viewport)
    hand.key(QtCore.Qt.Key_1)
    places.append(viewer.viewport)
    for place in places[-2::-1]:
        hand.key(QtCore.Qt.Key_Left, QtCore.Qt.AltModifier)
        assert viewer.viewport == place
    assert not viewer.places.can_go_back
    for place in places[1:]:
        hand.key(QtCore.Qt.Key_Right, QtCore.Qt.AltModifier)
        assert viewer.viewport == place
    assert not viewer.places.can_go_forward


def test_zooming_in_ends_where_an_element_fills_the_eye(hand):
    for _ in range(200):
        hand.turn_wheel(hand.center, 480)
    dx, _ = hand.viewer.viewport.resolution
    assert dx == pytest.approx(1 / 256)
    hand.wait_exact()


def test_zooming_out_ends_where_the_image_is_a_stamp(hand):
    for _ in range(200):
        hand.turn_wheel(hand.center, -480)
    dx, _ = hand.viewer.viewport.resolution
    assert dx == pytest.approx(4000 / 32)
    hand.wait_exact()


def test_the_image_cannot_be_dragged_out_of_reach(hand):
    for _ in range(30):
        hand.drag(at(hand, -150, 0), at(hand, 200, 0))
    x0, x1, _, _ = hand.viewer.viewport.extent
    assert x0 < 0 < x1


def test_the_fitted_image_follows_the_size_of_the_window(hand):
    window = hand.panel.window()
    window.resize(1100, 600)
    hand.wait_exact()
    viewer = hand.viewer
    assert viewer.viewport == Viewport.fitting(viewer.info, viewer.viewport.shape)
    hand.key(QtCore.Qt.Key_1)
    center = viewer.viewport.center
    window.resize(900, 700)
    hand.wait_exact()
    assert viewer.viewport.resolution == (1.0, 1.0)
    assert np.abs(np.subtract(viewer.viewport.center, center)).max() <= 1


def test_nonsense_viewports_are_refused_in_words(hand):
    with pytest.raises(ValueError, match="not a viewport"):
        Viewport((0, 1), (0, 0), (10, 10))


def test_escape_gives_up_a_drag_and_leaves_the_window_open(open_window):
    hand = open_window(np.zeros((3000, 4000), np.uint8))
    hand.wait_exact()
    hand.viewer.one_to_one()
    before, start = hand.viewer.viewport, hand.center
    for end in (start, start + QtCore.QPoint(60, 40)):
        hand.press(start)
        hand.move(end, LEFT)
        hand.key(QtCore.Qt.Key_Escape)
        assert hand.viewer.viewport == before
        hand.move(end + QtCore.QPoint(30, 30), LEFT)
        hand.release(end)
        assert hand.viewer.viewport == before
        assert hand.panel.window().isVisible()
    hand.drag(start, start + QtCore.QPoint(60, 40))
    assert hand.viewer.viewport != before
