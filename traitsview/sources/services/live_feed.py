"""The frames that are published under a name, by one run of a calculation after another."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

from ...errors import SourceError, SourceUnreadable, quoted
from ...live.forms import ArrayForm
from ...live.found_publishers import FoundPublisher, found_under, publishers
from ...live.published_frame import PublishedFrame
from ...live.watch import LOOK_SECONDS, Watch
from ..frame import Frame
from ..framed.feed import Arrival, Feed
from .live_images import LiveImages

__all__ = ["LiveFeed", "published_now"]

#: Seconds between two searches for a publisher; and for a newer one, while there is one.
SEARCH_SECONDS = 0.25
REPLACED_SECONDS = 2.0

#: Publishers that a sentence names at most.
_NAMED = 8


def published_now() -> str:
    """Return a phrase that says what is published."""
    found = [each for each in publishers() if not each.ended]
    names = [f"{each.name} (process {each.pid})" for each in found[:_NAMED]]
    if len(found) > _NAMED:
        names.append(f"{len(found) - _NAMED} more")
    return f"published now: {', '.join(names) or 'nothing'}"


class LiveFeed(Feed):
    """The frames of one array that is published under a name.

    It has no thread: the memory of the publisher is looked at within `next`, every 2 ms.  When a calculation has ended,
    or a newer one publishes under the name, the frames of the newer one follow, and counts go on.

    Parameters
    ----------
    name : str
        ``NAME`` or ``NAME@PID``.
    inside : str
        The name of the array; by default the first one of two axes or more, or else all curves.
    find : callable
        Returns the publishers of a name, those that began last first.
    **options
        Keywords of `ArraySource`, which go before what the publisher says.

    Attributes
    ----------
    arrays : tuple of ArrayForm
        Of the newest frame.
    shown : str
        The name of the one that is shown.
    killed : bool
        Whether the calculation ended without saying so, and no other one has begun since.
    """

    def __init__(
        self,
        name: str,
        inside: str = "",
        find: Callable[[str], Sequence[FoundPublisher]] = found_under,
        /,
        **options: Any,
    ) -> None:
        self._name, self._images = name, LiveImages(name, inside, **options)
        self._find = find
        self.killed = False
        self._watch: Watch | None = None
        self._found: FoundPublisher | None = None
        self._closed = threading.Event()
        self._reading = threading.Lock()
        self._searched = -1e9
        self._before = 0  # frames of the runs before this one
        self._begun = False  # whether this run has shown a frame
        self._unshown = False  # whether a frame of this run had nothing to show
        self._ended = ""
        self._state = f"waiting for {quoted(name)}"
        self.arrays: tuple[ArrayForm, ...] = ()

    @property
    def state(self) -> str:
        return self._state

    @property
    def shown(self) -> str:
        """The name of the array that is shown."""
        return self._images.shown

    @property
    def console(self) -> str:
        """The connection file of a kernel in the calculation, as far as it is known; empty without one."""
        watch = self._watch
        return "" if watch is None else watch.facts.console

    def next(self, timeout: float) -> Arrival | None:
        end = time.monotonic() + timeout
        state = self._state
        with self._reading:
            while not self._closed.is_set():
                arrival = self._look()
                left = end - time.monotonic()
                if arrival is not None or self._state != state or left <= 0:
                    return arrival
                self._closed.wait(min(left, LOOK_SECONDS))
        return None

    def close(self) -> None:
        self._closed.set()
        with self._reading:
            self._let_go()

    def _look(self) -> Arrival | None:
        self._search()
        watch = self._watch
        if watch is None:
            return None
        try:
            frame = watch.look(self._images.choose)
            if frame is None:
                if watch.over:
                    self._finish(watch)
                elif not self._begun and not self._unshown:
                    self._state = "waiting for the next step"
                return None
            return self._arrival(frame)
        except SourceError:
            raise
        except (OSError, ValueError) as error:
            self._let_go()
            what = f"cannot watch {quoted(self._name)}"
            raise SourceUnreadable(what, str(error), "start the calculation again") from error

    def _arrival(self, frame: PublishedFrame) -> Arrival | None:
        self.arrays = frame.form.arrays
        assert self._watch is not None
        image = self._images.of(frame, self._watch)
        if image is None:
            self._state, self._unshown = self._images.missing(frame), True
            return None
        self._state, self._begun, self.killed = "", True, False
        known = Frame(
            self._images.info(image, frame),
            frame.step,
            frame.time,
            frame.moment / 1e9,  # of the clock of time.monotonic, which is one for all processes
            self._before + frame.count,
            tuple(frame.scalars.items()),
        )
        return Arrival(known, image, sum(each.nbytes for each in frame.arrays.values()))

    def _search(self) -> None:
        """Look for a publisher, or for one that has begun after the one that is watched."""
        now = time.monotonic()
        if now < self._searched + (SEARCH_SECONDS if self._watch is None else REPLACED_SECONDS):
            return
        self._searched = now
        found = next(iter(self._find(self._name)), None)
        if found is None:
            if self._watch is None and not self._ended:
                self._state = f"waiting for {quoted(self._name)}; {published_now()}"
            return
        if found.other_layout:
            if self._watch is None:
                self._state = (
                    f"process {found.pid} publishes {quoted(self._name)} in a way of another version of traitsview "
                    f"(layout {found.other_layout}); use the same version there and here"
                )
            return
        if self._watch is not None and self._found is not None:
            if found.created <= self._found.created:
                return
            self._before += self._watch.facts.count
            self._let_go()
        try:
            self._watch = Watch(found.reader())
            self._found, self._begun, self._unshown = found, False, False
        except (OSError, ValueError):
            self._searched = -1e9  # it has ended in this moment

    def _finish(self, watch: Watch) -> None:
        """Say how a run has ended, and look for the next one from now on."""
        self._state = self._ended = watch.end
        self.killed = not watch.facts.ended
        self._before += watch.facts.count
        self._let_go()

    def _let_go(self) -> None:
        if self._watch is not None:
            self._watch.close()
        self._watch = self._found = None
