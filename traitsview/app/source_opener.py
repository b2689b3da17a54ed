"""Opens sources in a thread, so that the window does not wait."""

from __future__ import annotations

from ..errors import SourceError, TraitsviewError
from ..model.loading.worker import NewestWorker
from ..opening import open_in_host, open_source
from ..sources.image_source import ImageSource
from ..view.qt.following import Following
from ..view.qt.gui_thread import GuiThread

__all__ = ["SourceOpener", "open_text"]


def open_text(text):
    """Return the source that `text` names.  It is read in another process, on the host that `text` names, if any."""
    return open_in_host(text)


class SourceOpener(Following):
    """Opens one source at a time in a thread of its own.  A newer request replaces an older one.

    It belongs to the GUI thread.  `opened` and `failed` are called there.

    Parameters
    ----------
    opened : callable
        Called with each ImageSource.  This function has to close it.
    failed : callable
        Called with the TraitsviewError that opening raised.
    """

    def __init__(self, opened, failed):
        self._opened, self._failed = opened, failed
        self._worker = NewestWorker("traitsview opener")
        self._gui_thread = GuiThread()
        self._closed = False
        self.at_end(self._worker.close)
        self.at_end(self._close)

    def open(self, factory):
        """Call `factory` in the other thread and open the source that it returns.  Returns at once."""
        self._worker.submit(lambda stale: self._open(factory, stale))

    def _close(self):
        self._closed = True  # a source that is opened after this is closed by `_take`

    def _open(self, factory, stale):
        try:
            made = factory()
            source = made if isinstance(made, ImageSource) else open_source(made)
        except TraitsviewError as error:
            self._report(error, stale)
        except Exception as error:  # a plugin's function can raise anything
            self._report(SourceError("cannot open the image", f"{type(error).__name__}: {error}"), stale)
        else:
            if stale():
                source.close()
            else:
                self._gui_thread.post(lambda: self._take(source))

    def _report(self, error, stale):
        if not stale():
            self._gui_thread.post(lambda: None if self._closed else self._failed(error))

    def _take(self, source):
        if self._closed:
            source.close()
        else:
            self._opened(source)
