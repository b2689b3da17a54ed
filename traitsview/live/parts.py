"""Which part of a whole image an array is, and which part of an array is published."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..errors import RequestError, quoted
from .forms import has_channels
from .frame_slots import Kind

__all__ = ["Part", "Region", "checked_region"]

#: Rows and columns, as ``numpy.s_[10:20, :]`` gives them.
Region = tuple[slice, slice]


@dataclass(frozen=True, slots=True)
class Part:
    """What is published of arrays, and where it is.

    Attributes
    ----------
    region : (slice, slice) or None
        Publish these rows and columns only.
    place : (row, column)
        Where the arrays begin in the whole image.
    whole : (rows, columns) or None
        Of the whole image; None if the arrays are no parts.
    """

    region: Region | None = None
    place: tuple[int, int] = (0, 0)
    whole: tuple[int, int] | None = None

    def of(self, name: str, array: np.ndarray) -> tuple[Kind, np.ndarray]:
        """Return what is published of an array, and what that is."""
        if array.ndim < 2:
            return (name, array.dtype, array.shape, (0, 0), None), array
        if self.region is None:
            return (name, array.dtype, array.shape, self.place, self.whole), array
        end = array.ndim - has_channels(array.shape, array.dtype)
        high, wide = array.shape[end - 2 : end]
        rows, columns = (part.indices(size) for part, size in zip(self.region, (high, wide), strict=True))
        cut = array[(*[slice(None)] * (end - 2), *self.region)]
        if not cut.size:
            raise ValueError(f"the region has nothing of {quoted(name)}, whose shape is {array.shape}")
        place = (self.place[0] + rows[0], self.place[1] + columns[0])
        return (name, array.dtype, cut.shape, place, self.whole or (high, wide)), cut


def checked_region(region: object) -> Region | None:
    """Return a region, or raise `RequestError` if it is none."""
    if region is None:
        return None
    if isinstance(region, tuple) and len(region) == 2 and all(isinstance(each, slice) for each in region):
        rows, columns = region
        if rows.step in (None, 1) and columns.step in (None, 1):
            return rows, columns
    remedy = "give rows and columns without steps, such as numpy.s_[100:200, 300:500]"
    raise RequestError(f"cannot publish the region {quoted(region)}", "it is no rectangle", remedy)
