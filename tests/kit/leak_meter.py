"""What a process holds, before and after."""

from __future__ import annotations

import gc
import os
import threading
from dataclasses import dataclass
from pathlib import Path

from traitsview.remote.protocol import endpoint
from traitsview.sources.reducing.workers import processors

from .patience import attempts

__all__ = ["Held", "assert_nothing_left", "children_of", "held"]


@dataclass(frozen=True)
class Held:
    """Descriptors, threads, children and runtime files of this process, and its resident memory in bytes.

    The threads that render are not counted: they are shared by all sources, begin one by one and stay, and are never
    more than there are processors.
    """

    descriptors: int
    threads: int
    children: int
    files: int
    memory: int


def held() -> Held:
    """Return what this process holds now, after what nobody refers to was collected."""
    gc.collect()
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
    """Return the processes that `pid` has started and that have not ended."""
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
    """Fail if this process goes on holding more than `before`, or `memory` bytes more, if that is given."""
    for _ in attempts(lambda: f"({before} became {held()}: {threading.enumerate()})", pause=0.05):
        now = held()
        counts = ("descriptors", "threads", "children", "files")
        left = [name for name in counts if getattr(now, name) > getattr(before, name)]
        if not left and (memory is None or now.memory - before.memory <= memory):
            return
