"""Plain tables of red, green, blue and perhaps alpha, with or without a position and a name: text and CSV.

::

    # teal ramp                   "","red","green","blue"         name,hex
    0.00 0.10 0.12                "1",68,1,84                     ink,#1f2430
    0.20 0.55 0.52                "2",58,82,139                   sand,#e6d5b0
    0.92 0.98 0.96                "3",253,231,37                  clay,#b5651d

Colours run into each other; colours with names are flat.  Without positions they have equal distances.  Comments begin
with ``#``, ``!``, ``;`` or ``%``.  The first line, or the last comment above the numbers, may name the columns.  If no
line does, three columns are red, green and blue, and five a position and a colour.  Tables that traitsview writes hold
a whole colormap: see `notes`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, NoReturn

from ...errors import counted, quoted
from ..colormap import RGBA, Colormap
from .cells import CellRow, first_row, is_parted, rows_of
from .colormap_file import ColormapFile, Line
from .colormap_format import Format
from .columns import Columns, named_columns, unnamed_columns
from .comments import notes
from .headers import counts, is_header, names_of, refuse_header
from .hex_colors import hex_color, is_hex
from .layouts import COMMENT, layout, mapped, table
from .tables import CHANNELS, LARGEST_NUMBER, MOST_ROWS, NumberRow, numbered, numeric, split
from .text_writing import save_csv, save_text

__all__ = ["FORMATS"]

#: Number of lines that are looked at to recognize a file.
_SNIFFED_LINES = 20


#: The comment of 3D Slicer above positions and colours.
_PROCEDURAL = re.compile(r"#.*\bprocedural file\b", re.IGNORECASE)


def load(file: ColormapFile) -> list[Colormap]:
    """Return the colormap of a table in text."""
    lines = _without_comments(list(file.bare_lines("")))
    if not lines:
        _empty(file)
    if len(lines) > MOST_ROWS + 1:  # the first line may name the columns
        _too_many(lines[MOST_ROWS])
    if sum(line.text.startswith("# type: ") for line in file.lines) > 1:
        file.fail("it holds several variables of Octave", "save the colormap by itself")
    said = notes(file)
    columns, sheet = _sheet(lines)
    if not sheet:
        _empty(file)
    warnings = list(_doubts(lines, sheet, columns))
    if file.options.columns == "auto":
        if columns is None and len(sheet) < len(lines):
            refuse_header(lines[0], lines[0].text, sheet)
        columns = columns or _header_comment(file, sheet) or unnamed_columns(sheet)
    else:
        columns = None
    fewest = 1 if "colors" in said else 2
    if columns is None:
        rows = numbered(file, ((row.line, row.words) for row in sheet), (3, 4, 5), _names, fewest)
        return [table(file, rows, layout(file, rows, ""), said, warnings)]
    _check_widths(sheet, columns)
    if len(sheet) < fewest:
        file.fail(f"it has {len(sheet)} row of colours", f"give {fewest} or more")
    if columns.unread:
        listed = ", ".join(quoted(name, 20) for name in columns.unread[:5]) + ", …" * (len(columns.unread) > 5)
        warnings.append(f"What its columns {listed} say was not read.")
    return [_colormap(file, sheet, columns, said, warnings)]


def _without_comments(lines: Sequence[Line]) -> list[Line]:
    """Return the lines that are no comments.  A colour may begin like a comment: ``#1f2430``.

    A first line such as ``sep=;``, which is meant for spreadsheets, is left out, too.
    """
    if lines and re.fullmatch('"?sep=.?"?', lines[0].text):
        lines = lines[1:]
    comments = [line.text[0] in COMMENT for line in lines]
    marked = [line.text[0] in '#"' and is_hex(split(line.text)[0].strip('"')) for line in lines]
    plain = sum(not comment and not color for comment, color in zip(comments, marked, strict=True))
    if sum(marked) > max(plain, 1):
        comments = [comment and not color for comment, color in zip(comments, marked, strict=True)]
    return [line for line, comment in zip(lines, comments, strict=True) if not comment]


def _empty(file: ColormapFile) -> NoReturn:
    file.fail("it has no row of numbers", "give rows of red, green, blue")


def _too_many(line: Line) -> NoReturn:
    line.fail(f"there are more than {MOST_ROWS} rows", "give a table of colours")


def _names(width: int) -> list[str]:
    if width == 4:  # the roles of the columns are not known yet
        return ["a number"] * 4
    return list(CHANNELS[:3]) if width == 3 else ["position", *CHANNELS]


def _sheet(lines: Sequence[Line]) -> tuple[Columns | None, list[CellRow]]:
    """Return the columns that a header names, None without a header, and the rows below the header or title."""
    first = first_row(lines[0])
    counted = first.words[0] == "" and counts(first.words[1:])
    if any(numeric(word) or is_hex(word) for word in first.words) and not counted:
        return None, rows_of(lines)
    rows = rows_of(lines[1:])
    columns = named_columns(names_of(first.words), rows)
    is_row = columns is None and not _is_title(lines) and not is_header(first, rows)
    return columns, rows_of(lines) if is_row else rows


def _doubts(lines: Sequence[Line], sheet: Sequence[CellRow], columns: Columns | None) -> Iterator[str]:
    """Yield warnings about a first line or row whose reading is a guess."""
    if columns is None and len(sheet) < len(lines):
        yield f"Its first line, {quoted(lines[0].text, 40)}, was not read."
    if sheet[0].words == ("0", "1", "2") and is_parted(sheet[0].line):
        yield "Its first row, 0, 1, 2, was read as a colour: remove it if it counts the columns."


def _header_comment(file: ColormapFile, sheet: Sequence[CellRow]) -> Columns | None:
    """Return the columns that the last comment above the first row names, if it does."""
    above = file.lines[: sheet[0].line.number - 1]
    if len(sheet[0].words) == 4 and any(_PROCEDURAL.match(line.text.strip()) for line in above):
        return Columns(4, (1, 2, 3), 0, names=("x", "red", "green", "blue"))
    for line in reversed(above):
        text = line.text.strip()
        if text:
            words = split(text.lstrip(COMMENT))
            if text[0] in COMMENT and any(words) and not is_parted(line):
                refuse_header(line, text.lstrip(COMMENT), sheet)
            found = named_columns(names_of(words), sheet) if text[0] in COMMENT and any(words) else None
            return found if found is not None and found.width == len(sheet[0].words) else None
    return None


def _is_title(lines: Sequence[Line]) -> bool:
    """Whether the first line is a title above three columns; a title above more columns belongs to other formats."""
    return len(lines) > 1 and not any(map(numeric, split(lines[0].text))) and len(split(lines[1].text)) == 3


def _check_widths(sheet: Sequence[CellRow], columns: Columns) -> None:
    """Fail at the first row whose number of cells is not that of the columns."""
    for row in sheet:
        count = len(row.words)
        if count != columns.width:
            if columns.names:
                listed = ", ".join(name or "a name" for name in columns.names)
                row.line.fail(counted(count, "number"), f"a row of {listed[:100]} was expected")
            row.line.fail(
                f"{counted(count, 'column')} where the rows above have {columns.width}", "every row must have as many"
            )
    if len(sheet) > MOST_ROWS:
        _too_many(sheet[MOST_ROWS].line)


def _colormap(
    file: ColormapFile, sheet: Sequence[CellRow], columns: Columns, said: dict[str, Any], warnings: Sequence[str]
) -> Colormap:
    """Return the colormap of rows whose columns are known."""
    if columns.label is not None and "labels" not in said:
        texts = [row.words[columns.label] for row in sheet]
        labels = tuple(file.called(text) if text else "" for text in texts)
        _check_turned(sheet, labels, columns.color)
        said = {"colors": True, "labels": labels, **said}
    placed = None if columns.position is None else [_numbers(row, (columns.position,), ("position",)) for row in sheet]
    if len(columns.color) == 1:
        return mapped(file, [_hex(row, columns.color[0]) for row in sheet], placed, said, warnings)
    names = CHANNELS if columns.names else ("a number",) * 5
    order = columns.color if columns.position is None else (columns.position, *columns.color)
    if columns.position is not None:
        names = ("position", *names)
    rows = [_numbers(row, order, names) for row in sheet]
    known = "x" * (columns.position is not None) + "rgba"[: len(columns.color)]
    return table(file, rows, known if columns.names else layout(file, rows, ""), said, warnings)


def _check_turned(sheet: Sequence[CellRow], labels: Sequence[str], color: Sequence[int]) -> None:
    """Fail if red, green and blue are rows instead of columns, as in the result of R's ``col2rgb``."""
    if tuple(label.lower() for label in labels[:3]) != CHANNELS[:3] or len(labels) > 4 or len(color) < 3:
        return
    shades = [_numbers(row, color[:3], CHANNELS).numbers for row in sheet[:3]]
    if not all(max(shade) == shade[k] > min(shade) for k, shade in enumerate(shades)):
        sheet[0].line.fail("its rows are red, green, blue, and its columns are colours", "write a row for each colour")


