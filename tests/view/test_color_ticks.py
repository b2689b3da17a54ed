"""Where a colour bar has its ticks."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from traitsview.color.catalogue import colormap
from traitsview.color.colormap import Colormap
from traitsview.color.scales import LABELS, SCALES
from traitsview.color.shading import Shading
from traitsview.view.image.color_ticks import color_ticks, roundest

FOUR = [(0, 0, 1, 1), (0, 1, 0, 1), (1, 0, 0, 1), (1, 1, 1, 1)]


def ticks(limits, scale="linear", pixels=600, colors="viridis", **options):
    """Return the ticks of a bar."""
    chosen = colormap(colors) if isinstance(colors, str) else colors
    return color_ticks(Shading(limits, chosen, scale, **options), pixels)


def test_a_logarithm_has_its_decades_and_their_multiples():
    found = ticks((1, 1000), "log")
    assert found.labels == ("1", "10", "100", "1000")
    assert found.values == (1, 10, 100, 1000)
    assert np.allclose(found.places, [0, 1 / 3, 2 / 3, 1], atol=0.002)
    assert len(found.minor) == 24  # 2 … 9 of each of three decades


def test_decades_of_a_logarithm_of_the_value_lie_evenly():
    found = ticks((1, 1e6), "log10")
    assert found.values == (1, 10, 100, 1000, 1e4, 1e5, 1e6)
    assert found.places == pytest.approx(np.linspace(0, 1, 7), abs=1e-12)
    assert len(found.minor) == 48
    crowded = ticks((0.02, 0.05), "log10")
    assert {"0.02", "0.03", "0.05"} <= set(crowded.labels)


@pytest.mark.parametrize("low", [0, -50])
def test_a_logarithm_of_the_value_from_0_or_less_has_four_decades(low):
    found = ticks((low, 1e4), "log10")
    assert found.labels == ("1", "10", "100", "1000", "10000")  # not 0, which looks like 1
    assert found.places == pytest.approx([0, 0.25, 0.5, 0.75, 1], abs=1e-9)
    assert len(found.minor) == 32


def test_decades_that_crowd_together_leave_the_largest_their_labels():
    found = ticks((0, 1e4), "log")
    assert found.labels == ("0", "10", "100", "1000", "10000")
    short = ticks((0, 1e4), "log", pixels=150)
    assert short.labels[-1] == "10000"
    assert np.diff(short.places).min() * 150 >= 25


def test_zero_is_marked_where_an_asinh_bends():
    found = ticks((-3, 500), "asinh")
    assert "0" in found.labels
    assert {"10", "100"} <= set(found.labels)


def test_a_hinge_has_a_label_and_a_line_and_both_signs_of_a_symmetric_logarithm_have_decades():
    found = ticks((-5, 20), "hinge:0")
    assert "0" in found.labels
    assert found.lines == (0.5,)
    outside = ticks((1, 20), "hinge:0")
    assert outside.lines == ()
    assert outside.places[0] < 0.2  # all of the bar is used
    assert outside.places[-1] > 0.8
    found = ticks((-2000, 2000), "symlog:10")
    assert {"-1000", "-100", "-10", "0", "10", "100", "1000"} <= set(found.labels)


def test_each_side_of_a_hinge_has_steps_of_its_own():
    found = ticks((-9.82339, 9.82265), "hinge:0")
    assert found.labels == ("-8", "-6", "-4", "-2", "0", "2", "4", "6", "8")
    assert ticks((-1, 1000), "hinge:0").labels[-3:] == ("600", "800", "1000")


def test_contrast_and_bias_move_colours_and_no_ticks():
    assert ticks((1, 1000), "log", contrast=3.0, bias=0.2) == ticks((1, 1000), "log")


def test_named_colours_are_labelled_in_their_middle():
    rocks = Colormap.from_colors("rocks", FOUR, flat=True, labels=("water", "forest", "sand", "rock"))
    found = ticks((0, 4), colors=rocks)
    assert found.labels == ("water", "forest", "sand", "rock")
    assert found.places == (0.125, 0.375, 0.625, 0.875)
    assert ticks((0, 4), colors=rocks, inverted=True) == found  # a value keeps its meaning
    numbered = Colormap.from_colors("numbers", FOUR, flat=True, values=(1, 2, 5, 9.5))
    assert ticks((0, 4), colors=numbered).labels == ("1", "2", "5", "9.5")


def test_of_more_names_than_have_room_every_few_are_shown():
    many = Colormap.from_colors("many", FOUR * 50, flat=True, labels=tuple(f"rock {n}" for n in range(200)))
    found = ticks((0, 1), colors=many, pixels=300)
    assert found.labels[:2] == ("rock 0", "rock 12")
    assert np.diff(found.places).min() * 300 > 15


@given(
    st.floats(-1e300, 1e300),
    st.floats(1e-9, 1e300),
    st.sampled_from(
        [*(scale for scale in SCALES if scale not in LABELS), "power:0.3", "hinge:7", "symlog:0.5", "symlog:1e5"]
    ),
    st.integers(60, 1500),
)
def test_ticks_of_any_bar_rise_lie_apart_and_say_what_they_mean(low, span, scale, pixels):
    high = low + span
    assume(low < high < np.inf and high - low > 1e-12 * max(abs(low), abs(high)))
    shading = Shading((low, high), colormap("gray"), scale)
    found = color_ticks(shading, pixels)
    assert list(found.values) == sorted(found.values)
    assert all(low <= value <= high for value in found.values)
    assert [float(label) for label in found.labels] == pytest.approx(found.values, rel=1e-12, abs=1e-12 * span)
    assert len(set(found.labels)) == len(found.labels)
    assert all(0 <= place <= 1 for place in (*found.places, *found.minor))
    if scale not in ("linear", "histogram"):
        assert np.diff(found.places).min(initial=1) * pixels > 20


@pytest.mark.parametrize("scale", SCALES)
def test_a_bar_that_has_not_been_laid_out_yet_has_ticks_all_the_same(scale):
    assert ticks((-0.5, 0.5), scale, pixels=0).labels
    assert ticks((1, 1000), scale, pixels=0).labels


@given(st.floats(-1e9, 1e9), st.floats(1e-6, 1e9), st.floats(0, 1))
def test_the_roundest_number_lies_between(low, span, part):
    high = low + span
    found = roundest(low, high, low + part * span)
    assert found is not None
    assert low - 1e-9 * abs(low) <= found <= high + 1e-9 * abs(high)


def test_the_roundest_number_has_the_fewest_digits():
    assert roundest(180, 320, 250) == 200 or roundest(180, 320, 250) == 300
    assert roundest(60, 140, 70) == 100
    assert roundest(-5, 5, 3) == 0
    assert roundest(0.0012, 0.0049, 0.002) == 0.002
