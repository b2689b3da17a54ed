from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from traitsview.color.catalogue import colormap
from traitsview.color.colormap import Colormap
from traitsview.color.loaders.formats import load_colormap, save_colormap

SHIPPED = Path(__file__).parents[3] / "colormaps"

HEAD = "GIMP Palette\n"


def test_the_palette_that_comes_with_us():
    tide = load_colormap(SHIPPED / "tide.gpl")
    assert tide.name == "Tide"
    assert tide.discrete == 7
    assert tide.labels[:2] == ("Deep water", "Open water")
    assert tide.licence == "Licence: BSD-3-Clause, the traitsview developers"
    np.testing.assert_allclose(tide.lut(7)[[0, 6]] * 255, [[16, 32, 74, 255], [98, 120, 72, 255]])


def test_names_of_colours_are_labels_but_for_untitled_ones(read):
    found = read("a.gpl", f"{HEAD}#\n  0 0 90\tdeep blue  \n# between\n255 255 240 Untitled\n1 2 3\n")
    assert found.name == "a"
    assert found.labels == ("deep blue", "", "")
    assert read("a.gpl", f"{HEAD}0 0 90 Untitled\n").labels == ()


def test_a_palette_may_have_alpha(read):
    found = read("a.gpl", f"{HEAD}Channels: RGBA\n0 0 255 51 4 of them\n")
    assert found.lut(1).tolist() == [[0, 0, 1, 0.2]]
    assert found.labels == ("4 of them",)


def test_palettes_are_known_by_their_first_line(read):
    assert read("a.txt", f"{HEAD}Name: B\n1 2 3\n").name == "B"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Palette\n1 2 3\n", "1: its first line is 'Palette'; it must be GIMP Palette"),
        (HEAD, " it has no colours; give a line of red, green, blue for each"),
        (f"{HEAD}1 2\n", "2: 2 numbers; a colour has 3: red, green, blue"),
        (f"{HEAD}1 2 abc\n", "2: 'abc' is not a whole number; blue was expected"),
        (f"{HEAD}1 2 3\nabc 2 3\n", "3: 'abc 2 3' is no colour; write red, green, blue and, after them, its name"),
        (f"{HEAD}abc 2 3\n", "2: unknown line 'abc 2 3'; one of Name, Columns, Channels, or a colour"),
        (f"{HEAD}Colums: 2\n", "2: unknown line 'Colums: 2'; did you mean Columns?"),
        (f"{HEAD}Columns: x\n", "2: 'x' is not a whole number; the number of columns was expected"),
        (f"{HEAD}Channels: CMYK\n", "2: unknown channels 'CMYK'; one of RGB, RGBA"),
        (f"{HEAD}Name: a\nName: b\n", "3: Name is said twice; say it once"),
        (f"{HEAD}1 9999 3\n", "2: green is 9999; it must be in 0 … 255"),
        (f"{HEAD}1 -5 3\n", "2: green is -5; it must be in 0 … 255"),
        (f"{HEAD}-5 1 3\n", "2: red is -5; it must be in 0 … 255"),
        (f"{HEAD}Channels: RGBA\n1 2 3 red\n", "3: 'red' is not a whole number; alpha was expected"),
    ],
)
def test_each_mistake_is_named_with_its_line(complaint, text, message):
    assert complaint("a.gpl", text, "gpl") == f"a.gpl:{message}"


# Saving.

levels = st.integers(0, 255).map(lambda n: n / 255)
rgba = st.tuples(levels, levels, levels, levels | st.just(1.0))
words = st.text(st.characters(codec="utf-8", categories=("L", "N", "P")), min_size=1, max_size=20)


@settings(max_examples=150)
@given(
    words,
    st.lists(st.tuples(rgba, words | st.just("")), min_size=1, max_size=9),
    st.sampled_from(["", "Copyright 2020 me\nLicense: MIT"]),
)
def test_what_is_saved_is_loaded_again(tmp_path_factory, name, shades, licence):
    path = tmp_path_factory.getbasetemp() / "mine.gpl"
    labels = tuple(label for _, label in shades)
    labels = labels if any(labels) else ()
    mine = Colormap.from_colors(name, [color for color, _ in shades], flat=True, labels=labels, licence=licence)
    save_colormap(mine, path)
    found = load_colormap(path)
    assert (found.name, found.labels, found.licence, found.discrete) == (name, labels, licence, len(shades))
    np.testing.assert_allclose(found.lut(len(shades)), mine.lut(len(shades)), rtol=0, atol=1e-12)


def test_of_running_colours_256_are_taken(tmp_path):
    save_colormap(colormap("viridis"), tmp_path / "a.gpl")
    found = load_colormap(tmp_path / "a.gpl")
    assert found.discrete == 256
    np.testing.assert_allclose(found.lut(256), colormap("viridis").lut(256), rtol=0, atol=0.51 / 255)


def test_spaces_and_line_breaks_become_one_space(tmp_path):
    mine = Colormap.from_colors("my\nown", [(0, 0, 0, 1)], flat=True, labels=("two\n lines ",))
    save_colormap(mine, tmp_path / "a.gpl")
    found = load_colormap(tmp_path / "a.gpl")
    assert (found.name, found.labels) == ("my own", ("two lines",))
