from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from traitsview.color.catalogue import colormap
from traitsview.color.colormap import Colormap
from traitsview.color.loaders.formats import load_colormap, save_colormap
from traitsview.errors import ColormapError

SHIPPED = Path(__file__).parents[3] / "colormaps"

SAO = """\
# mine
PSEUDOCOLOR
RED:
(0,0)(0.5,0.9)(1,1)
GREEN:
(0,0)(1,0.8)
BLUE:
(0,0.2)
(1,0)
"""


def test_the_sao_that_comes_with_us():
    aurora = load_colormap(SHIPPED / "aurora.sao")
    assert aurora.name == "aurora"
    assert [place for place, _ in aurora.stops] == pytest.approx([0, 0.35, 0.6, 0.8, 1])
    np.testing.assert_allclose(aurora.stops[1][1], [0.03, 0.42, 0.34, 1])


def test_channels_have_positions_of_their_own(read):
    np.testing.assert_allclose(read("a.sao", SAO).lut(5)[:, :3].T, [
        [0, 0.45, 0.9, 0.95, 1],
        [0, 0.2, 0.4, 0.6, 0.8],
        [0.2, 0.15, 0.1, 0.05, 0],
    ])  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        SAO.lower(),
        SAO.replace("PSEUDOCOLOR", "PseudoColour"),
        SAO.replace("\n", "\r\n"),
        SAO.replace(",", " , ").replace("(", "( "),
        SAO.replace("PSEUDOCOLOR\n", ""),
        SAO.split("\n", 1)[1].replace("\n", ";"),
        SAO.replace(")\n", ") # a comment (9,9)\n"),
        "\n\n" + SAO,
    ],
)
def test_other_ways_to_write_it(read, text):
    assert read("a.dat", text).stops == read("a.sao", SAO).stops


def test_a_repeated_position_is_a_hard_step(read):
    table = read("a.sao", SAO.replace("(0.5,0.9)", "(0.5,0.2)(0.5,0.9)"))
    assert table.stops == (
        (0, (0, 0, 0.2, 1)),
        (0.5, (0.2, 0.4, 0.1, 1)),
        (0.5, (0.9, 0.4, 0.1, 1)),
        (1, (1, 0.8, 0, 1)),
    )


def test_gamma_is_warned_of(read):
    assert read("a.sao", SAO.replace("RED:", "RED: GAMMA 1.0")).warnings == ()
    table = read("a.sao", SAO.replace("RED:", "RED: GAMMA 0.5"))
    assert table.warnings == ("GAMMA 0.5 of RED is not applied, as DS9 does not.",)
    assert table.stops == read("a.sao", SAO).stops


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("(0.5,0.9)", "(0.5,abc)", "a.sao:4: 'abc' is not a number; red was expected"),
        ("(0.5,0.9)", "(0.5,9999)", "a.sao:4: red is 9999; it must be in 0 … 1"),
        ("(0.5,0.9)", "(-5,0.9)", "a.sao:4: the position is -5; it must be in 0 … 1"),
        (
            "(0,0)(1,0.8)",
            "(0,0)(0.7,0)(0.5,0)(1,0.8)",
            "a.sao:6: position 0.5 of GREEN comes after 0.7; positions must rise",
        ),
        (
            "(0.5,0.9)",
            "(0.5,0.1)(0.5,0.2)(0.5,0.3)",
            "a.sao:4: position 0.5 of RED comes three times; two are a hard step, a third has no place",
        ),
        (
            "(0.5,0.9)",
            "(0.5 0.9)",
            "a.sao:4: '(0.5 0.9)(1,1)' is no command; RED:, GREEN:, BLUE: or (position,share) was expected",
        ),
        ("GREEN:", "GREN:", "a.sao:5: 'GREN:' is no command; did you mean GREEN?"),
        ("GREEN:", "RED:", "a.sao:5: RED comes twice; give all its points at once"),
        ("RED:\n", "", "a.sao:3: a point comes before its channel; begin with RED:"),
        ("(1,1)", "(0.9,1)", "a.sao: RED goes from 0 to 0.9; it must go from 0 to 1"),
        ("(1,0)\n", "", "a.sao: BLUE goes from 0 to 0; it must go from 0 to 1"),
        ("BLUE:\n(0,0.2)\n(1,0)\n", "", "a.sao: BLUE has no points; add BLUE: (0,0)(1,1)"),
        ("BLUE:", "BLUE: GAMMA x", "a.sao:7: 'x' is not a number; GAMMA was expected"),
    ],
)
def test_what_is_wrong_with_a_sao_is_said_with_its_line(complaint, old, new, message):
    assert old in SAO
    assert complaint("a.sao", SAO.replace(old, new, 1)) == message


