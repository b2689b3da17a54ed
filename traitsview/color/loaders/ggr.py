"""Gradients of GIMP.

::

    GIMP Gradient
    Name: cinder
    2
    0 0.2 0.4  0.1 0 0 1    0.8 0.1 0 1    0 0 0 0
    0.4 0.7 1  0.8 0.1 0 1  1 1 0.9 1      1 2 0 0

Each row is a segment.  Its numbers are, in order:

* the left end, the place of the mean colour, and the right end, 0 … 1;
* red, green, blue and alpha at the left end, then at the right end, 0 … 1;
* the number of the curve between both colours, 0 … 5;
* 0 to mix red, green and blue, 1 to let hues rise, 2 to let them fall;
* in newer files, one number for each end: 0 means the colour in the row, 1 … 4 a colour of GIMP's toolbox.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from ...errors import counted, quoted
from ..colormap import RGBA, Colormap, Stop
from .colormap_file import ColormapFile, Line
from .colormap_format import Format
from .ggr_curves import Segment, bent, sampled, straight
from .ranges import at, shown
from .tables import announced

__all__ = ["FORMATS"]

FIRST = "GIMP Gradient"

#: More segments would take seconds to turn into stops.
_MOST_SEGMENTS = 4096

#: Files have six digits, so that two places that are meant to be equal may differ by two units of the last digit.
_WRITTEN_PRECISION = 2e-6

#: Colours of GIMP's toolbox by number: foreground, transparent foreground, background, transparent background.  A file
#: does not hold them; black and white are used instead.
_TOOLBOX: dict[int, RGBA] = {
    1: (0.0, 0.0, 0.0, 1.0),
    2: (0.0, 0.0, 0.0, 0.0),
    3: (1.0, 1.0, 1.0, 1.0),
    4: (1.0, 1.0, 1.0, 0.0),
}

#: Names of the numbers of a row in messages.
_PLACES = ("the left end", "the middle", "the right end")
_CHANNELS = ("red", "green", "blue", "alpha")


def load(file: ColormapFile) -> list[Colormap]:
    """Return the colormap of a gradient."""
    lines = file.filled_lines
    if lines[0].text.strip() != FIRST:
        lines[0].fail(f"its first line is {quoted(lines[0].text, 40)}", f"it must be {FIRST}")
    head = 1
    name = ""
    if len(lines) > 1 and lines[1].text.startswith("Name:"):
        name, head = lines[1].text[5:], 2
    rows = announced(lines, head, "segments", _MOST_SEGMENTS)
    warnings: dict[str, None] = {}
    segments: list[Segment] = []
    for line in rows:
        segments.append(_segment(line, segments[-1].right if segments else 0.0, warnings))
    if not at(segments[-1].right, 1, 2):
        rows[-1].fail(f"the last segment ends at {shown(segments[-1].right)}", "it must end at 1")
    return [_colormap(file.called(name), segments, tuple(warnings))]


def _segment(line: Line, before: float, warnings: dict[str, None]) -> Segment:
    words = line.text.split()
    if len(words) not in (11, 13, 15):
        line.fail(counted(len(words), "number"), "a segment has 11, 13 or 15")
    left, middle, right = (line.float(word, 0, 1, what) for word, what in zip(words[:3], _PLACES, strict=True))
    if abs(left - before) > _WRITTEN_PRECISION:
        line.fail(f"segment starts at {shown(left)} but the one before ends at {shown(before)}", "segments must touch")
    left = before
    if not left - _WRITTEN_PRECISION <= middle <= right + _WRITTEN_PRECISION or right < left:
        line.fail(f"segment goes from {shown(left)} by {shown(middle)} to {shown(right)}", "its places must rise")
    numbers = [line.float(word, 0, 1, _CHANNELS[k % 4]) for k, word in enumerate(words[3:11])]
    curve, hues = 0, 0
    if len(words) > 11:
        curve = line.int(words[11], 0, 5, "the number of the curve")
        hues = line.int(words[12], 0, 2, "the number of the way between hues")
    ends = [(numbers[0], numbers[1], numbers[2], numbers[3]), (numbers[4], numbers[5], numbers[6], numbers[7])]
    for k, word in enumerate(words[13:]):
        if kind := line.int(word, 0, 4, "what the colour depends on"):
            ends[k] = _TOOLBOX[kind]
            warnings["It uses the colours of GIMP's toolbox: foreground was read as black, background as white."] = None
    share = min(max((middle - left) / (right - left), 0.0), 1.0) if right > left else 0.5
    return Segment(left, share, right, ends[0], ends[1], curve, hues)


def _colormap(name: str, segments: list[Segment], warnings: tuple[str, ...]) -> Colormap:
    wide = [each for each in segments if each.right > each.left]
    widths = [each.right - each.left for each in wide]
    flat = all(each.first == each.last and not bent(each) for each in wide)
    if flat and max(widths) - min(widths) <= 2 * _WRITTEN_PRECISION:
        return Colormap.from_colors(name, [each.first for each in wide], flat=True, warnings=warnings)
    curves = sampled([each for each in wide if bent(each)])
    stops: list[Stop] = []
    for each in wide:
        added = next(curves) if bent(each) else straight(each)
        stops += added[1:] if stops and stops[-1] == added[0] else added
    return Colormap.from_stops(name, stops, warnings=warnings)


def save(colormap: Colormap) -> bytes:
    """Return a gradient that GIMP and Krita read.  Its numbers have nine digits after the point.

    A gradient holds a name, colours and positions.  The other attributes of the colormap are left out.
    """
    stops = colormap.stops
    if colormap.discrete:
        ends = np.linspace(0, 1, len(stops) + 1).tolist()
        rows = [(low, color, high, color) for (low, high), (_, color) in zip(pairwise(ends), stops, strict=True)]
    else:
        rows = [(low, first, high, last) for (low, first), (high, last) in pairwise(stops)]
    # With nine digits, narrower segments would have no width.
    rows = [row for row in rows if f"{row[0]:.9f}" != f"{row[2]:.9f}"]
    lines = [FIRST, f"Name: {' '.join(colormap.name.split())}", str(len(rows))]
    for low, first, high, last in rows:
        numbers = [low, (low + high) / 2, high, *first, *last]
        lines.append(" ".join(f"{number:.9f}" for number in numbers) + " 0 0 0 0")
    return ("\n".join(lines) + "\n").encode()


def _magic(file: ColormapFile) -> bool:
    return file.data.removeprefix(b"\xef\xbb\xbf").startswith(FIRST.encode())


FORMATS = (Format("ggr", "GIMP gradient", (".ggr",), load, save=save, magic=_magic),)
