"""The newest frames of a calculation, as plain arrays, for a script or a notebook."""

from __future__ import annotations

import time as clock
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, suppress

import numpy as np

from ..errors import SourceNotFound, quoted
from .forms import ArrayForm, Form
from .found_publishers import find
from .published_frame import PublishedFrame
from .watch import LOOK_SECONDS, Watch

__all__ = ["LiveFrame", "follow", "latest"]

#: Seconds between two searches for a publisher.
_SEARCH_SECONDS = 0.1


class LiveFrame(Mapping[str, "np.ndarray | float | int | bool"]):
    """A frame: a mapping of the names that were published to arrays and numbers, which are yours.

    Attributes
    ----------
    step : int
        The step that was published, or else how many frames were published before.
    time : float or None
    skipped : int
        Frames between this one and the one before that you were given.
    """

    def __init__(self, frame: PublishedFrame, skipped: int) -> None:
        self.step, self.time, self.skipped = frame.step, frame.time, skipped
        self._values: dict[str, np.ndarray | float | int | bool] = {**frame.arrays, **frame.scalars}

    def __getitem__(self, name: str) -> np.ndarray | float | int | bool:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return f"<LiveFrame {', '.join(self)}, step {self.step}>"


def follow(name: str, wait: bool = False, closed: Callable[[], bool] = lambda: False) -> Iterator[LiveFrame]:
    """Yield the newest frames that are published under a name.

    Frames that come while you work on one are left out, and counted: ``frame.skipped``.

    Parameters
    ----------
    name : str
        ``NAME``, or ``NAME@PID`` where several publish under one.  If nobody publishes, the first who does is waited
        for.
    wait : bool
        When the calculation has ended, wait for its next run.  By default the frames end then, after the last one.
    closed : callable
        Says when the frames shall end; it is asked while the next one is waited for.
    """
    while not closed():
        watch = _next_run(name)
        if watch is None:
            clock.sleep(_SEARCH_SECONDS)
            continue
        with closing(watch):
            yield from _run(watch, closed)
        if not wait:
            return


def latest(name: str, timeout: float = 5.0) -> LiveFrame:
    """Return the newest frame that is published under a name.

    While somebody watches, or has asked within two seconds, it is there at once.  Otherwise nothing was copied, and the
    next frame is waited for; if that does not come in time, this returns the newest one that was copied, if any was.

    Parameters
    ----------
    name : str
        ``NAME``, or ``NAME@PID`` where several publish under one.
    timeout : float
        Seconds.

    Raises
    ------
    SourceNotFound
        If nobody publishes, or no frame came in time.
    """
    end = clock.monotonic() + timeout
    what = f"cannot get the latest frame of {quoted(name)}"
    found = None
    while found is None:
        found = find(name)
        if found is None and clock.monotonic() >= end:
            raise SourceNotFound(what, "nobody publishes under this name", "start the calculation, or check the name")
        if found is None:
            clock.sleep(_SEARCH_SECONDS)
    try:
        with closing(Watch(found.reader())) as watch:
            return _newest(watch, end, what)
    except (OSError, ValueError) as error:
        if isinstance(error, SourceNotFound):
            raise
        raise SourceNotFound(what, str(error), "try again") from error


def _newest(watch: Watch, end: float, what: str) -> LiveFrame:
    count, newest = watch.facts.count, None
    while True:
        newest = watch.look(_all) or newest
        over = watch.over or clock.monotonic() >= end
        if newest is not None and (over or newest.count >= count):
            return LiveFrame(newest, 0)
        if over:
            raise SourceNotFound(what, "no frame came in time", "wait longer: latest(name, timeout=SECONDS)")
        clock.sleep(LOOK_SECONDS)


def _next_run(name: str) -> Watch | None:
    """Begin to watch whoever publishes now."""
    found = find(name)
    if found is not None:
        with suppress(OSError, ValueError):
            return Watch(found.reader())
    return None


def _run(watch: Watch, closed: Callable[[], bool]) -> Iterator[LiveFrame]:
    """Yield the frames of one run of a calculation."""
    count = 0
    while not watch.over and not closed():
        frame = watch.look(_all)
        if frame is not None:
            skipped = frame.count - count - 1 if count else 0
            count = frame.count
            yield LiveFrame(frame, skipped)
        elif not watch.over:
            clock.sleep(LOOK_SECONDS)


def _all(form: Form) -> tuple[ArrayForm, ...]:
    return form.arrays
