"""Curves in a real window: they follow a calculation, and mouse and keys do with them what they do with images."""

from __future__ import annotations

import numpy as np
import pytest
from kit.patience import PATIENCE

from traitsview.sources.framed.framed_source import FramedSource
from traitsview.testing.feeds import ScriptedFeed
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
    assert hand.panel.charts.isVisible()
    assert not hand.panel.toolbar.isVisible()


def test_curves_follow_the_calculation_with_the_step_in_the_title(chart, feed):
    assert chart.title == "script, step 1, t = 0.25"
    show(feed, 2, [[9.0, 9.0, 9.0], [1.0, 1.0, 1.0]])
    until(lambda: chart.frame.step == 2)
    assert chart.title == "script, step 2, t = 0.5"
    np.testing.assert_array_equal(chart.lines.low, [[9, 9, 9], [1, 1, 1]])
    assert chart.view[2] < 1 < 9 < chart.view[3]
