"""What a host does for one viewer: render the newest wish, and keep nothing else."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from ..errors import HostError, RequestError, TraitsviewError
from ..geometry import Viewport
from ..sources.image_source import ImageInfo, ImageSource, Plane
from .shelf import Shelf

__all__ = ["Batch", "Session", "Want"]

logger = logging.getLogger(__name__)

#: Bytes of finished tiles that wait for the viewer; the renderer waits beyond.
OUTBOX_BYTES = 1 << 25


# Failures of one session that are logged: a broken tile fails again whenever it is looked at.
_LOGGED = 10


@dataclass(frozen=True, slots=True, eq=False)
class Want:
    """What a viewer wants to see: tiles of one grid; `sequence` counts its wishes up."""

    sequence: int
    tiles: tuple[Viewport, ...] = ()
    plane: Plane | None = None
    reduction: str = "mean"


@dataclass(frozen=True, slots=True)
class Batch:
    """Finished tiles of the want number `sequence`; `done` with the last of them, or with an error."""

    sequence: int
    tiles: tuple[tuple[Viewport, np.ndarray], ...] = ()
    done: bool = False
    error: TraitsviewError | None = None


class Session:
    """Renders what one viewer wants, the newest want only, in a thread of its own.

    `want`, `cancel` and `fail` return at once.  Any thread may call any method.
    """

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._changed = threading.Condition()
        self._text: str | None = None
        self._source: ImageSource | None = None
        self._want = Want(0)
        self._begun = self._want
        self._outbox: list[tuple[Viewport, np.ndarray]] = []
        self._waiting_bytes = 0
        self._end: Batch | None = None
        self._users = 0
        self._failures = 0
        self._busy = False
        self._closed = False
        self._worker = threading.Thread(target=self._work, name="traitsview session", daemon=True)
        self._worker.start()

    @contextmanager
    def lent(self) -> Iterator[ImageSource]:
        """Lend the source that is open, which is not closed meanwhile; `RequestError` if there is none."""
        with self._changed:
            source = self._source
            if source is None or self._closed:
                raise RequestError("cannot show anything", "no source is open")
            self._users += 1
        try:
            yield source
        finally:
            with self._changed:
                self._users -= 1
                self._changed.notify_all()

    def open(self, text: str) -> ImageInfo:
        """Open the source that `text` names, once in the life of a session; takes its time."""
        source = self._shelf.take(text)
        with self._changed:
            refused = self._source is not None or self._closed
            if not refused:
                self._text, self._source = text, source
        if refused:
            self._shelf.give_back(text)
            raise RequestError("cannot open another source", "a session has one")
        return source.info

    def want(self, want: Want) -> None:
        """Render `want` and forget whatever was wanted before."""
        with self._changed:
            if want.sequence <= self._want.sequence:
                return
            self._want = want
            self._outbox.clear()
            self._waiting_bytes = 0
            self._end = None
            self._changed.notify_all()

    def cancel(self, sequence: int) -> None:
        """Stop rendering the want number `sequence`, if it is still the newest."""
        if sequence == self._want.sequence:
            self.want(Want(sequence + 1))

    def fail(self, sequence: int, error: TraitsviewError) -> None:
        """Answer the want number `sequence`, which cannot be understood, with an error."""
        want = Want(sequence)
        self.want(want)
        self._finish(want, error)

    def next(self, timeout: float, limit: int) -> Batch:
        """Return the tiles that are ready, at most `limit` bytes of them.

        Waits for one at most `timeout` seconds; the batch is empty then.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._outbox or self._end or self._closed, timeout)
            tiles: list[tuple[Viewport, np.ndarray]] = []
            size = 0
            while self._outbox and (not tiles or size + self._outbox[0][1].nbytes <= limit):
                tiles.append(self._outbox.pop(0))
                size += tiles[-1][1].nbytes
            self._waiting_bytes -= size
            self._changed.notify_all()
            end = None
            if not self._outbox:
                end, self._end = self._end, None
            return Batch(self._want.sequence, tuple(tiles), end is not None, end.error if end else None)

    @property
    def busy(self) -> bool:
        """Whether it is rendering."""
        return self._busy

    def close(self) -> None:
        """Stop between two tiles and let go of the source.  Returns at once."""
        with self._changed:
            self._closed = True
            self._want = Want(self._want.sequence + 1)
            self._outbox.clear()
            self._changed.notify_all()

    def _work(self) -> None:
        while (want := self._next_want()) is not None:
            if not want.tiles:
                continue
            self._busy = True
            try:
                self._render(want)
                self._finish(want, None)
            except TraitsviewError as error:
                self._finish(want, error)
            except Exception as error:  # the code of others, which may raise anything
                self._failures += 1
                if self._failures <= _LOGGED:
                    logger.exception("rendering failed")
                self._finish(want, HostError("cannot render", f"{type(error).__name__}: {error}"))
            finally:
                self._busy = False
        with self._changed:
            self._changed.wait_for(lambda: self._users == 0)
        if self._text is not None:
            self._shelf.give_back(self._text)

    def _next_want(self) -> Want | None:
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._want is not self._begun)
            self._begun = self._want
            return None if self._closed else self._want

    def _render(self, want: Want) -> None:
        def stale() -> bool:
            return self._want is not want

        with self.lent() as source:
            for tile, pixels in source.render_tiles(want.tiles, want.plane, want.reduction, stale):
                if not self._put(want, tile, pixels):
                    return

    def _put(self, want: Want, tile: Viewport, pixels: np.ndarray) -> bool:
        """Lay a tile out for the viewer, when there is room; return whether it is still wanted."""
        with self._changed:
            self._changed.wait_for(lambda: self._want is not want or self._waiting_bytes < OUTBOX_BYTES)
            if self._want is not want:
                return False
            self._outbox.append((tile, pixels))
            self._waiting_bytes += pixels.nbytes
            self._changed.notify_all()
            return True

    def _finish(self, want: Want, error: TraitsviewError | None) -> None:
        with self._changed:
            if self._want is want:
                self._end = Batch(want.sequence, done=True, error=error)
                self._changed.notify_all()
