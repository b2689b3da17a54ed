"""What the catalogue looks names up in: a shelf of colormaps that says what is on it and hands one out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Protocol

from ..colormap import Colormap

__all__ = ["CATEGORIES", "MINE", "Entry", "Failure", "Known", "Shelf", "category_of", "key_of"]

#: Namespaces of what is the user's own.
MINE = ("user", "local", "session")

#: What a colormap is for.
CATEGORIES = ("sequential", "diverging", "cyclic", "categorical", "miscellaneous", "mine")


@dataclass(frozen=True, slots=True)
class Entry:
    """A colormap of the catalogue, before anything but its name is known.

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
    """What could not be read, and why, in one line."""

    path: str
    reason: str


class Shelf(Protocol):
    """Some colormaps with names; any thread may use it."""

    def entries(self) -> Sequence[Entry]:
        """Return what is there, without reading any of it."""

    def find(self, name: str) -> Entry | None:
        """Return what is called `name`, with or without the namespace; capitals do not count."""

    def load(self, entry: Entry) -> Colormap:
        """Return one of `entries`, or raise `ColormapError`."""

    def held(self, entry: Entry) -> Colormap | None:
        """Return one of `entries` as it was when it was last read, and look at no file; None if it was not."""

    def refresh(self) -> bool:
        """Look again; return whether anything has changed."""

    def look_inside(self) -> bool:
        """Read what has to be read to know all names and failures; return whether any came to light."""

    def failures(self) -> Sequence[Failure]:
        """Return what could not be read."""


class Known(ABC):
    """The part of a `Shelf` that has nothing to look for: its names are known, and change by nobody's doing."""

    @abstractmethod
    def load(self, entry: Entry) -> Colormap:
        """Return one of the entries."""

    def held(self, entry: Entry) -> Colormap | None:
        """Return one of the entries, for which no file is looked at."""
        return self.load(entry)

    def refresh(self) -> bool:
        """Return False: there is nothing to look at."""
        return False

    def look_inside(self) -> bool:
        """Return False: all names are known."""
        return False

    def failures(self) -> Sequence[Failure]:
        """Return nothing."""
        return ()


def key_of(name: str) -> str:
    """Return what `name` and its other spellings have in common."""
    return name.strip().casefold()


def category_of(colormap: Colormap) -> str:
    """Return what a colormap seems to be for."""
    if colormap.cyclic:
        return "cyclic"
    if colormap.discrete is not None:
        return "categorical"
    return "sequential" if colormap.hinge is None else "diverging"