shares = st.integers(0, 1_000_000).map(lambda n: n / 1_000_000)
opaque = st.tuples(shares, shares, shares, st.just(1.0))


@settings(max_examples=40)
@given(st.lists(opaque, min_size=2, max_size=8), st.data())
def test_what_is_saved_as_sao_is_loaded_again(tmp_path_factory, shades, data):
    inner = data.draw(st.lists(shares.filter(lambda x: 0 < x < 1), max_size=len(shades) - 2, unique=True))
    stops = list(zip([0.0, *sorted(inner), 1.0], shades, strict=False))
    step = data.draw(st.integers(0, len(stops) - 1).filter(lambda i: 0 < i < len(stops) - 1) if inner else st.none())
    if step is not None:
        stops.insert(step, (stops[step][0], data.draw(opaque)))
    mine = Colormap.from_stops("mine", stops)
    path = tmp_path_factory.getbasetemp() / "mine.sao"
    save_colormap(mine, path)
    found = load_colormap(path)
    assert found.name == "mine"
    table, meant = found.lut(1001), mine.lut(1001)
    np.testing.assert_allclose(table, meant, rtol=0, atol=1e-5)


@pytest.mark.parametrize("n", [1, 2, 3, 7, 12])
def test_flat_colours_become_hard_steps(tmp_path, n):
    shades = [(i / n, 1 - i / n, 0.5, 1.0) for i in range(n)]
    save_colormap(Colormap.from_colors("mine", shades, flat=True), tmp_path / "mine.sao")
    middles = (2 * np.arange(n) + 1) * 20 // 1
    np.testing.assert_allclose(load_colormap(tmp_path / "mine.sao").lut(40 * n + 1)[middles], shades, atol=1e-6)


def test_maps_of_the_catalogue_become_sao(tmp_path):
    save_colormap(colormap("viridis"), tmp_path / "viridis.sao")
    np.testing.assert_allclose(
        load_colormap(tmp_path / "viridis.sao").lut(256), colormap("viridis").lut(256), atol=1e-6
    )


def test_transparency_is_not_lost_silently(tmp_path):
    mine = Colormap.from_colors("mine", [(0, 0, 0, 1), (1, 1, 1, 0.5)])
    with pytest.raises(
        ColormapError, match=r"cannot write 'mine' as \.sao: DS9 knows no transparency; write text, CSV"
    ):
        save_colormap(mine, tmp_path / "mine.sao")
    assert not (tmp_path / "mine.sao").exists()


# .lut


def test_the_lut_that_comes_with_us():
    ember = load_colormap(SHIPPED / "ember.lut")
    assert len(ember.stops) == 64
    np.testing.assert_allclose(ember.lut(64)[[0, 63], :3], [[0.0196, 0.0118, 0.0314], [1, 0.9569, 0.8118]])


@pytest.mark.parametrize(
    "text", ["0 0.1 0.2\n1 .5 0.9\n", "0 0.1 0.2;1 .5 0.9", "# mine\n0 0.1 0.2 # first\n\n1 .5 0.9;\n"]
)
def test_rows_end_with_a_line_or_a_semicolon(read, text):
    np.testing.assert_allclose(read("a.lut", text).lut(2)[:, :3], [[0, 0.1, 0.2], [1, 0.5, 0.9]])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("0 0.1 0.2\n1 0.5 abc\n", "a.lut:2: 'abc' is not a number; blue was expected"),
        ("0 0.1 0.2\n1 0.5 9999\n", "a.lut:2: blue is 9999; it must be in 0 … 1"),
        ("0 0.1 0.2\n1 -5 0.9\n", "a.lut:2: green is -5; it must be in 0 … 1"),
        ("0 0.1 0.2\n1 0.5\n", "a.lut:2: 2 columns where the rows above have 3; every row must have as many columns"),
        ("0 0.1 0.2\n", "a.lut: it has 1 row of numbers; give 2 or more"),
        ("# 0 0 0\n", "a.lut: it has no row of numbers; give rows of red, green, blue"),
    ],
)
def test_what_is_wrong_with_a_lut_is_said_with_its_line(complaint, text, message):
    assert complaint("a.lut", text, format="ds9-lut") == message
