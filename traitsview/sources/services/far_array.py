"""A value of a running program as an image: what it shows, why it shows nothing, and whether it has changed.

This module runs inside the other program; see `far_bundle`.  It reads what it needs of a value, and keeps nothing.
"""

from __future__ import annotations

import functools
import weakref
import zlib
from collections.abc import Callable, Hashable
from dataclasses import replace
from math import prod
from typing import Any

import numpy as np

from ...errors import SourceUnsupported, quoted
from ..arrays.array_source import ArraySource
from ..arrays.curve_array import curve_source
from ..image_info import ImageInfo

__all__ = ["LAZY_BYTES", "array_of", "described", "image_of", "mark_of", "references_to"]

#: An array that is read or computed as it is needed is shown if its largest plane has no more bytes.
LAZY_BYTES = 1 << 30

# Bytes of an array that are all looked at for a change.  Of a larger one a raster of elements is.
_LOOKED_AT_BYTES = 1 << 16

# Elements of that raster along an axis, of arrays of 1, 2, 3 … axes.
_RASTER = {1: 16384, 2: 128, 3: 25}


def image_of(value: Any, name: str, axis: str = "index") -> tuple[ArraySource, ImageInfo]:
    """Return a source that renders a value, and the facts about it.

    An array of one axis becomes a curve over its elements, which `axis` names.

    Raises
    ------
    SourceUnsupported
        If the value is no image: a list, a text, an array without elements, or one that is too large to be computed.
    """
    array = array_of(value, name)
    if len(array.shape) == 1:
        image = curve_source(np.asarray(array)[None, :], (name,), name=name, axis=axis)
    else:
        image = ArraySource(array, name=name)
    return image, replace(image.info, live=True)


def array_of(value: Any, name: str) -> Any:
    """Return a value as an object with a shape, a NumPy dtype and slicing, or raise `SourceUnsupported`."""
    what = f"cannot show {quoted(name)}"
    if isinstance(value, (str, bytes, bytearray, bool, int, float, complex, np.generic, type(None), dict, set)):
        found = "None" if value is None else f"a {type(value).__name__}"
        raise SourceUnsupported(what, f"it is {found}, not an array", "name a variable with 2 axes or more")
    if isinstance(value, (list, tuple, range)):
        why = f"it is a {type(value).__name__}, not an array"
        raise SourceUnsupported(what, why, f"try np.asarray({name})")
    shape = _shape_of(value)
    if shape is None or not hasattr(type(value), "__getitem__"):
        raise SourceUnsupported(what, f"it is a {type(value).__name__}, not an array", "name a variable that is one")
    try:
        dtype = np.dtype(value.dtype)
    except Exception as error:
        why = f"a {type(value).__name__} has no NumPy dtype"
        raise SourceUnsupported(what, why, f"try np.asarray({name})") from error
    if shape == ():
        raise SourceUnsupported(what, "it has no axes", "name an array with 2 axes or more")
    if not isinstance(value, np.ndarray):
        size = prod(shape[-2:] if len(shape) < 4 else shape[-3:]) * dtype.itemsize
        if size > LAZY_BYTES:
            why = f"{size / 1e9:.3g} GB would be read or computed for a picture of this {type(value).__name__}"
            raise SourceUnsupported(what, why, f"show a part, or every tenth element: {name}[..., ::10, ::10]")
    return value


def described(value: Any) -> tuple[tuple[int, ...], str] | None:
    """Return the shape and the dtype, in NumPy's short form, of a value that may be shown; else None.

    Nothing is read or computed: of objects that are no arrays, only the two attributes are looked at.
    """
    if isinstance(value, type) or not hasattr(type(value), "__getitem__"):
        return None
    shape = _shape_of(value)
    try:
        dtype = np.dtype(value.dtype)
    except Exception:  # an object of any library
        return None
    if not shape or prod(shape) == 0 or dtype.kind not in "buifc":
        return None
    return shape, dtype.str


def mark_of(value: Any) -> Hashable:
    """Return what tells a value from another one at the same name, and from itself before it was changed in place.

    Of an array in memory it is where it lies and a checksum: of all elements if they have few bytes, else of a raster
    of them.  So a change of a few elements of a large array may be seen late, or not at all.  Of numbers and texts it
    is their value, and of other objects which object it is and how long.
    """
    if isinstance(value, (int, float, complex, str, bytes, type(None))):
        return (type(value), value)
    if isinstance(value, np.ndarray):
        place = (value.__array_interface__["data"][0], value.shape, value.strides, value.dtype.str)
        if value.dtype.hasobject:
            return place
        mask = value.mask if isinstance(value, np.ma.MaskedArray) else None
        masked = _checksum(mask) if isinstance(mask, np.ndarray) and mask.shape else 0
        return (place, _checksum(np.asarray(value)), masked)
    length = len(value) if isinstance(value, (list, tuple, dict, set)) else 0
    return (id(value), length)


def references_to(value: Any) -> list[Callable[[], Any]]:
    """Return functions that return the value, or None when it is gone, and do not keep it.

    The first one refers to the value itself, the second one to the array that it is a part of.  There are none for a
    value that cannot be referred to so.
    """
    try:
        found: list[Callable[[], Any]] = [weakref.ref(value)]
    except TypeError:
        return []
    base = value
    while isinstance(base, np.ndarray) and isinstance(base.base, np.ndarray):
        base = base.base
    if base is not value and type(value) is np.ndarray:
        found.append(functools.partial(_part_of, weakref.ref(base), dict(value.__array_interface__)))
    return found


def _part_of(base: Callable[[], Any], about: dict[str, Any]) -> np.ndarray | None:
    whole = base()
    return None if whole is None else np.asarray(_Part(about, whole))


class _Part:
    """A part of an array: an object that NumPy takes for one."""

    def __init__(self, about: dict[str, Any], whole: np.ndarray) -> None:
        self.__array_interface__ = about
        self.whole = whole


def _checksum(array: np.ndarray) -> int:
    if array.nbytes > _LOOKED_AT_BYTES:
        few = _RASTER.get(array.ndim, 10)
        array = array[tuple(slice(n // few // 2 if n > few else 0, None, max(n // few, 1)) for n in array.shape)]
    return zlib.crc32(np.ascontiguousarray(array).reshape(-1).view(np.uint8).data) if array.size else 0


def _shape_of(value: Any) -> tuple[int, ...] | None:
    try:
        return tuple(int(n) for n in value.shape)
    except Exception:  # no shape, an unknown size, or an object that fails
        return None
