"""Telling the host that nobody waits for an answer any more."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from ...errors import HostError
from ...sources.image_source import never
from .link import Link

__all__ = ["forgotten"]

#: Seconds between two questions whether an answer is still wanted.
_ASK_SECONDS = 0.02


@contextmanager
def forgotten(link: Link, number: int, stale: Callable[[], bool]) -> Iterator[None]:
    """Have the host forget the question number `number` if `stale` says True within the block.

    `stale` is asked in another thread, while the one of the block waits for the answer.
    """
    if stale is never:
        yield
        return
    over = threading.Event()

    def watch() -> None:
        while not over.wait(_ASK_SECONDS):
            if stale():
                # Again and again: the question may come to the host after what is said of it.
                with suppress(HostError):
                    link.control.post("forget", number)

    watcher = threading.Thread(target=watch, name="traitsview question", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()
