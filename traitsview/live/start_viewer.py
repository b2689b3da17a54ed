"""``python -m traitsview.live.start_viewer live:NAME``: opens a window, unless somebody watches already.

A window that stays from the run before finds the new run within a moment.
"""

from __future__ import annotations

import os
import stat
import sys
import time

from ..display import require_display
from ..errors import DisplayError
from .found_publishers import find

#: Seconds within which a window that is open finds a new run of its calculation.
_FOUND_SECONDS = 1.0


def main(address: str) -> None:
    """Become the viewer, or end."""
    if watched_soon(address.removeprefix("live:"), _FOUND_SECONDS):
        return
    try:
        require_display()
    except DisplayError as error:
        sys.exit(f"traitsview: {error}")
    if stat.S_ISFIFO(os.fstat(2).st_mode):
        # Whoever reads the words of the calculation waits until all have closed this end, and the window may stay long.
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 2)
    os.execv(sys.executable, [sys.executable, "-P", "-m", "traitsview", address])


def watched_soon(name: str, seconds: float) -> bool:
    """Whether somebody watches a publisher within so many seconds."""
    found = find(name)
    if found is None:
        return False
    end = time.monotonic() + seconds
    while not (watched := found.is_watched()) and time.monotonic() < end:
        time.sleep(0.02)
    return watched


if __name__ == "__main__":
    main(sys.argv[1])
