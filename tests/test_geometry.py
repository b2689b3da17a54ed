"""Properties of viewports, tiles and planning."""

import math

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from traitsview.errors import RequestError
from traitsview.geometry import Viewport, bounding, canonical
from traitsview.sources.arrays.array_source import ArraySource
from traitsview.sources.image_info import Axis, ImageInfo
from traitsview.sources.picture import REDUCTIONS, Picture

resolutions = st.floats(1e-6, 1e6)
shapes = st.tuples(st.integers(1, 700), st.integers(1, 700))
origins = st.tuples(st.integers(-(10**6), 10**6), st.integers(-(10**6), 10**6))
anchors = st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
viewports = st.builds(Viewport, st.tuples(resolutions, resolutions), origins, shapes, anchors)
small = st.builds(
    Viewport,
    st.tuples(st.floats(0.1, 9.0), st.floats(0.1, 9.0)),
    st.tuples(st.integers(-40, 40), st.integers(-40, 40)),
    st.tuples(st.integers(1, 20), st.integers(1, 20)),
)
factors = st.floats(1e-3, 1e3)

image = np.random.default_rng(0).random((37, 51))
image[::5, ::7] = np.nan


def on_lattice(viewport):
    """Return the viewport at resolutions that zooming uses."""
    dx, dy = viewport.resolution
    return Viewport((canonical(dx), canonical(dy)), viewport.origin, viewport.shape, viewport.anchor)


@given(viewports, st.integers(16, 300))
def test_tiles_partition_a_viewport(viewport, size):
    seen = np.zeros(viewport.shape, np.uint8)
    for tile in viewport.tiles(size):
        assert tile.shape == (size, size)
        assert tile.origin[0] % size == tile.origin[1] % size == 0
        assert tile.same_grid(viewport)
        seen[viewport.overlap(tile)] += 1
    assert (seen == 1).all()


@given(viewports, st.integers(16, 300))
def test_the_viewport_around_its_tiles_holds_it(viewport, size):
    tiles = viewport.tiles(size)
    around = bounding(tiles)
    assert around.overlap(viewport) is not None
    assert all(around.overlap(tile) is not None for tile in tiles)
    assert around.shape[0] * around.shape[1] == size * size * len(tiles)
    assert viewport.overlap(around) == (slice(0, viewport.shape[0]), slice(0, viewport.shape[1]))


@given(viewports, st.integers(-800, 800), st.integers(-800, 800))
def test_overlaps_are_the_same_pixels_from_both_sides(viewport, columns, rows):
    other = viewport.panned(columns, rows)
    here, there = viewport.overlap(other), other.overlap(viewport)
    if abs(columns) >= viewport.shape[1] or abs(rows) >= viewport.shape[0]:
        assert here is there is None
        return
    assert [part.stop - part.start for part in here] == [part.stop - part.start for part in there]
    assert here[0].start + viewport.origin[1] == there[0].start + other.origin[1]
    assert here[1].start + viewport.origin[0] == there[1].start + other.origin[0]


@settings(max_examples=60)
@given(small, st.integers(-12, 12), st.integers(-12, 12), st.sampled_from(REDUCTIONS))
def test_panning_keeps_every_shared_pixel(viewport, columns, rows, reduction):
    source = ArraySource(image)
    other = viewport.panned(columns, rows)
    here = viewport.overlap(other)
    assume(here is not None)
    before = source.render(viewport, None, reduction)[here]
    after = source.render(other, None, reduction)[other.overlap(viewport)]
    np.testing.assert_array_equal(before, after)


@settings(max_examples=60)
@given(small, st.integers(5, 33), st.sampled_from(REDUCTIONS))
def test_tiles_are_the_viewport_to_the_bit(viewport, size, reduction):
    source = ArraySource(image)
    whole = source.render(viewport, None, reduction)
    for tile, pixels in source.render_tiles(viewport.tiles(size), Picture(reduction=reduction)):
        np.testing.assert_array_equal(whole[viewport.overlap(tile)], pixels[tile.overlap(viewport)])


