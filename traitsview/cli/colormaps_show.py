"""Draw colormaps into a .png file, or in the terminal.

Each word is the name of a colormap or a file; all maps of a file are shown, or the one that is
named after '::'.

examples
  traitsview colormaps show viridis crameri:vik -o maps.png
  traitsview colormaps show geo.cpt
  traitsview colormaps show maps.json::'Cool to Warm' -o cool.png
"""

from __future__ import annotations

import shutil
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from ..errors import RequestError, printable, quoted
from .answer import answer, goes_to_terminal
from .colormap_word import add_reading, as_options, colormaps_of, reading_of
from .colormaps_check import description_of
from .output_file import whole_file

__all__ = ["add_arguments", "run"]

#: Colormaps that a picture may show.
_MOST_COLORMAPS = 250


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("colormaps", metavar="NAME|FILE", nargs="+", help="the colormaps to show")
    parser.add_argument("-o", "--output", metavar="OUT.png", help="the file to write")
    add_reading(parser)


def run(arguments: Namespace) -> int:
    """Draw; return the exit code."""
    output = None if arguments.output is None else Path(arguments.output)
    if output is not None and output.suffix.lower() != ".png":
        raise RequestError(f"cannot write {quoted(output)}", f"unknown ending '{output.suffix}'", "end it in .png")
    found = [
        (printable(name), description_of(each), each)
        for word in arguments.colormaps
        for name, each in colormaps_of(word, **reading_of(arguments)).items()
    ]
    for name, _, each in found:
        for warning in each.warnings:
            print(f"traitsview: note: {name}: {printable(as_options(warning))}", file=sys.stderr)
    if output is None:
        _print(found)
        return 0
    if len(found) > _MOST_COLORMAPS:
        why = f"these are {len(found)} colormaps, and a picture shows {_MOST_COLORMAPS} at most"
        raise RequestError("cannot draw them", why, "choose some")
    from .colormap_swatch import picture_of

    with whole_file(output) as stream:
        picture_of(found).save(stream, "png")
    return 0


def _print(found: list) -> None:
    from .colormap_swatch import strip_of

    width = max(16, min(shutil.get_terminal_size().columns, 100))
    for name, words, each in found:
        answer(f"{name}: {words}")
        if goes_to_terminal():
            answer(strip_of(each, width))
