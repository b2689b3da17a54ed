"""What is said of how evenly a colormap goes."""

from __future__ import annotations

import numpy as np
import pytest

from traitsview.color.catalogue import colormap
from traitsview.color.colormap import Colormap
from traitsview.color.evenness import evenness
from traitsview.color.vision import DEFICIENCIES, Vision

BLACK, WHITE, RED = (0.0, 0.0, 0.0, 1.0), (1.0, 1.0, 1.0, 1.0), (1.0, 0.0, 0.0, 1.0)


def test_grey_rises_from_black_to_white():
    seen = evenness(colormap("gray"))
    assert seen.lightness[0] == pytest.approx(0)
    assert seen.lightness[-1] == pytest.approx(100)
    assert seen.turns == ()
    assert seen.notes[0] == "lightness rises throughout, 0 … 100"
    assert seen.steps.mean() == pytest.approx(100 / 255)


def test_viridis_is_even_and_jet_is_not():
    assert evenness(colormap("viridis")).unevenness < 0.25
    assert evenness(colormap("jet")).unevenness > 0.35
    assert "not monotonic" in evenness(colormap("jet")).notes[0]
    assert evenness(colormap("viridis_r")).notes[0].startswith("lightness falls throughout")


def test_a_diverging_map_turns_once_in_its_middle():
    seen = evenness(colormap("RdBu"))
    assert [round(turn, 1) for turn in seen.turns] == [0.5]
    assert "turns once, in the middle" in seen.notes[0]


def test_turns_are_found_where_they_are():
    stops = [(0, BLACK), (0.25, WHITE), (0.75, BLACK), (1, WHITE)]
    turns = evenness(Colormap.from_stops("zigzag", stops)).turns
    assert np.allclose(turns, [0.25, 0.75], atol=0.01)
    assert evenness(Colormap.from_stops("one", [(0, RED), (1, RED)])).notes[0].startswith("lightness the same")


def test_ends_that_match_are_told_and_those_that_should_are_checked():
    assert any(note.startswith("its ends match") for note in evenness(colormap("twilight")).notes)
    assert not any("ends" in note for note in evenness(colormap("viridis")).notes)
    broken = Colormap.from_stops("broken", [(0, BLACK), (1, RED)], cyclic=True)
    assert any("do not match, though it is cyclic" in note for note in evenness(broken).notes)


def test_of_flat_colours_the_two_most_alike_are_named():
    made = Colormap.from_colors("three", [WHITE, BLACK, (0.95, 0.95, 0.95, 1.0)], flat=True)
    seen = evenness(made)
    assert seen.notes == ("3 flat colours", f"most alike: 1 and 3 (ΔE {seen.closest[0]:.1f})")
    assert evenness(Colormap.from_colors("one", [RED], flat=True)).notes == ("one flat colour",)


def test_red_and_green_are_alike_for_who_has_no_green_cones():
    made = Colormap.from_colors("lamps", [(0.9, 0.2, 0.1, 1.0), (0.55, 0.5, 0.1, 1.0)], flat=True)
    usual = evenness(made).closest[0]
    assert evenness(made, Vision("deutan")).closest[0] < usual / 3


@pytest.mark.parametrize("deficiency", DEFICIENCIES)
def test_cividis_is_even_for_everybody(deficiency):
    seen = evenness(colormap("cividis"), Vision(deficiency))
    assert seen.turns == ()
