"""The descriptors that a thread waits for."""

from __future__ import annotations

import selectors
from typing import Generic, TypeVar

__all__ = ["InterestSet"]

T = TypeVar("T")


class InterestSet(Generic[T]):
    """A selector that is told the events wanted of a descriptor, whether or not it has been told of it before.

    With each descriptor goes something that says whose it is.
    """

    def __init__(self) -> None:
        self._selector = selectors.DefaultSelector()
        self._events: dict[int, int] = {}

    def set(self, descriptor: int, events: int, owner: T) -> None:
        """Wait for `events` at `descriptor` from now on; for nothing if 0."""
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
        """Return the owners of those at which something happened, and what, within `timeout` seconds."""
        return [(key.data, events) for key, events in self._selector.select(timeout)]

    def close(self) -> None:
        """Wait for nothing any more."""
        self._selector.close()
