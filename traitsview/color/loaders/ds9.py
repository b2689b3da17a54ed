"""SAOImage DS9's two kinds of files: ``.sao``, where red, green and blue have positions, and ``.lut``, plain rows.

::

    PSEUDOCOLOR
    RED:
    (0,0)(0.5,0.9)(1,1)
    GREEN:
    (0,0)(1,0.8)
    BLUE:
    (0,0.2)(1,0)

A line feed or a semicolon ends a command; small and capital letters are the same.  DS9 reads ``GAMMA`` and does
nothing with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NoReturn

from ...errors import ColormapError, printable, quoted
from ..colormap import Colormap, Stop
from .channels import Knot, stops
from .colormap_file import ColormapFile, Line, closest
from .colormap_format import Format
from .ranges import at, shown
from .tables import MOST_ROWS, collected, colors, credits, full_scale, numeric

__all__ = ["FORMATS", "load_lut", "load_sao", "save_sao", "steps"]

_CHANNELS = ("RED", "GREEN", "BLUE")
_START = re.compile(r"PSEUDOCOLOU?R\b|(?:RED|GREEN|BLUE)\s*:", re.IGNORECASE)
_COMMAND = re.compile(
    r"\s*(?:(?P<kind>PSEUDOCOLOU?R)\b|(?P<channel>RED|GREEN|BLUE)\s*:|GAMMA\s+(?P<gamma>[^\s(]+)"
    r"|\(\s*(?P<x>[^\s,()]+)\s*,\s*(?P<y>[^\s,()]+)\s*\))",
    re.IGNORECASE,
)


def load_sao(file: ColormapFile) -> list[Colormap]:
    """Return the colormap of a ``.sao`` file."""
    knots: dict[str, list[Knot]] = {}
    warnings: list[str] = []
    channel = ""
    line = file.lines[0]
    for line, command in _commands(file):
        if command["channel"]:
            channel = command["channel"].upper()
            if channel in knots:
                line.fail(f"{channel} comes twice", "give all its points at once")
            knots[channel] = []
        elif command["gamma"]:
            gamma = line.float(command["gamma"], 0, 1000, "GAMMA")
            if gamma != 1:
                warnings.append(f"GAMMA {shown(gamma)} of {channel or 'all'} is not applied, as DS9 does not.")
        elif command["x"]:
            if not channel:
                line.fail("a point comes before its channel", "begin with RED:")
            _add(line, channel, knots[channel], command["x"], command["y"])
    for channel in _CHANNELS:
        _check(line, channel, knots.get(channel, []))
    found = stops([[(0.0, *knots[each][0][1:]), *knots[each][1:-1], (1.0, *knots[each][-1][1:])] for each in _CHANNELS])
    return [Colormap.from_stops(file.stem, found, warnings=tuple(warnings), licence=credits(file))]


def _commands(file: ColormapFile) -> Iterator[tuple[Line, dict[str, str]]]:
    """Yield the commands of the file, and their lines."""
    for line in file.lines:
        for part in line.text.partition("#")[0].split(";"):
            at = 0
            end = len(part.rstrip())
            while at < end:
                found = _COMMAND.match(part, at)
                if not found:
                    _strange(line, part[at:end].strip())
                at = found.end()
                yield line, found.groupdict(default="")


def _strange(line: Line, text: str) -> NoReturn:
    word = re.match(r"\w*", text)
    near = closest(word[0], ("pseudocolor", "red", "green", "blue", "gamma")) if word else ()
    remedy = f"did you mean {near[0].upper()}?" if near else "RED:, GREEN:, BLUE: or (position,share) was expected"
    line.fail(f"{quoted(text, 40)} is no command", remedy)


def _add(line: Line, channel: str, knots: list[Knot], x: str, y: str) -> None:
    """Add a point to the knots of a channel.  A second point at one position makes a hard step."""
    place = line.float(x, 0, 1, "the position")
    share = line.float(y, 0, 1, channel.lower())
    if not knots or place > knots[-1][0]:
        if len(knots) == MOST_ROWS:
            line.fail(f"{channel} has more than {MOST_ROWS} points", "give a colormap")
        knots.append((place, share, share))
        return
    before, below, above = knots[-1]
    if place < before:
        line.fail(f"position {x} of {channel} comes after {shown(before)}", "positions must rise")
    if below != above:
        line.fail(f"position {x} of {channel} comes three times", "two are a hard step, a third has no place")
    knots[-1] = place, below, share


def _check(line: Line, channel: str, knots: Sequence[Knot]) -> None:
    """Fail if a channel does not go from 0 to 1."""
    if not knots:
        line.file.fail(f"{channel} has no points", f"add {channel}: (0,0)(1,1)")
    if len(knots) < 2 or not at(knots[0][0], 0) or not at(knots[-1][0], 1):
        line.file.fail(f"{channel} goes from {shown(knots[0][0])} to {shown(knots[-1][0])}", "it must go from 0 to 1")


def save_sao(colormap: Colormap) -> bytes:
    """Return the colours of a colormap as ``.sao``, with six digits.

    Flat colours become hard steps.  The format has no place for the under, over and bad colour, limits, values, labels
    and licences: they are left out.

    Raises
    ------
    ColormapError
        If a colour is transparent.
    """
    found = steps(colormap)
    if any(color[3] < 1 for _, color in found):
        name = quoted(printable(colormap.name))
        raise ColormapError(f"cannot write {name} as .sao", "DS9 knows no transparency", "write text, CSV or .ggr")
    lines = ["# SAOimage color table", f"# {printable(colormap.name)}", "PSEUDOCOLOR"]
    for i, channel in enumerate(_CHANNELS):
        lines += [f"{channel}:", "".join(f"({place!r},{round(color[i], 6)!r})" for place, color in found)]
    return ("\n".join(lines) + "\n").encode()


def steps(colormap: Colormap) -> list[Stop]:
    """Return the stops of a colormap from 0 to 1, flat colours as hard steps."""
    n = colormap.discrete
    if not n:
        return list(colormap.stops)
    return [(edge / n, color) for k, (_, color) in enumerate(colormap.stops) for edge in (k, k + 1)]


def load_lut(file: ColormapFile) -> list[Colormap]:
    """Return the colormap of a ``.lut`` file: rows of red, green, blue, 0 … 1."""
    parts = (
        Line(file, line.number, part.strip())
        for line in file.bare_lines()
        for part in line.text.partition("#")[0].split(";")
        if part.strip()
    )
    rows = collected(file, parts, (3,), fields=str.split)
    full, warnings = full_scale(rows, slice(0, 3), "1" if file.options.scale == "auto" else file.options.scale)
    shades = colors(rows, 0, full, file.options.scale)
    return [Colormap.from_colors(file.stem, shades, warnings=tuple(warnings), licence=credits(file))]


def _plausible_sao(file: ColormapFile) -> bool:
    """Whether the first line begins with a command."""
    return any(_START.match(line.text) for line in islice(file.bare_lines("#;"), 1))


def _plausible_lut(file: ColormapFile) -> bool:
    """Whether the first lines are three numbers each."""
    words = [re.split("[#;]", line.text, maxsplit=1)[0].split() for line in islice(file.bare_lines("#;"), 4)]
    return (
        file.extension == ".lut" and bool(words) and all(len(each) == 3 and all(map(numeric, each)) for each in words)
    )


FORMATS = (
    Format("sao", "SAOImage DS9 colour table", (".sao",), load_sao, save=save_sao,
           plausible=_plausible_sao),
    Format("ds9-lut", "SAOImage DS9 lookup table", (".lut",), load_lut, plausible=_plausible_lut),
)  # fmt: skip
