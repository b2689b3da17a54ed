"""The work of a host for one viewer: it renders the newest wish and answers questions."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np

from ...errors import TraitsviewError, source_failure
from ...sources.services.namespace import Variable
from ..protocol.codec import prepare
from ..protocol.coder import AT_ONCE, Coder, Speeds, is_worth_while
from ..share import ShareDesk
from ..wire import Batch, Chunk, as_pairs
from .access import OWNER, Access
from .gathering import Member
from .outgoing import Finished, NumberedWish, OutgoingTile
from .session_source import SessionSource
from .source_pool import SourcePool

__all__ = ["OUTBOX_BYTES", "Session"]

#: The most bytes of finished tiles that wait for the viewer.  When there are more, the renderer waits.
OUTBOX_BYTES = 1 << 25

#: A batch with less room left than this does not take the beginning of another tile.
_SMALLEST_CHUNK_BYTES = 1 << 12


class Session:
    """Renders the newest wish of one viewer, in a thread of its own.

    `wish`, `cancel` and `fail` return at once.  Any thread may call any method.

    Attributes
    ----------
    coder, sample_coder : Coder
        The coders of pixels and of samples.  There are two because pixels and samples compress differently.
    access : Access
        What the viewer may do.
    source : SessionSource
        The source that is open.
    member : Member
        The session, for those who look at the same source.
    desk : ShareDesk or None
        Makes shares, if the host can.
    """

    def __init__(self, pool: SourcePool, access: Access = OWNER, desk: ShareDesk | None = None) -> None:
        self._pool = pool
        self.access = access
        self.source = SessionSource(pool, access)
        self.desk = desk
        self.member = Member(access.guest, lambda: self._closed)
        self._changed = threading.Condition()
        self._sending = threading.Lock()
        self._wish = NumberedWish(0)
        self._begun = self._wish
        self._outbox: deque[Finished] = deque()
        self._waiting_bytes = 0
        self._outgoing: OutgoingTile | None = None
        self._end: Batch | None = None
        self._questions: set[int] = set()
        self._busy = False
        self._closed = False
        self.coder = Coder()
        self.sample_coder = Coder()
        self._speeds = AT_ONCE
        self._worker = threading.Thread(target=self._work, name="traitsview session", daemon=True)
        self._worker.start()

    def listed(self, text: str) -> tuple[Variable, ...]:
        """Return what can be looked at here at the address `text`; nothing need be open."""
        try:
            return self._pool.list_sources(text)
        except TraitsviewError:
            raise
        except BaseException as error:  # code from outside may raise anything
            raise source_failure(error) from error

    def wish(self, wish: NumberedWish) -> None:
        """Render `wish` in place of the wish before it."""
        with self._changed:
            if wish.sequence <= self._wish.sequence:
                return
            self._wish = wish
            self._outbox.clear()
            self._waiting_bytes = 0
            self._end = None
            self._changed.notify_all()

    def cancel(self, sequence: int) -> None:
        """Stop rendering the wish number `sequence`, if it is still the newest."""
        if sequence == self._wish.sequence:
            self.wish(NumberedWish(sequence + 1))

    def fail(self, sequence: int, error: TraitsviewError) -> None:
        """Answer the wish number `sequence` with an error, because the wish cannot be understood."""
        wish = NumberedWish(sequence)
        self.wish(wish)
        self._finish(wish, error)

    @contextmanager
    def asked(self, number: int) -> Iterator[Callable[[], bool]]:
        """Lend a function that says whether the viewer has forgotten the question `number`.

        The question is answered within the block.
        """
        with self._changed:
            self._questions.add(number)
        try:
            yield lambda: self._closed or number not in self._questions
        finally:
            with self._changed:
                self._questions.discard(number)

    def forget(self, number: int) -> None:
        """Stop answering the question number `number`."""
        with self._changed:
            self._questions.discard(number)

    def next(self, timeout: float, limit: int) -> Batch:
        """Return the chunks that are ready, at most `limit` bytes.

        If none is ready it waits for at most `timeout` seconds.  After that the batch is empty.
        """
        end = time.monotonic() + timeout
        with self._sending:
            outgoing, self._outgoing = self._outgoing, None
            wish = self._wish
            chunks: list[Chunk] = []
            size = 0
            while not chunks or limit - size >= _SMALLEST_CHUNK_BYTES:
                if outgoing is None or outgoing.finished.wish is not wish:
                    finished = self._take(0.0 if chunks else end - time.monotonic())
                    if finished is None:
                        break
                    outgoing = OutgoingTile(finished, *self.coder.encode(finished.pixels, self.speeds))
                    if chunks and finished.wish is not wish:
                        break  # the next batch begins with it
                    wish = finished.wish
                chunks.append(outgoing.cut(limit - size))
                size += chunks[-1].data.size
                if outgoing.is_gone:
                    outgoing = None
            self._outgoing = outgoing
            return self._batch(wish, chunks)

    def _take(self, timeout: float) -> Finished | None:
        """Take a finished tile from the outbox; None if the wish ends, or `timeout` seconds pass, without one."""
        with self._changed:
            self._changed.wait_for(lambda: self._outbox or self._end or self._closed, timeout)
            if not self._outbox:
                return None
            finished = self._outbox.popleft()
            self._waiting_bytes -= finished.pixels.nbytes
            self._changed.notify_all()
            return finished

    def _batch(self, wish: NumberedWish, chunks: list[Chunk]) -> Batch:
        with self._changed:
            if chunks and wish is not self._wish:
                return Batch(wish.sequence, tuple(chunks))
            backlog = bool(self._outbox) or self._outgoing is not None
            end = None
            if not backlog:
                end, self._end = self._end, None
            error = end.error if end else None
            return Batch(self._wish.sequence, tuple(chunks), backlog, end is not None, error)

    @property
    def speeds(self) -> Speeds:
        """The speeds that the viewer has measured."""
        return self._speeds

    @speeds.setter
    def speeds(self, speeds: Speeds) -> None:
        self._speeds = speeds
        if is_worth_while(speeds):
            prepare()

    @property
    def busy(self) -> bool:
        """Whether the session is rendering."""
        return self._busy

    def close(self) -> None:
        """Stop between two tiles and let go of the source.  Returns at once."""
        with self._changed:
            self._closed = True
            # Another wish, under the same number: the viewer refuses numbers that it has not given.
            self._wish = NumberedWish(self._wish.sequence)
            self._outbox.clear()
            self._changed.notify_all()
        gathering = self.source.close()
        if gathering is not None:
            gathering.leave(self.member)

    def _work(self) -> None:
        while (wish := self._next_wish()) is not None:
            if not wish.stages:
                continue
            self._busy = True
            try:
                self._render(wish)
                self._finish(wish, None)
            except TraitsviewError as error:
                self._finish(wish, error)
            finally:
                self._busy = False
        self.source.give_back()

    def _next_wish(self) -> NumberedWish | None:
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._wish is not self._begun)
            self._begun = self._wish
            return None if self._closed else self._wish

    def _render(self, wish: NumberedWish) -> None:
        def stale() -> bool:
            return self._wish is not wish

        with self.source.borrowed() as source:
            for number, stage in enumerate(wish.stages):
                # Only pixels of scalar images have an index in a table of colours.
                indexing = stage.indexing if source.info.kind == "scalar" else None
                for tile, pixels in source.render_tiles(stage.tiles, wish.picture, stale):
                    sent = as_pairs(pixels) if indexing is None else indexing.indices(pixels)
                    sent = np.ascontiguousarray(sent, sent.dtype.newbyteorder("<"))
                    if not self._put(Finished(wish, number, tile, sent, indexing is not None)):
                        return

    def _put(self, finished: Finished) -> bool:
        """Put a tile into the outbox when there is room; return False, without doing so, if a newer wish has come."""
        wish = finished.wish
        with self._changed:
            self._changed.wait_for(lambda: self._wish is not wish or self._waiting_bytes < OUTBOX_BYTES)
            if self._wish is not wish:
                return False
            self._outbox.append(finished)
            self._waiting_bytes += finished.pixels.nbytes
            self._changed.notify_all()
            return True

    def _finish(self, wish: NumberedWish, error: TraitsviewError | None) -> None:
        with self._changed:
            if self._wish is wish:
                self._end = Batch(wish.sequence, done=True, error=error)
                self._changed.notify_all()
