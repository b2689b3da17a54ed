"""Write a colormap to a file of another format.

IN is the name of a colormap or a file; the map of a file with several is named after '::'.  The
extension of OUT says its format, unless --to does.  A map whose colours the format cannot hold is
refused.  If the format has no place for something else, such as limits or a licence, a note says so.

examples
  traitsview colormaps convert crameri:batlow batlow.cpt
  traitsview colormaps convert maps.json::'Cool to Warm' cool.ggr --name 'Cool to warm'
  traitsview colormaps convert mine.txt mine.lut --scale 255 --to ds9-lut
  traitsview colormaps convert geo.cpt geo.csv --sample 16
"""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, Namespace
from dataclasses import replace
from typing import TYPE_CHECKING

from ..errors import RequestError, printable, quoted
from .colormap_word import add_reading, as_options, is_file, one_colormap, reading_of

if TYPE_CHECKING:
    from ..color.colormap import Colormap

__all__ = ["add_arguments", "run"]

#: Colours that may be taken of a colormap.
_MOST_SAMPLES = 65536


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("colormap", metavar="IN", help="the name of a colormap, or a file")
    parser.add_argument("output", metavar="OUT", help="the file to write")
    parser.add_argument("--to", metavar="FORMAT", help="the format of OUT (default: by its extension)")
    parser.add_argument("--name", metavar="NAME", help="the name of the colormap in OUT")
    parser.add_argument("--sample", metavar="N", help="write N colours, at equal distances from the first to the last")
    add_reading(parser)


def run(arguments: Namespace) -> int:
    """Write the file; return the exit code."""
    from ..color.loaders.formats import save_colormap

    count = _count(arguments.sample)
    source, output = arguments.colormap, arguments.output
    if is_file(source) and os.path.exists(output) and os.path.samefile(source, output):
        raise RequestError(f"cannot write {quoted(output)}", "it is the file that is read", "choose another name")
    found = one_colormap(source, **reading_of(arguments))
    for warning in found.warnings:
        print(f"traitsview: note: {as_options(warning)}", file=sys.stderr)
    # Its place in the catalogue is no part of its name.
    found = replace(found, name=arguments.name or found.name.rpartition(":")[2] or found.name)
    lost = save_colormap(found if count is None else _sampled(found, count), output, arguments.to)
    if lost:
        print(
            f"traitsview: note: {printable(os.path.basename(output))} has no place for {', '.join(lost)}",
            file=sys.stderr,
        )
    return 0


def _count(text: str | None) -> int | None:
    if text is None:
        return None
    if not text.isascii() or not text.isdecimal() or not 1 <= int(text[:9]) <= _MOST_SAMPLES:
        raise RequestError(f"cannot take {quoted(text)} colours", "", f"give a number from 1 to {_MOST_SAMPLES}")
    return int(text)


def _sampled(colormap: Colormap, count: int) -> Colormap:
    from ..color.colormap import Colormap

    flat = colormap.discrete is not None
    same = flat and count == colormap.discrete
    return Colormap.from_colors(
        colormap.name,
        [tuple(color) for color in colormap.lut(count).tolist()],
        flat,
        under=colormap.under,
        over=colormap.over,
        bad=colormap.bad,
        limits=colormap.limits,
        hinge=colormap.hinge,
        cyclic=colormap.cyclic,
        licence=colormap.licence,
        values=colormap.values if same else (),
        labels=colormap.labels if same else (),
    )
