"""Follows changes of the file of a viewer's colormap."""

from __future__ import annotations

from pyface.qt import QtCore

from ...color.catalogue import SHIPPED, catalogue
from ...errors import TraitsviewError
from ...model.colormap_notes import notes_of
from ...model.loading.worker import NewestWorker
from ..qt.following import Following
from ..qt.gui_thread import GuiThread

__all__ = ["ChosenColormap"]

#: Milliseconds from one look at the file to the next.
LOOK_MILLISECONDS = 1000


class ChosenColormap(Following, QtCore.QObject):
    """Gives a viewer the colours that the file of its colormap has now, whether the list of colormaps is open or not.

    A thread of its own looks at the file and reads it, because a disk can be slow.  Meanwhile, and while the file has
    an error, the viewer keeps the colours that were read last.  The status line shows the error.

    Parameters
    ----------
    viewer : ImageViewer
    """

    def __init__(self, viewer):
        super().__init__()
        self._viewer = viewer
        self._gui_thread = GuiThread()
        self._worker = None
        self._shown, self._wrong = None, ""
        self._every = QtCore.QTimer(self)
        self._every.setInterval(LOOK_MILLISECONDS)
        self._every.timeout.connect(self._look)
        self.at_end(self.deleteLater)  # whichever thread collects what is left: timers end in their own
        self.at_end(self._close)
        self.follow(viewer, self._refresh, "appearance.colormap")
        self._refresh()

    def _close(self):
        self._every.stop()
        self._viewer = None

    def _refresh(self, event=None):
        """Look at the file of a colormap that has one, and may change."""
        chosen = self._viewer.appearance.colormap
        self._shown, self._wrong = self._viewer.appearance.look.colormap, ""
        entry = catalogue().entry(chosen) if isinstance(chosen, str) else None
        if entry is None or entry.path is None or entry.namespace in (SHIPPED, "session"):
            self._every.stop()
        elif not self._every.isActive():
            self._every.start()

    def _look(self):
        if self._worker is None:
            self._worker = NewestWorker("traitsview chosen colormap")
            self.at_end(self._worker.close)
        name = self._viewer.appearance.colormap
        self._worker.submit(lambda stale: self._read(name))

    # ---- in the thread ---------------------------------------------------------

    def _read(self, name):
        try:
            found = catalogue().get(name)
        except TraitsviewError as error:
            self._gui_thread.post(lambda wrong=str(error): self._complain(name, wrong))
        else:
            self._gui_thread.post(lambda: self._take(name, found))

    # ---- in the GUI thread -------------------------------------------------------

    def _take(self, name, found):
        viewer = self._viewer
        if viewer is None or viewer.appearance.colormap != name:
            return
        if self._wrong or found is not self._shown:
            viewer.appearance.reread()
            viewer.status.notice = "; ".join(notes_of(found))

    def _complain(self, name, wrong):
        viewer = self._viewer
        if viewer is None or viewer.appearance.colormap != name or wrong == self._wrong:
            return
        viewer.status.notice = self._wrong = wrong
