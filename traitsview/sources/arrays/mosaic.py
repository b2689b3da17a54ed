"""Several arrays as one: each has a place, a direction and a scale in a larger array, and is read when it is seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...whole_numbers import WIDE, is_whole

__all__ = ["Affine", "Mosaic", "Part", "Section"]

#: Columns and rows that are used of a part: ``(column0, column1, row0, row1)``, half-open.
Section = tuple[int, int, int, int]

#: A part is taken as it lies if its turning and stretching move no element of it by more than this.
_TURN_LIMIT_ELEMENTS = 0.02


@dataclass(frozen=True, slots=True)
class Affine:
    """``column' = a * column + b * row + c``, ``row' = d * column + e * row + f``; whole numbers are centres."""

    a: float
    b: float
    c: float
    d: float
    e: float
    f: float

    def __call__(self, columns: Any, rows: Any) -> tuple[Any, Any]:
        """Return where places are led to."""
        return self.a * columns + self.b * rows + self.c, self.d * columns + self.e * rows + self.f

    @property
    def inverse(self) -> Affine:
        """The way back; `ValueError` where there is none."""
        det = self.a * self.e - self.b * self.d
        if not np.isfinite(det) or det == 0:
            raise ValueError("a part of no extent")
        a, b, d, e = self.e / det, -self.b / det, -self.d / det, self.a / det
        return Affine(a, b, -a * self.c - b * self.f, d, e, -d * self.c - e * self.f)

    def moved(self, column: float, row: float) -> Affine:
        """Return the same for places counted from there."""
        c, f = self(column, row)
        return Affine(self.a, self.b, c, self.d, self.e, f)

    def straight(self, section: Section) -> Affine:
        """Return what leads to whole elements, where nothing is turned or stretched; elsewhere this one."""
        columns, rows = section[1] - section[0], section[3] - section[2]
        a, e = float(np.sign(self.a)), float(np.sign(self.e))
        far = max(abs(self.a - a), abs(self.d)) * columns + max(abs(self.b), abs(self.e - e)) * rows
        if not a or not e or far > _TURN_LIMIT_ELEMENTS:
            return self
        return Affine(a, 0.0, float(np.rint(self.c)), 0.0, e, float(np.rint(self.f)))


@dataclass(frozen=True, slots=True)
class Part:
    """One array of a mosaic.

    Attributes
    ----------
    data : array
        Anything with ``shape``, ``dtype`` and slicing; the last two axes are rows and columns.
    section : Section
        The section that is used.
    way : Affine
        From elements of the mosaic to elements of the part.
    """

    data: Any
    section: Section
    way: Affine

    @property
    def box(self) -> Section:
        """The elements of the mosaic that it may cover."""
        column0, column1, row0, row1 = self.section
        back = self.way.inverse
        corners = [back(c - 0.5, r - 0.5) for c in (column0, column1) for r in (row0, row1)]
        columns, rows = ([corner[k] + 0.5 for corner in corners] for k in (0, 1))
        low, high = np.floor, np.ceil
        near = 1e-6  # of corners that lie on elements
        return (
            int(low(min(columns) + near)),
            int(high(max(columns) - near)),
            int(low(min(rows) + near)),
            int(high(max(rows) - near)),
        )

    def holds(self, column: float, row: float) -> bool:
        """Whether the element at a place of the mosaic is one of this part."""
        x, y = (np.rint(place) for place in self.way(np.rint(column), np.rint(row)))
        column0, column1, row0, row1 = self.section
        return bool(column0 <= x < column1 and row0 <= y < row1)

    def read(self, plane: tuple[int, ...], box: Section) -> tuple[np.ndarray, np.ndarray | None] | None:
        """Return the values within a box of the mosaic that lies in `box` of this part, and which of them are its own.

        None if it has none there; in the place of the second if all are.
        """
        column0, column1, row0, row1 = box
        way = self.way
        if (abs(way.a), way.b, way.d, abs(way.e)) == (1, 0, 0, 1):
            across, down = _slice(way.a, way.c, column0, column1), _slice(way.e, way.f, row0, row1)
            return self.data[(*plane, down, across)][:: int(way.e), :: int(way.a)], None
        places = way(*np.meshgrid(np.arange(column0, column1), np.arange(row0, row1)))
        x, y = (np.rint(place).astype(np.intp) for place in places)
        own = (x >= self.section[0]) & (x < self.section[1]) & (y >= self.section[2]) & (y < self.section[3])
        if not own.any():
            return None
        x0, x1, y0, y1 = (int(n) for n in (x[own].min(), x[own].max() + 1, y[own].min(), y[own].max() + 1))
        block = self.data[(*plane, slice(y0, y1), slice(x0, x1))]
        return block[np.where(own, y - y0, 0), np.where(own, x - x0, 0)], own


class Mosaic:
    """Parts as one array; where there is none it has no value.

    Parameters
    ----------
    parts : sequence of Part
        Their shapes differ in the last two axes only.  Where parts overlap, the first part that has a value is seen.
    whole : (int, int), optional
        ``(rows, columns)`` of the mosaic, whose element [0, 0] is then that which `Part.way` counts as such.  By
        default it is as large as the box around all parts.

    Attributes
    ----------
    shape : tuple of int
    dtype : dtype
        A dtype for the numbers of all parts: `WIDE` where some parts have integers of 64 bits and others have not.
    origin : (int, int)
        ``(column, row)`` of element [0, 0], as `Part.way` counts.
    """

    def __init__(self, parts: Sequence[Part], whole: tuple[int, int] | None = None) -> None:
        self.parts = tuple(parts)
        self._boxes = [part.box for part in parts]
        if whole is None:
            column0, column1, row0, row1 = np.array(self._boxes).T
            self.origin = int(column0.min()), int(row0.min())
            rows, columns = int(row1.max()) - self.origin[1], int(column1.max()) - self.origin[0]
        else:
            self.origin, (rows, columns) = (0, 0), whole
        self.shape = (*tuple(parts[0].data.shape)[:-2], rows, columns)
        self.dtype = _common_dtype([part.data.dtype for part in parts])
        self.ndim = len(self.shape)

    def __getitem__(self, key: tuple[Any, ...]) -> np.ndarray:
        *plane, rows, columns = key
        left, top = columns.start + self.origin[0], rows.start + self.origin[1]
        seen = left, columns.stop + self.origin[0], top, rows.stop + self.origin[1]
        floating = self.dtype.kind in "fc"
        values = np.full((seen[3] - top, seen[1] - left), np.nan if floating else 0, self.dtype)
        void = np.ones(values.shape, bool)
        for part, box in zip(reversed(self.parts), reversed(self._boxes), strict=True):
            common = _common(seen, box)
            found = None if common is None else part.read(tuple(plane), common)
            if common is None or found is None:
                continue
            where = slice(common[2] - top, common[3] - top), slice(common[0] - left, common[1] - left)
            has = _has_value(*found)
            np.copyto(values[where], np.asarray(found[0]), where=has, casting="unsafe")
            void[where] &= ~has
        if floating or not void.any():
            return values
        return np.ma.MaskedArray(values, void)  # type: ignore[no-untyped-call]

    def part_at(self, column: float, row: float) -> tuple[Part, float, float] | None:
        """Return the first part at a place, counted from the centre of element [0, 0], and where in it that is."""
        column, row = column + self.origin[0], row + self.origin[1]
        for part in self.parts:
            if part.holds(column, row):
                x, y = part.way(column, row)
                return part, float(x), float(y)
        return None


def _common_dtype(dtypes: Sequence[np.dtype]) -> np.dtype:
    """Return what holds the numbers of all of some dtypes, without rounding integers of 64 bits."""
    dtype: np.dtype = np.result_type(*dtypes).newbyteorder("=")
    return WIDE if dtype == np.float64 and any(map(is_whole, dtypes)) else dtype


def _slice(way: float, offset: float, start: int, stop: int) -> slice:
    """Return the elements of a part, in rising order, that lie under some of the mosaic."""
    first, last = round(way * start + offset), round(way * (stop - 1) + offset)
    return slice(min(first, last), max(first, last) + 1)


def _common(one: Section, other: Section) -> Section | None:
    """Return what two boxes have in common."""
    column0, row0 = max(one[0], other[0]), max(one[2], other[2])
    column1, row1 = min(one[1], other[1]), min(one[3], other[3])
    return (column0, column1, row0, row1) if column0 < column1 and row0 < row1 else None


def _has_value(values: np.ndarray, own: np.ndarray | None) -> np.ndarray:
    """Return which elements of a part are numbers."""
    has: np.ndarray = ~np.ma.getmaskarray(values)  # type: ignore[no-untyped-call]
    plain = np.asarray(values)
    if plain.dtype.kind in "fc":
        has &= ~np.isnan(plain)
    return has if own is None else has & own
