from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from traitsview.color.loaders.formats import load_colormap
from traitsview.errors import ColormapError

FIXTURE = Path(__file__).parents[3] / "colormaps" / "frost-days.txt"


@pytest.fixture
def load(tmp_path):
    def load(kind, *rows):
        (tmp_path / "map.txt").write_text("\n".join([f"INTERPOLATION:{kind}", *rows]))
        return load_colormap(tmp_path / "map.txt")

    return load


def test_discrete_colours_reach_up_to_their_values():
    found = load_colormap(FIXTURE)
    assert (found.name, found.discrete, found.limits, found.over) == ("frost-days", 5, (-10, 90), None)
    assert found.labels[4] == "more than 70 days"
    np.testing.assert_allclose(found.lut(5)[:, 0] * 255, [244, 206, 146, 84, 44])


def test_beyond_the_last_discrete_value_nothing_is_drawn(load):
    found = load("DISCRETE", "0,255,0,0,255,", "1,0,255,0,255,", "4,0,0,255,255,")
    assert (found.limits, found.over) == ((-2, 4), (0, 0, 0, 0))
    assert found.discrete is None  # their shares are 2, 1 and 3 of 6
    np.testing.assert_allclose(found.lut(12)[[0, 3, 4, 5, 6, 11], 0], [1, 1, 0, 0, 0, 0])
    named = load("DISCRETE", "0,255,0,0,255,low", "1,0,255,0,255,", "4,0,0,255,255,")
    assert named.warnings == ("Its labels were left out: its colours have unequal shares.",)
    alone = load("DISCRETE", "5,255,0,0,255,low", "inf,0,0,255,255,high")
    assert (alone.limits, alone.labels) == ((4, 6), ("low", "high"))


def test_interpolated_colours_run_between_values(load):
    found = load("INTERPOLATED", "-5,0,0,0,255,-5", "5,255,255,255,0,5,0")
    assert (found.limits, found.warnings) == ((-5, 5), ())
    np.testing.assert_allclose(found.lut(3)[1], 0.5)
    assert load("INTERPOLATED", "0,0,0,0,255,deep", "1,9,9,9,255,").warnings == ("Its labels were left out.",)


def test_exact_colours_stand_for_their_values(load):
    found = load("EXACT", "3,000,100,077,255, tree cover, dense", "7,0,0,0,255,water")
    assert (found.values, found.labels, found.discrete) == ((3, 7), ("tree cover, dense", "water"), 2)
    assert load("EXACT", "3,0,0,0,255,3", "7,0,0,0,255,7").labels == ()


def test_labels_that_are_not_utf_8_are_a_guess(tmp_path):
    (tmp_path / "map.txt").write_bytes("INTERPOLATION:EXACT\n1,0,0,0,255,Forêt\n2,0,0,0,255,Eau".encode("latin-1"))
    found = load_colormap(tmp_path / "map.txt")
    assert (found.labels[0], found.warnings) == ("Forêt", ("It is not UTF-8: its labels were read as Latin-1.",))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("INTERPOLATION:DISCRET\n", "map.txt:1: unknown interpolation 'DISCRET'; did you mean DISCRETE?"),
        ("INTERPOLATION:CUBIC\n", "map.txt:1: unknown interpolation 'CUBIC'; write INTERPOLATED or DISCRETE or EXACT"),
        ("INTERPOLATION:EXACT\nINTERPOLATION:EXACT\n", "map.txt:2: INTERPOLATION comes late; say it once, before"),
        ("0,0,0,0,255,a\n", "map.txt: it has no INTERPOLATION; write INTERPOLATION:INTERPOLATED or DISCRETE or EXACT"),
        ("INTERPOLATION:EXACT\n", "map.txt: it has no colour; give value,red,green,blue,alpha,label in each line"),
        ("INTERPOLATION:EXACT\n1,2,3,4\n", "map.txt:2: it has 4 fields; give value,red,green,blue,alpha,label"),
        ("INTERPOLATION:EXACT\n1,2,3,256,255,a\n", "map.txt:2: a part of a colour is 256; it must be in 0 … 255"),
        ("INTERPOLATION:EXACT\n1,2,3,-5,255,a\n", "map.txt:2: a part of a colour is -5; it must be in 0 … 255"),
        ("INTERPOLATION:EXACT\n1,2,abc,5,255,a\n", "map.txt:2: 'abc' is not a whole number; a part of a colour was"),
        ("INTERPOLATION:EXACT\ninf,2,3,5,255,a\n", "map.txt:2: its value is inf; only DISCRETE colours reach so far"),
        (
            "INTERPOLATION:EXACT\n1,2,3,5,255,a\n1,2,3,5,255,a\n",
            "map.txt:3: value 1 has a colour in line 2; give one to",
        ),
        ("INTERPOLATION:DISCRETE\ninf,2,3,5,255,a\n", "map.txt:2: its only value is inf; give a value that the first"),
        ("INTERPOLATION:DISCRETE\n1,2,3,5,255,a\n1,2,3,5,255,a\n", "map.txt:3: 1 follows 1; values must rise"),
        ("INTERPOLATION:DISCRETE\ninf,2,3,5,255,a\n1,2,3,5,255,a\n", "map.txt:3: 1 follows inf; values must rise"),
        ("INTERPOLATION:INTERPOLATED\n1,2,3,5,255,a\n", "map.txt:2: all values are 1; give two values or more"),
    ],
)
def test_each_fault_is_named_with_its_line(tmp_path, text, message):
    (tmp_path / "map.txt").write_text(text)
    with pytest.raises(ColormapError) as caught:
        load_colormap(tmp_path / "map.txt", "qgis-text")
    assert message in str(caught.value)
