"""Watches the folders of the user's colormap files."""

from __future__ import annotations

from pyface.qt import QtCore

from ...color.catalogue import catalogue
from ...model.loading.worker import NewestWorker
from ..qt.following import Following
from ..qt.gui_thread import GuiThread

__all__ = ["ColormapFolders"]

#: Milliseconds from a sign of a change to a look: files are written in several steps.
SETTLING_MILLISECONDS = 120

#: Milliseconds between looks without a sign: network file systems give none, nor does a file that is still written to.
LOOK_MILLISECONDS = 2000


class ColormapFolders(Following, QtCore.QObject):
    """Keeps the catalogue up to date while the list of colormaps is open.

    A thread of its own looks at the folders.

    Parameters
    ----------
    also : callable
        Is called in that thread at the first look after `watch`.
    """

    #: A colormap has come, gone or changed.
    changed = QtCore.Signal()

    #: The first look since `watch` is done; with it comes what `also` returned.
    looked = QtCore.Signal(object)

    def __init__(self, also):
        super().__init__()
        self._also = also
        self._gui_thread = GuiThread()
        self._watcher = None
        self._worker = None
        self._first = self._closed = False
        self._unreported = False  # belongs to the thread that looks
        self._soon, self._every = QtCore.QTimer(self), QtCore.QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(SETTLING_MILLISECONDS)
        self._every.setInterval(LOOK_MILLISECONDS)
        for timer in (self._soon, self._every):
            timer.timeout.connect(self._look)
        self.at_end(self.deleteLater)  # whichever thread collects what is left: timers end in their own
        self.at_end(self._close)

    def watch(self):
        """Look soon, and whenever something may have changed."""
        self._first = True
        if self._watcher is None:
            self._watcher = QtCore.QFileSystemWatcher(self)
            self._watcher.directoryChanged.connect(self._look_soon)  # a function of its own would keep all of this
            self._watcher.fileChanged.connect(self._look_soon)
        self._every.start()
        self._soon.start()  # not at once: it would delay the first rows of the list

    def rest(self):
        """Look no more, until `watch` is called again."""
        self._every.stop()
        self._soon.stop()
        if self._watcher is not None:
            watched = [*self._watcher.directories(), *self._watcher.files()]
            if watched:
                self._watcher.removePaths(watched)

    def _close(self):
        self.rest()
        self._closed = True

    def _look_soon(self, path):
        self._soon.start()

    def _look(self):
        if self._worker is None:
            self._worker = NewestWorker("traitsview colormap folders")
            self.at_end(self._worker.close)
        first = self._first
        self._worker.submit(lambda stale: self._look_there(stale, first))

    def _look_there(self, stale, first):
        also = self._also() if first else None
        known = catalogue()
        before = known.failures()
        changed = known.refresh()
        changed = known.look_inside() or changed or known.failures() != before
        self._unreported = self._unreported or changed  # the next look reports what a stale one has found
        there = [str(folder) for folder in known.folders() if folder.is_dir()]
        unread = [failure.path for failure in known.failures()]
        if not stale():
            changed, self._unreported = self._unreported, False
            self._gui_thread.post(lambda: self._report(changed, there + unread, first, also))

    def _report(self, changed, paths, first, also):
        if self._closed:
            return
        if self._every.isActive():
            fresh = set(paths) - {*self._watcher.directories(), *self._watcher.files()}
            if fresh:
                self._watcher.addPaths(sorted(fresh))
        if changed:
            self.changed.emit()
        if first and self._first:
            self._first = False
            self.looked.emit(also)
