"""Curves in a real window: they follow a calculation, and mouse and keys do with them what they do with images."""

from __future__ import annotations

import math

import numpy as np
import pytest
from kit.patience import PATIENCE
from pyface.qt import QtCore, QtGui

from traitsview.color.spaces import rgb_to_lab
from traitsview.color.vision import DEFICIENCIES, Vision
from traitsview.sources.arrays.curve_array import curve_source
from traitsview.sources.framed.framed_source import FramedSource
from traitsview.testing.feeds import ScriptedFeed
from traitsview.view.charts.decade_ticks import DecadeTicks
from traitsview.view.charts.line_styles import DARK_COLORS, LIGHT_COLORS, line_style
from traitsview.view.window import process_events_until


def until(condition):
    assert process_events_until(condition, PATIENCE)


@pytest.fixture
def feed():
    return ScriptedFeed()


@pytest.fixture
def chart(open_window, feed):
    """The chart of a window on two curves of a calculation."""
    show(feed, 1)
    hand = open_window(FramedSource(feed, "script"))
    until(lambda: hand.viewer.chart.active and hand.viewer.exact)
    return hand.viewer.chart


def show(feed, step, values=((0.0, 1.0, 4.0), (5.0, 6.0, 7.0)), names=("a", "b"), **options):
    values = np.array(values)
    extent = (-0.5, values.shape[1] - 0.5, 0, len(values))
    return feed.show(values, step, step / 4, curves=names, extent=extent, **options)


def test_a_window_that_waits_becomes_a_chart_when_curves_come(open_window, feed):
    hand = open_window(FramedSource(feed, "script"))
    assert not hand.viewer.chart.active
    show(feed, 3)
    until(lambda: hand.viewer.chart.active and hand.viewer.exact)
    assert hand.viewer.chart.names == ("a", "b")
    assert hand.panel.shared_room.charts.isVisible()
    assert not hand.panel.toolbar.isVisible()


def test_curves_follow_the_calculation_with_the_step_in_the_title(chart, feed):
    assert chart.title == "script, step 1, t = 0.25"
    show(feed, 2, [[9.0, 9.0, 9.0], [1.0, 1.0, 1.0]])
    until(lambda: chart.frame.step == 2)
    assert chart.title == "script, step 2, t = 0.5"
    np.testing.assert_array_equal(chart.lines.low, [[9, 9, 9], [1, 1, 1]])
    assert chart.view[2] < 1 < 9 < chart.view[3]


@pytest.fixture
def hand(open_window):
    """A hand in a window on two curves that do not change."""
    x = np.arange(100.0)
    hand = open_window(curve_source([x, 100 - x], ("up", "down"), name="it"))
    hand.control = hand.panel.shared_room.charts.enable_window.control
    hand.paint()
    hand.wait_exact()
    return hand


def middle(hand):
    plot = hand.panel.shared_room.charts.canvas.plot
    return hand.place(plot.x + plot.width / 2, plot.y + plot.height / 2)


def test_dragging_pans_and_the_curves_stay_under_the_mouse(hand):
    chart, plot, start = hand.viewer.chart, hand.panel.shared_room.charts.canvas.plot, middle(hand)
    held = plot.data_at(plot.x + plot.width / 2, plot.y + plot.height / 2)
    hand.drag(start, start + QtCore.QPoint(40, 30))
    there = plot.data_at(plot.x + plot.width / 2 + 40, plot.y + plot.height / 2 - 30)
    assert there == pytest.approx(held, abs=0.3)
    assert chart.view[0] < -0.5
    hand.key(QtCore.Qt.Key_BracketLeft)
    assert chart.view[0] == -0.5


def test_the_wheel_zooms_about_the_mouse_and_over_an_axis_along_it_alone(hand):
    chart, plot = hand.viewer.chart, hand.panel.shared_room.charts.canvas.plot
    x0, x1, y0, y1 = chart.view
    hand.turn_wheel(middle(hand))
    assert chart.view[1] - chart.view[0] == pytest.approx((x1 - x0) / 2**0.25)
    assert chart.view[3] - chart.view[2] == pytest.approx((y1 - y0) / 2**0.25)
    hand.key(QtCore.Qt.Key_F)
    assert chart.view == (x0, x1, y0, y1)
    hand.turn_wheel(hand.place(plot.x + 100, plot.y - 20))
    assert chart.view[1] - chart.view[0] == pytest.approx((x1 - x0) / 2**0.25)
    assert chart.y_span is None
    hand.key(QtCore.Qt.Key_F)
    hand.turn_wheel(hand.place(plot.x - 20, plot.y + 100))
    assert chart.view[:2] == (x0, x1)
    assert chart.view[3] - chart.view[2] == pytest.approx((y1 - y0) / 2**0.25)


