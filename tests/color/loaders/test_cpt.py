from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from traitsview.color.catalogue import colormap
from traitsview.color.colormap import Colormap
from traitsview.color.loaders.formats import load_colormap, save_colormap
from traitsview.color.loaders.x11_colors import color_names, named_color
from traitsview.color.look import Look
from traitsview.color.shading import Shading
from traitsview.color.spaces import hsv_to_rgb
from traitsview.errors import ColormapError
from traitsview.sources.summary import summary_of

SHIPPED = Path(__file__).parents[3] / "colormaps"


def rgb(stop):
    return [round(part * 255, 6) for part in stop[1][:3]]


def at(found, places):
    """Return the colours at places, between stops too."""
    if found.discrete:
        return found.lut(found.discrete)[(np.asarray(places) * found.discrete).astype(int)]
    positions = [place for place, _ in found.stops]
    colors = np.array([color for _, color in found.stops])
    return np.stack([np.interp(places, positions, channel) for channel in colors.T], axis=-1)


def test_the_table_that_comes_with_us_has_a_coast():
    shore = load_colormap(SHIPPED / "shoreline.cpt")
    assert shore.name == "shoreline"
    assert shore.limits == (-6000, 4000)
    assert shore.hinge == 0
    assert shore.licence == "Licence: BSD-3-Clause, the traitsview developers"
    assert shore.warnings == ()
    assert [place for place, _ in shore.stops] == pytest.approx([0, 0.2, 0.4, 0.5, 0.5, 0.575, 0.75, 0.9, 1])
    assert rgb(shore.stops[3]) == [186, 226, 228]
    assert rgb(shore.stops[4]) == [46, 104, 62]
    assert shore.under == pytest.approx((4 / 255, 8 / 255, 34 / 255, 1))
    assert shore.over == (1, 1, 1, 1)
    assert shore.bad == (0.6, 0.6, 0.6, 1)


@pytest.mark.parametrize(
    ("word", "color"),
    [
        ("white", (255, 255, 255)),
        ("Gray80", (204, 204, 204)),
        ("grey50", (127, 127, 127)),
        ("darkorange3", (205, 102, 0)),
        ("bisque2", (238, 213, 183)),
        ("lightbrown", (235, 190, 85)),
        ("51", (51, 51, 51)),
        ("12.75", (12.75, 12.75, 12.75)),
        ("10/20/30", (10, 20, 30)),
        ("240-0.5-1", (127.5, 127.5, 255)),
        ("0/100/50/20", (204, 0, 76.5)),
        ("#0a141E", (10, 20, 30)),
    ],
)
def test_colours_in_every_form(read, word, color):
    found = read("a.cpt", f"0 {word} 1 black\n")
    assert rgb(found.stops[0]) == pytest.approx(color, abs=1e-5)
    assert rgb(found.stops[1]) == [0, 0, 0]


def test_transparency_is_in_percent(read):
    found = read("a.cpt", "0 red@25 1 10/20/30@100\nN blue@50\n")
    assert [color[3] for _, color in found.stops] == [0.75, 0]
    assert found.bad == (0, 0, 1, 0.5)


def test_names_are_those_of_x11():
    assert named_color("gray") == (190, 190, 190)
    assert named_color("green") == (0, 255, 0)
    assert named_color("maroon") == (176, 48, 96)
    assert named_color("GREY100") == (255, 255, 255)
    assert named_color("gray101") is None
    assert named_color("snow4") == (139, 137, 137)
    assert len(color_names()) == 454


def test_colours_in_three_columns(read):
    assert rgb(read("a.cpt", "0 10 20 30 1 40 50 60\n").stops[1]) == [40, 50, 60]
    hsv = read("a.cpt", "# COLOR_MODEL = HSV\n0 0 1 1 1 240 1 1\nB 120 1 0.5\n")
    assert [rgb(stop) for stop in hsv.stops] == [[255, 0, 0], [0, 0, 255]]
    assert hsv.under == (0, 0.5, 0, 1)


def test_colours_in_four_columns(read):
    found = read("a.cpt", "#COLOR_MODEL = CMYK\n0 0 100 100 0 1 100 40 0 50\nN 0 0 0 50\n")
    np.testing.assert_allclose([rgb(stop) for stop in found.stops], [[255, 0, 0], [0, 25.5, 127.5]])
    assert found.bad == (0.5, 0.5, 0.5, 1)


