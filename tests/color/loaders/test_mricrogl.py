from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from traitsview.color.loaders.formats import load_colormap

FIXTURE = Path(__file__).parents[3] / "colormaps" / "marrow.clut"


def table(places=(0, 100, 255), colors=("0|0|51", "255|0|0", "255|255|255"), low=0, high=0, more=""):
    nodes = [f"nodeintensity{k}={place}" for k, place in enumerate(places)]
    shades = [f"nodergba{k}={color}" for k, color in enumerate(colors)]
    lines = ["[FLT]", f"min={low}", f"max={high}", "[INT]", f"numnodes={len(places)}", "[BYT]", *nodes, "[RGBA255]"]
    return "\n".join([*lines, *shades, more])


def test_the_fixture_has_limits():
    found = load_colormap(FIXTURE)
    assert (found.name, found.limits, found.warnings) == ("marrow", (-50, 350), ())
    np.testing.assert_allclose([place * 255 for place, _ in found.stops], [0, 80, 190, 255])


def test_nodes_become_stops(read):
    found = read("a.clut", table())
    assert found.stops == ((0, (0, 0, 0.2, 1)), (100 / 255, (1, 0, 0, 1)), (1, (1, 1, 1, 1)))
    assert (found.limits, found.warnings) == (None, ())
    assert read("a", table(low=-3, high=9)).limits == (-3, 9)


def test_the_opacity_of_volumes_and_strange_lines_are_left_out(read):
    found = read("a.clut", table(colors=("0|0|51|0|", "255|0|0|64|", "255|255|255|128|"), more='"#00007F", "blue",'))
    assert [color[3] for _, color in found.stops] == [1, 1, 1]
    assert found.warnings[0] == "Line 14 says nothing that could be read."
    assert found.warnings[1].startswith("Its opacity is for volumes")


def test_nodes_that_do_not_reach_the_ends_are_drawn_out(read):
    assert [place for place, _ in read("a.clut", table((51, 102, 204))).stops] == pytest.approx([0, 0.2, 0.4, 0.8, 1])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (table((0, 300, 255)), "a.clut:8: nodeintensity1 is 300; it must be in 0 … 255"),
        (table((0, 200, 100)), "a.clut:9: nodeintensity2 is 100 after 200; nodes must rise"),
        (table((7, 7, 7)), "a.clut: every node is at 7; nodes must rise"),
        (table(colors=("0|0", "0|0|0", "0|0|0")), "a.clut:11: nodergba0 has 2 parts; give red|green|blue"),
        (table(colors=("0|0|256", "0|0|0", "0|0|0")), "a.clut:11: a part of nodergba0 is 256; it must be in 0 … 255"),
        (table(colors=("0|0|0", "0|0|0")), "a.clut: it has no nodergba2; add nodergba2=…"),
        (table(more="nodergba3=0|0|0"), "a.clut: it announces 3 nodes and has more; is the file whole?"),
        (table(more="min=4"), "a.clut:14: min is said twice, first in line 2; say it once"),
        (table(low=4, high=2), "a.clut:2: min is 4 and max 2; min must be the smaller"),
        (table().replace("numnodes=3", "numnodes=1"), "a.clut:5: numnodes is 1; it must be in 2 … 16384"),
    ],
)
def test_each_fault_is_named_with_its_line(complaint, text, message):
    assert complaint("a.clut", text) == message
