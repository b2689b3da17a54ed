"""Files, sockets and pipes that a process has open."""

from __future__ import annotations

import os
import re
from collections import Counter

__all__ = ["descriptors"]


def descriptors() -> Counter[str]:
    """Return the paths of open files, or ``socket``, ``pipe`` …, and how often each of them is open.

    Files in the cache of compiled code are left out: a thread that compiles opens them meanwhile.
    """
    names: Counter[str] = Counter()
    for number in os.listdir("/proc/self/fd"):
        try:
            name = os.readlink(f"/proc/self/fd/{number}")
        except FileNotFoundError:  # the descriptor by which the folder was read, or one that another thread has closed
            continue
        if not name.startswith(os.environ["NUMBA_CACHE_DIR"]):
            names[re.sub(r":\[\d+\]$", "", name)] += 1
    return names