@pytest.mark.parametrize("model", ["hsv", "+HSV", "+hsv"])
def test_hues_run_by_number_as_in_gmt(read, model):
    found = read("a.cpt", f"# COLOR_MODEL = {model}\n0 0-1-1 1 360-1-1\n")
    places = np.linspace(0, 1, 1001)
    wanted = hsv_to_rgb(np.stack([places, np.ones(1001), np.ones(1001)], axis=-1))
    assert np.abs(at(found, places)[:, :3] - wanted).max() < 1e-3
    down = read("a.cpt", f"# COLOR_MODEL = {model}\n0 magenta 1 red\n")
    wanted = hsv_to_rgb(np.stack([5 / 6 * (1 - places), np.ones(1001), np.ones(1001)], axis=-1))
    assert np.abs(at(down, places)[:, :3] - wanted).max() < 1e-3


def test_slices_may_jump_and_stay(read):
    found = read("a.cpt", "0 red 0.5 red\n0.5 blue 1 white\n")
    assert [place for place, _ in found.stops] == [0, 0.5, 0.5, 1]
    assert [rgb(stop) for stop in found.stops] == [[255, 0, 0], [255, 0, 0], [0, 0, 255], [255, 255, 255]]
    assert found.limits is None


def test_flat_slices_of_one_width_are_flat_colours(read):
    found = read("a.cpt", "10 red 20 red ;low\n20 blue 30 - ;high\n30 lime 40 lime\n".replace("lime", "green"))
    assert found.discrete == 3
    assert found.limits == (10, 40)
    assert found.labels == ("low", "high", "")
    assert [rgb(stop) for stop in found.stops] == [[255, 0, 0], [0, 0, 255], [0, 255, 0]]


def test_flat_slices_of_other_widths_are_hard_steps(read):
    found = read("a.cpt", "0 red 1 red ;low\n1 blue 4 blue ;high\n")
    assert found.discrete is None
    assert [place for place, _ in found.stops] == [0, 0.25, 0.25, 1]
    assert found.warnings == ("The labels of its slices are not kept.",)


def test_skipped_slices_are_transparent(read):
    found = read("a.cpt", "0 red 1 blue\n1 - 2 -\n2 red 3 red\nB -\n")
    assert [color[3] for _, color in found.stops] == [1, 1, 0, 0, 1, 1]
    assert found.under == (0, 0, 0, 0)


@pytest.mark.parametrize("between", ["", "300 red 200 blue\n"])
def test_a_table_that_falls_is_read_as_gdal_does(read, between):
    found = read("a.cpt", f"400 white 300 red L\n{between}200 blue 100 black\nN 128\n")
    assert found.limits == (100, 400)
    assert [place for place, _ in found.stops] == pytest.approx([0, 1 / 3, 2 / 3, 1])
    assert [rgb(stop) for stop in found.stops] == [[0, 0, 0], [0, 0, 255], [255, 0, 0], [255, 255, 255]]
    assert found.bad == (128 / 255, 128 / 255, 128 / 255, 1)
    assert any(warning.startswith("Its slices fall, which GMT refuses") for warning in found.warnings)


def test_categories(read):
    found = read("a.cpt", "1\tred ;rock; hard\n2\t30/90/200 ;water\n7\t#ffffff\nN\tblack\n")
    assert found.discrete == 3
    assert found.values == (1, 2, 7)
    assert found.labels == ("rock; hard", "water", "")
    assert found.bad == (0, 0, 0, 1)
    assert found.limits is None


def test_values_that_categories_do_not_list_have_the_colour_of_n(read):
    found = read("a.cpt", "1 red\n2 blue\nB white\nF black\nN 128\n")
    shading = Shading.of(summary_of(np.empty(0), exact=True), Look(found, (0, 1)))
    pixels = shading.rgba(np.array([[1.0, 2, 0, 3, -7, 1.5, 1e9, np.nan]]))[0, :, :3]
    assert pixels.tolist() == [[255, 0, 0], [0, 0, 255], *[[128, 128, 128]] * 6]


def test_categories_of_words(read):
    found = read("a.cpt", "sand yellow ;Desert\nrock gray\n\\B blue\n")
    assert found.values == ()
    assert found.labels == ("Desert", "rock", "B")
    assert found.warnings == ("Its keys are words: they became labels, and stand for no values.",)


