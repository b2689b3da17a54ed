"""Keeps a viewer in contact with its host: notices a loss, says so, and comes back by itself."""

from __future__ import annotations

import logging
import math
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from ...errors import HostEnding, HostError, HostGone, HostRefused, HostReplaced, HostStale, TraitsviewError
from ...sources.image_source import ImageInfo
from ...sources.link import STALE_SECONDS
from .. import wire
from ..protocol import hello
from .backoff import Backoff
from .inbox import Inbox
from .link import Link

__all__ = ["Contact", "Host"]

logger = logging.getLogger(__name__)

#: Seconds between two signs of life.
HEARTBEAT = 1.0

#: Seconds that a sign of life may take until the picture is called stale, and until the link is given up.  With the
#: time between two signs that makes less than 3 and 10 seconds since the host was last heard of.
STALE = STALE_SECONDS
LOST = 8.5

#: Minutes before the end of a host from which on it is said.
_SOON = 10

Told = Callable[[HostError | None], None]


class Host(Protocol):
    """Where a source is: something that can be reached again and again."""

    def reach(self, viewer: bytes) -> Link:
        """Return a new link of the viewer of that number, or raise `HostError`.

        While contact is lost nothing else is tried meanwhile, so it should not take longer than a few seconds.
        """

    def doubt(self) -> None:
        """Note that the link does not answer: see aside whether another way is quicker, and end the link if so.

        Called again every second for as long as that is so.  Returns at once.
        """

    @property
    def last_words(self) -> str:
        """Why it is gone, as far as is known."""

    def close(self) -> None:
        """Let go of it."""


class AnotherImage(HostGone):
    """What is at the same place now is another image."""


