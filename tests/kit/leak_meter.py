"""Finds what a process goes on holding: descriptors, threads, children, files and memory."""

from __future__ import annotations

import gc
import os
import threading
from dataclasses import dataclass
from pathlib import Path

from traitsview.remote.host import memory
from traitsview.remote.protocol import endpoint
from traitsview.sources.reducing.workers import processors

from .patience import attempts

__all__ = ["Held", "assert_nothing_left", "children_of", "held"]


@dataclass(frozen=True)
class Held:
    """Descriptors, threads, children and runtime files of this process, and its resident memory in bytes.

    Threads that render are not counted.  All sources share them; they begin one by one and stay, and there are never
    more of them than processors.
    """

    descriptors: int
    threads: int
    children: int
    files: int
    memory: int


def held() -> Held:
    """Return what this process holds now, after a garbage collection.

    Memory that was freed does not count: it is given back to the system first, which the allocator may do much later in
    a process that has run many tests.
    """
    gc.collect()
    memory.give_back()
    rendering = sum(thread.name.startswith("traitsview-render") for thread in threading.enumerate())
    assert rendering <= processors()
    return Held(
        len(os.listdir("/proc/self/fd")),
        threading.active_count() - rendering,
        len(children_of(os.getpid())),
        len(list(endpoint.runtime_folder().iterdir())),
        int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE"),
    )


def children_of(pid: int) -> list[int]:
    """Return the children of the process `pid` that have not ended."""
    found = []
    for each in Path("/proc").iterdir():
        if each.name.isdecimal():
            try:
                state, parent = (each / "stat").read_text().rsplit(")", 1)[1].split()[:2]
            except OSError:
                continue
            if int(parent) == pid and state not in "ZX":
                found.append(int(each.name))
    return found


def assert_nothing_left(before: Held, memory: int | None = None) -> None:
    """Fail if this process goes on holding more than `before`; its memory may grow by `memory` bytes, None for any."""
    for _ in attempts(lambda: f"({before} became {held()}: {threading.enumerate()})", pause=0.05):
        now = held()
        counts = ("descriptors", "threads", "children", "files")
        left = [name for name in counts if getattr(now, name) > getattr(before, name)]
        if not left and (memory is None or now.memory - before.memory <= memory):
            return
