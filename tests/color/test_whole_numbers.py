"""Whole numbers beyond 2**53 have the colours, limits and histograms that smaller ones have."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from traitsview.color.catalogue import colormap
from traitsview.color.histogram import histogram_of
from traitsview.color.indexing import EXTRA, Indexing
from traitsview.color.limits import limits_of, parse_limits
from traitsview.color.look import Look
from traitsview.color.scales import SCALES, check_scale
from traitsview.color.shading import Shading
from traitsview.sources.summary import summary_of
from traitsview.whole_numbers import BEYOND

#: Scales for which it counts what values are, not only where they lie between the limits.
OF_VALUES = ("labels", "labels0", "symlog", "hinge", "log10")

BASES = [2**60, -(2**62) - 7, 2**63 + 3, 2**53 - 20]
RULES = ["minmax", "99.5%", "98%", "zscale", "3sigma", "1% 99%"]
whole = st.integers(-(2**63), 2**63 - 1)


def small():
    """Return whole numbers of which the least is 0."""
    values = np.random.default_rng(5).poisson(30, (50, 60)).astype(np.float64)
    return values - values.min()


def large(base):
    """Return the same, counted from `base`."""
    return small().astype(np.longdouble) + base


def shading_of(values, limits="minmax", scale="linear"):
    return Shading.of(summary_of(values, exact=True), Look(colormap("viridis"), limits, scale))


@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize("rule", RULES)
def test_limits_are_those_of_smaller_ones_counted_from_there(base, rule):
    lo, hi = limits_of(rule, summary_of(small(), exact=True))
    found = limits_of(rule, summary_of(large(base), exact=True))
    assert found[0] < found[1]
    for limit, distance in zip(found, (lo, hi), strict=True):
        assert abs(Fraction(limit) - base - Fraction(distance)) < 1
        assert type(limit) is (int if abs(limit) >= BEYOND else float)


@pytest.mark.parametrize("base", BASES)
def test_the_logarithm_of_numbers_that_are_far_from_0_and_close_to_each_other_is_linear(base):
    wanted = shading_of(small(), scale="linear").rgba(small()).astype(int)
    found = shading_of(large(base), scale="log10").rgba(large(base)).astype(int)
    assert np.abs(found - wanted).max() <= 3  # a colour, where the logarithm bends by less


@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize("scale", [name for name in SCALES if name not in OF_VALUES])
def test_colours_are_those_of_smaller_ones(base, scale):
    wanted = shading_of(small(), scale=scale).argb(small())
    np.testing.assert_array_equal(shading_of(large(base), scale=scale).argb(large(base)), wanted)


def test_a_hinge_may_be_a_whole_number():
    spec = check_scale(f"hinge:{2**60 + 7}")
    assert spec == f"hinge:{2**60 + 7}"
    wanted = shading_of(small(), scale="hinge:7").argb(small())
    np.testing.assert_array_equal(shading_of(large(2**60), scale=spec).argb(large(2**60)), wanted)


@pytest.mark.parametrize("dtype", [np.int64, np.uint64, np.longdouble])
@pytest.mark.parametrize("scale", ["labels", "labels0"])
def test_each_label_has_its_colour(scale, dtype):
    labels = (2**60 + np.arange(40) // 10).astype(dtype)[None]
    shading = Shading((0, 1), colormap("glasbey:glasbey"), scale)
    colors = shading.argb(labels)[0]
    assert len(np.unique(colors)) == 4
    assert (colors.reshape(4, 10) == colors[::10, None]).all()
    n = shading.size
    counted = [int(label) % n for label in labels[0]]
    assert shading.indices(labels)[0].tolist() == counted


def test_of_labels_zero_alone_is_none():
    labels = np.array([[0, 2**60, 2**63 + 1]], np.uint64)
    assert Indexing((0, 1), "labels0", 16).indices(labels)[0].tolist() == [16 + 2, 0, 1]


@settings(deadline=None, max_examples=60)
@given(whole, st.integers(1, 2**64), st.integers(2, 300), st.lists(whole, min_size=1, max_size=20), st.booleans())
def test_values_are_placed_as_defined(lo, span, size, values, close):
    hi = min(lo + span, 2**64)
    if close:  # to the limits
        values = [lo + value % 1000 - 500 for value in values] + [hi - 1, hi, hi + 1]
        values = [value for value in values if value < 2**64]
    indexing = Indexing((lo, hi), "linear", size, marked=True)
    rows = []
    for value in values:
        t = float(Fraction(value - lo)) / float(Fraction(hi - lo))
        rows.append(size if value < lo else size + 1 if value > hi else min(int(t * size), size - 1))
    pixels = np.array([values], np.longdouble)
    found = indexing.indices(pixels)
    assert found[0].tolist() == rows
    # What comes as indices is shown in the same colours.
    np.testing.assert_array_equal(indexing.indices(indexing.values(found)), found)


@settings(deadline=None, max_examples=40)
@given(st.integers(-(2**62), 2**62), st.integers(2**10, 2**62), st.integers(2, 300), st.sampled_from(["linear", "log"]))
def test_a_number_has_one_colour_whatever_it_lies_among(lo, span, size, scale):
    """Tiles that float64 holds come in float64, and their neighbours do not."""
    doubles = np.rint(np.linspace(float(lo), float(lo + span), 200))[None]
    for limits in ((lo, lo + span), (float(lo), float(lo) + float(span))):
        indexing = Indexing(limits, scale, size, marked=True)
        np.testing.assert_array_equal(indexing.indices(doubles), indexing.indices(doubles.astype(np.longdouble)))


def test_masked_and_missing_ones_are_bad():
    labels = np.ma.array([[2**60, 2**60 + 1]], mask=[[True, False]])
    indexing = Indexing((2**60, 2**60 + 1), size=8)
    assert indexing.indices(labels)[0].tolist() == [8 + EXTRA - 1, 7]
    missing = np.array([[2**60, np.nan]], np.longdouble)
    assert indexing.indices(missing)[0].tolist() == [0, 8 + EXTRA - 1]


@pytest.mark.parametrize("base", BASES)
def test_histograms_are_those_of_smaller_ones(base):
    wanted, found = (histogram_of(summary_of(values, exact=True)) for values in (small(), large(base)))
    np.testing.assert_array_equal(found.counts, wanted.counts)
    # Edges are halfway between numbers, which longdouble holds up to 2**63.
    np.testing.assert_allclose((found.edges - base).astype(float), wanted.edges, rtol=0, atol=0.5)
    part = histogram_of(summary_of(large(base), exact=True), (base + 3, base + 9))
    wanted = histogram_of(summary_of(small(), exact=True), (3, 9))
    np.testing.assert_array_equal(part.counts, wanted.counts)
    assert (part.below, part.above) == (wanted.below, wanted.above)


def test_limits_keep_every_digit_that_is_typed():
    assert parse_limits(f"{2**60 + 1} {2**60 + 40}") == (2**60 + 1, 2**60 + 40)
    assert parse_limits([str(-(2**63)), str(2**64 - 1)]) == (-(2**63), 2**64 - 1)
    assert parse_limits(f"{2**60 + 1}.0 1.152921504606846978e18") == (2**60 + 1, 2**60 + 2)
    assert parse_limits((2**60 + 1, np.uint64(2**63 + 1))) == (2**60 + 1, 2**63 + 1)
    assert all(type(limit) is float for limit in parse_limits("1 2"))
    assert all(type(limit) is float for limit in parse_limits("1e18 1e30"))


def test_the_colour_bar_finds_values_and_their_places():
    limits = 2**60 + 1, 2**60 + 41
    shading = Shading(limits, colormap("gray"))
    assert [int(value) for value in shading.value_at([0, 0.25, 0.5, 1])] == [
        limits[0],
        limits[0] + 10,
        2**60 + 21,
        limits[1],
    ]
    assert shading.fraction_of([limits[0], limits[0] + 10, limits[1], 0, 2**62]).tolist() == [0, 0.25, 1, 0, 1]
