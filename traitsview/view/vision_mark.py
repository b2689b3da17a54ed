"""Says above the image that its colours are not shown as they are."""

from __future__ import annotations

from enable.abstract_overlay import AbstractOverlay
from traits.api import Instance, observe

from ..model.image_viewer import ImageViewer
from .axes import FONT_FACE
from .image_plot import ImagePlot

__all__ = ["VisionMark"]

COLOR = (0.08, 0.30, 0.66, 1.0)


class VisionMark(AbstractOverlay):
    """A line above the image while it is shown as others see it; pictures that are saved have it, too."""

    viewer = Instance(ImageViewer)

    plot = Instance(ImagePlot)

    def overlay(self, component, gc, view_bounds=None, mode="normal"):
        """Paint the line, if there is one."""
        if not self.viewer.seen_with:
            return
        with gc:
            gc.set_font(FONT_FACE)
            gc.set_fill_color(COLOR)
            gc.set_text_position(self.plot.x, self.plot.y2 + 8)
            gc.show_text(f"Colours as seen with {self.viewer.seen_with}")

    @observe("viewer.seen_with", post_init=True)
    def _repaint(self, event):
        self.component.invalidate_and_redraw()
