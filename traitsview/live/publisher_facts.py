"""What the control block of a publisher says, with every number checked."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from ..errors import printable
from . import layout

__all__ = ["BrokenMemory", "OtherLayout", "PublisherFacts", "facts_of_block"]

_WORDS = struct.Struct("=64q")

#: No publisher has more slots.
_MOST_SLOTS = 1024


class BrokenMemory(ValueError):
    """The memory of a publisher holds what no publisher writes."""


class OtherLayout(ValueError):
    """A publisher of another version of traitsview.

    Parameters
    ----------
    version : int
        Of its layout.
    pid : int
        Of its process.
    """

    def __init__(self, version: int, pid: int) -> None:
        self.version, self.pid = version, pid
        super().__init__(f"it publishes in layout {version}, and this traitsview reads layout {layout.VERSION}")


@dataclass(frozen=True, slots=True)
class PublisherFacts:
    """What a publisher says of itself at one moment.

    Attributes
    ----------
    name : str
    pid, start_ticks : int
        Its process, and when that was started; see `processes.start_ticks`.
    created, watched_until, ended : int
        Nanoseconds of CLOCK_MONOTONIC; `ended` is 0 while it goes on.
    count : int
        Frames published so far.
    step : int or None
        Of the newest one; None before the first.
    newest : int
        The sequence number of the newest frame that was copied, 0 if none was.
    slots_descriptor, slots_inode, slots, slot_bytes : int
        Where the slots are.  The descriptor is 0 where there are none.
    series_descriptor, series_inode, series_columns, series_written : int
        Where the series of scalars is, the numbers in one of its rows, and how many rows were ever written.
    announced : int
        Bytes of the form that was announced before anybody watched.
    why : str
        Why it ended, if not in the usual way.
    console : str
        The connection file of a kernel in the calculation, or empty.
    """

    name: str
    pid: int
    start_ticks: int
    created: int
    watched_until: int
    ended: int
    count: int
    step: int | None
    newest: int
    slots_descriptor: int
    slots_inode: int
    slots: int
    slot_bytes: int
    series_descriptor: int
    series_inode: int
    series_columns: int
    series_written: int
    announced: int
    why: str
    console: str


def facts_of_block(block: bytes) -> PublisherFacts:
    """Return what a control block says.

    Raises
    ------
    OtherLayout
        If it is of another version.
    BrokenMemory
        If it is none.
    """
    if len(block) < layout.FIRST_BYTES:
        raise BrokenMemory(f"its control block ends after {len(block)} bytes")
    words = _WORDS.unpack_from(block)
    if words[layout.MAGIC_WORD] != layout.MAGIC:
        raise BrokenMemory("its control block does not begin as one")
    if words[layout.VERSION_WORD] != layout.VERSION:
        raise OtherLayout(words[layout.VERSION_WORD], words[layout.PID])
    for at, most in _LIMITS.items():
        if not 0 <= words[at] <= most:
            raise BrokenMemory(f"word {at} of its control block is {words[at]}")
    slots = words[layout.SLOTS_FD]
    if slots and (words[layout.SLOTS] < 1 or words[layout.SLOT_BYTES] < layout.ARRAYS_AT):
        raise BrokenMemory("it has slots for no arrays")
    return PublisherFacts(
        name=_text(block, layout.NAME_AT, words[layout.NAME_LENGTH]),
        pid=words[layout.PID],
        start_ticks=words[layout.START_TICKS],
        created=words[layout.CREATED],
        watched_until=words[layout.WATCHED_UNTIL],
        ended=words[layout.ENDED],
        count=words[layout.COUNT],
        step=words[layout.STEP] if words[layout.COUNT] else None,
        newest=words[layout.NEWEST],
        slots_descriptor=slots,
        slots_inode=words[layout.SLOTS_INODE],
        slots=words[layout.SLOTS],
        slot_bytes=words[layout.SLOT_BYTES],
        series_descriptor=words[layout.SERIES_FD],
        series_inode=words[layout.SERIES_INODE],
        series_columns=words[layout.SERIES_COLUMNS],
        series_written=words[layout.SERIES_WRITTEN],
        announced=words[layout.ANNOUNCED_LENGTH],
        why=_text(block, layout.WHY_AT, words[layout.WHY_LENGTH]),
        console=_text(block, layout.CONSOLE_AT, words[layout.CONSOLE_LENGTH]),
    )


_LIMITS = {
    layout.PID: 1 << 31,
    layout.COUNT: 1 << 62,
    layout.NEWEST: 1 << 62,
    layout.SLOTS_FD: 1 << 31,
    layout.SLOTS: _MOST_SLOTS,
    layout.SLOT_BYTES: layout.LARGEST_BYTES,
    layout.SERIES_FD: 1 << 31,
    layout.SERIES_COLUMNS: layout.SERIES_FIRST + layout.MOST_SCALARS,
    layout.NAME_LENGTH: layout.NAME_BYTES,
    layout.WHY_LENGTH: layout.WHY_BYTES,
    layout.CONSOLE_LENGTH: layout.CONSOLE_BYTES,
    layout.SERIES_WRITTEN: 1 << 62,
    layout.ANNOUNCED_LENGTH: layout.ANNOUNCED_BYTES,
}


def _text(block: bytes, at: int, length: int) -> str:
    return printable(block[at : at + length].decode(errors="replace"))
