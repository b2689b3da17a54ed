"""Gwyddion's gradients."""

from __future__ import annotations

from ...errors import counted
from ..colormap import RGBA, Colormap, Stop
from .colormap_file import ColormapFile, Line
from .colormap_format import Format
from .ranges import at, shown
from .tables import MOST_ROWS

__all__ = ["FORMATS"]

FIRST = "Gwyddion resource GwyGradient"


def load(file: ColormapFile) -> list[Colormap]:
    """Return the gradient of a file: after the first line position, red, green, blue, alpha in 0 … 1."""
    lines = list(file.bare_lines(""))
    if not lines or lines[0].text != FIRST:
        file.fail("its first line is another", f"write {FIRST!r}")
    rest = lines[1 : MOST_ROWS + 2]
    if len(rest) > MOST_ROWS:
        rest[-1].fail(f"it has more than {MOST_ROWS} points", "give a gradient")
    stops: list[Stop] = []
    for line in rest:
        stops.append(_stop(line))
        if len(stops) > 1 and stops[-1][0] < stops[-2][0]:
            line.fail(f"position {shown(stops[-1][0])} follows {shown(stops[-2][0])}", "positions must rise")
    if len(stops) < 2:
        file.fail(
            f"it has {counted(len(stops), 'point')}", "give position, red, green, blue, alpha in two lines or more"
        )
    if not at(stops[0][0], 0):
        rest[0].fail(f"it begins at {shown(stops[0][0])}", "the first position must be 0")
    if not at(stops[-1][0], 1):
        rest[-1].fail(f"it ends at {shown(stops[-1][0])}", "the last position must be 1")
    return [Colormap.from_stops(file.stem, stops)]


def _stop(line: Line) -> tuple[float, RGBA]:
    words = line.text.split()
    if len(words) != 5:
        line.fail(f"it has {counted(len(words), 'number')}", "give position, red, green, blue, alpha")
    x, r, g, b, a = (line.float(word, 0, 1, what) for word, what in zip(words, _PARTS, strict=True))
    return x, (r, g, b, a)


_PARTS = ("a position", "red", "green", "blue", "alpha")


def recognised(file: ColormapFile) -> bool:
    return file.data.startswith(FIRST.encode())


FORMATS = (Format("gwyddion", "Gwyddion gradient", (), load, magic=recognised),)
