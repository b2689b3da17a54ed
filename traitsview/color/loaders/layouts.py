"""The roles of the columns of a table of numbers, and the colormap that its rows make.

Three columns are red, green and blue.  Five are a position, red, green, blue and alpha.  Four may be a position and a
colour, or a colour with alpha: if both readings make sense, the user has to say which is meant.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from ...errors import counted
from ..colormap import RGBA, Colormap
from .colormap_file import ColormapFile
from .ranges import shown
from .tables import HIDDEN, NumberRow, colors, credits, full_scale, opaque_labels, rising

__all__ = ["COMMENT", "layout", "mapped", "table"]

#: Characters that begin a comment.
COMMENT = "#!;%"

#: The roles of columns by their number, where nothing else is known; empty for four, which have two readings.
_COLUMNS = {3: "rgb", 4: "", 5: "xrgba"}


def layout(file: ColormapFile, rows: Sequence[NumberRow], header: str) -> str:
    """Return the roles of the columns: ``"rgb"``, ``"rgba"``, ``"xrgb"`` or ``"xrgba"``.

    The option decides, else the header, else the number of columns, else the numbers.  If two readings are left, the
    file is refused.
    """
    width = len(rows[0].words)
    asked = file.options.columns
    columns = header if asked == "auto" else asked
    if columns:
        if len(columns) != width:
            rows[0].line.fail(f"{width} numbers", f"a row of {', '.join(columns)} was expected")
        return columns
    if width == 5 and _are_intervals(rows):
        rows[0].line.fail("its first two columns are the ends of intervals", "give positions, or say columns=xrgba")
    if width != 4:
        return _COLUMNS[width]
    places = [row.numbers[0] for row in rows]
    steps = [after - before for before, after in pairwise(places)]
    thrice = any(first == second == 0 for first, second in pairwise(steps))
    falls = max(steps, default=1) < 0
    if thrice or not (falls or min(steps, default=-1) >= 0) or places[0] == places[-1]:
        return "rgba"
    rest = [number for row in rows for number in row.numbers[1:]]
    shares = max(rest) <= 1 and not all(number.is_integer() for number in rest)
    if min(places) < 0 or max(places) > 255 or (shares and max(places) > 1):
        return "xrgb"  # the first column cannot be red
    if falls and {row.numbers[3] for row in rows} in ({1.0}, {255.0}):
        return "rgba"  # alpha is full throughout, and positions rarely fall
    rows[0].line.fail(
        "four columns may be position, red, green, blue or red, green, blue, alpha", "say columns=xrgb or columns=rgba"
    )


def _are_intervals(rows: Sequence[NumberRow]) -> bool:
    """Whether each row is an interval from its first to its second number, and the next row begins at the second."""
    touch = all(before.numbers[1] == after.numbers[0] for before, after in pairwise(rows))
    return len(rows) > 1 and touch and all(row.numbers[1] > row.numbers[0] for row in rows)


def _even(places: Sequence[float]) -> bool:
    """Whether positions only count the rows, from 0 or 1."""
    return all(after - before == 1 for before, after in pairwise(places)) and places[0] in (0, 1)


def table(
    file: ColormapFile, rows: Sequence[NumberRow], columns: str, said: dict[str, Any], warnings: Sequence[str] = ()
) -> Colormap:
    """Return the colormap of rows whose columns are, say, ``"xrgba"``.

    Parameters
    ----------
    file : ColormapFile
    rows : sequence of NumberRow
    columns : str
        ``rgb``, ``rgba``, ``xrgb`` or ``xrgba``.
    said : dict
        Attributes of the colormap, and ``colors``: whether they are flat.
    warnings : sequence of str
        Warnings about parts of the file that were not read.
    """
    first = columns.index("r")
    full, guesses = full_scale(rows, slice(first, first + 3), file.options.scale)
    if file.options.scale == "auto" and full == 255:
        _certain(file, max(number for row in rows for number in row.numbers[first : first + 3]))
    shades = colors(rows, first, full, file.options.scale)
    if full == 255 and "labels" not in said and not any(shade[3] for shade in shades):
        rows[0].line.fail("alpha is 0 throughout, so that nothing would be seen", "leave alpha out")
    return mapped(file, shades, rows if first else None, said, (*warnings, *guesses))


def mapped(
    file: ColormapFile,
    shades: Sequence[RGBA],
    placed: Sequence[NumberRow] | None,
    said: dict[str, Any],
    warnings: Sequence[str],
) -> Colormap:
    """Return the colormap of colours; the rows `placed`, or None, begin with the positions of the colours.

    Positions rise, or fall all the way.  Their ends become the limits, unless positions only count the rows or go from
    0 to 1.  The positions of flat colours with names are the values of these colours.
    """
    attributes = {"licence": credits(file, COMMENT), **said}
    name, flat = attributes.pop("name", file.stem), attributes.pop("colors", False)
    attributes["warnings"] = tuple(warnings)
    for each in ("values", "labels"):
        if len(attributes.get(each, shades)) != len(shades):
            file.fail(
                f"it has {counted(len(attributes[each]), each[:-1])} for {counted(len(shades), 'colour')}",
                "give one for each",
            )
    if flat and placed is not None and "labels" in attributes:
        attributes.setdefault("values", _distinct(placed))
        shown = opaque_labels(shades, attributes["values"])
        if shown is not None:
            shades, attributes["warnings"] = shown, (*attributes["warnings"], HIDDEN)
    if flat or placed is None:
        return Colormap.from_colors(name, shades, flat=flat, **attributes)
    if placed[-1].numbers[0] < placed[0].numbers[0]:
        placed, shades = placed[::-1], shades[::-1]
    places = rising(placed)
    if not _even(places) and (places[0], places[-1]) != (0, 1):
        attributes.setdefault("limits", (places[0], places[-1]))
    return Colormap.from_stops(name, list(zip(places, shades, strict=True)), **attributes)


def _distinct(placed: Sequence[NumberRow]) -> tuple[float, ...]:
    """Return the values that flat colours stand for; fail if two are equal."""
    seen: dict[float, int] = {}
    for row in placed:
        if row.numbers[0] in seen:
            row.line.fail(f"value {row.words[0][:40]} has a colour in line {seen[row.numbers[0]]}", "give one to each")
        seen[row.numbers[0]] = row.line.number
    return tuple(seen)


def _certain(file: ColormapFile, top: float) -> None:
    """Fail if colours may be in percent: `top`, the largest number, is at most 100.  In tables to 255 it is larger."""
    if top <= 100:
        why = f"its largest number is {shown(top)}, so that it may count colours to 100 or to 255"
        file.fail(why, "say scale=100 or scale=255")
