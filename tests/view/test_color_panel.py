"""The panel of colours: the histogram with its limits to drag, sliders and numbers, opening and closing it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from kit.hand import turn_wheel
from kit.pixel_check import pixels_of
from kit.widgets import button, click
from pyface.qt import QtCore, QtGui
from PySide6.QtTest import QTest

from traitsview.color.colormap import Colormap
from traitsview.view.qt.plain_text import plain_tip
from traitsview.view.tools.contrast_tool import NOT_FOR_LABELS
from traitsview.view.window import process_events_until

LEFT = QtCore.Qt.LeftButton
NONE = QtCore.Qt.NoModifier


@pytest.fixture
def panel(open_window):
    """A window with its panel of colours open, on normal numbers between limits of -2 and 2."""
    made = open_window(np.random.default_rng(2).normal(0, 1, (300, 400)), limits=(-2, 2), colormap="viridis")
    made.wait_exact()
    made.key(QtCore.Qt.Key_C)
    made.paint()
    made.wait_exact()
    return made


def histogram(hand):
    """Return the histogram of a window."""
    return hand.panel.color_panel.histogram


def at(hand, value):
    """Return the place of a value in the histogram."""
    view = histogram(hand)
    first, last = view.shown
    return QtCore.QPoint(round((value - first) / (last - first) * (view.width() - 1)), view.height() // 2)


def drag(hand, start, *points, release=True):
    """Drag in the histogram."""
    view = histogram(hand)
    QTest.mousePress(view, LEFT, NONE, start)
    for point in points:
        event = QtGui.QMouseEvent(
            QtCore.QEvent.MouseMove,
            QtCore.QPointF(point),
            QtCore.QPointF(view.mapToGlobal(point)),
            QtCore.Qt.NoButton,
            LEFT,
            NONE,
        )
        QtCore.QCoreApplication.sendEvent(view, event)
    if release:
        QTest.mouseRelease(view, LEFT, NONE, points[-1])


def test_the_panel_is_hidden_until_its_button_or_key_opens_it(hand):
    shown = hand.panel.color_panel
    assert not shown.isVisibleTo(hand.panel)
    width = hand.viewer.viewport.shape[1]
    click(button(hand, "Colours"))
    hand.paint()
    assert shown.isVisibleTo(hand.panel)
    assert hand.viewer.viewport.shape[1] < width - 200
    hand.key(QtCore.Qt.Key_C)
    hand.paint()
    assert not shown.isVisibleTo(hand.panel)
    assert not button(hand, "Colours").isChecked()
    assert hand.viewer.viewport.shape[1] == width


def test_escape_closes_it_and_gives_the_keyboard_back(panel):
    panel.panel.window().activateWindow()
    panel.panel.color_panel.contrast.bias[1].setFocus()
    QTest.keyClick(panel.panel.color_panel.contrast.bias[1], QtCore.Qt.Key_Escape)
    assert not panel.panel.color_panel.isVisibleTo(panel.panel)
    assert panel.control.hasFocus()


def test_each_limit_is_dragged_by_itself_and_both_between_them(panel):
    look = panel.viewer.appearance
    drag(panel, at(panel, -2), at(panel, -1.5), at(panel, -1))
    assert look.limits == pytest.approx((-1, 2), abs=0.05)
    drag(panel, at(panel, 2), at(panel, 2.5))
    assert look.limits == pytest.approx((-1, 2.5), abs=0.05)
    low, high = look.limits
    drag(panel, at(panel, 1), at(panel, 0.5))
    assert look.limits == pytest.approx((low - 0.5, high - 0.5), abs=0.05)
    before = look.limits
    drag(panel, at(panel, 3), at(panel, 2))  # beside them nothing is held
    assert look.limits == before


def test_no_limit_passes_the_other(panel):
    drag(panel, at(panel, -2), at(panel, 3))
    low, high = panel.viewer.appearance.limits
    assert low < high == 2
    drag(panel, at(panel, 2), at(panel, -4))
    low, high = panel.viewer.appearance.limits
    assert low < high


def test_the_numbers_of_the_toolbar_and_the_histogram_follow_each_other(panel):
    drag(panel, at(panel, -2), at(panel, -1))
    low, _ = panel.panel.toolbar.findChildren(QtGui.QLineEdit)
    assert float(low.text()) == pytest.approx(panel.viewer.appearance.limits[0])
    panel.viewer.appearance.limits = (-40, 60)  # out of what is shown: more is shown
    first, last = histogram(panel).shown
    assert first < -40 < 60 < last


def test_escape_gives_up_a_drag(panel):
    drag(panel, at(panel, -2), at(panel, 0), release=False)
    assert panel.viewer.appearance.limits != (-2, 2)
    QTest.keyClick(histogram(panel), QtCore.Qt.Key_Escape)
    assert panel.viewer.appearance.limits == (-2, 2)
    assert panel.panel.color_panel.isVisibleTo(panel.panel)


def test_a_double_click_goes_back_to_the_rule(panel):
    panel.viewer.appearance.limits = "98%"
    drag(panel, at(panel, panel.viewer.shading.limits[0]), at(panel, 0))
    assert isinstance(panel.viewer.appearance.limits, tuple)
    QTest.mouseDClick(histogram(panel), LEFT, NONE, at(panel, 1))
    assert panel.viewer.appearance.limits == "98%"


def test_the_wheel_zooms_about_the_mouse(panel):
    view = histogram(panel)
    before = view.shown
    point = at(panel, 1)
    for _ in range(4):
        turn_wheel(view, point)
    assert view.shown[1] - view.shown[0] == pytest.approx((before[1] - before[0]) / 2)
    assert abs(at(panel, 1).x() - point.x()) <= 1
    assert panel.viewer.appearance.limits == (-2, 2)


def test_arrow_keys_move_what_was_moved_last(panel):
    view = histogram(panel)
    QTest.keyClick(view, QtCore.Qt.Key_Right)
    assert panel.viewer.appearance.limits[0] > -2
    assert panel.viewer.appearance.limits[1] == 2
    QTest.keyClick(view, QtCore.Qt.Key_Down)
    QTest.keyClick(view, QtCore.Qt.Key_Left)
    assert panel.viewer.appearance.limits[1] < 2


def test_the_strip_below_has_the_colours_of_the_values(panel):
    view = histogram(panel)
    picture = pixels_of(view.grab().toImage())
    shading = panel.viewer.shading
    row = picture[view.height() - view.fontMetrics().height() - 8]
    for value in (-1.9, -1, 0, 0.7, 1.9):
        x = at(panel, value).x()
        near = {int(shading.argb(np.array([[v]]))[0, 0]) for v in np.linspace(value - 0.05, value + 0.05, 41)}
        assert int(row[x]) | 0xFF000000 in near


def test_the_strip_shows_the_colour_of_a_label_as_wide_as_a_whole_number(open_window):
    kinds = Colormap.from_colors("kinds", [(1, 0, 0, 1), (0, 1, 0, 1)], flat=True, values=(1.0, 3.0))
    hand = open_window((np.mgrid[:300, :400][1] // 100).astype(np.uint8), colormap=kinds)
    hand.wait_exact()
    hand.key(QtCore.Qt.Key_C)
    hand.paint()
    view = histogram(hand)
    row = pixels_of(view.grab().toImage())[view.height() - view.fontMetrics().height() - 8]
    found = {value: {int(row[at(hand, value + d).x()]) & 0xFFFFFF for d in (-0.4, 0, 0.4)} for value in (1, 2, 3)}
    assert found == {1: {0xFF0000}, 2: {0x7F7F7F}, 3: {0x00FF00}}


def test_panning_changes_nothing_in_it(panel):
    before = pixels_of(histogram(panel).grab().toImage())
    panel.drag(panel.center, panel.center + QtCore.QPoint(70, 40))
    panel.wait_exact()
    assert np.array_equal(pixels_of(histogram(panel).grab().toImage()), before)
    panel.viewer.appearance.contrast = 3.0
    assert not np.array_equal(pixels_of(histogram(panel).grab().toImage()), before)


@pytest.mark.parametrize(
    ("image", "words"),
    [
        (np.full((50, 60), np.nan), "no finite value"),
        (np.full((50, 60), 7.25), "every value is 7.25"),
        (np.zeros((50, 60, 3), np.uint8), "colours of its own"),
    ],
)
def test_where_there_is_nothing_to_count_a_sentence_says_why(open_window, image, words):
    hand = open_window(image)
    hand.wait_exact()
    hand.key(QtCore.Qt.Key_C)
    hand.paint()
    view = histogram(hand)
    assert words in view.sentence
    QTest.mouseClick(view, LEFT, NONE, QtCore.QPoint(50, 50))
    QTest.mouseDClick(view, LEFT, NONE, QtCore.QPoint(50, 50))
    QTest.keyClick(view, QtCore.Qt.Key_Right)
    assert hand.viewer.appearance.limits == "99.5%"


@pytest.mark.parametrize(
    "image",
    [
        np.r_[np.random.default_rng(1).normal(0, 1, 9999), 1e30].reshape(100, 100),
        np.linspace(-1, 1, 400).reshape(20, 20) * 1e304,
        np.linspace(0, 5e-310, 400).reshape(20, 20),
        1e9 + np.linspace(0, 10, 400).reshape(20, 20),
        np.r_[np.zeros(399), 1.0].reshape(20, 20),
    ],
    ids=["giant", "largest", "smallest", "far", "mask"],
)
def test_any_values_have_a_histogram_to_drag_in(open_window, image):
    hand = open_window(image)
    hand.wait_exact()
    hand.key(QtCore.Qt.Key_C)
    hand.paint()
    view = histogram(hand)
    first, last = view.shown
    low, high = hand.viewer.shading.limits
    assert first < low < high < last or high - low < 1e-300
    drag(hand, at(hand, high), at(hand, high) - QtCore.QPoint(10, 0))
    low, high = hand.viewer.shading.limits
    assert low < high
    hand.paint()


def test_sliders_and_numbers_change_contrast_and_bias_and_follow(panel):
    look, sliders = panel.viewer.appearance, panel.panel.color_panel.contrast
    slider, number = sliders.contrast
    assert slider.value() == 500
    slider.setValue(750)
    assert look.contrast == pytest.approx(10**0.5, rel=0.01)
    assert number.value() == pytest.approx(look.contrast, abs=0.001)
    number.setValue(0.05)
    assert look.contrast == 0.05
    assert slider.value() == 0
    sliders.bias[0].setValue(250)
    assert look.bias == 0.25
    look.bias = 0.123456789
    assert sliders.bias[1].value() == pytest.approx(0.123)
    assert look.bias == 0.123456789  # what is rounded to be shown changes nothing
    click(sliders.reset)
    assert (look.contrast, look.bias) == (1, 0.5)
    assert not sliders.reset.isEnabled()


def test_a_turn_of_the_wheel_over_a_number_changes_it_only_where_the_keyboard_is(panel):
    slider, number = panel.panel.color_panel.contrast.contrast
    for widget in (slider, number):
        turn_wheel(widget, widget.rect().center())
    assert panel.viewer.appearance.contrast == 1


def test_the_panel_lets_go_of_the_viewer_with_its_window(open_window):
    hand = open_window(np.random.default_rng(2).normal(0, 1, (30, 40)))
    hand.key(QtCore.Qt.Key_C)
    hand.panel.window().close()
    process_events_until(lambda: True, 1)
    hand.viewer.appearance.trait_set(limits=(0, 1), contrast=2.0)  # nothing that is gone is painted


def test_values_out_of_range_are_given_colours_and_the_colour_bar_shows_them(panel):
    look, outer = panel.viewer.appearance, panel.panel.color_panel.outer
    click(outer.boxes["over"])
    assert look.over is not None
    assert panel.viewer.shading.rgba(np.array([[9.0]]))[0, 0].tolist() == [255, 38, 38, 255]
    bar = panel.panel.canvas.color_bar
    assert bar._body()[1] < bar.y2
    assert bar._body()[0] == bar.y
    chosen = []
    original = QtGui.QColorDialog.getColor
    try:
        QtGui.QColorDialog.getColor = lambda *args: chosen.append(args) or QtGui.QColor(0, 255, 0)
        click(outer.swatches["over"])
        click(outer.swatches["bad"])
    finally:
        QtGui.QColorDialog.getColor = original
    assert look.over == look.bad == (0, 1, 0, 1)
    assert outer.boxes["bad"].isChecked()
    click(outer.boxes["over"])
    assert look.over is None
    click(outer.boxes["over"])
    assert look.over == (0, 1, 0, 1)  # as it was chosen


def test_a_scale_with_a_number_shows_it_and_takes_another(panel):
    look, number = panel.viewer.appearance, panel.panel.color_panel.number
    assert not number.isVisibleTo(panel.panel)
    look.scale = "power:0.4"
    assert number.isVisibleTo(panel.panel)
    assert number.field.text() == "0.4"
    number.field.setText("0.25")
    QTest.keyClick(number.field, QtCore.Qt.Key_Return)
    assert look.scale == "power:0.25"
    number.field.setText("-3")
    QTest.keyClick(number.field, QtCore.Qt.Key_Return)
    assert look.scale == "power:0.25"
    assert "power" in panel.viewer.status.fault
    QTest.keyClick(number.field, QtCore.Qt.Key_Escape)
    assert number.field.text() == "0.25"
    look.scale = "symlog"
    assert number.field.text() == ""
    number.field.setText("0.5")
    QTest.keyClick(number.field, QtCore.Qt.Key_Return)
    assert look.scale == "symlog:0.5"


def test_nothing_moves_sideways_when_a_section_needs_a_scroll_bar(panel):
    width = panel.panel.color_panel.width()
    panel.panel.window().resize(900, 400)
    panel.paint()
    assert panel.panel.color_panel.width() == width
    inside = panel.panel.color_panel.widget()
    assert inside.width() <= panel.panel.color_panel.viewport().width()


def test_keys_of_the_image_work_wherever_in_the_panel_the_keyboard_is(panel):
    panel.panel.window().activateWindow()
    shown = panel.panel.color_panel
    for widget in (shown.contrast.contrast[0], shown.outer.boxes["over"], shown.histogram):
        widget.setFocus()
        inverted = panel.viewer.appearance.inverted
        QTest.keyClick(widget, QtCore.Qt.Key_I)
        assert panel.viewer.appearance.inverted is not inverted
    QTest.keyClick(shown.histogram, QtCore.Qt.Key_C)
    assert not shown.isVisibleTo(panel.panel)
    assert panel.control.hasFocus()


def test_a_number_that_is_typed_is_taken_with_enter_or_given_up_and_the_image_has_the_keyboard(panel):
    panel.panel.window().activateWindow()
    look, number = panel.viewer.appearance, panel.panel.color_panel.contrast.contrast[1]
    for key, wanted in ((QtCore.Qt.Key_Return, 2.0), (QtCore.Qt.Key_Escape, 2.0)):
        number.setFocus()
        number.selectAll()
        QTest.keyClicks(number, "2" if key == QtCore.Qt.Key_Return else "5")
        QTest.keyClick(number, key)
        assert look.contrast == number.value() == wanted
        assert panel.control.hasFocus()
    assert panel.panel.color_panel.isVisibleTo(panel.panel)
    assert not any(button.autoDefault() for button in panel.panel.color_panel.findChildren(QtGui.QPushButton))


def test_a_refused_number_is_complained_of_until_it_is_given_up(panel):
    panel.panel.window().activateWindow()
    panel.viewer.appearance.scale = "power:0.4"
    for field in (panel.panel.color_panel.number.field, panel.panel.toolbar.findChildren(QtGui.QLineEdit)[0]):
        field.setFocus()
        field.setText("abc")
        QTest.keyClick(field, QtCore.Qt.Key_Return)
        assert "abc" in panel.viewer.shown
        assert field.hasFocus()
        QTest.keyClick(field, QtCore.Qt.Key_Escape)
        assert panel.viewer.status.fault == ""
        assert panel.control.hasFocus()


@pytest.mark.parametrize("span", [(-4.6, 4.7), (0, 8), (50.3, 170), (1e9, 1e9 + 10), (-1e-30, 3e-30), (0.999, 1.001)])
def test_the_axis_of_the_histogram_has_as_many_labels_as_have_room(open_window, span):
    image = np.random.default_rng(2).uniform(*span, (30, 40))
    view = histogram(open_window(image))
    view.resize(256, 168)
    ticks = view._painting._ticks(view, view.fontMetrics())
    assert len(ticks) >= 2
    ends = [left + view.fontMetrics().horizontalAdvance(label) for _, left, label in ticks]
    assert all(after[1] > end for after, end in zip(ticks[1:], ends, strict=False))
    assert all(left >= 0 and end <= view.width() for (_, left, _), end in zip(ticks, ends, strict=True))


def test_a_long_label_beside_the_colour_bar_is_shortened_and_its_tool_tip_has_all_of_it(open_window):
    long = "Deciduous broadleaf forest <b>with</b> shrubs, and peat below"
    rocks = Colormap.from_colors(
        "rocks", [(1, 0, 0, 1), (0, 1, 0, 1)], flat=True, values=(0.0, 1.0), labels=("sea", long)
    )
    hand = open_window((np.mgrid[:300, :400][1] > 200).astype(np.uint8), colormap=rocks)
    hand.wait_exact()
    bar = hand.panel.canvas.color_bar
    assert bar.width < 240
    tips = []
    for part in (0.25, 0.5, 0.75):
        hand.move(hand.place(bar.x + 40, bar.y + part * bar.height))
        tips.append(hand.control.toolTip())
    assert tips == ["", "", plain_tip(long)]
    hand.move(hand.center)
    assert hand.control.toolTip() == ""


def test_colours_beyond_the_limits_rest_while_colours_stand_for_labels_and_the_colour_bar_has_no_pointed_ends(panel):
    look, bar, outer = panel.viewer.appearance, panel.panel.canvas.color_bar, panel.panel.color_panel.outer
    kinds = Colormap.from_colors("kinds", [(1, 0, 0, 1), (0, 1, 0, 1)], flat=True, values=(0.0, 1.0))
    look.colormap = replace(kinds, under=(1, 1, 1, 1), over=(0, 0, 0, 1), bad=(0.7, 0.7, 0.7, 1))
    parts = {trait: (outer.boxes[trait], outer.swatches[trait]) for trait in ("under", "over", "bad")}
    assert {trait: [part.isEnabled() for part in pair] for trait, pair in parts.items()} == {
        "under": [False, False],
        "over": [False, False],
        "bad": [True, True],
    }
    assert len(bar._outline()) == 4
    look.scale = "power:1"
    assert all(part.isEnabled() for pair in parts.values() for part in pair)
    assert len(bar._outline()) == 6


def test_limits_contrast_and_bias_rest_while_colours_stand_for_labels(panel):
    viewer, look, shown = panel.viewer, panel.viewer.appearance, panel.panel.color_panel
    sliders = (*shown.contrast.contrast, *shown.contrast.bias)
    parts = (
        *sliders,
        shown.contrast.reset,
        panel.panel.toolbar.limits,
        *panel.panel.toolbar.findChildren(QtGui.QLineEdit),
    )
    look.bias = 0.4
    tips = [part.toolTip() for part in parts]
    assert all(part.isEnabled() for part in parts)
    look.scale = "labels"
    assert not any(part.isEnabled() for part in parts)
    assert {part.toolTip() for part in parts} == {NOT_FOR_LABELS}
    assert NOT_FOR_LABELS in histogram(panel).toolTip()
    before, table = look.look, viewer.shading.argb(viewer.source.render(viewer.viewport))
    panel.paint()
    drag(panel, at(panel, -2), at(panel, -1))
    drag(panel, at(panel, 1), at(panel, 0))
    QTest.keyClick(histogram(panel), QtCore.Qt.Key_Right)
    QTest.mousePress(panel.control, QtCore.Qt.RightButton, NONE, panel.center)
    panel.move(panel.center + QtCore.QPoint(60, 40), QtCore.Qt.RightButton)
    QTest.mouseRelease(panel.control, QtCore.Qt.RightButton, NONE, panel.center + QtCore.QPoint(60, 40))
    panel.key(QtCore.Qt.Key_R)
    assert panel.panel.canvas.navigation.message == ""
    panel.key(QtCore.Qt.Key_V)
    assert not process_events_until(lambda: look.look != before, 0.2)
    look.trait_set(limits=(-9, 3), contrast=3.0, bias=0.1)  # they change nothing indeed
    assert np.array_equal(viewer.shading.argb(viewer.source.render(viewer.viewport)), table)
    look.trait_set(scale="linear")
    assert all(part.isEnabled() for part in parts)
    assert [part.toolTip() for part in parts] == tips
    drag(panel, at(panel, 3), at(panel, 2))
    assert look.limits != (-9, 3)


@pytest.mark.parametrize(
    "values",
    [
        (1.7e308 * np.linspace(-1, 1, 400)).reshape(20, 20),
        np.array([[-np.finfo(float).max, np.finfo(float).max]]),
        np.full((3, 4), np.finfo(float).max),
        np.array([[0, 5e-324]]),
    ],
    ids=["more than floats span", "the first and the last float", "the last float", "the first float above 0"],
)
def test_values_at_the_ends_of_floats_have_a_histogram(open_window, values):
    hand = open_window(values)
    hand.key(QtCore.Qt.Key_C)
    hand.wait_exact()
    view, (low, high) = histogram(hand), hand.viewer.shading.limits
    assert view.sentence or view.shown[0] <= low < high <= view.shown[1]


def test_a_limit_that_is_typed_may_be_as_far_as_floats_go(panel):
    for limits in ((-2, 1.7e308), (-1.7e308, 1.7e308), (-1e-300, 1e-300)):
        panel.viewer.appearance.limits = limits
        panel.paint()
        first, last = histogram(panel).shown
        assert first <= limits[0] < limits[1] <= last
