"""One run of a calculation, as somebody sees it who watches."""

from __future__ import annotations

import time
from collections.abc import Callable

from .forms import ArrayForm, Form
from .published_frame import PublishedFrame
from .publisher_facts import PublisherFacts
from .reader import Reader

__all__ = ["LOOK_SECONDS", "Watch"]

#: Seconds between two looks at the memory of a publisher.
LOOK_SECONDS = 0.002

#: Seconds after which those who watch say so again; it holds for two seconds.
_AGAIN_SECONDS = 0.5

#: Seconds between two looks whether the process lives.
_LIFE_SECONDS = 0.05

#: Seconds between two looks whether the process has become another program.
_DOUBT_SECONDS = 1.0


class Watch:
    """Watches a publisher until its calculation ends.  One thread at a time may use it.

    Parameters
    ----------
    reader : Reader
        Closed with this.

    Attributes
    ----------
    facts : PublisherFacts
        What the publisher has said of itself.
    over : bool
        Whether no more frames come.
    """

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.facts: PublisherFacts = reader.facts()
        self.over = False
        self._seen = 0
        self._mark = b""
        self._said = self._looked = self._doubted = -1e9

    def look(self, choose: Callable[[Form], tuple[ArrayForm, ...]]) -> PublishedFrame | None:
        """Return the newest frame, with the arrays that `choose` returns of its form; None if it was returned before.

        For the next seconds the calculation knows that it is watched.

        Raises
        ------
        ValueError
            If the memory of the publisher is broken.
        """
        now = time.monotonic()
        if now > self._said + _AGAIN_SECONDS:
            self._said = now
            self.reader.watch()
        if not self._is_news(now):
            return None
        alive = self.reader.alive  # before the facts: what was published before the end is seen
        self.facts = facts = self.reader.facts()
        frame = self.reader.newest(facts, choose) if facts.newest > self._seen else None
        if frame is None and facts.newest > self._seen:
            self._mark = b""  # it is overwritten all the time: the next look tries again
        if frame is not None and frame.sequence > self._seen:
            self._seen = frame.sequence
            return frame
        self.over = bool(facts.ended) or not alive or (self._doubts(now) and not self.reader.still_there())
        return None

    @property
    def end(self) -> str:
        """How the calculation has ended, as a phrase: ``"ended at step 812"``."""
        facts = self.facts
        if facts.ended:
            where = "before its first step" if facts.step is None else f"at step {facts.step}"
            return f"ended {where}" + (f": {facts.why}" if facts.why else "")
        where = "before its first step" if facts.step is None else f"after step {facts.step}"
        return f"the calculation was killed {where}"

    def close(self) -> None:
        """Let go of the publisher."""
        self.reader.close()

    def _is_news(self, now: float) -> bool:
        """Whether there may be news.  Nearly all looks find none, and cost one read of a few bytes."""
        mark = self.reader.mark()
        if mark == self._mark and now < self._looked + _LIFE_SECONDS:
            return False
        self._mark, self._looked = mark, now
        return True

    def _doubts(self, now: float) -> bool:
        if now < self._doubted + _DOUBT_SECONDS:
            return False
        self._doubted = now
        return True
