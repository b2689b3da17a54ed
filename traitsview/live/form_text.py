"""Forms as JSON, and back with every number checked."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from math import isfinite, prod
from typing import Any

import numpy as np

from .forms import ArrayForm, Facts, Form
from .layout import LARGEST_BYTES, MOST_AXES, MOST_NAMES, NAME_CHARACTERS

__all__ = ["form_of_text", "text_of_form"]

_DTYPE = re.compile("[<>|][biufc][0-9]{1,2}")


def text_of_form(form: Form, most: int) -> bytes:
    """Return a form as JSON; raise `ValueError` if it has more than `most` bytes, or has too many names."""
    text = json.dumps(asdict(form), separators=(",", ":")).encode()
    if len(text) > most or len(form.arrays) > MOST_NAMES or len(form.scalars) > MOST_NAMES:
        raise ValueError(f"{len(form.arrays)} arrays and {len(form.scalars)} scalars are too many for one frame")
    return text


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
    except (ValueError, RecursionError) as error:
        raise ValueError(f"the form of a frame is broken ({error})") from error
    try:
        arrays = tuple(_array(each, room) for each in _list(found["arrays"], MOST_NAMES))
        scalars = tuple(_text(each, NAME_CHARACTERS) for each in _list(found["scalars"], MOST_NAMES))
        return Form(arrays, scalars, _facts(found["facts"]))
    except (KeyError, TypeError, OverflowError) as error:
        raise ValueError(f"the form of a frame is broken ({type(error).__name__})") from error


def _array(found: Any, room: int) -> ArrayForm:
    name, dtype = _text(found["name"], NAME_CHARACTERS), _dtype(found["dtype"])
    shape = tuple(_whole(each, 1) for each in _list(found["shape"], MOST_AXES))
    offset, nbytes = _whole(found["offset"], 0), _whole(found["nbytes"], 1)
    if not shape or nbytes != prod(shape) * dtype.itemsize or offset + nbytes > room:
        raise ValueError(f"an array of a frame does not fit: {dtype} {shape} at {offset} of {room} bytes")
    place, whole = _pair(found["place"], 0), found["whole"]
    if whole is not None:
        whole = _pair(whole, 1)
        if len(shape) < 2:
            raise ValueError("an array of one axis is a part of an image")
    return ArrayForm(name, dtype.str, shape, place, whole, offset, nbytes)


def _dtype(found: Any) -> np.dtype:
    if not _DTYPE.fullmatch(_text(found, 8)):
        raise ValueError("the form of a frame is broken (a dtype)")
    dtype: np.dtype = np.dtype(found)
    return dtype


def _facts(found: Any) -> Facts:
    extent = found["extent"]
    if extent is not None:
        x0, x1, y0, y1 = (float(each) for each in _list(extent, 4))
        if not (isfinite(x0) and isfinite(x1) and isfinite(y0) and isfinite(y1) and x0 < x1 and y0 < y1):
            raise ValueError("the extent of a frame is none")
        extent = (x0, x1, y0, y1)
    origin = _text(found["origin"], 8)
    if origin not in ("upper", "lower", ""):
        raise ValueError("the origin of a frame is none")
    return Facts(extent, _text(found["unit"], NAME_CHARACTERS), origin)


def _pair(found: Any, least: int) -> tuple[int, int]:
    rows, columns = (_whole(each, least) for each in _list(found, 2))
    return rows, columns


def _list(found: Any, most: int) -> list[Any]:
    if not isinstance(found, list) or len(found) > most:
        raise ValueError("the form of a frame is broken (a list)")
    return found


def _text(found: Any, most: int) -> str:
    if not isinstance(found, str) or len(found) > most:
        raise ValueError("the form of a frame is broken (a text)")
    return found


def _whole(found: Any, least: int) -> int:
    if type(found) is not int or not least <= found <= LARGEST_BYTES:
        raise ValueError("the form of a frame is broken (a number)")
    return found
