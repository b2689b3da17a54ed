"""Finds out how much memory a process may use, and how much of it is used."""

from __future__ import annotations

import os
import resource
from pathlib import Path

__all__ = ["available", "bounds"]

# cgroup v1 says "no limit" as the largest multiple of a page.
_NO_LIMIT = 1 << 60


def available(root: Path = Path("/")) -> int:
    """Return how many bytes this process may still take without swapping or being ended.

    This is the least of what the machine, the control groups of the process and ``RLIMIT_AS`` leave.  `root` is the
    folder that holds ``proc`` and ``sys``.
    """
    return max(0, min(limit - used for limit, used in bounds(root)))


def bounds(root: Path = Path("/")) -> list[tuple[int, int]]:
    """Return (limit, use) in bytes for everything that limits this process.  This takes about 0.1 ms."""
    found = [_machine(root), *_control_groups(root)]
    most = resource.getrlimit(resource.RLIMIT_AS)[0]
    if most != resource.RLIM_INFINITY:
        pages = _text(root / "proc/self/statm").split()
        found.append((most, int(pages[0]) * resource.getpagesize() if pages else 0))
    return found


def _machine(root: Path) -> tuple[int, int]:
    lines = (line.split() for line in _text(root / "proc/meminfo").splitlines())
    # In kB, which are 1024 bytes.
    sizes = {words[0]: int(words[1]) << 10 for words in lines if len(words) > 1 and words[1].isdecimal()}
    total = sizes.get("MemTotal:", os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    return total, total - sizes.get("MemAvailable:", sizes.get("MemFree:", total))


def _control_groups(root: Path) -> list[tuple[int, int]]:
    """Return (limit, use) of each control group of the process, and of the groups around it."""
    found = []
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
                found.append((limit, max(0, used - _inactive_files(folder))))
    return found


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
