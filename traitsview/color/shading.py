"""Shading: limits, scale and colormap together, applied to arrays of values.

The rule is one line::

    index = floor(scale((v - lo) / (hi - lo)) * steps),   v == hi belongs to the last colour

which for the linear scale is Matplotlib's.  Below `lo` and above `hi`, infinities included, are
the colormap's under and over colours (by default its end colours), and NaN its bad colour (by
default transparent).  Work is done in blocks that stay in the processor's cache; NumPy releases
the interpreter lock in each of its passes.
"""

from __future__ import annotations

import math
import threading
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from ..errors import RequestError
from .colormap import Colormap
from .limits import Limits, check_limits
from .scales import Scale, scale_named

__all__ = ["Shading"]

# Values per block: enough that NumPy's calls cost nothing, few enough for the processor's cache.
_BLOCK = 131_072

# Rows of the table behind the colours.
_UNDER, _OVER, _BAD = 0, 1, 2
_EXTRA = 3


@dataclass(frozen=True)
class Shading:
    """How values become colours.

    Attributes
    ----------
    limits : (float, float)
        ``(lo, hi)``, finite, ``lo < hi``.
    colormap : Colormap
        The colours.
    scale : str
        One of `SCALES`.
    inverted : bool
        The colours in reverse order.  Under, over and bad colours stay with their values.
    steps : int
        Colours in the table, 2 … 65,000.  A map of flat colours has as many as it has colours.
    """

    limits: Limits
    colormap: Colormap
    scale: str = "linear"
    inverted: bool = False
    steps: int = 256

    def __post_init__(self) -> None:
        object.__setattr__(self, "limits", check_limits(*self.limits))
        scale_named(self.scale)
        if not 2 <= self.steps <= 65_000:
            raise RequestError(f"cannot shade with {self.steps} colours", "", "choose 2 … 65000")

    @property
    def size(self) -> int:
        """The number of colours between the limits."""
        return self.colormap.discrete or self.steps

    @property
    def table(self) -> np.ndarray:
        """The colours, then under, over and bad: (size + 3, 4) uint8 RGBA, alpha not multiplied in.  Read-only."""
        return _tables(self.colormap, self.size, self.inverted)[0]

    @property
    def colors(self) -> np.ndarray:
        """The colours between the limits, (size,) uint32 0xAARRGGBB multiplied by alpha.  Read-only."""
        return _tables(self.colormap, self.size, self.inverted)[1][: self.size]

    def indices(self, values: np.ndarray) -> np.ndarray:
        """Return the row of `table` for each of `values`, (rows, columns): uint8 where that is enough, else uint16."""
        rows = np.arange(self.size + _EXTRA, dtype=np.uint8 if self.size + _EXTRA <= 256 else np.uint16)
        return self._look_up(rows, _real(values))

    def bytes_of(self, values: np.ndarray, out: np.ndarray) -> bool:
        """Fill `out` with the row of `table` for each of `values`, where a byte can say it; return whether it can.

        It cannot where a value is NaN or has the under or over colour, and with more than 256 colours.

        Parameters
        ----------
        values : ndarray, (rows, columns)
        out : ndarray of uint8, (rows, columns)
            Undefined if the answer is False.
        """
        values = _real(values)
        if self.size > 256 or self._marked:
            return False
        if not values.size:
            return True
        rows = max(1, min(len(values), _BLOCK // values.shape[1]))
        places = _scratch(_working_dtype(values.dtype, self.limits, self.size), (rows, values.shape[1]))
        with np.errstate(all="ignore"):
            for start in range(0, len(values), rows):
                block = values[start : start + rows]
                t = places[: len(block)]
                if self._place(block, t):
                    return False
                np.clip(t, 0, self.size - 1, out=t)
                np.copyto(out[start : start + rows], t, casting="unsafe")
        return True

    def argb(self, values: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
        """Return the colours of `values` as a painter wants them.

        Parameters
        ----------
        values : ndarray, (rows, columns) or (rows, columns, 3 | 4)
            Numbers, or colours 0 … 255 that are shown as they are; NaN in any part of a colour
            makes it transparent.
        out : ndarray of uint32, (rows, columns), optional
            Where to put the answer.

        Returns
        -------
        ndarray of uint32, (rows, columns)
            0xAARRGGBB in native byte order, colours multiplied by alpha:
            ``QImage.Format_ARGB32_Premultiplied``.
        """
        if values.ndim == 3:
            return _packed(_direct(values), out)
        values = _real(values)
        if out is not None and (out.shape != values.shape or out.dtype != np.uint32):
            raise ValueError(f"out must be uint32 of shape {values.shape}, not {out.dtype} of {out.shape}")
        return self._look_up(_tables(self.colormap, self.size, self.inverted)[1], values, out)

    def rgba(self, values: np.ndarray) -> np.ndarray:
        """Return the colours of `values` (see `argb`) as uint8 (rows, columns, 4), alpha not multiplied in."""
        if values.ndim == 3:
            return _direct(values)
        colors = self._look_up(self.table.view(np.uint32)[:, 0], _real(values))
        return colors.view(np.uint8).reshape(*values.shape, 4)

    def value_at(self, fraction: np.ndarray | float) -> np.ndarray:
        """Return the values that lie at `fraction` (0 … 1) of the colour bar; float64 of its shape."""
        lo, hi = self.limits
        fraction = np.clip(np.asarray(fraction, np.float64), 0.0, 1.0)
        t = self._scale.inverse(fraction)
        values: np.ndarray = lo * (1.0 - t) + hi * t if math.isinf(hi - lo) else lo + t * (hi - lo)
        return np.where(fraction == 1.0, hi, np.clip(values, lo, hi))

    def fraction_of(self, values: np.ndarray | float) -> np.ndarray:
        """Return how far along the colour bar `values` lie, 0 … 1; NaN for NaN.  The inverse of `value_at`."""
        values = np.asarray(values, np.float64)
        t = np.empty(values.shape)
        with np.errstate(all="ignore"):
            _proportion(values, self.limits, 1, t)
            return self._scale.forward(np.clip(t, 0.0, 1.0))

    @cached_property
    def _scale(self) -> Scale:
        return scale_named(self.scale)

    @property
    def _marked(self) -> bool:
        """Whether values outside the limits have colours of their own."""
        return self.colormap.under is not None or self.colormap.over is not None

    def _look_up(self, table: np.ndarray, values: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
        """Return for each of `values`, (rows, columns), its entry of `table`, (size + 3,)."""
        if out is None:
            out = np.empty(values.shape, table.dtype)
        if not values.size:
            return out
        rows = max(1, min(len(values), _BLOCK // values.shape[1]))
        dtype = _working_dtype(values.dtype, self.limits, self.size)
        places, index = (_scratch(np.dtype(kind), (rows, values.shape[1])) for kind in (dtype, np.intp))
        with np.errstate(all="ignore"):
            for start in range(0, len(values), rows):
                block, colors = values[start : start + rows], out[start : start + rows]
                t = places[: len(block)]
                some_bad = self._place(block, t)
                np.copyto(index[: len(block)], t, casting="unsafe")  # towards zero, which -0.5 belongs to as well
                np.take(table[: self.size], index[: len(block)], out=colors, mode="clip")
                self._mark(block, colors, table[self.size :], some_bad)
        return out

    def _place(self, values: np.ndarray, t: np.ndarray) -> bool:
        """Fill `t` with how many colours into the table `values` lie; return whether any is NaN.

        None is too large for an integer: processors disagree about what becomes of those.
        """
        if self.scale == "linear":
            _proportion(values, self.limits, self.size, t)
            largest = t.max()  # one quick pass that spares most blocks the others; NaN if one is
            if not largest < 1e9:
                np.clip(t, 0, self.size, out=t)
        else:
            _proportion(values, self.limits, 1, t)
            np.clip(t, 0, 1, out=t)
            largest = t.max()
            np.multiply(self._scale.forward(t), self.size, out=t)
        return bool(np.isnan(largest))

    def _mark(self, values: np.ndarray, colors: np.ndarray, marks: np.ndarray, some_bad: bool) -> None:
        """Give what has no place in the table its under, over or bad colour."""
        if self._marked:
            lo, hi = np.array(self.limits)  # in double precision, which Python's floats beside float32 are not
            colors[values < lo] = marks[_UNDER]
            colors[values > hi] = marks[_OVER]
        if some_bad:
            colors[np.isnan(values)] = marks[_BAD]


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


def _real(values: np.ndarray) -> np.ndarray:
    """Return `values`, of shape (rows, columns), as float32 or float64, whichever holds them."""
    values = np.asarray(values)
    if values.ndim != 2 or values.dtype.kind not in "buif":
        raise ValueError(f"values must be real, of shape (rows, columns), not {values.dtype} of {values.shape}")
    if values.dtype in (np.float32, np.float64):
        return values
    return values.astype(np.float32 if values.dtype.itemsize <= 2 else np.float64)


def _direct(values: np.ndarray) -> np.ndarray:
    """Return colours 0 … 255 of shape (rows, columns, 3 | 4) as uint8 RGBA; transparent where one is NaN."""
    if values.shape[2] not in (3, 4):
        raise ValueError(f"a colour has 3 or 4 parts, not {values.shape[2]}")
    out = np.full((*values.shape[:2], 4), 255, np.uint8)
    if values.dtype == np.uint8:
        out[..., : values.shape[2]] = values
        return out
    bad = np.isnan(values).any(axis=2)
    with np.errstate(invalid="ignore"):
        np.copyto(out[..., : values.shape[2]], np.rint(np.clip(values, 0, 255)), casting="unsafe")
    out[bad] = 0
    return out


def _packed(rgba: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    """Return uint8 RGBA of shape (…, 4) as 0xAARRGGBB of shape (…), colours multiplied by alpha and rounded."""
    parts = rgba.astype(np.uint32)
    alpha = parts[..., 3]
    r, g, b = ((parts[..., k] * alpha + 127) // 255 for k in range(3))
    packed: np.ndarray = np.bitwise_or(alpha << 24 | r << 16 | g << 8, b, out=out)
    return packed


@lru_cache(maxsize=64)
def _tables(colormap: Colormap, size: int, inverted: bool) -> tuple[np.ndarray, np.ndarray]:
    """Return the table as uint8 RGBA and as premultiplied ARGB, both read-only."""
    colors = colormap.lut(size)
    if inverted:
        colors = colors[::-1]
    under = colors[0] if colormap.under is None else colormap.under
    over = colors[-1] if colormap.over is None else colormap.over
    bad = (0.0, 0.0, 0.0, 0.0) if colormap.bad is None else colormap.bad
    exact = np.vstack([colors, under, over, bad])
    rgba = np.rint(exact * 255).astype(np.uint8)
    argb = _packed(rgba)
    rgba.setflags(write=False)
    argb.setflags(write=False)
    return rgba, argb


_local = threading.local()


def _scratch(dtype: np.dtype, shape: tuple[int, int]) -> np.ndarray:
    """Return an array to work in, this thread's own, kept from call to call."""
    held: dict[np.dtype, np.ndarray] = _local.__dict__.setdefault("arrays", {})
    count = shape[0] * shape[1]
    if dtype not in held or held[dtype].size < count:
        held[dtype] = np.empty(max(count, _BLOCK), dtype)
    return held[dtype][:count].reshape(shape)
