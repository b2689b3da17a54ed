"""What a chart shows of curves: spans that can be painted, lines without false points, and where they are read."""

from __future__ import annotations

import math
import threading

import numpy as np
import pytest
from kit.patience import PATIENCE, attempts

from traitsview.errors import RequestError
from traitsview.model.charts.paths import least_and_greatest, logarithms, path
from traitsview.model.charts.spans import moved, span_of, tidy, zoomed
from traitsview.model.image_viewer import ImageViewer
from traitsview.sources.arrays.curve_array import curve_source
from traitsview.sources.framed.framed_source import FramedSource
from traitsview.sources.image_source import never
from traitsview.sources.picture import DEFAULT_PICTURE
from traitsview.sources.questions.curves import Curves
from traitsview.testing.feeds import ScriptedFeed

HUGE = 1.7e308


@pytest.mark.parametrize(
    ("low", "high"),
    [(0.0, 1.0), (5.0, 5.0), (0.0, 0.0), (1e9, 1e9 + 1e-6), (-HUGE, HUGE), (-math.inf, math.inf), (5e-324, 1e-323)],
)
def test_every_span_rises_is_finite_and_has_floats_for_ticks(low, high):
    for span in (tidy(low, high), tidy(high, low), span_of(low, high), zoomed(tidy(low, high), 1e30, 0.0)):
        start, end = span
        assert math.isfinite(end - start)
        assert end - start >= 100 * math.ulp(max(abs(start), abs(end)))


def test_a_span_around_one_value_has_it_in_the_middle():
    assert span_of(5.0, 5.0) == (4.5, 5.5)
    assert span_of(0.0, 0.0) == (-0.5, 0.5)


def test_without_values_there_is_a_span_and_an_end_that_is_no_number_is_refused():
    assert span_of(math.nan, math.nan) == (0.0, 1.0)
    with pytest.raises(RequestError):
        tidy(0.0, math.nan)


def test_zooming_holds_a_place_and_moving_keeps_the_length():
    assert zoomed((0.0, 10.0), 2, 2.0) == (1.0, 6.0)
    assert moved((0.0, 10.0), 0.5) == (5.0, 15.0)


def line(x, low, high=None, across=(0.0, 10.0), up=(0.0, 10.0)):
    low = np.array(low, float)
    return path(np.array(x, float), low, low if high is None else np.array(high, float), across, up, 0.5).tolist()


def test_a_column_is_two_points_of_which_the_nearer_is_first():
    assert line([1, 2, 3], [0, 5, 1], [1, 6, 2]) == [[1, 0], [1, 1], [2, 5], [2, 6], [3, 2], [3, 1]]


def test_a_point_without_neighbours_is_a_short_line():
    found = line([1, 2, 3, 4, 5], [1, math.nan, 3, math.nan, 5])
    assert found[:2] == [[0.75, 1], [1.25, 1]]
    assert [point for point in found if 2 < point[0] < 4 and not math.isnan(point[1])] == [[2.75, 3], [3.25, 3]]


def test_infinite_values_are_gaps():
    assert math.isnan(line([1, 2, 3], [1, math.inf, -math.inf])[2][1])


def test_lines_to_points_far_outside_are_cut_at_the_edges_where_they_cross_them():
    assert line([-1e12, 1e12], [5 - 1e12, 5 + 1e12], across=(0.0, 10.0)) == [[0, 5], [10, 15]]


def test_what_is_far_above_is_where_a_painter_can_still_count():
    found = np.array(line([1, 2, 3], [1, 1e300, 1]))
    assert np.abs(found).max() <= 1e5


def test_logarithms_are_of_positive_values_alone():
    low, high = np.array([[-1.0, 1, 10, math.nan]]), np.array([[100.0, 1, 1000, math.nan]])
    lows, highs = logarithms(low, high)
    np.testing.assert_array_equal(lows, [[2, 0, 1, math.nan]])
    np.testing.assert_array_equal(highs, [[2, 0, 3, math.nan]])


