"""The frames of an array of another program: it is asked a few times a second whether the array has changed."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace

from ...errors import SourceNotFound, SourceUnreadable, TraitsviewError, quoted
from ..arrays.array_source import ArraySource
from ..arrays.curve_array import curve_source
from ..frame import Frame
from ..framed.feed import Arrival, Feed
from ..image_source import ImageSource
from .far_image import Ask, FarImage, answered
from .far_link import GivenUp, ProgramBusy, ProgramGone
from .far_words import info_of

__all__ = ["FarFeed"]

#: An array with no more bytes comes whole, once for each frame, and is rendered here.  So a frame stays as it was.
COPIED_BYTES = 64 << 20

#: Seconds from one question for a change to the next one, and how many times longer than it took to answer.
_EVERY_SECONDS = 0.2
_TIMES_AN_ANSWER = 10.0

#: Names that a sentence lists.
_NAMED = 6


class FarFeed(Feed):
    """The frames of an expression of another program.

    Parameters
    ----------
    asking : callable
        ``asking(closed, say)`` returns an `Ask`, and connects first if there is no connection.  It raises
        `SourceError`; `closed` and `say` are as in ``kernel.first_contact``.
    expression : str
    program : str
        What sentences call the program: ``"kernel"``.
    notes : callable
        Returns what is said beside the image.
    close : callable, optional
        Closes what `asking` connected.
    """

    def __init__(
        self,
        asking: Callable[[Callable[[], bool], Callable[[str], None]], Ask],
        expression: str,
        program: str,
        notes: Callable[[], tuple[str, ...]] = tuple,
        close: Callable[[], None] | None = None,
    ) -> None:
        self._asking = asking
        self._expression = expression
        self._program = program
        self._notes = notes
        self._close = close
        self._changed = threading.Condition()
        self._closed = False
        self._state = f"waiting for {quoted(expression)}"
        self._seen: tuple[Ask, int] | None = None
        self._count = 0
        self._restarted = False
        self._due = 0.0
        self._took = 0.0

    @property
    def state(self) -> str:
        return self._state

    def next(self, timeout: float) -> Arrival | None:
        end = time.monotonic() + timeout
        state = self._state
        while not self._closed:
            with self._changed:
                wait = min(self._due, end) - time.monotonic()
                if wait > 0:
                    self._changed.wait(wait)
            if self._closed or time.monotonic() < self._due:
                return None
            arrival = self._looked(end, state)
            if arrival is not None or self._state != state:
                return arrival
        return None

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        if self._close is not None:
            self._close()

    def _looked(self, end: float, state: str) -> Arrival | None:
        """Ask once; set the state, and the time of the next question."""

        def given_up() -> bool:
            return self._closed or self._state != state or time.monotonic() > end

        try:
            ask = self._asking(given_up, self._say)
            arrival = self._arrival(ask)
            if arrival is not None or self._seen is not None:
                self._restarted = False
                self._say("")
            return arrival
        except ProgramGone as error:
            self._restarted = self._count > 0
            self._seen = None
            self._say(f"the {self._program} has ended" if self._count else str(error))
        except GivenUp:
            pass  # what it waits for was said
        except ProgramBusy as error:
            self._say(f"the {self._program} is {error.why.removeprefix('it is ')}")
        except SourceNotFound as error:
            self._seen = None
            self._say(self._missing(ask, error))
        except TraitsviewError as error:
            self._say(str(error))
        finally:
            self._due = time.monotonic() + max(_EVERY_SECONDS, _TIMES_AN_ANSWER * self._took)
        return None

    def _missing(self, ask: Ask, error: SourceNotFound) -> str:
        """Return a sentence about a name that is not there."""
        if self._restarted:
            return f"the {self._program} was started anew: {error.why}"
        if self._count:
            return f"{quoted(self._expression)} is gone: {error.why}"
        words, _ = answered(ask, {"do": "variables"}, self._expression)
        names = [str(one[0]) for one in words["variables"]]
        others = ", ".join(names[:_NAMED]) + (f" and {len(names) - _NAMED} more" if len(names) > _NAMED else "")
        there = f"the {self._program} has {others}" if names else f"the {self._program} has no arrays yet"
        return f"waiting for {quoted(self._expression)}: {there}"

    def _arrival(self, ask: Ask) -> Arrival | None:
        seen = self._seen[1] if self._seen is not None and self._seen[0] == ask else None
        question = {"do": "look", "expression": self._expression, "seen": seen, "copy": COPIED_BYTES}
        words, arrays = answered(ask, question, self._expression)
        try:
            version, self._took = int(words["version"]), float(words["seconds"])
            info = None if version == seen else info_of(words["info"])
        except (KeyError, TypeError, ValueError) as error:
            why = f"the {self._program} gave no answer to it: {error}"
            raise SourceUnreadable(f"cannot show {quoted(self._expression)}", why) from error
        if info is None:
            return None
        self._seen = ask, version
        self._count += 1
        image: ImageSource = FarImage(ask, self._expression, version, info)
        if arrays:
            array, name = arrays[0], info.name
            curve = bool(info.curves)
            image = curve_source(array[None, :], info.curves, name=name) if curve else ArraySource(array, name=name)
        info = replace(image.info, version=self._count, notes=self._notes(), live=True, curves=info.curves)
        frame = Frame(info, since=time.monotonic(), count=self._count)
        return Arrival(frame, image, sum(array.nbytes for array in arrays))

    def _say(self, state: str) -> None:
        self._state = state
