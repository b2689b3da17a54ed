"""The question for curves: each row of a source as a line over x, in as many points as a window has columns."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from ...errors import RequestError
from ...geometry import Extent, Viewport, canonical, check_extent
from ..image_info import ImageInfo
from ..picture import Picture
from .question import Question, Renderer

__all__ = ["CURVE_POINTS", "CurveLines", "Curves", "EqualColumns", "curve_rows", "x_row"]

#: Columns of all curves in one answer, at most.
CURVE_POINTS = 1 << 18

#: Columns of a window, at least.
_FEWEST_COLUMNS = 16

#: Parts of a column that are nothing.
_ROUNDING = 1e-6

#: Elements of a row whose places are not equidistant, at most: all of them are looked at.
_LONGEST_ROW = 1 << 24


@dataclass(frozen=True, eq=False, slots=True)
class CurveLines:
    """Some curves, each as n points, or as the least and the greatest value in each of n columns.

    Attributes
    ----------
    rows : tuple of int
        The rows of the source that the curves are.
    x : ndarray, (n,) float64
        Where the points are, or the middles of the columns; in the order of the elements.
    low, high : ndarray, (rows, n)
        float32 or float64.  NaN where there is no value: the curve has a gap there.  They are one array where
        each point is an element.
    """

    rows: tuple[int, ...]
    x: np.ndarray
    low: np.ndarray
    high: np.ndarray

    @property
    def single(self) -> bool:
        """Whether each point is an element."""
        return self.low is self.high


@dataclass(frozen=True, slots=True)
class Curves(Question[CurveLines]):
    """How do the curves run within `extent`?  The answer is a `CurveLines`.

    Where more elements than columns lie within the extent, each column has the least and the greatest value of its
    elements: a line through both covers the pixels that a line through all elements covers.  One point more at each end
    lets lines run out of the window.

    x is measured as `ImageInfo.extent` does.  The elements have equal distances, unless the image tells where they are:
    by a curve with the name of the x axis, whose values are the places, or by ``info.axes[-1].coordinates``.

    Attributes
    ----------
    extent : (x0, x1, y0, y1), optional
        The places along x, and the rows whose middles lie in y0 … y1, in data units; all by default.
    width : int
        Columns of the window.

    Raises
    ------
    RequestError
        If the extent is none, or the width is not within 16 … `CURVE_POINTS`.
    """

    extent: Extent | None = None
    width: int = 1024

    def __post_init__(self) -> None:
        if self.extent is not None:
            object.__setattr__(self, "extent", check_extent(self.extent, "cannot show curves in that extent"))
        if not _FEWEST_COLUMNS <= self.width <= CURVE_POINTS:
            remedy = f"ask for {_FEWEST_COLUMNS} to {CURVE_POINTS}"
            raise RequestError("cannot show curves", f"{self.width} columns", remedy)

    def answers(self, source: Renderer, picture: Picture, stale: Callable[[], bool]) -> Iterator[CurveLines]:
        """Yield the curves, made of rendered elements, or of rendered extremes where elements have equal distances."""
        info = source.info
        rows = self.rows(info)
        x0, x1 = (self.extent or info.extent)[:2]
        places = None if stale() else _places(source, picture)
        if stale():
            return
        if places is None:
            yield self._equidistant(source, picture, rows, x0, x1)
            return
        columns = _Columns.of(places, x0, x1, self.width)
        lows, highs = [], []
        for row in rows:
            if stale():
                return
            low, high = columns.extremes(_elements(source, picture, row, columns.start, columns.stop))
            lows.append(low)
            highs.append(high)
        low = _stacked(lows, len(columns.x))
        yield CurveLines(tuple(rows), columns.x, low, low if columns.single else _stacked(highs, len(columns.x)))

    def rows(self, info: ImageInfo) -> Sequence[int]:
        """Return the rows of the extent, without the one that has the places; raise `RequestError` for colours."""
        if info.channels > 1:
            raise RequestError("cannot show curves", "the elements are colours")
        rows = curve_rows(info)
        if self.extent is not None:
            _, _, low, high = self.extent
            (_, sy), (_, y0) = info.element, info.anchor
            rows = [row for row in rows if low <= y0 + (row + 0.5) * sy <= high]
        if len(rows) * self.width > CURVE_POINTS:
            why = f"{len(rows)} curves in {self.width} columns are more than {CURVE_POINTS} columns"
            raise RequestError("cannot show curves", why, "ask for fewer of them")
        return rows

    def _equidistant(self, source: Renderer, picture: Picture, rows: Sequence[int], x0: float, x1: float) -> CurveLines:
        info = source.info
        columns = self.columns(info, x0, x1)
        if not rows or not len(columns.x):
            none = np.empty((len(rows), len(columns.x)))
            return CurveLines(tuple(rows), columns.x, none, none)
        shape = rows[-1] - rows[0] + 1, len(columns.x)
        viewport = Viewport((columns.width, info.element[1]), (columns.start, rows[0]), shape, info.anchor)
        chosen = [row - rows[0] for row in rows]
        reductions = ("nearest",) if columns.single else ("min", "max")
        found = [_floats(source.render(viewport, picture.plane, reduction)[chosen]) for reduction in reductions]
        return CurveLines(tuple(rows), columns.x, found[0], found[-1])

    def columns(self, info: ImageInfo, x0: float, x1: float) -> EqualColumns:
        """Return the columns of elements at equal distances, from x0 to x1."""
        sx, ax, length = info.element[0], info.anchor[0], info.shape[1]
        start = min(max(math.floor((x0 - ax) / sx - 0.5), 0), length)
        stop = min(max(math.ceil((x1 - ax) / sx + 0.5), start), length)
        if stop - start <= 2 * self.width:
            return EqualColumns(ax + (np.arange(start, stop) + 0.5) * sx, start, sx, True)
        dx = canonical((x1 - x0) / self.width)
        start = math.floor((max(x0, ax) - ax) / dx + _ROUNDING)
        stop = max(math.ceil((min(x1, info.extent[1]) - ax) / dx - _ROUNDING), start + 1)
        return EqualColumns(ax + (np.arange(start, stop) + 0.5) * dx, start, dx, False)

    def equidistant(self, info: ImageInfo) -> EqualColumns | None:
        """Return the columns where elements have equal distances; None where they have places of their own."""
        if x_row(info) is not None or (info.axes and info.axes[-1].coordinates):
            return None
        return self.columns(info, *(self.extent or info.extent)[:2])


@dataclass(frozen=True, eq=False, slots=True)
class EqualColumns:
    """Columns of equal width on the grid of an image.

    Attributes
    ----------
    x : ndarray, (n,)
        Their middles.
    start : int
        The first one, counted from the anchor of the image.
    width : float
        In data units.
    single : bool
        Whether each is an element.
    """

    x: np.ndarray
    start: int
    width: float
    single: bool

    def elements(self, info: ImageInfo) -> tuple[np.ndarray, np.ndarray]:
        """Return the first element that each column touches, and the one after the last."""
        ratio, number = self.width / info.element[0], self.start + np.arange(len(self.x))
        first = np.floor(number * ratio + _ROUNDING).astype(np.intp)
        last = np.ceil((number + 1) * ratio - _ROUNDING).astype(np.intp)
        first = np.clip(first, 0, info.shape[1] - 1)
        return first, np.clip(last, first + 1, info.shape[1])


def x_row(info: ImageInfo) -> int | None:
    """Return the row whose values are the places of the elements, or None: the curve with the name of the x axis."""
    name = info.axes[-1].name if info.axes else ""
    return info.curves.index(name) if name and name in info.curves else None


def curve_rows(info: ImageInfo) -> list[int]:
    """Return the rows that are curves: all but that of the places."""
    places = x_row(info)
    return [row for row in range(info.shape[0]) if row != places]


def _places(source: Renderer, picture: Picture) -> np.ndarray | None:
    """Return where the elements are, if the image tells that."""
    info, row = source.info, x_row(source.info)
    coordinates = info.axes[-1].coordinates if info.axes else ()
    if row is None and not coordinates:
        return None
    if info.shape[1] > _LONGEST_ROW:
        why = f"{info.shape[1]} elements with places of their own, {_LONGEST_ROW} at most"
        raise RequestError("cannot show curves", why)
    if row is None:
        return np.array(coordinates, np.float64)
    return _elements(source, picture, row, 0, info.shape[1]).astype(np.float64)


def _elements(source: Renderer, picture: Picture, row: int, start: int, stop: int) -> np.ndarray:
    """Return elements of a row as they are."""
    if start == stop:
        return np.empty(0)
    info = source.info
    viewport = Viewport(info.element, (start, row), (1, stop - start), info.anchor)
    return _floats(source.render(viewport, picture.plane, "nearest")[0])


@dataclass(frozen=True, slots=True)
class _Columns:
    """Elements at places that are not equidistant, put into the columns of a window.

    The elements `start` … `stop` of a row lie in the window.  Where `at` is None, each is a point; otherwise a column
    begins at each element ``start + at[k]``.
    """

    x: np.ndarray
    start: int
    stop: int
    at: np.ndarray | None

    @classmethod
    def of(cls, places: np.ndarray, x0: float, x1: float, width: int) -> _Columns:
        with np.errstate(invalid="ignore"):
            inside = np.flatnonzero((places >= x0) & (places <= x1))
            across = np.flatnonzero((places[:-1] < x0) & (places[1:] > x1))
        if inside.size:
            start, stop = max(int(inside[0]) - 1, 0), min(int(inside[-1]) + 2, len(places))
        elif across.size:
            start, stop = int(across[0]), int(across[0]) + 2
        else:
            start = stop = 0
        here = places[start:stop]
        if stop - start <= 2 * width:
            return cls(here, start, stop, None)
        column = np.floor((np.nan_to_num(here, nan=x0) - x0) * (width / (x1 - x0)))
        begins = np.flatnonzero(np.diff(column, prepend=np.nan))
        if len(begins) > 2 * width:  # the places go to and fro
            begins = np.unique(np.linspace(0, stop - start, width, endpoint=False).astype(np.intp))
        ends = np.append(begins[1:], stop - start) - 1
        return cls((here[begins] + here[ends]) / 2, start, stop, begins)

    @property
    def single(self) -> bool:
        return self.at is None

    def extremes(self, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the least and the greatest of the values in each column."""
        if self.at is None or not values.size:
            return values, values
        return np.fmin.reduceat(values, self.at), np.fmax.reduceat(values, self.at)


def _stacked(rows: Sequence[np.ndarray], length: int) -> np.ndarray:
    return np.stack(rows) if rows else np.empty((0, length))


def _floats(values: np.ndarray) -> np.ndarray:
    """Return values as float32 or float64; a window cannot tell more digits apart."""
    return values if values.dtype in (np.float32, np.float64) else values.astype(np.float64)
