"""The scalars of many frames, as they are read."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from . import layout
from .foreign_memory import ForeignMemory
from .publisher_facts import BrokenMemory, PublisherFacts

__all__ = ["SeriesRows", "rows_of"]


def _no_rows() -> np.ndarray:
    return np.empty((0, layout.SERIES_FIRST))


@dataclass(frozen=True, eq=False, slots=True)
class SeriesRows:
    """Rows of scalars.

    Attributes
    ----------
    names : tuple of str
        Of the scalars.
    rows : ndarray, (rows, 3 + scalars), float64
        The count of the frame, its step, its time, then the scalars; NaN where there is none.
    written : int
        How many rows were written up to the last one of these.
    """

    names: tuple[str, ...] = ()
    rows: np.ndarray = field(default_factory=_no_rows)
    written: int = 0


def rows_of(memory: ForeignMemory, facts: PublisherFacts, after: int, written_now: Callable[[], int]) -> SeriesRows:
    """Return the rows after the first `after` ones; `written_now` returns how many were ever written.

    Raises
    ------
    BrokenMemory
        If there is something that no publisher writes.
    """
    names = _names(memory.read(0, layout.SERIES_AT))
    columns = layout.SERIES_FIRST + len(names)
    if columns != facts.series_columns:
        return SeriesRows()  # the memory of more scalars follows in a moment
    first, last = max(after, facts.series_written - layout.SERIES_ROWS, 0), facts.series_written
    rows = np.empty((max(0, last - first), columns))
    at = 0
    while at < len(rows):
        place = (first + at) % layout.SERIES_PLACES
        part = rows[at : at + layout.SERIES_PLACES - place]
        memory.read_into(part, layout.SERIES_AT + 8 * columns * place)
        at += len(part)
    # Rows that were written meanwhile, and the one that is being written now, lie over the oldest ones.
    lost = max(0, written_now() + 1 - layout.SERIES_PLACES - first)
    return SeriesRows(names, rows[lost:], last)


def _names(head: bytes) -> tuple[str, ...]:
    (length,) = layout.WORD.unpack_from(head) if len(head) == layout.SERIES_AT else (0,)
    try:
        names = json.loads(head[layout.SERIES_TEXT_AT : layout.SERIES_TEXT_AT + min(max(length, 0), layout.SERIES_AT)])
        if not isinstance(names, list) or len(names) > layout.MOST_SERIES:
            raise ValueError("no list")
        if not all(isinstance(name, str) and len(name) <= 256 for name in names):
            raise ValueError("no text")
    except (ValueError, RecursionError) as error:
        raise BrokenMemory(f"the names of its series are broken ({error})") from error
    return tuple(names)
