"""The values of a place in the frames of a live image: those that are shown, and those that are kept."""

from __future__ import annotations

import numpy as np
import pytest
from kit.patience import PATIENCE, attempts

from traitsview.model.charts import trace_feed
from traitsview.model.charts.trace import Trace
from traitsview.model.charts.trace_feed import TraceFeed
from traitsview.model.image_viewer import ImageViewer
from traitsview.sources.framed.framed_source import FramedSource
from traitsview.sources.questions.curves import Curves
from traitsview.sources.questions.frames import FrameMark
from traitsview.sources.questions.question import whole
from traitsview.testing.feeds import ScriptedFeed


@pytest.fixture
def feed():
    return ScriptedFeed()


@pytest.fixture
def viewer(feed):
    """A viewer of a live image, of which no frame is there yet."""
    source = FramedSource(feed, "script")
    viewer = ImageViewer(source=source)
    yield viewer
    viewer.close()
    source.close()


def show(viewer, feed, step, array, **options):
    """Publish a frame and have it shown."""
    feed.show(array, step, **{"time_": step / 2, **options})
    for _ in attempts():
        viewer.wait(PATIENCE)
        if viewer.frame.step == step:
            return


def curves(trace, count):
    """Return what was collected, once there are so many frames of it."""
    for _ in attempts():
        trace.source.wait_newer(trace.source.info.version, 0.0)
        if trace.source.info.curves and trace.source.info.shape[1] == count:
            return whole(trace.source.examine(Curves()))


def ramp(step):
    return np.arange(12.0).reshape(3, 4) + 100 * step


def test_a_point_has_its_value_in_the_frames_before_and_in_those_that_come(viewer, feed):
    for step in range(3):
        show(viewer, feed, step, ramp(step))
    trace = Trace(viewer, point=(1.5, 2.5))
    found = curves(trace, 3)
    assert (found.x.tolist(), found.low.tolist()) == ([0, 0.5, 1], [[9, 109, 209]])
    show(viewer, feed, 3, ramp(3))
    assert curves(trace, 4).low.tolist() == [[9, 109, 209, 309]]
    assert trace.source.info.unit == ""
    assert trace.title.startswith("script at x 1.5")
    trace.close()


def test_a_box_has_mean_least_and_greatest_value_of_all_its_elements(viewer, feed):
    show(viewer, feed, 0, ramp(0), unit="K")
    show(viewer, feed, 1, np.full((3, 4), np.nan), unit="K")
    trace = Trace(viewer, extent=(1.0, 3.0, 0.0, 2.0))
    found = curves(trace, 2)
    np.testing.assert_array_equal(found.low, [[3.5, np.nan], [1, np.nan], [6, np.nan]])
    assert (trace.source.info.curves[1:], trace.source.info.unit) == (("mean", "least", "greatest"), "K")
    trace.close()


def test_a_complex_value_is_its_modulus_and_a_colour_the_mean_of_its_channels(viewer, feed):
    show(viewer, feed, 0, np.full((3, 4), 3 + 4j))
    show(viewer, feed, 1, np.full((3, 4, 3), [10, 20, 60], np.uint8))
    trace = Trace(viewer, point=(1.0, 1.0))
    assert curves(trace, 1).low.tolist() == [[30]]  # a frame of another form is kept no more
    show(viewer, feed, 2, np.full((3, 4), 3 + 4j))
    assert curves(trace, 2).low.tolist() == [[30, 5]]
    trace.close()


def test_a_trace_that_is_closed_asks_nothing_more(viewer, feed):
    show(viewer, feed, 0, ramp(0))
    trace = Trace(viewer, point=(1.0, 1.0))
    curves(trace, 1)
    trace.close()
    show(viewer, feed, 1, ramp(1))
    assert trace.source.info.shape[1] == 1


@pytest.mark.parametrize(
    ("marks", "axis", "places"),
    [
        ([FrameMark(1, 5, 0.5, 1), FrameMark(2, 7, 0.75, 2)], "time", [0.5, 0.75]),
        ([FrameMark(1, 5, 0.5, 1), FrameMark(2, 7, None, 2)], "step", [5, 7]),
        ([FrameMark(1, 5, None, 1), FrameMark(2, None, 1.0, 2)], "frame", [1, 2]),
        # A calculation that takes a step back, and one that was started again.
        ([FrameMark(1, 5, 1.0, 1), FrameMark(2, 6, 0.5, 2)], "step", [5, 6]),
        ([FrameMark(1, 5, 1.0, 1), FrameMark(2, 0, 0.0, 2)], "frame", [1, 2]),
        ([FrameMark(1, 5, 1.0, 1), FrameMark(2, 6, 1.0, 2)], "time", [1.0, 1.0]),
    ],
)
def test_values_are_over_time_or_steps_or_frames_whichever_all_frames_have_in_order(marks, axis, places):
    feed = TraceFeed(["value"], name="it")
    for mark in reversed(marks):
        feed.add(mark, [mark.version * 10])
    image = feed.next(0.0).image
    found = whole(image.examine(Curves()))
    assert (image.info.axes[-1].name, found.x.tolist(), found.low.tolist()) == (axis, places, [[10, 20]])


def test_the_older_half_of_very_many_values_is_dropped(monkeypatch):
    monkeypatch.setattr(trace_feed, "MOST_VALUES", 512)
    feed = TraceFeed(["value"], name="it")
    for count in range(1, 1200):
        feed.add(FrameMark(count, count, None, count), [count])
    found = whole(feed.next(0.0).image.examine(Curves()))
    assert 256 <= len(found.x) <= 512
    assert found.x.tolist() == found.low[0].tolist() == list(range(1200 - len(found.x), 1200))
