"""A viewer as a TraitsUI editor: the toolbar, the canvas and the status line in one panel."""

from __future__ import annotations

from pyface.qt import QtGui
from traitsui.api import BasicEditorFactory, UItem, View
from traitsui.qt.editor import Editor

from ..model.image_viewer import ImageViewer
from .canvas import Canvas
from .colormaps.appearance_clipboard import copy_appearance, paste_appearance
from .colormaps.chosen_colormap import ChosenColormap
from .colormaps.colormap_files import ColormapFiles
from .colormaps.colormap_section import ColormapSection
from .image.buffer_window import BufferWindow
from .panels.color_panel import ColorPanel
from .panels.plane_bar import PlaneBar
from .panels.status_bar import StatusBar
from .panels.toolbar import Toolbar
from .picture_file import ask_and_save
from .qt.device_pixels import WholePixels
from .qt.gui_thread import GuiThread
from .qt.keyboard import KeyboardReturn
from .qt.program_errors import Mishaps

__all__ = ["ViewerEditor", "ViewerPanel"]


class ViewerPanel(QtGui.QWidget):
    """The Qt widget that shows one viewer.

    Attributes
    ----------
    viewer : ImageViewer
    canvas : Canvas
    enable_window : BufferWindow
    """

    def __init__(self, viewer, parent=None):
        super().__init__(parent)
        self.viewer = viewer
        self._gui_thread = GuiThread()
        viewer.pixels.post = self._gui_thread.post
        self._mishaps = Mishaps(self._gui_thread.post, viewer)
        self.canvas = Canvas(viewer)
        self.enable_window = BufferWindow(self, component=self.canvas, size=(860, 700))
        self.colormap_files = ColormapFiles(viewer)
        self.toolbar = Toolbar(
            viewer, self.canvas.navigation, lambda: ask_and_save(self), lambda: self.colormap_files.ask(self)
        )
        self._chosen_colormap = ChosenColormap(viewer)
        self.colormap_files.several.connect(self.toolbar.colormaps.open)
        for widget in (self, self.enable_window.control):
            self.colormap_files.accept_drops(widget)
        keyboard = KeyboardReturn(self)
        self.plane_bar = PlaneBar(viewer, self, keyboard)
        self.status_bar = StatusBar(viewer, self.canvas.plot, self.canvas.tools)
        self.color_panel = ColorPanel(viewer, self.canvas.navigation, self)
        self.color_panel.add_section("Colormap", ColormapSection(viewer))
        row = QtGui.QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(WholePixels(self.enable_window.control), 1)
        row.addWidget(self.color_panel)
        column = QtGui.QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.toolbar)
        column.addLayout(row, 1)
        column.addWidget(self.plane_bar)
        column.addWidget(self.status_bar)
        self.setFocusProxy(self.enable_window.control)
        keyboard.watch(self.toolbar, self.status_bar, self.color_panel)
        self.canvas.navigation.observe(self._grant, "wish")
        viewer.screens.enter(self.canvas.plot.screen)

    def dismantle(self):
        """Let go of the viewer, which lives on."""
        self._mishaps.close()
        self.canvas.navigation.observe(self._grant, "wish", remove=True)
        self.colormap_files.close()
        self._chosen_colormap.close()
        self.toolbar.close()
        self.color_panel.close_down()
        self.plane_bar.close()
        self.status_bar.close()
        self.enable_window.cleanup()
        self.viewer.screens.leave(self.canvas.plot.screen)

    def keyPressEvent(self, event):  # noqa: N802
        """Do over the whole panel what keys do over the image, where they mean nothing to who has the keyboard."""
        image = self.enable_window.control
        if image is None or image.hasFocus():
            event.ignore()  # it had its chance
        else:
            image.keyPressEvent(event)

    def mousePressEvent(self, event):  # noqa: N802
        """Give the keyboard to the image after a click on what takes none, such as a label or the space around it."""
        self.setFocus()
        super().mousePressEvent(event)

    def _grant(self, event):
        """Do what a key was pressed for."""
        granted = {
            "colormap": self.toolbar.colormaps.open,
            "copy": lambda: copy_appearance(self.viewer),
            "paste": lambda: paste_appearance(self.viewer),
        }
        granted[event.new]()


class _ViewerEditor(Editor):
    """Shows the viewer that its item's object is."""

    scrollable = True

    def init(self, parent):
        """Make the panel."""
        self.control = ViewerPanel(self.object)

    def update_editor(self):
        """Nothing to do: the panel follows the viewer by itself."""

    def dispose(self):
        """Take the panel apart."""
        self.control.dismantle()
        super().dispose()


class ViewerEditor(BasicEditorFactory):
    """The editor of a whole `ImageViewer`, for any item of a View of it."""

    klass = _ViewerEditor


def viewer_view(**traits):
    """Return a View of a viewer; `traits` are those of the View."""
    chosen = {"width": 960, "height": 800, "title": "traitsview", **traits}
    return View(UItem("viewport", editor=ViewerEditor(), springy=True), resizable=True, **chosen)


#: How a viewer is shown wherever Traits shows objects.
ImageViewer.class_trait_view("traits_view", viewer_view())
