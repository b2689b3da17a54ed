"""The Chaco renderer: paints what a viewer holds where its viewport says."""

from __future__ import annotations

import math
from dataclasses import replace
from time import monotonic

from chaco.data_range_1d import DataRange1D
from chaco.linear_mapper import LinearMapper
from chaco.plot_component import PlotComponent
from pyface.qt import QtCore, QtGui
from traits.api import Any, Bool, Float, Instance, observe

from ..model.image_viewer import ImageViewer
from .colored_tiles import ColoredTiles

#: Other resolutions that are drawn in the place of tiles that are on their way.
STAND_INS = 2

#: Seconds between repaints while tiles are coming.
SOON = 0.04


#: What is seen beside the image …
BESIDE = QtGui.QColor(224, 224, 227)

#: … and where the image has no data: paper, hatched.
PAPER, HATCH = QtGui.QColor(246, 246, 248), QtGui.QBrush(QtGui.QColor(196, 196, 206), QtCore.Qt.BDiagPattern)


class ImagePlot(PlotComponent):
    """Paints the image of a viewer.

    Device pixel for device pixel, the area shows the tiles of the viewer's viewport.  Where one is
    on its way, the overview and the tiles of the nearest resolutions held stand in for it.  The
    mappers place axes and overlays: they map data coordinates to Enable's, as Chaco's do.
    """

    viewer = Instance(ImageViewer)

    #: Data x to Enable's x.
    x_mapper = Instance(LinearMapper)

    #: Data y to Enable's y.
    y_mapper = Instance(LinearMapper)

    #: Whether the picture is stretched here: another place, which leads, has another size.
    scaled = Bool()

    _colored = Instance(ColoredTiles, ())
    _later = Any()
    _asked = Float()

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

    def data_at(self, x, y):
        """Return the data point at Enable coordinates."""
        column, row = self._pixel_at(x, y)
        return self.viewer.viewport.point_at(column, row)

    def _pixel_at(self, x, y):
        """Return Enable coordinates as (column, row) in pixels of the viewport from its first edge."""
        rows, columns = self.viewer.viewport.shape
        across, up = (x - self.x + 0.5) / self.width, (y - self.y + 0.5) / self.height
        return across * columns, (up if self.upward else 1 - up) * rows

    @observe("viewer.viewport, position.items, bounds.items, viewer.source")
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

    def _x_mapper_default(self):
        return LinearMapper(range=DataRange1D(low=0.0, high=1.0))

    def _y_mapper_default(self):
        return LinearMapper(range=DataRange1D(low=0.0, high=1.0))

    @observe("viewer.viewport, viewer.stages")
    def _repaint(self, event=None):
        self._later.stop()
        self._asked = monotonic()
        self.invalidate_and_redraw()

    @observe("viewer.refreshed")
    def _repaint_soon(self, event):
        """Repaint: at once what is complete, and now and then while tiles are coming."""
        early = self._asked + SOON - monotonic()
        if not self.viewer.missing or early <= 0:
            self._repaint()
        elif not self._later.isActive():
            self._later.start(math.ceil(early * 1000))

    def __later_default(self):
        timer = QtCore.QTimer()
        timer.setSingleShot(True)
        timer.timeout.connect(self._repaint)
        return timer

    # ---- painting --------------------------------------------------------

    def _draw_image(self, gc, view_bounds=None, mode="normal"):
        viewer = self.viewer
        left, top, right, bottom = gc.device_rect(self.x, self.y, self.x2, self.y2)
        if right <= left or bottom <= top:
            return
        if viewer.source is not None and viewer.leads(self):
            viewer.resize((bottom - top, right - left))
        painter = QtGui.QPainter(gc.qimage)
        try:
            painter.setClipRect(left, top, right - left, bottom - top)
            painter.translate(left, top)
            rows, columns = viewer.viewport.shape
            self.scaled = (rows, columns) != (bottom - top, right - left)
            if self.scaled:
                painter.scale((right - left) / columns, (bottom - top) / rows)
            self._paint(painter)
        finally:
            painter.end()

    def _paint(self, painter):
        viewer = self.viewer
        rows, columns = viewer.viewport.shape
        held = [(tile, viewer.store.get(viewer.picture, tile)) for tile in viewer.tiles]
        complete = viewer.summary is not None and all(pixels is not None for _, pixels in held)
        if not complete:
            self._paint_ground(painter, QtCore.QRect(0, 0, columns, rows))
        if viewer.summary is None:
            return
        image = _pixels_of(viewer.info, viewer.viewport)
        if complete:
            self._paint_beside(painter, image)
        else:
            self._paint_stand_ins(painter)
        for tile, pixels in held:
            if pixels is not None:
                self._paint_exactly(painter, image, tile, pixels, complete)

    def _paint_exactly(self, painter, image, tile, pixels, complete):
        viewport = self.viewer.viewport
        part = tile.overlap(image)
        if part is None:
            return
        rows, columns = part
        left, row = tile.origin[0] - viewport.origin[0] + columns.start, tile.origin[1] - viewport.origin[1]
        top = viewport.shape[0] - row - rows.stop if self.upward else row + rows.start
        picture = self._picture(pixels, part)
        if complete and picture.hasAlphaChannel():
            self._paint_ground(painter, QtCore.QRect(left, top, picture.width(), picture.height()))
        painter.drawImage(left, top, picture)

    def _paint_beside(self, painter, image):
        rows, columns = self.viewer.viewport.shape
        whole = QtCore.QRect(0, 0, columns, rows)
        inside = self._area(*image.extent).intersected(QtCore.QRectF(whole)).toRect()
        for strip in QtGui.QRegion(whole).subtracted(QtGui.QRegion(inside)):
            painter.fillRect(strip, BESIDE)

    def _paint_ground(self, painter, where):
        painter.fillRect(where, BESIDE)
        area = self._area(*self.viewer.info.extent) if self.viewer.source is not None else QtCore.QRectF()
        inside = area.intersected(QtCore.QRectF(where)).toRect()
        painter.fillRect(inside, PAPER)
        painter.fillRect(inside, HATCH)

    def _paint_stand_ins(self, painter):
        viewer = self.viewer
        overview = viewer.overview
        if overview is not None:
            painter.setRenderHint(QtGui.QPainter.SmoothPixmapTransform, True)
            self._paint_stretched(painter, overview.viewport, overview.pixels)
            painter.setRenderHint(QtGui.QPainter.SmoothPixmapTransform, False)
        viewport = viewer.viewport
        for resolution in reversed(viewer.store.nearest_grids(viewer.picture, viewport.resolution, STAND_INS)):
            there = _seen_at(viewport, resolution)
            if there.shape[0] * there.shape[1] > 16 * viewport.shape[0] * viewport.shape[1]:
                continue  # far finer tiles: many, and too small to see
            for tile in there.tiles():
                pixels = viewer.store.get(viewer.picture, tile)
                if pixels is not None:
                    self._paint_stretched(painter, tile, pixels)

    def _paint_stretched(self, painter, block, pixels):
        painter.drawImage(self._area(*block.extent), self._picture(pixels))

    def _area(self, x0, x1, y0, y1):
        """Return where an extent is on the screen, in device pixels from the first corner of the image area."""
        viewport = self.viewer.viewport
        (left, bottom), (right, top) = viewport.pixel_at(x0, y0), viewport.pixel_at(x1, y1)
        if self.upward:
            top, bottom = viewport.shape[0] - top, viewport.shape[0] - bottom
        else:
            top, bottom = bottom, top
        return QtCore.QRectF(left, top, right - left, bottom - top)

    def _picture(self, pixels, part=...):
        return self._colored.picture(pixels, self.viewer.shading, self.upward, part)


