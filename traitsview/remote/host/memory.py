"""Finds out how much memory a host may use, and how much of it is used."""

from __future__ import annotations

import ctypes
import os
import resource
from enum import IntEnum
from pathlib import Path

__all__ = ["LARGEST_CACHE_BYTES", "Pressure", "available", "cache_limit", "give_back", "is_tight", "pressure"]

#: Bytes that caches may take at most, however large the machine is.
LARGEST_CACHE_BYTES = 4 << 30

#: The part of the available memory that caches may take.
_CACHE_PART = 0.25

#: Caches shrink when this part of the memory is used, and large requests are refused when that part is.
_SHRINK_PART = 0.6
_REFUSE_PART = 0.8

# cgroup v1 says "no limit" as the largest multiple of a page.
_NO_LIMIT = 1 << 60


class Pressure(IntEnum):
    """What the use of memory requires: nothing, smaller caches, or the refusal of large requests as well."""

    NONE = 0
    SHRINK = 1
    REFUSE = 2


def cache_limit(root: Path = Path("/")) -> int:
    """Return how many bytes the caches of a host may take: a quarter of those available, and 4 GiB at most."""
    return min(int(_CACHE_PART * available(root)), LARGEST_CACHE_BYTES)


def available(root: Path = Path("/")) -> int:
    """Return how many bytes this process may still take without swapping or being ended.

    This is the least of what the machine, the control groups of the process and ``RLIMIT_AS`` leave.  `root` is the
    folder that holds ``proc`` and ``sys``.
    """
    return max(0, min(limit - used for limit, used in _bounds(root)))


def pressure(root: Path = Path("/")) -> Pressure:
    """Return what the use of memory requires: caches shrink from 60 % on, large requests are refused from 80 % on.

    Files that the kernel keeps in memory count as free.  This takes about 0.1 ms.
    """
    part = max((used / limit for limit, used in _bounds(root) if limit > 0), default=0.0)
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


def _bounds(root: Path) -> list[tuple[int, int]]:
    """Return (limit, use) in bytes for everything that limits this process."""
    bounds = [_machine(root), *_control_groups(root)]
    most = resource.getrlimit(resource.RLIMIT_AS)[0]
    if most != resource.RLIM_INFINITY:
        pages = _text(root / "proc/self/statm").split()
        bounds.append((most, int(pages[0]) * resource.getpagesize() if pages else 0))
    return bounds


def _machine(root: Path) -> tuple[int, int]:
    lines = (line.split() for line in _text(root / "proc/meminfo").splitlines())
    # In kB, which are 1024 bytes.
    sizes = {words[0]: int(words[1]) << 10 for words in lines if len(words) > 1 and words[1].isdecimal()}
    total = sizes.get("MemTotal:", os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    return total, total - sizes.get("MemAvailable:", sizes.get("MemFree:", total))


def _control_groups(root: Path) -> list[tuple[int, int]]:
    """Return (limit, use) of each control group of the process, and of the groups around it."""
    bounds = []
    for line in _text(root / "proc/self/cgroup").splitlines():
        _, controllers, name = [*line.split(":", 2), "", ""][:3]
        if controllers and "memory" not in controllers.split(","):
            continue
        top = root / "sys/fs/cgroup" / ("memory" if controllers else "")
        files = ("memory.limit_in_bytes", "memory.usage_in_bytes") if controllers else ("memory.max", "memory.current")
        parts = [part for part in name.split("/") if part and part != ".."]
        for depth in range(len(parts), -1, -1):
            folder = top.joinpath(*parts[:depth])
            limit = _number(folder / files[0])
            if limit is not None and limit < _NO_LIMIT:
                used = _number(folder / files[1]) or 0
                bounds.append((limit, max(0, used - _inactive_files(folder))))
    return bounds


def _inactive_files(folder: Path) -> int:
    """Return the bytes that are copies of files in a group and the groups in it; the kernel can drop them any time."""
    found = {}
    for line in _text(folder / "memory.stat").splitlines():
        name, _, value = line.partition(" ")
        if value.isdecimal():
            found[name] = int(value)
    # The first one counts the groups within too.  Version 2 has only the second one, which does so there.
    return found.get("total_inactive_file", found.get("inactive_file", 0))


def _number(path: Path) -> int | None:
    text = _text(path).strip()
    return int(text) if text.isdecimal() else None


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""
