"""The line above a table: it names the columns of colours, names other columns, or is a title.

A table of hue, saturation and value has three columns of numbers, like a table of red, green and blue.  So a line that
names columns, but no colours, is never skipped as a title.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ...errors import quoted
from .cells import CellRow, first_row, is_parted
from .colormap_file import Line

__all__ = ["counts", "is_header", "names_of", "refuse_header"]

#: Words before the name of a channel, as in ``Color_R``.
_PREFIXES = re.compile("colou?r[_ ]")

#: Names of columns of other colour spaces, and of places.  A line with names of one of these sets only is no title.
_FOREIGN = tuple(
    frozenset(words.split())
    for words in (
        "h hue s saturation v value l lightness i intensity b brightness",
        "l l* lightness c chroma h hue",
        "l l* lightness a a* b b*",
        "l l* lightness u u* v v*",
        "x y z",
        "y u v",
        "c cyan m magenta y yellow k black",
        "lon longitude lat latitude depth elevation z",
    )
)

#: The options that can name the columns, by their number.
_OPTIONS = {3: "columns=rgb", 4: "columns=rgba or columns=xrgb", 5: "columns=xrgba"}

#: At most this many names are listed in a message.
_MOST_NAMES = 6


def names_of(words: Sequence[str]) -> tuple[str, ...]:
    """Return the names that the cells of a header hold, in small letters: ``r`` for ``"Color_R"``."""
    return tuple(_PREFIXES.sub("", word.strip("\"' ").lower()) for word in words)


def counts(names: Sequence[str]) -> bool:
    """Whether names only count: R writes ``V1 V2 V3`` and pandas ``0 1 2`` for columns without names."""
    found = [re.fullmatch(r"(\D*)(\d{1,2})", name, re.ASCII) for name in names]
    numbers = [int(match[2]) for match in found if match is not None]
    stems = {match[1] for match in found if match is not None}
    return len(stems) == 1 and numbers in (list(range(len(names))), list(range(1, len(names) + 1)))


def is_header(first: CellRow, rows: Sequence[CellRow]) -> bool:
    """Whether the line above rows names their columns.  Otherwise it is a title."""
    width = len(rows[0].words) if rows else 0
    if width < 3 or len(first.words) not in (width, width - 1):
        return False
    names = set(names_of(first.words))
    return is_parted(first.line) or first.quoted or any(names <= words for words in _FOREIGN)


def refuse_header(line: Line, text: str, rows: Sequence[CellRow]) -> None:
    """Fail if `text`, the text of a line that names no colours, names columns all the same."""
    first = first_row(Line(line.file, line.number, text))
    if not is_header(first, rows):
        return
    names = [name for name in names_of(first.words) if name]
    listed = ", ".join(quoted(name, 20) for name in names[:_MOST_NAMES]) + ", …" * (len(names) > _MOST_NAMES)
    remedy = "name those of the colours red, green, blue"
    if len(names) == len(rows[0].words) in _OPTIONS:
        remedy += f", or say {_OPTIONS[len(names)]} if they are"
    line.fail(f"its columns {listed} are no colours that we know", remedy)
