"""Which columns of rows of numbers are what, and the colormap that the rows make.

Three columns are red, green and blue, five a position and a colour with alpha.  Four may be either a position and a
colour or a colour with alpha: where both could be meant, the user has to say it.
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

#: What comments begin with.
COMMENT = "#!;%"

#: What the columns of a row are, by their number, where nothing is known yet.
_COLUMNS = {3: "rgb", 4: "", 5: "xrgba"}


def layout(file: ColormapFile, rows: Sequence[NumberRow], header: str) -> str:
    """Return what the columns are: by the option, the header, or their number; fail where two readings are left."""
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
        return "rgba"  # opaque throughout; few positions fall
    rows[0].line.fail(
        "four columns may be position, red, green, blue or red, green, blue, alpha", "say columns=xrgb or columns=rgba"
    )


def _are_intervals(rows: Sequence[NumberRow]) -> bool:
    """Whether each row goes from its first number to its second one, where the next row begins."""
    touch = all(before.numbers[1] == after.numbers[0] for before, after in pairwise(rows))
    return len(rows) > 1 and touch and all(row.numbers[1] > row.numbers[0] for row in rows)


def _even(places: Sequence[float]) -> bool:
    """Whether positions only count the rows."""
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
        Attributes of the colormap; ``flat`` if its colours do not run into each other.
    warnings : sequence of str
        Of what was not read.
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
    """Return the colormap of colours, and of rows that begin with their positions, if they have any.

    Positions rise, or fall all the way.  Those that are neither a count nor go from 0 to 1 become the limits.  Colours
    that have names are flat, and stand for their positions.
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
    """Return the values that flat colours stand for, no two of which may be equal."""
    seen: dict[float, int] = {}
    for row in placed:
        if row.numbers[0] in seen:
            row.line.fail(f"value {row.words[0][:40]} has a colour in line {seen[row.numbers[0]]}", "give one to each")
        seen[row.numbers[0]] = row.line.number
    return tuple(seen)


def _certain(file: ColormapFile, top: float) -> None:
    """Fail if colours that exceed 1 may be percents: no table is known that counts to 255 and ends in the dark."""
    if top <= 100:
        why = f"its largest number is {shown(top)}, so that it may count colours to 100 or to 255"
        file.fail(why, "say scale=100 or scale=255")
