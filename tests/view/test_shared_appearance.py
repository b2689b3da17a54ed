"""Viewers that share one appearance: what is done to the colours in one window is seen in the others."""

from __future__ import annotations

import gc
from weakref import ref

import numpy as np
import pytest
from kit.patience import PATIENCE
from kit.pixel_check import expected
from kit.screen import inner_pixels
from kit.widgets import button, choose, click, menu, right_drag
from pyface.qt import QtCore
from PySide6.QtTest import QTest
from shiboken6 import isValid

from traitsview.api import view
from traitsview.color.vision import NORMAL, Vision
from traitsview.model.appearance import Appearance
from traitsview.view.colormaps.appearance_clipboard import copy_appearance, paste_appearance
from traitsview.view.window import panel_of, process_events_until


@pytest.fixture
def two(open_window):
    """Two windows of one appearance, the first on values from 0 to 1, the second on values from 100 to 200."""
    way = np.linspace(0, 1, 300 * 400).reshape(300, 400)
    left, right = open_window(way), open_window(100 + 100 * way)
    right.viewer.appearance = left.viewer.appearance
    for hand in (left, right):
        hand.wait_exact()
    return left, right


def shows_its_look(hand):
    """Whether the pixels of a window are those that its viewer's appearance makes of the image."""
    hand.wait_exact()
    want = expected(hand.viewer)[2:-2, 2:-2]
    opaque = want >> 24 == 255
    return opaque.mean() > 0.5 and np.array_equal((inner_pixels(hand) | np.uint32(0xFF000000))[opaque], want[opaque])


def test_colormap_scale_and_contrast_of_one_window_are_those_of_the_other(two):
    left, right = two
    choose(menu(left, "Scale"), "sqrt")
    click(button(right, "Invert"))
    left.viewer.appearance.colormap = "viridis"
    right_drag(right, right.center, right.center + QtCore.QPoint(40, 50))
    for hand in two:
        shading = hand.viewer.shading
        assert (shading.colormap.name, shading.scale, shading.inverted) == ("viridis", "sqrt", True)
        assert shading.contrast > 1
        assert shading.bias > 0.5
        assert menu(hand, "Scale").currentText() == "sqrt"
        assert button(hand, "Invert").isChecked()
        assert hand.panel.toolbar.colormaps.currentText() == "viridis"
        assert shows_its_look(hand)


def test_a_rule_for_the_limits_is_each_images_own_and_numbers_are_for_all(two):
    left, right = two
    choose(menu(right, "Limits"), "min – max")
    for hand in two:
        hand.wait_exact()
        assert menu(hand, "Limits").currentText() == "min – max"
        assert shows_its_look(hand)
    assert (left.viewer.shading.limits, right.viewer.shading.limits) == ((0, 1), (100, 200))
    low, high = right.panel.toolbar.limit_fields.low, right.panel.toolbar.limit_fields.high
    low.setText("0.5")
    high.setText("150")
    QTest.keyClick(high, QtCore.Qt.Key_Return)
    assert left.viewer.shading.limits == right.viewer.shading.limits == (0.5, 150)
    assert (left.panel.toolbar.limit_fields.low.text(), left.panel.toolbar.limit_fields.high.text()) == ("0.5", "150")
    assert all(shows_its_look(hand) for hand in two)
    right.viewer.appearance.limits = "minmax"
    choose(menu(right, "Limits"), "manual")
    assert left.viewer.shading.limits == (100, 200)
    left.key(QtCore.Qt.Key_V)  # the values that are visible in this one
    assert process_events_until(lambda: left.viewer.appearance.limits != (100, 200), PATIENCE)
    assert left.viewer.shading.limits == right.viewer.shading.limits
    assert right.viewer.shading.limits[1] <= 1


def test_a_look_that_is_pasted_into_one_is_that_of_both_and_they_stay_linked(two, open_window):
    left, right = two
    other = open_window(np.zeros((30, 40)), colormap="magma", scale="log")
    copy_appearance(other.viewer)
    paste_appearance(right.viewer)
    assert left.viewer.appearance is right.viewer.appearance
    assert left.viewer.shading.colormap.name == "magma"
    assert shows_its_look(left)


def test_place_reduction_and_colour_vision_are_each_viewers_own(two):
    left, right = two
    before = right.viewer.viewport
    left.viewer.zoom(4)
    left.viewer.trait_set(reduction="max", vision=Vision("deutan"))
    assert (right.viewer.viewport, right.viewer.reduction, right.viewer.vision) == (before, "mean", NORMAL)


def test_they_part_when_one_gets_an_appearance_of_its_own(two):
    left, right = two
    left.viewer.appearance.trait_set(colormap="viridis", contrast=2.0, limits=(0, 150))
    right.viewer.appearance = right.viewer.appearance.clone_traits()
    assert right.viewer.appearance.look == left.viewer.appearance.look
    right.viewer.appearance.colormap = "magma"
    left.viewer.appearance.contrast = 1.0
    assert left.viewer.shading.colormap.name == "viridis"
    assert right.viewer.shading.contrast == 2
    assert all(shows_its_look(hand) for hand in two)


def test_one_that_is_closed_leaves_the_other_as_it_is(two):
    left, right = two
    closed, look, scales = left.viewer, right.viewer.appearance, menu(left, "Scale")
    left.panel.window().close()
    look.trait_set(colormap="magma", limits=(120, 180), contrast=2.0, scale="log")
    assert not isValid(scales) or scales.currentText() == "linear"  # it follows no more
    assert not closed.status.fault
    assert closed.pixels._loader is None  # nothing is asked for a window that is gone
    assert shows_its_look(right)
    closed.appearance = Appearance(colormap="hot", limits=(0, 1))
    assert right.viewer.appearance is look
    assert right.viewer.shading.colormap.name == "magma"
    right_drag(right, right.center, right.center + QtCore.QPoint(40, 50))
    assert shows_its_look(right)


def test_nothing_holds_one_that_is_closed(open_window):
    image = np.linspace(0, 1, 300 * 400).reshape(300, 400)
    kept = open_window(image)
    kept.wait_exact()

    def open_and_close():
        viewer = view(image)
        viewer.appearance = kept.viewer.appearance
        panel_of(viewer).window().grab()
        panel_of(viewer).window().close()
        return ref(viewer)

    gone = open_and_close()

    def collected():
        gc.collect()
        return gone() is None

    assert process_events_until(collected, PATIENCE)
    kept.viewer.appearance.colormap = "magma"
    assert shows_its_look(kept)
