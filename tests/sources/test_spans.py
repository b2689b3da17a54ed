"""The elements under each pixel: an edge of a pixel that is meant to fall between two elements does."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from traitsview.geometry import TILE, Viewport, canonical
from traitsview.model.loading.plan import part_shown
from traitsview.sources.arrays.array_source import ArraySource
from traitsview.sources.image_info import ImageInfo
from traitsview.sources.image_source import ImageSource
from traitsview.sources.picture import REDUCTIONS
from traitsview.sources.spans import pixels_shown, ratios, spans_of
from traitsview.testing.reference import elements_per_pixel, expected

elements = st.tuples(st.integers(1, 20_000), st.integers(1, 20_000))
pixels = st.tuples(st.integers(1, 8_000), st.integers(1, 8_000))
corners = st.tuples(st.floats(-1e3, 1e3), st.floats(-1e3, 1e3))
sizes = st.tuples(st.floats(1e-3, 1e3), st.floats(1e-3, 1e3))


def image_of(shape, element=(1.0, 1.0), corner=(0.0, 0.0)):
    """Return the facts of an image with elements of any size."""
    (rows, columns), (sx, sy), (x0, y0) = shape, element, corner
    return ImageInfo("image", shape, "<f4", extent=(x0, x0 + columns * sx, y0, y0 + rows * sy))


@settings(deadline=None)
@given(elements, pixels, sizes, corners)
@example((400, 1999), (300, 1080), (1.0, 1.0), (0.0, 0.0))
@example((8, 8), (6, 6), (0.1, 1 / 3), (0.7, -0.1))
@example((19_997, 19_993), (7_993, 7_949), (0.1, 0.1), (0.0, 0.0))
def test_fitted_image_ends_at_an_edge_of_a_pixel_exactly(shape, window, element, corner):
    info = image_of(shape, element, corner)
    viewport = Viewport.covering(info.extent, window, info.anchor)
    assert ratios(info, viewport) == (Fraction(shape[1], window[1]), Fraction(shape[0], window[0]))
    assert pixels_shown(info, viewport, "mean") == window


@settings(deadline=None)
@given(elements, pixels, st.lists(st.integers(-20, 20), min_size=1, max_size=5), st.integers(1, 64))
def test_fitted_image_ends_at_an_edge_of_a_pixel_after_zooming_in_and_out(shape, window, steps, times):
    info = image_of(shape, (0.3, 0.7))
    viewport = Viewport.covering(info.extent, window, info.anchor)
    for step in steps:  # a notch of the wheel is a quarter of an octave
        viewport = viewport.zoomed(2 ** (step / 4))
    viewport = viewport.zoomed(2 ** (-sum(steps) / 4)).zoomed(times)
    assert ratios(info, viewport) == (Fraction(shape[1], window[1] * times), Fraction(shape[0], window[0] * times))


@settings(deadline=None, max_examples=50)
@given(st.floats(1e-6, 1e6), sizes, corners, elements)
@example(9.999999, (1.0, 1.0), (0.0, 0.0), (10, 10))
@example(3.000000000001, (1.0, 1.0), (0.0, 0.0), (10, 10))
@example(5e-308, (1.0, 1.0), (0.0, 0.0), (10, 10))
def test_width_of_a_pixel_is_as_defined(resolution, element, corner, shape):
    info = image_of(shape, element, corner)
    x0, x1, y0, y1 = info.extent
    x, y = ratios(info, Viewport((resolution, resolution), (0, 0), (1, 1), info.anchor))
    assert x == elements_per_pixel(resolution, x0, x1, shape[1])
    assert y == elements_per_pixel(resolution, y0, y1, shape[0])


@settings(deadline=None, max_examples=30)
@given(st.floats(0.01, 100.0), st.integers(-(10**9), 10**9), st.integers(1, 600), st.integers(1, 9))
@example(9.999999, 10**17, 40, 3)  # beyond what 64 bits hold
def test_neighbours_share_their_edge_to_the_bit(resolution, origin, count, beyond):
    info = image_of((4, 10**9))
    resolution = canonical(resolution)
    _, whole = spans_of(info, Viewport((resolution, 1.0), (origin, 0), (1, count + beyond)), "mean")
    for start, stop in ((0, count), (count, count + beyond)):
        _, part = spans_of(info, Viewport((resolution, 1.0), (origin + start, 0), (1, stop - start)), "mean")
        for name in ("first", "stop", "head", "tail"):
            np.testing.assert_array_equal(getattr(part, name), getattr(whole, name)[start:stop])


def line(bright=(), void=()):
    """Return 8 rows of 8 zeros.  The columns `bright` are 9, and the columns `void` have no value."""
    image = np.zeros((8, 8), np.float32)
    image[:, list(bright)] = 9
    image[:, list(void)] = np.nan
    return image


def test_extremes_come_from_no_element_beyond_the_edge_of_a_pixel():
    viewport = Viewport.covering((0, 8, 0, 8), shape=(6, 6))
    source = ArraySource(line(bright=[3]))
    assert source.render(viewport, None, "max")[0].tolist() == [0, 0, 9, 0, 0, 0]
    assert ArraySource(9 - line(bright=[3])).render(viewport, None, "min")[0].tolist() == [9, 9, 0, 9, 9, 9]
    assert source.render(viewport, None, "max").T[0].tolist() == [0] * 6


def test_elements_without_a_value_affect_no_pixel_beyond_their_edge():
    viewport = Viewport.covering((0, 8, 0, 8), shape=(6, 6))
    source = ArraySource(line(void=range(4, 8)) + 1)
    np.testing.assert_array_equal(source.render(viewport)[0], [1, 1, 1, np.nan, np.nan, np.nan])
    panned = source.render(viewport.panned(columns=1))
    np.testing.assert_array_equal(panned[0], [1, 1, np.nan, np.nan, np.nan, np.nan])


@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize(("size", "window"), [(400, 300), (1999, 1080), (97, 89), (64, 96)])
def test_every_column_is_as_defined(size, window, reduction):
    image = np.random.default_rng(size).permutation(size * 3).reshape(3, size).astype(np.float32)
    source = ArraySource(image, extent=(-0.7, -0.7 + 0.1 * size, 0.0, 3.0))
    viewport = Viewport.covering(source.info.extent, (3, window), source.info.anchor)
    shown = source.render(viewport, None, reduction)
    np.testing.assert_allclose(shown, expected(image, source.info, viewport, reduction), rtol=1e-6)
    edges = np.arange(window + 1) * size  # in elements times the pixels of the window
    if reduction == "max" and size > window:
        for k in range(window):
            inside = image[:, edges[k] // window : -(-edges[k + 1] // window)]
            np.testing.assert_array_equal(shown[:, k], inside.max(axis=1))


def test_image_ends_with_its_last_pixel():
    for size, window in ((8, 6), (400, 300), (1999, 1080), (7, 13)):
        info = image_of((size, size), (0.1, 0.1))
        viewport = Viewport.covering(info.extent, (window, window), info.anchor)
        for reduction in REDUCTIONS:
            assert part_shown(viewport.resized((window + 20, window + 20)), info, reduction) == viewport


def test_point_on_an_edge_belongs_to_the_element_shown_there():
    class Plain(ImageSource):  # a source that does not override `sample`
        def __init__(self, source):
            self._source, self.info = source, source.info

        info = None

        def render(self, viewport, plane=None, reduction="mean"):
            return self._source.render(viewport, plane, reduction)

    source = ArraySource(np.arange(60.0).reshape(2, 30))
    viewport = Viewport.covering((0, 30, 0, 2), (2, 45))
    shown = source.render(viewport)[0]
    points = [viewport.point_at(k + 0.5, 0.5) for k in range(45)]
    for asked in (source, Plain(source)):
        np.testing.assert_array_equal(asked.sample(points), shown)


def test_summary_of_a_viewport_reads_no_element_outside_it():
    source = ArraySource(np.arange(64.0).reshape(8, 8))
    for columns in range(1, 6):
        viewport = Viewport(Viewport.covering((0, 8, 0, 8), (6, 6)).resolution, (0, 0), (6, 3 * columns))
        summary = source.summarize(viewport.extent, exact=True)
        assert summary.maximum == 56 + min(4 * columns, 8) - 1


def test_edges_of_usual_images_are_computed_in_64_bits():
    info = image_of((10**6, 10**6))
    for resolution in (canonical(10**6 / 1919), canonical(2**0.25), canonical(10.1), canonical(2**-7.75)):
        viewport = Viewport((resolution, 1.0), (0, 0), (1, TILE))
        last = 2 * pixels_shown(info, viewport, "mean")[1] + TILE
        assert last * ratios(info, viewport)[0].numerator < 2**62
