"""Labels are never hidden, and have the colours that are theirs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from traitsview.color.catalogue import colormap
from traitsview.color.colormap import Colormap
from traitsview.color.indexing import CURVE, Indexing
from traitsview.color.look import Look
from traitsview.color.shading import Shading
from traitsview.errors import RequestError
from traitsview.sources.summary import summary_of

TAB10 = colormap("tab10")
ROCKS = Colormap.from_colors(
    "rocks",
    [(1, 0, 0, 1), (0, 1, 0, 1), (0, 0, 1, 1)],
    flat=True,
    values=(20.0, 3.0, 7.5),
    labels=("granite", "basalt", "slate"),
)
NOTHING = summary_of(np.empty(0), exact=True)


def shown(values, chosen, scale="labels", **options):
    return Shading((0, 1), chosen, scale, **options).rgba(np.atleast_2d(np.asarray(values)))[0]


@pytest.mark.parametrize("dtype", ["u1", "i2", "u4", "i8", "f4", "f8"])
def test_label_k_has_colour_k_modulo_their_count(dtype):
    values = np.arange(123).astype(dtype)
    colors = (TAB10.lut(10) * 255).astype(np.uint8)
    np.testing.assert_array_equal(shown(values, TAB10), colors[np.arange(123) % 10])


def test_large_and_negative_labels_have_colours_as_well():
    values = np.array([-1.0, -10.0, 70_003.0, 2.0**40 + 5, -(2.0**31)])
    colors = (TAB10.lut(10) * 255).astype(np.uint8)
    np.testing.assert_array_equal(shown(values, TAB10), colors[[9, 0, 3, (2**40 + 5) % 10, 2]])


def test_no_label_is_transparent():
    colors = TAB10.lut(10)
    colors[[0, 4], 3] = 0
    holed = Colormap.from_colors("holed", colors, flat=True)
    pixels = shown(np.arange(1000), holed)
    assert (pixels[:, 3] == 255).all()
    assert len(np.unique(pixels, axis=0)) == 8


def test_0_is_transparent_if_that_is_asked_for():
    pixels = shown(np.arange(30), TAB10, "labels0")
    assert pixels[0].tolist() == [0, 0, 0, 0]
    assert (pixels[1:, 3] == 255).all()
    np.testing.assert_array_equal(pixels[1:], shown(np.arange(30), TAB10)[1:])


def test_what_is_no_number_has_the_bad_colour():
    marked = replace(TAB10, bad=(1, 0, 1, 1))
    assert shown([np.nan, np.inf, -np.inf], marked).tolist() == [[255, 0, 255, 255]] * 3


def test_values_that_a_file_lists_have_its_colours():
    pixels = shown([3, 7.5, 20, 4, 1e9, np.nan], ROCKS)
    grey = [127, 127, 127, 255]
    assert pixels.tolist() == [[0, 255, 0, 255], [0, 0, 255, 255], [255, 0, 0, 255], grey, grey, [0, 0, 0, 0]]


@pytest.mark.parametrize("listed", [(20.0, 3.0, 7.5), (1.0, 2.0, 3.0), (-5.5, 0.0, 1e9)])
@pytest.mark.parametrize("dtype", ["i4", "f4", "f8"])
def test_a_value_that_a_file_does_not_list_has_the_bad_colour(listed, dtype):
    outside = {"under": (1, 1, 1, 1), "over": (0, 0, 0, 1)}
    others = np.array([-1e6, 4, 1000, 2.0**30]).astype(dtype)
    chosen = replace(ROCKS, values=listed, bad=(0, 1, 1, 1), **outside)
    assert shown(others, chosen).tolist() == [[0, 255, 255, 255]] * 4
    assert shown(others, replace(chosen, bad=None)).tolist() == [[127, 127, 127, 255]] * 4


def test_under_and_over_mean_nothing_under_labels():
    values = np.array([-3.0, 0, 1, 3, 7.5, 20, 1e9, np.inf])
    for chosen in (ROCKS, TAB10):
        marked = replace(chosen, under=(1, 1, 1, 1), over=(0, 0, 0, 1))
        np.testing.assert_array_equal(shown(values, marked), shown(values, chosen))


@pytest.mark.parametrize("dtype", ["f4", "f8"])
def test_values_that_a_file_lists_are_found_in_the_precision_of_the_image(dtype):
    chosen = replace(ROCKS, values=(0.1, 0.7, 1e9 + 1))
    pixels = shown(np.array([0.1, 0.7, 1e9 + 1, 0.2], dtype), chosen)
    assert pixels[:, :3].tolist() == [[255, 0, 0], [0, 255, 0], [0, 0, 255], [127] * 3]


def test_a_list_of_values_is_used_unless_another_scale_is_chosen():
    assert Shading.of(NOTHING, Look(ROCKS, (0, 1))).scale == "labels"
    assert Shading.of(NOTHING, Look(ROCKS, (0, 1), "log")).scale == "log"
    assert Shading.of(NOTHING, Look(TAB10, (0, 1))).scale == "linear"


@pytest.mark.parametrize("scale", ["labels", "labels0"])
@pytest.mark.parametrize("chosen", [TAB10, ROCKS, colormap("viridis")], ids=lambda chosen: chosen.name)
def test_indices_of_labels_come_back(scale, chosen):
    shading = Shading((0, 1), chosen, scale)
    values = np.array([[0, 1, 3, 7.5, 20, 12345, np.nan]], np.float32)
    indices = shading.indexing.indices(values)
    back = shading.indexing.values(indices)
    np.testing.assert_array_equal(
        shading.indexing.indices(back)[indices < shading.size], indices[indices < shading.size]
    )
    marks = np.arange(shading.size, shading.size + 3)
    assert shading.indexing.values(marks)[2] != shading.indexing.values(marks)[2]


@pytest.mark.parametrize("values", [(20.0, 3.0, 7.5), (0.0, 1.0, 2.0), (-1e300, 0.0, 1e300)])
def test_indices_of_labels_that_a_file_does_not_list_have_their_colour(values):
    shading = Shading((0, 1), replace(ROCKS, values=values), "labels")
    numbers = np.array([[*values, 4.0, -1.0, 1e9, 5.5, np.nan]])
    stand_ins = shading.indexing.values(shading.indexing.indices(numbers))
    np.testing.assert_array_equal(shading.argb(stand_ins), shading.argb(numbers))


def test_more_colours_than_a_table_has():
    many = Colormap.from_colors("many", np.random.default_rng(0).random((70_000, 4)), flat=True)
    for scale in ("labels", "linear"):
        shading = Shading((0, 1), many, scale)
        assert shading.size == 65_000
        assert shown([0.0, 1.0], many, scale).shape == (2, 4)


def test_the_colour_bar_shows_a_bin_for_each_label():
    shading = Shading((0, 1), ROCKS, "labels")
    np.testing.assert_allclose(shading.fraction_of([3, 7.5, 20]), [1 / 6, 3 / 6, 5 / 6])
    assert np.isnan(shading.fraction_of([4.0, np.inf, np.nan])).all()
    assert shading.value_at([0.1, 0.5, 0.9]).tolist() == [3, 7.5, 20]


def test_contrast_changes_no_label():
    plain = shown(np.arange(50), TAB10)
    np.testing.assert_array_equal(shown(np.arange(50), TAB10, contrast=5.0, bias=0.1), plain)


def test_as_many_values_as_colours():
    with pytest.raises(RequestError, match="3 values"):
        Indexing((0.0, 1.0), "labels", 5, curve=(1.0, 2.0, 3.0))


@pytest.mark.parametrize("count", [CURVE, CURVE + 1, 16_384])
@pytest.mark.parametrize("dtype", ["i4", "f8"])
def test_a_long_list_of_values_is_a_list_as_well(count, dtype):
    random = np.random.default_rng(0)
    values = random.choice(700_000_000, count, replace=False)  # atlases number their regions like that
    colors = np.column_stack([random.integers(0, 256, (count, 3)) / 255, np.ones(count)])
    atlas = Colormap.from_colors("atlas", colors, flat=True, values=tuple(map(float, values)))
    at = random.integers(0, count, 500)
    np.testing.assert_array_equal(shown(values[at].astype(dtype), atlas), np.rint(colors[at] * 255).astype(np.uint8))
    assert shown(np.array([700_000_000, -3], dtype), atlas).tolist() == [[127, 127, 127, 255]] * 2
    assert Shading((0, 1), atlas, "labels").indexing.portable == (count <= CURVE)


def test_only_as_many_points_as_a_scale_has_use_for():
    with pytest.raises(RequestError, match="at most 1025"):
        Indexing((0.0, 1.0), "histogram", curve=tuple(np.linspace(0, 1, CURVE + 1)))
    with pytest.raises(RequestError, match="at most 65000"):
        Indexing((0.0, 1.0), "labels", curve=tuple(map(float, range(65_001))))
