"""Says how much memory the caches of a host may take, and when they have to shrink."""

from __future__ import annotations

import ctypes
from enum import IntEnum
from pathlib import Path

from ...available_memory import available, bounds

__all__ = ["LARGEST_CACHE_BYTES", "Pressure", "cache_limit", "give_back", "is_tight", "pressure"]

#: Bytes that caches may take at most, however large the machine is.
LARGEST_CACHE_BYTES = 4 << 30

#: The part of the available memory that caches may take.
_CACHE_PART = 0.25

#: Caches shrink when this part of the memory is used, and large requests are refused when that part is.
_SHRINK_PART = 0.6
_REFUSE_PART = 0.8


class Pressure(IntEnum):
    """What the use of memory requires: nothing, smaller caches, or the refusal of large requests as well."""

    NONE = 0
    SHRINK = 1
    REFUSE = 2


def cache_limit(root: Path = Path("/")) -> int:
    """Return how many bytes the caches of a host may take: a quarter of those available, and 4 GiB at most."""
    return min(int(_CACHE_PART * available(root)), LARGEST_CACHE_BYTES)


def pressure(root: Path = Path("/")) -> Pressure:
    """Return what the use of memory requires: caches shrink from 60 % on, large requests are refused from 80 % on.

    Files that the kernel keeps in memory count as free.  This takes about 0.1 ms.
    """
    part = max((used / limit for limit, used in bounds(root) if limit > 0), default=0.0)
    return Pressure.REFUSE if part >= _REFUSE_PART else Pressure.SHRINK if part >= _SHRINK_PART else Pressure.NONE


def is_tight() -> bool:
    """Return whether caches have to shrink."""
    return pressure() >= Pressure.SHRINK


def give_back() -> bool:
    """Give freed memory back to the system; return whether there was any.  This takes some milliseconds.

    The allocator of glibc keeps freed memory for the threads that had it, and most threads end with their viewer.  With
    another allocator nothing is done.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    return bool(trim and trim(0))
