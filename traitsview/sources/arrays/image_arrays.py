"""Which arrays are images, and what an array says of its image: kind, extent and axes."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np

from ...errors import RequestError, SourceUnsupported, counted, quoted
from ...geometry import Extent, check_extent
from ...numerals import numerals
from ..image_info import COLOURS, KINDS, Axis, Stored

__all__ = ["axes_of", "extent_of", "image_dtype", "kind_of", "require_image", "stored_form"]

_NAMES = ("y", "x")


def require_image(what: str, shape: tuple[int, ...], dtype: np.dtype, saved: bool = False) -> None:
    """Raise `SourceUnsupported` unless an array of this shape and dtype is an image.

    Parameters
    ----------
    what : str
        How the error begins.
    saved : bool
        Whether the array is in a file that `numpy.save` wrote; the user has to save another one then.
    """
    if dtype.hasobject:
        found = ", found dtype object" if saved else ""
        numbers = "array.astype(float)"
        remedy = f"save numbers: numpy.save(file, {numbers})" if saved else f"convert them to numbers: {numbers}"
        raise SourceUnsupported(what, f"it holds Python objects{found}", remedy)
    if dtype.names:
        names = ", ".join(quoted(name, 24) for name in dtype.names[:5])
        remedy = "save one field as an array" if saved else "give one field, array['field']"
        raise SourceUnsupported(what, f"it holds records with the fields {names}", remedy)
    if dtype.kind not in "buifc":
        raise SourceUnsupported(what, f"it holds {dtype.name} values", "an image needs numbers")
    if len(shape) < 2:
        why = f"it has {counted(len(shape), 'axis')}, shape {shape}, and an image needs 2 or more"
        raise SourceUnsupported(what, why, "reshape the array")
    if prod(shape) == 0:
        raise SourceUnsupported(what, f"it has no elements, shape {shape}", "give an array with some")


def image_dtype(data: Any, name: str) -> np.dtype:
    """Return the dtype of an array, or raise `SourceUnsupported` unless it is an image."""
    what = f"cannot show {quoted(name)}"
    try:
        dtype: np.dtype = np.dtype(data.dtype)
        shape = tuple(data.shape)
    except (AttributeError, TypeError) as error:
        why = f"a {type(data).__name__} has no NumPy dtype and shape"
        raise SourceUnsupported(what, why, "give an array") from error
    require_image(what, shape, dtype)
    return dtype


def kind_of(shape: tuple[int, ...], dtype: np.dtype, kind: str | None, name: str) -> str:
    """Return the kind of an image: the given one, or the one that its elements are taken for."""
    if kind is None:
        return _natural_colour(shape, dtype) or ("complex" if dtype.kind == "c" else "scalar")
    if kind not in KINDS:
        raise RequestError(f"unknown kind {quoted(kind)}", "", f"one of {', '.join(KINDS)}")
    colours = len(shape) > 2 and shape[-1] == COLOURS.get(kind) and dtype.kind in "uif"
    if (kind == "complex") != (dtype.kind == "c") or (kind in COLOURS and not colours):
        why = f"shape {shape} of {dtype.name} is not {kind}"
        raise RequestError(f"cannot show {quoted(name)} as {kind}", why, "leave the kind out")
    return kind


def _natural_colour(shape: tuple[int, ...], dtype: np.dtype) -> str:
    """Return the kind of colours that elements are taken for by default; empty if they are not colours.

    Bytes are colours wherever the last axis has 3 or 4 of them.  Other numbers are colours if there are 3 of
    them, or 4 of 16 bits, unless there are no more rows or columns than channels.
    """
    kind = {size: kind for kind, size in COLOURS.items()}.get(shape[-1], "") if len(shape) > 2 else ""
    if dtype == np.uint8:
        return kind
    amounts = (dtype.kind, dtype.itemsize) == ("u", 2) or (dtype.kind == "f" and kind == "rgb")
    return kind if amounts and min(shape[-3:-1]) > max(COLOURS.values()) else ""


def stored_form(data: Any, dtype: np.dtype, scale: tuple[float, float], blank: int | None) -> Stored | None:
    """Return how elements are stored, or None if they are the values.  An array-like may have it as `stored`."""
    said = getattr(data, "stored", None)
    if isinstance(said, Stored):
        return said
    return None if scale == (1.0, 0.0) and blank is None else Stored(dtype.str, *scale, blank)


def extent_of(extent: Extent | None, shape: tuple[int, ...]) -> Extent:
    """Return the extent of an image: the given one, or one unit for each element."""
    if extent is None:
        return (0.0, float(shape[-1]), 0.0, float(shape[-2]))
    x0, x1, y0, y1 = check_extent(extent, "cannot place the image")
    if not ((x1 - x0) / shape[-1] and (y1 - y0) / shape[-2]):
        edges = " ".join(numerals(x0, x1) + numerals(y0, y1))
        why = f"{shape[-1]} × {shape[-2]} elements in {edges} are too small to be told apart"
        raise RequestError("cannot place the image", why, "give a larger unit")
    return x0, x1, y0, y1


def axes_of(axes: Sequence[Axis | str] | None, shape: tuple[int, ...]) -> tuple[Axis, ...]:
    """Return the axes of an image: the given ones, or axes with plain names."""
    if axes is None:
        names = [f"axis {k}" for k in range(len(shape) - 2)] + list(_NAMES)
        return tuple(Axis(name, size) for name, size in zip(names, shape, strict=True))
    if len(axes) != len(shape):
        raise RequestError(
            "the axes do not fit the array", f"they are {len(axes)}, and it has {len(shape)}, shape {shape}"
        )
    made = tuple(
        axis if isinstance(axis, Axis) else Axis(str(axis), size) for axis, size in zip(axes, shape, strict=True)
    )
    for axis, size in zip(made, shape, strict=True):
        if axis.size != size:
            raise RequestError(f"axis {quoted(axis.name)} does not fit the array", f"size {axis.size}, found {size}")
    return made
