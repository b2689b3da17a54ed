"""Where a viewer may go."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from traitsview.geometry import Viewport
from traitsview.model import navigation
from traitsview.model.navigation import History
from traitsview.model.status_words import pixel_text
from traitsview.sources.image_info import ImageInfo

SIZES = st.integers(1, 100_000)


def info_of(rows, columns, scale=1.0, start=0.0):
    """Return what is known of an image of so many elements."""
    return ImageInfo("made", (rows, columns), "<f4", extent=(start, start + columns * scale, 0.0, rows * scale))


@given(SIZES, SIZES, st.lists(st.sampled_from([0.25, 0.7, 1 / 1.19, 1.19, 3.0, 100.0]), max_size=40))
def test_zooming_stays_in_range_and_the_centre_on_the_image(rows, columns, factors):
    info = info_of(rows, columns)
    viewport = Viewport.fitting(info, (600, 800))
    finest, coarsest = navigation.zoom_range(info, viewport)
    for factor in factors:
        viewport = navigation.bounded(navigation.zoomed(viewport, info, factor, (0.0, 0.0)), info)
        assert finest * 0.999 <= viewport.resolution[0] <= coarsest * 1.001
        x, y = viewport.center
        dx, dy = viewport.resolution
        assert -dx <= x <= columns + dx
        assert -dy <= y <= rows + dy


def test_zooming_ends_before_coordinates_run_out_of_digits():
    info = info_of(1000, 1000, scale=1e-6, start=1e9)
    viewport = Viewport.fitting(info, (600, 800))
    for _ in range(100):
        viewport = navigation.zoomed(viewport, info, 4.0)
    x0, x1, _, _ = viewport.extent
    assert x1 - x0 > 0
    assert viewport.point_at(1, 0)[0] > viewport.point_at(0, 0)[0]


def test_one_to_one_is_the_size_of_an_element():
    info = info_of(1000, 1000, scale=0.1)
    viewport = navigation.one_to_one(Viewport.fitting(info, (600, 800)), info)
    assert viewport.resolution == pytest.approx((0.1, 0.1), rel=1e-12)


def test_history_forgets_the_future_when_a_new_way_is_taken():
    a, b, c = (Viewport((1, 1), (n, 0), (5, 5)) for n in range(3))
    history, place = History().leaving(a).back(b)
    assert (place, history.future) == (a, (b,))
    history = history.leaving(place)
    assert history == History((a,), ())
    history, place = history.back(c)
    assert history.forward(place) == (History((a,), ()), c)


def test_history_is_bounded():
    history = History()
    for n in range(500):
        history = history.leaving(Viewport((1, 1), (n, 0), (5, 5)))
    assert len(history.past) == 100
    assert history.past[-1].origin == (499, 0)


def test_one_to_one_is_said_whatever_the_size_of_an_element():
    info = ImageInfo("made", (10, 43), "<f4", extent=(100.0, 104.3, 0.0, 1.0))
    assert info.element[0] < 0.1 == info.element[1]
    viewport = Viewport((0.1, 0.1), (0, 0), (20, 50), info.anchor)
    assert pixel_text(viewport, info, "mean") == "1:1"
    assert pixel_text(Viewport.covering(info.extent, (5, 43), info.anchor), info, "mean") == "mean of 1 × 2"
