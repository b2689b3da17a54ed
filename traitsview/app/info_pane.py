"""A dock pane that tells about a viewer's image."""

from __future__ import annotations

from html import escape

from pyface.qt import QtGui
from pyface.tasks.api import DockPane
from traits.api import Any, Instance, Str, observe

from ..model.image_viewer import ImageViewer
from .image_facts import image_facts, value_facts

__all__ = ["INFO_PANE", "InfoPane"]

#: The id of the pane, for layouts.
INFO_PANE = "traitsview.info_pane"


class InfoPane(DockPane):
    """Shows what is known of the image and what its values are like.

    ::

        def create_dock_panes(self):
            return [InfoPane(viewer=self.viewer)]
    """

    id = INFO_PANE
    name = "Information"

    #: Whose image it is.
    viewer = Instance(ImageViewer)

    #: What is shown, as HTML.
    text = Str()

    _browser = Any()

    def create_contents(self, parent):
        """Return the widget that shows the text."""
        self._browser = QtGui.QTextBrowser(parent)
        self._browser.setFrameShape(QtGui.QFrame.NoFrame)
        self._browser.setMinimumSize(240, 120)
        self._browser.setHtml(self.text)
        return self._browser

    def destroy(self):
        """Let go of the widget."""
        self._browser = None
        super().destroy()

    @observe("viewer.[source,summary]")
    def _describe(self, event):
        viewer = self.viewer
        if viewer is None or viewer.source is None:
            self.text = "<p>No image.</p>"
            return
        info = viewer.info
        self.text = _table("Image", image_facts(info)) + _table("Values", value_facts(viewer.summary, info.unit))

    @observe("text", post_init=True)
    def _show(self, event):
        if self._browser is not None:
            self._browser.setHtml(self.text)


def _table(title, facts):
    rows = "".join(
        f'<tr><td width="75" style="color: gray; padding-right: 10px">{escape(label)}</td>'
        f'<td style="white-space: pre-wrap">{escape(text)}</td></tr>'
        for label, text in facts
    )
    return f"<h4>{title}</h4><table>{rows}</table>"
