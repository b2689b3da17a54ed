"""Mouse and keyboard: dragging, the wheel, boxes and keys become new viewports."""

from __future__ import annotations

from time import monotonic

from traits.api import Any, Bool, Enum, Event, Instance, Property, Str, Tuple, Union, observe

from ...model.image_viewer import ImageViewer
from ..image.image_plot import ImagePlot
from ..qt.wheel import NOTCH
from .command_tool import CommandTool
from .commands import CANCEL, command_for

#: Magnification of one notch of the wheel.
NOTCH_MAGNIFICATION = 2 ** (1 / 4)

#: Seconds of rest after which the wheel or a pinch begins a new step of the history.
PAUSE_SECONDS = 0.7

#: A box smaller than this, in Enable pixels, is a click that missed.
SMALLEST_BOX_PIXELS = 4

#: What the user has to do for each purpose of a box.
_MESSAGES = {
    "limits": "drag a box over the values that the colours are for;  Esc gives up",
    "trace": "drag a box over the values that are plotted over time;  Esc gives up",
}


class NavigationTool(CommandTool):
    """Steers a viewer.

    Dragging pans by whole screen pixels.  The wheel zooms about the cursor in proportion to its turn, and so do two
    fingers.  Shift and a drag zooms to a box; a drag while `boxing` does what the box is for.  Keys are `commanded`.
    """

    viewer = Instance(ImageViewer)

    plot = Instance(ImagePlot)

    #: Whether the next drag draws a box.
    boxing = Bool(False)

    #: The purpose of the box: to zoom to it, to take the limits of the colours from its values, or to plot these over
    #: time.
    box_for = Enum("zoom", "limits", "trace")

    #: A box was drawn whose values are to be plotted over time.  The event has (x0, x1, y0, y1), in data units.
    traced = Event(Tuple)

    #: What the user has to do next, for the status line; or empty.
    message = Property(Str, observe="boxing, box_for")

    #: Whether the panel of colours is open beside the image.
    coloring = Bool(False)

    #: The box being drawn, in pixels of the viewport from its first edge: ``(column, column2, row, row2)``.
    box = Union(None, Tuple)

    event_state = Enum("normal", "panning", "boxing")

    #: Where the mouse is over the image, in Enable coordinates, or None.
    _mouse = Union(None, Tuple)

    _pressed_at = Any()
    _panned = Any()
    _before = Any()
    _zoomed = Any(float("-inf"))

    # ---- mouse -----------------------------------------------------------

    def normal_left_down(self, event):
        """Begin to pan, or to draw a box."""
        if not self._inside(event):
            return
        self._lead()
        self._pressed_at = event.x, event.y
        if event.shift_down:
            self.box_for = "zoom"
        if self.boxing or event.shift_down:
            self._hold(event, "boxing", "cross")
        else:
            self._panned, self._before = (0, 0), self.viewer.viewport
            self.viewer.places.remember()
            self._hold(event, "panning", "hand")
        event.handled = True

    def normal_mouse_move(self, event):
        """Follow the cursor."""
        self._mouse = (event.x, event.y) if self._inside(event) else None
        event.window.set_pointer("cross" if self.boxing and self._inside(event) else "arrow")

    def normal_mouse_leave(self, event):
        """Note that the cursor is elsewhere."""
        self._mouse = None

    def normal_mouse_wheel(self, event):
        """Zoom about the cursor."""
        if not self._inside(event) or not event.mouse_wheel_delta[1]:
            return
        self._lead()
        self._zoom_on(NOTCH_MAGNIFICATION ** (event.mouse_wheel_delta[1] / NOTCH), event)
        event.handled = True

    def normal_pinch(self, event):
        """Zoom about the middle of two fingers, and follow it."""
        if not self._inside(event):
            return
        self._lead()
        self._zoom_on(event.factor, event)
        scale = event.window.base_pixel_scale
        columns, rows = (-round(length * scale) for length in event.moved)
        self.viewer.pan(columns, rows if self.plot.upward else -rows)
        event.handled = True

    def panning_pinch(self, event):
        """Let go of what one of two fingers has held, and zoom."""
        self._release(event)
        self.normal_pinch(event)

    def panning_mouse_move(self, event):
        """Move the image with the hand, pixel for pixel."""
        scale = event.window.base_pixel_scale
        across = round((event.x - self._pressed_at[0]) * scale)
        up = round((event.y - self._pressed_at[1]) * scale)
        columns, rows = self._panned[0] - across, self._panned[1] - up
        self._panned = across, up
        self.trait_setq(_mouse=(event.x, event.y))  # the value there is read once, when the image has moved
        self.viewer.pan(columns, rows if self.plot.upward else -rows)
        self._read_under_mouse()
        event.handled = True

    def panning_left_up(self, event):
        """Let go."""
        self._release(event)

    def panning_key_pressed(self, event):
        """Give up the drag with Escape: the image is where it was."""
        if command_for(event) is CANCEL:
            if self.viewer.viewport != self._before:
                self.viewer.back()
            self._release(event)

    def boxing_mouse_move(self, event):
        """Draw the box."""
        plot = self.plot
        corners = plot.pixel_at(*self._pressed_at), plot.pixel_at(event.x, event.y)
        (column, column2), (row, row2) = (sorted(ends) for ends in zip(*corners, strict=True))
        self.box = column, column2 + 1, row, row2 + 1  # both pixels are in it
        self._mouse = event.x, event.y
        plot.invalidate_and_redraw()
        event.handled = True

    def boxing_left_up(self, event):
        """Do what the box is for."""
        box, purpose = self.box, self.box_for
        self._put_box_away(event)
        if box is None:
            return
        column, column2, row, row2 = box
        if min(column2 - column, row2 - row) <= SMALLEST_BOX_PIXELS * event.window.base_pixel_scale:
            return
        (x0, y0), (x1, y1) = (self.viewer.viewport.point_at(*corner) for corner in ((column, row), (column2, row2)))
        extent = x0, x1, y0, y1
        if purpose == "zoom":
            self.viewer.show(extent)
        elif purpose == "limits":
            self.viewer.limits_from(extent)
        else:
            self.traced = extent

    def boxing_key_pressed(self, event):
        """Give up the box with Escape."""
        if command_for(event) is CANCEL:
            self._put_box_away(event)

    def draw_box(self, purpose):
        """Let the next drag draw a box for a purpose; if it would already, no more."""
        again = self.boxing and self.box_for == purpose
        self.trait_set(box_for=purpose, boxing=not again)

    def cancel_box(self):
        """Let the next drag draw no box."""
        self.trait_set(boxing=False, box_for="zoom")

    def _put_box_away(self, event):
        self.trait_set(box=None, boxing=False, box_for="zoom")
        self._release(event)
        self.plot.invalidate_and_redraw()

    def _get_message(self):
        return _MESSAGES.get(self.box_for, "") if self.boxing else ""

    # ---- keys ------------------------------------------------------------

    def zoom_by(self, factor):
        """Magnify about the cursor, or the centre when it is elsewhere."""
        self.viewer.places.remember()
        self.viewer.zoom(factor, self.viewer.cursor)

    def pan_by(self, right, up):
        """Look further to the right and up, by parts of the window."""
        rows, columns = self.viewer.viewport.shape
        self.viewer.places.remember()
        self.viewer.pan(round(right * columns), round(up * rows) * (1 if self.plot.upward else -1))

    # ---- the state of the mouse -------------------------------------------

    @observe("_mouse, viewer.viewport", post_init=True)
    def _read_under_mouse(self, event=None):
        # Keys, buttons and other windows move the image under a mouse that rests.
        if self._mouse is not None:
            self.viewer.cursor = self.plot.data_at(*self._mouse)
        elif event is None or event.name == "_mouse":
            self.viewer.cursor = None

    def _inside(self, event):
        return self.viewer.source is not None and self.plot.holds(event.x, event.y)

    def _zoom_on(self, factor, event):
        """Zoom about a place; zooms that follow each other are one step of the history."""
        now = monotonic()
        if now - self._zoomed > PAUSE_SECONDS:
            self.viewer.places.remember()
        self._zoomed = now
        self.viewer.zoom(factor, self.plot.data_at(event.x, event.y))

    def _lead(self):
        """Give the viewport the size of this window, because the user works here."""
        if not self.viewer.screens.leads(self.plot.screen):
            self.viewer.screens.enter(self.plot.screen)

    def _hold(self, event, state, pointer):
        self.event_state = state
        event.window.set_pointer(pointer)
        event.window.set_mouse_owner(self, event.net_transform())

    def _release(self, event):
        self.event_state = "normal"
        event.window.set_pointer("arrow")
        event.window.set_mouse_owner(None)
        event.handled = True
