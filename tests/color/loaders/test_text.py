from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from traitsview.color.catalogue import colormap
from traitsview.color.colormap import Colormap
from traitsview.color.loaders.formats import format_named, load_colormap, save_colormap
from traitsview.errors import ColormapError

SHIPPED = Path(__file__).parents[3] / "colormaps"

RAMP = "0 0.1 0.2\n0.5 0.6 0.4\n1 0.9 0.8\n"


def test_the_table_that_comes_with_us():
    lagoon = load_colormap(SHIPPED / "lagoon.txt")
    assert lagoon.name == "lagoon"
    assert lagoon.warnings == ()
    assert lagoon.discrete is None
    np.testing.assert_allclose(
        lagoon.lut(10)[[0, 4, 9], :3], [[0.02, 0.05, 0.16], [0.11, 0.51, 0.57], [0.98, 0.96, 0.88]]
    )
    np.testing.assert_allclose(lagoon.lut(19)[1], [0.025, 0.09, 0.24, 1])


def test_the_csv_that_comes_with_us_has_metres_and_a_hard_step():
    snow = load_colormap(SHIPPED / "snow-line.csv")
    assert snow.limits == (0, 4000)
    assert [place * 4000 for place, _ in snow.stops] == pytest.approx([0, 600, 1400, 2200, 2600, 2600, 4000])
    np.testing.assert_allclose(snow.stops[4][1], np.array([132, 120, 116, 255]) / 255)
    np.testing.assert_allclose(snow.stops[5][1], np.array([226, 232, 240, 255]) / 255)
    assert snow.warnings == ()


@pytest.mark.parametrize("separator", [" ", "\t", ",", ";", ", ", "  "])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_separators_and_line_ends(read, separator, end):
    text = RAMP.replace(" ", separator).replace("\n", end)
    np.testing.assert_allclose(read("a.txt", text).lut(3)[:, :3], [[0, 0.1, 0.2], [0.5, 0.6, 0.4], [1, 0.9, 0.8]])


@pytest.mark.parametrize("comment", ["#", "!", ";", "%", "# 1 2 3", "  # a b c"])
def test_comments_and_blank_lines_are_passed_over(read, comment):
    assert len(read("a.txt", f"{comment}\n\n{RAMP}\n{comment} end\n").stops) == 3


def test_a_byte_order_mark_and_a_separator_at_the_end_of_lines_do_no_harm(read):
    assert len(read("a.csv", "\ufeff" + RAMP.replace(" ", ",").replace("\n", ",\n")).stops) == 3


# What the numbers are counted in.


def test_whole_numbers_beyond_1_are_of_255(read):
    table = read("a.txt", "0 51 102\n255 204 153\n")
    np.testing.assert_allclose(table.lut(2), [[0, 0.2, 0.4, 1], [1, 0.8, 0.6, 1]])
    assert table.warnings == ()


def test_noughts_and_ones_are_of_1_with_a_warning(read):
    table = read("a.txt", "0 0 0\n1 0 1\n")
    np.testing.assert_allclose(table.lut(2), [[0, 0, 0, 1], [1, 0, 1, 1]])
    assert table.warnings == ("Its numbers are all 0 or 1: read as 0 … 1; say scale=255 if 255 is full.",)
    np.testing.assert_allclose(read("a.txt", "0 0 0\n1 0 1\n", scale="255").lut(2)[1, 0], 1 / 255)
    assert read("a.txt", "0.0 0.0 0.0\n1.0 0.0 1.0\n").warnings == ()


def test_fractions_beyond_1_are_of_255_with_a_warning(read):
    table = read("a.txt", "0.5 51 102\n255 204 153.0\n")
    np.testing.assert_allclose(table.lut(2)[0, :3], [0.5 / 255, 0.2, 0.4])
    assert table.warnings == ("Its numbers have fractions and exceed 1: read as 0 … 255.",)


def test_a_number_beyond_1_among_shares_is_a_mistake(complaint):
    text = "0 0.1 0.2\n0.5 6 0.4\n1 0.9 0.8\n"
    assert complaint("a.txt", text) == "a.txt:2: green is 6; it must be in 0 … 1, or say scale=255"


