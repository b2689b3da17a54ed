"""The limits of the colours: by a rule, from this view, from a box, held, and typed the other way round."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from kit.patience import PATIENCE
from kit.widgets import button, choose, click, menu
from pyface.qt import QtCore, QtGui
from PySide6.QtTest import QTest

from traitsview.color.catalogue import colormap
from traitsview.view.window import process_events_until


@pytest.fixture
def steps(open_window):
    """A window on four quarters around 0, 100, 200 and 300, of 1000 × 1000 elements each."""
    rng = np.random.default_rng(4)
    means = np.array([[0, 100], [200, 300]]).repeat(1000, 0).repeat(1000, 1)
    made = open_window((means + rng.normal(0, 1, means.shape)).astype(np.float32))
    made.wait_exact()
    return made


def taken(hand):
    """Wait until limits have become numbers; return them."""
    look = hand.viewer.appearance
    assert process_events_until(lambda: not isinstance(look.limits, str), PATIENCE), look.limits
    return look.limits


def corner(hand, x, y):
    """Return where in the window a data point is."""
    plot = hand.panel.canvas.plot
    column, row = hand.viewer.viewport.pixel_at(x, y)
    rows, columns = hand.viewer.viewport.shape
    up = row if plot.upward else rows - row
    return hand.place(plot.x + column * plot.width / columns, plot.y + up * plot.height / rows)


def test_from_this_view_means_what_is_visible_now(steps):
    steps.viewer.show((1100, 1900, 1100, 1900))
    choose(menu(steps, "Limits"), "from this view")
    low, high = taken(steps)
    assert 290 < low < 300 < high < 310
    assert menu(steps, "Limits").currentText() == "manual"
    steps.viewer.fit()
    steps.wait_exact()
    assert steps.viewer.appearance.limits == (low, high)


def test_the_key_does_the_same(steps):
    steps.viewer.show((100, 900, 100, 900))
    steps.key(QtCore.Qt.Key_V)
    low, high = taken(steps)
    assert -10 < low < 0 < high < 10


def test_from_a_box_means_its_values_and_leaves_the_view_as_it_is(steps):
    before = steps.viewer.viewport
    choose(menu(steps, "Limits"), "from a box …")
    assert not button(steps, "Box").isChecked()
    assert "drag a box" in steps.panel.status_bar._readout.text()
    steps.drag(corner(steps, 1100, 100), corner(steps, 1500, 600), corner(steps, 1900, 900))
    low, high = taken(steps)
    assert 90 < low < 100 < high < 110
    assert steps.viewer.viewport == before
    assert "drag a box" not in steps.panel.status_bar._readout.text()
    steps.drag(steps.center, steps.center + QtCore.QPoint(40, 30))  # the next drag pans
    assert steps.viewer.viewport != before


def test_escape_gives_up_the_box_before_and_while_it_is_drawn(steps):
    steps.key(QtCore.Qt.Key_R)
    steps.key(QtCore.Qt.Key_Escape)
    assert steps.panel.canvas.navigation.message == ""
    steps.key(QtCore.Qt.Key_R)
    steps.move(corner(steps, 100, 100))
    steps.press(corner(steps, 100, 100))
    steps.move(corner(steps, 800, 800), QtCore.Qt.LeftButton)
    steps.key(QtCore.Qt.Key_Escape)
    steps.release(corner(steps, 800, 800))
    process_events_until(lambda: False, 0.3)
    assert steps.viewer.appearance.limits == "99.5%"
    assert steps.panel.canvas.navigation.box_for == "zoom"
    click(button(steps, "Box"))
    assert button(steps, "Box").isChecked()
    assert steps.panel.canvas.navigation.message == ""


def test_a_box_of_nothing_leaves_the_limits_and_says_so(open_window):
    image = np.random.default_rng(4).normal(0, 1, (400, 400))
    image[:200, :200] = np.nan
    hand = open_window(image)
    hand.wait_exact()
    hand.viewer.limits_from((10, 190, 10, 190))
    assert process_events_until(lambda: hand.viewer.status.notice, PATIENCE)
    assert "no value is finite" in hand.viewer.shown
    assert hand.viewer.appearance.limits == "99.5%"


def test_manual_holds_what_there_is(steps):
    limits = steps.viewer.shading.limits
    choose(menu(steps, "Limits"), "manual")
    assert steps.viewer.appearance.limits == limits


def test_the_range_that_a_colormap_is_made_for_is_offered_while_it_is_chosen(steps):
    limits, plain = menu(steps, "Limits"), colormap("viridis")
    rows = limits.count()
    steps.viewer.appearance.colormap = dataclasses.replace(plain, name="sea", limits=(-6000.0, 4000.0))
    assert limits.count() == rows + 1
    steps.viewer.appearance.limits = "98%"
    assert limits.currentText() == "98 %"
    choose(limits, "the colormap's: -6000 … 4000")
    assert steps.viewer.appearance.limits == (-6000, 4000)
    assert limits.currentText() == "manual"
    steps.viewer.appearance.colormap = dataclasses.replace(plain, name="hill", limits=(0.0, 4.5))
    assert limits.itemText(limits.count() - 1) == "the colormap's: 0 … 4.5"
    steps.viewer.appearance.colormap = "viridis"
    assert limits.count() == rows


def test_mean_and_deviation_are_a_rule(steps):
    choose(menu(steps, "Limits"), "mean ± 3 σ")
    steps.wait_exact()
    low, high = steps.viewer.shading.limits
    assert low < -150
    assert high > 450


def test_reversed_limits_stay_reversed_when_they_are_typed_and_dragged(steps):
    low, high = steps.panel.toolbar.findChildren(QtGui.QLineEdit)
    low.setText("300")
    high.setText("0")
    QTest.keyClick(high, QtCore.Qt.Key_Return)
    assert steps.viewer.appearance.limits == (300, 0)
    assert (low.text(), high.text()) == ("300", "0")
    steps.key(QtCore.Qt.Key_C)
    steps.paint()
    view = steps.panel.color_panel.histogram
    QTest.keyClick(view, QtCore.Qt.Key_Right)
    first, last = steps.viewer.appearance.limits
    assert first == 300
    assert last > 0
