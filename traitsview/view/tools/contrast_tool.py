"""The right mouse button: contrast and bias by dragging over the image, as in SAOImage DS9."""

from __future__ import annotations

from enable.base_tool import BaseTool
from traits.api import Bool, Enum, Instance, Str, Tuple

from ...color.indexing import CONTRAST
from ...model.image_viewer import ImageViewer
from ..image.image_plot import ImagePlot
from .commands import CANCEL, command_for

#: The contrast is multiplied by this when the mouse goes down the whole height of the image.
CONTRAST_FACTOR = 100.0

#: The tool tip of limits, contrast and bias while labels are shown.
NOT_FOR_LABELS = "Colours stand for single values here, not for the way between limits: there is nothing to set"

#: The mouse may move by this many pixels in a click.
CLICK_PIXELS = 2


class ContrastTool(BaseTool):
    """Changes contrast and bias of a viewer's colours while the right button is held.

    To the right the bias rises, by 1 over the width of the image; down the contrast, a hundredfold over the height.
    DS9 goes the same ways, but begins with a jump to where the mouse is.  Escape gives up, a double click
    resets both.  Labels know neither.
    """

    viewer = Instance(ImageViewer)

    plot = Instance(ImagePlot)

    #: Contrast and bias for the status line while they are changed; else empty.
    message = Str()

    event_state = Enum("normal", "adjusting")

    _pressed_at = Tuple()
    _before = Tuple()
    _moved = Bool()

    def normal_right_down(self, event):
        """Take hold of the colours."""
        viewer = self.viewer
        if viewer.source is None or not viewer.colours.has_limits:
            return
        if not self.plot.holds(event.x, event.y):
            return
        self._pressed_at = event.x, event.y
        self._before = viewer.appearance.contrast, viewer.appearance.bias
        self._moved = False
        self.event_state = "adjusting"
        self._show_message()
        event.window.set_mouse_owner(self, event.net_transform())
        event.handled = True

    def normal_right_dclick(self, event):
        """Reset contrast and bias."""
        if self.plot.holds(event.x, event.y):
            reset_contrast(self.viewer.appearance)
            event.handled = True

    def adjusting_mouse_move(self, event):
        """Follow the hand."""
        right, up = event.x - self._pressed_at[0], event.y - self._pressed_at[1]
        if not self._moved and max(abs(right), abs(up)) <= CLICK_PIXELS:
            return
        if not self._moved:
            self._moved = True
            event.window.set_pointer("hand")
        contrast, bias = self._before
        low, high = CONTRAST
        contrast = min(max(contrast * CONTRAST_FACTOR ** (-up / self.plot.height), low), high)
        bias = min(max(bias + right / self.plot.width, 0.0), 1.0)
        self.viewer.appearance.trait_set(contrast=contrast, bias=bias)
        self._show_message()
        event.handled = True

    def adjusting_right_up(self, event):
        """Let go."""
        self._release(event)

    def adjusting_key_pressed(self, event):
        """Give up with Escape: everything is as it was."""
        if command_for(event) is CANCEL:
            contrast, bias = self._before
            self.viewer.appearance.trait_set(contrast=contrast, bias=bias)
            self._release(event)

    def _release(self, event):
        self.event_state, self.message = "normal", ""
        event.window.set_pointer("arrow")
        event.window.set_mouse_owner(None)
        event.handled = True

    def _show_message(self):
        look = self.viewer.appearance
        self.message = f"contrast {look.contrast:.3g}, bias {look.bias:.3f};  Esc gives up"


def reset_contrast(appearance):
    """Take contrast and bias out of an appearance."""
    appearance.trait_set(contrast=1.0, bias=0.5)