@pytest.mark.parametrize("top", ["100", "98", "99.5"])
def test_percent_must_be_said(complaint, top):
    why = f"its largest number is {top}, so that it may count colours to 100 or to 255"
    assert complaint("a.txt", f"0 0 40\n{top} 80 60\n") == f"a.txt: {why}; say scale=100 or scale=255"


def test_the_first_of_four_columns_is_a_position_whatever_it_is_called(read):
    assert read("a.csv", "wavelength,r,g,b\n400,0,0,0.1\n500,.5,.2,0\n").limits == (400, 500)


def test_percent(read):
    text = "0 0 40\n100 80 60\n"
    np.testing.assert_allclose(read("a.txt", text, scale="100").lut(2)[:, :3], [[0, 0, 0.4], [1, 0.8, 0.6]])


# What the columns are.


def test_three_columns_are_a_colour_and_five_a_position_too(read):
    table = read("a.txt", "0 0.0 0.1 0.2 1\n0.25 0.5 0.6 0.4 0.5\n1 1.0 0.9 0.8 0\n")
    assert table.stops == ((0, (0, 0.1, 0.2, 1)), (0.25, (0.5, 0.6, 0.4, 0.5)), (1, (1, 0.9, 0.8, 0)))
    assert table.limits is None


FOUR = "0 0.1 0.2 0.3\n0.5 0.6 0.4 0.1\n1 0.9 0.8 0.7\n"


@pytest.mark.parametrize("text", [FOUR, "0 1 2 3\n1 9 8 7\n2 5 6 7\n", "0.1 0 0 1\n0.9 1 1 1\n", "0 0 0 1\n1 1 1 1\n"])
def test_four_columns_of_which_the_first_rises_could_be_either(complaint, text):
    assert complaint("a.txt", text) == (
        "a.txt:1: four columns may be position, red, green, blue or red, green, blue, alpha; "
        "say columns=xrgb or columns=rgba"
    )


@pytest.mark.parametrize(
    "header", ["x r g b\n", "Index Red Green Blue\n", "# value,red,green,blue\n", '"","r","g","b"\n']
)
def test_a_header_decides_for_a_position(read, header):
    assert read("a.csv", header + FOUR).stops[1] == (0.5, (0.6, 0.4, 0.1, 1))


@pytest.mark.parametrize("header", ["r g b a\n", "RED,GREEN,BLUE,ALPHA\n", "% r g b opacity\n\n"])
def test_a_header_decides_for_alpha(read, header):
    assert read("a.txt", header + FOUR).stops[1] == (0.5, (0.5, 0.6, 0.4, 0.1))


def test_the_option_decides_against_any_header(read):
    assert read("a.txt", FOUR, columns="rgba").stops[1] == (0.5, (0.5, 0.6, 0.4, 0.1))
    assert read("a.txt", "r g b a\n" + FOUR, columns="xrgb").stops[1] == (0.5, (0.6, 0.4, 0.1, 1))


@pytest.mark.parametrize(
    "text", ["0.5 0 0 1\n0.2 1 1 1\n", "0 0 0 1\n1 0.5 0 1\n1 0.7 0 1\n1 1 1 1\n", "1 0 0 1\n1 1 0 1\n"]
)
def test_four_columns_of_which_the_first_cannot_be_a_position_are_a_colour_and_alpha(read, text):
    assert read("a.txt", text).stops[0][1] == tuple(map(float, text.split()[:4]))


@pytest.mark.parametrize(("low", "high"), [(-5, 5), (0, 300), (0.5, 7)])
def test_four_columns_of_which_the_first_cannot_be_red_are_a_position_and_a_colour(read, low, high):
    table = read("a.txt", f"{low} 0 0 0.5\n{high} 1 1 0.9\n")
    assert table.limits == (low, high)
    assert table.stops == ((0, (0, 0, 0.5, 1)), (1, (1, 1, 0.9, 1)))


