"""Arrays and viewports to try sources with, and the comparison of pixels."""

from __future__ import annotations

import numpy as np

from ..geometry import Viewport

__all__ = ["VIEWPORTS", "assert_shows", "example_array", "example_whole_numbers"]

#: Resolutions and places that between them zoom in and out, in one axis or both, and look past every edge.
VIEWPORTS = (
    Viewport((1.0, 1.0), (-3, -2), (12, 17)),
    Viewport((2.0, 3.0), (0, 0), (9, 12)),
    Viewport((2.3, 3.7), (-2, -2), (13, 15)),
    Viewport((0.3, 0.21), (9, 60), (14, 16)),
    Viewport((0.4, 5.1), (20, -1), (9, 13)),
    Viewport((6.2, 0.7), (-1, 11), (14, 9)),
    Viewport((50.0, 70.0), (-1, -1), (3, 3)),
    Viewport((1.37, 1.0), (10**9, 5), (2, 3)),
)


def example_array(dtype: str = "f4", shape: tuple[int, ...] = (31, 43)) -> np.ndarray:
    """Return some numbers of `dtype`, NaN and infinities among them where it has those."""
    rng = np.random.default_rng(7)
    numbers = np.dtype(dtype)
    values = rng.random(shape) * 100 + 20
    if numbers.kind == "b":
        return np.asarray(values > 70)
    if numbers.kind == "c":
        return (values + 1j * rng.random(shape)).astype(numbers)
    made = values.astype(numbers)
    if numbers.kind == "f":
        made[rng.random(shape) < 0.1] = np.nan
        made[..., 8:20, 10:25] = np.nan
        made[..., 25, 30], made[..., 2, 3] = np.inf, -np.inf
    return made


def example_whole_numbers(dtype: str, close: bool = True) -> np.ndarray:
    """Return integers of 64 bits that float64 would round: close together, or from the whole range of the dtype."""
    if close:
        return np.asarray((2**60 + np.arange(31 * 43) // 10).reshape(31, 43).astype(dtype))
    native = np.dtype(dtype).newbyteorder("=")
    ends = np.iinfo(native)
    any_ = np.random.default_rng(11).integers(ends.min, ends.max, (31, 43), native.type, endpoint=True)
    return np.asarray(any_.astype(dtype))


def assert_shows(pixels: np.ndarray, wanted: np.ndarray) -> None:
    """Compare pixels with what they should be, to the precision of their dtype."""
    __tracebackhide__ = True
    tolerance = 1e-6 if pixels.dtype == np.float32 else 1e-12
    np.testing.assert_allclose(pixels.astype(np.float64), wanted.astype(np.float64), rtol=tolerance, atol=0)