#: What trying again does not mend, or makes worse: a host that asks for a password locks out who fails too often.
_FINAL = (HostRefused, HostReplaced, AnotherImage)


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

    Attributes
    ----------
    info : ImageInfo
    busy : bool
        Whether the host said, with its last sign of life, that it is computing.

    Raises
    ------
    TraitsviewError
        What reaching the host and opening the source raise.
    """

    def __init__(self, host: Host, text: str, inbox: Inbox) -> None:
        self._host = host
        self._text = text
        self._inbox = inbox
        self._viewer = hello.new_viewer()
        self._changed = threading.Condition()
        self._telling = threading.RLock()
        self._watchers: list[Told] = []
        self._link: Link | None = None
        self._error: HostError | None = None
        self._stale: HostStale | None = None
        self._leaving = False
        self._closed = False
        self._hurry = False
        self._backoff = Backoff()
        self._brought = 0
        self._identity = ""
        self.busy = False
        self._minutes: int | None = None
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
        """Have `told` called with each piece of news, as `ImageSource.watch` says."""
        with self._changed:
            self._watchers.append(told)
            news = self._error or self._stale or self._ending
        if news is not None:
            told(news)

    def retry(self) -> None:
        """Try now to come back, if contact is lost.  Returns at once."""
        with self._changed:
            self._hurry = True
            self._changed.notify_all()

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
            self._hurry = False  # whoever wants it tried now says so after having heard of the loss
            self._stale = None
            if self._inbox.brought > self._brought:
                self._backoff.reset()  # it was of use, so a host does not fall over at once each time
            self._error = error
        if link.replaced:
            error = HostReplaced("the host has let go of us", hello.REPLACED)
        # In this order: what is wished on the old link until it is closed fails, and a new link comes after all that.
        try:
            link.close()
            words = self._host.last_words
            if words and not isinstance(error, HostReplaced):
                error = HostGone("lost contact with the host", words)
            if not isinstance(error, _FINAL):
                error = _with_remedy(error, "trying again")
            self._inbox.fail(error)
            self._tell(error)
        finally:
            with self._changed:
                self._error = error
                self._leaving = False
                self._changed.notify_all()

    # ---- making a link ----------------------------------------------------

    def _begin(self) -> None:
        """Make a link and open the source, minding meanwhile whether the host is there."""
        link = self._host.reach(self._viewer)
        opening = _Opening()
        link.quiet = lambda seconds: self._heard_nothing(link, seconds)
        threading.Thread(target=self._follow, args=(link, opening), name="traitsview frames", daemon=True).start()
        try:
            while not opening.done.wait(HEARTBEAT):
                self._ask(link)
        except HostError:
            link.close()  # which ends the opening
            opening.done.wait()
            if opening.error is None:
                raise
        error = opening.error
        if type(error) is HostGone and not hasattr(self, "info") and (words := self._host.last_words):
            raise HostGone(error.what, words) from error  # later ones have it said by `lose`
        if error is not None:
            raise error

    def _follow(self, link: Link, opening: _Opening) -> None:
        """Open the source and wait for its tiles until the link ends."""
        try:
            info, identity = self._open(link)
            with self._changed:
                if self._closed:
                    raise HostGone("the source is closed")
                self._link, self._error, self._stale = link, None, None
                self.info, self._identity = info, identity
                self._brought = self._inbox.brought
                self._changed.notify_all()
        except BaseException as error:
            link.close()
            opening.error = error
            return
        finally:
            opening.done.set()
        self._receive(link)

    def _open(self, link: Link) -> tuple[ImageInfo, str]:
        with link.line() as line:
            answer = line.call("open", wire.pack_source(self._text), allowance=wire.INFO_BYTES)
            info, identity = wire.unpack_opened(answer, line.channel)
        was = getattr(self, "info", None)
        if was is not None:
            _require_same(was, self._identity, info, identity)
        return info, identity

    def _receive(self, link: Link) -> None:
        """Wait for tiles until the link ends."""
        try:
            link.receive(self._inbox)
        except HostError as error:
            self.lose(link, error)
        except Exception as error:  # a hostile host must not end the thread in silence
            logger.exception("cannot receive tiles")
            self.lose(link, HostGone("lost contact with the host", type(error).__name__))

    # ---- keeping it ---------------------------------------------------------

    def _keep(self) -> None:
        """Ask for a sign of life now and then; when there is none any more, come back."""
        while not self._closed:
            with self._changed:
                self._changed.wait_for(lambda: not self._leaving)
                link = self._link
            if link is None:
                self._wait_for_turn()
                if not self._closed:
                    self._come_back()
                continue
            self._ask_current(link)
            self._rest(link)

    def _rest(self, link: Link) -> None:
        """Wait until the next sign of life is due, or `link` is lost."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._link is not link, HEARTBEAT)

    def _ask(self, link: Link) -> None:
        """Wait for a sign of life; raises `HostError` if there is none."""
        self.busy = link.ping()
        minutes = None if link.ends_in is None else math.ceil(link.ends_in / 60)
        if minutes != self._minutes:
            self._minutes = minutes
            self._warn()

    def _ask_current(self, link: Link) -> None:
        try:
            self._ask(link)
        except HostError as error:
            self.lose(link, error)
            return
        if self._stale is not None:
            self._stale = None
            self._tell(None)
            self._warn()

    def _warn(self) -> None:
        """Say that the host ends soon, if it does."""
        if (ending := self._ending) is not None and self._stale is None:
            self._tell(ending)

    @property
    def _ending(self) -> HostEnding | None:
        minutes = self._minutes
        if minutes is None or minutes > _SOON:
            return None
        left = f"{minutes} min" if minutes > 1 else "less than 1 min"
        return HostEnding("the host ends soon", f"its time is over in {left}", minutes=minutes)

    def _heard_nothing(self, link: Link, seconds: float) -> None:
        """Take note that a sign of life of `link` is `seconds` late."""
        if seconds >= LOST:
            error = HostGone("lost contact with the host", f"it has said nothing for {seconds + HEARTBEAT:.0f} s")
            if self._link is link:
                self.lose(link, error)
            link.close()
        elif seconds >= STALE and self._link is link:
            late = seconds if self._stale is None else seconds - self._stale.seconds
            if late >= HEARTBEAT:
                self._stale = HostStale(
                    "the host does not answer", f"nothing for {seconds:.0f} s", "waiting for it", seconds=seconds
                )
                self._tell(self._stale)
                self._host.doubt()

    # ---- coming back --------------------------------------------------------

    def _wait_for_turn(self) -> None:
        """Wait until the next try is due or wanted; for ever after an error that trying again does not mend."""
        final = isinstance(self._error, _FINAL)
        wait = None if final else self._backoff.wait(time.monotonic())
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._hurry, wait)
            self._hurry = False

    def _come_back(self) -> None:
        """Try once to make a new link, and say how that went."""
        self._backoff.begin(time.monotonic())
        try:
            self._begin()
        except Exception as error:  # whatever it is, there is a next try
            if not isinstance(error, TraitsviewError):
                logger.exception("cannot come back")
            if self._closed:
                return
            why = error if isinstance(error, HostError) else HostGone("lost contact with the host", str(error))
            if not isinstance(why, _FINAL):
                wait = self._backoff.wait(time.monotonic())
                when = f"in {wait:.1f} s" if wait >= 0.05 else "now"
                why = _with_remedy(why, f"try {self._backoff.tries + 1} {when}")
            with self._changed:
                self._error = why
            self._tell(why)
        else:
            self._tell(None)
            self._minutes = None

    def _tell(self, news: HostError | None) -> None:
        """Tell the watchers, one piece of news after the other; that all is well only while it is."""
        with self._telling:
            if self._closed or (news is None and self._link is None):
                return
            for told in tuple(self._watchers):
                try:
                    told(news)
                except Exception:  # the code of others, which must not keep the contact from coming back
                    logger.exception("a watcher failed")


class _Opening:
    """Whether a source is open, or why not."""

    def __init__(self) -> None:
        self.done = threading.Event()
        self.error: BaseException | None = None


def _require_same(was: ImageInfo, identity: str, now: ImageInfo, found: str) -> None:
    """Refuse an image that is not the one that was there before: its tiles would be mixed with the old ones."""
    if any(getattr(was, name) != getattr(now, name) for name in ("shape", "dtype", "kind", "extent", "planes")):
        before, after = (f"{i.shape[0]} × {i.shape[1]} {i.dtype}" for i in (was, now))
        raise AnotherImage("the image is another one now", f"it was {before}, it is {after}", "open it again")
    if identity and found and identity != found:
        raise AnotherImage("the image is another one now", "its file has changed", "open it again")


def _with_remedy(error: HostError, remedy: str) -> HostError:
    """Return `error` with what is done about it."""
    if isinstance(error, HostStale):
        return HostGone(error.what, error.why, remedy)
    return type(error)(error.what, error.why, remedy)
