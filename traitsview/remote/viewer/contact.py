"""Keeps a viewer in contact with its host: notices that the link is lost, tells it, and makes a new link."""

from __future__ import annotations

import logging
import threading
import time

from ...errors import HostError, HostGone, HostRefused, HostReplaced, HostStale, TraitsviewError
from ...sources.frame import Frame
from ...sources.source_link import STALE_SECONDS
from ..awaited_step import AwaitedStep
from ..protocol import hello
from .backoff import Backoff
from .inbox import Inbox
from .joining import AnotherImage, Joining, opened, require_same
from .link import Link
from .news import Listener, News
from .route import Route

__all__ = ["Contact"]

logger = logging.getLogger(__name__)

#: Seconds between two questions for a sign of life.
HEARTBEAT_SECONDS = 1.0

#: Seconds after which the link is given up for want of a sign of life.  Since the last sign of life these are less than
#: 10 seconds, with the time between two questions; the picture is stale after less than 3, see `STALE_SECONDS`.
LOST_SECONDS = 8.5

#: Errors after which there is no other try: it would fail too, or, where a password is asked for, lock the user out.
_FINAL = (HostRefused, HostReplaced, AnotherImage)


class Contact:
    """A link to a host that has a source open; a new link is made whenever it is lost.

    Any thread may call any method.  Its two threads do not keep the interpreter running.

    Parameters
    ----------
    route : Route
        The way to the host; closed with this.
    inbox : Inbox
        Takes the finished tiles.

    Attributes
    ----------
    frame : Frame
        The newest frame that is known.
    busy : bool
        Whether the host is computing, by its last sign of life.

    Raises
    ------
    TraitsviewError
        If the host cannot be reached or the source cannot be opened.
    """

    def __init__(self, route: Route, inbox: Inbox) -> None:
        self._route = route
        self._inbox = inbox
        self._viewer = hello.new_viewer()
        self._changed = threading.Condition()
        self._news = News(self._holds)
        self._link: Link | None = None
        self._error: HostError | None = None
        self._leaving = False
        self._closed = False
        self._hurry = False
        self._backoff = Backoff()
        self._brought = 0
        self._identity: str | None = None  # until a source is open
        self.busy = False
        self.frame: Frame
        try:
            self._begin()
        except BaseException:
            route.close()
            raise
        self._keeper = threading.Thread(target=self._keep, name="traitsview contact", daemon=True)
        self._keeper.start()
        route.call_on_change(self.retry)

    def link(self, timeout: float = 0.0) -> Link:
        """Return the link; if it is lost, wait `timeout` seconds for the next one, then raise the `HostError`."""
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
        """Whether `close` was called."""
        return self._closed

    def watch(self, listener: Listener) -> None:
        """Have `listener` called with each piece of news, as `ImageSource.watch` says."""
        with self._changed:
            self._news.add(listener)
            news = self._error or self._news.stale or self._news.ending
        if news is not None:
            listener(news)

    def retry(self) -> None:
        """Try now to come back, if contact is lost.  Returns at once."""
        with self._changed:
            self._hurry = True
            self._changed.notify_all()

    def renew(self, frame: Frame, link: Link) -> None:
        """Note the newest frame, as it came through a link; one of an earlier link is no news."""
        with self._changed:
            if self._link is link:
                self.frame = frame

    def close(self) -> None:
        """End the contact; everybody who waits for it gets `HostGone`."""
        with self._changed:
            self._closed = True
            link, self._link = self._link, None
            self._changed.notify_all()
        if link is not None:
            link.close()
        self._inbox.fail(HostGone("the source is closed"))
        self._route.close()

    def lose(self, link: Link, error: HostError) -> None:
        """Give up `link`, which failed with `error`, unless another thread has done so."""
        with self._changed:
            if self._link is not link:
                return
            self._link = None
            self._leaving = True
            self._hurry = False  # only a `retry` after the news of the loss counts
            self._news.stale = None
            if self._inbox.brought > self._brought:
                self._backoff.reset()  # the link has brought tiles: the host does not crash at once each time
            self._error = error
        if link.replaced:
            error = HostReplaced("the host has let go of us", hello.REPLACED)
        # In this order: first all wishes on the old link fail, and only then a new link is made.
        try:
            link.close()
            words = self._route.last_words
            if words and not isinstance(error, HostReplaced):
                error = HostGone("lost contact with the host", words)
            if not isinstance(error, _FINAL):
                error = _with_remedy(error, "trying again")
            self._inbox.fail(error)
            self._news.tell(error)
        finally:
            with self._changed:
                self._error = error
                self._leaving = False
                self._changed.notify_all()

    # ---- making a link ----------------------------------------------------

    def _begin(self) -> None:
        """Make a link and open the source; meanwhile ask the host for signs of life."""
        link = self._route.reach(self._viewer)
        link.quiet = lambda seconds: self._heard_nothing(link, seconds)
        first = self._identity is None
        step = AwaitedStep()
        if first and self._route.opening_words:
            step.begin(self._route.opening_words)
        try:
            error = Joining(link, self._open, self._receive).wait(self._ask, HEARTBEAT_SECONDS)
        finally:
            step.end()
        if type(error) is HostGone and first and (words := self._route.last_words):
            raise HostGone(error.what, words) from error  # for later links `lose` does so
        if error is not None:
            raise error

    def _open(self, link: Link) -> None:
        """Open the source through `link`, and use this link from now on."""
        frame, identity = opened(link, self._route.text_there)
        if self._identity is not None:
            require_same(self.frame.info, self._identity, frame.info, identity)
        with self._changed:
            if self._closed:
                raise HostGone("the source is closed")
            self._link, self._error, self._news.stale = link, None, None
            self.frame, self._identity = frame, identity
            self._brought = self._inbox.brought
            self._changed.notify_all()

    def _receive(self, link: Link) -> None:
        """Put the tiles that come into the inbox until the link ends."""
        try:
            link.receive(self._inbox)
        except HostError as error:
            self.lose(link, error)
        except Exception as error:  # whatever a hostile host causes, the loss has to be told
            logger.exception("cannot receive tiles")
            self.lose(link, HostGone("lost contact with the host", type(error).__name__))

    # ---- keeping it ---------------------------------------------------------

    def _keep(self) -> None:
        """Ask for a sign of life every second; when the link is lost, make a new one."""
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
        """Wait until the next question for a sign of life is due, or `link` is lost."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._link is not link, HEARTBEAT_SECONDS)

    def _ask(self, link: Link) -> None:
        """Wait for a sign of life; raises `HostError` if there is none."""
        self.busy = link.ping()
        self._news.note_end(link.ends_in)

    def _ask_current(self, link: Link) -> None:
        try:
            self._ask(link)
        except HostError as error:
            self.lose(link, error)
            return
        if self._news.stale is not None:
            self._news.stale = None
            self._news.tell(None)
            self._news.tell_end()

    def _heard_nothing(self, link: Link, seconds: float) -> None:
        """Take note that a sign of life of `link` is `seconds` late."""
        if seconds >= LOST_SECONDS:
            error = HostGone(
                "lost contact with the host", f"it has said nothing for {seconds + HEARTBEAT_SECONDS:.0f} s"
            )
            if self._link is link:
                self.lose(link, error)
            link.close()
        elif seconds >= STALE_SECONDS and self._link is link:
            late = seconds if self._news.stale is None else seconds - self._news.stale.seconds
            if late >= HEARTBEAT_SECONDS:
                self._news.stale = HostStale(
                    "the host does not answer", f"nothing for {seconds:.0f} s", "waiting for it", seconds=seconds
                )
                self._news.tell(self._news.stale)
                self._route.check_alive()

    # ---- coming back --------------------------------------------------------

    def _wait_for_turn(self) -> None:
        """Wait until the next try is due or `retry` is called; after a final error only for `retry`."""
        final = isinstance(self._error, _FINAL)
        wait = None if final else self._backoff.wait(time.monotonic())
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._hurry, wait)
            self._hurry = False

    def _come_back(self) -> None:
        """Try once to make a new link, and tell the result."""
        self._backoff.begin(time.monotonic())
        try:
            self._begin()
        except Exception as error:  # whatever it is, there will be a next try
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
            self._news.tell(why)
        else:
            self._news.tell(None)
            self._news.forget_end()

    def _holds(self, news: HostError | None) -> bool:
        """Return whether news is to be told: that all is well is true only while there is a link."""
        return not self._closed and (news is not None or self._link is not None)


def _with_remedy(error: HostError, remedy: str) -> HostError:
    """Return `error` with a remedy."""
    if isinstance(error, HostStale):
        return HostGone(error.what, error.why, remedy)
    return type(error)(error.what, error.why, remedy)
