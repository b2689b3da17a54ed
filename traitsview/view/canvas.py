"""What is painted in a viewer's window: the image with its axes, the colour bar and the box."""

from __future__ import annotations

from chaco.base_plot_container import BasePlotContainer
from enable.abstract_overlay import AbstractOverlay
from pyface.qt import QtCore, QtGui
from traits.api import Instance, observe

from ..model.image_viewer import ImageViewer
from .image.axes import CHARACTER_WIDTH, axis_title, image_axis, widest_label
from .image.canvas_painter import painting
from .image.color_bar import ColorBar
from .image.image_plot import ImagePlot
from .image.live_marks import LiveMarks
from .image.vision_mark import VisionMark
from .qt.device_pixels import rounded_down, rounded_up
from .qt.theme import AMBER, RED
from .tools.contrast_tool import ContrastTool
from .tools.navigation_tool import NavigationTool

#: Room around the image, in Enable pixels.
LEFT_MARGIN = 78
RIGHT_MARGIN = 16
BOTTOM_MARGIN = 48
TOP_MARGIN = 22

#: Width of the frame around an image that the source may have changed since, in Enable pixels.
FRAME_WIDTH = 5

#: Colours of the frame for each state of contact: a signal, and the colour of a theme for a legible line within.
FRAME_COLORS = {"stale": (AMBER, "old"), "lost": (RED, "wrong")}

#: Painted over the image inside a box that is being drawn.
BOX_COLOR = QtGui.QColor(51, 128, 255, 40)

#: `LEFT_MARGIN` is room enough for a label of this many characters.
SHORT_LABEL_CHARACTERS = 6


