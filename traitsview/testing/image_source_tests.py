"""The behaviour of every image source as tests: inherit them and say how to make the source.

::

    class TestMySource(ImageSourceTests):
        def make_source(self, array, **options):
            return MySource(array, **options)

`options` are options of `ArraySource` about the image: ``name``, ``extent``, ``origin``, ``unit``, ``axes``
and ``world``.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from ..errors import RequestError
from ..geometry import Viewport
from ..sources.image_source import ImageSource
from ..sources.picture import REDUCTIONS, Picture
from ..sources.questions.curves import Curves
from ..sources.questions.question import Question, Renderer, whole
from ..sources.questions.sample import Sample
from ..sources.questions.summarize import Summarize
from ..sources.questions.world import World
from .example_arrays import VIEWPORTS, assert_shows, example_array, example_whole_numbers
from .reference import expected

__all__ = ["ImageSourceTests"]

DTYPES = ("u1", "i1", "u2", "i2", "u4", "i4", "u8", "i8", "f2", "f4", "f8", "g", "c8", "c16", "G", "?")


class _Corner(Question[np.ndarray]):
    """A question of a kind that no source knows: what does the corner of the image look like?"""

    viewport = Viewport((2.0, 2.0), (0, 0), (5, 6))

    def answers(self, source: Renderer, picture: Picture, stale: Callable[[], bool]) -> Iterator[np.ndarray]:
        yield source.render(self.viewport, picture.plane, picture.reduction)


class ImageSourceTests:
    """The behaviour of an image source, as tests."""

    def make_source(self, array: np.ndarray, **options: Any) -> ImageSource:
        """Return a source that shows `array`."""
        raise NotImplementedError

    @pytest.mark.parametrize("reduction", REDUCTIONS)
    def test_pixels_are_as_defined(self, reduction: str) -> None:
        array = example_array()
        with self.make_source(array) as source:
            for viewport in VIEWPORTS:
                wanted = expected(array, source.info, viewport, reduction)
                assert_shows(source.render(viewport, None, reduction), wanted)

    @pytest.mark.parametrize("dtype", DTYPES)
    def test_elements_of_every_dtype_are_shown(self, dtype: str) -> None:
        array = example_array(dtype)
        with self.make_source(array) as source:
            assert np.dtype(source.info.dtype) == np.dtype(dtype)
            for viewport in VIEWPORTS[2:4]:
                for reduction in ("mean", "max"):
                    pixels = source.render(viewport, None, reduction)
                    assert pixels.dtype == source.info.pixel_dtype
                    assert pixels.itemsize <= source.info.pixel_bytes
                    assert_shows(pixels, expected(array, source.info, viewport, reduction))

    @pytest.mark.parametrize("dtype", [">f4", ">f8", ">i2", ">u4"])
    def test_the_other_byte_order_is_shown(self, dtype: str) -> None:
        array = example_array(dtype)
        with self.make_source(array) as source:
            for reduction in REDUCTIONS:
                pixels = source.render(VIEWPORTS[2], None, reduction)
                assert_shows(pixels, expected(array, source.info, VIEWPORTS[2], reduction))

    @pytest.mark.parametrize(("dtype", "close"), [("i8", True), ("u8", False), (">i8", False)])
    def test_whole_numbers_beyond_double_precision_keep_every_digit(self, dtype: str, close: bool) -> None:
        array = example_whole_numbers(dtype, close)
        with self.make_source(array) as source:
            for viewport in VIEWPORTS[1:5]:
                for reduction in REDUCTIONS:
                    pixels = source.render(viewport, None, reduction)
                    wanted = expected(array, source.info, viewport, reduction)
                    if reduction == "mean" and max(viewport.resolution) > 1:
                        assert_shows(pixels, wanted)
                        assert not close or np.nanmax(np.abs(pixels - wanted)) <= 1
                    else:
                        np.testing.assert_array_equal(pixels, wanted)

    @pytest.mark.parametrize("reduction", REDUCTIONS)
    def test_tiles_of_whole_numbers_show_what_the_whole_shows(self, reduction: str) -> None:
        array = example_whole_numbers("i8")
        array[:16] = 5  # tiles that float64 holds, beside others
        with self.make_source(array) as source:
            viewport = Viewport((1.3, 1.7), (-3, -2), (22, 37))
            whole = source.render(viewport, None, reduction)
            for tile, pixels in source.render_tiles(viewport.tiles(8), Picture(reduction=reduction)):
                here, there = viewport.overlap(tile), tile.overlap(viewport)
                np.testing.assert_array_equal(whole[here], pixels[there])

    @pytest.mark.parametrize(("dtype", "close"), [("i8", True), ("u8", False)])
    def test_whole_numbers_are_summarized_exactly(self, dtype: str, close: bool) -> None:
        array = example_whole_numbers(dtype, close)
        values = sorted(int(value) for value in array.flat)
        size = max(abs(values[0]), abs(values[-1]))
        with self.make_source(array) as source:
            for exact in (False, True):
                summary = source.summarize(exact=exact)
                assert (summary.minimum, summary.maximum) == (values[0], values[-1])
                assert sorted(int(value) for value in summary.sample) == values
                assert summary.percentiles(0, 100) == (values[0], values[-1])
                assert summary.mean == pytest.approx(sum(values) / len(values), abs=size * 1e-15)
                spread = np.array([value - values[0] for value in values], np.float64)
                assert summary.std == pytest.approx(float(spread.std()), rel=1e-9)

    @pytest.mark.parametrize("channels", [3, 4])
    def test_colours_are_reduced_one_by_one(self, channels: int) -> None:
        array = example_array("u1", (31, 43, channels))
        with self.make_source(array) as source:
            assert source.info.kind == {3: "rgb", 4: "rgba"}[channels]
            assert source.info.shape == (31, 43)
            for viewport in VIEWPORTS[:5]:
                pixels = source.render(viewport)
                assert pixels.shape == (*viewport.shape, channels)
                assert_shows(pixels, expected(array, source.info, viewport))

    def test_the_extent_places_the_image(self) -> None:
        array = example_array("f8")
        with self.make_source(array, extent=(100.0, 104.3, -5.0, 10.5)) as source:
            assert source.info.extent == (100.0, 104.3, -5.0, 10.5)
            anchor = (100.0, -5.0)
            for resolution in ((0.1, 0.5), (0.234, 1.7), (0.05, 3.0)):
                viewport = Viewport(resolution, (-1, -1), (12, 20), anchor)
                for reduction in ("mean", "max"):
                    assert_shows(
                        source.render(viewport, None, reduction), expected(array, source.info, viewport, reduction)
                    )

    def test_large_offsets_keep_their_precision(self) -> None:
        array = 1e9 + np.random.default_rng(3).random((40, 50))
        with self.make_source(array, extent=(1e9, 1e9 + 50, -1e9, -1e9 + 40)) as source:
            viewport = Viewport((3.3, 2.7), (1, 2), (8, 9), (1e9, -1e9))
            assert_shows(source.render(viewport), expected(array, source.info, viewport))

    def test_planes_are_shown_one_at_a_time(self) -> None:
        array = example_array("i4", (2, 3, 31, 43))
        with self.make_source(array) as source:
            assert [axis.size for axis in source.info.planes] == [2, 3]
            viewport = VIEWPORTS[2]
            for plane in ((0, 0), (1, 2)):
                assert_shows(source.render(viewport, plane), expected(array[plane], source.info, viewport))
            np.testing.assert_array_equal(source.render(viewport), source.render(viewport, (0, 0)))

    def test_the_information_is_that_of_the_image(self) -> None:
        with self.make_source(
            example_array("u2"), name="moon", unit="Jy", origin="lower", axes=("dec", "ra")
        ) as source:
            info = source.info
            assert (info.name, info.unit, info.origin, info.kind) == ("moon", "Jy", "lower", "scalar")
            assert [(axis.name, axis.size) for axis in info.axes] == [("dec", 31), ("ra", 43)]
            assert info.shape == (31, 43)
            assert info.extent == (0.0, 43.0, 0.0, 31.0)

    def test_there_is_nothing_outside(self) -> None:
        with self.make_source(np.ones((5, 6))) as source:
            for viewport in (Viewport((1.0, 1.0), (6, 0), (3, 3)), Viewport((2.5, 0.5), (0, -40), (4, 3))):
                assert np.isnan(source.render(viewport)).all()
            seen = source.render(Viewport((1.0, 1.0), (-1, -1), (7, 8)))
            assert np.isfinite(seen).sum() == 30

    @pytest.mark.parametrize("resolution", [(1.0, 1.0), (2.3, 1.9), (0.37, 0.6)])
    def test_panning_keeps_the_pixels_that_stay(self, resolution: tuple[float, float]) -> None:
        with self.make_source(example_array("f8")) as source:
            viewport = Viewport(resolution, (2, 1), (12, 14))
            before = source.render(viewport)
            after = source.render(viewport.panned(3, -2))
            np.testing.assert_array_equal(before[:10, 3:], after[2:, :11])

    @pytest.mark.parametrize("reduction", REDUCTIONS)
    def test_tiles_show_what_the_whole_shows(self, reduction: str) -> None:
        with self.make_source(example_array("f8")) as source:
            viewport = Viewport((1.3, 1.7), (-3, -2), (22, 37))
            whole = source.render(viewport, None, reduction)
            tiles = viewport.tiles(8)
            seen = dict(source.render_tiles(tiles, Picture(reduction=reduction)))
            assert set(seen) == set(tiles)
            for tile, pixels in seen.items():
                here, there = viewport.overlap(tile), tile.overlap(viewport)
                np.testing.assert_array_equal(whole[here], pixels[there])
                assert pixels.shape == tile.shape
                assert pixels.flags.c_contiguous

    def test_tiles_that_are_stale_are_left_undone(self) -> None:
        with self.make_source(example_array()) as source:
            tiles = Viewport((1.0, 1.0), (0, 0), (31, 43)).tiles(8)
            assert not list(source.render_tiles(tiles, stale=lambda: True))
            assert not list(source.render_tiles(()))

    def test_a_consumer_may_stop_early(self) -> None:
        with self.make_source(example_array()) as source:
            tiles = source.render_tiles(Viewport((1.0, 1.0), (0, 0), (31, 43)).tiles(8))
            next(tiles)
            tiles.close()  # type: ignore[attr-defined]
            assert source.render(VIEWPORTS[0]).shape == VIEWPORTS[0].shape

    def test_pixels_are_a_plain_array_of_the_callers_own(self) -> None:
        with self.make_source(example_array()) as source:
            for viewport in VIEWPORTS:
                pixels = source.render(viewport)
                assert type(pixels) is np.ndarray
                assert pixels.shape == viewport.shape
                assert pixels.dtype == source.info.pixel_dtype
                assert pixels.flags.c_contiguous
                assert pixels.flags.writeable
                pixels[:] = 0
            again = source.render(VIEWPORTS[0])
            assert_shows(again, expected(example_array(), source.info, VIEWPORTS[0]))

    def test_what_makes_no_sense_is_refused(self) -> None:
        with self.make_source(example_array("f4", (2, 31, 43))) as source:
            viewport = VIEWPORTS[0]
            wrong: tuple[tuple[Any, ...], ...] = (
                (viewport, None, "median"),
                (viewport, (2,)),
                (viewport, (-1,)),
                (viewport, (0, 0)),
                (viewport, (0.5,)),
                (Viewport((1.0, 1.0), (0, 0), (2, 2), (0.5, 0.0)), None),
            )
            for grid, plane, *reduction in wrong:
                with pytest.raises(RequestError):
                    source.render(grid, plane, *reduction)
                with pytest.raises(RequestError):
                    list(source.render_tiles([grid], Picture(plane or (), *reduction)))
            for plane in ((2,), (-1,), (0, 0), (0.5,)):
                with pytest.raises(RequestError):
                    source.sample([(1.0, 1.0)], plane)  # type: ignore[arg-type]
                with pytest.raises(RequestError):
                    source.summarize(None, plane)  # type: ignore[arg-type]
            for extent in ((0.0, float("nan"), 0.0, 1.0), (1.0, 0.0, 0.0, 1.0), (0.0, 1.0)):
                with pytest.raises(RequestError):
                    source.summarize(extent)  # type: ignore[arg-type]

    def test_samples_are_the_stored_values(self) -> None:
        array = np.arange(31 * 43, dtype=np.int64).reshape(31, 43) + 2**60
        with self.make_source(array) as source:
            found = source.sample([(0.0, 0.0), (42.99, 30.5), (10.5, 4.5)])
            assert found.tolist() == [2**60, int(array[30, 42]), int(array[4, 10])]
            assert found.dtype == np.int64
            outside = source.sample([(-0.1, 3.0), (1.0, 1.0), (43.0, 2.0), (2.0, 31.0)])
            assert outside.dtype == np.longdouble
            assert np.isnan(outside).tolist() == [True, False, True, True]
            assert outside[1] == array[1, 1]
            assert len(source.sample([])) == 0

    def test_samples_of_long_doubles_are_no_doubles(self) -> None:
        array = np.arange(31 * 43, dtype=np.longdouble).reshape(31, 43) / 3
        with self.make_source(array) as source:
            (found,) = source.sample([(1.0, 0.0)])
            assert abs(found - array[0, 1]) <= 2.0**-100

    def test_samples_that_double_precision_holds_are_in_it_where_some_are_missing(self) -> None:
        with self.make_source(np.arange(31 * 43, dtype=np.int64).reshape(31, 43)) as source:
            found = source.sample([(-0.1, 3.0), (1.0, 1.0)])
            assert found.dtype == np.float64
            np.testing.assert_array_equal(found, [np.nan, 44.0])

    def test_samples_are_taken_from_the_plane_asked_for(self) -> None:
        array = example_array("u1", (2, 31, 43, 3))
        with self.make_source(array) as source:
            assert source.sample([(5.5, 7.5)], (1,)).tolist() == [array[1, 7, 5].tolist()]
            with pytest.raises(RequestError):
                source.sample([(1.0, 1.0)], (2,))

    def test_a_small_image_is_summarized_exactly(self) -> None:
        array = example_array("f8")
        finite = array[np.isfinite(array)]
        with self.make_source(array) as source:
            for exact in (False, True):
                summary = source.summarize(exact=exact)
                assert (summary.count, summary.valid, summary.exact) == (array.size, finite.size, True)
                assert (summary.minimum, summary.maximum) == (finite.min(), finite.max())
                assert summary.mean == pytest.approx(finite.mean(), rel=1e-12)
                assert summary.std == pytest.approx(finite.std(), rel=1e-9)
                np.testing.assert_array_equal(np.sort(summary.sample), np.sort(finite))
                assert not summary.sample.flags.writeable

    def test_part_of_an_image_is_summarized(self) -> None:
        array = np.arange(31.0 * 43).reshape(31, 43)
        with self.make_source(array) as source:
            summary = source.summarize((10.0, 20.0, 5.0, 8.0))
            part = array[5:8, 10:20]
            assert (summary.count, summary.minimum, summary.maximum) == (30, part.min(), part.max())

    def test_an_image_of_nan_alone_is_shown_and_summarized(self) -> None:
        with self.make_source(np.full((20, 30), np.nan, np.float32)) as source:
            for reduction in REDUCTIONS:
                assert np.isnan(source.render(VIEWPORTS[1], None, reduction)).all()
            summary = source.summarize(exact=True)
            assert (summary.count, summary.valid) == (600, 0)
            assert np.isnan([summary.minimum, summary.maximum, summary.mean, summary.std]).all()
            assert summary.sample.size == 0

    def test_world_coordinates_are_of_planes_that_there_are(self) -> None:
        with self.make_source(np.zeros((2, 5, 6), np.float32)) as source:
            assert source.world([(1.0, 2.0)], (1,)) == ("",)
            with pytest.raises(RequestError):
                source.world([(1.0, 2.0)], (2,))

    def test_world_coordinates_are_one_text_for_each_point(self) -> None:
        with self.make_source(example_array()) as source:
            assert source.world([(1.0, 2.0), (3.0, 4.0)]) == ("", "")
            assert source.world([]) == ()

    def test_methods_return_the_whole_answer_to_their_question(self) -> None:
        points = ((0.5, 0.5), (10.5, 4.5))
        with self.make_source(example_array("f4", (2, 31, 43))) as source:
            of = Picture((1,))
            *_, sampled = source.examine(Sample(points), of)
            np.testing.assert_array_equal(sampled, source.sample(points, (1,)))
            *_, told = source.examine(World(points), of)
            assert told == source.world(points, (1,))
            *_, found = source.examine(Summarize((2.0, 9.0, 1.0, 8.0), exact=True), of)
            wanted = source.summarize((2.0, 9.0, 1.0, 8.0), (1,), exact=True)
            assert (found.count, found.minimum, found.mean) == (wanted.count, wanted.minimum, wanted.mean)
            np.testing.assert_array_equal(found.sample, wanted.sample)

    @pytest.mark.parametrize("exact", [False, True])
    def test_a_summary_that_is_stale_is_left_undone(self, exact: bool) -> None:
        with self.make_source(example_array()) as source:
            assert not list(source.examine(Summarize(exact=exact), stale=lambda: True))

    def test_any_question_is_answered_from_pixels(self) -> None:
        with self.make_source(example_array("f4", (2, 31, 43))) as source:
            (corner,) = source.examine(_Corner(), Picture((1,), "max"))
            np.testing.assert_array_equal(corner, source.render(_Corner.viewport, (1,), "max"))
            with pytest.raises(RequestError):
                list(source.examine(_Corner(), Picture((2,))))

    def test_rows_are_curves_with_the_extremes_of_each_column(self) -> None:
        array = example_array("f4", (31, 403))
        with self.make_source(array) as source:
            few = whole(source.examine(Curves(source.info.extent, 403)))
            many = whole(source.examine(Curves(source.info.extent, 31)))
            assert few.rows == many.rows == tuple(range(31))
            np.testing.assert_array_equal(few.low, array)
            assert few.single
            assert len(many.x) <= 32
            x0, x1 = source.info.extent[:2]
            edges = (np.arange(len(many.x) + 1) * (many.x[1] - many.x[0]) / (x1 - x0)) * 403
            for k, (first, last) in enumerate(pairwise(edges)):
                inside = array[:, math.floor(first + 1e-6) : math.ceil(last - 1e-6)]
                np.testing.assert_array_equal(many.low[:, k], np.fmin.reduce(inside, 1))
                np.testing.assert_array_equal(many.high[:, k], np.fmax.reduce(inside, 1))

    def test_the_newest_frame_has_the_facts_of_the_image(self) -> None:
        with self.make_source(example_array("f4", (3, 31, 43))) as source:
            assert source.frame.info == source.info
            assert source.frame.version == source.info.version

    def test_an_image_that_does_not_change_is_not_waited_for(self) -> None:
        with self.make_source(example_array()) as source:
            done = threading.Event()
            waiter = threading.Thread(target=lambda: (source.wait_newer(source.info.version, 60.0), done.set()))
            waiter.start()
            assert done.wait(30.0)
            waiter.join()

    def test_many_threads_may_ask_at_once(self) -> None:
        array = example_array("f8")
        with self.make_source(array) as source, ThreadPoolExecutor(6) as threads:
            asked = [viewport.panned(k, -k) for viewport in VIEWPORTS[:5] for k in range(3)]
            alone = [source.render(viewport) for viewport in asked]
            for pixels, wanted in zip(threads.map(source.render, asked), alone, strict=True):
                np.testing.assert_array_equal(pixels, wanted)
