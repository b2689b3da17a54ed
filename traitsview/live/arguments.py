"""The arguments of a publisher, checked."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from operator import index
from typing import Any

from ..errors import RequestError, quoted
from . import layout
from .forms import Facts

__all__ = ["checked_facts", "checked_name", "checked_number", "checked_place"]

#: What cannot be in a name, since it means something in an address.
_SPECIAL = ("::", "@", "*", "?")


def checked_name(name: Any) -> str:
    """Return the name of a publisher, or raise `RequestError`."""
    what = f"cannot publish as {quoted(name)}"
    if not isinstance(name, str) or not name.strip() or name != name.strip():
        raise RequestError(what, "it is no name", "give one, such as 'density'")
    special = [each for each in _SPECIAL if each in name]
    if special or name.startswith(":") or not name.isprintable():
        why = f"it holds {special[0]!r}" if special else "it cannot stand in an address"
        raise RequestError(what, why, "use letters, digits, and any of - _ . /")
    if len(name.encode()) > layout.NAME_BYTES:
        raise RequestError(what, f"it is longer than {layout.NAME_BYTES} bytes", "give a shorter name")
    return name


def checked_number(what: str, value: Any, least: int, most: int) -> int:
    """Return an integer between two others, or raise `RequestError`."""
    try:
        number = index(value)
    except TypeError:
        number = least - 1
    if not least <= number <= most:
        raise RequestError(f"cannot publish with {what}={value!r}", "", f"give a number from {least} to {most}")
    return number


def checked_facts(extent: Any, unit: Any, origin: Any) -> Facts:
    """Return what a publisher says of its arrays, or raise `RequestError`."""
    if origin not in (None, "", "upper", "lower"):
        raise RequestError(f"unknown origin {quoted(origin)}", "", "one of upper, lower, or a place (row, column)")
    if not isinstance(unit, str) or len(unit) > 256:
        raise RequestError(
            f"cannot publish with the unit {quoted(unit)}", "it is no short text", "give one, such as 'K'"
        )
    return Facts(None if extent is None else _extent(extent), unit, origin or "")


def checked_place(origin: Any, shape: Any) -> tuple[tuple[int, int], tuple[int, int] | None]:
    """Return where a part begins in the whole image, and the shape of that or None; raise `RequestError`."""
    if shape is None:
        if origin is not None:
            raise RequestError(
                "cannot publish a part", f"origin={origin} has no shape of the whole", "add shape=(rows, columns)"
            )
        return (0, 0), None
    whole = _pair("shape", shape, 1)
    return _pair("origin", (0, 0) if origin is None else origin, 0), whole


def _pair(what: str, value: Any, least: int) -> tuple[int, int]:
    try:
        first, second = (index(each) for each in value)
    except (TypeError, ValueError):
        first = second = least - 1
    if min(first, second) < least or max(first, second) > 1 << 45:
        raise RequestError(f"cannot publish with {what}={value!r}", "", "give two whole numbers, (rows, columns)")
    return first, second


def _extent(extent: Sequence[Any]) -> tuple[float, float, float, float]:
    try:
        x0, x1, y0, y1 = (float(each) for each in extent)
        good = isfinite(x1 - x0) and isfinite(y1 - y0) and x0 < x1 and y0 < y1
    except (TypeError, ValueError):
        good = False
    if not good:
        raise RequestError(
            f"cannot publish with extent={extent!r}",
            "it is no rectangle",
            "give (x0, x1, y0, y1), the edges of the image",
        )
    return x0, x1, y0, y1
