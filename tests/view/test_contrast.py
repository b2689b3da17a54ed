"""Contrast and bias: the right mouse button over the image, sliders, numbers, and the way back."""

from __future__ import annotations

import numpy as np
import pytest
from kit.pixel_check import expected
from kit.screen import inner_pixels
from kit.widgets import right_drag
from pyface.qt import QtCore
from PySide6.QtTest import QTest

RIGHT = QtCore.Qt.RightButton


def test_to_the_right_is_bias_and_down_is_contrast(hand):
    plot, look = hand.panel.canvas.plot, hand.viewer.appearance
    across, down = round(plot.width / 4), round(plot.height / 4)
    before = hand.viewer.viewport
    right_drag(hand, hand.center, hand.center + QtCore.QPoint(across, 0))
    assert look.bias == pytest.approx(0.75, abs=0.01)
    assert look.contrast == 1
    right_drag(hand, hand.center, hand.center + QtCore.QPoint(-across, down))
    assert look.bias == pytest.approx(0.5, abs=0.01)
    assert look.contrast == pytest.approx(100**0.25, rel=0.02)
    right_drag(hand, hand.center, hand.center - QtCore.QPoint(0, down))
    assert look.contrast == pytest.approx(1, rel=0.02)
    assert hand.viewer.viewport == before


def test_a_drag_starts_where_contrast_and_bias_are_and_ends_at_their_ends(hand):
    look = hand.viewer.appearance
    look.trait_set(contrast=4.0, bias=0.3)
    right_drag(hand, hand.center, hand.center + QtCore.QPoint(1, 2))
    assert (look.contrast, look.bias) == (4.0, 0.3)
    right_drag(hand, hand.center, hand.center + QtCore.QPoint(3000, 3000))
    assert (look.contrast, look.bias) == (10, 1)
    right_drag(hand, hand.center, hand.center - QtCore.QPoint(3000, 3000))
    assert look.bias == 0
    assert 0 < look.contrast < 0.1


def test_the_status_line_tells_the_numbers_while_the_button_is_down(hand):
    line = hand.panel.status_bar._readout
    right_drag(hand, hand.center, hand.center + QtCore.QPoint(60, 0), release=False)
    assert line.text().startswith("contrast 1, bias 0.")
    assert "Esc" in line.text()
    QTest.mouseRelease(hand.control, RIGHT, QtCore.Qt.NoModifier, hand.center)
    assert "contrast" not in line.text()


def test_escape_gives_up_and_the_rest_of_the_drag_changes_nothing(hand):
    look = hand.viewer.appearance
    look.trait_set(contrast=2.0, bias=0.4)
    right_drag(hand, hand.center, hand.center + QtCore.QPoint(80, 50), release=False)
    assert look.contrast != 2
    hand.key(QtCore.Qt.Key_Escape)
    hand.move(hand.center, RIGHT)
    QTest.mouseRelease(hand.control, RIGHT, QtCore.Qt.NoModifier, hand.center)
    assert (look.contrast, look.bias) == (2, 0.4)
    assert hand.panel.canvas.contrast.message == ""
    hand.drag(hand.center, hand.center + QtCore.QPoint(20, 0))  # the left button is as before
    assert not hand.viewer.places.fitted


def test_a_double_click_resets(hand):
    look = hand.viewer.appearance
    look.trait_set(contrast=2.0, bias=0.4)
    QTest.mouseClick(hand.control, RIGHT, QtCore.Qt.NoModifier, hand.center)
    assert look.contrast == 2
    QTest.mouseDClick(hand.control, RIGHT, QtCore.Qt.NoModifier, hand.center)
    assert (look.contrast, look.bias) == (1, 0.5)
    right_drag(hand, hand.center, hand.center + QtCore.QPoint(40, 0))
    assert look.bias > 0.5


def test_beside_the_image_and_over_colours_of_its_own_the_right_button_does_nothing(hand, open_window):
    right_drag(hand, QtCore.QPoint(3, 3), QtCore.QPoint(200, 200))
    assert hand.viewer.appearance.bias == 0.5
    colored = open_window(np.zeros((40, 60, 3), np.uint8))
    colored.wait_exact()
    right_drag(colored, colored.center, colored.center + QtCore.QPoint(50, 50))
    assert colored.viewer.appearance.bias == 0.5


def test_every_pixel_follows_the_hand(hand):
    hand.viewer.appearance.colormap = "viridis"
    for step in range(1, 4):
        right_drag(hand, hand.center, hand.center + QtCore.QPoint(15 * step, 30))
        want = expected(hand.viewer)[2:-2, 2:-2]
        shown = inner_pixels(hand) | np.uint32(0xFF000000)
        opaque = want >> 24 == 255
        assert opaque.mean() > 0.5
        assert np.array_equal(shown[opaque], want[opaque])
