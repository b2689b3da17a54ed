"""Keeps a viewer in contact with its host: notices a loss, says so, and comes back by itself."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from ..errors import HostError, HostGone, TraitsviewError
from ..sources.image_source import ImageInfo
from . import wire
from .inbox import Inbox
from .link import STALE, Link
from .service import LONGEST_WAIT

__all__ = ["Contact", "Host"]

logger = logging.getLogger(__name__)

#: Seconds between two signs of life.
HEARTBEAT = 1.0

#: Seconds between two tries to come back: the first and the longest.
FIRST_PAUSE, LONGEST_PAUSE = 0.25, 5.0

Told = Callable[[HostError | None], None]


class Host(Protocol):
    """Where a source is: something that can be reached again and again."""

    def reach(self) -> Link:
        """Return a new link, or raise `HostError`."""

    @property
    def last_words(self) -> str:
        """Why it is gone, as far as is known."""

    def close(self) -> None:
        """Let go of it."""


class Contact:
    """A link to a host with a source open there, made anew whenever it is lost.

    Any thread may call any method.  Two threads of its own do not keep the interpreter running.

    Parameters
    ----------
    host : Host
        Closed with this.
    text : str
        The source to open there.
    inbox : Inbox
        Where finished tiles go.

    Raises
    ------
    TraitsviewError
        What reaching the host and opening the source raise.
    """

    def __init__(self, host: Host, text: str, inbox: Inbox) -> None:
        self._host = host
        self._text = text
        self._inbox = inbox
        self._changed = threading.Condition()
        self._telling = threading.RLock()
        self._watchers: list[Told] = []
        self._link: Link | None = None
        self._error: HostError | None = None
        self._stale = False
        self._leaving = False
        self._closed = False
        self._since = 0.0
        self.info: ImageInfo
        try:
            self._begin()
        except BaseException:
            host.close()
            raise
        self._keeper = threading.Thread(target=self._keep, name="traitsview contact", daemon=True)
        self._keeper.start()

    def link(self, timeout: float = 0.0) -> Link:
        """Return the link; when it is lost wait for the next one, then raise `HostGone`."""
        with self._changed:
            self._changed.wait_for(lambda: self._link is not None or self._closed, timeout)
            if self._link is not None:
                return self._link
            error = self._error
        if error is None or self._closed:
            raise HostGone("the source is closed")
        raise type(error)(error.what, error.why, error.remedy)

    @property
    def closed(self) -> bool:
        """Whether it was closed."""
        return self._closed

    def watch(self, told: Told) -> None:
        """Have `told` called with the error when contact is lost and with None when it is back."""
        with self._changed:
            self._watchers.append(told)
            error = self._error
        if error is not None:
            told(error)

    def renew(self, version: int) -> None:
        """Note that the image has another version."""
        with self._changed:
            self.info = replace(self.info, version=max(version, self.info.version))

    def close(self) -> None:
        """End the contact and everything that waits for it."""
        with self._changed:
            self._closed = True
            link, self._link = self._link, None
            self._changed.notify_all()
        if link is not None:
            link.close()
        self._inbox.fail(HostGone("the source is closed"))
        self._host.close()

    def lose(self, link: Link, error: HostError) -> None:
        """Give up `link`, which failed with `error`, if nobody has done so yet."""
        with self._changed:
            if self._link is not link:
                return
            self._link = None
            self._leaving = True
            self._stale = False
            self._error = error
        # In this order: what is wished on the old link until it is closed fails, and a new link comes after all that.
        try:
            link.close()
            self._inbox.fail(error)
            words = self._host.last_words
            if words:
                error = HostGone("lost contact with the host", words)
            self._tell(error)
        finally:
            with self._changed:
                self._error = error
                self._leaving = False
                self._changed.notify_all()

    def _begin(self) -> None:
        """Make a link, open the source and begin to wait for tiles."""
        link = self._host.reach()
        try:
            with link.line() as line:
                answer = line.call("open", self._text, allowance=wire.INFO_BYTES)
                info = wire.unpack_info(answer, line.channel)
            self._compare(info)
        except BaseException:
            link.close()
            raise
        link.quiet = lambda seconds: self._quiet(link, seconds)
        with self._changed:
            closed = self._closed
            if not closed:
                self._link, self._error = link, None
                self.info = info
            self._since = time.monotonic()
            self._changed.notify_all()
        if closed:
            link.close()
        else:
            threading.Thread(target=self._receive, args=(link,), name="traitsview frames", daemon=True).start()

    def _compare(self, info: ImageInfo) -> None:
        """Refuse an image that is not the one that was there before."""
        was = getattr(self, "info", info)
        if (was.shape, was.dtype, was.kind, was.extent, was.planes) != (
            info.shape,
            info.dtype,
            info.kind,
            info.extent,
            info.planes,
        ):
            before, now = (f"{i.shape[0]} × {i.shape[1]} {i.dtype}" for i in (was, info))
            raise HostGone("the image is another one now", f"it was {before}, it is {now}", "open it again")

    def _receive(self, link: Link) -> None:
        """Wait for tiles until the link ends."""
        try:
            while True:
                answer = link.frames.call("next", LONGEST_WAIT, allowance=wire.BATCH_BYTES)
                self._inbox.accept(answer, link.frames.channel)
        except HostError as error:
            self.lose(link, error)
        except Exception as error:  # a hostile host must not end the thread in silence
            logger.exception("cannot receive tiles")
            self.lose(link, HostGone("lost contact with the host", type(error).__name__))

    def _keep(self) -> None:
        """Ask for a sign of life now and then; when there is none any more, come back."""
        tries = 0
        while True:
            pause = 0.0 if tries == 0 else min(FIRST_PAUSE * 2 ** (tries - 1), LONGEST_PAUSE)
            was = self._link
            link = self._next_link(was, pause if was is None else HEARTBEAT)
            if self._closed:
                return
            if link is None:
                tries += 1
                self._come_back()
            elif link is was:
                self._ask(link)
                if time.monotonic() - self._since > LONGEST_PAUSE:
                    tries = 0

    def _next_link(self, was: Link | None, wait: float) -> Link | None:
        """Wait, less if `was` is lost meanwhile; return the link then."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or (was is not None and self._link is not was), wait)
            self._changed.wait_for(lambda: self._closed or not self._leaving)
            return self._link

    def _ask(self, link: Link) -> None:
        try:
            link.control.call("ping")
        except HostError as error:
            self.lose(link, error)
        else:
            if self._stale:
                self._stale = False
                self._tell(None)

    def _come_back(self) -> None:
        """Try once to make a new link."""
        try:
            self._begin()
        except Exception as error:  # whatever it is, there is a next try
            if not isinstance(error, TraitsviewError):
                logger.exception("cannot come back")
            why = error if isinstance(error, HostError) else HostGone("lost contact with the host", str(error))
            with self._changed:
                news = str(why) != str(self._error)
                self._error = why
            if news:
                self._tell(why)
        else:
            self._tell(None)

    def _quiet(self, link: Link, seconds: float) -> None:
        if seconds >= STALE and not self._stale and self._link is link:
            self._stale = True
            self._tell(HostGone("the host does not answer", f"nothing for {seconds:.0f} s"))

    def _tell(self, error: HostError | None) -> None:
        """Tell the watchers, one piece of news after the other; that all is well only while it is."""
        with self._telling:
            if self._closed or (error is None and self._link is None):
                return
            for told in tuple(self._watchers):
                try:
                    told(error)
                except Exception:  # the code of others, which must not keep the contact from coming back
                    logger.exception("a watcher failed")
