"""Read colormap files and say what is wrong with them, one line for each finding.

If a file cannot be read, the finding names the line of the error, as in 'geo.cpt:12: …'.  What was
guessed or lost is a warning.  The exit code is 1 if a file cannot be read.

examples
  traitsview colormaps check geo.cpt
  traitsview colormaps check --scale 255 *.txt
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import ColormapError, counted, printable
from ..numerals import numeral, numerals
from .answer import answer
from .colormap_word import add_reading, as_options, reading_of, reworded

if TYPE_CHECKING:
    from ..color.colormap import Colormap

__all__ = ["add_arguments", "description_of", "run"]


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("files", metavar="FILE", nargs="+", help="colormap files")
    parser.add_argument("--quiet", action="store_true", help="do not list files without a finding")
    add_reading(parser)


def run(arguments: Namespace) -> int:
    """Print the findings; return the exit code."""
    from ..color.shelves.sidecar import sidecar_of

    failed = False
    for word in arguments.files:
        path = Path(word)
        try:
            with reworded(as_options):
                found = sidecar_of(path, **reading_of(arguments)).load(path)
        except ColormapError as error:
            failed = True
            answer(error)
            continue
        name = printable(path.name)
        if not arguments.quiet:
            answer(f"{name}: {_contents(found)}")
        for each in found:
            of = f"{printable(each.name)}: " if len(found) > 1 else ""
            for warning in each.warnings:
                answer(f"{name}: warning: {of}{printable(as_options(warning))}")
    return 1 if failed else 0


def _contents(found: list[Colormap]) -> str:
    if len(found) == 1:
        return f"good, {description_of(found[0])}"
    names = ", ".join(f"'{printable(each.name)}'" for each in found[:4]) + (" …" if len(found) > 4 else "")
    return f"good, {len(found)} colormaps: {names}"


def description_of(colormap: Colormap) -> str:
    """Return a short description of a colormap."""
    count = len(colormap.stops)
    words = [counted(count, "flat colour") if colormap.discrete else f"a gradient of {counted(count, 'stop')}"]
    if colormap.limits is not None:
        words.append("for {} … {}".format(*numerals(*colormap.limits)))
    if colormap.hinge is not None:
        words.append(f"hinge at {numeral(colormap.hinge)}")
    if colormap.cyclic:
        words.append("cyclic")
    if colormap.labels:
        words.append("with labels")
    words += [f"{end} colour" for end in ("under", "over", "bad") if getattr(colormap, end) is not None]
    return ", ".join(words)
