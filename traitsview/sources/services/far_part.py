"""A part of a whole that several programs make together: its pixels, and how much of the pixels at its edges it is.

This module runs inside the other program, too; see `far_bundle`.  Pixels are those of the grid of the whole, so that
the pixels of all parts fit together.  A pixel over a border between parts has some elements of each.  Its mean is
``sum(weight * mean) / sum(weight)`` over the parts, where the weight is how much of the pixel's area are elements of
the part that have a value.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ...geometry import Viewport
from ..arrays.array_source import ArraySource
from ..arrays.placed_arrays import placed_arrays

__all__ = ["edges_of", "rendered_part"]


def edges_of(viewport: Viewport) -> tuple[Viewport, ...]:
    """Return the first and last row, and the first and last column of a viewport."""
    (rows, columns), (column, row) = viewport.shape, viewport.origin
    places = (
        ((column, row), (1, columns)),
        ((column, row + rows - 1), (1, columns)),
        ((column, row), (rows, 1)),
        ((column + columns - 1, row), (rows, 1)),
    )
    return tuple(Viewport(viewport.resolution, origin, shape, viewport.anchor) for origin, shape in places)


def rendered_part(
    image: ArraySource, within: Mapping[str, Any], viewport: Viewport, plane: tuple[int, ...], reduction: str
) -> list[np.ndarray]:
    """Return the pixels of a part; where weights are wanted, also those of the pixels at its four edges.

    Parameters
    ----------
    image : ArraySource
        The part.
    within : mapping
        ``origin``, the ``[row, column]`` of the whole where the part begins; the ``shape`` of the whole, ``[rows,
        columns]``; its ``extent`` in data units, ``[x0, x1, y0, y1]``; and whether ``weights`` are wanted.
    viewport : Viewport
        On a grid of the whole.
    """
    array, info = image.array, image.info
    row, column = (int(n) for n in within["origin"])
    rows, columns = (int(n) for n in within["shape"])
    x0, x1, y0, y1 = (float(edge) for edge in within["extent"])
    if (rows, columns) == info.shape and (x0, x1, y0, y1) == info.extent:
        whole = image  # it is the only part
    else:
        values = placed_arrays([(array, (row, column))], (rows, columns), info.channels)
        whole = ArraySource(values, name=info.name, extent=(x0, x1, y0, y1), kind=info.kind)
    found = [whole.render(viewport, plane, reduction)]
    if within["weights"]:
        valid = _Valid(array, info.channels)
        shares = _Shares(placed_arrays([(valid, (row, column))], (rows, columns)))
        weights = ArraySource(shares, name="weights", extent=(x0, x1, y0, y1), kind="scalar")
        found += [weights.render(edge, plane) for edge in edges_of(viewport)]
    return found


class _Valid:
    """1 where an array has a value."""

    def __init__(self, array: Any, channels: int) -> None:
        self._array = array
        self._channels = channels
        self.shape = tuple(array.shape) if channels == 1 else tuple(array.shape)[:-1]
        self.dtype = np.dtype(np.float64)

    def __getitem__(self, key: Any) -> np.ndarray:
        found = self._array[key]
        valid = ~np.ma.getmaskarray(found)  # type: ignore[no-untyped-call]
        plain = np.asarray(found)
        if plain.dtype.kind in "fc":
            valid &= ~np.isnan(plain)
        if self._channels > 1:
            valid = valid.all(axis=-1)
        return valid.astype(np.float64)  # type: ignore[no-any-return]


class _Shares:
    """The same in the whole, 0 where the part is not."""

    def __init__(self, valid: Any) -> None:
        self._valid = valid
        self.shape, self.dtype = valid.shape, valid.dtype

    def __getitem__(self, key: Any) -> np.ndarray:
        found: np.ndarray = np.nan_to_num(self._valid[key], copy=False, nan=0.0)
        return found
