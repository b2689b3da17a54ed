"""The task that shows an image: the viewer in the middle, facts about the image beside it, and menus."""

from __future__ import annotations

from pathlib import Path

from pyface.api import OK, FileDialog, error
from pyface.tasks.action.api import SGroup, SMenu, SMenuBar, TaskAction
from pyface.tasks.api import PaneItem, Task, TaskLayout
from traits.api import Bool, Instance, List, Property, Str

from ..model.image_viewer import ImageViewer
from ..view.shown_image import ShownImage
from ..view.tools.commands import menu_groups
from .info_pane import INFO_PANE, InfoPane
from .programs_dialog import ProgramsDialog
from .source_offer import SourceOffer
from .source_opener import SourceOpener, open_text
from .viewer_pane import ViewerPane

__all__ = ["ViewerTask"]


class ViewerTask(Task):
    """Shows one source at a time.  It closes the sources that it opened."""

    id = "traitsview.viewer"

    #: The title of the window.
    name = Property(Str, observe="viewer.title, opening")

    viewer = Instance(ImageViewer, ())

    #: The images that plugins offer.
    offers = List(Instance(SourceOffer))

    #: The name of the image that is being opened, or empty.
    opening = Str()

    #: Whether there is an image.
    has_source = Property(Bool, observe="viewer.source")

    _opener = Instance(SourceOpener)

    #: The image that is shown.
    _image = Instance(ShownImage)

    #: The dialog that lists running programs, once it was asked for.
    _programs = Instance(ProgramsDialog)

    #: The image that was opened last by its name, while it is not shown yet.
    _opened = Instance(ShownImage)

    # ---- parts of the window -----------------------------------------------

    def create_central_pane(self):
        """Return the pane with the image."""
        return ViewerPane(viewer=self.viewer)

    def create_dock_panes(self):
        """Return the pane with facts about the image."""
        return [InfoPane(viewer=self.viewer)]

    def prepare_destroy(self):
        """Close the image."""
        if self._programs is not None:
            self._programs.end()
        self._opener.end()
        self._show_image(None)

    def _default_layout_default(self):
        return TaskLayout(right=PaneItem(INFO_PANE, width=270))

    def _menu_bar_default(self):
        # Envisage adds Exit, Preferences and the panes' names.
        return SMenuBar(
            SMenu(*self._file_groups(), id="File", name="&File"),
            SMenu(*self._groups("Edit"), id="Edit", name="&Edit"),
            SMenu(*self._groups("View"), id="View", name="&View"),
        )

    def _file_groups(self):
        offers = [
            TaskAction(name=offer.name, on_perform=lambda offer=offer: self.open_offer(offer)) for offer in self.offers
        ]
        return [
            SGroup(
                TaskAction(name="&Open…", method="ask_and_open", accelerator="Ctrl+O"),
                TaskAction(name="Running &programs…", method="show_programs", accelerator="Ctrl+Shift+O"),
                id="open",
            ),
            *([SGroup(*offers, id="offers")] if offers else []),
            *self._groups("File"),
            SGroup(id="end"),
        ]

    def _groups(self, menu):
        """Return the groups of a menu with commands of the viewer's panel."""
        return [
            SGroup(*(self._action(text, command) for text, command in entries), id=group)
            for group, entries in menu_groups(menu)
        ]

    def _action(self, text, command):
        return TaskAction(
            name=text,
            on_perform=lambda: self.window.central_pane.panel.do(command),
            accelerator=command.shortcut,
            enabled_name=f"viewer.{command.enabled}",
        )

    # ---- actions of the menus ------------------------------------------------

    def ask_and_open(self):
        """Ask for a file and show it."""
        dialog = FileDialog(parent=self.window.control, action="open", title="Open an image")
        if dialog.open() == OK:
            self.open(dialog.path)

    def show_programs(self):
        """Show which programs run, here and on the machines of open windows, to choose an array of one."""
        if self._programs is None:
            self._programs = ProgramsDialog(self.window.control, self.open)
        self._programs.begin(self._hosts())

    def _hosts(self):
        """Return the machines whose images are shown by windows of the application."""
        windows = getattr(getattr(self.window, "application", None), "windows", [self.window])
        tasks = [task for window in windows for task in window.tasks if isinstance(task, ViewerTask)]
        hosts = [task.viewer.source.link.host for task in tasks if task.viewer.source is not None]
        return sorted({host for host in hosts if host})

    def open(self, text):
        """Show the image that `text` names, a path or another SOURCE, as soon as it is open.  Returns at once."""
        self.opening = Path(text).name

        def open_and_look_up():
            source = open_text(text)
            self._opened = ShownImage(self.viewer, source, text)
            return source

        self._opener.open(open_and_look_up)

    def open_offer(self, offer):
        """Show an image that a plugin offers, as soon as it is open.  Returns at once."""
        self.opening = offer.name
        self._opener.open(offer.factory)

    # ---- opening -------------------------------------------------------------

    def __opener_default(self):
        return SourceOpener(self._show, self._complain)

    def _show(self, source):
        self.opening = ""
        opened, self._opened = self._opened, None
        if opened is None or opened.source is not source:  # an offer of a plugin has no name to keep its look by
            opened = ShownImage(self.viewer, source)
        self._show_image(opened)
        opened.take_look()  # an image that was never open before gets the look of the previous one
        opened.begin()

    def _show_image(self, image):
        """Show an image, or nothing for None, and close the image before."""
        before, self._image = self._image, image
        if before is not None:
            before.keep_look()
        self.viewer.source = None if image is None else image.source
        if before is not None:
            before.close()

    def _complain(self, failure):
        self.opening = ""
        error(self.window.control, str(failure), title="Cannot open")

    def _get_name(self):
        if self.opening:
            return f"Opening {self.opening} …"
        return self.viewer.title if self.has_source else "No image"

    def _get_has_source(self):
        return self.viewer.source is not None
