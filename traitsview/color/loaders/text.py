"""Plain tables of red, green, blue and perhaps alpha, with or without a position: text and CSV.

::

    # teal ramp
    0.00 0.10 0.12
    0.20 0.55 0.52
    0.92 0.98 0.96

Colours of equal distance run into each other.  Comments begin with ``#``, ``!``, ``;`` or ``%``.  A line may name the
columns, also as the last comment above the numbers; three are always red, green, blue, and five a position and a
colour.  Our own tables hold a whole colormap: see `notes`.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice, pairwise
from typing import Any, NoReturn

import numpy as np

from ...errors import quoted
from ..colormap import RGBA, Colormap, Stop
from .colormap_file import ColormapFile, Line
from .colormap_format import Format
from .notes import notes, written
from .ranges import shown
from .tables import CHANNELS, Row, collected, colors, credits, full_scale, numeric, rising, split

__all__ = ["FORMATS", "layout", "table"]

COMMENT = "#!;%"

#: What columns may be called.
_WORDS = {
    "x": frozenset(("x", "index", "i", "pos", "position", "value", "level", "z", "")),
    "r": frozenset(("r", "red")),
    "g": frozenset(("g", "green")),
    "b": frozenset(("b", "blue")),
    "a": frozenset(("a", "alpha", "opacity")),
}

#: What messages call the columns of a row, by their number, where nothing is known yet.
_COLUMNS = {3: "rgb", 4: "", 5: "xrgba"}


def load(file: ColormapFile) -> list[Colormap]:
    """Return the colormap of a table in text."""
    lines = list(file.bare_lines(COMMENT))
    if not lines:
        _empty(file)
    said = notes(file)
    columns, title = _header(lines[0]), ""
    if columns or _title(lines):
        title = "" if columns else lines[0].text
        lines = lines[1:]
        if not lines:
            _empty(file)
    rows = collected(file, lines, (3, 4, 5), _names, fewest=1 if "colors" in said else 2)
    columns = columns or _header_comment(file, rows[0])
    warnings = [f"Its first line, {quoted(title, 40)}, was not read."] if title else []
    return [table(file, rows, layout(file, rows, columns), said, warnings)]


def table(
    file: ColormapFile, rows: Sequence[Row], columns: str, said: dict[str, Any], warnings: Sequence[str] = ()
) -> Colormap:
    """Return the colormap of rows whose columns are, say, ``"xrgba"``.

    Parameters
    ----------
    file : ColormapFile
    rows : sequence of Row
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
    attributes = {"licence": credits(file, COMMENT), **said}
    name, flat = attributes.pop("name", file.stem), attributes.pop("colors", False)
    attributes["warnings"] = (*warnings, *guesses)
    for each in ("values", "labels"):
        if len(attributes.get(each, shades)) != len(shades):
            file.fail(f"it has {len(attributes[each])} {each} for {len(shades)} colours", "give one for each")
    if flat or first == 0:
        return Colormap.from_colors(name, shades, flat=flat, **attributes)
    places = rising(rows)
    if not _even(places) and (places[0], places[-1]) != (0, 1):
        attributes.setdefault("limits", (places[0], places[-1]))
    return Colormap.from_stops(name, list(zip(places, shades, strict=True)), **attributes)


def _certain(file: ColormapFile, top: float) -> None:
    """Fail if colours that exceed 1 may be percents: no table is known that counts to 255 and ends in the dark."""
    if top <= 100:
        why = f"its largest number is {shown(top)}, so that it may count colours to 100 or to 255"
        file.fail(why, "say scale=100 or scale=255")


def _empty(file: ColormapFile) -> NoReturn:
    hexadecimal = any(line.text.strip()[:1] == "#" and line.text.strip()[1:].isalnum() for line in file.lines)
    remedy = "write colours as numbers, not as #rrggbb" if hexadecimal else "give rows of red, green, blue"
    file.fail("it has no row of numbers", remedy)


def _names(width: int) -> list[str]:
    if width == 4:  # which is which is not known yet
        return ["a number"] * 4
    return list(CHANNELS[:3]) if width == 3 else ["position", *CHANNELS]


def _header(line: Line) -> str:
    """Return what the words of a line say of the columns, ``"xrgb"``; empty if it does not name columns."""
    words = [word.strip("\"'").lower() for word in split(line.text)]
    found = "".join(next((key for key, known in _WORDS.items() if word in known), "?") for word in words)
    if found in ("?rgb", "?rgba"):  # whatever it is called: a position
        found = found.replace("?", "x")
    if "?" in found or not {"r", "g", "b"} <= set(found):
        return ""
    if found not in ("rgb", "rgba", "xrgb", "xrgba"):
        line.fail(f"the columns are {', '.join(words)[:60]}", "order them position, red, green, blue, alpha")
    return found


