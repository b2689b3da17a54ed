"""The line of one curve: Chaco's line plot, on a path that is cut and thinned already."""

from __future__ import annotations

import numpy as np
from chaco.array_data_source import ArrayDataSource
from chaco.plots.lineplot import LinePlot
from kiva.constants import JOIN_BEVEL
from traits.api import Any

__all__ = ["CurveLine"]


class CurveLine(LinePlot):
    """Paints a path.  Chaco's own choice of visible points, which costs a pass over all of them, is left out."""

    #: Parts of the path without gaps, each (n, 2) in data coordinates.
    parts = Any(())

    def __init__(self, **traits):
        super().__init__(index=ArrayDataSource(np.empty(0)), value=ArrayDataSource(np.empty(0)), **traits)

    def take(self, path):
        """Paint a path, (n, 2) float64; it has a gap where y is NaN."""
        gaps = np.flatnonzero(np.isnan(path[:, 1]))
        parts = np.split(path, gaps) if gaps.size else [path]
        self.parts = [part for part in (part[int(np.isnan(part[:1, 1]).any()) :] for part in parts) if len(part) > 1]
        self._cache_valid = self._screen_cache_valid = False

    def paint(self, gc):
        """Paint the line, within its bounds."""
        self._render(gc, self.get_screen_points())

    def _gather_points(self):
        self._cached_data_pts = self.parts
        self._cache_valid = True

    def _render(self, gc, points, selected_points=None):
        with gc:
            gc.set_line_join(JOIN_BEVEL)  # the tips of steep lines would be longer than the values are
            super()._render(gc, points, selected_points)
