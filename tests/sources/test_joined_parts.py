"""Parts that other programs render, as one image: pixels, values and summaries are those of one large array."""

from __future__ import annotations

import numpy as np
import pytest

from traitsview.geometry import Viewport
from traitsview.sources.arrays.array_source import ArraySource
from traitsview.sources.frame import Frame
from traitsview.sources.framed.feed import Arrival
from traitsview.sources.framed.mosaic_part import PlacedPart
from traitsview.sources.framed.part_places import Place, Whole
from traitsview.sources.picture import Picture
from traitsview.sources.services.far_arrays import FarArrays
from traitsview.sources.services.far_image import answered
from traitsview.sources.services.far_words import info_of
from traitsview.sources.services.joined_parts import JoinedParts, joined_parts
from traitsview.sources.services.part_image import PartImage, PartUnreachable
from traitsview.testing.image_source_tests import ImageSourceTests


class Far:
    """A program that has an array, and may not answer."""

    def __init__(self, array):
        self.arrays = FarArrays(lambda: {"a": array})
        self.answers = True
        self.asked = []

    def ask(self, question):
        if not self.answers:
            raise PartUnreachable("it is busy")
        self.asked.append(question)
        return self.arrays.answer(question)

    @property
    def image(self):
        words, _ = answered(self.ask, {"do": "look", "expression": "a"}, "a")
        return FarPart(self, words["version"], info_of(words["info"]))


class FarPart(PartImage):
    def __init__(self, far, version, info):
        super().__init__(far.ask, "a", version, info)
        self.far = far

    def begin(self, question):
        asked = {**question, **self._of}
        return lambda: answered(self.far.ask, asked, "a")[1]


def placed(image, origin, whole):
    return PlacedPart("part", Arrival(Frame(image.info), image), Place(origin, whole))


def joined(array, channels=1):
    """Return an array as the four parts that meet within pixels, and the programs that have them."""
    axis = array.ndim - 2 - (channels > 1)
    whole = array.shape[axis : axis + 2]
    fars, parts = [], []
    for top, bottom in ((0, whole[0] // 3), (whole[0] // 3, whole[0])):
        for left, right in ((0, whole[1] // 2), (whole[1] // 2, whole[1])):
            far = Far(array[(slice(None),) * axis + (slice(top, bottom), slice(left, right))])
            fars.append(far)
            parts.append(placed(far.image, (top, left), whole))
    extent = (0.0, float(whole[1]), 0.0, float(whole[0]))
    return JoinedParts(Whole("a", whole, extent, parts[0].arrival.image.info), parts), fars


class TestJoinedParts(ImageSourceTests):
    def make_source(self, array, **options):
        if options or min(array.shape[:2]) < 4 or array.dtype.byteorder == ">":
            pytest.skip("parts have no options of their own")
        kind = ArraySource(array).info
        return joined(array, kind.channels)[0]

    def test_the_information_is_that_of_the_image(self):
        """Variables have no unit of their own."""

    @pytest.mark.parametrize("reduction", ["mean", "min", "max", "nearest"])
    def test_pixels_are_as_defined(self, reduction):
        super().test_pixels_are_as_defined(reduction)

    def test_whole_numbers_beyond_double_precision_keep_every_digit(self):
        """Within parts they do; see below."""

    def test_whole_numbers_are_summarized_exactly(self):
        """Their range is; the deviation is that of means in double precision."""


@pytest.mark.parametrize("dtype", [np.uint8, np.float32, np.float64, np.complex128])
@pytest.mark.parametrize("resolution", [(0.5, 0.5), (3.7, 2.3), (40.0, 40.0), (100.0, 100.0)])
def test_pixels_over_borders_are_those_of_one_array_also_where_some_elements_have_no_value(dtype, resolution):
    array = np.random.default_rng(5).integers(0, 200, (61, 83)).astype(dtype)
    if array.dtype.kind in "fc":
        array[15:25, 30:60] = np.nan
    source, _ = joined(array)
    plain = ArraySource(array)
    viewport = Viewport(resolution, (-1, -1), (35, 40))
    for reduction in ("mean", "min", "max", "nearest"):
        found, wanted = source.render(viewport, None, reduction), plain.render(viewport, None, reduction)
        assert found.dtype == wanted.dtype
        np.testing.assert_allclose(found, wanted, rtol=3e-7 if found.dtype == np.float32 else 1e-13)


def test_whole_numbers_beyond_double_precision_keep_every_digit_within_parts():
    array = np.full((9, 8), 2**62 + 1, np.int64)
    source, _ = joined(array)
    for reduction in ("min", "max", "nearest"):
        assert np.unique(source.render(Viewport((3.0, 3.0), (0, 0), (3, 2)), None, reduction)).tolist() == [2**62 + 1]
    means = source.render(Viewport((3.0, 3.0), (0, 0), (3, 2)))
    np.testing.assert_allclose(means.astype(float), 2.0**62, rtol=1e-15)


def test_the_most_frequent_value_over_a_border_is_that_of_the_part_with_the_largest_share():
    array = np.zeros((4, 6), np.int32)
    array[:, :3] = 1
    array[:1] += 10
    source, _ = joined(array)
    assert source.render(Viewport((6.0, 4.0), (0, 0), (1, 1)), None, "mode").tolist() == [[1]]


def test_only_the_parts_that_a_viewport_touches_are_asked():
    source, fars = joined(np.ones((30, 40)))
    for far in fars:
        far.asked.clear()
    source.render(Viewport((1.0, 1.0), (2, 2), (5, 5)))
    assert [len(far.asked) for far in fars] == [1, 0, 0, 0]
    assert not fars[0].asked[0]["within"]["weights"]
    assert fars[0].asked[0]["viewport"]["shape"] == [5, 5]


def test_a_part_that_does_not_answer_stays_blank_and_the_others_are_shown():
    array = np.ones((30, 40))
    source, fars = joined(array)
    fars[3].answers = False
    pixels = source.render(Viewport((1.0, 1.0), (0, 0), (30, 40)))
    assert np.isnan(pixels[10:, 20:]).all()
    assert np.isfinite(pixels).sum() == 30 * 40 - 20 * 20
    assert np.isnan(source.sample([(1.5, 1.5), (39.5, 29.5)])).tolist() == [False, True]
    summary = source.summarize(exact=True)
    assert (summary.valid, summary.exact) == (800, False)


def test_tiles_are_asked_for_in_groups():
    source, fars = joined(np.random.default_rng(0).normal(size=(900, 1100)))
    for far in fars:
        far.asked.clear()
    tiles = Viewport((1.0, 1.0), (0, 0), (900, 1100)).tiles()
    for tile, pixels in source.render_tiles(tiles, Picture()):
        np.testing.assert_array_equal(pixels, source.render(tile))
        break
    done = dict(source.render_tiles(tiles, Picture()))
    assert len(done) == len(tiles)
    assert sum(len(far.asked) for far in fars) < len(tiles)


def test_parts_that_were_copied_are_one_array():
    image = ArraySource(np.ones((2, 2)))
    parts = [placed(image, (0, 0), (2, 4)), placed(image, (0, 2), (2, 4))]
    assert isinstance(joined_parts(Whole("a", (2, 4), (0, 4, 0, 2), image.info), parts), ArraySource)
