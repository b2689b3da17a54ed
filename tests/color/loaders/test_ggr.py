from __future__ import annotations

import colorsys
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from traitsview.color.catalogue import colormap
from traitsview.color.colormap import Colormap
from traitsview.color.loaders.formats import load_colormap, save_colormap

SHIPPED = Path(__file__).parents[3] / "colormaps"

HEAD = "GIMP Gradient\nName: mine\n"
BLACK, WHITE, RED, BLUE = "0 0 0 1", "1 1 1 1", "1 0 0 1", "0 0 1 1"


def at(found, places):
    """Return the colours at places, between stops too."""
    if found.discrete:
        return found.lut(found.discrete)[(np.asarray(places) * found.discrete).astype(int)]
    positions = [place for place, _ in found.stops]
    colors = np.array([color for _, color in found.stops])
    return np.stack([np.interp(places, positions, channel) for channel in colors.T], axis=-1)


def share(curve, middle, place):
    """Return how much of the right colour there is: the published formulas, one number at a time."""
    linear = 0.5 * place / middle if place <= middle else 0.5 + 0.5 * (place - middle) / (1 - middle)
    if curve == 1:
        return place ** (math.log(0.5) / math.log(middle))
    if curve == 2:
        return (math.sin(math.pi * (linear - 0.5)) + 1) / 2
    if curve == 3:
        return math.sqrt(1 - (linear - 1) ** 2)
    if curve == 4:
        return 1 - math.sqrt(1 - linear**2)
    return linear


def test_the_gradient_that_comes_with_us():
    cinder = load_colormap(SHIPPED / "cinder.ggr")
    assert cinder.name == "Cinder"
    assert cinder.warnings == ()
    np.testing.assert_allclose(at(cinder, [0, 0.3, 0.42, 0.54, 1])[:, :3], [
        [0.02, 0.01, 0.03], [0.33, 0.04, 0.09], [0.595, 0.155, 0.07], [0.86, 0.27, 0.05], [1, 0.98, 0.88],
    ], atol=1e-9)  # fmt: skip
    np.testing.assert_allclose(at(cinder, [0.15])[0, :3], [0.175, 0.025, 0.06], atol=1e-3)


@pytest.mark.parametrize("curve", [0, 1, 2, 3, 4])
@pytest.mark.parametrize("middle", [0.5, 0.2, 0.9])
def test_curves_are_within_a_thousandth(read, curve, middle):
    found = read("a.ggr", f"{HEAD}1\n0 {middle} 1 0.1 0 0 0 0.9 0 1 1 {curve} 0 0 0\n")
    places = np.linspace(0, 1, 4001)
    shares = np.array([share(curve, middle, place) for place in places])[:, None]
    wanted = np.array([0.1, 0, 0, 0]) * (1 - shares) + np.array([0.9, 0, 1, 1]) * shares
    off = np.abs(at(found, places) - wanted).max(axis=1)
    assert np.sort(off)[-3] < 1e-3  # a circle begins upright
    assert off.max() < 6e-3


def test_a_step_jumps_in_its_middle(read):
    found = read("a.ggr", f"{HEAD}1\n0 0.25 1 {RED} {BLUE} 5 0 0 0\n")
    assert found.stops == ((0, (1, 0, 0, 1)), (0.25, (1, 0, 0, 1)), (0.25, (0, 0, 1, 1)), (1, (0, 0, 1, 1)))
    for middle, color in ((0, (0, 0, 1, 1)), (1, (1, 0, 0, 1))):
        found = read("a.ggr", f"{HEAD}1\n0 {middle} 1 {RED} {BLUE} 5 0 0 0\n")
        assert found.stops == ((0, color), (1, color))


@pytest.mark.parametrize(("hues", "turn"), [(1, 2 / 3), (2, -1 / 3)])
def test_hues_go_up_or_down(read, hues, turn):
    found = read("a.ggr", f"{HEAD}1\n0 0.5 1 {RED} {BLUE} 0 {hues} 0 0\n")
    places = np.linspace(0, 1, 1001)
    wanted = [colorsys.hsv_to_rgb((turn * place) % 1, 1, 1) for place in places]
    assert np.abs(at(found, places)[:, :3] - wanted).max() < 1e-3


def test_between_colours_of_one_hue_hues_go_all_the_way_round(read):
    found = read("a.ggr", f"{HEAD}1\n0 0.5 1 {RED} {RED} 0 1 0 0\n")
    np.testing.assert_allclose(at(found, [1 / 3, 2 / 3])[:, :3], [[0, 1, 0], [0, 0, 1]], atol=1e-3)


def test_flat_segments_of_one_width_are_flat_colours(read):
    found = read("a.ggr", f"{HEAD}2\n0 0.25 0.5 {RED} {RED} 0 0\n0.5 0.75 1 {BLUE} {BLUE} 2 0\n")
    assert found.discrete == 2
    assert read("a.ggr", f"{HEAD}2\n0 0.1 0.2 {RED} {RED} 0 0\n0.2 0.75 1 {BLUE} {BLUE} 2 0\n").discrete is None