def test_shift_and_a_drag_zoom_to_a_box(hand):
    chart, plot = hand.viewer.chart, hand.panel.shared_room.charts.canvas.plot
    start, end = hand.place(plot.x + 100, plot.y + 300), hand.place(plot.x + 300, plot.y + 100)
    wanted = plot.data_at(plot.x + 100, plot.y + 100), plot.data_at(plot.x + 300, plot.y + 300)
    hand.drag(start, end, modifiers=QtCore.Qt.ShiftModifier)
    assert (chart.view[0], chart.view[2]) == pytest.approx(wanted[0], abs=0.3)
    assert (chart.view[1], chart.view[3]) == pytest.approx(wanted[1], abs=0.3)


def test_escape_gives_up_a_drag_and_a_box(hand):
    before, start = hand.viewer.chart.view, middle(hand)
    hand.move(start)
    hand.press(start)
    hand.move(start + QtCore.QPoint(50, 50), QtCore.Qt.LeftButton)
    assert hand.viewer.chart.view != before
    hand.key(QtCore.Qt.Key_Escape)
    hand.release(start)
    assert hand.viewer.chart.view == before
    hand.key(QtCore.Qt.Key_B)
    assert hand.panel.shared_room.charts.tool.boxing
    hand.key(QtCore.Qt.Key_Escape)
    assert not hand.panel.shared_room.charts.tool.boxing


def test_keys_do_with_curves_what_they_do_with_images(hand):
    chart = hand.viewer.chart
    x0, x1, _, _ = chart.view
    for key in (QtCore.Qt.Key_Plus, QtCore.Qt.Key_Minus):
        hand.key(key)
    assert chart.view[:2] == pytest.approx((x0, x1))
    hand.key(QtCore.Qt.Key_Right)
    assert chart.view[0] == pytest.approx(x0 + (x1 - x0) / 8)
    hand.key(QtCore.Qt.Key_Y)
    assert chart.log
    hand.key(QtCore.Qt.Key_V)
    assert chart.y_span is None
    for key in (QtCore.Qt.Key_I, QtCore.Qt.Key_M, QtCore.Qt.Key_C, QtCore.Qt.Key_1, QtCore.Qt.Key_P):
        hand.key(key)  # they are about images
    assert not hand.viewer.appearance.inverted


def test_a_click_on_a_name_takes_its_curve_away_and_brings_it_back(hand):
    legend, chart = hand.panel.shared_room.charts.canvas.legend, hand.viewer.chart
    name = hand.place(legend.x + 10, legend.y2 - 9)
    hand.press(name)
    hand.release(name)
    assert chart.hidden == {"up"}
    assert lines_in(hand) == 1
    hand.press(name)
    hand.release(name)
    assert not chart.hidden
    assert lines_in(hand) == 2
    hand.press(name, QtCore.Qt.ShiftModifier)
    hand.release(name)
    assert chart.hidden == {"down"}


def lines_in(hand):
    """Return how many of the first two colours of lines are seen in the area of the curves."""
    plot = hand.panel.shared_room.charts.canvas.plot
    hand.paint()
    picture = hand.control.grab().toImage().convertToFormat(QtGui.QImage.Format_RGB888)
    top = hand.control.height() - 1 - int(plot.y2)
    picture = picture.copy(int(plot.x), top, int(plot.width), int(plot.height))
    lines = np.frombuffer(picture.constBits(), np.uint8).reshape(picture.height(), -1)
    pixels = lines[:, : 3 * picture.width()].reshape(-1, 3).astype(int)
    colors = [QtGui.QColor(name).getRgb()[:3] for name in LIGHT_COLORS[:2]]
    return sum(bool((np.abs(pixels - color).max(axis=1) < 30).any()) for color in colors)


def test_values_under_the_mouse_are_in_the_status_line(hand):
    hand.move(middle(hand))
    assert hand.viewer.readout_line.startswith("index ")
    assert "   up " in hand.viewer.readout_line
    assert "   down " in hand.viewer.readout_line


@pytest.mark.parametrize(
    "values",
    [
        [[np.nan] * 5],
        [[5.0] * 5],
        [[1e9, 1e9 + 1e-6]],
        [[-1.7e308, 1.7e308, np.inf, np.nan]],
        [[3.0]],
        [[5e-324, 0.0]],
        np.add.outer(np.arange(40.0), np.zeros(3)),
    ],
    ids=["nan", "constant", "close", "huge", "single", "tiny", "forty"],
)
def test_any_values_are_painted_without_a_complaint(open_window, caplog, values):
    hand = open_window(curve_source(np.array(values), [str(k) for k in range(len(values))]))
    hand.wait_exact()
    hand.viewer.chart.toggle_log()
    hand.paint()
    hand.viewer.chart.zoom(1e12)
    hand.paint()
    assert not caplog.records
    assert not hand.viewer.status.wrong


