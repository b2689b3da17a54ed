"""Finds the publishers of this user on this machine."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from . import layout
from .forms import ArrayForm
from .publisher_facts import OtherLayout
from .reader import Reader

__all__ = ["FoundPublisher", "find", "found_under", "publishers"]

_LINK = f"/memfd:{layout.MEMFD_PREFIX}"
_DELETED = " (deleted)"


@dataclass(frozen=True, slots=True)
class FoundPublisher:
    """A publisher, as it was when it was looked at.

    Attributes
    ----------
    name : str
    pid, descriptor : int
        Where its control block is: ``/proc/PID/fd/DESCRIPTOR``.
    uid : int
        Of the user whose process it is.
    started : float
        When it began to publish, in seconds since 1970.
    created : int
        The same in nanoseconds of CLOCK_MONOTONIC, which tells it from all others of this machine.
    arrays : tuple of ArrayForm
        The arrays of the newest frame that was copied; before one was copied, those of the first frame, if they are
        known.
    scalars : tuple of str
        Their names.
    count : int
        Frames published so far.
    step : int or None
        Of the newest one.
    ended : bool
        Whether it says that no more frames come.
    watched : bool
        Whether somebody watches.
    console : str
        The connection file of a Jupyter kernel in its process, or empty.
    other_layout : int
        The layout of a publisher of another version of traitsview, of which only name and process are known; else 0.
    """

    name: str
    pid: int
    descriptor: int
    uid: int
    started: float = 0.0
    created: int = 0
    arrays: tuple[ArrayForm, ...] = ()
    scalars: tuple[str, ...] = ()
    count: int = 0
    step: int | None = None
    ended: bool = False
    watched: bool = False
    console: str = ""
    other_layout: int = 0

    def reader(self) -> Reader:
        """Return a reader of it; see `Reader` for what that raises."""
        return Reader(self.pid, self.descriptor)

    def is_watched(self) -> bool:
        """Whether somebody watches it now."""
        with suppress(OSError, ValueError), self.reader() as reader:
            return reader.facts().watched_until > time.monotonic_ns()
        return False


def publishers() -> tuple[FoundPublisher, ...]:
    """Return the publishers of this user whose processes live, those that began last first."""
    found = [each for pid, descriptor, name in _control_blocks() if (each := _looked_at(pid, descriptor, name))]
    return tuple(sorted(found, key=lambda each: (-each.created, each.pid)))


def find(name: str) -> FoundPublisher | None:
    """Return the publisher of a name, the one that began last if there are several; None if there is none.

    ``NAME@PID`` is the one in that process.
    """
    found = found_under(name)
    return found[0] if found else None


def found_under(name: str) -> tuple[FoundPublisher, ...]:
    """Return the publishers of a name or of ``NAME@PID`` that have not ended, those that began last first."""
    plain, _, pid = name.partition("@")
    wanted = [each for each in _control_blocks() if each[2] == plain and pid in ("", str(each[0]))]
    found = [each for block in wanted if (each := _looked_at(*block)) and each.name == plain and not each.ended]
    return tuple(sorted(found, key=lambda each: (-each.created, each.pid)))


def _control_blocks() -> Iterator[tuple[int, int, str]]:
    """Yield the process, the descriptor and the name of everything that looks like a control block."""
    me = os.geteuid()
    for entry in os.scandir("/proc"):
        if entry.name.isdecimal():
            with suppress(OSError):
                if entry.stat().st_uid == me:
                    yield from _in_process(int(entry.name))


def _in_process(pid: int) -> Iterator[tuple[int, int, str]]:
    folder = f"/proc/{pid}/fd"
    seen = set()
    for number in os.listdir(folder):
        with suppress(OSError):
            link = os.readlink(f"{folder}/{number}")
            # A map has a descriptor of its own beside that of the memfd.
            if link.startswith(_LINK) and (inode := os.stat(f"{folder}/{number}").st_ino) not in seen:
                seen.add(inode)
                yield pid, int(number), link[len(_LINK) :].removesuffix(_DELETED)


def _looked_at(pid: int, descriptor: int, name: str) -> FoundPublisher | None:
    """Return what there is to say of a publisher; None if there is none any more, or its memory is broken."""
    uid = os.geteuid()
    try:
        with Reader(pid, descriptor) as reader:
            facts = reader.facts()
            form = reader.form(facts)
            return FoundPublisher(
                facts.name,
                pid,
                descriptor,
                uid,
                time.time() - (time.monotonic_ns() - facts.created) / 1e9,
                facts.created,
                form.arrays,
                form.scalars,
                facts.count,
                facts.step,
                bool(facts.ended),
                facts.watched_until > time.monotonic_ns(),
                facts.console,
            )
    except OtherLayout as other:
        return FoundPublisher(name, pid, descriptor, uid, other_layout=other.version)
    except (OSError, ValueError):
        return None
