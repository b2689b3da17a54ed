from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest

from traitsview.color.loaders.formats import load_colormap


def saved(array: np.ndarray, **options: bool) -> bytes:
    data = io.BytesIO()
    np.save(data, array, **options)
    return data.getvalue()


def test_the_array_that_comes_with_us():
    opal = load_colormap(Path(__file__).parents[3] / "colormaps" / "opal.npy")
    assert (opal.name, len(opal.stops)) == ("opal", 33)
    np.testing.assert_allclose(opal.lut(33)[[0, 32], :3] * 255, [[30, 60, 80], [90, 50, 100]])


@pytest.mark.parametrize("dtype", ["f2", "<f4", ">f4", "f8", ">f8", "u1"])
@pytest.mark.parametrize("columns", [3, 4])
@pytest.mark.parametrize("order", ["C", "F"])
def test_arrays_of_shares_or_bytes(read, dtype, columns, order):
    bytes_ = np.arange(5 * columns).reshape(5, columns) * 9
    array = bytes_.astype("u1") if dtype == "u1" else (bytes_ / 255).astype(dtype)
    found = read("a.npy", saved(np.asarray(array, order=order))).lut(5)
    np.testing.assert_allclose(found[:, :columns], bytes_ / 255, atol=1e-3 if dtype == "f2" else 1e-7)
    np.testing.assert_allclose(found[:, columns:], 1)


class Trap:
    def __reduce__(self):
        return print, ("run",)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (saved(np.zeros((5, 2))), "its shape is (5, 2); save 2 … 16384 rows of red, green, blue (and alpha)"),
        (saved(np.zeros((1, 3))), "its shape is (1, 3); save 2 … 16384 rows of red, green, blue (and alpha)"),
        (
            saved(np.zeros((20000, 3), "u1")),
            "its shape is (20000, 3); save 2 … 16384 rows of red, green, blue (and alpha)",
        ),
        (saved(np.zeros(9)), "its header names no array of two dimensions of numbers; save n rows of red, green, blue"),
        (
            saved(np.array([[Trap()] * 3] * 2), allow_pickle=True),
            "its header names no array of two dimensions of numbers; save n rows of red, green, blue",
        ),
        (saved(np.zeros((5, 3), "i8")), "its numbers are of the kind <i8; save floats 0 … 1, or uint8"),
        (saved(np.array([[0, 0, 0], [0, 2.0, 0]])), "green of row 1 is 2; it must be in 0 … 1"),
        (saved(np.array([[0, 0, 0], [0, 0, np.nan]])), "blue of row 1 is nan; it must be in 0 … 1"),
        (saved(np.zeros((5, 3)))[:-1], "it has 119 bytes of numbers; 5 × 3 of <f8 are 120"),
        (saved(np.zeros((5, 3))) + b"x", "it has 121 bytes of numbers; 5 × 3 of <f8 are 120"),
        (b"\x93NUMPY\1\0", "it is no .npy file; write it with numpy.save"),
        (
            b"\x93NUMPY\3\0" + b"\xff" * 9,
            "its header names no array of two dimensions of numbers; save n rows of red, green, blue",
        ),
        (b"\x93NUMPY\2\0\0\0", "it is no .npy file; write it with numpy.save"),
    ],
)
def test_what_is_wrong_is_said(complaint, data, message, capsys):
    assert complaint("a.npy", data) == f"a.npy: {message}"
    assert capsys.readouterr().out == ""


def test_positions_before_colours_are_not_taken_for_red(read, complaint):
    colors = np.random.default_rng(3).random((16, 3))
    placed = saved(np.column_stack([np.linspace(0, 1, 16), colors]))
    assert complaint("a.npy", placed) == (
        "a.npy: its first column may be positions; save red, green, blue alone, or say columns=rgba"
    )
    assert len(read("a.npy", placed, columns="rgba").stops) == 16
    opaque = saved(np.column_stack([np.linspace(0, 1, 16), colors[:, :2], np.ones(16)]))
    assert len(read("a.npy", opaque).stops) == 16
