"""Indices stand for values: they come back to themselves, and have the colours that the values have."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from traitsview.color.catalogue import colormap
from traitsview.color.indexing import EXTRA, Indexing
from traitsview.color.scales import LABELS, SCALES
from traitsview.color.shading import Shading
from traitsview.errors import RequestError

#: Scales of amounts.
SPREADING = [scale for scale in SCALES if scale not in LABELS]


def some_steps_apart(low, steps):
    """Return limits that hardly differ."""
    return low, low + steps * np.spacing(abs(low))


def are_limits(pair):
    return np.isfinite(pair).all() and pair[0] < pair[1]


FINITE = st.floats(allow_nan=False, allow_infinity=False)
LIMITS = st.one_of(
    st.tuples(FINITE, FINITE),
    st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6)),
    st.builds(some_steps_apart, st.floats(-1e12, 1e12), st.integers(1, 3000)),
).filter(are_limits)
MAPS = [
    colormap("viridis"),
    colormap("gray"),
    colormap("tab10"),
    replace(colormap("magma"), name="marked", under=(0, 0, 1, 1), over=(1, 1, 0, 0.5), bad=(0, 1, 1, 1)),
]


def every_index(indexing):
    """Return all rows of the table, (1, size + 3)."""
    return np.arange(indexing.size + EXTRA, dtype=indexing.dtype)[None]


@given(LIMITS, st.sampled_from(SPREADING), st.sampled_from([1, 2, 7, 256, 1000, 65_000]), st.booleans())
def test_an_index_comes_back_to_itself(limits, scale, size, marked):
    indexing = Indexing(limits, scale, size, marked)
    indices = every_index(indexing)
    values = indexing.values(indices)
    back = indexing.indices(values)
    there = ~np.isnan(values[0, :size])
    np.testing.assert_array_equal(back[0, :size][there], indices[0, :size][there])
    outside = [size, size + 1] if marked else indexing.indices(np.array([limits]))[0].tolist()
    np.testing.assert_array_equal(back[0, size:], [*outside, size + 2])


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6), st.sampled_from(SPREADING), st.sampled_from([2, 256, 1000]))
def test_limits_that_are_told_apart_have_a_value_for_each_row(lo, span, scale, size):
    values = Indexing((lo, lo + span), scale, size).values(np.arange(size))
    assert scale == "hinge" or not np.isnan(values).any()


@pytest.mark.parametrize("limits", [(1e9, 1e9 + 1e-7), (1e9, np.nextafter(1e9, 2e9)), (0.0, 5e-324), (-1e308, 1e308)])
@pytest.mark.parametrize("scale", SPREADING)
def test_limits_at_the_end_of_what_floats_tell_apart(limits, scale):
    shading = Shading(limits, colormap("viridis"), scale)
    lo, hi = limits
    values = np.array([[lo, hi, np.nextafter(lo, -np.inf), np.nextafter(hi, np.inf), lo / 2 + hi / 2, 0, np.nan]])
    sent = shading.indexing.indices(values)
    np.testing.assert_array_equal(shading.argb(shading.indexing.values(sent)), shading.argb(values))


@given(
    LIMITS,
    st.sampled_from(SPREADING),
    st.sampled_from(MAPS),
    st.booleans(),
    st.sampled_from([np.dtype(code) for code in ("<f4", "<f8", ">f4", "<u2", "<i4", "|b1", "<f2")]).flatmap(
        lambda dtype: hnp.arrays(dtype, (3, 5))
    ),
)
def test_indices_have_the_colours_of_their_values(limits, scale, chosen, inverted, values):
    shading = Shading(limits, chosen, scale, inverted)
    indices = shading.indexing.indices(values)
    stand_ins = shading.indexing.values(indices)
    np.testing.assert_array_equal(shading.argb(stand_ins), shading.argb(values))


@pytest.mark.parametrize("chosen", MAPS, ids=lambda chosen: chosen.name)
@pytest.mark.parametrize("dtype", ["f4", "f8", "u2"])
@pytest.mark.parametrize("scale", SPREADING)
def test_a_whole_range_has_the_colours_of_its_values(chosen, dtype, scale):
    shading = Shading((100.0, 900.0), chosen, scale)
    values = np.arange(0, 1000, 0.37).reshape(1, -1).astype(dtype)
    if dtype != "u2":
        values = np.concatenate([values, [[np.nan, np.inf, -np.inf, 100, 900]]], axis=1).astype(dtype)
    indices = shading.indexing.indices(values)
    assert len(np.unique(indices)) >= min(shading.size, 150) // 2
    np.testing.assert_array_equal(shading.argb(shading.indexing.values(indices)), shading.argb(values))


def test_indices_are_small():
    assert Indexing((0, 1), size=253).dtype == np.uint8
    assert Indexing((0, 1), size=254).dtype == np.uint16
    assert Shading((0, 1), colormap("gray")).indexing.size == 256


@pytest.mark.parametrize("bad", [{"size": 0}, {"size": 65_001}, {"scale": "cube"}, {"limits": (1.0, 1.0)}])
def test_nonsense_is_refused(bad):
    with pytest.raises(RequestError):
        Indexing(**{"limits": (0.0, 1.0), **bad})


@pytest.mark.parametrize("limits", [(1e9, 1e9 + 1e-7), (0.0, 5e-324), (1.0, float(np.nextafter(1.0, 2.0)))])
def test_rows_that_no_value_has_stand_for_none(limits):
    indexing = Indexing(limits)
    none = np.isnan(indexing.values(np.arange(256)))
    assert none.any()
    assert not none[[0, 255]].any()


def test_how_far_values_of_one_row_are_apart_under_another_look():
    linear = Indexing((0.0, 256.0), "linear")
    assert linear.coarseness_under(linear) == pytest.approx(1 / 256)
    assert linear.coarseness_under(Indexing((0.0, 64.0))) == pytest.approx(4 / 256)
    assert linear.coarseness_under(Indexing((0.0, 1024.0))) == pytest.approx(1 / 1024)
    assert linear.coarseness_under(Indexing((0.0, 256.0), "log")) > 0.2
    assert linear.coarseness_under(Indexing((10.1, 10.4))) == 1.0