class Canvas(BasePlotContainer):
    """Lays out and paints all of a viewer except its controls and its status line."""

    viewer = Instance(ImageViewer)

    plot = Instance(ImagePlot)
    color_bar = Instance(ColorBar)
    navigation = Instance(NavigationTool)
    contrast = Instance(ContrastTool)

    #: The window has its ground painted already.
    bgcolor = "transparent"
    fit_window = True
    resizable = "hv"

    def __init__(self, viewer, **traits):
        super().__init__(viewer=viewer, **traits)
        self.plot = ImagePlot(viewer=viewer)
        self.color_bar = ColorBar(viewer=viewer)
        self.navigation = NavigationTool(self, viewer=viewer, plot=self.plot)
        self.plot.overlays.append(BoxOverlay(self.plot, tool=self.navigation))
        self._bottom = image_axis(self.plot, "bottom", self.plot.x_mapper)
        self._left = image_axis(self.plot, "left", self.plot.y_mapper)
        self.plot.overlays.extend([self._bottom, self._left])
        self.add(self.plot, self.color_bar)
        self.plot.overlays.append(LiveMarks(self.plot, viewer=viewer, plot=self.plot))
        self.overlays.append(VisionMark(self, viewer=viewer, plot=self.plot))
        self.overlays.append(ContactFrame(self, viewer=viewer))
        self.contrast = ContrastTool(self, viewer=viewer, plot=self.plot)
        self.tools.extend([self.navigation, self.contrast])
        self._name_axes()

    @property
    def opaque_parts(self):
        """The components that paint every pixel of theirs, so that the window need not."""
        return (self.plot,)

    def _do_layout(self):
        ratio = 1.0 if self.window is None else self.window.base_pixel_scale
        width, height = (int(size) for size in self.bounds)
        left, top = (rounded_up(size, ratio) for size in (self._left_margin(), TOP_MARGIN))
        inside = max(rounded_down(height - BOTTOM_MARGIN - top, ratio), 1)
        bar = self.color_bar.room(inside)
        across = max(rounded_down(width - left - RIGHT_MARGIN - bar, ratio), 1)
        below = height - top - inside
        _put(self.plot, left, below, across, inside)
        _put(self.color_bar, left + across + RIGHT_MARGIN, below, bar, inside)
        self._left.title_spacing = left - 22.0

    def _left_margin(self):
        """Return the room for the labels on the left, in steps, so that panning seldom moves the image."""
        _, _, y0, y1 = self.viewer.viewport.extent
        longer = widest_label(y0, y1, self.plot.height or 600) - SHORT_LABEL_CHARACTERS
        return LEFT_MARGIN if longer <= 0 else LEFT_MARGIN + CHARACTER_WIDTH * 4 * -(-longer // 4)

    @observe("viewer.viewport", post_init=True)
    def _make_room_for_labels(self, event):
        ratio = 1.0 if self.window is None else self.window.base_pixel_scale
        if self.plot.x != rounded_up(self._left_margin(), ratio):
            self._layout_needed = True

    @observe("viewer.shading", post_init=True)
    def _make_room_for_values(self, event):
        if self.color_bar.width != self.color_bar.room(self.color_bar.height):
            self._layout_needed = True

    @observe("viewer.contact", post_init=True)
    def _show_contact(self, event):
        if event.old is None or event.old.state != event.new.state:
            self.invalidate_and_redraw()

    @observe("viewer.[source, form]", post_init=True)
    def _name_axes(self, event=None):
        source = self.viewer.source
        axes = self.viewer.info.axes[-2:] if source is not None else ()
        y, x = axes if len(axes) == 2 else (None, None)
        self._bottom.title, self._left.title = axis_title(x, "x"), axis_title(y, "y")
        self._layout_needed = True
        self.invalidate_and_redraw()


class BoxOverlay(AbstractOverlay):
    """The box that is being drawn."""

    tool = Instance(NavigationTool)

    def overlay(self, component, gc, view_bounds=None, mode="normal"):
        """Paint the box, if there is one."""
        if self.tool.box is None:
            return
        (column, column2, row, row2), shape = self.tool.box, self.tool.viewer.viewport.shape
        corners = (component.area.place_of(*place, shape) for place in ((column, row), (column2, row2)))
        with painting(gc) as painter:
            (x, y), (x2, y2) = (painter.place(*corner) for corner in corners)
            inside = QtCore.QRectF(QtCore.QPointF(x, y), QtCore.QPointF(x2, y2)).normalized().toRect()
            painter.qt.fillRect(inside, BOX_COLOR)
            # Black around white is seen on any image.
            for color, away in ((QtCore.Qt.white, 0), (QtCore.Qt.black, painter.thin)):
                around = QtGui.QRegion(inside.adjusted(-away, -away, away, away))
                for strip in around - inside.adjusted(*(part * (painter.thin - away) for part in (1, 1, -1, -1))):
                    painter.qt.fillRect(strip, color)


class ContactFrame(AbstractOverlay):
    """A frame along the edge while the source is out of contact: it may have another image by now."""

    viewer = Instance(ImageViewer)

    def overlay(self, component, gc, view_bounds=None, mode="normal"):
        """Paint the frame, if there is one."""
        if self.viewer.contact.state not in FRAME_COLORS:
            return
        signal, line = FRAME_COLORS[self.viewer.contact.state]
        with painting(gc) as painter:
            (x, y), (width, height) = component.position, component.bounds
            right, top = x + width - 1, y + height - 1
            inside = painter.rect(x + FRAME_WIDTH, y + FRAME_WIDTH, right - FRAME_WIDTH, top - FRAME_WIDTH)
            thin = painter.thin
            edge = inside.adjusted(-thin, -thin, thin, thin)
            for region, color in (
                (QtGui.QRegion(gc.qimage.rect()) - edge, signal),
                (QtGui.QRegion(edge) - inside, getattr(painter.theme, line)),
            ):
                for strip in region:
                    painter.qt.fillRect(strip, color)


def _put(component, x, y, width, height):
    if list(component.position) != [x, y]:
        component.position = [x, y]
    if list(component.bounds) != [width, height]:
        component.bounds = [width, height]