def test_an_index_gives_no_limits(read):
    for start in (0, 1):
        text = "".join(f"{start + i} {i} {i} 199\n" for i in range(3))
        assert read("a.txt", text, columns="xrgb").limits is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("0 0.1 0.2\nabc 0.6 0.4\n", "a.txt:2: 'abc' is not a number; red was expected"),
        ("0 0.1 0.2\n0.5 nan 0.4\n", "a.txt:2: 'nan' is not a number; green was expected"),
        ("0 0.1 0.2\n0.5 1_0 0.4\n", "a.txt:2: '1_0' is not a number; green was expected"),
        (
            "0 0.1 0.2\n\n0.5 0.6\n",
            "a.txt:3: 2 columns where the rows above have 3; every row must have as many columns",
        ),
        ("0 0.1 0.2\n0.5 0.6 -5\n", "a.txt:2: blue is -5; it must be in 0 … 1"),
        ("0 0.1 0.2\n0.5 0.6 9999\n", "a.txt:2: blue is 9999; it must be in 0 … 1"),
        ("0 10 20\n9999 60 40\n", "a.txt:2: red is 9999; it must be in 0 … 255"),
        ("0 0.1 0.2\n", "a.txt: it has 1 row of numbers; give 2 or more"),
        ("# nothing\n", "a.txt: it has no row of numbers; give rows of red, green, blue"),
        ("0,5 0,2 0,1\n0,6 0,3 0,1\n", "a.txt:1: its numbers have decimal commas; write decimal points"),
        ("r g b\n0 0 1 1\n0 1 0 1\n", "a.txt:2: 4 numbers; a row of r, g, b was expected"),
        ("x r g b\n0 0 0 1\n0.5 0 1 0\n0.2 0 1 1\n", "a.txt:4: position 0.2 comes after 0.5; positions must rise"),
        ("x r g b\n1 0 0 1\n1 0 1 0\n", "a.txt:3: every position is 1; positions must rise"),
        (
            "x r g b\n0 0 0 1\n1 0 1 0\n1 0 1 0\n1 0 1 0\n",
            "a.txt:5: position 1 comes three times; two are a hard step, a third has no place",
        ),
        (
            "200 0 0 1\n100 0 9 1\n",
            "a.txt:1: alpha is never above 1 while colours go to 255; count both in 255, or both in 1",
        ),
    ],
)
def test_what_is_wrong_is_said_with_its_line(complaint, text, message):
    assert complaint("a.txt", text) == message


def test_columns_have_the_order_that_their_names_say(read):
    assert read("a.txt", "b g r\n0 0 1\n0 1 0\n").stops == ((0, (1, 0, 0, 1)), (1, (0, 1, 0, 1)))
    found = read("a.csv", "alpha,blue,position,green,red\n1,0.1,4,0.2,0.3\n0,0.4,6,0.5,0.6\n")
    assert (found.limits, found.stops) == ((4, 6), ((0, (0.3, 0.2, 0.1, 1)), (1, (0.6, 0.5, 0.4, 0))))


def test_semicolons_allow_decimal_commas(read):
    table = read("a.csv", "x;r;g;b\n0;0,5;0,2;0,1\n1,5;0,6;,3;1\n")
    assert (table.limits, table.stops) == ((0, 1.5), ((0, (0.5, 0.2, 0.1, 1)), (1, (0.6, 0.3, 1, 1))))


def test_positions_may_fall_all_the_way(read, complaint):
    relief = "500 255 255 255\n300 190 185 135\n75 200 230 255\n-32768 0 0 90\n"
    table = read("relief.txt", relief)
    assert (table.limits, table.warnings) == ((-32768, 500), ())
    assert table.stops[-1][1] == (1, 1, 1, 1)
    named = read("a.txt", "x r g b\n9 1 1 1\n4 0 0 1\n4 1 0 0\n1 0 0 0\n")
    assert [(place * 8 + 1, color[:3]) for place, color in named.stops] == [
        *[(1, (0, 0, 0)), (4, (1, 0, 0)), (4, (0, 0, 1)), (9, (1, 1, 1))]
    ]
    assert "say columns=xrgb or columns=rgba" in complaint("a.txt", "100 215 25 28\n50 255 255 191\n0 43 131 186\n")


# As R, pandas and spreadsheets write them.

VIRIDIS = ["1,68,1,84", "2,58,82,139", "3,32,144,140", "4,94,201,97", "5,253,231,36"]


