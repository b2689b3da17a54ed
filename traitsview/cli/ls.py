"""List what can be looked at: the images of a file or a folder, and the arrays of running programs.

The first column is the address, which the other commands take.  'traitsview live:' is short for 'traitsview ls live:'.
To list the arrays of a kernel, code of traitsview runs in it.  programs: lists what runs, kernels by their names alone,
and no code runs in anything.

examples
  traitsview ls m13.fits
  traitsview ls /data
  traitsview ls live:
  traitsview ls login3:live:
  traitsview ls programs:
  traitsview ls kernel:
  traitsview ls login3:kernel: --json
"""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..errors import printable, quoted
from .answer import answer

if TYPE_CHECKING:
    from ..sources.services.namespace import Variable

__all__ = ["add_arguments", "is_list", "print_list", "run"]


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument(
        "place",
        metavar="PLACE",
        help="a file, a folder, live:, programs:, kernel:[ID] or engines:[PROFILE]; HOST: may go before",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON array, for programs")


def run(arguments: Namespace) -> int:
    """Print the list; return the exit code."""
    if arguments.json:
        from ..opening import list_sources

        answer(json.dumps([_facts(each) for each in list_sources(arguments.place)], ensure_ascii=False))
    else:
        print_list(arguments.place)
    return 0


def print_list(place: str) -> None:
    """Print what is at a place, for people."""
    from ..opening import list_sources

    found = list_sources(place)
    for line in _lines(found):
        answer(printable(line))
    if not found:
        print(f"traitsview: note: there is nothing at {quoted(place)} now", file=sys.stderr)


def is_list(text: str) -> bool:
    """Whether an address names no image but all that calculations publish: ``live:``, ``login3:live:``."""
    from ..sources.address import parse_address

    address = parse_address(text)
    return address.scheme == "live" and not address.path.strip()


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
