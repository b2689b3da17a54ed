"""The rows of labels in a table of colours.  Labels are values that are names, not amounts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from ..whole_numbers import WIDE
from .lookup import BLOCK_VALUES

__all__ = ["LabelRows"]

#: The rows of labels from here to 65,535 are kept in a table: most labels lie there.
_FIRST_TABLED = -(1 << 15)


@dataclass(frozen=True, slots=True)
class LabelRows:
    """The row of each label.  Behind the rows of the colours are those of under, over and bad.

    Attributes
    ----------
    size : int
        The number of colours.  Label k has row ``k % size``.
    listed : tuple of float
        The label of each colour, rising, if labels are listed.  A label that is not listed has the row of over.
    zero_is_none : bool
        Whether 0 is no label.  Then it has the row of bad, as NaN has.
    """

    size: int
    listed: tuple[float, ...] = ()
    zero_is_none: bool = False

    @property
    def names(self) -> np.ndarray:
        """A label for each colour, float64, (size,)."""
        if self.listed:
            return np.array(self.listed, np.float64)
        names = np.arange(self.size, dtype=np.float64)
        if self.zero_is_none:
            names[0] = self.size
        return names

    @property
    def unlisted(self) -> float:
        """A label that is not listed, and is not 0."""
        return float(min({*range(1, len(self.listed) + 2)}.difference(self.listed)))

    def of(self, values: np.ndarray) -> np.ndarray:
        """Return the row of each of `values`, which may be of any dtype."""
        labels = np.rint(values)
        if self.listed:
            with np.errstate(over="ignore"):
                known = self.names.astype(values.dtype)  # 0.1 is another number in float32
            at = np.clip(np.searchsorted(known, values), 0, self.size - 1)
            rows = np.where(known[at] == values, at, self.size + 1).astype(np.float64)
        else:
            rows = _modulo(labels, self.size)
        none = ~(np.abs(values) < np.inf)
        if self.zero_is_none:
            none |= labels == 0
        return np.where(none, self.size + 2, rows)

    def look_up(self, table: np.ndarray, values: np.ndarray, out: np.ndarray) -> None:
        """Fill `out` with the entry of `table` of each of `values`, (rows, columns) of float32, float64 or `WIDE`."""
        if not values.size:
            return
        few = table[_few(self, values.dtype)]
        lines = max(1, BLOCK_VALUES // values.shape[1])
        with np.errstate(all="ignore"):
            for start in range(0, len(values), lines):
                block, found = values[start : start + lines], out[start : start + lines]
                if block.dtype == WIDE or not self._look_up_few(few, block, found):
                    np.take(table, self.of(block).astype(np.intp), out=found, mode="clip")

    def _look_up_few(self, few: np.ndarray, values: np.ndarray, out: np.ndarray) -> bool:
        """Fill `out` if all `values` are small labels, as in most images; return whether they are."""
        labels = np.rint(values)
        least, most = np.fmin.reduce(labels, None), np.fmax.reduce(labels, None)
        whole = not self.listed or np.array_equal(labels, values, equal_nan=True)
        if not (least > _FIRST_TABLED and most < _FIRST_TABLED + len(few) and whole):
            return False
        np.fmax(labels, _FIRST_TABLED, out=labels)  # NaN
        np.take(few, labels.astype(np.int32) - _FIRST_TABLED, out=out, mode="clip")
        return True


@lru_cache(maxsize=4)
def _few(rows: LabelRows, dtype: np.dtype) -> np.ndarray:
    """Return the rows of the labels from `_FIRST_TABLED` on; the first row is that of NaN.  Read-only."""
    labels = np.arange(_FIRST_TABLED, 1 << 16, dtype=dtype)
    labels[0] = np.nan
    found = rows.of(labels).astype(np.intp)
    found.setflags(write=False)
    return found


def _modulo(labels: np.ndarray, size: int) -> np.ndarray:
    """Return whole numbers modulo `size`.  Those in `WIDE` become 64-bit integers first: ten times as quick."""
    if labels.dtype != WIDE:
        return np.asarray(np.mod(labels, size))
    away = np.abs(labels)
    rest = np.where(away < 2.0**64, away, 0.0).astype(np.uint64) % np.uint64(size)
    return np.where((labels < 0) & (rest > 0), np.uint64(size) - rest, rest)
