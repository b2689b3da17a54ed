"""Copies the appearance of one viewer and gives it to another, in this window or any other."""

from __future__ import annotations

from pyface.qt import QtGui

from ...color.catalogue import catalogue
from ...color.colormap import Colormap
from ...errors import RequestError
from ...model.keeping.appearance_text import appearance_from_text, appearance_to_text

__all__ = ["copy_appearance", "paste_appearance", "take_appearance"]


def copy_appearance(viewer):
    """Put a viewer's colormap, scale, limits, contrast and bias on the clipboard, as text."""
    # Qt's own text: the off-screen clipboard outlives Python, and with it any data that Python had made.
    QtGui.QApplication.clipboard().setText(appearance_to_text(viewer.appearance))


def paste_appearance(viewer):
    """Give a viewer the appearance on the clipboard.  The status line says if the clipboard has none."""
    text = QtGui.QApplication.clipboard().text()
    try:
        if not text:
            why = "there is none on the clipboard"
            raise RequestError(
                "cannot paste an appearance", why, "copy one with Ctrl+Shift+C in a window of traitsview"
            )
        appearance, notes = appearance_from_text(text)
    except RequestError as error:
        viewer.status.complain(error)
    else:
        take_appearance(viewer, appearance, notes)


def take_appearance(viewer, appearance, notes=()):
    """Give a viewer another appearance.  A colormap that comes with it stays in the catalogue until the end."""
    if isinstance(appearance.colormap, Colormap):
        appearance.colormap = catalogue().add(appearance.colormap)
    viewer.status.fault = ""
    viewer.appearance.copy_traits(appearance)
    viewer.status.notice = "; ".join(notes)
