"""A viewer as a pane of a task, for our application and for others."""

from __future__ import annotations

from pyface.tasks.api import TraitsTaskPane
from traits.api import Instance
from traitsui.api import UItem, View

from ..model.image_viewer import ImageViewer
from ..view.viewer_editor import ViewerPanel

__all__ = ["ViewerPane"]


class ViewerPane(TraitsTaskPane):
    """Shows a viewer in the middle of a task's window.

    ::

        def create_central_pane(self):
            return ViewerPane(viewer=self.viewer)

    The viewer loads nothing while it is not shown.  The task has to close its source.
    """

    id = "traitsview.viewer_pane"
    name = "Image"

    #: The viewer.
    viewer = Instance(ImageViewer, ())

    view = View(UItem("viewer", style="custom"), resizable=True)

    @property
    def panel(self):
        """The ViewerPanel, the Qt widget with the toolbar, the image and the status line."""
        return self.control.findChild(ViewerPanel)
