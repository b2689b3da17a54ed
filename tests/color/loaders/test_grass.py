from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from traitsview.color.loaders.formats import load_colormap
from traitsview.errors import ColormapError

FIXTURES = Path(__file__).parents[3] / "colormaps"


@pytest.fixture
def load(tmp_path):
    def load(text, name="map.rules", format="grass"):
        (tmp_path / name).write_text(text)
        return load_colormap(tmp_path / name, format)

    return load


def test_the_fixture_is_in_percent():
    found = load_colormap(FIXTURES / "watershed.rules")
    assert (found.name, found.limits, found.warnings) == ("watershed", None, ())
    assert found.bad == (0.75, 0.75, 0.75, 1)
    np.testing.assert_allclose(found.lut(101)[[0, 35, 85, 100], 0] * 255, [236, 170, 36, 18], atol=1e-6)


@pytest.mark.parametrize(
    "row", ["10 30 40 50", "10\t30,40,50", "10:30:40:50", "10,30,40,50", "10 30:40:50", "10  30 40 50 255"]
)
def test_parts_may_be_parted_by_anything(load, row):
    assert load(f"{row}\n20 white\n").stops[0][1] == pytest.approx((30 / 255, 40 / 255, 50 / 255, 1))


def test_values_become_limits_and_specials_the_colours_beyond(load):
    found = load("-5 black\n15 0 0 255 128\nnv 255:0:0\ndefault orange\n")
    assert found.limits == (-5, 15)
    assert found.stops[1][1] == pytest.approx((0, 0, 1, 128 / 255))
    assert (found.bad, found.under, found.over) == ((1, 0, 0, 1), (1, 0.5, 0, 1), (1, 0.5, 0, 1))


def test_values_may_fall_and_may_repeat_for_a_hard_step(load):
    falling = load("3000 white\n0 green\n0 blue\n-100 black\n")
    rising = load("-100 black\n0 blue\n0 green\n3000 white\n")
    assert falling.limits == rising.limits == (-100, 3000)
    assert falling.stops == rising.stops


def test_a_value_between_the_percentages_is_a_hinge(load):
    found = load("0% blue\n7 white\n100% red\n")
    assert (found.hinge, found.limits, found.warnings) == (7, None, ())
    np.testing.assert_allclose(found.lut(3)[:, :3], [[0, 0, 1], [1, 1, 1], [1, 0, 0]])


def test_values_between_the_percentages_leave_room_for_an_image_s_own_limits(load):
    found = load("0% black\n-1 blue\n1 yellow\n100% white\n")
    assert found.limits == (-3, 3)
    assert found.warnings == ("Its 0 % and 100 % are an image's own limits: drawn at -3 and 3.",)
    np.testing.assert_allclose(found.lut(4)[:, 2], [0, 1, 0, 1], atol=1e-9)


def test_percentages_that_do_not_reach_the_ends_are_drawn_out(load):
    found = load("20% red\n80% blue\n")
    assert found.warnings == (
        "It begins at 20 %: its first colour was drawn out to 0.",
        "It ends at 80 %: its last colour was drawn out to 100.",
    )


#: The example of GDAL's manual, which has all that the two programs' files have.
RELIEF = "3500 white\n2500 235:220:175\n50% 190 185 135\n700 240 250 150\n0 50 180 50\nnv 0 0 0 0\n"


@pytest.mark.parametrize("name", ["map.txt", "map", "relief.clr"])
def test_percentages_among_values_are_placed_in_their_range(load, name):
    found = load(RELIEF, name, None)
    assert (found.limits, found.bad) == ((0, 3500), (0, 0, 0, 0))
    places = [0, 700, 1750, 2500, 3500]
    assert [place * 3500 for place, _ in found.stops] == pytest.approx(places)
    assert [round(color[0] * 255) for _, color in found.stops] == [50, 240, 190, 235, 255]
    assert found.warnings == ("Percentages among its values (50 %) are of an image's own range: placed in 0 to 3500.",)


def test_percentages_among_values_and_at_the_ends(load):
    rising = load("0% black\n0 blue\n50% green\n10 yellow\n100% white\n")
    falling = load("100% white\n10 yellow\n50% green\n0 blue\n0% black\n")
    assert rising == falling
    assert rising.limits == (-10, 20)
    assert [place for place, _ in rising.stops] == pytest.approx([0, 1 / 3, 0.5, 2 / 3, 1])
    assert len(rising.warnings) == 2
    assert load("100% red\n7 white\n0% blue\n").hinge == 7


