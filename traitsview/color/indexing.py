"""Indexing: where in a table of colours values lie, without the colours.

It is all that a host has to know of how a viewer shows values: bytes that name rows of the viewer's
table are a quarter of the size of the numbers, and give every pixel the colour that its number gives.
Work is done in blocks that stay in the processor's cache; NumPy releases the interpreter lock in each
of its passes.
"""

from __future__ import annotations

import math
import threading
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from ..errors import RequestError
from .limits import Limits, check_limits
from .scales import scale_named

__all__ = ["BLOCK", "CONTRAST", "CURVE", "EXTRA", "Indexing", "check_contrast", "real", "scratch"]

#: Values per block: enough that NumPy's calls cost nothing, few enough for the processor's cache.
BLOCK = 131_072

# Rows of a table behind the colours.
_UNDER, _OVER, _BAD = 0, 1, 2

#: How many they are.
EXTRA = 3

#: The least and the largest contrast: at 0 all values had one colour.
CONTRAST = 0.01, 10.0

#: Points of a curve, at most.
CURVE = 1025


@dataclass(frozen=True, slots=True)
class Indexing:
    """How values become rows of a table of colours.

    Attributes
    ----------
    limits : (float, float)
        ``(lo, hi)``, finite, ``lo < hi``.
    scale : str
        One of `SCALES`.
    size : int
        Colours in the table, 1 … 65,000.  The rows behind them, ``size`` to ``size + 2``, are the under, over and
        bad colours.
    marked : bool
        Whether values outside the limits have rows of their own, rather than those of the end colours.
    contrast, bias : float
        As in SAOImage DS9: what the scale has made of a value, less `bias`, times `contrast`, plus a half is its
        place in the table, in 0 … 1; `contrast` is in `CONTRAST`, `bias` in 0 … 1.
    curve : tuple of float
        What a scale is made of that follows from the image: for ``"histogram"`` the fractions of the way between the
        limits at equal steps of the table.  They rise, and are at most `CURVE`.
    """

    limits: Limits
    scale: str = "linear"
    size: int = 256
    marked: bool = False
    contrast: float = 1.0
    bias: float = 0.5
    curve: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "limits", check_limits(*self.limits))
        scale_named(self.scale)
        if not 1 <= self.size <= 65_000:
            raise RequestError(f"cannot shade with {self.size} colours", "", "choose 2 … 65000")
        check_contrast(self.contrast, self.bias)
        _check_curve(self.curve)

    @property
    def stretched(self) -> bool:
        """Whether contrast or bias change anything."""
        return (self.contrast, self.bias) != (1.0, 0.5)

    @property
    def dtype(self) -> np.dtype:
        """The dtype of indices: uint8 where that is enough, else uint16."""
        return np.dtype(np.uint8 if self.size + EXTRA <= 256 else np.uint16)

    def indices(self, values: np.ndarray) -> np.ndarray:
        """Return the row of the table for each of `values`, real, (rows, columns)."""
        return self.look_up(np.arange(self.size + EXTRA, dtype=self.dtype), real(values))

    def values(self, indices: np.ndarray) -> np.ndarray:
        """Return for each of `indices` a value that has it: the middle of its colour, ±inf outside, NaN for bad.

        The result is float32 where that is enough to come back to the same index, else float64; an index that no
        value has is NaN.  Only what is `invertible` comes back.
        """
        return np.take(_middles(self), indices, mode="clip")

    @property
    def invertible(self) -> bool:
        """Whether `values` come back to their indices: not where limits are so close that colours share floats."""
        middles = _middles(self)
        there = ~np.isnan(middles[: self.size])
        return bool(np.array_equal(self.indices(middles[None, : self.size])[0][there], np.arange(self.size)[there]))

    def value_at(self, fraction: np.ndarray | float) -> np.ndarray:
        """Return the values that lie at `fraction` (0 … 1) of the table; float64 of its shape."""
        lo, hi = self.limits
        fraction = np.clip(np.asarray(fraction, np.float64), 0.0, 1.0)
        if self.stretched:
            fraction = np.clip((fraction - 0.5) / self.contrast + self.bias, 0.0, 1.0)
        t = scale_named(self.scale).inverse(fraction)
        values: np.ndarray = lo * (1.0 - t) + hi * t if math.isinf(hi - lo) else lo + t * (hi - lo)
        return np.where(fraction == 1.0, hi, np.clip(values, lo, hi))

    def fraction_of(self, values: np.ndarray | float) -> np.ndarray:
        """Return how far along the table `values` lie, 0 … 1; NaN for NaN.  The inverse of `value_at`."""
        values = np.asarray(values, np.float64)
        t = np.empty(values.shape)
        with np.errstate(all="ignore"):
            _proportion(values, self.limits, 1, t)
            return self._stretch(scale_named(self.scale).forward(np.clip(t, 0.0, 1.0)))

    def _stretch(self, s: np.ndarray) -> np.ndarray:
        """Return the places in the table, 0 … 1, of what the scale has made of values."""
        return np.clip((s - self.bias) * self.contrast + 0.5, 0.0, 1.0) if self.stretched else s

    def coarseness_under(self, other: Indexing) -> float:
        """Return how much of the table of another indexing, at most, the values between two rows of this one take.

        Values that share a row here, which is then all that is known of them, are so far apart there.
        """
        places = other.fraction_of(self.value_at(np.linspace(0.0, 1.0, self.size + 1)))
        return float(np.diff(places).max())

    def working_dtype(self, dtype: np.dtype) -> np.dtype:
        """Return the dtype that values of `dtype` are placed in."""
        return _working_dtype(dtype, self.limits, self.size)

    def look_up(self, table: np.ndarray, values: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
        """Return for each of `values`, (rows, columns) of float32 or float64, its entry of `table`, (size + 3,)."""
        if out is None:
            out = np.empty(values.shape, table.dtype)
        if not values.size:
            return out
        rows = max(1, min(len(values), BLOCK // values.shape[1]))
        dtype = self.working_dtype(values.dtype)
        places, index = (scratch(np.dtype(kind), (rows, values.shape[1])) for kind in (dtype, np.intp))
        with np.errstate(all="ignore"):
            for start in range(0, len(values), rows):
                block, found = values[start : start + rows], out[start : start + rows]
                t = places[: len(block)]
                some_bad = self.place(block, t)
                np.copyto(index[: len(block)], t, casting="unsafe")  # towards zero, which -0.5 belongs to as well
                np.take(table[: self.size], index[: len(block)], out=found, mode="clip")
                self._mark(block, found, table[self.size :], some_bad)
        return out

    def place(self, values: np.ndarray, t: np.ndarray) -> bool:
        """Fill `t` with how many colours into the table `values` lie; return whether any is NaN.

        None is too large for an integer: processors disagree about what becomes of those.
        """
        if self.scale == "linear" and not self.stretched:
            _proportion(values, self.limits, self.size, t)
            largest = t.max()  # one quick pass that spares most blocks the others; NaN if one is
            if not largest < 1e9:
                np.clip(t, 0, self.size, out=t)
        else:
            _proportion(values, self.limits, 1, t)
            np.clip(t, 0, 1, out=t)
            largest = t.max()
            np.multiply(self._stretch(scale_named(self.scale).forward(t)), self.size, out=t)
        return bool(np.isnan(largest))

    def _mark(self, values: np.ndarray, found: np.ndarray, marks: np.ndarray, some_bad: bool) -> None:
        """Give what has no place in the table its under, over or bad entry."""
        if self.marked:
            lo, hi = np.array(self.limits)  # in double precision, which Python's floats beside float32 are not
            found[values < lo] = marks[_UNDER]
            found[values > hi] = marks[_OVER]
        if some_bad:
            found[np.isnan(values)] = marks[_BAD]


def check_contrast(contrast: float, bias: float) -> None:
    """Raise `RequestError` unless `contrast` is in `CONTRAST` and `bias` in 0 … 1."""
    low, high = CONTRAST
    if not low <= contrast <= high:
        raise RequestError(f"cannot use the contrast {contrast:g}", "", f"choose {low:g} … {high:g}")
    if not 0 <= bias <= 1:
        raise RequestError(f"cannot use the bias {bias:g}", "", "choose 0 … 1")


def _check_curve(curve: tuple[float, ...]) -> None:
    if len(curve) > CURVE:
        raise RequestError(f"cannot use a curve of {len(curve)} points", "", f"give at most {CURVE}")
    points = np.array(curve, np.float64)
    if not np.isfinite(points).all() or (np.diff(points) < 0).any():
        raise RequestError("cannot use the curve", "", "give finite numbers that rise")


def real(values: np.ndarray) -> np.ndarray:
    """Return `values`, of shape (rows, columns), as float32 or float64, whichever holds them."""
    values = np.asarray(values)
    if values.ndim != 2 or values.dtype.kind not in "buif":
        raise ValueError(f"values must be real, of shape (rows, columns), not {values.dtype} of {values.shape}")
    if values.dtype in (np.float32, np.float64):
        return values
    return values.astype(np.float32 if values.dtype.itemsize <= 2 else np.float64)


def _proportion(values: np.ndarray, limits: Limits, n: int, out: np.ndarray) -> None:
    """Fill `out`, of a floating dtype, with ``(values - lo) / (hi - lo) * n``; no overflow between the limits."""
    lo, hi = limits
    number = out.dtype.type
    span = hi - lo
    if math.isinf(span):
        np.multiply(values, 0.25, out=out)
        lo, span = lo * 0.25, hi * 0.25 - lo * 0.25
        np.subtract(out, number(lo), out=out)
    else:
        np.subtract(values, number(lo), out=out, dtype=out.dtype)
    # A power of two only moves the exponent, so that the product needs no pass of its own.
    if n & (n - 1) == 0 and span > 1e-30:
        np.divide(out, number(span / n), out=out)
    else:
        np.divide(out, number(span), out=out)
        np.multiply(out, number(n), out=out)


def _working_dtype(dtype: np.dtype, limits: Limits, n: int) -> np.dtype:
    """Return float32 where it places values of `dtype` to 1e-4 of a colour, else float64."""
    if dtype != np.float32:
        return np.dtype(np.float64)
    lo, hi = limits
    span = hi - lo
    if not (1e-30 < span < 1e30 and abs(lo) < 1e30 and n <= 1024):
        return np.dtype(np.float64)
    lost = max(abs(lo - float(np.float32(lo))), abs(hi - float(np.float32(hi))))
    return np.dtype(np.float32 if lost * n < 1e-4 * span else np.float64)


@lru_cache(maxsize=16)
def _middles(indexing: Indexing) -> np.ndarray:
    """Return for each row of a table a value that has it, and NaN for the last; read-only."""
    n = indexing.size
    fractions = (np.arange(n) + 0.5) / n
    values = indexing.value_at(fractions)
    if indexing.contrast < 1:  # the ends of the table stand for no value
        s = (fractions - 0.5) / indexing.contrast + indexing.bias
        values[(s < 0) | (s > 1)] = np.nan
    exact = np.concatenate([values, [-np.inf, np.inf, np.nan]])
    with np.errstate(over="ignore"):
        short = exact.astype(np.float32)
    there = ~np.isnan(values)
    same = np.array_equal(indexing.indices(short[None, :n])[0][there], np.arange(n)[there])
    middles = short if same else exact
    middles.setflags(write=False)
    return middles


_local = threading.local()


def scratch(dtype: np.dtype, shape: tuple[int, int]) -> np.ndarray:
    """Return an array to work in, this thread's own, kept from call to call."""
    held: dict[np.dtype, np.ndarray] = _local.__dict__.setdefault("arrays", {})
    count = shape[0] * shape[1]
    if dtype not in held or held[dtype].size < count:
        held[dtype] = np.empty(max(count, BLOCK), dtype)
    return held[dtype][:count].reshape(shape)
