"""What a process has open."""

from __future__ import annotations

import os
import re
from collections import Counter

__all__ = ["descriptors"]


def descriptors() -> Counter[str]:
    """Return what the process has open: paths of files, or ``socket``, ``pipe`` …, each as often as it is open.

    What is compiled meanwhile, in a thread of its own, opens files of the cache: they do not count.
    """
    names: Counter[str] = Counter()
    for number in os.listdir("/proc/self/fd"):
        try:
            name = os.readlink(f"/proc/self/fd/{number}")
        except FileNotFoundError:  # the one that the folder was read through, or another thread's
            continue
        if not name.startswith(os.environ["NUMBA_CACHE_DIR"]):
            names[re.sub(r":\[\d+\]$", "", name)] += 1
    return names