def test_least_and_greatest_are_of_finite_values():
    values = np.array([[1.0, math.nan, 3, math.inf], [math.nan] * 4])
    low, high = least_and_greatest(values, values)
    np.testing.assert_array_equal(low, [1, math.nan])
    np.testing.assert_array_equal(high, [3, math.nan])


@pytest.fixture
def show():
    """Give a function that shows a source in a viewer and returns its chart with everything loaded."""
    viewers = []

    def show(source):
        viewer = ImageViewer(source=source)
        viewers.append(viewer)
        settle(viewer)
        return viewer.chart

    yield show
    for viewer in viewers:
        viewer.close()
        viewer.source.close()


def settle(viewer, step=None):
    """Take what arrives until the chart is complete, and of a step."""
    chart = viewer.chart
    for _ in attempts(lambda: chart.shown):
        viewer.wait(PATIENCE)
        if chart.exact and (step is None or chart.frame.step == step):
            return


X = np.arange(100.0)


def test_the_whole_is_seen_with_all_values(show):
    chart = show(curve_source([X, X / 2], "ab"))
    assert (chart.names, chart.viewer.exact) == (("a", "b"), True)
    assert chart.view == pytest.approx((-0.5, 99.5, -4.95, 103.95))


def test_y_follows_the_curves_that_are_shown_and_what_is_visible(show):
    chart = show(curve_source([X, X * 100], "ab"))
    chart.toggle("b")
    assert chart.view[3] < 110
    chart.x_span = (10.0, 20.0)
    settle(chart.viewer)
    assert (chart.view[2] > 8, chart.view[3] < 22) == (True, True)
    assert chart.shown == "2 curves of 100 points, 1 not shown"


def test_fit_shows_everything_again_and_back_returns(show):
    chart = show(curve_source([X], "a"))
    chart.show((10.0, 20.0, 0.0, 5.0))
    chart.fit()
    assert chart.view[:2] == (-0.5, 99.5)
    chart.back()
    assert chart.view == (10.0, 20.0, 0.0, 5.0)
    chart.back()
    assert chart.view[:2] == (-0.5, 99.5)
    chart.forward()
    assert chart.view == (10.0, 20.0, 0.0, 5.0)


def test_zooming_out_keeps_some_of_the_curves_in_sight(show):
    chart = show(curve_source([X], "a"))
    for _ in range(50):
        chart.zoom(0.5)
    assert chart.view[1] - chart.view[0] <= 100 * 100
    for _ in range(300):
        chart.pan(0.5, 0)
    assert chart.view[0] <= 99.5


def test_values_are_read_at_the_point_nearest_to_the_mouse(show):
    chart = show(curve_source([X, X * 2], ("a", "b"), axis="time", axis_unit="s"))
    chart.cursor = (41.7, 0.0)
    assert chart.read_at == 42
    assert chart.viewer.readout_line == "time 42.00 s   a 42   b 84"
    chart.toggle("a")
    assert chart.viewer.readout_line == "time 42.00 s   b 84"


def test_a_logarithmic_chart_says_that_values_are_left_out(show):
    chart = show(curve_source([X - 50], "a"))
    chart.toggle_log()
    assert chart.shown == "1 curve of 100 points, values up to 0 are left out"
    assert chart.view[2:] == pytest.approx((0 - 0.05 * math.log10(49), 1.05 * math.log10(49)))


@pytest.mark.parametrize("values", [[np.nan] * 3, [-1.0, 0.0, -np.inf]])
def test_a_chart_without_a_value_to_show_has_a_view(show, values):
    chart = show(curve_source([np.array(values)], "a"))
    chart.toggle_log()
    assert chart.view == (-0.5, 2.5, 0.0, 1.0)


def test_of_very_many_curves_the_first_are_shown_and_the_status_says_so(show):
    chart = show(curve_source(np.zeros((100, 5)), [str(k) for k in range(100)]))
    assert chart.names == tuple(str(k) for k in range(64))
    assert chart.shown == "the first 64 of 100 curves of 5 points"


