"""Colour tables of NCAR and of related programs: NCL's ``.rgb``, Gist's ``.gp``, ncview's ``.ncmap``, NCAR View's.

NCL and Gist announce the number of rows::

    ncolors = 3
    # r g b
      0   0  90
     80 160 200
    255 255 240

NCL's full colour is 1 or 255.  Words may follow the numbers, and rows of -1 stand for the colours of background and
foreground.  Gist's full colour is 255.  A line ``ntsc= 1`` may follow the count; a fourth number in a row is a gray.
ncview's tables have 256 rows and nothing else.  NCAR View's rows are an index and a colour; indices may be missing.
These rows look like red, green, blue, alpha, so that this format is used only if it is asked for or the file is called
``.ncar``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import islice

from ...errors import counted
from ..colormap import RGBA, Colormap
from .colormap_file import ColormapFile, Line
from .colormap_format import Format
from .tables import CHANNELS, NumberRow, collected, colors, credits, full_scale, numeric

__all__ = ["FORMATS", "load_gist", "load_ncar", "load_ncl", "load_ncmap"]

COMMENT = "#;"

_COUNT = re.compile(r"ncolors?\s*=\s*(\S+)", re.IGNORECASE)
_MARK = re.compile(r"-1(?:\.0*)?\s")
_NTSC = re.compile(r"ntsc\s*=\s*(\S+)", re.IGNORECASE)


def load_ncl(file: ColormapFile) -> list[Colormap]:
    """Return the colormap of an NCL ``.rgb`` file."""
    announced, lines = _announced(file)
    lines, warnings = _without_tail(lines)
    marks = [line for line in lines[:3] if _MARK.match(line.text)]
    if marks:
        warnings.append(f"{counted(len(marks), 'row')} of -1 stand for background and foreground: they were not read.")
    rows = collected(file, lines[len(marks) :], (3,), fields=_three)
    _counted(file, rows, announced, warnings, 1)
    full, guesses = full_scale(rows, slice(0, 3), file.options.scale)
    return [_colormap(file, colors(rows, 0, full, file.options.scale), warnings + guesses)]


def load_gist(file: ColormapFile) -> list[Colormap]:
    """Return the colormap of a Gist or Yorick ``.gp`` file."""
    announced, lines = _announced(file)
    ntsc = [line for line in lines[:1] if _NTSC.fullmatch(line.text)]
    for line in ntsc:
        line.int(_NTSC.fullmatch(line.text)[1], 0, 1, "ntsc")  # type: ignore[index]
    rows = collected(file, lines[len(ntsc) :], (3, 4), lambda width: (*CHANNELS[:3], "gray")[:width], str.split)
    warnings = ["The gray of each row was not read."] if len(rows[0].words) == 4 else []
    _counted(file, rows, announced, warnings, 0)
    for row in rows:
        for word, name in zip(row.words, (*CHANNELS[:3], "gray"), strict=False):
            row.line.int(word, 0, 255, name)
    return [_colormap(file, [_shade(row.numbers[:3]) for row in rows], warnings)]


def load_ncmap(file: ColormapFile) -> list[Colormap]:
    """Return the colormap of an ncview ``.ncmap`` file."""
    lines, warnings = _without_tail(list(file.bare_lines()))
    rows = collected(file, lines, (3,), fields=str.split)
    _checked(rows)
    if len(rows) != 256:
        file.fail(f"it has {counted(len(rows), 'row')} of numbers", "ncview's tables have 256; is the file whole?")
    return [_colormap(file, [_shade(row.numbers) for row in rows], warnings)]


def load_ncar(file: ColormapFile) -> list[Colormap]:
    """Return the colormap of an NCAR View palette: colours of some of 0 … 255, which run into each other.

    0 is black and 255 white if they are missing.
    """
    rows = collected(file, file.bare_lines(), (4,), lambda width: ("index", *CHANNELS[:3]), str.split, fewest=1)
    before = -1
    for row in rows:
        index = row.line.int(row.words[0], 0, 255, "the index")
        if index <= before:
            row.line.fail(f"index {index} comes after {before}", "indices must rise")
        before = index
    _checked(rows)
    found = {row.numbers[0]: _shade(row.numbers[1:]) for row in rows}
    found = {0.0: (0.0, 0.0, 0.0, 1.0), 255.0: (1.0, 1.0, 1.0, 1.0)} | found
    return [Colormap.from_stops(file.stem, sorted(found.items()), licence=credits(file))]


def _announced(file: ColormapFile) -> tuple[int, list[Line]]:
    """Return the number of colours that the first line announces, and the other lines."""
    first, *lines = list(file.bare_lines(COMMENT)) or file.fail("it has only comments", "begin with ncolors = 3")
    found = _COUNT.fullmatch(first.text)
    if not found:
        first.fail("the number of colours is missing", "begin with ncolors = 3")
    announced = first.int(found[1], 2, 16384, "the number of colours")
    if not lines:
        file.fail(f"it announces {announced} colours and has none", "is the file whole?")
    return announced, lines


def _without_tail(lines: list[Line]) -> tuple[list[Line], list[str]]:
    """Return the lines up to the last one with a number, and a warning if text follows, as some programs write it."""
    last = len(lines)
    while last > 1 and not any(map(numeric, lines[last - 1].text.split())):
        last -= 1
    tail = lines[last:]
    warnings = [f"Line {tail[0].number} and what follows is no colour: it was not read."] if tail else []
    return lines[:last], warnings


def _counted(file: ColormapFile, rows: Sequence[NumberRow], announced: int, warnings: list[str], off: int) -> None:
    """Fail if there are more or fewer rows than announced; warn if they differ by no more than `off`."""
    if abs(len(rows) - announced) > off:
        file.fail(f"it announces {announced} colours and has {len(rows)}", "is the file whole?")
    if len(rows) != announced:
        warnings.append(f"It announces {announced} colours and has {len(rows)}.")


def _checked(rows: Iterable[NumberRow]) -> None:
    """Fail unless the last three numbers of each row are whole and in 0 … 255."""
    for row in rows:
        for word, name in zip(row.words[-3:], CHANNELS, strict=False):
            row.line.int(word, 0, 255, name)


def _three(text: str) -> list[str]:
    """Return the numbers of a row, without words that follow the third."""
    words = text.split()
    return words[:3] if len(words) > 3 and not numeric(words[3]) else words


def _shade(numbers: Sequence[float]) -> RGBA:
    r, g, b = numbers
    return r / 255, g / 255, b / 255, 1.0


def _colormap(file: ColormapFile, shades: Sequence[RGBA], warnings: Sequence[str]) -> Colormap:
    return Colormap.from_colors(file.stem, shades, warnings=tuple(warnings), licence=credits(file, COMMENT))


def _plausible_ncl(file: ColormapFile) -> bool:
    """Whether the first line announces the number of colours."""
    lines = list(islice(file.bare_lines(COMMENT), 2))
    return bool(lines) and bool(_COUNT.match(lines[0].text)) and not _NTSC.match(lines[-1].text)


def _plausible_gist(file: ColormapFile) -> bool:
    """Whether the first line announces the number of colours.  NCL's files begin in the same way."""
    return any(_COUNT.match(line.text) for line in islice(file.bare_lines(COMMENT), 1))


def _plausible_ncmap(file: ColormapFile) -> bool:
    """Whether the file is called ``.ncmap`` and its first lines are three numbers each, which alone prove nothing."""
    words = [line.text.split() for line in islice(file.bare_lines(), 4)]
    return file.extension == ".ncmap" and all(len(each) == 3 and all(map(numeric, each)) for each in words)


FORMATS = (
    Format("ncl", "NCL colour table", (".rgb",), load_ncl, plausible=_plausible_ncl),
    Format("gist", "Gist or Yorick palette", (".gp",), load_gist, plausible=_plausible_gist),
    Format("ncmap", "ncview colour map", (".ncmap",), load_ncmap, plausible=_plausible_ncmap),
    Format("ncar", "NCAR View palette", (".ncar",), load_ncar, plausible=lambda file: file.extension == ".ncar"),
)  # fmt: skip
