"""A dock pane with facts about a viewer's image."""

from __future__ import annotations

from html import escape

from pyface.qt import QtCore, QtGui
from pyface.tasks.api import DockPane
from traits.api import Any, Instance, Str, observe

from ..model.image_viewer import ImageViewer
from ..view.qt.theme import theme_of
from .image_facts import frame_facts, image_facts, value_facts

__all__ = ["INFO_PANE", "InfoPane"]

#: The id of the pane, for layouts.
INFO_PANE = "traitsview.info_pane"


class InfoPane(DockPane):
    """Shows facts about the image and about its values.

    ::

        def create_dock_panes(self):
            return [InfoPane(viewer=self.viewer)]
    """

    id = INFO_PANE
    name = "Information"

    #: The viewer of the image.
    viewer = Instance(ImageViewer)

    #: The facts, as HTML.
    text = Str()

    _browser = Any()

    def create_contents(self, parent):
        """Return the widget that shows the text."""
        self._browser = _Browser(parent)
        self._browser.recoloured.connect(self._describe)
        self._browser.setFrameShape(QtGui.QFrame.NoFrame)
        self._browser.setMinimumSize(240, 120)
        self._browser.setHtml(self.text)
        return self._browser

    def destroy(self):
        """Let go of the widget."""
        self._browser = None
        super().destroy()

    @observe("viewer.[source,form,summary]")
    def _describe(self, event=None):
        viewer = self.viewer
        if viewer is None or viewer.source is None:
            self.text = "<p>No image.</p>"
            return
        info = viewer.info
        palette = QtGui.QApplication.palette() if self._browser is None else self._browser.palette()
        color = theme_of(palette).faint.name()
        values = value_facts(viewer.summary, info.unit, one_plane=bool(info.planes))
        parts = [("Image", image_facts(info)), ("Values", values)]
        if viewer.live.live:
            parts.insert(1, ("Frame", frame_facts(viewer.frame)))
        self.text = "".join(_table(title, facts, color) for title, facts in parts)

    @observe("text", post_init=True)
    def _show(self, event):
        if self._browser is not None:
            place = self._browser.verticalScrollBar()
            read = place.value()
            self._browser.setHtml(self.text)
            place.setValue(read)


class _Browser(QtGui.QTextBrowser):
    """Shows HTML, and emits `recoloured` when the desktop has become light or dark."""

    recoloured = QtCore.Signal()

    def changeEvent(self, event):  # noqa: N802
        super().changeEvent(event)
        if event.type() == QtCore.QEvent.Type.PaletteChange:
            self.recoloured.emit()


def _table(title, facts, color):
    rows = "".join(
        f'<tr><td width="75" style="color: {color}; padding-right: 10px">{escape(label)}</td>'
        f'<td style="white-space: pre-wrap">{escape(text)}</td></tr>'
        for label, text in facts
    )
    return f"<h4>{title}</h4><table>{rows}</table>"