@given(viewports, factors, st.floats(0, 1), st.floats(0, 1))
def test_zooming_about_a_point_keeps_it_within_half_a_pixel(viewport, factor, across, down):
    viewport = on_lattice(viewport)
    column, row = across * viewport.shape[1], down * viewport.shape[0]
    zoomed = viewport.zoomed(factor, viewport.point_at(column, row))
    x, y = zoomed.pixel_at(*viewport.point_at(column, row))
    # Coordinates are doubles: far from the anchor a pixel is only so many of their last digits wide.
    room = 1e-14 * max(map(abs, (*zoomed.origin, *viewport.origin, *viewport.extent, *zoomed.extent)))
    slack = 1e-6 + room * (1 + 1 / min(*zoomed.resolution, *viewport.resolution))
    assert abs(x - column) <= 0.5 + slack
    assert abs(y - row) <= 0.5 + slack


@given(viewports, st.lists(st.floats(0.25, 4.0), min_size=1, max_size=6))
def test_zooming_in_and_out_comes_back_to_the_same_grid(viewport, steps):
    viewport = on_lattice(viewport)
    zoomed = viewport
    for factor in steps:
        zoomed = zoomed.zoomed(factor)
    for factor in reversed(steps):
        zoomed = zoomed.zoomed(1 / factor)
    assert zoomed.same_grid(viewport)


@given(viewports, st.floats(0.01, 100.0))
@example(Viewport((1.5, 1.0), (1, 0), (1, 4)), 1.5)
def test_zooming_in_and_out_comes_back_to_the_same_viewport(viewport, factor):
    viewport = on_lattice(viewport)
    about = viewport.center
    assert viewport.zoomed(factor, about).zoomed(1 / factor, about) == viewport


@given(resolutions)
@example(6.987107512296)
def test_canonical_resolutions_stand_for_their_neighbours(resolution):
    stands = canonical(resolution)
    assert canonical(stands) == stands
    assert math.isclose(stands, resolution, rel_tol=7e-13)


@given(resolutions)
@example(6.987107512296)
def test_elements_of_any_size_are_shown_one_to_one(size):
    source = ArraySource(image, extent=(0.0, 51 * size, 0.0, 37 * size))
    viewport = Viewport.covering(source.info.extent, image.shape)
    for reduction in REDUCTIONS:
        np.testing.assert_array_equal(source.render(viewport, None, reduction), image)


@given(st.integers(1, 10**6), st.integers(0, 5))
def test_short_decimals_stand_for_themselves(digits, places):
    assert canonical(digits / 10**places) == digits / 10**places


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6), st.floats(1e-3, 1e6), st.floats(1e-3, 1e6), shapes, anchors)
def test_covering_differs_from_what_was_asked_by_less_than_a_pixel(x, y, width, height, shape, anchor):
    asked = (x, x + width, y, y + height)
    viewport = Viewport.covering(asked, shape, anchor)
    assert viewport.shape == shape
    for got, wanted, pixel in zip(viewport.extent, asked, np.repeat(viewport.resolution, 2), strict=True):
        assert abs(got - wanted) < pixel


@given(st.integers(1, 30_000), st.integers(1, 30_000), shapes, st.floats(1e-3, 1e3), st.floats(1e-3, 1e3), anchors)
def test_fitting_shows_the_whole_image_in_the_middle(rows, columns, shape, sx, sy, anchor):
    extent = (anchor[0], anchor[0] + sx * columns, anchor[1], anchor[1] + sy * rows)
    axes = (Axis("y", rows, "m"), Axis("x", columns, "s"))
    viewport = Viewport.fitting(ImageInfo("", (rows, columns), "f4", extent=extent, axes=axes), shape)
    assert viewport.anchor == anchor
    dx, dy = viewport.resolution
    x0, x1, y0, y1 = viewport.extent
    assert x0 < extent[0] + dx
    assert x1 > extent[1] - dx
    assert y0 < extent[2] + dy
    assert y1 > extent[3] - dy
    assert abs((x0 + x1) - (extent[0] + extent[1])) < 2 * dx * (1 + 1e-6)
    assert abs((y0 + y1) - (extent[2] + extent[3])) < 2 * dy * (1 + 1e-6)
    assert min(shape[1] * dx / (x1 - x0), shape[0] * dy / (y1 - y0)) == pytest.approx(1, rel=1e-6)


