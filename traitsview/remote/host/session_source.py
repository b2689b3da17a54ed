"""The source that a session has open: it is lent to those who use it, and goes back to the pool after the last one."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from ...errors import RequestError, TraitsviewError, source_failure
from ...sources.frame import Frame
from ...sources.image_source import ImageSource
from . import memory
from .access import Access
from .gathering import Gathering
from .source_pool import SourcePool

__all__ = ["SessionSource"]

logger = logging.getLogger(__name__)

#: The most failures of one session that are logged: a broken tile fails again whenever it is looked at.
_LOGGED_FAILURES = 10


class SessionSource:
    """The one source of a session, and the frames of it that the viewer may ask for.  Any thread may call any method.

    Parameters
    ----------
    pool : SourcePool
    access : Access
        Says which sources the viewer may open.
    """

    def __init__(self, pool: SourcePool, access: Access) -> None:
        self._pool = pool
        self._access = access
        self._changed = threading.Condition()
        self._source: ImageSource | None = None
        self._gathering: Gathering | None = None
        self._frames: dict[int, object] = {}
        self._users = 0
        self._failures = 0
        self._closed = False

    def open(self, text: str) -> Frame:
        """Open the source that `text` names, and return its newest frame.  It may take long.

        Raises
        ------
        RequestError
            If a source is open already, the session has ended, or the viewer may not open this source.
        TraitsviewError
            If the source cannot be opened.
        """
        source = self._access.take(self._pool, text)
        with self._changed:
            refused = self._source is not None or self._closed
            if not refused:
                self._source, self._gathering = source, self._pool.gathering_of(source)
        if refused:
            self._pool.give_back(source)
            raise RequestError("cannot open another source", "a session has one")
        frame = source.frame
        self._frames[frame.version] = source.hold(frame.version)
        return frame

    @contextmanager
    def borrowed(self) -> Iterator[ImageSource]:
        """Lend the open source, or raise `RequestError` if there is none.  It is not closed within the block.

        An exception from outside traitsview becomes `SourceUnreadable`, so that a faulty source does not end the
        contact.
        """
        with self._changed:
            source = self._source
            if source is None or self._closed:
                raise RequestError("cannot show anything", "no source is open")
            self._users += 1
        try:
            yield source
        except TraitsviewError:
            raise
        except BaseException as error:  # code from outside may raise anything
            self._failures += 1
            if self._failures <= _LOGGED_FAILURES:
                logger.exception("the source failed")
            raise source_failure(error) from error
        finally:
            with self._changed:
                self._users -= 1
                self._changed.notify_all()

    def wait_newer(self, version: int, timeout: float) -> Frame:
        """Return the newest frame, which is another one than `version` unless none came within `timeout` seconds.

        Both are kept until the next call: `version`, which the viewer shows, and the newest, which it will ask for.
        """
        with self.borrowed() as source:
            self._frames = {version: source.hold(version)}
            newest = source.wait_newer(version, timeout)
            self._frames[newest] = source.hold(newest)
            return source.frame

    @property
    def gathering(self) -> Gathering:
        """Those who look at the same source; raises `RequestError` if none is open."""
        if self._gathering is None:
            raise RequestError("cannot look with others", "no source is open")
        return self._gathering

    def close(self) -> Gathering | None:
        """Lend the source no more; return those who looked at it, if it was open.  Returns at once."""
        with self._changed:
            self._closed = True
            return self._gathering

    def give_back(self) -> None:
        """Give the source back when nobody uses it any more.  Called once, after `close` or instead of it."""
        with self._changed:
            self._closed = True
            self._changed.wait_for(lambda: self._users == 0)
        self._frames = {}
        if self._source is not None:
            self._pool.give_back(self._source)
            memory.give_back()
