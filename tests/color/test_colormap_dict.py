"""A colormap as plain values: it comes back as it was, and anything else is refused."""

from __future__ import annotations

import copy
import json

import numpy as np
import pytest

from traitsview.color.catalogue import catalogue
from traitsview.color.colormap import Colormap
from traitsview.color.colormap_dict import colormap_from_dict, colormap_to_dict
from traitsview.errors import ColormapError

RED, CLEAR = (1.0, 0.0, 0.0, 1.0), (0.25, 0.5, 0.75, 0.125)

GRADIENT = Colormap.from_stops(
    "sea and land",
    [(0, RED), (0.25, CLEAR), (0.25, RED), (1, CLEAR)],
    under=RED,
    over=CLEAR,
    bad=(0, 0, 0, 0),
    limits=(-11_000.0, 8848.86),
    hinge=0.0,
    cyclic=True,
    licence="mine",
    warnings=("one", "two"),
)
FLAT = Colormap.from_colors("rocks", [RED, CLEAR, RED], flat=True, values=(1.0, 5.0, 9.0), labels=("a", "b", "ünï"))


def travelled(colormap):
    return colormap_from_dict(json.loads(json.dumps(colormap_to_dict(colormap), allow_nan=False)))


@pytest.mark.parametrize("colormap", [GRADIENT, FLAT, Colormap.from_colors("one", [RED], flat=True)], ids=str)
def test_a_colormap_comes_back_as_it_was(colormap):
    back = travelled(colormap)
    assert back == colormap
    assert back.stops == colormap.stops
    assert back.discrete == colormap.discrete


@pytest.mark.parametrize("name", ["viridis", "tab10", "crameri:vik_r", "cubehelix", "napari:nan", "glasbey:glasbey"])
def test_the_maps_of_cmap_come_back(name):
    colormap = catalogue().get(name)
    np.testing.assert_allclose(travelled(colormap).lut(1024), colormap.lut(1024), atol=1 / 510)
    assert travelled(travelled(colormap)) == travelled(colormap)


@pytest.mark.parametrize("seed", range(50))
def test_any_colormap_comes_back(seed):
    rng = np.random.default_rng(seed)
    count = int(rng.integers(2, 40))
    positions = np.sort(rng.random(count).round(int(rng.integers(1, 4))))
    positions[0], positions[-1] = 0, 1
    stops = [(float(at), tuple(rng.random(4).tolist())) for at in positions]
    attributes = {"under": RED} if seed % 2 else {"limits": (0.1, 0.30000000000000004)}
    colormap = Colormap.from_stops("any", stops, **attributes)
    assert travelled(colormap) == colormap


def test_what_is_as_usual_is_not_written():
    assert sorted(colormap_to_dict(Colormap.from_colors("x", [RED, CLEAR]))) == ["name", "stops"]


def changed(**values):
    said = copy.deepcopy(colormap_to_dict(FLAT))
    said.update(values)
    return {key: value for key, value in said.items() if value is not ...}


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (None, "it is a NoneType"),
        ([], "it is a list"),
        (changed(name=...), "name is no text"),
        (changed(name=3), "name is no text"),
        (changed(name=" "), "it has no name"),
        (changed(name="x" * 5000), "name is no text of 1000"),
        (changed(colors=...), "neither colors nor stops"),
        (changed(stops=[[0, 0, 0, 0, 1]]), "both colors and stops"),
        (changed(other=1), "unknown key 'other'"),
        ({**changed(), 3: 1}, "unknown key '3'"),
        (changed(colors=[]), "it has no colour"),
        (changed(colors=[[0, 0, 0]]), "list of 3, not of 4"),
        (changed(colors=[[0, 0, 0, 2]]), "it is 0 0 0 2"),
        (changed(colors=[[0, 0, 0, True]]), "has 'True' for a number"),
        (changed(colors=[[0, 0, 0, "1"]]), "has '1' for a number"),
        (changed(colors=[[0, 0, 0, 10**400]]), "has 'inf' for a number"),
        (changed(colors=[[0, 0, 0, float("nan")]]), "has 'nan' for a number"),
        (changed(colors=[[0, 0, 0, 1]] * 100_001), "no list of 100000"),
        (changed(colors=..., stops=[[0, 0, 0, 0, 1]]), "two finite positions"),
        (changed(colors=..., stops=[[1, 0, 0, 0, 1], [0, 0, 0, 0, 1]]), "positions must rise"),
        (changed(limits=[1, 1]), "limits are 1 and 1"),
        (changed(limits=[0, 1, 2]), "list of 3, not of 2"),
        (changed(hinge="0"), "hinge has '0' for a number"),
        (changed(cyclic=1), "cyclic is '1'"),
        (changed(labels=["a"]), "1 label for 3 colours"),
        (changed(values=[1, 2, 3, 4]), "4 values for 3 colours"),
        (changed(under=[0, 0, 0]), "under is a list of 3"),
        (changed(licence=3), "licence is no text"),
        (changed(warnings="x"), "warnings is no list"),
    ],
)
def test_anything_else_is_refused_in_one_line(wrong, why):
    with pytest.raises(ColormapError) as caught:
        colormap_from_dict(wrong)
    assert why in str(caught.value)
    assert str(caught.value).isprintable()
