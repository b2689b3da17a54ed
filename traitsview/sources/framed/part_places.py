"""Where the parts of a mosaic are in the whole: as they say themselves, or arranged in rows and columns."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ...errors import RequestError, quoted
from ...geometry import Extent
from ..image_info import ImageInfo

__all__ = ["Arrangement", "Place", "Shape", "Whole", "extent_of_part", "extent_of_whole"]

#: ``(rows, columns)``
Shape = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a part is in the whole.

    Attributes
    ----------
    origin : (int, int)
        ``(row, column)`` of the whole where the part has its element [0, 0].
    whole : (int, int)
        ``(rows, columns)`` of the whole.
    """

    origin: tuple[int, int]
    whole: Shape


@dataclass(frozen=True, slots=True)
class Whole:
    """What parts are joined to.

    Attributes
    ----------
    name : str
        Of the image.
    shape : (int, int)
        ``(rows, columns)``.
    extent : (x0, x1, y0, y1)
        In data units.
    like : ImageInfo
        The facts about one of the parts: the planes, kind and unit of all.
    """

    name: str
    shape: Shape
    extent: Extent
    like: ImageInfo


@dataclass(frozen=True, slots=True)
class Arrangement:
    """How parts are put side by side that do not say where they are.

    Parts fill the cells of a table row by row, in their order.  A row of cells is as high as its highest part, a column
    as wide as its widest one.

    Attributes
    ----------
    rows, columns : int
        Of the table.  0: as many as are needed; if both are 0, the table is about as wide as it is high.
    gap : float
        Between cells, as a fraction of the largest part's side.
    """

    rows: int = 0
    columns: int = 1
    gap: float = 0.0

    @classmethod
    def parsed(cls, text: str) -> Arrangement:
        """Return the arrangement that is written as ``"2x3"``: 2 rows of 3 parts."""
        rows, cross, columns = text.lower().partition("x")
        if not (cross and rows.isdecimal() and columns.isdecimal() and int(rows) and int(columns)):
            raise RequestError(f"unknown layout {quoted(text)}", "", "write ROWSxCOLUMNS, such as 2x2")
        return cls(int(rows), int(columns))

    def places(self, shapes: Sequence[Shape | None]) -> tuple[Place, ...]:
        """Return the places of parts of these shapes.  None, a shape that is not known yet, is taken as the usual one.

        Raises
        ------
        RequestError
            If the table has fewer cells than there are parts.
        """
        known = Counter(shape for shape in shapes if shape is not None)
        usual = known.most_common(1)[0][0] if known else (1, 1)
        sizes = [shape or usual for shape in shapes]
        columns = self._columns(len(sizes))
        rows = math.ceil(len(sizes) / columns)
        if self.rows and rows > self.rows:
            why = f"{self.rows} rows of {columns} have no room for {len(sizes)} parts"
            raise RequestError("cannot arrange the parts", why, f"try {rows}x{columns}")
        heights, widths = [0] * rows, [0] * columns
        for k, (height, width) in enumerate(sizes):
            row, column = divmod(k, columns)
            heights[row] = max(heights[row], height)
            widths[column] = max(widths[column], width)
        gap = math.ceil(self.gap * max(max(size) for size in sizes)) if sizes else 0
        tops, lefts = _edges(heights, gap), _edges(widths, gap)
        whole = tops[-1] - gap, lefts[-1] - gap
        return tuple(Place((tops[k // columns], lefts[k % columns]), whole) for k in range(len(sizes)))

    def _columns(self, count: int) -> int:
        if self.columns:
            return self.columns
        return max(1, math.ceil(count / self.rows) if self.rows else math.ceil(math.sqrt(count)))


def extent_of_whole(part: ImageInfo, place: Place) -> Extent:
    """Return the extent of the whole, in data units, as follows from the extent of a part.

    The extent of a part that has none of its own, ``(0, columns, 0, rows)``, says nothing: the whole counts elements.
    """
    rows, columns = place.whole
    if part.extent == (0.0, float(part.shape[1]), 0.0, float(part.shape[0])):
        return 0.0, float(columns), 0.0, float(rows)
    (sx, sy), (x0, y0), (row, column) = part.element, part.anchor, place.origin
    x0, y0 = x0 - column * sx, y0 - row * sy
    return x0, x0 + columns * sx, y0, y0 + rows * sy


def extent_of_part(shape: Shape, place: Place, whole: Extent) -> Extent:
    """Return the extent of a part, in data units of the whole."""
    x0, x1, y0, y1 = whole
    sx, sy = (x1 - x0) / place.whole[1], (y1 - y0) / place.whole[0]
    (row, column), (rows, columns) = place.origin, shape
    return x0 + column * sx, x0 + (column + columns) * sx, y0 + row * sy, y0 + (row + rows) * sy


def _edges(sizes: Sequence[int], gap: int) -> list[int]:
    """Return where each of some cells begins that follow each other, and where one more would."""
    edges = [0]
    for size in sizes:
        edges.append(edges[-1] + size + gap)
    return edges
