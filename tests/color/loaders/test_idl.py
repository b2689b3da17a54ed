from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from traitsview.color.loaders.formats import load_colormaps
from traitsview.errors import ColormapError

SHIPPED = Path(__file__).parents[3] / "colormaps"

RAMP = bytes(range(256))
STILL = bytes([7]) * 256


def collection(*names: bytes) -> bytes:
    tables = [bytes([number]) * 256 + RAMP + RAMP[::-1] for number in range(len(names))]
    return bytes([len(names)]) + b"".join(tables) + b"".join(name.ljust(32) for name in names)


def test_the_collection_that_comes_with_us():
    night, dawn, haze = load_colormaps(SHIPPED / "skies.tbl")
    assert (night.name, dawn.name, haze.name) == ("Night", "Dawn", "Haze")
    assert dawn.discrete is None
    np.testing.assert_allclose(dawn.lut(256)[[0, 255], :3] * 255, [[10, 14, 44], [255, 246, 214]])
    np.testing.assert_allclose(night.lut(256)[[0, 255], :3] * 255, [[0, 0, 0], [250, 244, 255]])


def test_red_green_and_blue_come_one_after_the_other(tmp_path):
    (tmp_path / "a.tbl").write_bytes(collection(b"One", b"Two\0\0", b"One", b""))
    found = load_colormaps(tmp_path / "a.tbl")
    assert [each.name for each in found] == ["One", "Two", "One, table 2", "a 3"]
    np.testing.assert_allclose(found[1].lut(256)[3] * 255, [1, 3, 252, 255])


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (collection(b"One")[:-1], "it announces 1 table and has 800 bytes; it must have 801"),
        (b"\0", "it announces no tables; copy it again"),
        (collection(b"One\x07"), "the name of table 0, at byte 769, is not text; copy the file again"),
    ],
)
def test_mistakes_are_named(tmp_path, data, message):
    (tmp_path / "a.tbl").write_bytes(data)
    with pytest.raises(ColormapError) as caught:
        load_colormaps(tmp_path / "a.tbl", "idl")
    assert str(caught.value) == f"a.tbl: {message}"
