"""Indexing: the function from values to rows of a table of colours, without the colours.

A host needs nothing else to send indices, the numbers of rows of the viewer's table.  They give every pixel the
right colour, and take a quarter of the bytes of the values.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from ..errors import RequestError
from ..numerals import ALL, numeral
from ..whole_numbers import WIDE, array_of, as_floats, distances, is_rounded, is_whole, span
from .borders import Borders, borders_of
from .label_rows import LabelRows
from .limits import Limits, check_limits
from .lookup import look_up
from .scales import LABELS, Scale, check_scale, scale_named, way

__all__ = ["COLORS", "CONTRAST", "CURVE", "EXTRA", "Indexing", "check_contrast", "real"]

#: Colours that a table may have: the numbers of all its rows fit into 16 bits.
COLORS = 65_000

#: Rows of a table behind the colours: under, over and bad.
EXTRA = 3

#: The smallest and the largest contrast.  At 0 all values would have one colour.
CONTRAST = 0.01, 10.0

#: Points of a curve that a host accepts.  The curve of a histogram never has more.
CURVE = 1025


@dataclass(frozen=True, slots=True)
class Indexing:
    """The function from values to rows of a table of colours.

    Attributes
    ----------
    limits : (float, float)
        ``(lo, hi)``, finite, ``lo < hi``; ints if floats would round them.
    scale : str
        One of `SCALES`.
    size : int
        The number of colours, 1 … `COLORS`.  The rows behind them, ``size`` to ``size + 2``, are the under, over and
        bad colour.
    marked : bool
        Whether values outside the limits have the rows of under and over.  Otherwise they have the rows of the limits.
    contrast, bias : float
        As in SAOImage DS9: place in the table (0 … 1) = (scale(value) - bias) * contrast + 1/2.  `contrast` is in
        `CONTRAST`, `bias` in 0 … 1.
    curve : tuple of float
        Rising numbers that some scales need.  For ``"histogram"``: the fractions of the range between the limits at
        equal steps of the table, at most `CURVE` of them.  For labels: the value of each colour, if values are listed;
        other values then have the over colour.
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
        object.__setattr__(self, "scale", check_scale(self.scale))
        if not 1 <= self.size <= COLORS:
            raise RequestError(f"cannot shade with {self.size} colours", "", f"choose 2 … {COLORS}")
        check_contrast(self.contrast, self.bias)
        _check_curve(self.curve, COLORS if self.labels else CURVE)
        if self.labels and self.curve and len(self.curve) != self.size:
            raise RequestError(f"cannot use {self.size} colours", f"they stand for {len(self.curve)} values", "")

    @property
    def labels(self) -> bool:
        """Whether values are names, not amounts."""
        return self.scale in LABELS

    @property
    def portable(self) -> bool:
        """Whether a host accepts it.  A long list of values is refused, since each wish would carry it."""
        return len(self.curve) <= CURVE

    @property
    def stretched(self) -> bool:
        """Whether contrast or bias differ from 1 and 1/2."""
        return (self.contrast, self.bias) != (1.0, 0.5) and not self.labels

    @property
    def dtype(self) -> np.dtype:
        """The dtype of indices: uint8 if that is enough, else uint16."""
        return np.dtype(np.uint8 if self.size + EXTRA <= 256 else np.uint16)

    @property
    def ends(self) -> tuple[int, int]:
        """The rows of the limits."""
        if self.labels:
            return 0, self.size - 1
        low, high = np.clip(self._fraction_at(np.array([0.0, 1.0])) * self.size, 0, self.size - 1)
        return int(low), int(high)

    def indices(self, values: np.ndarray) -> np.ndarray:
        """Return the row of the table of each of `values`, real, (rows, columns)."""
        values = real(values)
        out = np.empty(values.shape, self.dtype)
        self.look_up(np.arange(self.size + EXTRA, dtype=self.dtype), values, out)
        return out

    def values(self, indices: np.ndarray) -> np.ndarray:
        """Return a value for each of `indices`: the middle of its colour, ±inf for under and over, NaN for bad.

        The dtype is float32 if each value then has the same index again, else float64; longdouble between limits that
        float64 rounds.  The value of an index that no value has is NaN.  For labels, over gives a label that is not
        listed.
        """
        return np.take(_middles(self), indices, mode="clip")

    def value_at(self, fraction: np.ndarray | float) -> np.ndarray:
        """Return the values at `fraction`, positions 0 … 1 in the table.  The result has the shape of `fraction`.

        It is float64, or longdouble between limits that float64 rounds.
        """
        fraction = np.clip(np.asarray(fraction, np.float64), 0.0, 1.0)
        if self.labels:
            names: np.ndarray = self._label_rows.names[np.minimum(fraction * self.size, self.size - 1).astype(np.intp)]
            return names
        lo, hi = self.limits
        t = self._way_at(fraction)
        if self._is_wide:
            beyond: np.ndarray = lo + (t * span(lo, hi)).astype(WIDE)
            return np.where(t >= 1.0, WIDE.type(hi), np.minimum(beyond, hi))
        values: np.ndarray = lo * (1.0 - t) + hi * t if math.isinf(hi - lo) else lo + t * (hi - lo)
        return np.where(t == 0.0, lo, np.where(t == 1.0, hi, np.clip(values, lo, hi)))

    def fraction_of(self, values: np.ndarray | float) -> np.ndarray:
        """Return the positions of `values` in the table, 0 … 1, NaN for values without a colour."""
        numbers = array_of(values)
        with np.errstate(all="ignore"):
            if self.labels:
                rows = self._label_rows.of(numbers)
                return np.where(rows < self.size, (rows + 0.5) / self.size, np.nan)
            return self._fraction_at(way(numbers, *self.limits))

    def coarseness_under(self, other: Indexing) -> float:
        """Return how coarse indices of this indexing look under `other`.

        It is the largest part, 0 … 1, of the other table that the values of one index of this table cover.
        """
        if self.labels or other.labels:
            return 1.0
        places = other.fraction_of(self.value_at(np.linspace(0.0, 1.0, self.size + 1)))
        return float(np.diff(places).max())

    def look_up(self, table: np.ndarray, values: np.ndarray, out: np.ndarray) -> None:
        """Fill `out` with the entry of `table` of each of `values`, (rows, columns) as `real` returns them.

        Parameters
        ----------
        table : ndarray, (size + 3,)
            Entries for the colours, then for under, over and bad.
        values, out : ndarray, (rows, columns)
        """
        if self.labels:
            self._label_rows.look_up(table, values, out)
            return
        lo, hi = self.limits
        beyond = values.dtype == WIDE or self._is_wide
        if beyond and math.isfinite(span(lo, hi)):
            # Values that float64 would round are looked up by their distances from the lower limit.
            wide = values.astype(WIDE, copy=False)
            values = distances(wide, lo)
            values[wide > hi] = np.inf
        else:
            values, beyond = real(values.astype(np.float64)) if beyond else values, False
        borders, rows = _looked_up(self, values.dtype, beyond)
        look_up(borders, table[rows], values, out)

    def borders(self, dtype: np.dtype) -> Borders:
        """Return the smallest value of each row of the table, among the numbers of a dtype, float32 or float64."""
        return _borders(self, np.dtype(dtype), False)

    def places(self, values: np.ndarray) -> np.ndarray:
        """Return the positions in the table, counted in colours, of values of float32 or float64 within the limits.

        On the linear scale they are computed by Matplotlib's operations, in its order and precision.
        """
        lo, hi = self.limits
        with np.errstate(all="ignore"):
            if self.scale == "linear" and not self.stretched and _as_matplotlib(values.dtype, self.limits):
                t = (values - np.float64(lo)).astype(values.dtype)
                t = (t / np.float64(hi - lo)).astype(values.dtype)
                places: np.ndarray = t * values.dtype.type(self.size)
                return places
            return self._fraction_at(way(values.astype(np.float64), *self.limits)) * self.size

    @property
    def _label_rows(self) -> LabelRows:
        return LabelRows(self.size, self.curve, zero_is_none=self.scale == "labels0")

    @property
    def _scaling(self) -> Scale:
        return scale_named(self.scale, self.limits, self.curve)

    @property
    def _is_wide(self) -> bool:
        """Whether float64 rounds a limit."""
        lo, hi = self.limits
        return is_rounded(lo) or is_rounded(hi)

    def _fraction_at(self, t: np.ndarray) -> np.ndarray:
        """Return the positions in the table, 0 … 1, of fractions of the range between the limits."""
        s = self._scaling.forward(np.clip(t, 0.0, 1.0))
        return np.clip((s - self.bias) * self.contrast + 0.5, 0.0, 1.0) if self.stretched else s

    def _way_at(self, fraction: np.ndarray) -> np.ndarray:
        """Return the fractions of the range between the limits, 0 … 1, at positions in the table, 0 … 1."""
        s = fraction
        if self.stretched:
            s = np.clip((fraction - 0.5) / self.contrast + self.bias, 0.0, 1.0)
        t = np.clip(self._scaling.inverse(s), 0.0, 1.0)
        return np.where(s == 0.0, 0.0, np.where(s == 1.0, 1.0, t))


