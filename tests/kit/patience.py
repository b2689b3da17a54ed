"""Waiting in tests.

No test has a limit of its own in seconds: it would pass here, and fail on a machine that is slower or busy.  The one
limit here only ends a test that would wait for ever.  It is many times longer than anything takes.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

__all__ = ["PATIENCE", "attempts", "pass_time", "wait_until"]

#: Seconds after which waiting ends and the test fails.
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
        Returns the words for the message of the failure.
    """
    end = time.monotonic() + max(seconds, PATIENCE)
    while True:
        yield
        assert time.monotonic() < end, f"what was waited for has not come {said()}"
        time.sleep(pause)


def pass_time(seconds: float) -> None:
    """Let time pass, so that a fault lasts, or an event that must not happen could happen.

    It may take longer than `seconds`.  A test must not depend on the exact time.
    """
    time.sleep(seconds)
