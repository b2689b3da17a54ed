"""The time at which this process has to end with its batch job; viewers are told some minutes before."""

from __future__ import annotations

import time
from collections.abc import Mapping

__all__ = ["NOTICE_SECONDS", "begin", "of_job", "seconds_left"]

#: Seconds before the end at which the log says so.  Viewers count the minutes from the first of them on.
NOTICE_SECONDS = (600.0, 120.0)

# A process has one end, so this is a variable of the module.
_end: float | None = None


def begin(seconds: float | None) -> None:
    """Take note that this process ends in `seconds`, or that no end is known if None."""
    global _end
    _end = None if seconds is None else time.monotonic() + seconds


def seconds_left() -> float | None:
    """Return the seconds until this process ends, 0 at least, or None if no end is known."""
    return None if _end is None else max(0.0, _end - time.monotonic())


def of_job(environment: Mapping[str, str]) -> float | None:
    """Return the seconds until the end of the Slurm job that this process is part of, or None.

    ``SLURM_JOB_END_TIME`` is a date and time, which is read once; a clock that is set later changes nothing.
    """
    text = environment.get("SLURM_JOB_END_TIME", "")
    if not text.isdecimal() or len(text) > 12:
        return None
    seconds = int(text) - time.time()
    # A time in the past was inherited from an older job, and says nothing about this process.
    return seconds if seconds > 0 else None
