"""A viewer as a TraitsUI editor: the toolbar, the canvas and the status line in one panel."""

from __future__ import annotations

from pyface.qt import QtCore, QtGui
from traitsui.api import BasicEditorFactory, UItem, View
from traitsui.qt.editor import Editor

from ..model.image_viewer import ImageViewer
from ..model.together import Together
from .canvas import Canvas
from .charts.chart_commands import does_over_chart
from .colormaps.appearance_clipboard import copy_appearance, paste_appearance
from .colormaps.chosen_colormap import ChosenColormap
from .colormaps.colormap_files import ColormapFiles
from .colormaps.colormap_section import ColormapSection
from .image.buffer_window import BufferWindow
from .image.leader_mark import LeaderMark
from .panels.color_panel import ColorPanel
from .panels.company_button import CompanyButton
from .panels.key_list import KeyList
from .panels.live_bar import LiveBar
from .panels.plane_bar import PlaneBar
from .panels.status_bar import StatusBar
from .panels.toolbar import Toolbar
from .picture_file import ask_and_save
from .qt.device_pixels import WholePixels
from .qt.following import Following
from .qt.gui_thread import GuiThread
from .qt.keyboard import KeyboardReturn
from .qt.program_errors import ProgramErrors
from .qt.sight import Sight
from .recording_file import ask_and_record
from .shared_room import SharedRoom

__all__ = ["ViewerEditor", "ViewerPanel"]


class ViewerPanel(Following, QtGui.QWidget):
    """The Qt widget that shows one viewer.

    Attributes
    ----------
    viewer : ImageViewer
    canvas : Canvas
    enable_window : BufferWindow
    shared_room : SharedRoom
        Has the image or the curves, and below them the plot over time and the consoles.
    together : Together
        Who else looks at the image.
    """

    def __init__(self, viewer, parent=None):
        super().__init__(parent)
        self.viewer = viewer
        self._gui_thread = GuiThread()
        self._keys = None
        viewer.pixels.post = self._gui_thread.post
        self.at_end(ProgramErrors(self._gui_thread.post, viewer).close)
        self.canvas = Canvas(viewer)
        self.at_end(viewer.screens.leave, self.canvas.plot.screen)
        self.enable_window = BufferWindow(self, component=self.canvas, size=(860, 700))
        self.at_end(self.enable_window.cleanup)
        self.colormap_files = self.own(ColormapFiles(viewer))
        self.toolbar = self.own(Toolbar(viewer, self.canvas.navigation, self.do, lambda: self.colormap_files.ask(self)))
        self.together = Together(viewer=viewer)
        self.at_end(self.together.close)
        self.canvas.plot.overlays.append(LeaderMark(self.canvas.plot, together=self.together))
        self._chosen_colormap = self.own(ChosenColormap(viewer))
        self.colormap_files.several.connect(self.toolbar.colormaps.open)
        for widget in (self, self.enable_window.control):
            self.colormap_files.accept_drops(widget)
        keyboard = KeyboardReturn(self)
        self.plane_bar = self.own(PlaneBar(viewer, self, keyboard))
        self.live_bar = self.own(LiveBar(viewer, self, self.do, keyboard))
        self.status_bar = self.own(StatusBar(viewer, self.canvas.plot, self.canvas.tools))
        self.status_bar.layout().addWidget(self.own(CompanyButton(self.together, self.do, self.status_bar)))
        self.color_panel = self.own(ColorPanel(viewer, self.canvas.navigation, self))
        self.color_panel.add_section("Colormap", ColormapSection(viewer))
        image = QtGui.QWidget()
        row = QtGui.QHBoxLayout(image)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(WholePixels(self.enable_window.control), 1)
        row.addWidget(self.color_panel)
        self.shared_room = self.own(SharedRoom(self, image))
        column = QtGui.QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.toolbar)
        column.addWidget(self.shared_room, 1)
        column.addWidget(self.plane_bar)
        column.addWidget(self.live_bar)
        column.addWidget(self.status_bar)
        self._put_last_in_tab_order(self.enable_window.control)
        self.setFocusProxy(self.enable_window.control)
        keyboard.watch(self.toolbar, self.status_bar, self.color_panel)
        self.follow(self.canvas.navigation, self._obey, "commanded")
        viewer.screens.enter(self.canvas.plot.screen)
        self._sight = self.own(Sight(self, lambda seen: viewer.screens.hide(self.canvas.plot.screen, not seen)))
        self.follow(viewer, self._show_chart_or_image, "chart.active")
        self._show_chart_or_image()

    def _put_last_in_tab_order(self, image):
        """Let Tab reach the image last: the panel stands for it, and so Tab returns to it before it was everywhere."""
        last = self.previousInFocusChain()
        while last is not image and not last.focusPolicy() & QtCore.Qt.TabFocus:
            last = last.previousInFocusChain()  # Qt refuses an order with a widget that takes no focus
        if last is not image:
            self.setTabOrder(last, image)

    def keyPressEvent(self, event):  # noqa: N802
        """Give the image the keys that the widget with the keyboard has no use for."""
        image = self.painted
        if image is None or image.hasFocus():
            event.ignore()  # it had its chance
        else:
            image.keyPressEvent(event)

    def mousePressEvent(self, event):  # noqa: N802
        """Give the keyboard to the image after a click on a label, or on the space between controls."""
        self.setFocus()
        super().mousePressEvent(event)

    def _obey(self, event):
        self.do(event.new)

    def _show_chart_or_image(self, event=None):
        """Show the curves in the place of the image, if the source has some."""
        active, charts = self.viewer.chart.active, self.shared_room.charts
        self.shared_room.show_charts(active)
        if charts is not self.shared_room.charts:
            self.status_bar.add_tool(self.shared_room.charts.tool)
        self.toolbar.setVisible(not active)
        self.setFocusProxy(self.painted)

    @property
    def painted(self):
        """The widget that shows the image, or the curves."""
        return (self.shared_room.charts if self.viewer.chart.active else self).enable_window.control

    # ---- commands ----------------------------------------------------------

    @property
    def navigation(self):
        """The `NavigationTool` over the image."""
        return self.canvas.navigation

    def do(self, command):
        """Do what a `Command` stands for."""
        does = does_over_chart(command) if self.viewer.chart.active else command.does
        does(self)

    def choose_colormap(self):
        """Open the list of colormaps."""
        self.toolbar.colormaps.open()

    def copy_look(self):
        """Put colormap, scale, limits, contrast and bias on the clipboard."""
        copy_appearance(self.viewer)

    def paste_look(self):
        """Take colormap, scale, limits, contrast and bias from the clipboard."""
        paste_appearance(self.viewer)

    def save_picture(self):
        """Ask where to, and save a picture of the image."""
        ask_and_save(self)

    def record(self):
        """Ask where to, and record the frames that are shown; or stop recording."""
        ask_and_record(self)

    def show_keys(self):
        """Show all keys, and what the mouse does, over the window."""
        if self._keys is None:
            self._keys = KeyList(self)
        self._keys.open_over(self)


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
        self.control.end()
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
