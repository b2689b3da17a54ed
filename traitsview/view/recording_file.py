"""Asks where frames are recorded."""

from __future__ import annotations

from pathlib import Path

from pyface.qt import QtGui

from ..errors import RequestError

__all__ = ["ask_and_record"]


def ask_and_record(panel):
    """Ask for a folder and record to it; stop if frames are being recorded."""
    recording = panel.viewer.recording
    if recording.running:
        recording.stop()
        return
    name = f"{Path(panel.viewer.title).stem or 'frames'}.zarr"
    path, _ = QtGui.QFileDialog.getSaveFileName(panel, "Record frames to a folder", name, "Zarr arrays (*.zarr)")
    if not path:
        return
    try:
        recording.start(path if Path(path).suffix else f"{path}.zarr")
    except RequestError as error:
        panel.viewer.status.complain(error)
