"""Windows of viewers: opens one, runs the event loop, and saves a picture of one."""

from __future__ import annotations

import signal
import socket
import sys
from contextlib import contextmanager
from time import monotonic

from pyface.qt import QtCore, QtGui
from traitsui.api import Handler

from ..display import require_display
from ..errors import TraitsviewError
from ..model.image_viewer import ImageViewer
from ..sources.image_source import ImageSource
from .picture_file import save_widget
from .qt.program_errors import logged_slots
from .shown_image import ShownImage
from .viewer_editor import ViewerPanel, viewer_view

__all__ = [
    "interruptible",
    "panel_of",
    "process_events_until",
    "report_times",
    "run",
    "save_picture",
    "screenshot",
    "view",
]

#: Seconds that a picture waits for the first frame of a live image.
FRAME_SECONDS = 5.0

#: Milliseconds between looks at a condition, if no event comes.
CONDITION_MILLISECONDS = 5

_open_windows: dict[ImageViewer, object] = {}


def view(source, *, size=(960, 800), owned=False, remembered_as="", **appearance):
    """Open a window on a source and return its viewer at once: what `traitsview.windows.view` does."""
    if not isinstance(source, ImageSource):
        from ..opening import open_source

        source, owned = open_source(source), True
    require_display()
    _application()
    viewer = ImageViewer(source=source)
    for name in ("plane", "fits_pixels"):
        if name in appearance:
            setattr(viewer, name, appearance.pop(name))
    reduction = appearance.pop("reduction", None)
    image = ShownImage(viewer, source, remembered_as, owned)
    image.take_look()
    viewer.appearance.trait_set(**appearance)
    if reduction is not None:  # whatever the appearance makes of it
        viewer.reduction = reduction
    image.begin()
    handler = _WindowHandler(image)
    shown = viewer_view(width=size[0], height=size[1], title=viewer.title, handler=handler)
    _open_windows[viewer] = viewer.edit_traits(view=shown)
    return viewer


def run():
    """Run the event loop until the last window is closed.  Ctrl-C in the terminal closes all of them."""
    application = _application()
    if _open_windows:
        with interruptible(application):
            application.exec()


def screenshot(viewer, path, timeout=60.0, wait=FRAME_SECONDS):
    """Save a picture of a viewer's window once it shows exact pixels; raise as `save_picture` does."""
    save_picture(panel_of(viewer).window(), [viewer], path, timeout, wait)


def save_picture(window, viewers, path, timeout=60.0, wait=FRAME_SECONDS):
    """Save a picture of any window that shows viewers, once all of them show exact pixels.

    Parameters
    ----------
    window : QWidget
        The window, such as ``ui.control`` of a View.
    viewers : list of ImageViewer
    path : str or Path
    timeout : float
        In seconds.
    wait : float
        How long a live image may have no frame, in seconds since its host has said so.

    Raises
    ------
    TraitsviewError
        If the viewers do not show exact pixels within `timeout` seconds, or the file cannot be written; of a live image
        also if there is no frame, and none comes within `wait` seconds.
    """

    def trouble():
        return next(filter(None, (viewer.status.fault or viewer.contact.lost for viewer in viewers)), "")

    def until(condition, seconds):
        process_events_until(lambda: condition() or trouble(), seconds)
        if trouble():
            raise TraitsviewError("no picture", trouble())
        return condition()

    # Only from the first answer of its host on is it the calculation that is waited for.
    until(lambda: all(map(_is_answered, viewers)), timeout)
    until(lambda: all(map(_has_frame, viewers)), wait)
    for viewer in viewers:
        if not _has_frame(viewer):
            why = f"no frame came within {wait:g} s: {viewer.frame.state or 'nothing was published'}"
            raise TraitsviewError("no picture", why, "try again when the calculation runs")
    # A picture takes longer than a frame may stay.
    going = [viewer for viewer in viewers if viewer.live.live and not viewer.live.paused]
    try:
        _set_paused(going, True)
        if not until(lambda: _painted_exactly(viewers, window), timeout):
            shown = "; ".join(viewer.shown for viewer in viewers if not viewer.exact)
            raise TraitsviewError("no picture", f"it was not complete after {timeout:g} s: {shown}", "try again")
    finally:
        _set_paused(going, False)
    # The bar of a live image has another layout now.  No other event is taken: one may be the next frame.
    _application().sendPostedEvents(None, QtCore.QEvent.LayoutRequest)
    save_widget(window, path)


def panel_of(viewer):
    """Return the panel that shows a viewer in a window opened by `view`."""
    return _open_windows[viewer].control.findChild(ViewerPanel)


def report_times(viewer, notify):
    """Call ``notify("first", seconds)`` when a window has shown its first picture, and the same with ``"exact"``."""
    from .picture_times import PictureTimes

    PictureTimes(panel_of(viewer), notify)


def process_events_until(condition, timeout):
    """Run the event loop until `condition` holds, at most `timeout` seconds; return whether it does."""
    deadline = monotonic() + timeout
    application = _application()
    while not condition():
        if monotonic() > deadline:
            return False
        # Qt does not wait for events when it is given a time: a timer, and it sleeps until there is something.
        timer = QtCore.QTimer()
        timer.setSingleShot(True)
        timer.start(CONDITION_MILLISECONDS)
        application.processEvents(QtCore.QEventLoop.WaitForMoreEvents | QtCore.QEventLoop.AllEvents)
    application.sendPostedEvents()
    application.processEvents()
    return True


def _is_answered(viewer):
    """Whether the host of a live image has said what there is, or the image does not change."""
    return not viewer.live.live or viewer.live.answered


def _has_frame(viewer):
    """Whether a viewer shows a frame that is not older than its window, or an image that does not change."""
    return not viewer.live.live or (viewer.live.current and viewer.live.version > 0)


def _set_paused(viewers, paused):
    for viewer in viewers:
        viewer.live.paused = paused


def _painted_exactly(viewers, window):
    """Whether all pixels are exact, also after the window was painted: painting can find another size."""
    if not all(viewer.exact for viewer in viewers):
        return False
    window.grab()
    return all(viewer.exact for viewer in viewers)


class _WindowHandler(Handler):
    """Ends the image with its window."""

    def __init__(self, image):
        super().__init__()
        self._image = image

    def closed(self, info, is_ok):
        """Keep the look, close the viewer, and close the source if it is the window's own."""
        viewer = info.object
        _open_windows.pop(viewer, None)
        self._image.keep_look()
        viewer.close()
        self._image.close()


def _application():
    application = QtGui.QApplication.instance()
    return application if application is not None else QtGui.QApplication([sys.argv[0] or "traitsview"])


@contextmanager
def interruptible(application):
    """Let SIGINT and SIGTERM end the event loop: Qt does not return to Python by itself."""
    reader, writer = socket.socketpair()
    reader.setblocking(False)
    writer.setblocking(False)
    notifier = QtCore.QSocketNotifier(reader.fileno(), QtCore.QSocketNotifier.Read)
    notifier.activated.connect(lambda *_: reader.recv(64))
    interrupted = []

    def stop(number, frame):
        interrupted.append(number)
        application.closeAllWindows()
        application.quit()

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    wakeup = signal.set_wakeup_fd(writer.fileno(), warn_on_full_buffer=False)
    try:
        with logged_slots():
            yield
    finally:
        signal.set_wakeup_fd(wakeup)
        for number, handler in before.items():
            signal.signal(number, handler)
        notifier.setEnabled(False)
        reader.close()
        writer.close()
    if signal.SIGINT in interrupted:
        raise KeyboardInterrupt
