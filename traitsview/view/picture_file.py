"""Pictures of a viewer's window as files."""

from __future__ import annotations

import os
from pathlib import Path

from pyface.qt import QtGui

from ..errors import RequestError, quoted

FORMATS = ("png", "jpg", "jpeg", "bmp", "tif", "tiff", "webp")


def save_widget(widget, path):
    """Write what a Qt widget looks like to an image file, whole or not at all.

    Raises
    ------
    RequestError
        If the ending is not that of a picture, or the file cannot be written.
    """
    path = Path(path)
    ending = path.suffix[1:].lower()
    if ending not in FORMATS:
        raise RequestError(f"cannot save {quoted(path)}", f"unknown kind of picture '.{ending}'", "end it in .png")
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    saved = widget.grab().toImage().save(str(part), "jpg" if ending == "jpeg" else ending)
    if not saved or not _is_on_disk(part):
        part.unlink(missing_ok=True)
        raise RequestError(f"cannot save {quoted(path)}", "the file cannot be written", "choose another folder")
    part.replace(path)


def _is_on_disk(part):
    """Return whether a file reaches the disk; some file systems report only then that there is no room."""
    try:
        with open(part, "rb") as stream:
            os.fsync(stream.fileno())
    except OSError:
        return False
    return True


def ask_and_save(panel):
    """Ask where to, and save the picture of a viewer's panel without its buttons."""
    name = Path(panel.viewer.title).stem or "traitsview"
    path, _ = QtGui.QFileDialog.getSaveFileName(panel, "Save picture", f"{name}.png", "Pictures (*.png *.jpg *.webp)")
    if not path:
        return
    try:
        save_widget(panel.painted, path if Path(path).suffix else f"{path}.png")
    except RequestError as error:
        panel.viewer.status.complain(error)