def _numbers(row: CellRow, columns: Sequence[int], names: Sequence[str]) -> NumberRow:
    """Return the numbers that some columns of a row hold."""
    words = tuple(row.words[k] for k in columns)
    numbers = (
        row.line.float(word, -LARGEST_NUMBER, LARGEST_NUMBER, name) for word, name in zip(words, names, strict=False)
    )
    return NumberRow(row.line, words, tuple(numbers))


def _hex(row: CellRow, column: int) -> RGBA:
    color = hex_color(row.words[column])
    if color is None:
        row.line.fail(f"{quoted(row.words[column], 40)} is not a colour", "write #rrggbb with six hexadecimal digits")
    return color


def _plausible(file: ColormapFile) -> bool:
    """Whether the first lines are rows of numbers or of colours, or name their columns."""
    lines = _without_comments(list(islice(file.bare_lines(""), _SNIFFED_LINES)))
    if not lines:  # the first lines are all comments
        lines = _without_comments(list(islice(file.bare_lines(COMMENT), _SNIFFED_LINES)))
    if not lines:
        return False
    columns, sheet = _sheet(lines)
    if not sheet:
        return False
    if columns is not None or unnamed_columns(sheet) is not None:
        return len({len(row.words) for row in sheet}) == 1
    return all(len(row.words) in (3, 4, 5) and all(map(numeric, row.words)) for row in sheet)


FORMATS = (
    Format("text", "table of red, green, blue (and alpha) in text", (".txt", ".dat", ".tsv", ".rgb", ".cmap"), load,
           save=save_text, plausible=_plausible, loose=True),
    Format("csv", "table of red, green, blue (and alpha) as CSV", (".csv",), load,
           save=save_csv, plausible=_plausible, loose=True),
)  # fmt: skip
