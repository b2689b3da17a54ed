"""A shelf: a place with named colormaps.  The catalogue looks names up on several shelves."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from ..colormap import Colormap

__all__ = ["CATEGORIES", "MINE", "Entry", "Failure", "Shelf", "category_of", "key_of"]

#: Namespaces of the user's own colormaps.
MINE = ("user", "local", "session")

#: The categories of colormaps by their use.
CATEGORIES = ("sequential", "diverging", "cyclic", "categorical", "miscellaneous", "mine")


@dataclass(frozen=True, slots=True)
class Entry:
    """The entry of a colormap in the catalogue.  The colormap itself need not have been read.

    Attributes
    ----------
    id : str
        ``namespace:name``; no two are equal.
    namespace, name : str
    category : str
        One of `CATEGORIES`; ``"mine"`` for the user's own of which nothing else is known.
    origin : str
        Where it is from, for people: ``"cmap"``, a file, a plugin.
    path : Path or None
        Its file, if it has one.
    title : str
        What people call it, if that is not its name.
    """

    id: str
    namespace: str
    name: str
    category: str
    origin: str
    path: Path | None = None
    title: str = ""

    @property
    def mine(self) -> bool:
        """Whether the user brought it along."""
        return self.namespace in MINE


class Failure(NamedTuple):
    """A file or a plugin that could not be read, and why, in one line."""

    path: str
    reason: str


class Shelf(ABC):
    """Some colormaps with names.  Any thread may call any method.

    The default methods are right for a shelf whose names never change and whose colormaps are all in memory.
    """

    @abstractmethod
    def entries(self) -> Sequence[Entry]:
        """Return all entries, without reading any colormap."""

    @abstractmethod
    def find(self, name: str) -> Entry | None:
        """Return the entry called `name`, with or without the namespace; capitals do not count."""

    @abstractmethod
    def load(self, entry: Entry) -> Colormap:
        """Return the colormap of one of `entries`, or raise `ColormapError`."""

    def held(self, entry: Entry) -> Colormap | None:
        """Return the colormap of an entry as it was last read, without looking at a file; None if it was never read."""
        return self.load(entry)

    def refresh(self) -> bool:
        """Look for changes; return whether there are any."""
        return False

    def look_inside(self) -> bool:
        """Read every file that was not read yet, so that all names and failures are known; return whether any was."""
        return False

    def failures(self) -> Sequence[Failure]:
        """Return the files that could not be read."""
        return ()


def key_of(name: str) -> str:
    """Return a name in the form in which names are compared: without blanks around it, in small letters."""
    return name.strip().casefold()


def category_of(colormap: Colormap) -> str:
    """Return the category that suits a colormap about which nothing else is said."""
    if colormap.cyclic:
        return "cyclic"
    if colormap.discrete is not None:
        return "categorical"
    return "sequential" if colormap.hinge is None else "diverging"
