"""QGIS's colour maps as it exports them for rasters."""

from __future__ import annotations

from dataclasses import replace
from math import inf

from ...errors import counted, quoted
from ..colormap import Colormap
from .colormap_file import ColormapFile, Line, closest
from .colormap_format import Format
from .shaders import KINDS, Shade, shaded
from .tables import MOST_ROWS

__all__ = ["FORMATS"]


def load(file: ColormapFile) -> list[Colormap]:
    """Return the colormap of rows ``value,red,green,blue,alpha,label`` after ``INTERPOLATION:``; see `shaded`."""
    kind = ""
    shades: list[Shade] = []
    for line in file.bare_lines():
        if line.text.upper().startswith("INTERPOLATION"):
            if kind or shades:
                line.fail("INTERPOLATION comes late", "say it once, before the first colour")
            kind = _kind(line)
        else:
            shades.append(_shade(line, kind))
            if len(shades) > MOST_ROWS:
                line.fail(f"it has more than {MOST_ROWS} colours", "give a colour map")
    if not kind:
        file.fail("it has no INTERPOLATION", f"write INTERPOLATION:{' or '.join(KINDS)}")
    if not shades:
        file.fail("it has no colour", "give value,red,green,blue,alpha,label in each line")
    return [_doubted(file, shaded(file, kind, shades))]


def _doubted(file: ColormapFile, colormap: Colormap) -> Colormap:
    """Return the colormap, with a warning if labels that are not ASCII were read as Latin-1, which is a guess."""
    if not file.latin or all(label.isascii() for label in colormap.labels):
        return colormap
    return replace(colormap, warnings=(*colormap.warnings, "It is not UTF-8: its labels were read as Latin-1."))


def _kind(line: Line) -> str:
    said = line.text.partition(":")[2].strip().upper()
    if said not in KINDS:
        near = [each for each in KINDS if closest(said, [each.lower()])]
        remedy = f"did you mean {near[0]}?" if near else f"write {' or '.join(KINDS)}"
        line.fail(f"unknown interpolation {quoted(said)}", remedy)
    return said


def _shade(line: Line, kind: str) -> Shade:
    words = [word.strip() for word in line.text.split(",", 5)]
    if len(words) < 5:
        line.fail(f"it has {counted(len(words), 'field')}", "give value,red,green,blue,alpha,label")
    if words[0].lower() == "inf":
        if kind != "DISCRETE":
            line.fail("its value is inf", "only DISCRETE colours reach so far")
        value = inf
    else:
        value = line.float(words[0], -1e300, 1e300, "a value")
    r, g, b, a = (line.int(word, 0, 255, "a part of a colour") / 255 for word in words[1:5])
    label = line.file.called(words[5]) if len(words) > 5 and words[5] else ""
    return Shade(line, value, (r, g, b, a), label)


def plausible(file: ColormapFile) -> bool:
    """Whether the file has the line ``INTERPOLATION:``; the comment above it may be in any language."""
    return any(line.text.strip().upper().startswith(("INTERPOLATION:", "# QGIS")) for line in file.lines[:20])


FORMATS = (Format("qgis-text", "QGIS colour map (text)", (".txt",), load, plausible=plausible),)
