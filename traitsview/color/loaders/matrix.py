"""Matrices as programs write them into their sources: MATLAB, Octave, Python, JSON, C.

::

    lagoon = [ 0.02 0.05 0.16   % deep
               0.45 0.74 0.65
               0.98 0.96 0.88 ];

Only numbers in brackets are read; nothing is ever run.  A bracket, a semicolon or a line ends a row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from ...errors import quoted
from ..colormap import Colormap
from .colormap_file import ColormapFile, Line
from .colormap_format import Format
from .layouts import layout, table
from .tables import collected, numeric, split

__all__ = ["FORMATS", "load"]

#: ``lagoon = [``, ``double lagoon[][3] = {``, ``lagoon = np.array([``, ``[``
_HEAD = re.compile(
    r"(?:(?:[A-Za-z]\w*\s+){0,4}(\w{1,80})\s*(?:\[\s*\d*\s*\]\s*){0,2}=\s*)?(?:([A-Za-z][\w.]{0,80})\s*\(\s*)?(?=[\[{])"
)

#: Functions that leave the numbers of a matrix as they are, without the name of their module.
_MAKERS = frozenset(("array", "asarray", "matrix", "mat", "double", "single", "uint8", "float32", "float64"))

_COMMENT = re.compile(r"%|#|//")
_ROW_END = re.compile(r"[;\]})]")


def load(file: ColormapFile) -> list[Colormap]:
    """Return the colormap of a matrix of three, four or five columns."""
    lines = list(_lines(file))
    head = _HEAD.match(lines[0].text) if lines else None
    if not head:
        file.fail("it does not begin with a bracket", "begin with [ or name = [")
    if head[2] and head[2].rpartition(".")[2] not in _MAKERS:
        lines[0].fail(f"{quoted(head[2], 40)} makes other numbers of the matrix", "give the colours themselves")
    lines[0] = Line(file, lines[0].number, lines[0].text[head.end() :])
    last = lines[-1]
    if not re.search(r"[\]})];?$", last.text):
        last.fail(f"{quoted(last.text, 40)} does not close the matrix", "is the file whole?")
    text = "".join(line.text for line in lines)
    opened, closed = (sum(text.count(each) for each in brackets) for brackets in ("[{(", "]})"))
    if opened + head[0].count("(") != closed:
        last.fail(f"{closed} brackets close and {opened} open", "each must be closed")
    rows = collected(file, _rows(lines), (3, 4, 5), lambda width: ["a number"] * width)
    return [table(file, rows, layout(file, rows, ""), {"name": head[1] or file.stem})]


def _lines(file: ColormapFile) -> Iterator[Line]:
    """Yield the lines without comments; blank ones are left out."""
    for line in file.lines:
        text = _COMMENT.split(line.text, maxsplit=1)[0].strip()
        if text:
            yield Line(file, line.number, text)


def _rows(lines: list[Line]) -> Iterator[Line]:
    """Yield each row of the matrix as a line without brackets."""
    for line in lines:
        for part in _ROW_END.split(line.text):
            row = part.lstrip("[{( \t,").rstrip(" \t,")
            if row:
                yield Line(line.file, line.number, row)


def _plausible(file: ColormapFile) -> bool:
    """Whether the text begins with an opening bracket, perhaps after a name, and numbers follow."""
    lines = list(islice(_lines(file), 3))
    head = _HEAD.match(lines[0].text) if lines else None
    if not head:
        return False
    rest = " ".join([lines[0].text[head.end() :], *(line.text for line in lines[1:])])
    words = split(_ROW_END.split(rest.lstrip("[{( "))[0])
    return bool(words) and all(map(numeric, words))


FORMATS = (Format("matrix", "matrix of MATLAB, Octave, Python or C", (".m",), load, plausible=_plausible, loose=True),)
