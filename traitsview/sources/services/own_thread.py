"""Work done in the thread that asks for it: takes the place of ``reducing.workers`` inside another program.

A program that somebody looks into gives no processors away: see `far_bundle`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

__all__ = ["in_order", "processors", "spread"]

Item = TypeVar("Item")
Result = TypeVar("Result")


def processors() -> int:
    """Return 1."""
    return 1


def spread(work: Callable[[Item], None], items: Sequence[Item]) -> None:
    """Call `work` with each of `items`."""
    for item in items:
        work(item)


def in_order(work: Callable[[Item], Result], items: Sequence[Item]) -> Iterator[tuple[Item, Result]]:
    """Yield pairs ``(item, work(item))``."""
    for item in items:
        yield item, work(item)
