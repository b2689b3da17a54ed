"""A line above the image while a colour-vision deficiency is previewed."""

from __future__ import annotations

from enable.abstract_overlay import AbstractOverlay
from traits.api import Instance, observe

from ...model.image_viewer import ImageViewer
from .canvas_painter import painting
from .image_plot import ImagePlot

__all__ = ["VisionMark"]


class VisionMark(AbstractOverlay):
    """Names the deficiency with which the image is shown.  Pictures that are saved have the line, too."""

    viewer = Instance(ImageViewer)

    plot = Instance(ImagePlot)

    def overlay(self, component, gc, view_bounds=None, mode="normal"):
        """Paint the line, if there is one."""
        if not self.viewer.colours.seen_with:
            return
        with painting(gc) as painter:
            text = f"Colours as seen with {self.viewer.colours.seen_with}"
            painter.write(text, self.plot.x, self.plot.y2 + 11, painter.theme.accent)

    @observe("viewer.colours.seen_with", post_init=True)
    def _repaint(self, event):
        self.component.invalidate_and_redraw()
