"""What is painted over a live image: its parts that are late, lost or missing, and why it has no frame yet."""

from __future__ import annotations

from enable.abstract_overlay import AbstractOverlay
from pyface.qt import QtCore, QtGui
from traits.api import Bool, Instance, observe

from ...model.image_viewer import ImageViewer
from ...model.live_words import late_parts, part_text
from .canvas_painter import painting, text_width
from .image_plot import ImagePlot

__all__ = ["LiveMarks"]

#: Between a name and the edge of its part, in Enable pixels.
SPACE = 6

#: Height of the ground of a name, in Enable pixels.
LINE_HEIGHT = 16


class LiveMarks(AbstractOverlay):
    """Hatches each part of which no newer frame comes, with its name, step and age; says what is waited for."""

    viewer = Instance(ImageViewer)

    plot = Instance(ImagePlot)

    #: Whether there was hatching.
    _marked = Bool()

    def overlay(self, component, gc, view_bounds=None, mode="normal"):
        """Paint the hatching, if there is any."""
        frame = self.viewer.frame
        if frame is not None and frame.info.live and not frame.version:
            self._say(gc, frame.state)
        parts = () if frame is None else late_parts(frame)
        if not parts:
            return
        with painting(gc) as painter:
            plot = self.plot
            inside = painter.rect(plot.x, plot.y, plot.x2, plot.y2)
            painter.qt.setClipRect(inside)
            for part in parts:
                self._paint(painter, part, inside)

    def _say(self, gc, text):
        """Write why there is no frame yet in the middle of the image."""
        plot = self.plot
        middle, above = plot.x + plot.width / 2, plot.y + plot.height / 2
        across, up = text_width(text) / 2 + SPACE, LINE_HEIGHT / 2
        with painting(gc) as painter:
            ground = painter.rect(middle - across, above - up, middle + across, above + up)
            painter.qt.fillRect(ground, painter.theme.paper)
            painter.write(text, middle, above, painter.theme.text, QtCore.Qt.AlignCenter)

    def _paint(self, painter, part, inside):
        place = self._place(painter, part.extent).intersected(inside)
        if place.isEmpty():
            return
        theme, qt = painter.theme, painter.qt
        # Dark and light stripes side by side are seen on any colormap.
        for color, shift in ((QtGui.QColor(0, 0, 0, 150), 0), (QtGui.QColor(255, 255, 255, 170), 2 * painter.thin)):
            brush = QtGui.QBrush(color, QtCore.Qt.BDiagPattern)
            qt.setBrushOrigin(shift, 0)
            qt.fillRect(place, brush)
        edge = QtGui.QRegion(place) - place.adjusted(*(painter.thin * at for at in (1, 1, -1, -1)))
        for strip in edge:
            qt.fillRect(strip, theme.old)
        text = part_text(part)
        ratio = painter.ratio
        width, height = (text_width(text) + 2 * SPACE) * ratio, LINE_HEIGHT * ratio
        if width > place.width():
            text = part.name
            width = (text_width(text) + 2 * SPACE) * ratio
        ground = QtCore.QRectF(place.left() + SPACE * ratio, place.top() + SPACE * ratio, width, height)
        if not QtCore.QRectF(place).contains(ground):
            return
        qt.fillRect(ground.toRect(), theme.paper)
        x, y = painter.place_of(ground.left() + SPACE * ratio, ground.center().y())
        painter.write(text, x, y, theme.old)

    def _place(self, painter, extent):
        """Return the pixels of the screen of a part, as a QRect."""
        viewport, area = self.viewer.viewport, self.plot.area
        x0, x1, y0, y1 = extent
        corners = [area.place_of(*viewport.pixel_at(*at), viewport.shape) for at in ((x0, y0), (x1, y1))]
        across, up = (sorted(places) for places in zip(*corners, strict=True))
        return painter.rect(across[0] + 0.5, up[0] + 0.5, across[1] - 0.5, up[1] - 0.5)

    @observe("viewer.frame", post_init=True)
    def _repaint(self, event):
        frame = self.viewer.frame
        marked = frame is not None and (bool(late_parts(frame)) or not frame.version)
        if marked or self._marked:
            self.component.invalidate_and_redraw()
        self._marked = marked
