"""``python -m traitsview.view.published_view NAME MODULE:CLASS``: a view of your own on what a calculation publishes.

The class is a ``HasTraits`` with a method ``update(frame)``.  The frame is a `traitsview.live.LiveFrame`: the arrays
and numbers of one frame.  An object of the class is made and shown by ``edit_traits``.  Its method is called in the
thread of the window, with the newest frame each time; frames that come while it works are left out.
"""

from __future__ import annotations

import logging
import sys
import threading
from contextlib import suppress
from importlib import import_module

from pyface.qt import QtGui

from ..display import require_display
from ..errors import RequestError, TraitsviewError, quoted
from ..live.following import follow
from .qt.gui_thread import GuiThread
from .window import interruptible

__all__ = ["FrameCarrier", "main", "view_class"]

logger = logging.getLogger(__name__)

#: Seconds between two looks whether the window is closed.
_LOOK_SECONDS = 0.1


class FrameCarrier:
    """Carries the newest frames from a publisher to a function in the thread of the window.

    Parameters
    ----------
    name : str
        Under which frames are published, by one run of the calculation after another.
    update : callable
        ``update(frame)``.  What it raises is logged.
    """

    def __init__(self, name, update):
        self._update = update
        self._gui = GuiThread()
        self._taken = threading.Event()
        self._closed = False
        self._thread = threading.Thread(target=self._follow, args=(name,), daemon=True, name="traitsview-follow")
        self._thread.start()

    def close(self):
        """Call `update` no more, and end the thread."""
        self._closed = True
        self._taken.set()
        self._thread.join()

    def _follow(self, name):
        for frame in follow(name, wait=True, closed=lambda: self._closed):
            self._taken.clear()
            self._gui.post(lambda frame=frame: self._show(frame))
            # The next one is read when this one is shown: so it is the newest then.
            while not self._closed and not self._taken.wait(_LOOK_SECONDS):
                pass

    def _show(self, frame):
        try:
            if not self._closed:
                self._update(frame)
        except Exception:  # the code of users, which may raise anything
            logger.exception("update failed at step %s", frame.step)
        finally:
            self._taken.set()


def view_class(text):
    """Return the class ``"MODULE:CLASS"``; raise `RequestError` if there is none that shows frames."""
    what, remedy = f"cannot open the view {quoted(text)}", "give MODULE:CLASS"
    module, _, name = text.partition(":")
    try:
        found = getattr(import_module(module), name)
    except (ImportError, AttributeError) as error:
        raise RequestError(what, str(error), remedy) from error
    if not callable(getattr(found, "update", None)) or not hasattr(found, "edit_traits"):
        raise RequestError(what, "it is no HasTraits class with a method update(frame)", remedy)
    return found


def main(name, text):
    """Show a view until its window is closed; return the exit code."""
    logging.basicConfig(format="%(message)s")
    try:
        require_display()
        made = view_class(text)
        program = QtGui.QApplication.instance() or QtGui.QApplication([name])
        view = made()
        view.edit_traits()
        carrier = FrameCarrier(name, view.update)
    except TraitsviewError as error:
        print(f"traitsview: {error}", file=sys.stderr)
        return 1
    with interruptible(program), suppress(KeyboardInterrupt):
        program.exec()
    carrier.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
