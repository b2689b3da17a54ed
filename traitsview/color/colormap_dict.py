"""A colormap as plain values that JSON can hold.

In this form a colormap travels with a look to a machine whose catalogue does not have the colormap.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, TypeVar

from ..errors import ColormapError, counted, printable, quoted
from ..numerals import numerals
from .colormap import RGBA, Colormap, Stop

__all__ = ["colormap_from_dict", "colormap_to_dict"]

#: The most colours of a colormap.
MOST_COLORS = 100_000

#: The most characters of a name or a label.
_NAME_CHARACTERS = 1000

#: The most characters of a licence or a warning.
_TEXT_CHARACTERS = 100_000

_ATTRIBUTES = ("under", "over", "bad", "limits", "hinge", "cyclic", "values", "labels", "licence", "warnings")

Read = TypeVar("Read")


def colormap_to_dict(colormap: Colormap) -> dict[str, Any]:
    """Return `colormap` as a dict of lists, numbers, texts, booleans and None.

    ``name`` is always there.  Flat colours are ``colors``, a list of ``[red, green, blue, alpha]``; others are
    ``stops``, a list of ``[position, red, green, blue, alpha]``.  Each attribute that differs from its default is a
    key, too.  A colormap that is a function becomes 256 stops.
    """
    said: dict[str, Any] = {"name": colormap.name}
    if colormap.discrete is not None:
        said["colors"] = [list(color) for _, color in colormap.stops]
    else:
        said["stops"] = [[position, *color] for position, color in colormap.stops]
    for name in _ATTRIBUTES:
        value = getattr(colormap, name)
        if value is not None and value is not False and value not in ("", ()):  # 0.0 == False
            said[name] = list(value) if isinstance(value, tuple) else value
    return said


def colormap_from_dict(said: object) -> Colormap:
    """Return the colormap that `colormap_to_dict` wrote.

    Raises
    ------
    ColormapError
        If it is anything else.  Nothing is guessed, and unknown keys are errors.
    """
    if not isinstance(said, dict):
        raise _refusal(f"it is a {type(said).__name__}")
    known = {"name", "colors", "stops", *_ATTRIBUTES}
    unknown = [key for key in said if not isinstance(key, str) or key not in known]
    if unknown:
        raise _refusal(f"it has the unknown key {quoted(unknown[0])}")
    if ("colors" in said) == ("stops" in said):
        raise _refusal("it has both colors and stops" if "colors" in said else "it has neither colors nor stops")
    name = _text(said.get("name"), "name")
    if not name.strip():
        raise _refusal("it has no name")
    attributes = {key: _READERS[key](said[key], key) for key in _ATTRIBUTES if key in said}
    if "stops" in said:
        found = Colormap.from_stops(name, _list(said["stops"], "stops", _stop), **attributes)
    else:
        found = Colormap.from_colors(name, _list(said["colors"], "colors", _color), flat=True, **attributes)
    for key in ("values", "labels"):
        count = len(getattr(found, key))
        if count and (count != found.discrete if found.discrete is not None else count > len(found.stops)):
            raise _refusal(f"it has {counted(count, key[:-1])} for {counted(len(found.stops), 'colour')}")
    return found


def _refusal(why: str) -> ColormapError:
    return ColormapError("not a colormap of traitsview", printable(why), "copy it again")


def _list(value: object, what: str, read: Callable[[object, str], Read], count: int | None = None) -> list[Read]:
    if not isinstance(value, (list, tuple)) or len(value) > MOST_COLORS:
        raise _refusal(f"{what} is no list of {MOST_COLORS} at most")
    if count is not None and len(value) != count:
        raise _refusal(f"{what} is a list of {len(value)}, not of {count}")
    return [read(each, what) for each in value]


def _number(value: object, what: str) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise _refusal(f"{what} has {quoted(value)} for a number")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise _refusal(f"{what} has {quoted(number)} for a number")
    return number


def _text(value: object, what: str, longest: int = _NAME_CHARACTERS) -> str:
    if not isinstance(value, str) or len(value) > longest:
        raise _refusal(f"{what} is no text of {longest} characters at most")
    return value


def _color(value: object, what: str) -> RGBA:
    r, g, b, a = _list(value, what, _number, 4)
    return r, g, b, a


def _stop(value: object, what: str) -> Stop:
    position, r, g, b, a = _list(value, what, _number, 5)
    return position, (r, g, b, a)


def _limits(value: object, what: str) -> tuple[float, float]:
    low, high = _list(value, what, _number, 2)
    if not low < high:
        raise _refusal("{} are {} and {}".format(what, *numerals(low, high)))
    return low, high


def _boolean(value: object, what: str) -> bool:
    if not isinstance(value, bool):
        raise _refusal(f"{what} is {quoted(value)}")
    return value


def _line(value: object, what: str) -> str:
    return _text(value, what, _TEXT_CHARACTERS)


_READERS: dict[str, Callable[[object, str], Any]] = {
    "under": _color,
    "over": _color,
    "bad": _color,
    "limits": _limits,
    "hinge": _number,
    "cyclic": _boolean,
    "values": lambda value, what: tuple(_list(value, what, _number)),
    "labels": lambda value, what: tuple(_list(value, what, _text)),
    "licence": _line,
    "warnings": lambda value, what: tuple(_list(value, what, _line)),
}
