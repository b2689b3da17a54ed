"""The columns of a table: positions, colours, names, and columns that are not read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from .cells import CellRow
from .colormap_file import is_number
from .headers import counts
from .hex_colors import is_hex

__all__ = ["Columns", "named_columns", "unnamed_columns"]

#: The names that columns may have, by their roles.
_ROLES = {
    "x": frozenset(("x", "index", "i", "pos", "position", "value", "level", "z", "id", "no", "no.", "number", "code"))
    | frozenset(("label", "labelvalue", "class", "key")),
    "r": frozenset(("r", "red")),
    "g": frozenset(("g", "green")),
    "b": frozenset(("b", "blue")),
    "a": frozenset(("a", "alpha", "opacity")),
}


@dataclass(frozen=True)
class Columns:
    """The roles of the columns of a table.  Each attribute is the number of a column, from 0.

    Attributes
    ----------
    width : int
        The number of columns.
    color : tuple of int
        Red, green, blue and perhaps alpha, or one of ``#rrggbb``.
    position, label : int or None
    unread : tuple of str
        The names of columns that are not read.
    names : tuple of str
        The names of all columns; empty if they have none.
    """

    width: int
    color: tuple[int, ...]
    position: int | None = None
    label: int | None = None
    unread: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


def named_columns(names: Sequence[str], rows: Sequence[CellRow]) -> Columns | None:
    """Return the columns by their names; None if the names name no colours.

    R and pandas write a column of row names without a name of its own.  Row names are positions if they are numbers
    that rise, and labels if they are words.  R's ``write.table`` leaves out the name of the first column altogether.
    """
    if rows and len(rows[0].words) == len(names) + 1 and _are_names_of_rows(rows):
        names = ("", *names)
    names = tuple(names)
    kinds = _kinds(rows)
    bare = names[1:] if names[0] == "" else names
    if len(bare) == 3 and counts(bare):
        names = (*names[: len(names) - 3], "red", "green", "blue")
    channels = {role: names.index(name) for role in "rgba" for name in names if name in _ROLES[role]}
    hexadecimal = [k for k, kind in enumerate(kinds) if kind == "hex"] if len(kinds) == len(names) else []
    if {"r", "g", "b"} <= channels.keys():
        color = tuple(channels[role] for role in "rgba" if role in channels)
    elif hexadecimal:
        color = (hexadecimal[0],)
    else:
        return None
    if len(kinds) != len(names):  # the reader will report it
        return Columns(len(names), color, names=names)
    left = [k for k in range(len(names)) if k not in color]
    position = _position(names, kinds, left, rows, min(color))
    label = next((k for k in left if k != position and kinds[k] == "word"), None)
    unread = tuple(names[k] for k in left if k not in (position, label) and names[k])
    return Columns(len(names), color, position, label, unread, names)


def _position(
    names: Sequence[str], kinds: Sequence[str], left: Sequence[int], rows: Sequence[CellRow], first: int
) -> int | None:
    """Return the column of positions, or None: its name says so, or it alone stands before the colour."""
    called = [k for k in left if names[k] in _ROLES["x"] and kinds[k] == "number"]
    if called:
        return called[0]
    numbers = [k for k in left if kinds[k] == "number"]
    if len(left) == 1 and numbers == [0] and first > 0 and (names[0] or _rises(rows, 0)):
        return 0
    return None


def unnamed_columns(rows: Sequence[CellRow]) -> Columns | None:
    """Return the roles of columns without names if one column holds words or ``#rrggbb``; otherwise None.

    If the other column holds words, `color` has all columns of numbers: their roles are not known yet.  None is also
    returned for two columns of words, or for any other table without a sensible reading.
    """
    kinds = _kinds(rows)
    words = [k for k, kind in enumerate(kinds) if kind == "word"]
    hexadecimal = [k for k, kind in enumerate(kinds) if kind == "hex"]
    numbers = [k for k, kind in enumerate(kinds) if kind == "number"]
    if len(words) > 1 or len(hexadecimal) > 1:
        return None
    label = words[0] if words else None
    if hexadecimal and len(numbers) < 2:
        return Columns(len(kinds), tuple(hexadecimal), numbers[0] if numbers else None, label)
    if label in (0, len(kinds) - 1) and len(numbers) in (3, 4, 5):
        return Columns(len(kinds), tuple(numbers), None, label)
    return None


def _kinds(rows: Sequence[CellRow]) -> list[str]:
    """Return the kind of each column, ``"hex"``, ``"number"`` or ``"word"``, found mainly from the first row."""
    first = rows[0].words if rows else ()
    return [_kind(word, [row.words[k] for row in rows if len(row.words) > k]) for k, word in enumerate(first)]


def _kind(first: str, column: Sequence[str]) -> str:
    if is_hex(first):
        return "hex"
    if is_hex(first, bare=True) and all(is_hex(word, bare=True) for word in column):
        text = "".join(column)  # 123456 may be a number, and facade a word
        if any(map(str.isalpha, text)) and any(map(str.isdigit, text)):
            return "hex"
    return "number" if is_number(first) else "word"


def _are_names_of_rows(rows: Sequence[CellRow]) -> bool:
    """Whether the first cells of the rows are row names: all are quoted, or no numbers, or 1, 2, 3 …."""
    if all(row.quoted for row in rows):
        return True
    firsts = [row.words[0] for row in rows]
    return not any(map(is_number, firsts)) or firsts == [str(k + 1) for k in range(len(rows))]


def _rises(rows: Sequence[CellRow], column: int) -> bool:
    words = [row.words[column] for row in rows if len(row.words) > column]
    return all(map(is_number, words)) and all(float(before) <= float(after) for before, after in pairwise(words))
