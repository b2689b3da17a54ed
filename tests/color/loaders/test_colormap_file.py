"""What all readers of text have in common."""

from __future__ import annotations

from pathlib import Path

import pytest

from traitsview.color.loaders.formats import load_colormaps
from traitsview.errors import ColormapError

SHIPPED = Path(__file__).parents[3] / "colormaps"
TEXTS = sorted(
    path for path in SHIPPED.iterdir() if path.suffix not in (".toml", ".rst") and b"\0" not in path.read_bytes()
)


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.name)
def test_the_byte_with_which_dos_ends_a_text_does_no_harm(tmp_path, path):
    if len(path.read_bytes()) in (768, 772):
        pytest.skip("a table of bytes")
    copy = tmp_path / path.name
    copy.write_bytes(path.read_bytes() + b"\x1a\x1a")
    assert load_colormaps(copy) == load_colormaps(path)


def test_that_byte_elsewhere_is_part_of_a_line(tmp_path):
    (tmp_path / "map.gpl").write_bytes(b"GIMP Palette\n0 0 0\n\x1a\n1 1 1\n")
    with pytest.raises(ColormapError, match=r"map.gpl:3: '\\x1a' is no colour"):
        load_colormaps(tmp_path / "map.gpl")
