"""The area of a chart: the lines of its curves, between mappers that axes share."""

from __future__ import annotations

from chaco.data_range_1d import DataRange1D
from chaco.linear_mapper import LinearMapper
from chaco.plot_component import PlotComponent
from traits.api import Any, Instance, List, observe

from ...model.charts.chart import Chart
from ...model.charts.paths import path
from ..image.canvas_painter import painting
from .curve_line import CurveLine
from .line_styles import line_style

__all__ = ["ChartPlot"]

#: Length of the line that stands for a point without neighbours, in Enable pixels.
DOT_LENGTH = 4.0

#: Width of a line, in Enable pixels.
LINE_WIDTH = 1.25


class ChartPlot(PlotComponent):
    """Paints the curves of a chart where its view says."""

    chart = Instance(Chart)

    x_mapper = Instance(LinearMapper)
    y_mapper = Instance(LinearMapper)

    bgcolor = "transparent"

    #: The lines, one for each curve that is painted.
    lines = List(Instance(CurveLine))

    #: What the lines were made of.
    _made_of = Any()

    def _x_mapper_default(self):
        return LinearMapper(range=DataRange1D(low=0.0, high=1.0))

    def _y_mapper_default(self):
        return LinearMapper(range=DataRange1D(low=0.0, high=1.0))

    def holds(self, x, y):
        """Return whether Enable coordinates are on the area."""
        return -0.5 <= x - self.x < self.width - 0.5 and -0.5 <= y - self.y < self.height - 0.5

    def data_at(self, x, y):
        """Return the place (x, y) of the chart at Enable coordinates."""
        x0, x1, y0, y1 = self.chart.view
        across = (x - self.x + 0.5) / max(self.width, 1)
        up = (y - self.y + 0.5) / max(self.height, 1)
        return x0 + (x1 - x0) * across, y0 + (y1 - y0) * up

    @observe("chart.view, position.items, bounds.items")
    def _place(self, event=None):
        if self.chart is None or self.x_mapper is None:
            return
        x0, x1, y0, y1 = self.chart.view
        _put(self.x_mapper, x0, x1, self.x - 0.5, self.x + self.width - 0.5)
        _put(self.y_mapper, y0, y1, self.y - 0.5, self.y + self.height - 0.5)
        self.invalidate_and_redraw()

    @observe("chart.[lines, hidden, log]")
    def _repaint(self, event):
        self.invalidate_and_redraw()

    def _draw_plot(self, gc, view_bounds=None, mode="normal"):
        with painting(gc) as painter:
            painter.qt.fillRect(painter.rect(self.x, self.y, self.x2, self.y2), painter.theme.paper)
        self._make_lines(gc.theme)
        for line in self.lines:
            line.paint(gc)

    def _make_lines(self, theme):
        """Give each curve that is shown its line."""
        chart = self.chart
        place = tuple(self.position), tuple(self.bounds)
        made_of = chart.lines, chart.hidden, chart.log, chart.view, place, theme.paper.rgb()
        if self._made_of is not None and all(a is b or a == b for a, b in zip(self._made_of, made_of, strict=True)):
            return
        self._made_of = made_of
        painted = chart.painted() if chart.lines is not None else []
        del self.lines[len(painted) :]
        while len(self.lines) < len(painted):
            self.lines.append(CurveLine(index_mapper=self.x_mapper, value_mapper=self.y_mapper, line_width=LINE_WIDTH))
        if not painted:
            return
        (low, high), (x0, x1, y0, y1) = chart.values(), chart.view
        dot = (x1 - x0) / max(self.width, 1) * DOT_LENGTH
        for line, at in zip(self.lines, painted, strict=True):
            color, dash = line_style(at, theme.paper)
            line.trait_set(color=color.getRgbF(), line_style=dash, position=place[0], bounds=place[1])
            line.take(path(chart.lines.x, low[at], high[at], (x0, x1), (y0, y1), dot))


def _put(mapper, low, high, first, last):
    if (mapper.range.low, mapper.range.high) != (low, high):
        mapper.range.set_bounds(low, high)
    if (mapper.low_pos, mapper.high_pos) != (first, last):
        mapper.screen_bounds = (first, last)
