"""Rows of cells, as spreadsheets, R and CSV files have them: separated by commas, semicolons, tabs or blanks.

If semicolons separate them, numbers may have decimal commas, as in many languages.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass

from .colormap_file import Line
from .tables import numeric

__all__ = ["CellRow", "first_row", "is_parted", "rows_of"]

#: Separators of cells; a semicolon is looked for first, because numbers may then have decimal commas.  Where none of
#: these is found, blanks separate; otherwise a name may hold blanks.
_SEPARATORS = ";,\t"

_DECIMAL_COMMA = re.compile(r"[-+]?\d*,\d+(?:[eE][-+]?\d+)?", re.ASCII)

_QUOTED = re.compile(r'"(?:[^"]|"")*"')

#: Number of lines in which the separator of the cells is looked for.
_SNIFFED_LINES = 50


@dataclass(frozen=True)
class CellRow:
    """A row of cells.

    Attributes
    ----------
    line : Line
    words : tuple of str
        Without quotes and without blanks around them.
    quoted : bool
        Whether the row begins with a quote.
    """

    line: Line
    words: tuple[str, ...]
    quoted: bool = False


def rows_of(lines: Sequence[Line]) -> list[CellRow]:
    """Return the row of each line.

    Raises
    ------
    ColormapError
        At the first line with a quote that is not closed.
    """
    separator = _separator(lines)
    return [_row(line, separator) for line in lines]


def first_row(line: Line) -> CellRow:
    """Return the cells of a line that may be a title or a header, with its own separator."""
    return _row(line, _separator([line]), strict=False)


def is_parted(line: Line) -> bool:
    """Whether a line has a separator other than blanks.  A sentence has none."""
    return _separator([line]) != " "


def _separator(lines: Sequence[Line]) -> str:
    """Return the separator of most rows: the last row of a file that was cut may have none."""
    bare = [_QUOTED.sub("", line.text) for line in lines[:_SNIFFED_LINES]]
    return next((each for each in _SEPARATORS if 2 * sum(each in text for text in bare) >= len(bare)), " ")


def _row(line: Line, separator: str, strict: bool = True) -> CellRow:
    text = line.text.strip()
    if separator == " ":
        text = text.replace("\t", " ")
    try:
        [found] = csv.reader([text], delimiter=separator, skipinitialspace=True, strict=strict)
    except (csv.Error, ValueError):
        line.fail("its quotes do not match", 'write "" for a quote within quotes')
    words: list[str] = []
    for cell in found:
        parts = cell.split()
        # Blanks may separate numbers within a cell: 0.5,10 20 30.
        words += parts if len(parts) > 1 and all(map(numeric, parts)) else [" ".join(parts)]
    if len(words) > 1 and not words[-1] and separator != " ":
        words.pop()
    if separator == ";":
        words = [word.replace(",", ".") if _DECIMAL_COMMA.fullmatch(word) else word for word in words]
    return CellRow(line, tuple(words), text.startswith('"'))
