"""Which arrays are images: numbers along two axes or more."""

from __future__ import annotations

from math import prod

import numpy as np

from ...errors import SourceUnsupported, counted, quoted

__all__ = ["require_image"]


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
