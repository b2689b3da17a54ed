"""How long a test waits for what must come.

No test says that something takes at most so many seconds: it would pass here and fail on a machine that is slower, or
has something else to do.  The limit here only ends a test that would wait for ever; it is many times what anything
takes.
"""

from __future__ import annotations

import time
from collections.abc import Callable

__all__ = ["PATIENCE", "wait_until"]

#: Seconds after which what has not come is taken for what never comes.
PATIENCE = 120.0

_PAUSE = 0.005


def wait_until(condition: Callable[[], object], seconds: float = 0.0) -> None:
    """Wait until `condition` holds; fail after `PATIENCE`, or after `seconds` if that is more."""
    end = time.monotonic() + max(seconds, PATIENCE)
    while not condition():
        assert time.monotonic() < end, "what was waited for has not come"
        time.sleep(_PAUSE)
