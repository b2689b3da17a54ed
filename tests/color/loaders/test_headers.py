"""Lines above tables: names of colours, names of anything else, and titles."""

from __future__ import annotations

import pytest

ROWS = [(0.1, 0.2, 0.3), (0.5, 0.9, 0.7), (0.9, 0.4, 0.2)]
FOUR = [(0.1, *ROWS[0]), (0.2, *ROWS[1]), (0.9, *ROWS[2])]


def table(rows, separator=",", name=None):
    """Return rows as text, each behind its number where `name` makes one of it."""
    begins = [[] if name is None else [name(number)] for number in range(1, len(rows) + 1)]
    return "".join(separator.join([*begin, *map(str, row)]) + "\n" for begin, row in zip(begins, rows, strict=True))


@pytest.mark.parametrize(
    ("header", "names"),
    [
        ("h,s,v", "'h', 's', 'v'"),
        ("H;S;L", "'h', 's', 'l'"),
        ("L\ta\tb", "'l', 'a', 'b'"),
        ('"L*" "a*" "b*"', "'l*', 'a*', 'b*'"),
        ("Hue Saturation Value", "'hue', 'saturation', 'value'"),
        ("# H S V", "'h', 's', 'v'"),
        ("% x y z", "'x', 'y', 'z'"),
        ("lon,lat,depth", "'lon', 'lat', 'depth'"),
        ("time,temperature,humidity", "'time', 'temperature', 'humidity'"),
        ("Rot;Grün;Blau", "'rot', 'grün', 'blau'"),
    ],
)
@pytest.mark.parametrize("name", ["a.csv", "a.txt"])
def test_columns_that_are_no_colours_are_not_read_as_red_green_and_blue(read, complaint, name, header, names):
    separator = next((each for each in ",;\t" if each in header), " ")
    text = f"{header}\n{table(ROWS, separator)}"
    assert complaint(name, text) == (
        f"{name}:1: its columns {names} are no colours that we know; "
        "name those of the colours red, green, blue, or say columns=rgb if they are"
    )
    assert [color[:3] for _, color in read(name, text, columns="rgb").stops] == ROWS


def test_the_option_decides_about_four_columns_of_any_name(read, complaint):
    text = "c,m,y,k\n" + table(FOUR)
    assert complaint("a.csv", text).endswith("or say columns=rgba or columns=xrgb if they are")
    assert [color for _, color in read("a.csv", text, columns="rgba").stops] == FOUR
    assert [color[:3] for _, color in read("a.csv", text, columns="xrgb").stops] == ROWS


@pytest.mark.parametrize("title", ["Rain over fields", "Sand", "Colours of the sea by night"])
@pytest.mark.parametrize("separator", [" ", ","])
def test_a_sentence_is_a_title(read, title, separator):
    found = read("a.txt", f"{title}\n{table(ROWS, separator)}")
    assert (len(found.stops), found.warnings) == (3, (f"Its first line, '{title}', was not read.",))


@pytest.mark.parametrize(
    "text",
    [
        "V1,V2,V3\n" + table(ROWS),
        '"V1" "V2" "V3"\n' + table(ROWS, " ", '"{}"'.format),
        '"","X1","X2","X3"\n' + table(ROWS, ",", '"{}"'.format),
        ",0,1,2\n" + table(ROWS, ",", lambda number: str(number - 1)),
    ],
)
def test_names_that_only_count_are_red_green_and_blue(read, text):
    found = read("a.csv", text)
    assert [color[:3] for _, color in found.stops] == ROWS
    assert (found.limits, found.discrete, found.warnings) == (None, None, ())


def test_a_first_row_that_may_count_the_columns_is_warned_of(read):
    found = read("a.csv", "0,1,2\n26,0,32\n90,208,200\n")
    assert found.warnings == ("Its first row, 0, 1, 2, was read as a colour: remove it if it counts the columns.",)


@pytest.mark.parametrize(
    "header",
    [
        "LabelValue,Name,Color_R,Color_G,Color_B,Color_A",
        "id,class,r,g,b,a",
        "No.,Label,Colour R,Colour G,Colour B,Alpha",
        "#ID Name R G B A",
    ],
)
def test_labels_are_numbered_by_the_column_of_any_usual_name(read, header):
    separator = " " if header[0] == "#" else ","
    rows = [("4", "skin", "177", "122", "101", "255"), ("9", "bone", "241", "214", "145", "128")]
    found = read("a.csv", f"{header}\n{table(rows, separator)}")
    assert (found.values, found.labels, found.warnings) == ((4, 9), ("skin", "bone"), ())
    assert found.stops[1][1] == (241 / 255, 214 / 255, 145 / 255, 128 / 255)


@pytest.mark.parametrize("header", ["", '"","V1","V2","V3"\n'])
def test_rows_of_red_green_and_blue_are_refused_where_they_cannot_be_colours(read, complaint, header):
    turned = '"red",68,33,253\n"green",1,144,231\n"blue",84,140,37\n'
    assert complaint("a.csv", header + turned).endswith(
        "its rows are red, green, blue, and its columns are colours; write a row for each colour"
    )
    palette = '"red",228,26,28\n"green",77,175,74\n"blue",55,126,184\n'
    assert read("a.csv", header + palette).labels == ("red", "green", "blue")


def test_a_line_for_spreadsheets_says_nothing_of_colours(read):
    assert len(read("a.csv", "sep=;\nr;g;b\n68;1;84\n33;144;140\n").stops) == 2


def test_several_variables_of_octave_are_no_single_colormap(read, complaint):
    one = "# name: {}\n# type: matrix\n# rows: 3\n# columns: 3\n" + table(ROWS, " ")
    assert len(read("a.txt", "# Created by Octave 8\n" + one.format("map")).stops) == 3
    assert complaint("a.txt", one.format("map") + one.format("other")) == (
        "a.txt: it holds several variables of Octave; save the colormap by itself"
    )
