"""What is painted of a chart: the curves with their axes, the title, the legend, and the line under the mouse."""

from __future__ import annotations

import numpy as np
from chaco.base_plot_container import BasePlotContainer
from enable.abstract_overlay import AbstractOverlay
from pyface.qt import QtCore, QtGui
from traits.api import Instance, observe

from ...model.charts.chart import Chart
from ...model.image_viewer import ImageViewer
from ...model.screens import Screen
from ..image.axes import CHARACTER_WIDTH, DistinctTicks, axis_title, image_axis, widest_label
from ..image.canvas_painter import painting
from ..qt.device_pixels import rounded_up
from .chart_plot import ChartPlot
from .chart_tool import ChartTool
from .decade_ticks import DecadeTicks
from .legend import Legend

__all__ = ["ChartCanvas"]

#: Room around the curves, in Enable pixels.
LEFT_MARGIN = 78
RIGHT_MARGIN = 16
BOTTOM_MARGIN = 48
TOP_MARGIN = 30

#: `LEFT_MARGIN` is room enough for a label of this many characters.
SHORT_LABEL_CHARACTERS = 6

#: Enable pixels between labels on the left, at least: charts may be low.
LABEL_SPACING = 34

#: Painted inside a box that is being drawn.
BOX_COLOR = QtGui.QColor(51, 128, 255, 40)


class ChartCanvas(BasePlotContainer):
    """Lays out and paints all of a chart except its controls and its status line."""

    viewer = Instance(ImageViewer)

    chart = Instance(Chart)

    plot = Instance(ChartPlot)
    legend = Instance(Legend)
    tool = Instance(ChartTool)

    #: Stands for this place where the viewer is shown.
    screen = Instance(Screen, ())

    bgcolor = "transparent"
    fit_window = True
    resizable = "hv"

    def __init__(self, viewer, **traits):
        super().__init__(viewer=viewer, chart=viewer.chart, **traits)
        self.plot = ChartPlot(chart=self.chart)
        self.legend = Legend(chart=self.chart)
        self._bottom = image_axis(self.plot, "bottom", self.plot.x_mapper)
        self._left = image_axis(self.plot, "left", self.plot.y_mapper)
        self._plain_ticks = self._left.tick_generator = DistinctTicks(LABEL_SPACING)
        self.plot.overlays.extend([self._bottom, self._left])
        self.tool = ChartTool(self, viewer=viewer, plot=self.plot, legend=self.legend)
        self.plot.overlays.append(CursorLine(self.plot, chart=self.chart, tool=self.tool))
        self.add(self.plot, self.legend)
        self.overlays.append(ChartTitle(self, chart=self.chart, plot=self.plot))
        self.tools.append(self.tool)
        self._name_axes()

    def _do_layout(self):
        ratio = 1.0 if self.window is None else self.window.base_pixel_scale
        width, height = (int(size) for size in self.bounds)
        left, legend = rounded_up(self._left_margin(), ratio), int(self.legend.room)
        across = max(width - left - RIGHT_MARGIN - legend, 1)
        up = max(height - BOTTOM_MARGIN - TOP_MARGIN, 1)
        _put(self.plot, left, BOTTOM_MARGIN, across, up)
        _put(self.legend, left + across + RIGHT_MARGIN // 2, BOTTOM_MARGIN, legend, up)
        self._left.title_spacing = left - 22.0
        self.chart.columns = max(round(across * ratio), 16)

    def _left_margin(self):
        """Return the room for the labels on the left, in steps, so that panning seldom moves the curves."""
        if self.chart.log:
            return LEFT_MARGIN
        _, _, y0, y1 = self.chart.view
        longer = widest_label(y0, y1, self.plot.height or 600) - SHORT_LABEL_CHARACTERS
        return LEFT_MARGIN if longer <= 0 else LEFT_MARGIN + CHARACTER_WIDTH * 4 * -(-longer // 4)

    @observe("chart.[view, names]", post_init=True)
    def _make_room(self, event):
        if (self.plot.x, self.legend.width) != (self._left_margin(), int(self.legend.room)):
            self._layout_needed = True
            self.invalidate_and_redraw()

    @observe("chart.[frame, names, log]", post_init=True)
    def _name_axes(self, event=None):
        info, names = (self.viewer.info if self.chart.active else None), self.chart.names
        self._bottom.title = axis_title(info.axes[-1] if info is not None and info.axes else None, "x")
        name = names[0] if len(names) == 1 else ""
        unit = info.unit if info is not None else ""
        self._left.title = f"{name} ({unit})" if name and unit else name or unit
        self._left.tick_generator = DecadeTicks(LABEL_SPACING) if self.chart.log else self._plain_ticks
        self._left._ticks = None, ()
        self.invalidate_and_redraw()


class ChartTitle(AbstractOverlay):
    """Name, step and time above the curves."""

    chart = Instance(Chart)
    plot = Instance(ChartPlot)

    def overlay(self, component, gc, view_bounds=None, mode="normal"):
        """Write the title."""
        with painting(gc) as painter:
            middle, y = self.plot.x + self.plot.width / 2, self.plot.y2 + TOP_MARGIN / 2
            painter.write(self.chart.title, middle, y, painter.theme.text, QtCore.Qt.AlignCenter)


class CursorLine(AbstractOverlay):
    """The line at the place whose values are read, and the box that is being drawn."""

    chart = Instance(Chart)
    tool = Instance(ChartTool)

    def overlay(self, component, gc, view_bounds=None, mode="normal"):
        """Paint both, if they are there."""
        with painting(gc) as painter:
            place = self.chart.read_at
            if place is not None and self.tool.box is None:
                x = float(component.x_mapper.map_screen(np.array([place]))[0])
                if component.x <= x <= component.x2:
                    painter.upright(x, component.y, component.y2, painter.theme.faint)
            if self.tool.box is not None:
                x, x2, y, y2 = self.tool.box
                inside = painter.rect(x, y, x2, y2)
                painter.qt.fillRect(inside, BOX_COLOR)
                painter.qt.setPen(painter.theme.accent)
                painter.qt.drawRect(inside)

    @observe("chart.read_at, tool.box", post_init=True)
    def _repaint(self, event):
        self.component.invalidate_and_redraw()


def _put(component, x, y, width, height):
    if list(component.position) != [x, y]:
        component.position = [x, y]
    if list(component.bounds) != [width, height]:
        component.bounds = [width, height]
