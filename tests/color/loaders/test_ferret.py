from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from traitsview.color.loaders.formats import load_colormap
from traitsview.errors import ColormapError

FIXTURE = Path(__file__).parents[3] / "colormaps" / "seamount.spk"


@pytest.fixture
def load(tmp_path):
    def load(text):
        (tmp_path / "map.spk").write_text(text)
        return load_colormap(tmp_path / "map.spk")

    return load


def test_the_fixture_has_limits_and_a_hard_step_at_the_shore():
    found = load_colormap(FIXTURE)
    assert (found.name, found.limits, found.warnings) == ("seamount", (-5000, 3000), ())
    table = found.lut(8001)
    np.testing.assert_allclose(
        table[[0, 3000, 4800, 4999, 5001, 8000], 0], [0.04, 0.08, 0.25, 0.78, 0.84, 0.98], atol=4e-3
    )


def test_percents_are_the_mapping_that_needs_no_name(load):
    for head in ("", "RGB_Mapping Percent\n", "rgb_mapping percent\n"):
        found = load(head + "! mine\n0 10 10 40 ! dark\n50. 60 70 60\n100 100 95 80\n")
        assert (found.limits, found.warnings) == (None, ())
        np.testing.assert_allclose(found.lut(3)[1], [0.6, 0.7, 0.6, 1])


def test_percents_that_do_not_reach_the_ends_are_drawn_out_or_cut_off(load):
    short = load("25 0 0 0\n75 100 100 100\n")
    assert short.warnings == (
        "It begins at 25 %: its first colour was drawn out to 0.",
        "It ends at 75 %: its last colour was drawn out to 100.",
    )
    np.testing.assert_allclose(short.lut(5)[:, 0], [0, 0, 0.5, 1, 1])
    long = load("0 0 0 0\n98 0 0 0\n105 70 70 70\n")
    assert long.warnings == ("It ends at 105 %: what is beyond 100 was cut off.",)
    assert long.stops[-1] == (1.0, pytest.approx((0.2, 0.2, 0.2, 1)))


def test_levels_are_flat_colours(load):
    found = load("RGB_Mapping By_Level\n1 100 0 0 ! A\n2 0 100 0\n3 0 0 100\n")
    assert found.discrete == 3
    np.testing.assert_allclose(found.lut(3)[:, :3], np.eye(3))


def test_words_behind_a_colour_are_a_comment_and_said(load):
    assert load("0 0 0 0 black\n100 1 1 1\n").warnings == ("Line 1: 'black' was taken for a comment.",)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("RGB_Mapping By_valu\n0 0 0 0\n", "map.spk:1: unknown mapping 'By_valu'; did you mean by_value?"),
        ("RGB_Mapping\n0 0 0 0\n", "map.spk:1: unknown mapping ''; write Percent, By_value or By_level"),
        ("0 0 0 0\nRGB_Mapping Percent\n", "map.spk:2: RGB_Mapping comes late; say it once, before the first colour"),
        ("0 0 0 0\n100 0 0\n", "map.spk:2: it has 3 numbers; give position, red, green, blue"),
        (
            "0 0 0 0\n100 0 0 0 1\n",
            "map.spk:2: it has 5 numbers; give position, red, green, blue; comments begin with !",
        ),
        ("0 0 0 0\n100 0 101 0\n", "map.spk:2: a part of a colour is 101; it must be in 0 … 100"),
        ("0 0 0 0\n100 0 -5 0\n", "map.spk:2: a part of a colour is -5; it must be in 0 … 100"),
        ("0 0 0 0\n100 0 abc 0\n", "map.spk:2: 'abc' is not a number; a part of a colour was expected"),
        ("0 0 0 0\n9999 0 0 0\n", "map.spk:2: a position is 9999; it must be in 0 … 110"),
        ("0 0 0 0\n50 0 0 0\n40 0 0 0\n", "map.spk:3: position 40 follows 50; positions must rise"),
        ("50 0 0 0\n50 0 0 0\n", "map.spk:2: all colours stand at 50; give two positions or more"),
        (
            "RGB_Mapping By_level\n1 0 0 0\n3 0 0 0\n",
            "map.spk:3: level 3 stands where 2 is due; levels count from 1 without gaps",
        ),
        ("RGB_Mapping By_level\n1.5 0 0 0\n", "map.spk:2: '1.5' is not a whole number; a level was expected"),
        ("RGB_Mapping By_value\n-1e300 0 0 0\n1e300 0 0 0\n", None),
        ("! nothing\n", "map.spk: it has no colour; give position, red, green, blue in each line"),
    ],
)
def test_each_fault_is_named_with_its_line(load, text, message):
    if message is None:
        assert load(text).limits == (-1e300, 1e300)
        return
    with pytest.raises(ColormapError) as caught:
        load(text)
    assert str(caught.value) == message
