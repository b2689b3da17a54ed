from __future__ import annotations

from pathlib import Path

import pytest

from traitsview.color.loaders.formats import load_colormap

TEXT = "1 0.27 0.51 0.71 Left thalamus\n5 0.8 0.36 0.36 Putamen\n3 1 1 1 x\n"


def test_the_table_that_comes_with_us():
    tissue = load_colormap(Path(__file__).parents[3] / "colormaps" / "brain-tissue.lut")
    assert tissue.discrete == 6
    assert tissue.values == (1, 2, 3, 4, 5, 6)
    assert tissue.labels[:2] == ("Cerebrospinal fluid", "Grey matter")
    assert tissue.stops[1][1] == (0.62, 0.60, 0.58, 1)


def test_labels_have_values_and_names(read):
    found = read("a.lut", "# atlas\n" + TEXT)
    assert found.discrete == 3
    assert found.values == (1, 5, 3)
    assert found.labels == ("Left thalamus", "Putamen", "x")
    assert found.stops[1][1] == (0.8, 0.36, 0.36, 1)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("5 0.8", "abc 0.8", "a.lut:2: 'abc' is not a whole number; the label was expected"),
        ("5 0.8", "-5 0.8", "a.lut:2: the label is -5; it must be in 0 … 1000000000"),
        ("5 0.8", "1 0.8", "a.lut:2: label 1 comes twice; give each one colour"),
        ("0.8 0.36", "0.8 9999", "a.lut:2: green is 9999; it must be in 0 … 1"),
        ("0.8 0.36 0.36 Putamen", "0.8 0.36 Putamen", "a.lut:2: 'Putamen' is not a number; blue was expected"),
        ("0.8 0.36 0.36 Putamen", "0.8 0.36", "a.lut:2: 3 columns; label, red, green, blue and a name were expected"),
        ("Putamen", "0.5", "a.lut:2: 0.5 follows the colour; a name was expected"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(complaint, old, new, message):
    assert complaint("a.lut", TEXT.replace(old, new), "fsl") == message


def test_nothing(complaint):
    assert complaint("a.lut", "# x\n", "fsl") == "a.lut: it has no label; give rows of label, red, green, blue, name"
