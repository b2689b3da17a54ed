"""Rows of numbers in colour tables in text: the number that stands for full colour, and the columns.

Both are guessed only if there is one sensible reading.  Otherwise the message names both readings and the option
that decides.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ...errors import counted
from ..colormap import RGBA
from .colormap_file import ColormapFile, Line
from .ranges import shown, within

__all__ = [
    "CHANNELS",
    "CREDIT",
    "MOST_ROWS",
    "NumberRow",
    "HIDDEN",
    "announced",
    "collected",
    "colors",
    "credits",
    "full_scale",
    "numbered",
    "numeric",
    "opaque_labels",
    "rising",
    "split",
]

#: Larger tables hold no colormap.
MOST_ROWS = 16_384

#: Names in messages of the columns that may follow a position.
CHANNELS = ("red", "green", "blue", "alpha")

#: A larger number in a table is a mistake.
LARGEST_NUMBER = 1e30

#: The warning about a table of labels that would show nothing.
HIDDEN = "Its colours would all be transparent: read as opaque."

_SEPARATOR = re.compile(r"\s*[,;]\s*|\s+")
_NUMERIC = re.compile(r"[-+]?\.?\d")

#: Words in comments about authors and licences.
CREDIT = re.compile(r"copyright|licen[cs]e|\(c\)|©|\bauthors?\b|\bcreated by\b|\bCC0\b|\bCC[- ]BY\b", re.IGNORECASE)


@dataclass(frozen=True)
class NumberRow:
    """A line of numbers.

    Attributes
    ----------
    line : Line
    words : tuple of str
        The numbers as they are written.
    numbers : tuple of float
    """

    line: Line
    words: tuple[str, ...]
    numbers: tuple[float, ...]


def split(text: str) -> list[str]:
    """Return the fields of a line, which are separated by blanks, tabs, a comma or a semicolon.

    One separator may end the line.
    """
    fields = _SEPARATOR.split(text.strip())
    if len(fields) > 1 and not fields[-1]:
        fields.pop()
    return fields


def opaque_labels(colors: Sequence[RGBA], values: Sequence[float]) -> list[RGBA] | None:
    """Return the colours of labels without alpha, if their alpha makes all labels but 0 invisible; otherwise None.

    FreeSurfer's tables have transparency, others have alpha, and some programs confuse the two.
    """
    pairs = list(zip(colors, values, strict=True))
    if not any(values) or any(color[3] for color, value in pairs if value):
        return None
    return [color if not value else (*color[:3], 1.0) for color, value in pairs]


def numeric(word: str) -> bool:
    """Whether a word begins like a number, so that a number was meant."""
    return bool(_NUMERIC.match(word))


def collected(
    file: ColormapFile,
    lines: Iterable[Line],
    widths: Sequence[int],
    names: Callable[[int], Sequence[str]] = lambda width: CHANNELS[:width],
    fields: Callable[[str], list[str]] = split,
    fewest: int = 2,
) -> list[NumberRow]:
    """Return the rows of `lines`, without comments and headers; `fields` splits the text of a line.

    See `numbered` for the rest.
    """
    return numbered(file, ((line, fields(line.text)) for line in lines), widths, names, fewest)


def numbered(
    file: ColormapFile,
    rows_of_words: Iterable[tuple[Line, Sequence[str]]],
    widths: Sequence[int],
    names: Callable[[int], Sequence[str]],
    fewest: int = 2,
) -> list[NumberRow]:
    """Return rows of words as rows of numbers.

    Parameters
    ----------
    file : ColormapFile
    rows_of_words : iterable of (Line, sequence of str)
    widths : sequence of int
        The possible numbers of columns; all rows must have as many as the first.
    names : callable
        From the number of columns to their names in messages.
    fewest : int
        The smallest number of rows.

    Raises
    ------
    ColormapError
        At the first line that is no row of numbers, or if there are too few or too many rows.
    """
    rows: list[NumberRow] = []
    width = 0
    for line, words in rows_of_words:
        if not width:
            if len(words) not in widths:
                _alien(line, words, widths)
            width = len(words)
        if len(words) != width:
            line.fail(
                f"{counted(len(words), 'column')} where the rows above have {width}",
                "every row must have as many columns",
            )
        if len(rows) == MOST_ROWS:
            line.fail(f"there are more than {MOST_ROWS} rows", "give a table of colours")
        numbers = (
            line.float(word, -LARGEST_NUMBER, LARGEST_NUMBER, name)
            for word, name in zip(words, names(width), strict=True)
        )
        rows.append(NumberRow(line, tuple(words), tuple(numbers)))
    if not rows:
        file.fail("it has no row of numbers", "give rows of red, green, blue")
    if len(rows) < fewest:
        file.fail("it has 1 row of numbers", f"give {fewest} or more")
    return rows


def _alien(line: Line, words: Sequence[str], widths: Sequence[int]) -> None:
    """Fail about a first line that is no row of numbers, and name the first of its words that is no number."""
    *others, last = map(str, widths)
    row = f"a row of {', '.join(others)}{' or ' * bool(others)}{last} numbers"
    halves = line.text.count(",")
    if "." not in line.text and halves > 2 and len(words) == 2 * halves:
        line.fail("its numbers have decimal commas", "write decimal points")
    for word in words:
        line.float(word, -LARGEST_NUMBER, LARGEST_NUMBER, row)
    line.fail(f"{len(words)} numbers" if len(words) > 1 else "one number", f"{row} was expected")


def announced(lines: Sequence[Line], at: int, what: str, most: int = MOST_ROWS) -> Sequence[Line]:
    """Return the lines after line `at`, which announces their number; `what` is their name in messages.

    Raises
    ------
    ColormapError
        If there is no such line, or the number is wrong.
    """
    if len(lines) <= at:
        lines[-1].file.fail(f"it ends before its {what}", "give their number and a line for each")
    count = lines[at].int(lines[at].text.strip(), 1, most, f"the number of {what}")
    rows = lines[at + 1 :]
    if len(rows) != count:
        lines[at].fail(f"it announces {count} {what} and has {len(rows)}", "is the file whole?")
    return rows


def full_scale(rows: Sequence[NumberRow], columns: slice, scale: str) -> tuple[float, list[str]]:
    """Return the number that stands for full colour, and warnings.

    Parameters
    ----------
    rows : sequence of NumberRow
    columns : slice
        The columns of the colours.
    scale : str
        ``"1"``, ``"255"`` or ``"100"``; with ``"auto"``, numbers up to 1 are shares of 1, larger ones of 255.
    """
    if scale != "auto":
        return float(scale), []
    numbers = [number for row in rows for number in row.numbers[columns]]
    words = [word for row in rows for word in row.words[columns]]
    top = max(numbers)
    if not all(number.is_integer() for number in numbers):
        if within(top, 0, 1) is not None:
            return 1.0, []
        # A few numbers beyond 1 among many shares of 1 are mistakes, which the check of the range will name.
        if 2 * sum(number <= 1 for number in numbers) > len(numbers):
            return 1.0, []
        return 255.0, ["Its numbers have fractions and exceed 1: read as 0 … 255."]
    if top > 1:
        return 255.0, []
    if all(word.lstrip("+-").isdigit() for word in words):
        return 1.0, ["Its numbers are all 0 or 1: read as 0 … 1; say scale=255 if 255 is full."]
    return 1.0, []


def colors(rows: Sequence[NumberRow], first: int, full: float, scale: str = "auto") -> list[RGBA]:
    """Return the colours of rows, each red, green, blue and perhaps alpha from column `first` on.

    Raises
    ------
    ColormapError
        If a number is not in 0 … `full`, or alpha has another full scale than the colours.
    """
    remedy = f"it must be in 0 … {shown(full)}" + (", or say scale=255" if full == 1 and scale == "auto" else "")
    shares = []
    for row in rows:
        parts = []
        for name, word, number in zip(CHANNELS, row.words[first:], row.numbers[first:], strict=False):
            part = within(number, 0, full)
            if part is None:
                beyond = 1 < number <= 255
                row.line.fail(f"{name} is {word[:40]}", remedy if beyond else f"it must be in 0 … {shown(full)}")
            parts.append(part / full)
        shares.append(tuple(parts))
    if len(shares[0]) == 3:
        return [(r, g, b, 1.0) for r, g, b in shares]
    if full == 255 and 0 < max(row.numbers[first + 3] for row in rows) <= 1:
        rows[0].line.fail("alpha is never above 1 while colours go to 255", "count both in 255, or both in 1")
    return shares  # type: ignore[return-value]


def rising(rows: Sequence[NumberRow], what: str = "position") -> list[float]:
    """Return the numbers in the first column, which must rise; two equal ones are a hard step.

    Raises
    ------
    ColormapError
        At the first line that does not rise, or has a number for the third time.
    """
    places = [row.numbers[0] for row in rows]
    for row, (before, place) in zip(rows[1:], pairwise(places), strict=True):
        if place < before:
            row.line.fail(f"{what} {row.words[0][:40]} comes after {shown(before)}", "positions must rise")
    for row, before, place in zip(rows[2:], places, places[2:], strict=False):
        if place == before:
            row.line.fail(f"{what} {row.words[0][:40]} comes three times", "two are a hard step, a third has no place")
    if places[0] == places[-1]:
        rows[-1].line.fail(f"every {what} is {shown(places[0])}", "positions must rise")
    return places


def credits(file: ColormapFile, comment: str = "#") -> str:
    """Return the comments of a file about its authors and its licence, one line each; most files have none."""
    said = (line.text.strip() for line in file.lines)
    kept = [text.lstrip(comment + " \t") for text in said if text[:1] in comment and text and CREDIT.search(text)]
    return "\n".join(kept[:20])
