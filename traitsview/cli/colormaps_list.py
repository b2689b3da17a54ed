"""List the names of colormaps: each line has the name, the category and the origin.

Only lines that have every WORD in them are listed.  A name may be used without its collection, the
part before the colon; then it means the first one in the list.

examples
  traitsview colormaps list
  traitsview colormaps list diverging crameri
  traitsview colormaps list --namespace user
  traitsview colormaps list --failures
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace

from ..errors import printable
from .answer import answer

__all__ = ["add_arguments", "run"]

_CATEGORIES = ("sequential", "diverging", "cyclic", "categorical", "miscellaneous", "mine")


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("words", metavar="WORD", nargs="*", help="list only lines that have all of these words")
    parser.add_argument("--namespace", metavar="WORD", help="list only names with this word before the colon")
    parser.add_argument("--category", choices=_CATEGORIES, help="list only colormaps of this category")
    parser.add_argument(
        "--failures", action="store_true", help="list instead the files that could not be read, and why"
    )


def run(arguments: Namespace) -> int:
    """Print the lines; return the exit code."""
    from ..color.catalogue import catalogue

    known = catalogue()
    known.look_inside()
    failures = [f"{printable(path)}: {reason}" for path, reason in known.failures()]
    if arguments.failures:
        _print_those_with(arguments.words, failures)
        return 0
    entries = [
        entry
        for entry in known.entries()
        if arguments.namespace in (None, entry.namespace) and arguments.category in (None, entry.category)
    ]
    width = max((len(entry.id) for entry in entries), default=0)
    _print_those_with(
        arguments.words,
        [
            f"{printable(entry.id):<{width}}  {entry.category:<13}  {printable(entry.title or entry.origin)}"
            for entry in entries
        ],
    )
    if failures:
        number = f"{len(failures)} files" if len(failures) > 1 else "a file"
        print(f"traitsview: note: {number} could not be read; see 'colormaps list --failures'", file=sys.stderr)
    return 0


def _print_those_with(words: list[str], lines: list[str]) -> None:
    wanted = [word.casefold() for word in words]
    for line in lines:
        if all(word in line.casefold() for word in wanted):
            answer(line)