def test_a_hard_hinge_is_in_the_middle(read):
    found = read("a.cpt", "# HARD_HINGE\n-1000 blue 0 white\n0 green 500 yellow\n500 yellow 4000 red\n")
    assert found.hinge == 0
    assert found.limits == (-1000, 4000)
    assert [place for place, _ in found.stops] == [0, 0.5, 0.5, 0.5625, 1]
    even = read("a.cpt", "# HARD_HINGE\n-1 blue 1 red\n")
    assert (even.hinge, even.limits) == (0, None)
    old = read("a.cpt", "# HINGE = 100\n0 blue 100 white\n100 white 300 red\n")
    assert old.hinge == 100
    assert [place for place, _ in old.stops] == [0, 0.5, 1]


def test_a_soft_hinge_is_said_and_not_used(read):
    found = read("a.cpt", "# SOFT_HINGE\n-1 blue 0 white\n0 white 1 red\n")
    assert found.hinge is None
    assert found.warnings == ("Its hinge at 0 is soft: it takes effect only with a scale that has a hinge there.",)
    uneven = read("a.cpt", "# SOFT_HINGE\n-8000 blue 0 white\n0 green 4000 red\n")
    assert (uneven.hinge, uneven.warnings) == (None, ("Its hinge at 0 is soft: it takes no effect.",))


def test_ranges_and_cycles(read):
    found = read("a.cpt", "#CYCLIC\n# RANGE = -500/3e3\n0 red 1 red\n")
    assert found.cyclic
    assert found.limits == (-500, 3000)
    assert read("a.cpt", "# Cyclic it is not, RANGE = 1\n0 red 1 red\n").cyclic is False


def test_slices_in_other_units_than_their_range_are_said(read):
    found = read("a.cpt", "# RANGE = -500/3000\n0 red 9999 blue\n")
    assert found.limits == (-500, 3000)
    assert found.warnings == ("Its slices go from 0 to 9999: they were stretched to its RANGE.",)


def test_letters_for_annotation_are_passed_over(read):
    found = read("a.cpt", "0 red 1 blue L\n1 blue 2 white B;low;high\n2 0 0 0 3 9 9 9 U\n")
    assert found.warnings == (
        "Which ends of its slices get numbers (L, U, B) is not kept.",
        "The label of the upper end of a slice is not kept.",
        "The labels of its slices are not kept.",
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("0 red 0.5 blue\n0.6 blue 1 red\n", "1: slice ends at 0.5 but the next starts at 0.6; slices must touch"),
        ("0 red 1 blue\n0 blue 2 red\n", "1: slice ends at 1 but the next starts at 0; slices must touch"),
        ("1 red 1 blue\n", "1: slice goes from 1 to 1; slices must rise"),
        ("1 red 0 blue\n", "1: slice goes from 1 to 0; slices must rise"),
        ("2 red 1 blue\n1 blue 2 red\n", "1: slice goes from 2 to 1; slices must rise"),
        ("0 red 1 blue\n2 blue 1 red\n", "2: slice goes from 2 to 1; slices must rise"),
        ("2 red 0 blue\n1 blue -1 red\n", "1: slice goes from 2 to 0, into the next one; slices must not overlap"),
        ("0 red abc blue\n", "1: 'abc' is not a number; the upper end of a slice was expected"),
        ("nan red 1 blue\n", "1: 'nan' is not a number; the lower end of a slice was expected"),
        ("0 256 1 blue\n", "1: grey is 256; it must be in 0 … 255"),
        ("0 -5 1 blue\n", "1: grey is -5; it must be in 0 … 255"),
        ("0 1/2/9999 1 blue\n", "1: blue is 9999; it must be in 0 … 255"),
        ("0 1/2/-3 1 blue\n", "1: blue is -3; it must be in 0 … 255"),
        ("0 1/2/x 1 blue\n", "1: 'x' is not a number; blue was expected"),
        ("0 361-1-1 1 blue\n", "1: hue is 361; it must be in 0 … 360"),
        ("0 1-2-1 1 blue\n", "1: saturation is 2; it must be in 0 … 1"),
        ("0 0/0/0/101 1 blue\n", "1: black is 101; it must be in 0 … 100"),
        ("0 red@101 1 blue\n", "1: transparency is 101; it must be in 0 … 100"),
        ("0 #12345 1 blue\n", "1: '#12345' is not a colour; write #rrggbb with six hexadecimal digits"),
        ("0 grren 1 blue\n", "1: 'grren' is not a colour; did you mean green?"),
        (
            "0 12px 1 blue\n",
            "1: '12px' is not a number; grey was expected",
        ),
        ("0 p16+r200 1 -\n", "1: 'p16+r200' is a pattern; a colormap has colours only: give a colour in its place"),
        ("0 - 1 red\n", "1: a slice begins with - and ends with a colour; skip it whole, with - at both ends"),
        (
            "0 red 1\n",
            "1: 3 words; a slice has two values with a colour each, a category a key and a colour",
        ),
        ("0 1 2 3 1 4 5 6\n1 red\n", "2: a category among slices; a table has either"),
        ("1 red\n1 red 2 blue\n", "2: a slice among categories; a table has either"),
        ("1 red\n1 blue\n", "2: key 1 comes after 1; keys must rise"),
        ("1 red\nabc blue\n", "2: key 'abc' among others; keys are all numbers or all words"),
        ("1 red\n2x blue\n", "2: '2x' is not a number; a key was expected"),
        ("# HARD_HINGE\n1 red\n2 blue\n", "1: a hinge in a table of categories; leave it out"),
        ("# COLOR_MODEL = CMYK\n0 1 2 3 1 4 5 6\n", "2: a colour of 3 words in CMYK; give one word, or all its parts"),
        ("0 1 2 3 4 1 4 5 6 7\n", "1: a colour of 4 words in RGB; give one word, or all its parts"),
        ("# COLOR_MODEL = LAB\n0 red 1 blue\n", "1: unknown colour model 'LAB'; one of RGB, HSV, CMYK"),
        ("0 red 1 blue\n# COLOR_MODEL = HSV\n", "2: the colour model comes after colours; put it above them"),
        ("# CYCLIC\n# CYCLIC\n", "2: CYCLIC is said twice, first in line 1; say it once"),
        ("# RANGE = 3/1\n", "1: the range goes from 3 to 1; it must rise"),
        ("# RANGE = 3\n", "1: '3' is no range; write RANGE = low/high"),
        ("# RANGE = 1/x\n", "1: 'x' is not a number; a limit of the range was expected"),
        ("# HARD_HINGE\n0 red 1 blue\n", "1: there is a hinge, but no slice ends at 0; let two slices meet there"),
        (
            "# HARD_HINGE\n-1 red 2 blue\n",
            "1: there is a hinge, but no slice ends at 0; let two slices meet there",
        ),
        (
            "# HINGE = 1\n# RANGE = 0/9\n0 red 1 blue\n1 red 2 blue\n",
            "1: a hinge at 1 and a RANGE; with a range, put the hinge at 0",
        ),
        ("0 red 1 blue\nB red\nB blue\n", "3: B is said twice; say it once"),
        ("0 red 1 blue\nN\n", "2: a colour of 0 words in RGB; give one word, or all its parts"),
    ],
)
def test_each_mistake_is_named_with_its_line(complaint, text, message):
    assert complaint("geo.cpt", text) == f"geo.cpt:{message}"