def check_contrast(contrast: float, bias: float) -> None:
    """Raise `RequestError` unless `contrast` is in `CONTRAST` and `bias` in 0 … 1."""
    low, high = CONTRAST
    if not low <= contrast <= high:
        raise RequestError(f"cannot use the contrast {numeral(contrast, ALL)}", "", f"choose {low:g} … {high:g}")
    if not 0 <= bias <= 1:
        raise RequestError(f"cannot use the bias {numeral(bias, ALL)}", "", "choose 0 … 1")


def _check_curve(curve: tuple[float, ...], most: int) -> None:
    if len(curve) > most:
        raise RequestError(f"cannot use a curve of {len(curve)} points", "", f"give at most {most}")
    points = np.array(curve, np.float64)
    if not np.isfinite(points).all() or (np.diff(points) < 0).any():
        raise RequestError("cannot use the curve", "", "give finite numbers that rise")


def real(values: np.ndarray) -> np.ndarray:
    """Return `values`, (rows, columns), in the smallest of float32, float64 and longdouble that holds them.

    Masked values become NaN.
    """
    masked = None
    if isinstance(values, np.ma.MaskedArray):
        masked = np.ma.getmaskarray(values)  # type: ignore[no-untyped-call]
    values = np.asarray(values)
    if values.ndim != 2 or values.dtype.kind not in "buif":
        raise ValueError(f"values must be real, of shape (rows, columns), not {values.dtype} of {values.shape}")
    if values.dtype == WIDE or is_whole(values.dtype):
        numbers = as_floats(values)
        numbers = numbers.copy() if numbers is values and masked is not None else numbers
    else:
        short = values.dtype.itemsize <= (4 if values.dtype.kind == "f" else 2)
        numbers = values.astype(np.float32 if short else np.float64, copy=masked is not None)
    if masked is not None:
        numbers[masked] = np.nan
    return numbers


