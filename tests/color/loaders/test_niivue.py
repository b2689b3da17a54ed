from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from traitsview.color.loaders.formats import load_colormap

FIXTURE = Path(__file__).parents[3] / "colormaps" / "amber.json"

MAP = {"R": [0, 128, 255], "G": [0, 64, 255], "B": [51, 0, 255], "A": [0, 64, 128], "I": [0, 64, 255]}
VOLUMES = "Its opacity is for volumes, not for surfaces and images: it was left out."


def test_the_fixture_has_limits():
    found = load_colormap(FIXTURE)
    assert (found.name, found.limits, found.warnings) == ("amber", (40, 900), ())
    np.testing.assert_allclose([place * 255 for place, _ in found.stops], [0, 70, 180, 255])


def test_the_opacity_of_volumes_is_left_out(read):
    found = read("a.json", json.dumps(MAP))
    assert found.stops == ((0, (0, 0, 0.2, 1)), (64 / 255, (128 / 255, 64 / 255, 0, 1)), (1, (1, 1, 1, 1)))
    assert found.warnings == (VOLUMES,)
    assert read("a.json", json.dumps(MAP | {"A": [255, 255, 255]})).warnings == ()


def test_equal_limits_leave_them_to_the_image(read):
    assert read("a.json", json.dumps(MAP | {"min": 0, "max": 0})).limits is None
    assert read("a.json", json.dumps(MAP | {"min": -5, "max": 7.5})).limits == (-5, 7.5)


def test_positions_are_drawn_out_and_may_be_missing(read):
    found = read("a.json", json.dumps(MAP | {"I": [10, 64, 250], "A": [255] * 3}))
    assert found.warnings == (
        "It begins at 10: its first colour was drawn out to 0.",
        "It ends at 250: its last colour was drawn out to 255.",
    )
    assert [place for place, _ in read("a.json", json.dumps({key: MAP[key] for key in "RGB"})).stops] == [0, 0.5, 1]


def test_labels_are_flat_and_have_alpha(read):
    table = MAP | {"I": [0, 7, 1024], "labels": ["air", "", "bone"]}
    found = read("a.json", json.dumps(table))
    assert (found.discrete, found.values, found.labels) == (3, (0, 7, 1024), ("air", "", "bone"))
    assert [color[3] for _, color in found.stops] == [0, 64 / 255, 128 / 255]
    counted = read("a.json", json.dumps(MAP | {"I": [0, 1, 2]}))
    assert (counted.discrete, counted.values, counted.labels) == (3, (0, 1, 2), ())


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"I": [0, 64, 128, 255]}, "a.json: I has 4 items for 3 colours; give one for each"),
        ({"G": [0, 1]}, "a.json: G has 2 items for 3 colours; give one for each"),
        ({"R": [0], "G": [0], "B": [0]}, "a.json: R has 1 number; give two colours or more"),
        ({"R": [0, 256, 0]}, "a.json: R[1] is 256; it must be in 0 … 255"),
        (
            {"I": [0, 200, 100]},
            "a.json: I does not rise: position 3 is 100 after 200; sort it, and the colours with it",
        ),
        ({"I": [9, 9, 9]}, "a.json: I is 9 throughout; give two positions or more"),
        ({"min": 5, "max": 1}, "a.json: min is 5 and max 1; min must be the smaller"),
        ({"labels": ["a"]}, "a.json: labels has 1 item for 3 colours; give one for each"),
        ({"labels": ["a", "b", "c"], "I": [1, 1, 2]}, "a.json: I has a value twice; give one colour to each"),
    ],
)
def test_each_fault_is_named(complaint, said, message):
    assert complaint("a.json", json.dumps(MAP | said)) == message


def test_what_is_not_known_is_left_out_with_a_warning(read):
    assert read("a.json", json.dumps(MAP | {"mood": "dark"})).warnings == (
        "What it says as 'mood' was left out.",
        VOLUMES,
    )