def test_a_table_without_colours(complaint):
    assert complaint("geo.cpt", "# RANGE = 0/1\nB red\n") == (
        "geo.cpt: it has no slice of colours; give rows such as: 0 black 1 white"
    )


def test_tables_are_known_without_their_extension(read):
    for text in ("0 1/2/3 1 red\n", "# COLOR_MODEL = RGB\n0 1 2 3 1 4 5 6\n", "B red\n# HARD_HINGE\n-1 red 1 blue\n"):
        assert read("geo.txt", text).stops


# Saving.

shares = st.integers(0, 1_000_000).map(lambda n: n / 1_000_000)
rgba = st.tuples(shares, shares, shares, shares | st.just(1.0))
words = st.text(st.characters(codec="utf-8", categories=("L", "N", "Pd", "Po")), min_size=1, max_size=20)
numbers = st.floats(-1e9, 1e9)


@st.composite
def colormaps(draw) -> Colormap:
    shades = draw(st.lists(rgba, min_size=2, max_size=9))
    attributes = {
        "under": draw(st.none() | rgba),
        "over": draw(st.none() | rgba),
        "bad": draw(st.none() | rgba),
        "limits": draw(st.none() | st.tuples(numbers, numbers).filter(lambda pair: pair[0] < pair[1])),
        "hinge": draw(st.sampled_from([None, 0.0])),
        "cyclic": draw(st.booleans()),
        "licence": draw(st.sampled_from(["", "Copyright 2020 me\nLicense: MIT"])),
    }
    name = draw(words)
    kind = draw(st.sampled_from(["flat", "categories", "stops"]))
    if kind != "stops":
        some = st.lists(words, min_size=len(shades), max_size=len(shades)).map(tuple)
        attributes["labels"] = tuple(label.replace(";", ",") for label in draw(st.just(()) | some))
        if kind == "categories":
            attributes |= {"hinge": None, "values": tuple(sorted(draw(st.sets(numbers, min_size=9))))[: len(shades)]}
        return Colormap.from_colors(name, shades, flat=True, **attributes)
    inner = draw(st.lists(shares, min_size=len(shades) - 2, max_size=len(shades) - 2, unique=True))
    places = [0.0, *sorted(place for place in inner if 0 < place < 1), 1.0]
    stops = list(zip(places, shades, strict=False))
    if len(stops) > 2 and draw(st.booleans()):
        step = draw(st.integers(1, len(stops) - 2))
        stops.insert(step, (stops[step][0], draw(rgba)))
    if attributes["hinge"] == 0 and 0.5 not in places:
        stops = [(place / 2, color) for place, color in stops] + [(1.0, shades[0])]
    return Colormap.from_stops(name, stops, **attributes)


