"""Opens colormap files that the user chooses, or drops onto the image."""

from __future__ import annotations

from pathlib import Path

from pyface.qt import QtCore, QtGui

from ...color.catalogue import catalogue
from ...color.loaders.formats import formats
from ...errors import ColormapError, TraitsviewError, printable, quoted
from ...model.colormap_notes import notes_of
from ...model.loading.worker import NewestWorker
from ...sources.registry import image_formats
from ..qt.following import Following
from ..qt.gui_thread import GuiThread

__all__ = ["ColormapFiles"]

#: Bytes at the beginning of a file that show whether it is an image: a block of FITS.
HEAD_BYTES = 2880


class ColormapFiles(Following, QtCore.QObject):
    """Reads colormap files for a viewer, in a thread of its own.

    The colormap of a file is chosen; if a file has several, the user chooses one.  If a file cannot be read, the status
    line says why, and nothing else changes.

    Parameters
    ----------
    viewer : ImageViewer
    """

    #: There are several colormaps to choose from: their ids.
    several = QtCore.Signal(list)

    def __init__(self, viewer):
        super().__init__()
        self._viewer = viewer
        self._gui_thread = GuiThread()
        self._worker = None
        self._closed = False
        self.at_end(self._close)

    def _close(self):
        self._closed = True

    def ask(self, parent):
        """Ask for a file and open it."""
        endings = sorted({f"*{ending}" for each in formats().values() for ending in each.extensions})
        kinds = f"Colormaps ({' '.join(endings)});;All files (*)" if endings else "All files (*)"
        path, _ = QtGui.QFileDialog.getOpenFileName(parent, "Open a colormap", "", kinds)
        if path:
            self.open([path])

    def open(self, paths):
        """Open files as soon as they are read.  Returns at once."""
        if self._worker is None:
            self._worker = NewestWorker("traitsview colormap files")
            self.at_end(self._worker.close)
        self._worker.submit(lambda stale: self._read(paths))

    def accept_drops(self, widget):
        """Have files opened that are dropped onto a widget."""
        widget.setAcceptDrops(True)
        widget.installEventFilter(self)

    def eventFilter(self, watched, event):  # noqa: N802
        """Take files that are dragged over the widget and dropped."""
        kind = event.type()
        if kind not in (QtCore.QEvent.DragEnter, QtCore.QEvent.DragMove, QtCore.QEvent.Drop):
            return super().eventFilter(watched, event)
        urls = event.mimeData().urls()
        if not urls or self._closed:
            return super().eventFilter(watched, event)
        event.setDropAction(QtCore.Qt.CopyAction)
        event.accept()
        if kind == QtCore.QEvent.Drop:
            self._open_dropped(urls)
        return True

    def _open_dropped(self, urls):
        elsewhere = next((url for url in urls if not url.isLocalFile()), None)
        if elsewhere is None:
            self.open([url.toLocalFile() for url in urls])
        else:
            what = f"cannot read {quoted(elsewhere.toString())}"
            self._complain(ColormapError(what, "it is not on this machine", "save it as a file first"))

    # ---- in the thread ---------------------------------------------------------

    def _read(self, paths):
        ids = []
        try:
            for path in paths:
                _check_no_image(path)
                ids += catalogue().add_file(path)
            warnings = [warning for id in ids for warning in notes_of(catalogue().get(id))] if len(ids) == 1 else []
        except TraitsviewError as error:
            self._gui_thread.post(lambda error=error: self._complain(error))
        else:
            self._gui_thread.post(lambda: self._take(ids, warnings))

    # ---- in the GUI thread -------------------------------------------------------

    def _take(self, ids, warnings):
        viewer = self._viewer
        if self._closed:
            return
        viewer.status.fault = ""
        if len(ids) > 1:
            self.several.emit(ids)
        elif ids:
            if viewer.appearance.colormap == ids[0]:
                viewer.appearance.reread()
            viewer.appearance.colormap = ids[0]
            viewer.status.notice = "; ".join(warnings)

    def _complain(self, error):
        if not self._closed:
            self._viewer.status.complain(error)


def _check_no_image(path):
    """Raise `ColormapError` if a file is an image: to take colours from it would be a mistake of the user."""
    try:
        with open(path, "rb") as stream:
            head = stream.read(HEAD_BYTES)
    except OSError:
        return  # whoever reads it next says why it cannot be
    if any(each.recognizes(head) for each in image_formats()):
        name = printable(Path(path).name)
        raise ColormapError(name, "it is an image, not a colormap", "open it by itself, as with 'traitsview FILE'")