def test_the_window_shrinks_to_nothing_and_grows_again(hand):
    for size in ((100, 60), (1200, 900)):
        hand.panel.window().resize(*size)
        hand.wait_exact()
    plot = hand.panel.shared_room.charts.canvas.plot
    assert hand.viewer.chart.columns == plot.width


@pytest.fixture
def watching(open_window, feed):
    """A hand in a window on an image of a calculation, of which six frames are kept."""
    source = FramedSource(feed, "script")
    for step in range(6):
        show_image(feed, step)
        source.wait_newer(source.info.version, 0.0)
    hand = open_window(source)
    hand.wait_exact()
    return hand


def show_image(feed, step):
    rows, columns = np.mgrid[:20, :30]
    return feed.show(100.0 * step + rows + columns, step, step / 4, name="density", unit="K")


def test_a_key_plots_the_value_under_the_cursor_over_time_and_closes_the_plot(watching, feed):
    watching.move(watching.center)
    x, y = watching.viewer.cursor
    at_first = np.floor(x) + np.floor(y)
    watching.key(QtCore.Qt.Key_T)
    panel = watching.panel.shared_room.traces
    chart = panel.viewer.chart
    until(lambda: chart.lines is not None and len(chart.lines.x) == 6)
    np.testing.assert_array_equal(chart.lines.low, [at_first + 100 * np.arange(6)])
    assert chart.lines.x.tolist() == [0, 0.25, 0.5, 0.75, 1, 1.25]
    show_image(feed, 6)
    until(lambda: len(chart.lines.x) == 7)
    assert panel.y() > watching.panel.shared_room.y()
    watching.key(QtCore.Qt.Key_T)
    assert watching.panel.shared_room.traces is None


def test_the_plot_over_time_lies_between_the_image_and_the_status_line(watching):
    watching.move(watching.center)
    watching.key(QtCore.Qt.Key_T)
    panel = watching.panel
    shown = panel.enable_window.control, panel.shared_room.traces, panel.status_bar

    def lie_one_below_the_other():
        tops = [widget.mapTo(panel, QtCore.QPoint(0, 0)).y() for widget in shown]
        ends = [top + widget.height() for top, widget in zip(tops, shown, strict=True)]
        return ends[0] <= tops[1] and ends[1] <= tops[2]

    until(lie_one_below_the_other)


def test_a_box_is_plotted_by_its_mean_and_its_extremes(watching):
    plot = watching.panel.canvas.plot
    watching.key(QtCore.Qt.Key_T, QtCore.Qt.ControlModifier)
    start = watching.place(plot.x + plot.width / 2 - 50, plot.y + plot.height / 2 + 50)
    watching.drag(start, start + QtCore.QPoint(100, 100))
    panel = watching.panel.shared_room.traces
    chart = panel.viewer.chart
    until(lambda: chart.lines is not None and len(chart.lines.x) == 6)
    assert chart.names == ("mean", "least", "greatest")
    mean, least, greatest = chart.lines.low
    assert ((least < mean) & (mean < greatest)).all()
    panel.findChild(QtGui.QToolButton).click()
    assert watching.panel.shared_room.traces is None


@pytest.mark.parametrize("colors", [LIGHT_COLORS, DARK_COLORS], ids=["light", "dark"])
@pytest.mark.parametrize("deficiency", ["", *DEFICIENCIES])
def test_colours_of_curves_differ_for_every_kind_of_colour_vision(colors, deficiency):
    seen = Vision(deficiency).seen(np.array([QtGui.QColor(name).getRgbF()[:3] for name in colors]))
    lab = rgb_to_lab(seen)
    apart = np.linalg.norm(lab[:, None] - lab, axis=-1)
    assert apart[~np.eye(len(colors), dtype=bool)].min() > 25


def test_forty_curves_have_forty_looks():
    paper = QtGui.QColor("white")
    assert len({(color.name(), dash) for color, dash in (line_style(k, paper) for k in range(40))}) == 40


@pytest.mark.parametrize(
    ("low", "high", "labels"),
    [
        (0.0, 3.0, ["1", "10", "100", "1000"]),
        (-0.1, 1.1, ["1", "2", "5", "10"]),
        (0.0, 0.2, ["1", "1.1", "1.2", "1.3", "1.4", "1.5"]),
        (-300.0, 300.0, ["1e-300", "1e-200", "1e-100", "1", "1e100", "1e200", "1e300"]),
        (0.0, math.inf, []),
    ],
)
def test_logarithmic_axes_have_ticks_at_round_numbers(low, high, labels):
    found = DecadeTicks(60).get_ticks_and_labels(low, high, 0, 420) or ((), [])
    assert found[1] == labels
    assert all(low <= tick <= high for tick in found[0])
