"""How long a test waits for what must come.

No test says that something takes at most so many seconds: it would pass here and fail on a machine that is slower, or
has something else to do.  The limit here only ends a test that would wait for ever; it is many times what anything
takes.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

__all__ = ["PATIENCE", "attempts", "pass_time", "wait_until"]

#: Seconds after which what has not come is taken for what never comes.
PATIENCE = 120.0


def wait_until(condition: Callable[[], object], seconds: float = 0.0) -> None:
    """Wait until `condition` holds; fail after `PATIENCE`, or after `seconds` if that is more."""
    for _ in attempts(seconds=seconds):
        if condition():
            return


def attempts(said: Callable[[], object] = lambda: "", seconds: float = 0.0, pause: float = 0.005) -> Iterator[None]:
    """Yield again and again, with a pause between; fail after `PATIENCE`, or after `seconds` if that is more.

    Parameters
    ----------
    said : callable
        What the failure says.
    """
    end = time.monotonic() + max(seconds, PATIENCE)
    while True:
        yield
        assert time.monotonic() < end, f"what was waited for has not come {said()}"
        time.sleep(pause)


def pass_time(seconds: float) -> None:
    """Let time pass: a fault lasts so long, or something that must not happen has its opportunity.

    Nothing may depend on how long it was exactly; it may be longer.
    """
    time.sleep(seconds)
