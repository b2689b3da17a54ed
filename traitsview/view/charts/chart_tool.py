"""Mouse and keyboard over a chart: dragging, the wheel, boxes and keys."""

from __future__ import annotations

from time import monotonic

from traits.api import Any, Bool, Enum, Instance, Property, Str, Tuple, Union

from ...model.image_viewer import ImageViewer
from ..qt.wheel import NOTCH
from ..tools.command_tool import CommandTool
from ..tools.commands import CANCEL, command_for
from ..tools.navigation_tool import NOTCH_MAGNIFICATION, PAUSE_SECONDS, SMALLEST_BOX_PIXELS
from .chart_plot import ChartPlot
from .legend import Legend

__all__ = ["ChartTool"]


class ChartTool(CommandTool):
    """Steers a chart.

    Dragging pans.  The wheel zooms about the mouse; over the labels of an axis, along that axis alone.  Shift and a
    drag zooms to a box.  A click on a name shows its curve no more, or again.  Keys are `commanded`.
    """

    viewer = Instance(ImageViewer)

    plot = Instance(ChartPlot)
    legend = Instance(Legend)

    #: Whether the next drag draws a box.
    boxing = Bool(False)

    #: The box being drawn, in Enable coordinates: (x, x2, y, y2).
    box = Union(None, Tuple)

    #: What the user has to do next, for the status line; or empty.
    message = Property(Str, observe="boxing")

    event_state = Enum("normal", "panning", "boxing")

    _from = Any()
    _before = Any()
    _zoomed = Any(float("-inf"))

    def normal_left_down(self, event):
        """Begin to pan or to draw a box, or choose a curve."""
        name = self.legend.name_at(event.x, event.y)
        if name is not None:
            if event.shift_down:
                self.viewer.chart.show_only(name)
            else:
                self.viewer.chart.toggle(name)
            event.handled = True
        if not self.plot.holds(event.x, event.y):
            return
        self._from = event.x, event.y
        if self.boxing or event.shift_down:
            self._hold(event, "boxing", "cross")
        else:
            chart = self.viewer.chart
            chart.remember()
            self._before = chart.view, (chart.x_span, chart.y_span)
            self._hold(event, "panning", "hand")
        event.handled = True

    def normal_mouse_move(self, event):
        """Read the values under the mouse."""
        inside = self.plot.holds(event.x, event.y)
        self.viewer.chart.cursor = self.plot.data_at(event.x, event.y) if inside else None
        event.window.set_pointer("cross" if self.boxing and inside else "arrow")

    def normal_mouse_leave(self, event):
        """Read no values."""
        self.viewer.chart.cursor = None

    def normal_mouse_wheel(self, event):
        """Zoom about the mouse."""
        if event.mouse_wheel_delta[1]:
            self._zoom_on(NOTCH_MAGNIFICATION ** (event.mouse_wheel_delta[1] / NOTCH), event)

    def normal_pinch(self, event):
        """Zoom about the middle of two fingers."""
        self._zoom_on(event.factor, event)

    def panning_pinch(self, event):
        """Let go of what one of two fingers has held, and zoom."""
        self._release(event)
        self.normal_pinch(event)

    def panning_mouse_move(self, event):
        """Move the curves with the hand."""
        (x, y), ((x0, x1, y0, y1), _) = self._from, self._before
        right, up = (x - event.x) / max(self.plot.width, 1), (y - event.y) / max(self.plot.height, 1)
        self.viewer.chart.trait_set(x_span=(x0, x1), y_span=(y0, y1))
        self.viewer.chart.pan(right, up)
        event.handled = True

    def panning_left_up(self, event):
        """Let go."""
        self._release(event)

    def panning_key_pressed(self, event):
        """Give up the drag with Escape: the curves are where they were."""
        if command_for(event) is CANCEL:
            x_span, y_span = self._before[1]
            self.viewer.chart.trait_set(x_span=x_span, y_span=y_span)
            self._release(event)

    def boxing_mouse_move(self, event):
        """Draw the box."""
        plot, (x, y) = self.plot, self._from
        x2, y2 = min(max(event.x, plot.x), plot.x2), min(max(event.y, plot.y), plot.y2)
        self.box = (*sorted((x, x2)), *sorted((y, y2)))
        event.handled = True

    def boxing_left_up(self, event):
        """Zoom to the box."""
        box = self.box
        self._put_box_away(event)
        if box is None:
            return
        x, x2, y, y2 = box
        if min(x2 - x, y2 - y) > SMALLEST_BOX_PIXELS:
            (x0, y0), (x1, y1) = self.plot.data_at(x, y), self.plot.data_at(x2, y2)
            self.viewer.chart.show((x0, x1, y0, y1))

    def boxing_key_pressed(self, event):
        """Give up the box with Escape."""
        if command_for(event) is CANCEL:
            self._put_box_away(event)

    def zoom_by(self, factor):
        """Magnify about the mouse, or the middle when it is elsewhere."""
        self.viewer.chart.remember()
        self.viewer.chart.zoom(factor, self.viewer.chart.cursor)

    def pan_by(self, right, up):
        """Look further to the right and up, by parts of the window."""
        self.viewer.chart.remember()
        self.viewer.chart.pan(right, up)

    def _zoom_on(self, factor, event):
        """Zoom about a place; zooms that follow each other are one step of the history."""
        plot = self.plot
        across, up = plot.x <= event.x <= plot.x2, plot.y <= event.y <= plot.y2
        axes = "xy" if across and up else "x" if across and event.y < plot.y else "y" if up and event.x < plot.x else ""
        if not axes:
            return
        now = monotonic()
        if now - self._zoomed > PAUSE_SECONDS:
            self.viewer.chart.remember()
        self._zoomed = now
        self.viewer.chart.zoom(factor, plot.data_at(event.x, event.y), axes)
        event.handled = True

    def _get_message(self):
        return "drag a box over what you want to see;  Esc gives up" if self.boxing else ""

    def _put_box_away(self, event):
        self.trait_set(box=None, boxing=False)
        self._release(event)

    def _hold(self, event, state, pointer):
        self.event_state = state
        event.window.set_pointer(pointer)
        event.window.set_mouse_owner(self, event.net_transform())

    def _release(self, event):
        self.event_state = "normal"
        event.window.set_pointer("arrow")
        event.window.set_mouse_owner(None)
        event.handled = True
