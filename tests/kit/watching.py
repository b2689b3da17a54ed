"""Watches a publisher step by step.

Other tests may publish under the same names at the same time: the process is always named.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from traitsview.live.found_publishers import FoundPublisher, find, publishers
from traitsview.live.published_frame import PublishedFrame
from traitsview.live.watch import Watch

__all__ = ["newest", "published_by", "watching"]


@contextmanager
def watching(name: str, pid: int | None = None) -> Iterator[Watch]:
    """Watch what a process, this one by default, publishes under a name.  The publisher knows it from the beginning."""
    watch = Watch(find(f"{name}@{pid or os.getpid()}").reader())
    try:
        newest(watch)
        yield watch
    finally:
        watch.close()


def newest(watch: Watch) -> PublishedFrame | None:
    """Return the newest frame with all its arrays; None if it was returned before."""
    return watch.look(lambda form: form.arrays)


def published_by(pid: int | None = None) -> tuple[FoundPublisher, ...]:
    """Return what a process, this one by default, publishes."""
    return tuple(each for each in publishers() if each.pid == (pid or os.getpid()))
