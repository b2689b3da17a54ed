"""Ticks and their labels, at any zoom."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from traitsview.geometry import Viewport
from traitsview.model import navigation
from traitsview.sources.image_info import ImageInfo
from traitsview.view.image.axes import (
    HORIZONTAL_SPACING,
    VERTICAL_SPACING,
    DistinctTicks,
    axis_title,
    round_ticks,
    tick_labels,
)

STARTS = st.one_of(st.just(0.0), st.floats(-1e12, 1e12))
SCALES = st.floats(1e-9, 1e9)


def places_along(start, scale, size, zooms, share):
    """Return the viewports that zooming about a point of an image leads through."""
    info = ImageInfo("made", (size, size), "<f4", extent=(start, start + size * scale, start, start + size * scale))
    viewport = Viewport.fitting(info, (700, 900))
    about = (start + share * size * scale,) * 2
    for factor in zooms:
        viewport = navigation.bounded(navigation.zoomed(viewport, info, factor, about), info)
        yield viewport


@example(536870912.0, 1e-6, 1, [3.0], 0.0)
@given(
    STARTS,
    SCALES,
    st.integers(1, 100_000),
    st.lists(st.sampled_from([0.3, 3.0, 50.0]), min_size=1, max_size=12),
    st.floats(0, 1),
)
def test_labels_are_distinct_and_say_where_the_tick_is(start, scale, size, zooms, share):
    if start + size * scale == start:
        return
    for viewport in places_along(start, scale, size, zooms, share):
        x0, x1, y0, y1 = viewport.extent
        for low, high, pixels, spacing in ((x0, x1, 900, HORIZONTAL_SPACING), (y0, y1, 700, VERTICAL_SPACING)):
            found = DistinctTicks(spacing).get_ticks_and_labels(low, high, 0, pixels)
            if not found:
                assert high - low < 1e-9 * max(abs(low), abs(high))
                continue
            ticks, labels = found
            assert len(ticks) >= 2
            assert len(set(labels)) == len(labels)
            assert max(map(len, labels)) <= 24
            step = min(b - a for a, b in pairwise(ticks))
            blur = 2 * math.ulp(max(abs(low), abs(high)))
            for tick, label in zip(ticks, labels, strict=True):
                assert low - step * 1e-6 - blur <= tick <= high + step * 1e-6 + blur
                assert float(label) == pytest.approx(tick, abs=step * 0.02 + blur)


@pytest.mark.parametrize(
    ("low", "high", "labels"),
    [
        (0, 20000, ["0", "5000", "10000", "15000", "20000"]),
        (-0.3, 0.9, ["-0.2", "0.0", "0.2", "0.4", "0.6", "0.8"]),
        (15000.1, 15000.9, ["15000.2", "15000.4", "15000.6", "15000.8"]),
        (0, 6000, ["0", "1000", "2000", "3000", "4000", "5000", "6000"]),
        (-3e20, 5e20, ["-2e20", "0", "2e20", "4e20"]),
    ],
)
def test_labels_are_what_a_person_would_write(low, high, labels):
    assert tick_labels(round_ticks(low, high, 6)) == labels


@pytest.mark.parametrize(("low", "high"), [(1.0, 1.0), (2.0, 1.0), (float("nan"), 1.0), (0.0, float("inf"))])
def test_where_there_is_no_range_there_are_no_ticks(low, high):
    assert round_ticks(low, high, 6) == []
    assert not DistinctTicks(60).get_ticks_and_labels(low, high, 0, 500)


def test_titles_name_the_axis_and_its_unit():
    from traitsview.sources.image_info import Axis

    assert axis_title(Axis("Right ascension", 5, "arcsec"), "x") == "Right ascension (arcsec)"
    assert axis_title(Axis("", 5, "µm"), "x") == "x (µm)"
    assert axis_title(None, "y") == "y"
