"""The numbers that a calculation has published with its frames, as curves over the steps."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...live.layout import SERIES_FIRST, SERIES_ROWS
from ...live.series_reader import SeriesRows
from ...live.watch import Watch

__all__ = ["ScalarSeries"]


class ScalarSeries:
    """Keeps the rows that were read, so that only new ones are read."""

    def __init__(self) -> None:
        self._watch: Watch | None = None
        self._read = SeriesRows()

    def rows(self, watch: Watch, names: Sequence[str]) -> tuple[np.ndarray, tuple[float, float]]:
        """Return curves, and the x of their ends.

        Returns
        -------
        rows : ndarray, (names, numbers), float64
            The last 65,536 numbers of each name; NaN where there is none.
        ends : (float, float)
            Steps, if they are equally far from each other; otherwise numbers are counted.
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
        count = max(1, len(known.rows))
        curves = np.full((len(names), count), np.nan)
        for row, name in zip(curves, names, strict=True):
            if name in known.names and len(known.rows):
                row[:] = known.rows[:, SERIES_FIRST + known.names.index(name)]
        return curves, _ends(known.rows[:, 1], count)


def _ends(steps: np.ndarray, count: int) -> tuple[float, float]:
    """Return the edges of the first and of the last number on the axis of steps: half a step before and behind them."""
    if len(steps) > 1:
        apart = steps[1] - steps[0]
        if apart > 0 and np.all(np.diff(steps) == apart):
            return float(steps[0] - apart / 2), float(steps[-1] + apart / 2)
    return -0.5, count - 0.5