def test_the_toolbox_is_black_and_white(read):
    found = read("a.ggr", f"{HEAD}2\n0 0.2 0.5 {RED} {RED} 0 0 1 2\n0.5 0.6 1 {RED} {RED} 5 0 3 4\n")
    colors = [color for _, color in found.stops]
    assert colors[0] == (0, 0, 0, 1)
    assert (0, 0, 0, 0) in colors
    assert colors[-2:] == [(1, 1, 1, 0), (1, 1, 1, 0)]
    assert found.warnings == (
        "It uses the colours of GIMP's toolbox: foreground was read as black, background as white.",
    )


def test_old_files_have_no_name_and_shorter_rows(read):
    found = read("a.ggr", f"GIMP Gradient\n1\n0 0.5 1 {RED} {BLUE}\n\n")
    assert found.name == "a"
    assert found.stops == ((0, (1, 0, 0, 1)), (1, (0, 0, 1, 1)))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("GIMP Palette\n1\n", "1: its first line is 'GIMP Palette'; it must be GIMP Gradient"),
        (f"{HEAD}", " it ends before its segments; give their number and a line for each"),
        (f"{HEAD}many\n", "3: 'many' is not a whole number; the number of segments was expected"),
        (f"{HEAD}0\n", "3: the number of segments is 0; it must be in 1 … 4096"),
        (f"{HEAD}2\n0 0.5 1 {RED} {BLUE} 0 0\n", "3: it announces 2 segments and has 1; is the file whole?"),
        (f"{HEAD}1\n0 0.5 1 {RED} {BLUE} 0\n", "4: 12 numbers; a segment has 11, 13 or 15"),
        (f"{HEAD}1\n0 0.5 1 1 abc 0 1 {BLUE} 0 0\n", "4: 'abc' is not a number; green was expected"),
        (f"{HEAD}1\n0 0.5 1 1 9999 0 1 {BLUE} 0 0\n", "4: green is 9999; it must be in 0 … 1"),
        (f"{HEAD}1\n0 0.5 1 1 0 0 -5 {BLUE} 0 0\n", "4: alpha is -5; it must be in 0 … 1"),
        (f"{HEAD}1\n0 0.5 1 {RED} {BLUE} 6 0\n", "4: the number of the curve is 6; it must be in 0 … 5"),
        (f"{HEAD}1\n0 0.5 1 {RED} {BLUE} 0 3\n", "4: the number of the way between hues is 3; it must be in 0 … 2"),
        (f"{HEAD}1\n0 0.5 1 {RED} {BLUE} 0 0 5 0\n", "4: what the colour depends on is 5; it must be in 0 … 4"),
        (
            f"{HEAD}1\n0.1 0.5 1 {RED} {BLUE} 0 0\n",
            "4: segment starts at 0.1 but the one before ends at 0; segments must touch",
        ),
        (f"{HEAD}1\n0 0.5 0.9 {RED} {BLUE} 0 0\n", "4: the last segment ends at 0.9; it must end at 1"),
        (f"{HEAD}1\n0 1 0.5 {RED} {BLUE} 0 0\n", "4: segment goes from 0 by 1 to 0.5; its places must rise"),
        (
            f"{HEAD}2\n0 0.2 0.4 {RED} {BLUE} 0 0\n0.5 0.6 1 {RED} {BLUE} 0 0\n",
            "5: segment starts at 0.5 but the one before ends at 0.4; segments must touch",
        ),
    ],
)  # fmt: skip
def test_each_mistake_is_named_with_its_line(complaint, text, message):
    assert complaint("a.ggr", text, "ggr") == f"a.ggr:{message}"


def test_gradients_are_known_by_their_first_line(read):
    assert read("a.txt", f"{HEAD}1\n0 0.5 1 {RED} {BLUE} 0 0\n").name == "mine"


# Saving.

shares = st.integers(0, 1_000_000).map(lambda n: n / 1_000_000)
rgba = st.tuples(shares, shares, shares, shares | st.just(1.0))
words = st.text(st.characters(codec="utf-8", categories=("L", "N", "P")), min_size=1, max_size=20)


@settings(max_examples=150)
@given(
    name=words, flat=st.booleans(), shades=st.lists(rgba, min_size=2, max_size=9), inner=st.lists(shares, min_size=7)
)
def test_what_is_saved_is_loaded_again(tmp_path_factory, name, flat, shades, inner):
    path = tmp_path_factory.getbasetemp() / "mine.ggr"
    places = [0.0, *sorted(place for place in inner if 0 < place < 1)[: len(shades) - 2], 1.0]
    stops = list(zip(places, shades, strict=False))
    stops[-1] = (1.0, stops[-1][1])
    mine = Colormap.from_colors(name, shades, flat=True) if flat else Colormap.from_stops(name, stops)
    save_colormap(mine, path)
    found = load_colormap(path)
    assert found.name == name
    assert found.discrete == mine.discrete or not flat
    steps = np.arange(1, 200) / 200 + 1.01e-4
    beside = np.abs(steps[:, None] - [place for place, _ in mine.stops]).min(axis=1) > 1e-5
    np.testing.assert_allclose(at(found, steps)[beside], at(mine, steps)[beside], rtol=0, atol=2e-4)


@pytest.mark.parametrize("name", ["viridis", "tab10", "cubehelix", "crameri:vik"])
def test_maps_of_the_catalogue_are_loaded_as_they_were_saved(tmp_path, name):
    save_colormap(colormap(name), tmp_path / "a.ggr")
    np.testing.assert_allclose(load_colormap(tmp_path / "a.ggr").lut(256), colormap(name).lut(256), atol=1e-6)
