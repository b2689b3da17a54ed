from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from traitsview.color.loaders.formats import load_colormap
from traitsview.errors import ColormapError

FIXTURE = Path(__file__).parents[3] / "colormaps" / "patina"
HEAD = "Gwyddion resource GwyGradient\n"


def test_the_fixture_has_the_colours_that_are_in_it():
    found = load_colormap(FIXTURE)
    assert (found.name, found.limits, found.warnings) == ("patina", None, ())
    np.testing.assert_allclose(found.lut(101)[[0, 28, 72, 100], 0], [0.09, 0.45, 0.36, 0.87], atol=1e-9)


def test_ends_are_met_within_six_digits_and_steps_are_hard(tmp_path):
    (tmp_path / "map").write_text(HEAD + "0.000001 0 0 0 0.5\n.5 0 0 0 1\n.5 1 1 1 1\n.999999 1 1 1 1\n")
    found = load_colormap(tmp_path / "map")
    assert set(found.lut(100)[:, 0]) == {0.0, 1.0}
    assert found.lut(100)[0, 3] == 0.5


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (HEAD[8:], "map: its first line is another; write 'Gwyddion resource GwyGradient'"),
        (HEAD + "0 0 0 0 1\n" * 16_385, "map:16386: it has more than 16384 points; give a gradient"),
        ("Gwyddion resource Other\n", "map: its first line is another; write 'Gwyddion resource GwyGradient'"),
        (HEAD + "0 0 0 0\n1 1 1 1 1\n", "map:2: it has 4 numbers; give position, red, green, blue, alpha"),
        (HEAD + "0 0 0 0 1\n1 1 2 1 1\n", "map:3: green is 2; it must be in 0 … 1"),
        (HEAD + "0 0 0 0 1\n1 1 -5 1 1\n", "map:3: green is -5; it must be in 0 … 1"),
        (HEAD + "0 0 0 0 1\n1 1 abc 1 1\n", "map:3: 'abc' is not a number; green was expected"),
        (HEAD + "0 0 0 0 nan\n1 1 1 1 1\n", "map:2: 'nan' is not a number; alpha was expected"),
        (HEAD + "0 0 0 0 1\n.6 0 0 0 1\n.5 0 0 0 1\n", "map:4: position 0.5 follows 0.6; positions must rise"),
        (HEAD + "0.1 0 0 0 1\n1 1 1 1 1\n", "map:2: it begins at 0.1; the first position must be 0"),
        (HEAD + "0 0 0 0 1\n.9 1 1 1 1\n", "map:3: it ends at 0.9; the last position must be 1"),
        (HEAD + "0 0 0 0 1\n", "map: it has 1 point; give position, red, green, blue, alpha in two lines or more"),
    ],
)
def test_each_fault_is_named_with_its_line(tmp_path, text, message):
    (tmp_path / "map").write_text(text)
    with pytest.raises(ColormapError) as caught:
        load_colormap(tmp_path / "map", "gwyddion")
    assert str(caught.value) == message
