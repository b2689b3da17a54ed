"""JSON files, read strictly: no key twice, no NaN, no infinity.  Each value knows its name in messages."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import isfinite
from typing import Any, NoReturn

from ...errors import ColormapError, counted, quoted
from .colormap_file import ColormapFile, Line, closest
from .ranges import shown, within

__all__ = ["Value", "parsed"]

MOST_KEYS = 200

#: A text, or a comma with no item before it, or a comma between an item and a closing bracket.  Only the last kind is
#: removed; the others are matched so that their commas stay.
_LAST_COMMA = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[{,]\s*,|,(?=\s*[\]}])', re.DOTALL)


@dataclass(frozen=True)
class Value:
    """A value of a JSON file, whose methods check what it must be.

    Attributes
    ----------
    file : ColormapFile
    data : object
        dict, list, str, float, int, bool or None.
    what : str
        Its name in messages: ``"RGBPoints"``.
    scope : str
        The name of the object around it: ``"colormap 'mine'"``; empty for the file.
    """

    file: ColormapFile = field(repr=False)
    data: Any = field(repr=False)
    what: str = "it"
    scope: str = ""

    def fail(self, why: str, remedy: str = "") -> NoReturn:
        """Raise a `ColormapError`: ``map.json: colormap 'mine': RGBPoints has 7 numbers; remedy``."""
        where = f"{self.file.name}: {self.scope}" if self.scope else self.file.name
        raise ColormapError(where, f"{self.what} {why}", remedy)

    def within(self, scope: str) -> Value:
        """Return the value with another `scope`."""
        return Value(self.file, self.data, self.what, scope)

    def object(self) -> dict[str, Any]:
        """Return it as a dict, or fail."""
        if not isinstance(self.data, dict):
            self.fail(f"is {_kind(self.data)}", 'an object, {"…": …}, was expected')
        if len(self.data) > MOST_KEYS:
            self.fail(f"has {counted(len(self.data), 'key')}", "give a colormap")
        return self.data

    def keys(self, known: Sequence[str]) -> list[str]:
        """Return the keys of an object; fail if one is not in `known`."""
        for key in self.object():
            if key not in known:
                near = closest(key, known)
                remedy = f"did you mean {near[0]}?" if near else f"known are {', '.join(known)}"
                self.fail(f"has the unknown key {quoted(key)}", remedy)
        return list(self.object())

    def has(self, key: str) -> bool:
        """Whether an object has a key whose value is not null."""
        return self.object().get(key) is not None

    def member(self, key: str) -> Value:
        """Return the value under a key of an object, or fail."""
        if not self.has(key):
            self.fail(f"has no {quoted(key)}", f'add "{key}": …')
        return Value(self.file, self.data[key], key, self.scope)

    def items(self, most: int = 100_000) -> list[Value]:
        """Return the items of an array, at most `most`, or fail."""
        found = self.array(most)
        what = "" if self.what == "it" else self.what
        return [Value(self.file, item, f"{what}[{i}]", self.scope) for i, item in enumerate(found)]

    def array(self, most: int = 100_000) -> list[Any]:
        """Return it as a list of at most `most` items, or fail."""
        if not isinstance(self.data, list):
            self.fail(f"is {_kind(self.data)}", "an array, […], was expected")
        if len(self.data) > most:
            self.fail(f"has {len(self.data)} items", f"a colormap has at most {most}")
        return self.data

    def size(self, key: str) -> int:
        """Return how many items the array under a key of an object has; 0 if there is none."""
        found = self.data.get(key) if isinstance(self.data, dict) else None
        return len(found) if isinstance(found, list) else 0

    def numbers(self, low: float, high: float, most: int = 400_000) -> list[float]:
        """Return it as numbers in ``low … high``, or fail; see `number`."""
        found = self.array(most)
        if all(type(item) in (int, float) and low <= item <= high for item in found):
            return [float(item) for item in found]
        return [item.number(low, high) for item in self.items(most)]

    def number(self, low: float, high: float) -> float:
        """Return it as a number in ``low … high``, or fail.  See `within` for numbers a hair beyond."""
        if isinstance(self.data, bool) or not isinstance(self.data, (int, float)):
            self.fail(f"is {_kind(self.data)}", "a number was expected")
        value = within(self.data, low, high)
        if value is None:
            self.fail(f"is {shown(self.data)}", f"it must be in {shown(low)} … {shown(high)}")
        return float(value)

    def text(self) -> str:
        """Return it as text that can be written, or fail."""
        if not isinstance(self.data, str):
            self.fail(f"is {_kind(self.data)}", 'a text, "…", was expected')
        try:
            self.data.encode()
        except UnicodeEncodeError:
            self.fail("holds half a character", r"write both \u… of the pair")
        return self.data

    def flag(self) -> bool:
        """Return it as true or false, which may be written 1 or 0, or fail."""
        if self.data not in (True, False):
            self.fail(f"is {_kind(self.data)}", "true or false was expected")
        return bool(self.data)


def parsed(file: ColormapFile) -> Value:
    """Return the value of a JSON file.

    A comma behind the last item is allowed, as in JavaScript and in a file of ParaView.

    Raises
    ------
    ColormapError
        If it is not JSON in UTF-8, has a key twice, NaN or an infinity, or is nested too deeply.
    """

    if file.latin:
        file.fail("it is not UTF-8, which JSON must be", "write it in UTF-8")

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            seen: set[str] = set()
            twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
            file.fail(f"the key {quoted(twice)} is there twice in one object", "remove one")
        return found

    def number(word: str) -> float:
        value = float(word)
        if not isfinite(value):
            file.fail(f"{quoted(word, 40)} is no number that can be used", "write a finite one")
        return value

    def loaded(text: str) -> Any:
        return json.loads(
            text,
            object_pairs_hook=once,
            parse_constant=number,
            parse_float=number,
            parse_int=lambda word: int(word) if len(word) < 16 else number(word),
        )

    try:
        try:
            data = loaded(file.text)
        except json.JSONDecodeError:
            data = loaded(_without_last_commas(file.text))
    except json.JSONDecodeError as error:
        why = f"it is not JSON: {error.msg.lower()} at column {error.colno}"
        Line(file, error.lineno, "").fail(why, "is the file whole?")
    except RecursionError:
        raise ColormapError(file.name, "it is nested too deeply", "give a colormap file") from None
    return Value(file, data)


def _without_last_commas(text: str) -> str:
    """Return JSON text in which blanks replace the commas behind the last items of arrays and objects."""
    return _LAST_COMMA.sub(lambda found: " " if found[0] == "," else found[0], text)


def _kind(data: Any) -> str:
    """Return the kind of a value in words."""
    if data is None:
        return "null"
    if isinstance(data, bool):
        return str(data).lower()
    if isinstance(data, (int, float)):
        return f"{shown(data)}"
    if isinstance(data, str):
        return f"the text {quoted(data, 40)}"
    return "an object" if isinstance(data, dict) else "an array"
