from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from traitsview.color.loaders.formats import load_colormap, load_colormaps
from traitsview.errors import ColormapError

FIXTURE = Path(__file__).parents[3] / "colormaps" / "fluorescent-moss.json"

RGB = [[1, 0, 0], [0, 1, 0, 0.5], "#0000ff"]


@pytest.fixture
def load(tmp_path):
    def load(content):
        (tmp_path / "map.json").write_text(json.dumps(content))
        return load_colormap(tmp_path / "map.json")

    return load


def test_the_fixture_has_the_colours_that_are_in_it():
    found = load_colormap(FIXTURE)
    assert found.name == "fluorescent moss"
    assert found.bad == (0.2, 0.2, 0.3, 1)
    assert found.over == (1, 0x3F / 255, 0xD2 / 255, 1)
    assert found.under is None
    np.testing.assert_allclose(found.lut(21)[[0, 7, 15, 20], 1], [0, 0.35, 0.85, 1])


def test_colours_are_evenly_spaced_unless_their_places_are_said(load):
    np.testing.assert_allclose(load({"colors": RGB}).lut(5)[:, 0], [1, 0.5, 0, 0, 0])
    np.testing.assert_allclose(load({"colors": RGB, "controls": [0, 0.25, 1]}).lut(5)[1], [0, 1, 0, 0.5])


def test_zero_interpolation_is_flat(load):
    assert load({"colors": RGB, "interpolation": "zero"}).discrete == 3
    odd = load({"colors": RGB, "interpolation": "zero", "controls": [0, 0.5, 0.75, 1]})
    np.testing.assert_allclose(odd.lut(8)[:, 0], [1, 1, 1, 1, 0, 0, 0, 0])


def test_a_file_may_hold_several(tmp_path):
    (tmp_path / "map.json").write_text(json.dumps([{"name": "a", "colors": RGB}, {"name": "b", "colors": RGB}]))
    assert [each.name for each in load_colormaps(tmp_path / "map.json")] == ["a", "b"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            {"name": "m", "colors": RGB, "nancolor": [1, 1, 1]},
            "map.json: it has the unknown key 'nancolor'; did you mean nan_c",
        ),
        ({"name": "m"}, "map.json: colormap 'm': it has no 'colors'; add \"colors\": …"),
        ({"colors": []}, "map.json: it has no colours; give red, green, blue, alpha for each"),
        ({"colors": [[1, 0]]}, "map.json: colors[0] has 2 numbers; give red, green, blue, alpha"),
        ({"colors": [[1, 0, 255]]}, "map.json: colors[0][2] is 255; it must be in 0 … 1"),
        ({"colors": ["red"]}, "map.json: colors[0] is 'red'; write #rrggbb or four numbers"),
        ({"colors": [[1, 0, 0]]}, "map.json: colors has 1 colour; give two or more, or interpolation: zero"),
        ({"colors": RGB, "controls": [0, 1]}, "controls has 2 numbers; give 3, as many as there are colours"),
        (
            {"colors": RGB, "controls": [0, 0.5, 1], "interpolation": "zero"},
            "controls has 3 numbers; give 4, one more than there are colours",
        ),
        ({"colors": RGB, "controls": [0, 0.5, 0.9]}, "controls runs over 0 … 0.9; it must begin at 0 and end at 1"),
        ({"colors": [*RGB, "#000000"], "controls": [0, 0.9, 0.5, 1]}, "controls does not rise: 0.5 after 0.9; sort it"),
        ({"colors": RGB, "interpolation": "cubic"}, "map.json: interpolation is 'cubic'; write linear or zero"),
        ([], "map.json: it holds no colormap; add an object with colors"),
    ],
)
def test_each_fault_is_named_with_its_place(tmp_path, content, message):
    (tmp_path / "map.json").write_text(json.dumps(content))
    with pytest.raises(ColormapError) as caught:
        load_colormaps(tmp_path / "map.json", "napari")
    assert message in str(caught.value)
