from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from traitsview.color.loaders.formats import load_colormap
from traitsview.errors import ColormapError

FIXTURE = Path(__file__).parents[3] / "colormaps" / "land-cover.clr"


def test_the_fixture_has_flat_colours_for_whole_numbers():
    found = load_colormap(FIXTURE)
    assert (found.name, found.discrete, found.values) == ("land-cover", 7, (1, 2, 3, 4, 5, 6, 7))
    np.testing.assert_allclose(found.lut(7)[0] * 255, [28, 107, 160, 255])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1 0 0\n", "map.clr:1: it has 3 numbers; give value, red, green, blue"),
        ("# a\n1 0 0 256\n", "map.clr:2: a part of a colour is 256; it must be in 0 … 255"),
        ("1 0 0 -5\n", "map.clr:1: a part of a colour is -5; it must be in 0 … 255"),
        ("1.5 0 0 0\n", "map.clr:1: '1.5' is not a whole number; a value was expected"),
        ("1 0 0 0\n2 0 0 0\n1 0 0 0\n", "map.clr:3: value 1 has a colour in line 1; give one to each"),
        ("ColorMap 1 1\n", "map.clr:1: it has 3 numbers; give value, red, green, blue"),
        ("#\n", "map.clr: it has no colour; give value, red, green, blue in each line"),
    ],
)
def test_each_fault_is_named_with_its_line(tmp_path, text, message):
    (tmp_path / "map.clr").write_text(text)
    with pytest.raises(ColormapError) as caught:
        load_colormap(tmp_path / "map.clr", "esri")
    assert str(caught.value) == message
