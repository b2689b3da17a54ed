"""The collections of cmap: viridis, crameri:batlow, and hundreds of others."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from ..cmap_corrections import corrected
from ..colormap import Colormap, from_gradient
from .shelf import Entry, Shelf, key_of

if TYPE_CHECKING:
    from cmap import Colormap as Gradient

__all__ = ["CmapCollections"]

#: Categories that have another name in cmap: cmap's and ours.
_CATEGORIES = {"qualitative": "categorical"}


class CmapCollections(Shelf):
    """The colormaps that come with cmap, which is imported when the first is asked for."""

    def __init__(self) -> None:
        self._loaded: dict[str, Colormap] = {}
        self._making = threading.Lock()

    @cached_property
    def _gradient(self) -> type[Gradient]:
        from cmap import Colormap as Gradient

        return Gradient

    def entries(self) -> Sequence[Entry]:
        """Return all entries."""
        return self._entries

    @cached_property
    def _entries(self) -> tuple[Entry, ...]:
        return tuple(sorted(self._by_id.values(), key=lambda entry: key_of(entry.id)))

    @cached_property
    def _by_id(self) -> dict[str, Entry]:
        catalog = self._gradient.catalog()
        found = {}
        for id in catalog.unique_keys(prefer_short_names=False):
            namespace, _, name = id.partition(":")
            category = _category(catalog, id)
            found[key_of(catalog.resolve(id))] = Entry(id, namespace, name, category, "cmap")
        return found

    @property
    def namespaces(self) -> frozenset[str]:
        """All namespaces: the words before the colon."""
        return frozenset(entry.namespace for entry in self._entries)

    def find(self, name: str) -> Entry | None:
        """Return the entry of a name, which may be an alias of cmap."""
        try:
            return self._by_id.get(key_of(self._gradient.catalog().resolve(name)))
        except KeyError:
            return None

    def load(self, entry: Entry) -> Colormap:
        """Return the colormap of an entry."""
        with self._making:
            if entry.id not in self._loaded:
                # The full name: cmap logs a warning about short names that several collections share.
                self._loaded[entry.id] = from_gradient(entry.id, corrected(entry.id, self._gradient(entry.id)))
            return self._loaded[entry.id]


def _category(catalog: object, id: str) -> str:
    # An item of the catalogue would import the module that has its colours.
    data = catalog._data[id.lower()]  # type: ignore[attr-defined]
    word = str(data.get("category", "miscellaneous"))
    return _CATEGORIES.get(word, word)
