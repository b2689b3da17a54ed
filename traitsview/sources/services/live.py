"""What calculations publish: ``live:NAME``, ``live:NAME::ARRAY``."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from ...errors import SourceNotFound, SourceUnreadable, quoted
from ...live.forms import ArrayForm, Facts, Form
from ...live.published_frame import PublishedFrame
from ...live.publisher_facts import PublisherFacts
from ...live.publishers import find, publishers
from ...live.reader import Reader
from ..arrays.array_source import ArraySource
from ..frame import Frame
from ..framed.feed import Arrival, Feed
from ..framed.framed_source import FramedSource
from ..image_source import ImageSource
from .namespace import Namespace, Variable

if TYPE_CHECKING:
    from ..files.place import Place

__all__ = ["LiveFeed", "LiveNamespace", "open_live"]

#: Seconds between two looks at the memory of a publisher, and between two searches for one.
LOOK_SECONDS = 0.002
SEARCH_SECONDS = 0.25


def open_live(place: Place, inside: str = "", **options: Any) -> ImageSource:
    """Return what is published under a name."""
    name = getattr(place, "text", "")
    if not name.strip():
        why = f"it names nothing; published now: {_published()}"
        raise SourceNotFound(place.what, why, "give one of these names, such as live:density")
    return FramedSource(LiveFeed(name, inside, **options), options.get("name", name))


def _published() -> str:
    return ", ".join(f"{each.name} (process {each.pid})" for each in publishers()) or "nothing"


class LiveNamespace(Namespace):
    """What the calculations of this user on this machine publish."""

    def variables(self) -> tuple[Variable, ...]:
        return tuple(Variable(each.name, f"live:{each.name}") for each in publishers())

    def feed(self, expression: str) -> Feed:
        name, _, inside = expression.partition("::")
        return LiveFeed(name, inside)


class LiveFeed(Feed):
    """The frames of one array that is published under a name, by one run of the calculation after another.

    Parameters
    ----------
    name : str
        ``NAME`` or ``NAME@PID``.
    inside : str
        The name of the array; by default the first one of two axes or more.
    **options
        Keywords of `ArraySource`, which go before what the publisher says.
    """

    def __init__(self, name: str, inside: str = "", **options: Any) -> None:
        self._name, self._inside, self._options = name, inside, options
        self._reader: Reader | None = None
        self._closed = threading.Event()
        self._searched = -1.0
        self._seen = 0
        self._base = 0
        self._last: PublisherFacts | None = None
        self._state = f"waiting for {quoted(name)}"

    @property
    def state(self) -> str:
        return self._state

    def next(self, timeout: float) -> Arrival | None:
        end = time.monotonic() + timeout
        state = self._state
        while True:
            arrival = self._look()
            if arrival is not None or self._state != state:
                return arrival
            left = end - time.monotonic()
            if left <= 0 or self._closed.wait(min(left, LOOK_SECONDS)):
                return None

    def _look(self) -> Arrival | None:
        reader = self._reader
        if reader is None:
            reader = self._search()
            if reader is None:
                return None
        reader.watch()
        alive = reader.alive
        try:
            facts = reader.facts()
            arrival = self._arrival(reader, facts) if facts.newest > self._seen else None
        except ValueError as error:
            raise SourceUnreadable(f"cannot watch {quoted(self._name)}", str(error)) from error
        if arrival is None:
            self._tell(facts, alive)
        return arrival

    def _search(self) -> Reader | None:
        now = time.monotonic()
        if now < self._searched + SEARCH_SECONDS:
            return None
        self._searched = now
        found = find(self._name)
        if found is not None:
            try:
                self._reader = found.reader()
            except (OSError, ValueError):
                return None
            self._seen = 0
            return self._reader
        if self._last is None:
            self._state = f"waiting for {quoted(self._name)}; published now: {_published()}"
        return None

    def _tell(self, facts: PublisherFacts, alive: bool) -> None:
        """Say why no newer frame comes."""
        if alive and not facts.ended:
            self._state = "" if self._seen else "waiting for the next step"
            return
        at = "before its first step" if facts.step is None else f"at step {facts.step}"
        if facts.ended:
            self._state = f"ended {at}" + (f": {facts.why}" if facts.why else "")
        else:
            self._state = f"the calculation was killed {at.replace('at', 'after')}"
        self._base += facts.count
        self._last = facts
        if self._reader is not None:
            self._reader.close()
            self._reader = None

    def _arrival(self, reader: Reader, facts: PublisherFacts) -> Arrival | None:
        published = reader.newest(facts, self._chosen)
        if published is None or not published.arrays:
            return None
        self._seen = facts.newest
        (array,) = published.arrays.values()
        options = {"name": self._name, **_placed(published.form.facts, array), **self._options}
        image = ArraySource(array, **options)
        info = replace(image.info, live=True, version=published.moment)
        self._state = ""
        return Arrival(self._frame(published, info), image, array.nbytes)

    def _frame(self, published: PublishedFrame, info: Any) -> Frame:
        return Frame(
            info,
            published.step if published.step is not None else published.count - 1,
            published.time,
            published.moment / 1e9,
            self._base + published.count,
            tuple(published.scalars.items()),
        )

    def _chosen(self, form: Form) -> tuple[ArrayForm, ...]:
        if self._inside:
            found = [each for each in form.arrays if each.name == self._inside]
        else:
            found = [each for each in form.arrays if len(each.shape) > 1]
        if not found:
            names = ", ".join(each.name for each in form.arrays) or "none"
            raise ValueError(f"it has no such array, its arrays are: {names}")
        return (found[0],)

    def close(self) -> None:
        self._closed.set()
        if self._reader is not None:
            self._reader.close()


def _placed(facts: Facts, array: np.ndarray) -> dict[str, Any]:
    found: dict[str, Any] = {"unit": facts.unit}
    if facts.display:
        found["origin"] = facts.display
    if facts.extent is not None:
        found["extent"] = facts.extent
    return found
