"""The form of a frame: what its bytes mean."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

__all__ = ["ArrayForm", "Facts", "Form", "extent_of", "has_channels"]

#: ``(x0, x1, y0, y1)``, in data units.
_Extent = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Facts:
    """What a publisher says of its arrays beside their numbers.

    Attributes
    ----------
    extent : (x0, x1, y0, y1) or None
        In data units, of the whole image if the arrays are parts of one.
    unit : str
        Of the values.
    origin : {"upper", "lower", ""}
        Where row 0 belongs on the screen; empty where nothing was said.
    """

    extent: _Extent | None = None
    unit: str = ""
    origin: str = ""


@dataclass(frozen=True, slots=True)
class ArrayForm:
    """One array of a frame.

    Attributes
    ----------
    name : str
    dtype : str
        In NumPy's short form, with the order of bytes.
    shape : tuple of int
    place : (row, column)
        Where it begins in the whole image, if it is a part of one.
    whole : (rows, columns) or None
        Of the whole image; None if the array is no part of a larger one.
    offset, nbytes : int
        Where it is, in bytes from the beginning of the arrays of the slot.
    """

    name: str
    dtype: str
    shape: tuple[int, ...]
    place: tuple[int, int] = (0, 0)
    whole: tuple[int, int] | None = None
    offset: int = 0
    nbytes: int = 0


@dataclass(frozen=True, slots=True)
class Form:
    """All that is the same in many frames.

    Attributes
    ----------
    arrays : tuple of ArrayForm
    scalars : tuple of str
        Their names.
    facts : Facts
    """

    arrays: tuple[ArrayForm, ...] = ()
    scalars: tuple[str, ...] = ()
    facts: Facts = field(default_factory=Facts)


def has_channels(shape: tuple[int, ...], dtype: np.dtype) -> bool:
    """Whether the last axis of an array is taken for that of the channels of colours; see `ArraySource`."""
    if len(shape) < 3 or shape[-1] not in (3, 4):
        return False
    if dtype == np.uint8:
        return True
    amounts = (dtype.kind, dtype.itemsize) == ("u", 2) or (dtype.kind == "f" and shape[-1] == 3)
    return amounts and min(shape[-3:-1]) > 4


def extent_of(array: ArrayForm, facts: Facts) -> _Extent | None:
    """Return where an array is in data units, or None where nothing was said of that.

    A part of ``rows × columns`` elements that begins at ``(row, column)`` of a whole of ``(R, C)`` elements has of the
    width of the whole the part from ``column / C`` to ``(column + columns) / C``, and of the height alike.
    """
    if array.whole is None:
        return facts.extent
    high, wide = array.whole
    x0, x1, y0, y1 = facts.extent or (0.0, float(wide), 0.0, float(high))
    end = len(array.shape) - has_channels(array.shape, np.dtype(array.dtype))
    rows, columns = array.shape[end - 2 : end]
    row, column = array.place
    across, up = (x1 - x0) / wide, (y1 - y0) / high
    return (
        x0 + column * across,
        x0 + (column + columns) * across,
        y0 + row * up,
        y0 + (row + rows) * up,
    )
