from __future__ import annotations

from pathlib import Path

import pytest

from traitsview.color.loaders.colormap_file import ColormapFile
from traitsview.color.loaders.formats import load_colormap, sniff

SHIPPED = Path(__file__).parents[3] / "colormaps"

INK, CLAY = (0x1F / 255, 0x24 / 255, 0x30 / 255, 1), (0xB5 / 255, 0x65 / 255, 0x1D / 255, 1)


def format_of(name, text):
    return sniff(ColormapFile(Path(name), text.encode())).name


def test_the_fixtures_are_a_ramp_and_two_palettes():
    estuary, lichen, heath = (load_colormap(SHIPPED / name) for name in ("estuary.pal", "lichen.txt", "heath.hex"))
    assert (estuary.discrete, len(estuary.stops), lichen.discrete, heath.discrete) == (None, 7, 6, 6)
    assert [round(part * 255) for part in estuary.stops[0][1]] == [0x5A, 0x4A, 0x32, 255]


@pytest.mark.parametrize("name", ["a.txt", "a.pal", "a.csv", "a"])
@pytest.mark.parametrize(
    "text",
    [
        "#1f2430\n#b5651d\n",
        "# two\n\n#1F2430\r\n#B5651D\r\n\x1a",
        "; two\n0x1f2430\n0xb5651d",
        "% two\n#1f2430\n#b5651d",
    ],
)
def test_a_list_of_colours_runs(read, name, text):
    if name == "a.pal" and text[0] in "#;" and text[1] == " ":
        text = text.replace("# two", "% two").replace("; two", "% two")
    found = read(name, text)
    assert (found.discrete, found.labels, found.warnings) == (None, (), ())
    assert [color for _, color in found.stops] == [INK, CLAY]


@pytest.mark.parametrize("text", ["#1f2430 dark ink\n#b5651d clay\n", "#1f2430, dark ink\n#b5651d, clay\n"])
def test_colours_with_names_are_flat(read, text):
    found = read("a.txt", text)
    assert (found.discrete, found.labels) == (2, ("dark ink", "clay"))


def test_the_colours_of_a_palette_need_no_mark(read):
    found = read("a.hex", "1f2430\r\nb5651d\r\n123456\r\n")
    assert (found.discrete, found.stops[1][1]) == (3, CLAY)


def test_alpha_is_last_as_in_css_unless_it_can_only_be_first(read):
    assert read("a.txt", "#1f243080\n#b5651dff\n").stops[0][1] == (*INK[:3], 128 / 255)
    first = read("a.txt", "#ff1f2430\n#ffb5651d\n")
    assert [color for _, color in first.stops] == [INK, CLAY]
    assert first.warnings == ("Its colours begin with ff: read as alpha, red, green, blue.",)
    assert read("a.pal", "#801f2430\n#ffb5651d\n").stops[0][1] == (*INK[:3], 128 / 255)
    assert read("a.txt", "; paint.net Palette File\nFF1F2430\n80B5651D\n").stops[1][1] == (*CLAY[:3], 128 / 255)


def test_each_kind_is_known(read):
    assert format_of("a.pal", "% x\n#1f2430\n#b5651d\n") == "ncwms"
    assert format_of("a.txt", "; x\nFF1F2430\nFFB5651D\n") == "paintnet"
    assert format_of("a.txt", "#1f2430\n#b5651d\n") == "hex"
    assert format_of("a.pal", "2\n#1f2430\n#b5651d\n") == "plplot"
    assert format_of("a.txt", "# facade\n0 0 0\n1 1 0.5\n") == "text"


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.hex", "1f2430\n1f243\n", "a.hex:2: '1f243' is not a colour; write #rrggbb with six hexadecimal digits"),
        ("a.hex", "# nothing\n", "a.hex: it has no colour; write a #rrggbb in each line"),
        ("a.hex", "#123456\n" * 16_385, "a.hex:16385: there are more than 16384 colours; give a palette"),
    ],
)
def test_each_fault_is_named_with_its_line(complaint, name, text, message):
    assert complaint(name, text, "hex") == message


def test_numbers_behind_colours_are_positions_and_no_names(read):
    found = read("a.txt", "#ff0000 0.0\n#00ff00 0.2\n#0000ff 1.0\n")
    assert (found.discrete, found.labels) == (None, ())
    assert [place for place, _ in found.stops] == [0, 0.2, 1]


@pytest.mark.parametrize("mark", ["# ", "// ", "; "])
def test_names_may_stand_in_comments(read, mark):
    assert read("a.txt", f"#ff0000 {mark}red\n#00ff00 {mark}green\n").labels == ("red", "green")