def written(header, rows, quote, separator):
    """Return a table as R writes it: names are quoted, numbers are not."""
    header = [f"{quote}{name}{quote}" for name in header]
    cells = [[f"{quote}{name}{quote}", *rest] for name, *rest in (row.split(",") for row in rows)]
    return "\n".join(separator.join(row) for row in [header, *cells]) + "\n"


NAMES_OF_ROWS = [
    (quote, separator, header)
    for quote in ('"', "")
    for separator in ",;\t "
    for header in (["", "red", "green", "blue"], ["red", "green", "blue"], ["n", "R", "G", "B"])
    if header[0] or quote or separator != " "  # an empty name cannot be seen between blanks
]


@pytest.mark.parametrize("name", ["a.csv", "a.txt", "a"])
@pytest.mark.parametrize(("quote", "separator", "header"), NAMES_OF_ROWS)
def test_names_of_rows_that_count_are_no_colours(read, name, separator, quote, header):
    table = read(name, written(header, VIRIDIS, quote, separator))
    assert (table.discrete, table.limits, table.labels, table.warnings) == (None, None, (), ())
    assert [round(color[0] * 255) for _, color in table.stops] == [68, 58, 32, 94, 253]


@pytest.mark.parametrize("quote", ['"', ""])
@pytest.mark.parametrize(
    "header", [["", "red", "green", "blue"], ["red", "green", "blue"], ["name", "r", "g", "b"], []]
)
def test_names_of_rows_that_are_words_are_labels(read, quote, header):
    rows = ["deep water,31,119,180", "sand,255,127,14", "forest,44,160,44"]
    text = written(header, rows, quote, ",")
    table = read("a.csv", text if header else text.lstrip())
    assert (table.discrete, table.labels) == (3, ("deep water", "sand", "forest"))
    assert table.stops[1][1] == (1, 127 / 255, 14 / 255, 1)


@pytest.mark.parametrize(
    "text",
    [
        "Name,Hex\nblue,#1f77b4\norange,#ff7f0e\n",
        '"Name","Hex"\n"blue","#1f77b4"\n"orange","#ff7f0e"\n',
        "blue,#1f77b4\norange,#ff7f0e\n",
        "#1f77b4,blue\n#ff7f0e,orange\n",
        "hex;name\n#1F77B4;blue\n#FF7F0E;orange\n",
        "1f77b4, blue\nff7f0e, orange\n",
        "name\tcode\tgroup\nblue\t#1f77b4ff\ta\norange\t#ff7f0eff\tb\n",
    ],
)
def test_colours_with_names_may_be_hexadecimal(read, text):
    table = read("a.csv", text)
    assert (table.discrete, table.labels) == (2, ("blue", "orange"))
    assert [tuple(round(part * 255) for part in color) for _, color in table.stops] == [
        *[(0x1F, 0x77, 0xB4, 255), (0xFF, 0x7F, 0x0E, 255)]
    ]
    assert table.warnings == (("What its columns 'group' say was not read.",) if "group" in text else ())


def test_hexadecimal_colours_may_have_positions(read):
    found = read("a.csv", "value,color\n-5,#000000\n0,#ff0000\n20,#ffffff\n")
    assert (found.limits, found.discrete) == ((-5, 20), None)
    assert [place * 25 - 5 for place, _ in found.stops] == pytest.approx([-5, 0, 20])


def test_names_with_values_are_flat_colours_that_stand_for_them(read, complaint):
    found = read("a.csv", "value,label,red,green,blue\n3,water,0,0,200\n1,wood,0,200,0\n")
    assert (found.values, found.labels, found.discrete) == ((3, 1), ("water", "wood"), 2)
    assert complaint("a.csv", "value,label,r,g,b\n3,water,0,0,200\n3,wood,0,200,0\n") == (
        "a.csv:3: value 3 has a colour in line 2; give one to each"
    )


