"""The numbers that a calculation has published with its frames, as curves over the steps."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...live.layout import SERIES_FIRST, SERIES_ROWS
from ...live.series_reader import SeriesRows
from ...live.watch import Watch
from ..arrays.curve_array import places_of

__all__ = ["ScalarSeries"]


class ScalarSeries:
    """Keeps the rows that were read, so that only new ones are read."""

    def __init__(self) -> None:
        self._watch: Watch | None = None
        self._read = SeriesRows()

    def rows(self, watch: Watch, names: Sequence[str]) -> tuple[np.ndarray, str, np.ndarray]:
        """Return curves, and where their numbers are.

        Returns
        -------
        rows : ndarray, (names, numbers), float64
            The last 65,536 numbers of each name; NaN where there is none.
        axis : str
            ``"time"``, ``"step"`` or ``"frame"``, which counts all that were published; see `places_of`.
        places : ndarray, (numbers,), float64
        """
        if watch is not self._watch:
            self._watch, self._read = watch, SeriesRows()
        known = self._read
        new = watch.reader.series(watch.facts, known.written)
        if new.names != known.names:
            new = watch.reader.series(watch.facts)
            known = SeriesRows(new.names)
        if len(new.rows):
            rows = np.concatenate([known.rows, new.rows])[-SERIES_ROWS:] if len(known.rows) else new.rows
            known = SeriesRows(new.names, rows, new.written)
        self._read = known
        curves = np.full((len(names), max(1, len(known.rows))), np.nan)
        for row, name in zip(curves, names, strict=True):
            if name in known.names and len(known.rows):
                row[:] = known.rows[:, SERIES_FIRST + known.names.index(name)]
        if not len(known.rows):
            return curves, "frame", np.zeros(1)
        return curves, *places_of(*known.rows.T[:SERIES_FIRST])
