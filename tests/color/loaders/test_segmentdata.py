from __future__ import annotations

import json
from pathlib import Path

import matplotlib
import numpy as np
import pytest
from matplotlib.colors import LinearSegmentedColormap

from traitsview.color.loaders.formats import load_colormap, load_colormaps

DUSK = Path(__file__).parents[3] / "colormaps" / "dusk.json"

DATA = {
    "red": [[0, 0, 0.1], [0.5, 0.2, 0.6], [1, 1, 0]],
    "green": [[0, 0, 0.1], [1, 0.8, 0]],
    "blue": [[0, 0, 0.3], [0.25, 0.7, 0.7], [1, 0.7, 0]],
}


def test_the_map_that_comes_with_us():
    dusk = load_colormap(DUSK)
    assert dusk.name == "dusk"
    assert [place for place, _ in dusk.stops] == [0, 0.5, 0.8, 1]
    assert dusk.stops[2][1] == (0.96, 0.62, 0.38, 1)


def test_shares_below_and_above_a_position_are_a_hard_step(read):
    found = read("mine.json", json.dumps(DATA))
    assert found.name == "mine"
    assert found.stops == (
        (0, (0.1, 0.1, 0.3, 1)),
        (0.25, pytest.approx((0.15, 0.275, 0.7, 1))),
        (0.5, pytest.approx((0.2, 0.45, 0.7, 1))),
        (0.5, pytest.approx((0.6, 0.45, 0.7, 1))),
        (1, (1, 0.8, 0.7, 1)),
    )


def test_alpha_and_name(read):
    found = read("a.json", json.dumps(DATA | {"name": "veil", "alpha": [[0, 0, 0], [1, 1, 1]]}))
    assert found.name == "veil"
    assert found.stops[1][1][3] == 0.25


def test_several_maps_in_a_file(tmp_path):
    (tmp_path / "a.json").write_text(json.dumps({"one": DATA, "two": DATA}))
    assert [each.name for each in load_colormaps(tmp_path / "a.json")] == ["one", "two"]


@pytest.mark.parametrize("seed", range(30))
def test_colours_are_those_of_matplotlib(read, seed):
    rng = np.random.default_rng(seed)
    data = {}
    for channel in ("red", "green", "blue", "alpha"):
        inner = np.sort(rng.random(rng.integers(0, 6)))
        data[channel] = [[x, *rng.random(2)] for x in (0.0, *inner.tolist(), 1.0)]
    theirs = LinearSegmentedColormap("a", data, N=4001)(np.linspace(0, 1, 4001))
    ours = read("a.json", json.dumps(data)).lut(4001)
    edges = np.sort([x for knots in data.values() for x, _, _ in knots])
    near = np.abs(np.linspace(0, 1, 4001)[:, None] - edges).min(1) < 1 / 4000
    np.testing.assert_allclose(ours[~near], theirs[~near], atol=1e-6)


def test_a_map_of_matplotlib(read):
    data = matplotlib.colormaps["coolwarm"]._segmentdata
    found = read("a.json", json.dumps({key: np.asarray(knots).tolist() for key, knots in data.items()}))
    np.testing.assert_allclose(found.lut(256), matplotlib.colormaps["coolwarm"](np.arange(256)), atol=1e-6)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"red": [[0, 0, 0], [0.5, 0.5]]},
            "a.json: red[1] has 2 numbers; give a position, the share below it and the share above it",
        ),
        ({"red": [[0, 0, 0], [1, "a", 1]]}, "a.json: red[1][1] is the text 'a'; a number was expected"),
        ({"red": [[0, 0, 0], [1, 9999, 1]]}, "a.json: red[1][1] is 9999; it must be in 0 … 1"),
        ({"red": [[0, 0, 0], [-5, 0, 1]]}, "a.json: red[1][0] is -5; it must be in 0 … 1"),
        (
            {"red": [[0, 0, 0], [0.7, 0, 1], [0.6, 0, 0], [1, 1, 1]]},
            "a.json: red[2] is at 0.6 after one at 0.7; positions must rise",
        ),
        (
            {"red": [[0, 0, 0], [0.7, 0, 1], [0.7, 0, 0], [1, 1, 1]]},
            "a.json: red[2] is the second at 0.7; a hard step is one item with two different shares",
        ),
        ({"red": [[0, 0, 0], [0.9, 0, 1]]}, "a.json: red goes from 0 to 0.9; it must go from 0 to 1"),
        ({"red": []}, "a.json: red is empty; it must go from 0 to 1"),
        ({"red": None}, "a.json: it has no 'red'; add \"red\": …"),
        ({"bleu": []}, "a.json: it has the unknown key 'bleu'; did you mean blue?"),
        ({"gamma": 1}, "a.json: it has the unknown key 'gamma'; known are name, red, green, blue, alpha"),
    ],
)
def test_what_is_wrong_is_said_with_its_item(complaint, change, message):
    assert complaint("a.json", json.dumps(DATA | change), "segmentdata") == message


def test_what_is_wrong_in_one_of_several_maps_is_said_with_its_name(complaint):
    text = json.dumps({"one": DATA, "two": DATA | {"red": []}})
    assert complaint("a.json", text) == "a.json: colormap 'two': red is empty; it must go from 0 to 1"
    many = "{" + ",".join(f'"{i}":{{"red":[]}}' for i in range(1001)) + "}"
    assert complaint("a.json", many) == "a.json: it has 1,001 keys; give a colormap"
    long = json.dumps(DATA | {"red": [[0, 0, 0]] * 70000})
    assert complaint("a.json", long) == "a.json: it has too many positions; a colormap has at most 16384"
    strange = complaint("a.json", '{"R": [0, 255], "G": [0, 255], "n": 2}')
    assert strange.startswith("a.json: it is JSON of another kind: it has 'R', 'G', …; give RGBPoints, colors, ")
    for other in ("{}", "[{}]"):
        assert complaint("a.json", other).startswith("a.json: it is no colormap of ParaView, napari or Matplotlib; ")