def _header_comment(file: ColormapFile, row: Row) -> str:
    """Return what the last comment above the first row says of the columns."""
    for line in reversed(file.lines[: row.line.number - 1]):
        if line.text.strip():
            bare = line.text.strip()
            columns = _header(Line(file, line.number, bare.lstrip(COMMENT))) if bare[0] in COMMENT else ""
            return columns if len(columns) == len(row.words) else ""
    return ""


def _title(lines: Sequence[Line]) -> bool:
    """Whether the first line is a title above three columns; above more it would be another format's."""
    return len(lines) > 1 and not any(map(numeric, split(lines[0].text))) and len(split(lines[1].text)) == 3


def layout(file: ColormapFile, rows: Sequence[Row], header: str) -> str:
    """Return what the columns are: by the option, the header, or their number; fail where two readings are left."""
    width = len(rows[0].words)
    asked = file.options.columns
    columns = header if asked == "auto" else asked
    if columns:
        if len(columns) != width:
            rows[0].line.fail(f"{width} numbers", f"a row of {', '.join(columns)} was expected")
        return columns
    if width != 4:
        return _COLUMNS[width]
    places = [row.numbers[0] for row in rows]
    steps = [after - before for before, after in pairwise(places)]
    thrice = any(first == second == 0 for first, second in pairwise(steps))
    if thrice or min(steps, default=-1) < 0 or places[0] == places[-1]:
        return "rgba"
    rest = [number for row in rows for number in row.numbers[1:]]
    shares = max(rest) <= 1 and not all(number.is_integer() for number in rest)
    if places[0] < 0 or places[-1] > 255 or (shares and places[-1] > 1):
        return "xrgb"  # the first column cannot be red
    rows[0].line.fail(
        "four columns may be position, red, green, blue or red, green, blue, alpha", "say columns=xrgb or columns=rgba"
    )


def _even(places: Sequence[float]) -> bool:
    """Whether positions only count the rows."""
    return all(after - before == 1 for before, after in pairwise(places)) and places[0] in (0, 1)


def _plausible(file: ColormapFile) -> bool:
    """Whether the first lines are rows of numbers, or name their columns."""
    lines = list(islice(file.bare_lines(COMMENT), 4))
    if lines and (_header(lines[0]) or _title(lines)):
        lines = lines[1:]
    fields = [split(line.text) for line in lines]
    return bool(fields) and all(len(words) in (3, 4, 5) and all(map(numeric, words)) for words in fields)


def save_text(colormap: Colormap) -> bytes:
    """Return it as text, whole: what rows of colours cannot say stands in comments above them."""
    columns, rows = _rows(colormap)
    lines = [*written(colormap), f"# {' '.join(columns)}", *(" ".join(row) for row in rows)]
    return ("\n".join(lines) + "\n").encode()


def save_csv(colormap: Colormap) -> bytes:
    """Return it as CSV that other programs read without ado: the name is the file's.

    Comments are written only if the colormap has more than colours.
    """
    columns, rows = _rows(colormap)
    lines = written(colormap)
    lines = lines if len(lines) > 2 else []
    lines += [",".join(columns), *(",".join(row) for row in rows)]
    return ("\n".join(lines) + "\n").encode()


def _rows(colormap: Colormap) -> tuple[str, list[list[str]]]:
    """Return the columns and the rows of a colormap: colours with six digits, positions with all."""
    stops: Sequence[Stop] = colormap.stops
    shades: list[RGBA] = [color for _, color in stops]
    columns = "rgb" if all(color[3] == 1 for color in shades) else "rgba"
    rows = [[f"{part:.6f}" for part in color[: len(columns)]] for color in shades]
    places = [place for place, _ in stops]
    if colormap.discrete or np.allclose(places, np.linspace(0, 1, len(places)), rtol=0, atol=1e-12):
        return columns, rows
    return "x" + columns, [[repr(place), *row] for place, row in zip(places, rows, strict=True)]


FORMATS = (
    Format("text", "table of red, green, blue (and alpha) in text", (".txt", ".dat", ".tsv", ".rgb", ".cmap"), load,
           save=save_text, plausible=_plausible),
    Format("csv", "table of red, green, blue (and alpha) as CSV", (".csv",), load,
           save=save_csv, plausible=_plausible),
)  # fmt: skip
