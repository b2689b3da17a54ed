"""Tables of labels as programs for medical images have them: FreeSurfer's, 3D Slicer's and ITK-SNAP's.

::

    #No. Label Name:  R   G   B   A         0    0   0   0  0  0 0 "Clear Label"
    0    Unknown      0   0   0   0         1  240 200 130  1  1 1 "Bone"
    17   Hippocampus  220 216 20  0         2   80 120 220  0.5 1 1 "Vessel"

On the left is a table of FreeSurfer, where alpha 0 is opaque.  3D Slicer's tables have the same columns, but alpha 255
is opaque.  On the right is a table of ITK-SNAP: the numbers after alpha say whether the label is shown, and whether its
surface is shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from ...errors import printable
from ..colormap import RGBA, Colormap
from .colormap_file import ColormapFile, Line
from .colormap_format import Format
from .tables import CHANNELS, HIDDEN, MOST_ROWS, credits, opaque_labels

__all__ = ["FORMATS"]

#: A label, its name, red, green, blue, alpha, and the kind of tissue.
_NAMED = re.compile(r'(\d+)\s+("[^"]*"|\S+)((?:\s+\d+){3,5})', re.ASCII)

#: A label, six numbers, and its name, in quotes of any kind.
_SNAP = re.compile(r'(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s+([\d.]+)\s+([01])\s+([01])\s+["“](.*)["”]', re.ASCII)

_LARGEST_LABEL = 2**31 - 1

#: Comments above the tables of FreeSurfer, and above those of 3D Slicer.
_FREESURFER = re.compile(r"#.*(?:freesurfer|Label Name:)", re.IGNORECASE)
_SLICER = re.compile(r"#\s*(?:Color table file|Filename:|.*slicer)", re.IGNORECASE)


@dataclass(frozen=True)
class _Label:
    """A row of a table."""

    line: Line
    value: int
    name: str
    parts: tuple[int, ...]


def load_freesurfer(file: ColormapFile) -> list[Colormap]:
    """Return the flat colours, values and names of a table.  The last number of a row is 255 - alpha."""
    rows = _named(file)
    colors = [_color(row, 1 - row.parts[3] / 255 if len(row.parts) > 3 else 1.0) for row in rows]
    # Label 0 means no structure.  Most tables have it black and opaque, but no program shows it.
    colors = [
        (0.0, 0.0, 0.0, 0.0) if row.value == 0 and not any(row.parts) else c
        for row, c in zip(rows, colors, strict=True)
    ]
    return [_colormap(file, rows, colors)]


def load_slicer(file: ColormapFile) -> list[Colormap]:
    """Return flat colours with values and names; if names only count the rows, colours that run into each other."""
    rows = _named(file)
    colors = [_color(row, row.parts[3] / 255 if len(row.parts) > 3 else 1.0) for row in rows]
    counted = all(row.value == k and row.name == str(k) for k, row in enumerate(rows))
    if counted and len(rows) > 1 and all(color[3] == 1 for color in colors):
        return [Colormap.from_colors(file.stem, colors, licence=credits(file))]
    return [_colormap(file, rows, colors)]


def load_itksnap(file: ColormapFile) -> list[Colormap]:
    """Return the flat colours, values and names of a table; labels that are not shown are transparent."""
    rows: list[_Label] = []
    colors: list[RGBA] = []
    for line in _limited(file):
        found = _SNAP.fullmatch(line.text)
        if found is None:
            line.fail("it is no row of a table of labels", 'write: 1 255 0 0 1 1 1 "name"')
        rows.append(_label(line, found[1], found[8], found.groups()[1:4]))
        alpha = line.float(found[5], 0, 1, "alpha")
        colors.append(_color(rows[-1], alpha if found[6] == "1" else 0.0))
    return [_colormap(file, rows, colors, hides=True)]


def _named(file: ColormapFile) -> list[_Label]:
    rows = []
    largest = 0
    for line in _limited(file):
        found = _NAMED.fullmatch(line.text)
        if found is None:
            line.fail("it is no row of a table of labels", "write label, name, red, green, blue, alpha")
        rows.append(_label(line, found[1], found[2].strip('"'), found[3].split()[:4]))
        largest = max(largest, *rows[-1].parts[:3])
    if largest == 1:
        file.fail("its colours are all 0 or 1, where 255 is full", "write them in 0 … 255")
    return rows


def _limited(file: ColormapFile) -> Iterator[Line]:
    """Yield the rows; fail if there is none, or more than `MOST_ROWS`."""
    count = 0
    for count, line in enumerate(file.bare_lines(), 1):
        if count > MOST_ROWS:
            line.fail(f"there are more than {MOST_ROWS} labels", "give a table of labels")
        yield line
    if not count:
        file.fail("it has no label", "give rows of label, name, red, green, blue, alpha")


def _label(line: Line, value: str, name: str, words: Sequence[str]) -> _Label:
    parts = tuple(line.int(word, 0, 255, what) for word, what in zip(words, CHANNELS, strict=False))
    return _Label(line, line.int(value, 0, _LARGEST_LABEL, "the label"), printable(" ".join(name.split()))[:200], parts)


def _color(row: _Label, alpha: float) -> RGBA:
    red, green, blue = (part / 255 for part in row.parts[:3])
    return red, green, blue, alpha


def _colormap(file: ColormapFile, rows: Sequence[_Label], colors: Sequence[RGBA], hides: bool = False) -> Colormap:
    """Return the colormap of labels; `hides`: the file has a column that hides labels, so that its alpha is trusted."""
    seen: dict[int, int] = {}
    for row in rows:
        if row.value in seen:
            row.line.fail(f"label {row.value} has a colour in line {seen[row.value]}", "give one to each")
        seen[row.value] = row.line.number
    said: dict[str, Any] = {"labels": tuple(row.name for row in rows), "licence": credits(file)}
    shown = None if hides else opaque_labels(colors, list(seen))
    if shown is not None:
        colors, said["warnings"] = shown, (HIDDEN,)
    return Colormap.from_colors(file.stem, colors, flat=True, values=tuple(map(float, seen)), **said)


def _rows_match(file: ColormapFile, pattern: re.Pattern[str]) -> bool:
    found = [pattern.fullmatch(line.text) for line in islice(file.bare_lines(), 6)]
    return bool(found) and all(found)


def _comment_says(file: ColormapFile, pattern: re.Pattern[str]) -> bool:
    return any(pattern.match(line.text.strip()) for line in file.lines[:100])


def _is_named(file: ColormapFile) -> bool:
    """Whether the first rows are a label, a name and a colour.

    A name that is a number must repeat the label, in a row of six words: other tables of numbers have fewer.
    """
    if not _rows_match(file, _NAMED):
        return False
    words = [line.text.split() for line in islice(file.bare_lines(), 6)]
    return all(not each[1].isdigit() or (len(each) == 6 and each[1] == each[0]) for each in words)


def _plausible_freesurfer(file: ColormapFile) -> bool:
    """Whether a comment says so, or every alpha is 0, with which 3D Slicer would show nothing."""
    if not _is_named(file) or file.extension == ".ctbl":
        return False
    if _comment_says(file, _FREESURFER):
        return True
    alphas = {line.text.split()[-1] for line in file.bare_lines()}
    return alphas == {"0"} and not _comment_says(file, _SLICER)


FORMATS = (
    Format("freesurfer", "FreeSurfer table of labels", (".txt", ".lut", ".ctab"), load_freesurfer,
           plausible=_plausible_freesurfer),
    Format("slicer", "3D Slicer colour table", (".ctbl", ".txt"), load_slicer, plausible=_is_named),
    Format("itksnap", "ITK-SNAP table of labels", (".label", ".txt", ".lbl"), load_itksnap,
           plausible=lambda file: _rows_match(file, _SNAP)),
)  # fmt: skip
