from __future__ import annotations

import colorsys
from pathlib import Path

import numpy as np
import pytest

from traitsview.color.loaders.formats import load_colormap

SHIPPED = Path(__file__).parents[3] / "colormaps"


def at(found, places):
    """Return red, green and blue at places, between stops too."""
    positions = [place for place, _ in found.stops]
    colors = np.array([color for _, color in found.stops])
    return np.stack([np.interp(places, positions, channel) for channel in colors.T[:3]], axis=-1)


def test_the_palette_that_comes_with_us():
    lights = load_colormap(SHIPPED / "polar-lights.pal")
    assert (lights.name, lights.discrete, lights.warnings) == ("polar-lights", None, ())
    for place, (hue, light, saturation) in ((0, (260, 0.06, 0.6)), (0.35, (200, 0.22, 0.7)), (1, (70, 0.95, 0.7))):
        np.testing.assert_allclose(at(lights, [place])[0], colorsys.hls_to_rgb(hue / 360, light, saturation), atol=1e-9)


def test_flat_colours(read):
    found = read("a.pal", "2\n#0a141E\n#ffffff\n")
    assert found.discrete == 2
    np.testing.assert_allclose(found.lut(2) * 255, [[10, 20, 30, 255], [255, 255, 255, 255]])
    assert read("a.pal", "2\n#000000 0.25\n#ffffff 1.0\n").lut(2)[:, 3].tolist() == [0.25, 1]


def test_colours_at_places_in_percent(read):
    found = read("a.pal", "4\n#000000 0 0\n#ff0000 25 0\n#00ff00 25 1\n#ffffff 100 0\n")
    assert [place for place, _ in found.stops] == [0, 0.25, 0.25, 1]


def test_points_in_red_green_blue(read):
    found = read("a.pal", "v2 rgb\n2\n0. 0.1 0.1 0.4 1.0 0\n1.0 1.0 0.9 0.6 0.5 1\n\n")
    assert found.stops == ((0, (0.1, 0.1, 0.4, 1)), (1, (1, 0.9, 0.6, 0.5)))


@pytest.mark.parametrize(("flag", "turn"), [(0, 240), (1, -120)])
def test_hues_run_by_number_or_the_other_way(read, flag, turn):
    found = read("a.pal", f"v2 hls\n2\n0 0 0.5 1 1 {flag}\n1 240 0.5 1 1 0\n")
    places = np.linspace(0, 1, 1001)
    wanted = [colorsys.hls_to_rgb((turn * place / 360) % 1, 0.5, 1) for place in places]
    assert np.abs(at(found, places) - wanted).max() < 1e-3


def test_the_other_way_down_is_up(read):
    found = read("a.pal", "v2 hls\n2\n0 240 0.5 1 1 1\n1 120 0.5 1 1 0\n")
    np.testing.assert_allclose(at(found, [0, 0.5, 1]), [[0, 0, 1], [1, 0, 0], [0, 1, 0]], atol=1e-9)


def test_palettes_are_known_by_their_first_lines(read):
    assert read("a.txt", "1\n#ff0000\n").discrete == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("v3 rgb\n1\n", "1: unknown version 'v3 rgb'; one of v2 rgb, v2 hls"),
        ("v2 rgb\n", " it ends before its colours; give their number and a line for each"),
        ("1.5\n#ff0000\n", "1: '1.5' is not a whole number; the number of colours was expected"),
        ("x\n", "1: 'x' begins no palette; PLplot's begin with v2 or a number, JASC's with JASC-PAL"),
        ("3\n#ff0000\n", "1: it announces 3 colours and has 1; is the file whole?"),
        ("1\n#ff000g\n", "2: '#ff000g' is not a colour; write #rrggbb with six hexadecimal digits"),
        ("1\n#ff0000 2\n", "2: alpha is 2; it must be in 0 … 1"),
        ("2\n#ff0000\n#ff0000 1\n", "3: 2 words; a colour has 1, or 2 with alpha, or 3 with a place and a flag"),
        ("1\n#ff0000 1 2 3\n", "2: 4 words; a colour has 1, or 2 with alpha, or 3 with a place and a flag"),
        ("2\n#ff0000 0 0\n#ff0000 101 0\n", "3: the place in percent is 101; it must be in 0 … 100"),
        ("2\n#ff0000 0 0\n#ff0000 100 2\n", "3: the flag is 2; it must be in 0 … 1"),
        ("2\n#ff0000 5 0\n#ff0000 100 0\n", "2: the first point is at 5; it must be at 0"),
        ("2\n#ff0000 0 0\n#ff0000 99 0\n", "3: the last point is at 99; it must be at 100"),
        (
            "v2 rgb\n2\n0 0 0 0 1 0\n1 0 0 0 1\n",
            "4: 5 numbers; a point has a place, three parts of a colour, alpha and a flag",
        ),
        ("v2 rgb\n2\n0 0 0 0 1 0\n1 0 abc 0 1 0\n", "4: 'abc' is not a number; green was expected"),
        ("v2 rgb\n2\n0 0 0 0 1 0\n1 0 9999 0 1 0\n", "4: green is 9999; it must be in 0 … 1"),
        ("v2 hls\n2\n0 361 0 0 1 0\n1 0 0 0 1 0\n", "3: hue is 361; it must be in 0 … 360"),
        (
            "v2 rgb\n3\n0 0 0 0 1 0\n0.5 0 0 0 1 0\n0.4 0 0 0 1 0\n",
            "5: a point at 0.4 comes after one at 0.5; places must rise",
        ),
    ],
)  # fmt: skip
def test_each_mistake_is_named_with_its_line(complaint, text, message):
    assert complaint("a.pal", text, "plplot") == f"a.pal:{message}"
