"""The Chaco renderer: paints what a viewer holds where its viewport says."""

from __future__ import annotations

import math
from time import monotonic
from weakref import WeakMethod

from chaco.data_range_1d import DataRange1D
from chaco.linear_mapper import LinearMapper
from chaco.plot_component import PlotComponent
from pyface.qt import QtCore, QtGui
from traits.api import Bool, Float, Instance, observe

from ...model.image_viewer import ImageViewer
from ...model.screens import Screen
from .image_area import ImageArea
from .tile_painter import TilePainter

#: Seconds between repaints while tiles are coming.
REPAINT_SECONDS = 0.04


class ImagePlot(PlotComponent):
    """Paints the image of a viewer.

    Device pixel for device pixel, the area shows the tiles of the viewer's viewport.  Where one is
    on its way, the overview and the tiles of the nearest resolutions held stand in for it.  The
    mappers place axes and overlays: they map data coordinates to Enable's, as Chaco's do.
    """

    viewer = Instance(ImageViewer)

    #: Stands for this place where the viewer is shown.
    screen = Instance(Screen, ())

    #: Data x to Enable's x.
    x_mapper = Instance(LinearMapper)

    #: Data y to Enable's y.
    y_mapper = Instance(LinearMapper)

    #: Whether the image is stretched here, because the viewport has the size of another window.
    scaled = Bool()

    #: Where the viewport is in the window, as it was painted last.
    area = Instance(ImageArea, ())

    _painter = Instance(TilePainter)
    _asked = Float()
    _unpainted = Bool()
    _waking = Bool()

    #: What is behind the image is painted only where it is seen.
    bgcolor = "transparent"

    def __init__(self, **traits):
        super().__init__(**traits)
        self._follow_viewport()

    # ---- geometry --------------------------------------------------------

    @property
    def upward(self):
        """Whether y grows upwards on the screen."""
        return self.viewer.source is None or self.viewer.info.origin == "lower"

    def holds(self, x, y):
        """Return whether Enable coordinates are on the image area: on any part of a pixel of it."""
        return -0.5 <= x - self.x < self.width - 0.5 and -0.5 <= y - self.y < self.height - 0.5

    def data_at(self, x, y):
        """Return the data point at Enable coordinates."""
        return self.viewer.viewport.point_at(*self.area.pixel_at(x, y, self.viewer.viewport.shape))

    def pixel_at(self, x, y):
        """Return the pixel of the viewport at Enable coordinates, or the nearest one, as whole (column, row)."""
        shape = rows, columns = self.viewer.viewport.shape
        column, row = self.area.pixel_at(x, y, shape)
        return min(max(math.floor(column), 0), columns - 1), min(max(math.floor(row), 0), rows - 1)

    @observe("viewer.viewport, position.items, bounds.items, viewer.[source, form]")
    def _follow_viewport(self, event=None):
        if self.viewer is None or self.x_mapper is None:
            return
        x0, x1, y0, y1 = self.viewer.viewport.extent
        low, high = self.y - 0.5, self.y + self.height - 0.5
        if not self.upward:
            low, high = high, low
        self.origin = "bottom left" if self.upward else "top left"
        _place(self.x_mapper, x0, x1, self.x - 0.5, self.x + self.width - 0.5)
        _place(self.y_mapper, y0, y1, low, high)

    def __painter_default(self):
        return TilePainter(self.viewer)

    def _x_mapper_default(self):
        return LinearMapper(range=DataRange1D(low=0.0, high=1.0))

    def _y_mapper_default(self):
        return LinearMapper(range=DataRange1D(low=0.0, high=1.0))

    @observe("viewer.viewport, viewer.screens.shown_on")
    def _repaint(self, event=None):
        self._unpainted = False
        self._asked = monotonic()
        self.invalidate_and_redraw()

    @observe("viewer.pixels.refreshed")
    def _repaint_soon(self, event):
        """Repaint: at once what is complete, and now and then while tiles are coming."""
        early = self._asked + REPAINT_SECONDS - monotonic()
        if not self.viewer.pixels.held.missing or early <= 0:
            self._repaint()
            return
        self._unpainted = True
        if not self._waking:
            self._waking = True
            # No timer of its own: Qt falls over one that another thread than its own ends, and whichever thread happens
            # to collect garbage may end what is left of a closed window.
            awake = WeakMethod(self._awake)
            QtCore.QTimer.singleShot(math.ceil(early * 1000), lambda: (method := awake()) and method())

    def _awake(self):
        self._waking = False
        if self._unpainted:
            self._repaint_soon(None)

    # ---- painting --------------------------------------------------------

    def _draw_image(self, gc, view_bounds=None, mode="normal"):
        viewer = self.viewer
        left, top, right, bottom = gc.device_rect(self.x, self.y, self.x2, self.y2)
        if right <= left or bottom <= top:
            return
        if viewer.source is not None and viewer.screens.leads(self.screen):
            viewer.places.resize((bottom - top, right - left))
        painter = QtGui.QPainter(gc.qimage)
        try:
            painter.setClipRect(left, top, right - left, bottom - top)
            painter.translate(left, top)
            rows, columns = viewer.viewport.shape
            self.scaled = viewer.source is not None and (rows, columns) != (bottom - top, right - left)
            if self.scaled:
                painter.scale((right - left) / columns, (bottom - top) / rows)
            self.area = ImageArea(left, top, right, bottom, gc.base_scale, self.container.height, self.upward)
            self._painter.upward, self._painter.theme = self.upward, gc.theme
            self._painter.paint(painter)
        finally:
            painter.end()


def _place(mapper, low, high, low_pos, high_pos):
    if (mapper.range.low, mapper.range.high) != (low, high):
        mapper.range.set_bounds(low, high)
    if (mapper.low_pos, mapper.high_pos) != (low_pos, high_pos):
        mapper.screen_bounds = (low_pos, high_pos)
