"""A shelf of colormaps in memory: those of this session, or those of a plugin."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from ..colormap import Colormap
from .shelf import MINE, Entry, Shelf, category_of, key_of

__all__ = ["Values"]


class Values(Shelf):
    """Colormaps in memory, by name.

    Parameters
    ----------
    namespace : str
    origin : str
        Where they come from, for people.
    colormaps : iterable of Colormap
        The colormaps at the beginning.
    """

    def __init__(self, namespace: str, origin: str, colormaps: Iterable[Colormap] = ()) -> None:
        self._namespace = namespace
        self._origin = origin
        self._held: dict[str, tuple[Entry, Colormap]] = {}
        self._lock = threading.Lock()
        for each in colormaps:
            self.add(each)

    def add(self, colormap: Colormap, path: Path | None = None) -> str:
        """Put a colormap there and return its id.

        The same colormap again keeps its id.  Another colormap of that name is kept, too, as ``name (2)``.  If both are
        from the same file, it was read again, and the new colormap takes the place of the old.
        """
        with self._lock:
            name = plain = colormap.name.strip() or "colormap"
            number = 1
            while (held := self._held.get(key_of(name))) is not None:
                entry, old = held
                if replace(old, name=colormap.name) == colormap or (path is not None and entry.path == path):
                    break
                number += 1
                name = f"{plain} ({number})"
            category = "mine" if self._namespace in MINE else category_of(colormap)
            origin = self._origin if path is None else str(path)
            entry = Entry(f"{self._namespace}:{name}", self._namespace, name, category, origin, path)
            self._held[key_of(name)] = entry, replace(colormap, name=name)
            return entry.id

    def entries(self) -> Sequence[Entry]:
        """Return all entries."""
        with self._lock:
            return tuple(entry for entry, _ in self._held.values())

    def find(self, name: str) -> Entry | None:
        """Return the entry called `name`, with or without the namespace."""
        key = key_of(name)
        with self._lock:
            held = self._held.get(key) or self._held.get(key.removeprefix(f"{key_of(self._namespace)}:"))
        return held[0] if held is not None else None

    def load(self, entry: Entry) -> Colormap:
        """Return the colormap of an entry."""
        with self._lock:
            return self._held[key_of(entry.name)][1]
