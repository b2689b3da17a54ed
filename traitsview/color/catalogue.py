"""All colormaps, by name.

A name is looked up in these namespaces in this order; the first namespace that has the name wins:

==================  ================================================================
``session:``        colormaps that were opened or added since the start
``user:``           files in the user's folder
``local:``          files in the folders of ``$TRAITSVIEW_COLORMAP_PATH``
``traitsview:``     files that come with traitsview
*name of plugin*    entry points ``traitsview.colormaps``
``crameri:`` …      the collections of cmap
==================  ================================================================

A colormap of another namespace is found by its full name, ``namespace:name``.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from ..errors import ColormapError, quoted
from .colormap import Colormap
from .shelves.cmap_collections import CmapCollections
from .shelves.entry_points import shelves_of_plugins
from .shelves.file_in_folder import EXTENSIONS, distinct, stem_of
from .shelves.folder_paths import local_folders, shipped_folder, user_folder
from .shelves.folders import Folders
from .shelves.shelf import MINE, Entry, Failure, Shelf, key_of
from .shelves.sidecar import sidecar_of
from .shelves.values import Values

__all__ = ["MENU", "SHIPPED", "Catalogue", "Entry", "Failure", "catalogue", "colormap", "names_file", "nearest_names"]

#: The namespace of the files that come with traitsview.
SHIPPED = "traitsview"

#: The names that a menu offers: sequential, then diverging, then cyclic.
MENU = (
    "gray",
    "viridis",
    "magma",
    "inferno",
    "cividis",
    "crameri:batlow",
    "cubehelix",
    "hot",
    "turbo",
    "crameri:vik",
    "RdBu_r",
    "coolwarm",
    "twilight",
)


class Catalogue:
    """Colormaps by name, from all shelves.  Any thread may call any method.

    Nothing is imported and no folder is scanned before the first call.
    """

    def __init__(self) -> None:
        self._session = Values("session", "opened")
        self._local = Folders("local", local_folders)
        self._user = Folders("user", lambda: (user_folder(),))
        self._shipped = Folders(SHIPPED, lambda: (shipped_folder(),))
        self._cmap = CmapCollections()
        self._plugins: list[Shelf] | None = None
        self._failed_plugins: list[Failure] = []
        self._spelled: dict[str, tuple[Colormap, Colormap]] = {}
        self._last: dict[str, Colormap] = {}
        self._lock = threading.Lock()

    def entries(self) -> tuple[Entry, ...]:
        """Return all entries, in the order in which names are looked up, without reading a file."""
        return tuple(entry for shelf in self._shelves() for entry in shelf.entries())

    def get(self, name: str) -> Colormap:
        """Return the colormap of that name.

        Parameters
        ----------
        name : str
            ``"viridis"``, ``"crameri:batlow"``; capitals do not count.  ``_r`` at the end reverses the colours, and
            exchanges the under and the over colour.

        Raises
        ------
        ColormapError
            If the name is unknown (the message then has the nearest names), or the file cannot be read.
        """
        if not isinstance(name, str) or not name.strip():
            raise ColormapError(f"not the name of a colormap: {quoted(repr(name))}", "", "try 'viridis'")
        name = name.strip()
        # A file may have come meanwhile, and the maps of a file with several are known only once it has been read.
        for look_harder in (None, self.refresh, self.look_inside):
            if look_harder is None or look_harder():
                found = self._find(name)
                if found is not None:
                    shelf, entry, reverse = found
                    return self._given(name, entry, reverse, shelf.load(entry))
        if key_of(name) in self._last:
            raise ColormapError(f"cannot read {quoted(name)}", "it is not there any more", "choose another")
        near = nearest_names(name.removesuffix("_r"), (entry.id for entry in self.entries()))
        file = names_file(name)
        why = "it is no name in the catalogue, and a file is loaded with load_colormap()" if file else ""
        remedy = f"nearest: {', '.join(near)}" if near else "" if file else "try 'viridis'"
        raise ColormapError(f"unknown colormap {quoted(name)}", why, remedy)

    def held(self, name: str) -> Colormap:
        """Return the colormap of that name as it was last read, even if its file has changed or is gone since.

        No file is looked at, so that nobody waits for a disk.  A colormap that was never read is read, as by `get`.

        Raises
        ------
        ColormapError
            If it was never read, and is unknown or cannot be read.
        """
        found = self._find(name.strip()) if isinstance(name, str) and name.strip() else None
        if found is not None:
            shelf, entry, reverse = found
            base = shelf.held(entry)
            if base is not None:
                return self._given(name.strip(), entry, reverse, base)
        last = self._last.get(key_of(name)) if isinstance(name, str) else None
        return self.get(name) if last is None else last

    def entry(self, name: str) -> Entry | None:
        """Return the entry that `get` would use for a name, which may end in ``_r``; None if the name is unknown."""
        found = self._find(name.strip()) if isinstance(name, str) and name.strip() else None
        return found[1] if found is not None else None

    def add(self, colormap: Colormap) -> str:
        """Keep a colormap until the end of the process and return its id, ``session:name``.

        The same colormap again keeps its id.  Another colormap of that name becomes ``session:name (2)``.
        """
        return self._session.add(replace(colormap, name=colormap.name.rpartition(":")[2]))

    def add_file(
        self, path: str | os.PathLike[str], format: str | None = None, *, scale: str = "auto", columns: str = "auto"
    ) -> list[str]:
        """Keep the colormaps of a file, in place of those it had before, and return their ids.

        An argument wins over the same word in a ``name.toml`` beside the file.

        Parameters
        ----------
        path, format, scale, columns
            As for `load_colormaps`.

        Raises
        ------
        ColormapError
            If the file cannot be read.
        """
        place = Path(path).absolute()
        found = sidecar_of(place, format, scale, columns).load(place)
        return [self._session.add(each, place) for each in distinct(found, stem_of(place))]

    def refresh(self) -> bool:
        """Scan the folders again; return whether anything has changed."""
        return sum(shelf.refresh() for shelf in self._shelves()) > 0

    def look_inside(self) -> bool:
        """Read every file that was not read yet, so that `entries` and `failures` are complete.

        Returns whether any file was read.  This may take a while: the window calls it in a worker thread.
        """
        return sum(shelf.look_inside() for shelf in self._shelves()) > 0

    def failures(self) -> tuple[Failure, ...]:
        """Return the files and plugins that could not be read so far, and why."""
        found = [failure for shelf in self._shelves() for failure in shelf.failures()]
        return (*found, *self._failed_plugins)

    def folders(self) -> tuple[Path, ...]:
        """Return the folders of the user's files, which may not exist; the user's own folder is the first."""
        return (user_folder(), *local_folders())

    def _shelves(self) -> Iterator[Shelf]:
        """Yield the shelves in the order in which names are looked up.  A shelf is made when it is reached."""
        yield self._session
        yield self._user
        yield self._local
        yield self._shipped
        yield from self._shelves_of_plugins()
        yield self._cmap

    def _shelves_of_plugins(self) -> Sequence[Shelf]:
        with self._lock:
            if self._plugins is None:
                taken = _Taken(lambda: {SHIPPED, *MINE, *self._cmap.namespaces})
                self._plugins, self._failed_plugins = shelves_of_plugins(taken)
            return self._plugins

    def _find(self, name: str) -> tuple[Shelf, Entry, bool] | None:
        """Return the shelf and the entry of a name, and whether the name asks for reversed colours."""
        for shelf in self._shelves():
            entry = shelf.find(name)
            if entry is not None:
                return shelf, entry, False
            if name[-2:] in ("_r", "_R") and (entry := shelf.find(name[:-2])) is not None:
                return shelf, entry, True
        return None

    def _given(self, name: str, entry: Entry, reverse: bool, base: Colormap) -> Colormap:
        """Return a colormap under the name by which it was asked for; the same object each time."""
        plain = name[:-2] if reverse else name
        spelled = {key_of(entry.name): entry.name, key_of(entry.id): entry.id}.get(key_of(plain), plain)
        full = spelled + "_r" * reverse
        with self._lock:
            before = self._spelled.get(full)
            if before is not None and before[0] is base:
                given = before[1]
            else:
                given = base.reversed(full) if reverse else replace(base, name=full)
                self._spelled[full] = base, given
            self._last[key_of(name)] = given
            return given


def names_file(text: str) -> bool:
    """Whether a text looks like the name of a file: it has a slash, or the extension of a colormap format."""
    return "/" in text or os.path.splitext(text.removesuffix("_r"))[1].lower() in EXTENSIONS


class _Taken:
    """The namespaces that plugins may not use, found when they are first needed."""

    def __init__(self, names: Callable[[], set[str]]) -> None:
        self._names = names

    def __contains__(self, name: object) -> bool:
        return name in self._names()


@cache
def catalogue() -> Catalogue:
    """Return the catalogue of this process."""
    return Catalogue()


def colormap(name: str) -> Colormap:
    """Return the colormap of that name from the catalogue.

    Parameters
    ----------
    name : str
        ``"viridis"``, ``"crameri:batlow"``; ``_r`` at its end reverses the colours.

    Raises
    ------
    ColormapError
        If the name is unknown (the message then has the nearest names), or the file cannot be read.
    """
    return catalogue().get(name)


def nearest_names(name: str, names: Iterable[str], limit: int = 3) -> list[str]:
    """Return the `names` that are most like `name`, the best first."""
    known: dict[str, str] = {}
    for candidate in sorted(names, key=len):
        known.setdefault(candidate.lower().split(":")[-1], candidate)
        known.setdefault(candidate.lower(), candidate)
    close = get_close_matches(name.lower(), known, n=2 * limit, cutoff=0.7)
    return list(dict.fromkeys(known[match] for match in close))[:limit]
