"""When this process has to end, because a batch job does: viewers are told in good time."""

from __future__ import annotations

import time
from collections.abc import Mapping

__all__ = ["NOTICE_SECONDS", "begin", "of_job", "seconds_left"]

#: Seconds before the end at which the log says so; viewers count the minutes from the first on.
NOTICE_SECONDS = (600.0, 120.0)

# The end of the process is one for all of it.
_end: float | None = None


def begin(seconds: float | None) -> None:
    """Take note that this process ends in `seconds`; never if None."""
    global _end
    _end = None if seconds is None else time.monotonic() + seconds


def seconds_left() -> float | None:
    """Return the seconds until this process ends, 0 at least, or None if no end is known."""
    return None if _end is None else max(0.0, _end - time.monotonic())


def of_job(environment: Mapping[str, str]) -> float | None:
    """Return the seconds until the end of the Slurm job that this process is part of, or None.

    It is a time of day, in ``SLURM_JOB_END_TIME``; clocks that are set later change nothing.
    """
    text = environment.get("SLURM_JOB_END_TIME", "")
    if not text.isdecimal() or len(text) > 12:
        return None
    seconds = int(text) - time.time()
    # One that was handed down from an older job says nothing of this process.
    return seconds if seconds > 0 else None
