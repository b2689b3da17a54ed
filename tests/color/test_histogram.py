"""Histograms are honest and useful whatever the values, and equal shares are equal."""

from __future__ import annotations

import numpy as np
import pytest
from astropy.visualization import HistEqStretch
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from traitsview.color.histogram import equalizing, histogram_of
from traitsview.color.indexing import CURVE, Indexing
from traitsview.sources.arrays.array_source import ArraySource
from traitsview.sources.summary import summary_of


def of(values):
    return summary_of(np.asarray(values, np.float64), exact=True)


@given(npst.arrays(np.float64, st.integers(0, 60), elements=st.floats()), st.sampled_from([1, 7, 256]))
@example(np.array([1.79769134e308]), 1)
def test_every_value_is_counted_once(values, bins):
    histogram = histogram_of(of(values), bins=bins)
    assert len(histogram.counts) == len(histogram.edges) - 1 <= bins
    assert np.isfinite(histogram.edges).all()
    assert (np.diff(histogram.edges) >= 0).all()
    assert histogram.edges[0] < histogram.edges[-1]
    total = histogram.counts.sum() + histogram.below + histogram.above
    assert total == pytest.approx(np.isfinite(values).sum())
    assert histogram.missing == (~np.isfinite(values)).sum()


def test_counts_are_those_of_numpy():
    values = np.random.default_rng(0).normal(size=10_000)
    histogram = histogram_of(of(values), (-2.0, 2.0), bins=64)
    counts, edges = np.histogram(values, 64, (-2, 2))
    np.testing.assert_array_equal(histogram.counts, counts)
    np.testing.assert_allclose(histogram.edges, edges, atol=1e-14)
    assert (histogram.below, histogram.above) == ((values < -2).sum(), (values > 2).sum())


def test_a_sample_stands_for_all_values():
    image = np.random.default_rng(0).normal(size=(1500, 1500)).astype(np.float32)
    image[:15] = np.nan
    summary = ArraySource(image).summarize(None, exact=True)
    assert summary.sample.size < image.size / 10
    histogram = histogram_of(summary)
    assert histogram.missing == 15 * 1500
    everything = histogram.counts.sum() + histogram.below + histogram.above
    assert everything == pytest.approx(summary.valid)
    share = histogram.counts[histogram.edges[:-1] > 0].sum() / everything
    assert share == pytest.approx(0.5, abs=0.01)


@pytest.mark.parametrize("outlier", [1e30, -1e30, 1e6])
def test_one_giant_does_not_hide_the_rest(outlier):
    values = np.random.default_rng(0).normal(size=20_000)
    values[777] = outlier
    histogram = histogram_of(of(values))
    assert histogram.edges[0] > -10
    assert histogram.edges[-1] < 10
    assert histogram.below + histogram.above == 1
    assert (histogram.counts > 0).sum() > 150


@pytest.mark.parametrize("value", [0.0, 7.0, -1e30, 1e-300, 1e308])
def test_a_constant_is_in_the_middle(value):
    histogram = histogram_of(of(np.full(50, value)))
    assert histogram.edges[0] < value < histogram.edges[-1]
    assert histogram.counts.sum() == 50


def test_whole_numbers_make_no_comb():
    values = np.random.default_rng(0).integers(0, 400, 200_000)
    histogram = histogram_of(summary_of(values, exact=True))
    assert histogram.counts[1:-2].std() < 0.1 * histogram.counts[1:-2].mean()
    assert len(histogram.counts) <= 256


@pytest.mark.parametrize("limits", [None, (0.0, 8.0), (-0.6, 8.6), (0.4, 7.9)])
def test_each_of_a_few_whole_numbers_is_in_the_middle_of_its_bin(limits):
    values = np.repeat(np.arange(9), np.arange(1, 10))
    histogram = histogram_of(of(values), limits)
    middles = (histogram.edges[1:] + histogram.edges[:-1]) / 2
    np.testing.assert_array_equal(histogram.counts, [max(0, 1 + middle) if middle < 9 else 0 for middle in middles])
    assert np.diff(histogram.edges).tolist() == [1] * len(histogram.counts)
    assert histogram.below == (0 if limits is None or limits[0] < 0.5 else 1)


def test_nothing_is_an_empty_histogram():
    histogram = histogram_of(of([np.nan, np.inf]))
    assert (histogram.edges[0], histogram.edges[-1]) == (0, 1)
    assert histogram.counts.sum() == 0
    assert histogram.missing == 2


def test_equal_shares_are_equal():
    values = np.random.default_rng(0).gamma(1.0, 3.0, 100_000)
    limits = float(values.min()), float(values.max())
    indexing = Indexing(limits, "histogram", 64, curve=equalizing(values, limits))
    counts = np.bincount(indexing.indices(values[None])[0], minlength=64)
    assert counts.min() > 0.9 * len(values) / 64
    assert counts.max() < 1.1 * len(values) / 64


def test_equal_shares_are_those_of_astropy():
    values = np.random.default_rng(0).lognormal(size=20_000)
    limits = float(values.min()), float(values.max())
    indexing = Indexing(limits, "histogram", curve=equalizing(values, limits))
    theirs = HistEqStretch(values)((values - limits[0]) / (limits[1] - limits[0]))
    np.testing.assert_allclose(indexing.fraction_of(values), theirs, atol=0.005)


def test_what_most_values_are_has_the_first_colour():
    values = np.concatenate([np.zeros(9000), np.random.default_rng(0).random(1000) + 1])
    indexing = Indexing((0.0, 2.0), "histogram", curve=equalizing(values, (0.0, 2.0)))
    assert indexing.fraction_of(0.0) == 0
    counts = np.bincount(indexing.indices(values[9000:][None])[0] // 32, minlength=8)
    assert counts.min() > 90


@given(
    npst.arrays(np.float64, st.integers(0, 40), elements=st.floats(allow_nan=False, allow_infinity=False)),
    st.tuples(st.floats(-1e308, 1e308), st.floats(-1e308, 1e308)).filter(lambda pair: pair[0] < pair[1]),
)
def test_any_values_give_a_curve(values, limits):
    curve = equalizing(values, limits)
    assert len(curve) <= CURVE
    indexing = Indexing(limits, "histogram", curve=curve)
    rows = indexing.indices(np.array([[*limits, np.nan]]))[0].tolist()
    assert rows[0] <= rows[1]
    assert rows[2] == 258
