"""A window on whole numbers beyond 2**53 tells them apart, in colours and in words."""

from __future__ import annotations

import numpy as np
import pytest
from kit.patience import PATIENCE
from kit.pixel_check import pixels_of
from pyface.qt import QtCore
from PySide6.QtTest import QTest

from traitsview.sources.arrays.array_source import ArraySource
from traitsview.view.window import process_events_until

BASE = 2**60


def picture_of(hand):
    """Return the colours of the image on the screen, row 0 at the top, without its edges."""
    picture = pixels_of(hand.paint())
    plot, (rows, columns) = hand.panel.canvas.plot, hand.viewer.viewport.shape
    corner = hand.control.mapTo(hand.panel.window(), QtCore.QPoint(0, 0))
    left, top = corner.x() + round(plot.x), corner.y() + hand.control.height() - round(plot.y + plot.height)
    return picture[top : top + rows, left : left + columns]


def labels():
    """Return four labels side by side, wider than any window."""
    return (BASE + np.arange(40) // 10)[None].repeat(4, 0)


def ramp(rows=300, columns=400):
    return BASE + np.add.outer(np.arange(rows), np.arange(columns))


@pytest.mark.parametrize("options", [{"kind": "labels"}, {}])
def test_each_label_has_its_colour(open_window, options):
    hand = open_window(ArraySource(labels(), **options), limits="minmax")
    hand.wait_exact()
    middle = picture_of(hand)[hand.viewer.viewport.shape[0] // 2]
    assert len(np.unique(middle[5:-5])) == 4


def test_a_ramp_has_all_greys_whatever_the_reduction(open_window):
    hand = open_window(ramp(3000, 4000), limits="minmax")
    for reduction in ("mean", "min", "max", "nearest"):
        hand.viewer.reduction = reduction
        hand.wait_exact()
        assert len(np.unique(picture_of(hand)[200:400, 5:-5])) > 100, reduction


def test_only_means_of_them_are_rounded_and_say_so(open_window):
    hand = open_window(ramp(3000, 4000), limits="minmax")
    hand.wait_exact()
    assert hand.viewer.shown.startswith("mean of")
    assert hand.viewer.shown.endswith("rounded to 1 in 2^53")
    hand.viewer.reduction = "max"
    hand.wait_exact()
    assert hand.viewer.shown.endswith(", exact")
    hand.viewer.reduction = "mean"
    hand.viewer.one_to_one()
    hand.wait_exact()
    assert hand.viewer.shown == "1:1, exact"


def test_means_of_smaller_ones_are_exact(open_window):
    hand = open_window(ramp(3000, 4000) - BASE, limits="minmax")
    hand.wait_exact()
    assert hand.viewer.shown.endswith(", exact")


def test_longdoubles_are_rounded_and_say_so(open_window):
    hand = open_window(ramp().astype(np.longdouble), limits="minmax")
    hand.wait_exact()
    assert hand.viewer.shown.endswith("rounded to 1 in 2^53")


@pytest.fixture
def panel(open_window):
    """A window on a ramp, with its panel of colours open."""
    made = open_window(ramp(), limits="minmax")
    made.wait_exact()
    made.key(QtCore.Qt.Key_C)
    made.paint()
    made.wait_exact()
    return made


def fields(hand):
    toolbar = hand.panel.toolbar
    return toolbar.limit_fields.low, toolbar.limit_fields.high


def test_the_fields_of_limits_show_and_take_every_digit(panel):
    low, high = fields(panel)
    assert (low.text(), high.text()) == (str(BASE), str(BASE + 698))
    low.setText(str(BASE + 7))
    high.setText(str(BASE + 99))
    QTest.keyClick(high, QtCore.Qt.Key_Return)
    assert panel.viewer.appearance.limits == (BASE + 7, BASE + 99)
    assert (low.text(), high.text()) == (str(BASE + 7), str(BASE + 99))
    assert low.width() > low.fontMetrics().horizontalAdvance(low.text())


def test_limits_that_are_dragged_stay_whole(panel):
    view = panel.panel.color_panel.histogram
    x = round(view._painting.x_of(view, BASE))
    place = QtCore.QPoint(x, view.height() // 2)
    QTest.mousePress(view, QtCore.Qt.LeftButton, QtCore.Qt.NoModifier, place)
    view._move("low", panel.viewer.shading.limits, 0.25)
    QTest.mouseRelease(view, QtCore.Qt.LeftButton, QtCore.Qt.NoModifier, place)
    low, high = panel.viewer.appearance.limits
    assert (type(low), type(high)) == (int, int)
    assert BASE + 100 < low < BASE + 300
    assert high == BASE + 698


def test_the_histogram_shows_what_there_is(panel):
    view = panel.panel.color_panel.histogram
    first, last = view.shown
    assert BASE - 100 < first < BASE < BASE + 698 < last < BASE + 800
    panel.paint()
    assert view._histogram.counts.sum() == pytest.approx(300 * 400)
    assert (view._histogram.counts > 0).sum() > 100


def test_the_colour_bar_names_whole_numbers(panel):
    ticks = panel.panel.canvas.color_bar._ticks(500)
    assert len(ticks.values) > 5
    assert [int(label) for label in ticks.labels] == list(ticks.values)
    assert all(BASE <= value <= BASE + 698 for value in ticks.values)
    panel.viewer.appearance.scale = "log"
    ticks = panel.panel.canvas.color_bar._ticks(500)
    assert len(ticks.values) > 2
    assert [int(label) for label in ticks.labels] == list(ticks.values)


def test_the_cursor_reads_every_digit(panel):
    panel.viewer.cursor = (7.5, 3.5)
    assert process_events_until(lambda: panel.viewer.readout and panel.viewer.readout.value, PATIENCE)
    assert panel.viewer.readout.value == str(BASE + 10)


def test_a_constant_image_says_its_number(open_window):
    hand = open_window(np.full((30, 40), BASE + 5), limits="minmax")
    hand.wait_exact()
    assert f"every value is {BASE + 5}" in hand.viewer.shown
    assert hand.viewer.shading.limits[0] < BASE + 5 < hand.viewer.shading.limits[1]
