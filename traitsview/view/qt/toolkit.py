"""Qt and Pyface, prepared before any module of theirs is imported that acts on import."""

from __future__ import annotations

import os
from functools import partial
from threading import Thread

from ...display import has_display
from ...errors import installed_by

__all__ = ["prepare"]

_kept = []


def prepare():
    """Make the modules of this package safe to import; they are then imported for their own sake only.

    Without a display Pyface's import would end the process: it makes Qt's application.  So one that paints off screen
    is made first.  Whoever opens a window asks `require_display` before.

    Raises
    ------
    ModuleNotFoundError
        If the libraries of the window are not installed.
    """
    try:
        from pyface.qt import QtGui
    except ModuleNotFoundError as error:
        why = f"{__package__} needs {error.name}, which is not installed; {installed_by('viewer')}"
        raise ModuleNotFoundError(why, name=error.name) from error
    if QtGui.QApplication.instance() is None and not has_display(os.environ):
        _kept.append(QtGui.QApplication(["traitsview", "-platform", "offscreen"]))
    # Importing TraitsUI opens Pyface's archives of icons, and a thread each waits up to three seconds to close them
    # again; Python would wait for those threads at its end.
    from pyface.image import image

    image.Thread = partial(Thread, daemon=True)
