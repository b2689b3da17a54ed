"""The scalars of many frames in shared memory, whether or not anybody watches."""

from __future__ import annotations

import json
from collections.abc import Sequence
from math import nan

from . import layout
from .frame_slots import Scalars
from .memory import SharedMemory

__all__ = ["Series"]


class Series:
    """Keeps the scalars of the last 65,536 frames that had any.

    Parameters
    ----------
    names : sequence of str
        Of the scalars.  The first ones are kept, as many as there is room for.
    before : Series, optional
        Its rows are taken over.

    Attributes
    ----------
    names : tuple of str
    columns : int
        Numbers in a row.
    written : int
        Rows that were ever written: row ``n`` is at place ``n % 65537``.
    """

    def __init__(self, names: Sequence[str], before: Series | None = None) -> None:
        self.names = _kept(names)
        self._full = len(self.names) < len(names) or len(self.names) == layout.MOST_SERIES
        self.columns = layout.SERIES_FIRST + len(self.names)
        self.written = 0
        self.memory = SharedMemory("traitsview.live series", layout.SERIES_AT + 8 * self.columns * layout.SERIES_PLACES)
        self._bytes = memoryview(self.memory.map)
        text = json.dumps(self.names).encode()
        self._bytes[layout.SERIES_TEXT_AT : layout.SERIES_TEXT_AT + len(text)] = text
        self._bytes[: layout.WORD.size] = layout.WORD.pack(len(text))
        self._numbers = self._bytes[layout.SERIES_AT :].cast("d")
        self._places = {name: layout.SERIES_FIRST + at for at, name in enumerate(self.names)}
        if before is not None:
            self._take(before)

    def has(self, scalars: Scalars) -> bool:
        """Whether there is a column for each scalar that can have one."""
        places = self._places
        return self._full or all(name in places for name, _ in scalars)

    def write(self, count: int, step: float, time: float, scalars: Scalars) -> None:
        """Write a row, over the oldest one if there is no place left."""
        numbers, places = self._numbers, self._places
        start = self.written % layout.SERIES_PLACES * self.columns
        numbers[start] = count
        numbers[start + 1] = step
        numbers[start + 2] = time
        if len(scalars) < len(places):
            for at in range(layout.SERIES_FIRST, self.columns):
                numbers[start + at] = nan
        for name, value in scalars:
            at = places.get(name, 0)
            if at:
                numbers[start + at] = value
        self.written += 1

    def _take(self, before: Series) -> None:
        import numpy as np

        old = np.asarray(before._numbers).reshape(layout.SERIES_PLACES, before.columns)
        new = np.asarray(self._numbers).reshape(layout.SERIES_PLACES, self.columns)
        new[:, layout.SERIES_FIRST :] = nan
        new[:, : layout.SERIES_FIRST] = old[:, : layout.SERIES_FIRST]
        for name, at in before._places.items():
            new[:, self._places[name]] = old[:, at]
        self.written = before.written

    def close(self) -> None:
        """Let go of the memory."""
        self._numbers.release()
        self._bytes.release()
        self.memory.close()


def _kept(names: Sequence[str]) -> tuple[str, ...]:
    """Return the first names that fit."""
    kept: list[str] = []
    room = layout.SERIES_AT - layout.SERIES_TEXT_AT - len("[]")
    for name in names[: layout.MOST_SERIES]:
        room -= len(json.dumps(name)) + len(", ")
        if room < 0:
            break
        kept.append(name)
    return tuple(kept)