def _as_matplotlib(dtype: np.dtype, limits: Limits) -> bool:
    """Whether Matplotlib's operations neither overflow nor underflow nor lose colours between these limits."""
    lo, hi = limits
    if dtype == np.float64:
        return math.isfinite(hi - lo)
    return 1e-30 < hi - lo < 1e30 and abs(lo) < 1e30


@lru_cache(maxsize=32)
def _borders(indexing: Indexing, dtype: np.dtype, of_distances: bool) -> Borders:
    """Return the borders of values of a dtype, or the borders, in float64, of distances from the lower limit."""
    inner = np.arange(1, indexing.size) / indexing.size
    with np.errstate(all="ignore"):
        if not of_distances:
            return borders_of(indexing.places, indexing.value_at(inner), indexing.limits, dtype)
        far = span(*indexing.limits)
        return borders_of(
            lambda distance: indexing._fraction_at(distance / far) * indexing.size,
            indexing._way_at(inner) * far,
            (0.0, far),
            dtype,
        )


@lru_cache(maxsize=32)
def _looked_up(indexing: Indexing, dtype: np.dtype, of_distances: bool) -> tuple[Borders, np.ndarray]:
    """Return borders as `_borders` does, and the row of the table of each of their entries."""
    n = indexing.size
    # If under and over have no colours of their own, values outside have those of the limits.
    under, over = (n, n + 1) if indexing.marked else indexing.ends
    borders = _borders(indexing, dtype, of_distances)
    return borders, np.array([under, *range(n), over, n + 2])[borders.entries]


@lru_cache(maxsize=16)
def _middles(indexing: Indexing) -> np.ndarray:
    """Return a value for each row of the table, NaN for the row of bad and for a row that no value has; read-only."""
    n = indexing.size
    if indexing._is_wide and not indexing.labels:
        return _whole_middles(indexing)
    values = indexing.value_at((np.arange(n) + 0.5) / n)
    if not indexing.labels:
        least = indexing.borders(np.dtype(np.float64)).every
        values = np.where((least[:-1] <= values) & (values < least[1:]), values, least[:-1])
        values[least[:-1] >= least[1:]] = np.nan
    over = indexing._label_rows.unlisted if indexing.labels else np.inf
    exact = np.concatenate([values, [-np.inf, over, np.nan]])
    with np.errstate(over="ignore"):
        short = exact.astype(np.float32)
    come_back = np.array_equal(indexing.indices(short[None]), indexing.indices(exact[None]))
    middles = short if come_back else exact
    middles.setflags(write=False)
    return middles


def _whole_middles(indexing: Indexing) -> np.ndarray:
    """Like `_middles`, between limits that float64 rounds.  Values there are whole numbers."""
    n, (lo, hi) = indexing.size, indexing.limits
    least = np.ceil(_borders(indexing, np.dtype(np.float64), True).every)
    middle = np.rint(indexing._way_at((np.arange(n) + 0.5) / n) * span(lo, hi))
    far = np.where(least[:-1] < least[1:], np.clip(middle, least[:-1], least[1:] - 1), np.nan)
    middles: np.ndarray = np.concatenate([lo + far.astype(WIDE), np.array([-np.inf, np.inf, np.nan], WIDE)])
    middles.setflags(write=False)
    return middles
