from __future__ import annotations

import logging
import subprocess
import sys

import cmap
import matplotlib
import numpy as np
import pytest
from kit.patience import PATIENCE

from traitsview.color.catalogue import MENU, colormap, nearest_names
from traitsview.color.colormap import Colormap
from traitsview.color.shading import Shading
from traitsview.errors import ColormapError


@pytest.mark.parametrize("name", MENU)
def test_every_name_of_the_menu_has_a_table(name):
    table = colormap(name).lut(256)
    assert table.shape == (256, 4)
    assert table.dtype == np.float64
    assert ((table >= 0) & (table <= 1)).all()
    assert len(np.unique(table, axis=0)) > 100


@pytest.mark.parametrize("name", ["viridis", "gray", "magma", "inferno", "cividis", "turbo", "hot", "coolwarm", "RdBu"])
def test_colours_are_those_of_matplotlib(name):
    theirs = matplotlib.colormaps[name](np.arange(256))
    assert np.abs(colormap(name).lut(256) - theirs).max() < 1 / 510


def test_a_name_keeps_its_spelling_and_the_collection_may_be_given():
    assert colormap("crameri:batlow").name == "crameri:batlow"
    assert colormap(" viridis ").name == "viridis"


def test_r_at_the_end_reverses():
    np.testing.assert_allclose(colormap("viridis_r").lut(256), colormap("viridis").lut(256)[::-1])


@pytest.mark.parametrize("n", [1, 2, 7, 255, 256, 257, 1024])
@pytest.mark.parametrize("name", ["viridis", "crameri:batlow", "tab10", "cubehelix"])
def test_a_table_has_as_many_rows_as_asked_for(name, n):
    assert colormap(name).lut(n).shape == (n, 4)


def test_a_gradient_with_one_stop_more_than_asked_for_keeps_both_ends():
    stops = np.linspace([0, 0, 0], [1, 0.5, 0.25], 257)
    table = Colormap("mine", cmap.Colormap(stops)).lut(256)
    np.testing.assert_allclose(table[[0, -1], :3], stops[[0, -1]])


def test_flat_colours_get_equal_shares_of_the_table():
    tab10 = colormap("tab10")
    assert tab10.discrete == 10
    assert colormap("viridis").discrete is None
    _, counts = np.unique(tab10.lut(1000), axis=0, return_counts=True)
    assert counts.tolist() == [100] * 10


def test_a_table_is_the_callers_own():
    colormap("viridis").lut(256)[:] = 0
    assert colormap("viridis").lut(256).any()


@pytest.mark.parametrize(
    ("name", "near"),
    [("virdis", "viridis"), ("Viridiss", "viridis"), ("crameri:batlo", "crameri:batlow"), ("batlowq_r", "batloww")],
)
def test_an_unknown_name_is_answered_with_the_nearest(name, near):
    with pytest.raises(ColormapError) as caught:
        colormap(name)
    assert near in str(caught.value).lower()
    assert name in str(caught.value)


@pytest.mark.parametrize("name", ["", "  ", None, 3, [], "no such thing at all", "_r", "\x1b[31m", "a" * 10_000])
def test_nonsense_is_one_line(name):
    with pytest.raises(ColormapError) as caught:
        colormap(name)
    assert "\n" not in str(caught.value)
    assert "\x1b" not in str(caught.value)
    assert len(str(caught.value)) < 300


def test_no_table_of_no_colours():
    with pytest.raises(ColormapError):
        colormap("gray").lut(0)


def test_names_shared_by_several_collections_give_no_log_line(caplog):
    with caplog.at_level(logging.DEBUG):
        for name in ("RdBu_r", "PRGn", "copper"):
            colormap(name)
    assert not caplog.records


def test_equal_colormaps_are_one_value():
    first, again = colormap("viridis"), Colormap("viridis", cmap.Colormap("viridis"))
    assert first == again
    assert hash(first) == hash(again)
    assert first != Colormap("viridis", cmap.Colormap("magma"))
    assert first != Colormap("viridis", cmap.Colormap("viridis"), bad=(1, 0, 0, 1))
    assert first != "viridis"
    assert colormap("cubehelix") == Colormap("cubehelix", cmap.Colormap("cubehelix:cubehelix"))


def test_colormaps_of_one_name_and_other_colours_differ_however_many_colours_they_have():
    ends = [(1, 0, 0, 1), (0, 0, 1, 1)]
    made = [
        Colormap.from_colors("mine", ends),
        Colormap.from_colors("mine", ends, flat=True),
        Colormap.from_colors("mine", [*ends, (0, 0, 0, 1)]),
        Colormap.from_colors("mine", ends[:1]),
        Colormap.from_colors("mine", [(1, 0, 0, 1), (0, 0, 1, 1 - 1e-9)]),
        Colormap.from_stops("mine", [(0, ends[0]), (0.5, ends[1]), (1, ends[1])]),
        Colormap.from_stops("mine", [(0, ends[0]), (0.25, ends[1]), (1, ends[1])]),
        colormap("cubehelix").reversed("mine"),
    ]
    for one in made:
        assert [one == other for other in made] == [one is other for other in made]
        assert Shading((0, 1), one).table[0].tolist() == np.rint(one.lut(2)[0] * 255).tolist()


def test_cmaps_own_type_has_the_same_colours():
    mine = Colormap("mine", cmap.Colormap(["red", "blue"]), under=(0, 0, 0, 1), over=(1, 1, 1, 1), bad=(0, 1, 0, 1))
    theirs = mine.to_cmap()
    assert theirs.name == "mine"
    assert (theirs.under_color, theirs.over_color, theirs.bad_color) == ("black", "white", "lime")
    np.testing.assert_allclose(theirs.lut(16), mine.lut(16))


@pytest.mark.parametrize("color", [(0, 0, 0), (0, 0, 0, 255), (0, 0, 0, float("nan")), "none", 7, (0, 0, 0, -0.1)])
def test_a_colour_that_is_none_is_refused(color):
    with pytest.raises(ColormapError, match="bad colour of 'mine'"):
        Colormap("mine", cmap.Colormap(["red", "blue"]), bad=color)


def test_nearest_names_are_best_first_without_repetition():
    assert nearest_names("grey", ["gray", "matlab:gray", "hot"]) == ["gray"]
    assert nearest_names("xyzzy", ["gray", "hot"]) == []


def test_importing_the_module_does_not_import_cmap():
    code = "import sys, traitsview.color.shading; sys.exit('cmap' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], timeout=PATIENCE, check=False).returncode == 0
