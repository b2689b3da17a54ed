"""A shelf of folders with colormap files.  Folders are scanned for names; a file is read when it is asked for."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ...errors import ColormapError, printable, quoted
from ..colormap import Colormap
from .file_in_folder import FileInFolder, files_in
from .shelf import MINE, Entry, Failure, Shelf, category_of, key_of

__all__ = ["Folders"]


@dataclass(frozen=True, slots=True)
class _Listed:
    """An entry, its file, and the number of its colormap in the file."""

    entry: Entry
    file: FileInFolder
    index: int | None
    inside: str


class Folders(Shelf):
    """The colormap files of some folders; those of the first folder come first.

    A file ``mine.cpt`` is named ``mine``, or ``mine.cpt`` if another file has that name.  If it holds several
    colormaps, they are ``mine/name``; before it has been read it is one entry, ``mine``.

    Parameters
    ----------
    namespace : str
    folders : callable
        Returns the folders; called at each `refresh`.
    """

    def __init__(self, namespace: str, folders: Callable[[], Sequence[Path]]) -> None:
        self._namespace = namespace
        self._folders = folders
        self._files: dict[Path, FileInFolder] | None = None
        self._listed: tuple[_Listed, ...] = ()
        self._found: dict[str, _Listed] = {}
        self._lock = threading.Lock()  # guards the four above; it is never held during file access
        self._scanning = threading.Lock()

    def entries(self) -> Sequence[Entry]:
        """Return all entries."""
        self._scan_once()
        with self._lock:
            return tuple(listed.entry for listed in self._listed)

    def find(self, name: str) -> Entry | None:
        """Return the entry called `name`, with or without the namespace, or by the name of its file."""
        key = key_of(name)
        self._scan_once()
        with self._lock:
            found = self._found.get(key) or self._found.get(key.removeprefix(f"{key_of(self._namespace)}:"))
        return found.entry if found is not None else None

    def load(self, entry: Entry) -> Colormap:
        """Return the colormap of an entry, from its file as it is now."""
        self._look_again_at(entry)
        with self._lock:
            listed = self._found.get(key_of(entry.name))
        if listed is None:
            raise ColormapError(f"cannot read {quoted(entry.id)}", "it is not there any more", "choose another")
        unknown = not listed.file.read
        maps = listed.file.load()
        if unknown:
            with self._lock:
                self._list()
        if listed.index is not None:
            return maps[listed.index]
        if len(maps) > 1:
            some = ", ".join(quoted(f"{self._namespace}:{each.name}") for each in maps[:3])
            more = " …" if len(maps) > 3 else ""
            name = printable(listed.file.path.name)
            raise ColormapError(name, f"it holds {len(maps)} colormaps", f"choose one: {some}{more}")
        return maps[0]

    def held(self, entry: Entry) -> Colormap | None:
        """Return the colormap of an entry if its file was read since the last scan, else None."""
        with self._lock:
            listed = self._found.get(key_of(entry.name))
            maps = () if listed is None else listed.file.colormaps
        if listed is None or not maps or (listed.index is None and len(maps) > 1):
            return None
        return maps[listed.index or 0]

    def _look_again_at(self, entry: Entry) -> None:
        """Scan the folders again if the file of an entry has changed."""
        path = entry.path
        if path is None:
            return
        self._scan_once()
        with self._lock:
            assert self._files is not None
            file = self._files.get(path)
        try:
            now = path.stat()
        except OSError:
            stamp: tuple[int, ...] = ()
        else:
            stamp = now.st_mtime_ns, now.st_size
        if file is None or file.stamp[:2] != stamp:
            self.refresh()

    def refresh(self) -> bool:
        """Scan the folders again; return whether a file came, went or changed."""
        with self._scanning:
            return self._scan()

    def look_inside(self) -> bool:
        """Read every file that was not read yet, so that all colormaps and all failures are known."""
        self._scan_once()
        with self._lock:
            assert self._files is not None
            waiting = [file for file in self._files.values() if not file.read]
        for file in waiting:
            try:
                file.load()
            except ColormapError:
                continue  # it is among the failures
        if waiting:
            with self._lock:
                self._list()
        return bool(waiting)

    def failures(self) -> Sequence[Failure]:
        """Return the files whose reading failed."""
        self._scan_once()
        with self._lock:
            files = self._files or {}
            return tuple(Failure(str(path), file.reason) for path, file in files.items() if file.reason)

    def _scan_once(self) -> None:
        if self._files is None:
            with self._scanning:
                if self._files is None:
                    self._scan()

    def _scan(self) -> bool:
        """Scan the folders; return whether anything has changed since the last scan.  For one thread at a time."""
        before = self._files or {}
        now: dict[Path, FileInFolder] = {}
        for folder in self._folders():
            for path, stamp in files_in(folder):
                old = before.get(path)
                now[path] = old if old is not None and old.stamp == stamp else FileInFolder(path, stamp)
        changed = self._files is not None and list(now.items()) != list(before.items())
        with self._lock:
            self._files = now
            self._list()
        return changed

    def _list(self) -> None:
        """Give a name to every file and every colormap that is known."""
        assert self._files is not None
        self._listed, self._found = (), {}
        listed: list[_Listed] = []
        for file in self._files.values():
            maps = file.colormaps
            # A file with several colormaps keeps its own name: who asks for it gets their names in an error.
            whole = self._named(file, None)
            inside = [self._named(file, index) for index in range(len(maps))] if len(maps) > 1 else []
            listed += inside or [whole]
            for one in (whole, *inside):
                self._found[key_of(one.entry.name)] = one
        # Other spellings, as long as nothing else has them.
        for one in listed:
            spellings = _names_of_file(one.file)[1:]
            if one.index is not None:
                inner = one.inside
                spellings = (inner[1:], *(each + inner for each in spellings))
            for each in spellings:
                self._found.setdefault(key_of(each), one)
        self._listed = tuple(listed)

    def _named(self, file: FileInFolder, index: int | None) -> _Listed:
        inside = "" if index is None else file.colormaps[index].name[len(file.stem) :]
        spellings = [each + inside for each in _names_of_file(file)]
        name = next((each for each in spellings if key_of(each) not in self._found), spellings[-1])
        entry = Entry(
            id=f"{self._namespace}:{name}",
            namespace=self._namespace,
            name=name,
            category=self._category(file, index or 0),
            origin=str(file.path),
            path=file.path,
            title=file.sidecar.title,
        )
        return _Listed(entry, file, index, inside)

    def _category(self, file: FileInFolder, index: int) -> str:
        if file.sidecar.category:
            return file.sidecar.category
        if self._namespace in MINE:
            return "mine"
        return category_of(file.colormaps[index]) if file.colormaps else "sequential"


def _names_of_file(file: FileInFolder) -> tuple[str, ...]:
    """Return the names that a file may have, the shortest first."""
    path = file.path
    longer = (path.name, f"{path.parent.name}/{path.name}", str(path))
    return (file.stem, *(printable(name).replace(":", "-") for name in longer))
