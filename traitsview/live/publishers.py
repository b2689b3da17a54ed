"""Finds the publishers of this user on this machine."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from . import layout
from .publisher_facts import OtherLayout
from .reader import Reader

__all__ = ["Found", "find", "publishers"]

_LINK = f"/memfd:{layout.MEMFD_PREFIX}"
_DELETED = " (deleted)"


@dataclass(frozen=True, slots=True)
class Found:
    """A publisher.

    Attributes
    ----------
    name : str
    pid, descriptor : int
        Where its control block is.
    created : int
        Nanoseconds of CLOCK_MONOTONIC.
    other_layout : int
        The layout of a publisher of another version, else 0.
    """

    name: str
    pid: int
    descriptor: int
    created: int = 0
    other_layout: int = 0

    def reader(self) -> Reader:
        """Return a reader of it; see `Reader` for what that raises."""
        return Reader(self.pid, self.descriptor)


def publishers() -> tuple[Found, ...]:
    """Return the publishers of this user that live, those that began last first."""
    found = list(_found())
    return tuple(sorted(found, key=lambda each: -each.created))


def find(name: str) -> Found | None:
    """Return the publisher of a name, the one that began last if there are several, or None.

    ``NAME@PID`` is the one in that process.
    """
    plain, _, pid = name.partition("@")
    fitting = [each for each in publishers() if each.name == plain and (not pid or str(each.pid) == pid)]
    return fitting[0] if fitting else None


def _found() -> Iterator[Found]:
    me = os.geteuid()
    for entry in os.scandir("/proc"):
        if not entry.name.isdecimal():
            continue
        with suppress(OSError):
            if entry.stat().st_uid == me:
                yield from _in_process(int(entry.name))


def _in_process(pid: int) -> Iterator[Found]:
    folder = f"/proc/{pid}/fd"
    seen = set()
    for number in os.listdir(folder):
        with suppress(OSError):
            link = os.readlink(f"{folder}/{number}")
            # A map has a descriptor of its own beside that of the memfd.
            if link.startswith(_LINK) and (inode := os.stat(f"{folder}/{number}").st_ino) not in seen:
                seen.add(inode)
                found = _looked_at(pid, int(number), link[len(_LINK) :].removesuffix(_DELETED))
                if found is not None:
                    yield found


def _looked_at(pid: int, descriptor: int, name: str) -> Found | None:
    try:
        with Reader(pid, descriptor) as reader:
            facts = reader.facts()
            return None if facts.ended else Found(facts.name, pid, descriptor, facts.created)
    except OtherLayout as other:
        return Found(name, pid, descriptor, other_layout=other.version)
    except ValueError:
        return None
