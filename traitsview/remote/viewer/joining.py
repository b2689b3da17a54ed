"""Opens a source through a new link, while the host shows that it is there."""

from __future__ import annotations

import threading
from collections.abc import Callable

from ...errors import HostError, HostGone
from ...sources.frame import Frame
from ...sources.image_info import ImageInfo
from .. import wire
from .link import Link

__all__ = ["AnotherImage", "Joining", "opened", "require_same"]


class AnotherImage(HostGone):
    """What is at the same place now is another image."""


class Joining:
    """Opens a source through a link, in a thread that receives the tiles of the source afterwards.

    Parameters
    ----------
    link : Link
        Closed if the source cannot be opened.
    begin : callable
        Opens the source.
    receive : callable
        Called after `begin` and in the same thread; returns when the link ends.
    """

    def __init__(self, link: Link, begin: Callable[[Link], None], receive: Callable[[Link], None]) -> None:
        self._link = link
        self._begin = begin
        self._receive = receive
        self._done = threading.Event()
        self._error: BaseException | None = None
        threading.Thread(target=self._run, name="traitsview frames", daemon=True).start()

    def wait(self, ask: Callable[[Link], None], every: float) -> BaseException | None:
        """Wait until the source is open; return what kept it from being opened, if anything did.

        Meanwhile `ask` is called `every` so many seconds, because opening may take minutes and the link may be lost
        within.  The `HostError` that it raises ends the opening, and is raised unless that had failed by itself.
        """
        try:
            while not self._done.wait(every):
                ask(self._link)
        except HostError:
            self._link.close()  # which ends the opening
            self._done.wait()
            if self._error is None:
                raise
        return self._error

    def _run(self) -> None:
        try:
            self._begin(self._link)
        except BaseException as error:
            self._link.close()
            self._error = error
            return
        finally:
            self._done.set()
        self._receive(self._link)


def opened(link: Link, text: str) -> tuple[Frame, str]:
    """Open what `text` names at the host of `link`; return its newest frame, and what tells it from another image."""
    with link.borrow() as connection:
        answer = connection.call("open", wire.pack_source(text), allowance=wire.INFO_BYTES)
        return wire.unpack_opened(answer, connection.channel)


def require_same(was: ImageInfo, identity: str, now: ImageInfo, found: str) -> None:
    """Refuse an image that is not the one that was there before: its tiles would be mixed with the old ones.

    A live image may be another one at any time: its frames tell.
    """
    if was.live and now.live:
        return
    if any(getattr(was, name) != getattr(now, name) for name in ("shape", "dtype", "kind", "extent", "planes")):
        before, after = (f"{i.shape[0]} × {i.shape[1]} {i.dtype}" for i in (was, now))
        raise AnotherImage("the image is another one now", f"it was {before}, it is {after}", "open it again")
    if identity and found and identity != found:
        raise AnotherImage("the image is another one now", "its file has changed", "open it again")
