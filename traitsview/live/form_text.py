"""Forms as JSON, and back with every number checked."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from math import isfinite, prod
from typing import Any

import numpy as np

from .forms import ArrayForm, Facts, Form

__all__ = ["form_of_text", "text_of_form"]

#: Arrays of a frame, axes of an array and characters of a name at most.
_ARRAYS = 256
_AXES = 32
_NAME = 256

#: No array is larger than this, in elements along one axis and in bytes.
_LARGEST = 1 << 46

_DTYPE = re.compile("[<>|][biufc][0-9]{1,2}")


def text_of_form(form: Form) -> bytes:
    """Return a form as JSON."""
    return json.dumps(asdict(form), separators=(",", ":")).encode()


def form_of_text(text: bytes, room: int) -> Form:
    """Return a form.

    Parameters
    ----------
    text : bytes
    room : int
        Bytes that the slot has for arrays.

    Raises
    ------
    ValueError
        If it is no form, or if an array does not lie within the room.
    """
    try:
        found = json.loads(text)
        arrays = tuple(_array(each, room) for each in _list(found["arrays"], _ARRAYS))
        scalars = tuple(_text(each, _NAME) for each in _list(found["scalars"], _ARRAYS))
        return Form(arrays, scalars, _facts(found["facts"]))
    except (KeyError, TypeError, RecursionError, UnicodeDecodeError, OverflowError) as error:
        raise ValueError(f"the form of the frame is broken ({type(error).__name__})") from error


def _array(found: Any, room: int) -> ArrayForm:
    name = _text(found["name"], _NAME)
    dtype = _dtype(found["dtype"])
    shape = tuple(_whole(each, 1) for each in _list(found["shape"], _AXES))
    offset, nbytes = _whole(found["offset"], 0), _whole(found["nbytes"], 1)
    if nbytes != prod(shape) * dtype.itemsize or offset + nbytes > room:
        raise ValueError(f"an array of the frame does not fit: {dtype} {shape} at {offset} of {room} bytes")
    return ArrayForm(name, dtype.str, shape, offset, nbytes)


def _dtype(found: Any) -> np.dtype:
    if not _DTYPE.fullmatch(_text(found, 8)):
        raise ValueError("the form of the frame is broken (a dtype)")
    dtype: np.dtype = np.dtype(found)
    return dtype


def _facts(found: Any) -> Facts:
    extent = found["extent"]
    if extent is not None:
        x0, x1, y0, y1 = (float(each) for each in _list(extent, 4))
        if not (isfinite(x0) and isfinite(x1) and isfinite(y0) and isfinite(y1) and x0 < x1 and y0 < y1):
            raise ValueError("the extent of the frame is none")
        extent = (x0, x1, y0, y1)
    display = _text(found["display"], 8)
    if display not in ("upper", "lower", ""):
        raise ValueError("the origin of the frame is none")
    return Facts(extent, _text(found["unit"], _NAME), display, _pair(found["place"], 0), _pair(found["whole"], 1))


def _pair(found: Any, least: int) -> tuple[int, int] | None:
    if found is None:
        return None
    rows, columns = (_whole(each, least) for each in _list(found, 2))
    return rows, columns


def _list(found: Any, most: int) -> list[Any]:
    if not isinstance(found, list) or len(found) > most:
        raise ValueError("the form of the frame is broken (a list)")
    return found


def _text(found: Any, most: int) -> str:
    if not isinstance(found, str) or len(found) > most:
        raise ValueError("the form of the frame is broken (a text)")
    return found


def _whole(found: Any, least: int) -> int:
    if type(found) is not int or not least <= found <= _LARGEST:
        raise ValueError("the form of the frame is broken (a number)")
    return found