def _place(mapper, low, high, low_pos, high_pos):
    if (mapper.range.low, mapper.range.high) != (low, high):
        mapper.range.set_bounds(low, high)
    if (mapper.low_pos, mapper.high_pos) != (low_pos, high_pos):
        mapper.screen_bounds = (low_pos, high_pos)


def _pixels_of(info, viewport):
    """Return the pixels of the viewport's grid that the image touches, as a viewport."""
    (x0, x1, y0, y1), (dx, dy), (ax, ay) = info.extent, viewport.resolution, viewport.anchor
    column, row = math.floor((x0 - ax) / dx), math.floor((y0 - ay) / dy)
    shape = math.ceil((y1 - ay) / dy) - row, math.ceil((x1 - ax) / dx) - column
    return replace(viewport, origin=(column, row), shape=shape)


def _seen_at(viewport, resolution):
    """Return the viewport of another resolution that covers what `viewport` shows."""
    x0, x1, y0, y1 = viewport.extent
    (dx, dy), (ax, ay) = resolution, viewport.anchor
    first = int((x0 - ax) // dx), int((y0 - ay) // dy)
    last = int(-((ax - x1) // dx)), int(-((ay - y1) // dy))
    return type(viewport)(resolution, first, (last[1] - first[1], last[0] - first[0]), viewport.anchor)