def test_columns_beyond_the_colours_are_said(read):
    table = read("a.csv", '"r","g","b","luminance","n of, uses"\n0,0.1,0.2,13,7\n1,0.9,0.8,95,9\n')
    assert table.stops[1][1] == (1, 0.9, 0.8, 1)
    assert table.warnings == ("What its columns 'luminance', 'n of, uses' say was not read.",)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('r,g,b\n"1,0,0\n0,1,0\n', 'a.csv:2: its quotes do not match; write "" for a quote within quotes'),
        ('r,g,b\n1,0,0\n0,"1"x,0\n', 'a.csv:3: its quotes do not match; write "" for a quote within quotes'),
        ("r,g,b\n1,0,0\n0,1\n", "a.csv:3: 2 numbers; a row of r, g, b was expected"),
        ("name,r,g,b\na,1,0,0\nb,0,x,0\n", "a.csv:3: 'x' is not a number; green was expected"),
        ("name,hex\na,#123456\nb,#12345\n", "a.csv:3: '#12345' is not a colour; write #rrggbb with six"),
        ("a,#123456\nb\n", "a.csv:2: 1 column where the rows above have 2; every row must have as many"),
        ("name,hex\na,#123456\n", "a.csv: it has 1 row of colours; give 2 or more"),
        ("r,g,b\n", "a.csv: it has no row of numbers; give rows of red, green, blue"),
    ],
)
def test_what_is_wrong_in_a_csv_is_said_with_its_line(complaint, text, message):
    assert complaint("a.csv", text).startswith(message)


def test_columns_that_are_not_there(complaint):
    assert complaint("a.txt", RAMP, columns="rgba") == "a.txt:1: 3 numbers; a row of r, g, b, a was expected"


def test_too_many_rows(complaint):
    assert (
        complaint("a.txt", "0 0 9\n" * 20000) == "a.txt:16385: there are more than 16384 rows; give a table of colours"
    )


def test_a_title_is_passed_over_with_a_warning(read):
    assert read("a.txt", "My own map\n" + RAMP).warnings == ("Its first line, 'My own map', was not read.",)


def test_credits_are_kept(read):
    text = "# Made in spring\n# Copyright 2020 A. Painter\n# Licence: CC0\n" + RAMP
    assert read("a.txt", text).licence == "Copyright 2020 A. Painter\nLicence: CC0"


# Notes.


@pytest.mark.parametrize(
    ("note", "message"),
    [
        ("limit: 0 1", "unknown note 'limit'; did you mean limits?"),
        ("limits: 0", "1 number; give the lower and the upper limit"),
        ("hinge: x", "'x' is not a number; the hinge was expected"),
        ("bad: 0 0 0", "3 numbers; give red, green, blue and alpha, 0 … 1"),
        ("bad: 0 0 0 2", "a share is 2; it must be in 0 … 1"),
        ("cyclic: no", "'no' is not 'yes'; or leave the note out"),
        ("name:", "the name is empty; give one"),
    ],
)
def test_notes_are_checked(complaint, note, message):
    assert complaint("a.txt", f"# traitsview colormap\n# {note}\n{RAMP}") == f"a.txt:2: {message}"


def test_notes_must_fit_the_colours(complaint):
    text = "# traitsview colormap\n# colors: flat\n# label: one\n" + RAMP
    assert complaint("a.txt", text) == "a.txt: it has 1 label for 3 colours; give one for each"
    text = "# traitsview colormap\n# hinge: 1\n# hinge: 2\n" + RAMP
    assert complaint("a.txt", text) == "a.txt:3: hinge is said twice; say it once"


def test_other_programs_comments_are_no_notes(read):
    assert read("a.txt", "# limits: none\n" + RAMP).limits is None


# Saving.

shares = st.integers(0, 1_000_000).map(lambda n: n / 1_000_000)
rgba = st.tuples(shares, shares, shares, shares | st.just(1.0))
words = st.text(st.characters(codec="utf-8", categories=("L", "N", "P")), min_size=1, max_size=20)
numbers = st.floats(-1e9, 1e9)


@st.composite
def colormaps(draw) -> Colormap:
    shades = draw(st.lists(rgba, min_size=2, max_size=9))
    attributes = {
        "under": draw(st.none() | rgba),
        "over": draw(st.none() | rgba),
        "bad": draw(st.none() | rgba),
        "limits": draw(st.none() | st.tuples(numbers, numbers)),
        "hinge": draw(st.none() | numbers),
        "cyclic": draw(st.booleans()),
        "licence": draw(st.just("") | words),
    }
    name = draw(words)
    if draw(st.booleans()):
        some = st.lists(words, min_size=len(shades), max_size=len(shades)).map(tuple)
        attributes["labels"] = draw(st.just(()) | some)
        return Colormap.from_colors(name, shades, flat=True, **attributes)
    inner = draw(st.lists(shares, min_size=len(shades) - 2, max_size=len(shades) - 2, unique=True))
    places = [0.0, *sorted(place for place in inner if 0 < place < 1), 1.0]
    stops = list(zip(places, shades, strict=False))
    if draw(st.booleans()):
        step = draw(st.integers(0, len(stops) - 1))
        stops.insert(step, (stops[step][0], draw(rgba)))
    return Colormap.from_stops(name, stops, **attributes)


