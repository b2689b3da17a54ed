"""The descriptors that a thread waits for."""

from __future__ import annotations

import selectors
from typing import Generic, TypeVar

__all__ = ["InterestSet"]

T = TypeVar("T")


class InterestSet(Generic[T]):
    """A selector in which `set` names all events that are wanted of a descriptor, old or new.

    Each descriptor has an owner, which `wait` returns.
    """

    def __init__(self) -> None:
        self._selector = selectors.DefaultSelector()
        self._events: dict[int, int] = {}

    def set(self, descriptor: int, events: int, owner: T) -> None:
        """Wait for `events` at `descriptor` from now on; with 0, forget the descriptor."""
        was = self._events.get(descriptor, 0)
        if was == events:
            return
        if not events:
            self._selector.unregister(descriptor)
            del self._events[descriptor]
            return
        if was:
            self._selector.modify(descriptor, events, owner)
        else:
            self._selector.register(descriptor, events, owner)
        self._events[descriptor] = events

    def wait(self, timeout: float | None) -> list[tuple[T, int]]:
        """Wait at most `timeout` seconds; return (owner, events) of each descriptor at which events have happened."""
        return [(key.data, events) for key, events in self._selector.select(timeout)]

    def close(self) -> None:
        """Forget all descriptors."""
        self._selector.close()