@settings(max_examples=200)
@given(colormaps())
def test_what_is_saved_is_loaded_again_under_the_name_of_the_file(tmp_path_factory, mine):
    path = tmp_path_factory.getbasetemp() / "mine.cpt"
    save_colormap(mine, path)
    found = load_colormap(path)
    for each in dataclasses.fields(Colormap):
        if each.name not in ("gradient", "name", "under", "over", "bad"):
            assert getattr(found, each.name) == getattr(mine, each.name), each.name
    for end in ("under", "over", "bad"):
        assert (getattr(mine, end) is None) == (getattr(found, end) is None)
        assert getattr(found, end) == pytest.approx(getattr(mine, end), abs=1e-7)
    steps = np.arange(1, 200) / 200 + 1e-4  # beside hard steps
    beside = np.abs(steps[:, None] - [place for place, _ in mine.stops]).min(axis=1) > 1e-9
    np.testing.assert_allclose(at(found, steps)[beside], at(mine, steps)[beside], rtol=0, atol=1e-6)


def test_colours_that_come_out_of_nothing_are_kept(tmp_path):
    clear, red = (0.0, 0.0, 0.0, 0.0), (1.0, 0.0, 0.0, 0.25)
    mine = Colormap.from_stops("mine", [(0, clear), (0.25, red), (0.5, clear), (1, clear)], bad=clear)
    save_colormap(mine, tmp_path / "a.cpt")
    found = load_colormap(tmp_path / "a.cpt")
    assert found.stops == mine.stops
    assert found.bad == clear


@pytest.mark.parametrize("name", ["viridis", "tab10", "cubehelix", "crameri:vik"])
def test_maps_of_the_catalogue_are_loaded_as_they_were_saved(tmp_path, name):
    save_colormap(colormap(name), tmp_path / "a.cpt")
    np.testing.assert_allclose(load_colormap(tmp_path / "a.cpt").lut(256), colormap(name).lut(256), atol=1e-6)


@pytest.mark.parametrize(
    ("attributes", "why"),
    [
        ({"hinge": 3.0}, "it has a hinge at 3; GMT has hinges at 0 only"),
        ({"labels": ("a\nb", "")}, "a label has a line break or a semicolon; change it"),
        ({"labels": ("a;b", "")}, "a label has a line break or a semicolon; change it"),
        ({"values": (2, 1)}, "its values do not rise; sort its colours by value"),
        ({"values": (1,)}, "GMT's categories have one value each and no hinge; use another format"),
        ({"limits": (2, 1)}, "its limits are 2 and 1; they must rise"),
    ],
)
def test_what_a_table_cannot_hold_is_refused(tmp_path, attributes, why):
    mine = Colormap.from_colors("mine", [(0, 0, 0, 1), (1, 1, 1, 1)], flat=True, **attributes)
    with pytest.raises(ColormapError) as caught:
        save_colormap(mine, tmp_path / "a.cpt")
    assert str(caught.value) == f"cannot write 'mine' as .cpt: {why}"
    assert not list(tmp_path.iterdir())


def test_names_and_credits_are_comments_that_say_nothing_else(tmp_path):
    mine = dataclasses.replace(colormap("gray"), name="CYCLIC", licence="RANGE = 1/2\nfor all")
    save_colormap(mine, tmp_path / "a.cpt")
    found = load_colormap(tmp_path / "a.cpt")
    assert (found.cyclic, found.limits) == (False, None)
    assert found.licence == "Licence: RANGE = 1/2\nLicence: for all"
