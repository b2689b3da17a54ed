"""The sources that a host has open: each one is opened once for all viewers that look at it."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field

from ...errors import SourceUnsupported, TraitsviewError, quoted
from ...sources.address import parse_address
from ...sources.files.regular_file import identity_of
from ...sources.image_source import ImageSource
from ...sources.services.namespace import Variable
from ...sources.tiles.held_tiles import HeldTiles
from ...sources.tiles.tile_cache import TileCache

__all__ = ["KEPT_SECONDS", "SourcePool", "list_here", "list_nothing", "open_here"]

#: Seconds that a source stays open when nobody holds it any more: viewers that lost contact come back to it.
KEPT_SECONDS = 60.0


def open_here(text: str) -> ImageSource:
    """Return the source that `text` names on this machine."""
    from ...sources.registry import open_source

    return open_source(text)


def list_here(text: str) -> tuple[Variable, ...]:
    """Return what can be looked at on this machine at the address `text`."""
    from ...sources.listing import list_sources

    return list_sources(text)


def list_nothing(text: str) -> tuple[Variable, ...]:
    """Refuse to list anything, for servers that open only some files."""
    raise SourceUnsupported(f"cannot list {quoted(text)}", "this server lists nothing", "give a file")


@dataclass(eq=False)
class _PooledSource:
    """A source that is open or being opened, the number of its holders, and how long it stays open without any."""

    text: str
    opening: Future[ImageSource] = field(default_factory=Future)
    holders: int = 0
    until: float = 0.0

    @property
    def is_current(self) -> bool:
        """Whether the open source is still the one that its text names."""
        if not self.opening.done() or self.opening.exception() is not None:
            return True
        identity = self.opening.result().identity
        if not identity:
            return True
        try:
            return identity_of(os.stat(os.path.expanduser(parse_address(self.text).path))) == identity
        except (OSError, ValueError, TraitsviewError):
            return False


class SourcePool:
    """Opens each source once for all sessions, and closes it when no session has held it for a while.

    A source whose file was changed or replaced is opened anew for the sessions that ask for it afterwards.
    Any thread may call any method.

    Parameters
    ----------
    open_source : callable
        Makes an `ImageSource` of a text, or raises a `TraitsviewError`.
    keep : float
        Seconds that a source stays open when nobody holds it any more.
    tiles : HeldTiles, optional
        Keeps the tiles of all sources; they are not kept by default.
    list_sources : callable, optional
        Returns what is at an address, as `list_here` does; by default, nothing is listed.

    Attributes
    ----------
    list_sources : callable
    """

    def __init__(
        self,
        open_source: Callable[[str], ImageSource],
        keep: float = KEPT_SECONDS,
        tiles: HeldTiles | None = None,
        list_sources: Callable[[str], tuple[Variable, ...]] = list_nothing,
    ) -> None:
        self.list_sources = list_sources
        self._open_source = open_source
        self._keep = keep
        self._tiles = tiles
        self._changed = threading.Condition()
        self._current: dict[str, _PooledSource] = {}
        self._held: dict[int, _PooledSource] = {}
        self._sweeping = False
        self._closed = False

    def take(self, text: str) -> ImageSource:
        """Return the source of `text`; open it if it is not open.  Each `take` needs a `give_back`.

        If opening raises an error, this raises it too, and no `give_back` is needed.
        """
        entry, mine = self._entry_of(text)
        if mine:
            try:
                entry.opening.set_result(self._opened(text))
            except BaseException as error:
                entry.opening.set_exception(error)
        try:
            source = entry.opening.result()
        except BaseException:
            self._let_go(entry)
            raise
        with self._changed:
            self._held[id(source)] = entry
        return source

    def give_back(self, source: ImageSource) -> None:
        """Give back a source that was taken; it is closed some time after the last holder has given it back."""
        with self._changed:
            entry = self._held[id(source)]
        self._let_go(entry)

    def relieve(self) -> None:
        """Give memory back if there is little left of it."""
        if self._tiles is not None:
            self._tiles.relieve()

    def close(self) -> None:
        """Close all sources that nobody holds; each of the others is closed when its last holder gives it back."""
        with self._changed:
            self._closed = True
            idle = [entry for entry in self._current.values() if not entry.holders]
            for entry in idle:
                del self._current[entry.text]
            self._changed.notify_all()
        self._close(idle)

    def _entry_of(self, text: str) -> tuple[_PooledSource, bool]:
        """Return the entry of `text`, with one more holder, and whether it is new and has to be opened."""
        with self._changed:
            was = self._current.get(text)
        # Without the lock, because the file system may be slow.
        changed = was is not None and not was.is_current
        with self._changed:
            gone = []
            if was is not None and changed and self._current.get(text) is was:
                del self._current[text]
                gone = [] if was.holders else [was]
            entry = self._current.get(text)
            mine = entry is None
            if entry is None:
                entry = self._current[text] = _PooledSource(text)
            entry.holders += 1
        self._close(gone)
        return entry, mine

    def _opened(self, text: str) -> ImageSource:
        source = self._open_source(text)
        return source if self._tiles is None else TileCache(source, self._tiles)

    def _let_go(self, entry: _PooledSource) -> None:
        with self._changed:
            entry.holders -= 1
            if entry.holders:
                return
            current = self._current.get(entry.text) is entry
            if current and self._keep > 0 and not self._closed and entry.opening.exception() is None:
                entry.until = time.monotonic() + self._keep
                if not self._sweeping:
                    self._sweeping = True
                    threading.Thread(target=self._sweep, name="traitsview pool", daemon=True).start()
                return
            if current:
                del self._current[entry.text]
        self._close([entry])

    def _sweep(self) -> None:
        """Close each source that nobody has held for long enough, until there are none without a holder."""
        while True:
            with self._changed:
                idle = [entry for entry in self._current.values() if not entry.holders]
                if not idle:
                    self._sweeping = False
                    return
                now = time.monotonic()
                due = [entry for entry in idle if entry.until <= now]
                for entry in due:
                    del self._current[entry.text]
                if not due:
                    self._changed.wait(min(entry.until for entry in idle) - now)
            self._close(due)

    def _close(self, entries: list[_PooledSource]) -> None:
        for entry in entries:
            if entry.opening.exception() is None:
                source = entry.opening.result()
                with self._changed:
                    self._held.pop(id(source), None)
                source.close()