def test_a_million_points_are_as_many_as_the_window_has_columns(show):
    chart = show(curve_source([np.zeros(1_000_000)], "a"))
    assert len(chart.lines.x) <= 801
    assert chart.shown == "1 curve of 1000000 points, least and greatest in each column"


@pytest.fixture
def feed():
    return ScriptedFeed()


def publish(feed, step, length, **options):
    return feed.show(np.full((2, length), float(step)), step, curves="ab", extent=(0.0, length, 0.0, 2.0), **options)


def test_the_whole_grows_with_the_calculation_and_a_chosen_part_stays(show, feed):
    publish(feed, 1, 10)
    source = FramedSource(feed, "script")
    source.wait_newer(0, 0.0)
    chart = show(source)
    assert (chart.title, chart.view[:2]) == ("script, step 1", (0, 10))
    publish(feed, 2, 20)
    settle(chart.viewer, 2)
    assert (chart.title, chart.view[:2]) == ("script, step 2", (0, 20))
    chart.x_span = (3.0, 4.0)
    publish(feed, 3, 30)
    settle(chart.viewer, 3)
    assert chart.view[:2] == (3, 4)
    assert (chart.viewer.live.shown, chart.viewer.live.skipped) == (3, 0)


def test_a_paused_chart_stays_at_its_frame(show, feed):
    publish(feed, 1, 10)
    source = FramedSource(feed, "script")
    source.wait_newer(0, 0.0)
    chart = show(source)
    chart.viewer.live.paused = True
    publish(feed, 2, 10)
    source.wait_newer(source.info.version, PATIENCE)
    chart.x_span = (2.0, 5.0)
    settle(chart.viewer)
    assert (chart.title, float(chart.lines.low.max())) == ("script, step 1", 1.0)
    chart.viewer.live.paused = False
    settle(chart.viewer, 2)


class Counting(FramedSource):
    """Counts the questions about curves, and keeps their answers until it may give them."""

    def __init__(self, feed):
        super().__init__(feed, "script")
        self.asked, self.free = [], threading.Event()
        self.free.set()

    def answers(self, question, picture=DEFAULT_PICTURE, stale=never):
        if isinstance(question, Curves):
            self.asked.append(picture.version)
            assert self.free.wait(PATIENCE)
        return super().answers(question, picture, stale)


def test_the_curves_of_each_frame_are_asked_for_once(show, feed):
    source = Counting(feed)
    publish(feed, 1, 10)
    source.wait_newer(0, 0.0)
    chart = show(source)
    for step in (2, 3):
        publish(feed, step, 10)
        settle(chart.viewer, step)
    assert source.asked == [1, 2, 3]


def test_a_frame_that_is_held_stays_though_the_next_one_was_on_its_way(show, feed):
    source = Counting(feed)
    publish(feed, 1, 10)
    source.wait_newer(0, 0.0)
    chart = show(source)
    source.free.clear()
    publish(feed, 2, 10)
    for _ in attempts():
        chart.viewer.pixels.take_arrivals()
        if 2 in source.asked:
            break
    chart.viewer.live.paused = True
    source.free.set()
    settle(chart.viewer)
    assert (chart.title, chart.viewer.status.wrong) == ("script, step 1", "")
    chart.viewer.live.paused = False
    settle(chart.viewer, 2)


def test_curves_that_cannot_be_read_are_a_sentence_and_the_next_ones_come(show, feed):
    source = Counting(feed)
    publish(feed, 1, 10)
    source.wait_newer(0, 0.0)
    chart = show(source)
    feed.show(np.zeros((2, 3, 3), np.uint8), 2, curves="ab")  # colours are no curves
    for _ in attempts(lambda: chart.shown):
        chart.viewer.wait(PATIENCE)
        if chart.viewer.status.wrong:
            break
    assert chart.viewer.status.wrong == "cannot show curves: the elements are colours"
    publish(feed, 3, 10)
    settle(chart.viewer, 3)