def same(found: Colormap, meant: Colormap, but: tuple[str, ...] = ()) -> None:
    for each in dataclasses.fields(Colormap):
        if each.name not in ("gradient", *but):
            assert getattr(found, each.name) == getattr(meant, each.name), each.name
    assert found.discrete == meant.discrete
    assert [place for place, _ in found.stops] == pytest.approx([place for place, _ in meant.stops], abs=1e-12)
    np.testing.assert_allclose([c for _, c in found.stops], [c for _, c in meant.stops], rtol=0, atol=5.1e-7)


@settings(max_examples=60)
@given(colormaps())
def test_what_is_saved_as_text_is_loaded_again(tmp_path_factory, mine):
    path = tmp_path_factory.getbasetemp() / "mine.txt"
    save_colormap(mine, path)
    same(load_colormap(path), mine)


@settings(max_examples=40)
@given(colormaps())
def test_what_is_saved_as_csv_is_loaded_again_under_the_name_of_the_file(tmp_path_factory, mine):
    path = tmp_path_factory.getbasetemp() / "mine.csv"
    save_colormap(mine, path)
    same(load_colormap(path), mine, but=("name",))


def test_a_csv_of_colours_alone_has_no_comments(tmp_path):
    save_colormap(Colormap.from_colors("mine", [(0, 0.5, 1, 1), (1, 1, 1, 1)]), tmp_path / "mine.csv")
    assert (tmp_path / "mine.csv").read_text() == "r,g,b\n0.000000,0.500000,1.000000\n1.000000,1.000000,1.000000\n"


def test_text_is_what_numpy_reads(tmp_path):
    save_colormap(colormap("viridis"), tmp_path / "viridis.txt")
    np.testing.assert_allclose(np.loadtxt(tmp_path / "viridis.txt"), colormap("viridis").lut(256)[:, :3], atol=1e-6)


@pytest.mark.parametrize("name", ["viridis", "tab10", "cubehelix", "crameri:vik", "coolwarm", "twilight"])
def test_maps_of_the_catalogue_are_loaded_as_they_were_saved(tmp_path, name):
    save_colormap(colormap(name), tmp_path / "a.txt")
    found = load_colormap(tmp_path / "a.txt")
    assert found.name == name
    np.testing.assert_allclose(
        found.lut(256), colormap(name).lut(256), rtol=0, atol=1e-3 if name == "cubehelix" else 1e-6
    )


def test_text_can_be_read_as_csv_and_the_other_way_round(read):
    assert read("a.dat", RAMP, format="csv").stops == read("a.csv", RAMP, format="text").stops


def test_nothing_but_its_own_error(read):
    for name in ("text", "csv"):
        assert format_named(name).title
    with pytest.raises(ColormapError):
        read("a.txt", b"\0\1\2")


def test_intervals_before_colours_are_no_positions_with_alpha(read, complaint):
    text = "0 10 0 0 255\n10 20 0 255 0\n20 30 255 0 0\n"
    assert complaint("a.txt", text) == (
        "a.txt:1: its first two columns are the ends of intervals; give positions, or say columns=xrgba"
    )
    assert read("a.txt", text, columns="xrgba").stops[0][1] == (10 / 255, 0, 0, 1)
    assert len(read("a.txt", "0 0.5 0 0 1\n0.5 1 0 0 1\n1 1 1 1 1\n").stops) == 3


def test_names_in_quotes_before_values_and_colours_are_no_inks(read):
    found = read("a.txt", '"Value" "Red" "Green" "Blue"\n"water" 1 255 0 0\n"wood" 5 0 255 0\n')
    assert (found.values, found.labels) == ((1, 5), ("water", "wood"))
