"""The threads that all sources of this process share, one for each processor that it may use."""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from functools import cache
from typing import TypeVar

__all__ = ["in_order", "processors", "spread"]

Item = TypeVar("Item")
Result = TypeVar("Result")


@cache
def processors() -> int:
    """Return the number of processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(processors(), thread_name_prefix="traitsview-render")


def _submitted(work: Callable[..., Result], *items: object) -> Future[Result] | None:
    """Return the future of `work` in a shared thread; None while the interpreter ends: no more work is taken then."""
    try:
        return _pool().submit(work, *items)
    except RuntimeError:
        return None


def spread(work: Callable[[Item], None], items: Sequence[Item]) -> None:
    """Call `work` with each of `items` in the shared threads and in this one, and wait for all.

    The first error is raised once nothing is running any more.
    """
    if len(items) == 1 or processors() == 1:
        for item in items:
            work(item)
        return
    waiting = deque(items)
    failed = threading.Event()

    def run() -> None:
        while not failed.is_set():
            try:
                item = waiting.popleft()
            except IndexError:
                return
            try:
                work(item)
            except BaseException:
                failed.set()
                raise

    futures = [_submitted(run) for _ in range(min(processors(), len(items)) - 1)]
    others = [other for other in futures if other is not None]
    try:
        run()
    finally:
        # Futures that have not begun have nothing left to do.  Futures that run must not outlive this call.
        begun = [other for other in others if not other.cancel()]
        wait(begun)
    for other in begun:
        other.result()


def in_order(work: Callable[[Item], Result], items: Sequence[Item]) -> Iterator[tuple[Item, Result]]:
    """Yield pairs ``(item, work(item))``.  Work begins in the order of `items`; pairs come as it is completed.

    If the consumer stops early, work that has not begun is not done.
    """
    if len(items) == 1 or processors() == 1:
        for item in items:
            yield item, work(item)
        return
    waiting = deque(items)
    running: dict[Future[Result], Item] = {}
    try:
        while waiting or running:
            while waiting and len(running) < processors() + 1:
                item = waiting.popleft()
                future = _submitted(work, item)
                if future is None:
                    yield item, work(item)
                else:
                    running[future] = item
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                item = running.pop(future)
                yield item, future.result()
    finally:
        for future in running:
            future.cancel()
        wait([future for future in running if not future.cancelled()])