@given(viewports, shapes)
def test_resizing_keeps_the_centre_within_a_pixel(viewport, shape):
    resized = viewport.resized(shape)
    assert resized.shape == shape
    assert resized.same_grid(viewport)
    for at, n, was, m in zip(resized.origin, shape[::-1], viewport.origin, viewport.shape[::-1], strict=True):
        assert abs((at + n / 2) - (was + m / 2)) <= 1


@given(viewports, st.floats(-50, 50), st.floats(-50, 50))
def test_points_and_pixels_are_each_others_inverse(viewport, column, row):
    x, y = viewport.pixel_at(*viewport.point_at(column, row))
    far = max(map(abs, (*viewport.origin, *viewport.anchor))) * (1 + 1 / min(viewport.resolution))
    assert (x, y) == pytest.approx((column, row), abs=1e-9 + 1e-14 * far)


@pytest.mark.parametrize(
    "values",
    [
        ((0.0, 1.0), (0, 0), (1, 1)),
        ((-1.0, 1.0), (0, 0), (1, 1)),
        ((math.nan, 1.0), (0, 0), (1, 1)),
        ((math.inf, 1.0), (0, 0), (1, 1)),
        ((1.0, 1.0), (0, 0), (0, 1)),
        ((1.0, 1.0), (0, 0), (1, -1)),
        ((1.0, 1.0), (0, 0), (1, 2**40)),
        ((1.0, 1.0), (0, -(10**400)), (1, 1)),
        ((1.0, 1.0), (0.5, 0), (1, 1)),
        ((1.0, 1.0), (0, 0), (1, 1), (math.nan, 0.0)),
        ((1.0, 1.0, 1.0), (0, 0), (1, 1)),
        ((1.0,), (0, 0), (1, 1)),
        (1.0, (0, 0), (1, 1)),
        (("wide", 1.0), (0, 0), (1, 1)),
        ((1.0, 1.0), None, (1, 1)),
    ],
)
def test_nonsense_is_no_viewport(values):
    with pytest.raises(RequestError):
        Viewport(*values)


@pytest.mark.parametrize("extent", [(0, 0, 0, 1), (1, 0, 0, 1), (0, math.nan, 0, 1), (-math.inf, 1, 0, 1)])
def test_extents_that_show_nothing_are_refused(extent):
    with pytest.raises(RequestError):
        Viewport.covering(extent, (10, 10))


@pytest.mark.parametrize("factor", [0.0, -1.0, math.nan, math.inf])
def test_factors_that_make_no_sense_are_refused(factor):
    with pytest.raises(RequestError):
        Viewport((1.0, 1.0), (0, 0), (10, 10)).zoomed(factor)


@pytest.mark.parametrize(
    "reach",
    [
        lambda viewport: viewport.zoomed(1e300).zoomed(1e300),
        lambda viewport: viewport.zoomed(1e-300).zoomed(1e-300),
        lambda viewport: viewport.at_resolution((1e-320, 1.0), (1e10, 0.0)),
        lambda viewport: viewport.panned(columns=2**63),
        lambda viewport: Viewport.covering((0.0, 5e-324, 0.0, 1.0), (10, 10)),
        lambda viewport: Viewport.covering((0.0, 1e-300, 1e300, 2e300), (10, 10), (-1e300, 0.0)),
    ],
)
def test_what_is_beyond_all_numbers_is_refused(reach):
    with pytest.raises(RequestError):
        reach(Viewport((1.0, 1.0), (0, 0), (10, 10)))


@given(st.sampled_from([1e-300, 1e300]), shapes)
def test_images_with_elements_of_any_size_are_fitted(size, shape):
    viewport = Viewport.fitting(ImageInfo("", (3, 5), "<f4", extent=(0.0, 5 * size, 0.0, 3 * size)), shape)
    x0, x1, y0, y1 = viewport.extent
    assert all(map(math.isfinite, viewport.extent))
    assert x1 - x0 >= 4.999 * size - viewport.resolution[0]
    assert y1 - y0 >= 2.999 * size - viewport.resolution[1]
