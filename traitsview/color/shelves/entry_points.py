"""Colormaps of other packages: the entry points ``traitsview.colormaps``.

The name of an entry point is the namespace of its maps.  It is a function that returns colormaps, or a package
with colormap files in its folder.
"""

from __future__ import annotations

import logging
from collections.abc import Container, Iterable
from importlib.metadata import EntryPoint, entry_points
from itertools import islice
from pathlib import Path

from ...errors import printable
from ..colormap import Colormap
from .folders import Folders
from .shelf import MINE, Failure, Shelf
from .values import Values

__all__ = ["GROUP", "shelves_of_plugins"]

logger = logging.getLogger(__name__)

GROUP = "traitsview.colormaps"

#: The most colormaps that the function of an entry point may return.
_MOST_COLORMAPS = 10_000


def shelves_of_plugins(taken: Container[str]) -> tuple[list[Shelf], list[Failure]]:
    """Return a shelf for each entry point, in the order of names, and the failures of those without a shelf.

    Parameters
    ----------
    taken : container of str
        Namespaces that plugins may not use.
    """
    shelves: list[Shelf] = []
    failures = []
    for entry in sorted(entry_points(group=GROUP), key=lambda each: (each.name, each.value)):
        try:
            shelves.append(_shelf(entry, taken))
        except Exception as error:  # code of other people may raise anything
            logger.warning("the colormaps of the plugin %r are not offered: %s", entry.name, error)
            why = printable(" ".join(str(error).split()))[:300]
            reason = f"{type(error).__name__}: {why}; ask those who made it"
            failures.append(Failure(f"{GROUP}: {printable(entry.name)} = {printable(entry.value)}", reason))
    return shelves, failures


def _shelf(entry: EntryPoint, taken: Container[str]) -> Shelf:
    name = entry.name
    if ":" in name or name in MINE or name in taken:
        raise ValueError(f"the namespace {name!r} is not free")
    offered = entry.load()
    places = getattr(offered, "__path__", None)
    if places is not None:
        folders = tuple(Path(place) for place in places)
        return Folders(name, lambda: folders)
    if not callable(offered):
        raise TypeError(f"a {type(offered).__name__} is neither a function nor a package")
    return Values(name, f"plugin {name}", _colormaps(offered()))


def _colormaps(given: Iterable[object]) -> list[Colormap]:
    found = []
    for each in islice(iter(given), _MOST_COLORMAPS + 1):
        if not isinstance(each, Colormap):
            raise TypeError(f"it gave a {type(each).__name__} among its colormaps")
        found.append(each)
    if len(found) > _MOST_COLORMAPS:
        raise ValueError(f"it gave more than {_MOST_COLORMAPS} colormaps")
    return found