def test_end_ends_the_rules(load):
    assert load("0 blue\n9 red\nend\n") == load("0 blue\n9 red\n")
    assert load("0% blue\n100% red\nend\nwhatever follows\n", "map.txt", None).discrete is None


@pytest.mark.parametrize("name", ["map", "map.txt", "map.rules", "map.clr"])
def test_rules_are_recognised_unless_they_are_only_numbers(load, name):
    assert load("# mine\n0% 0 0 0\n100% 255 255 255\n", name, None).limits is None
    assert load("0 blue\n9 red\n", name, None).limits == (0, 9)
    numbers = "".join(f"{i} 0 0 {i}\n" for i in range(20))
    assert load(numbers + "nv 0 0 0\n", name, None).bad == (0, 0, 0, 1)
    assert load("0 0:0:0\n9 9:9:9\n", name, None).limits == (0, 9)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("0 blue\n1 rde\n", "map.rules:2: unknown colour 'rde'; did you mean red?"),
        ("0 blue\n1 mauve\n", "map.rules:2: unknown colour 'mauve'; one of white, black, red, green, blue, "),
        ("0 blue\n1 255\n", "map.rules:2: its colour has 1 part; give a name, or red, green, blue in 0 … 255"),
        ("0 blue\n1\n", "map.rules:2: its colour has 0 parts; give a name, or red, green, blue in 0 … 255"),
        ("0 blue\n1 0:0\n", "map.rules:2: its colour has 2 parts; give a name, or red, green, blue in 0 … 255"),
        ("0 blue\n1 0:0:256\n", "map.rules:2: a part of a colour is 256; it must be in 0 … 255"),
        ("0 blue\n1 0:0:-5\n", "map.rules:2: a part of a colour is -5; it must be in 0 … 255"),
        ("0 blue\n1 0:abc:0\n", "map.rules:2: 'abc' is not a whole number; a part of a colour was expected"),
        ("0 blue\nabc red\n", "map.rules:2: 'abc' is not a number; a value was expected"),
        ("0% blue\n101% red\n", "map.rules:2: a percentage is 101; it must be in 0 … 100"),
        ("0% blue\n60% red\n50% red\n100% red\n", "map.rules:3: 50 follows 60; values must rise, or fall all the way"),
        ("9 blue\n1 red\n5 red\n0 red\n", "map.rules:3: 5 follows 1; values must rise, or fall all the way"),
        ("5 blue\n5 red\n", "map.rules:2: all values are 5; give two values or more"),
        ("5 blue\n", "map.rules: it has one colour; give two values or more"),
        ("nv red\nnv red\n", "map.rules:2: a second 'nv'; remove one"),
        ("nv red\n", "map.rules: it has no colour; give a value and a colour in each line"),
        ("0% blue\n5 red\n40% red\n100% red\n", "map.rules:3: 40 % among values means another place for each"),
        ("0 blue\n5 red\n0% red\n", "map.rules:3: 0 % or 100 % stands among the values; put 0 % first and 100 % last"),
        ("0 blue\n20% red\n1 red\n10 red\n", "map.rules:2: 20 % of its range lies at 2, not between 0 and 1; give"),
        ("0% blue\n0% red\n1 red\n10 red\n", "map.rules:2: 0 % is there twice; remove one"),
        ("0% blue\n5 red\n", "map.rules: it has one value and one percentage; give both 0 % and 100 %"),
    ],
)  # fmt: skip
def test_each_fault_is_named_with_its_line(load, text, message):
    with pytest.raises(ColormapError) as caught:
        load(text)
    assert message in str(caught.value)


def test_words_may_be_in_capital_letters(read):
    found = read("a.txt", "0 Red\n10 0 0 255\nNV 1 2 3\n")
    assert (found.limits, found.bad) == ((0, 10), (1 / 255, 2 / 255, 3 / 255, 1))


def test_rules_may_be_numbers_only_where_the_extension_says_what_they_are(read):
    found = read("a.rules", "0 0 0 255\n1 0 255 0\n1 255 255 0\n2 255 0 0\n")
    assert [(place * 2, color[0]) for place, color in found.stops] == [(0, 0), (1, 0), (1, 1), (2, 1)]
    assert found.limits == (0, 2)
