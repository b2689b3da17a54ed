"""List what can be looked at: the images of a file or a folder, and the arrays of running programs.

The first column is the address, which the other commands take.  To list the arrays of a kernel, code of traitsview
runs in it.  programs: lists what runs, kernels by their names alone, and no code runs in anything.

examples
  traitsview ls m13.fits
  traitsview ls /data
  traitsview ls programs:
  traitsview ls kernel:
  traitsview ls login3:kernel: --json
"""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..errors import printable
from .answer import answer

if TYPE_CHECKING:
    from ..sources.services.namespace import Variable

__all__ = ["add_arguments", "run"]


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument(
        "place", metavar="PLACE", help="a file, a folder, programs:, kernel:, …; HOST: may go before it"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON array, for programs")


def run(arguments: Namespace) -> int:
    """Print the list; return the exit code."""
    from ..opening import list_sources

    found = list_sources(arguments.place)
    if arguments.json:
        answer(json.dumps([_facts(each) for each in found], ensure_ascii=False))
    else:
        for line in _lines(found):
            answer(printable(line))
    return 0


def _facts(variable: Variable) -> dict[str, object]:
    return {
        "name": variable.name,
        "address": variable.address,
        "shape": list(variable.shape),
        "dtype": variable.dtype,
        "detail": variable.detail,
    }


def _lines(found: Sequence[Variable]) -> list[str]:
    """Return a line for each variable: the address, the shape, the dtype and what else there is to say, in columns."""
    from ..sources.image_words import dtype_text

    rows = [
        (each.address, " × ".join(map(str, each.shape)), dtype_text(each.dtype) if each.dtype else "", each.detail)
        for each in found
    ]
    widths = [max((len(printable(row[k])) for row in rows), default=0) for k in range(3)]
    return ["  ".join((*(f"{row[k]:<{widths[k]}}" for k in range(3)), row[3])).rstrip() for row in rows]
