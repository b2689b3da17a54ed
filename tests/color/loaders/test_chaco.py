from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from traitsview.color.loaders.formats import load_colormap

HEATHER = Path(__file__).parents[3] / "colormaps" / "heather.chaco"

TEXT = "my map\n0   0   0   0.3\n0.5 0.6 0.4 0.3\n1   1   1   0.9\n"


def test_the_map_that_comes_with_us():
    heather = load_colormap(HEATHER)
    assert heather.name == "heather"
    assert heather.stops[3] == (0.85, (0.86, 0.72, 0.80, 1))


@pytest.mark.parametrize("name", ["a.chaco", "a.map", "a"])
def test_a_name_then_positions_and_colours(read, name):
    found = read(name, TEXT)
    assert found.name == "my map"
    assert found.stops == ((0, (0, 0, 0.3, 1)), (0.5, (0.6, 0.4, 0.3, 1)), (1, (1, 1, 0.9, 1)))


def test_alpha_and_blank_lines(read):
    found = read("a.chaco", "my map\n\n0.0 0 0 0.3 1\n\n1.0 1 1 0.9 0.5\n\n")
    assert found.stops == ((0, (0, 0, 0.3, 1)), (1, (1, 1, 0.9, 0.5)))


def test_as_chaco_reads_it():
    from chaco.color_mapper import ColorMapper

    theirs = ColorMapper.from_file(str(HEATHER), steps=256).color_bands
    np.testing.assert_allclose(load_colormap(HEATHER).lut(256), theirs, atol=1e-6)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("my map\n", "", "a.chaco:1: '0   0   0   0.3' looks like a colour; the first line must be the name"),
        ("0.6", "abc", "a.chaco:3: 'abc' is not a number; red was expected"),
        ("0.6", "9999", "a.chaco:3: red is 9999; it must be in 0 … 1"),
        ("0.6", "-5", "a.chaco:3: red is -5; it must be in 0 … 1"),
        ("0.6", "", "a.chaco:3: 3 columns where the rows above have 4; every row must have as many columns"),
        ("0   0   0", "0.1 0   0", "a.chaco:2: the first position is 0.1; it must be 0"),
        ("1   1   1", "0.9 1   1", "a.chaco:4: the last position is 0.9; it must be 1"),
        ("0.5 0.6", "-0.5 0.6", "a.chaco:3: position -0.5 comes after 0; positions must rise"),
        (
            "0   0   0   0.3\n0.5 0.6 0.4 0.3\n1   1   1   0.9\n",
            "",
            "a.chaco: it has no row of numbers; give rows of red, green, blue",
        ),
    ],
)
def test_what_is_wrong_is_said_with_its_line(complaint, old, new, message):
    assert old in TEXT
    assert complaint("a.chaco", TEXT.replace(old, new, 1), "chaco") == message
