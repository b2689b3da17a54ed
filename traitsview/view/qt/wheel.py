"""How far a wheel was turned, or two fingers went over a touchpad."""

from __future__ import annotations

from pyface.qt import QtCore, QtGui

__all__ = ["NOTCH", "wheel_turn"]

#: One notch of a wheel, in Qt's unit: eighths of a degree.
NOTCH = 120


def wheel_turn(event):
    """Return how many notches a wheel was turned, as (to the right, up); a touchpad turns by parts of one.

    A touchpad says by how many pixels something would scroll, and 120 of them are taken for a notch.  With some drivers
    of X11 wheels say so, too, and mean something else, such as 15 pixels for a whole notch: only their angles count.

    Parameters
    ----------
    event : QWheelEvent
    """
    pixels = event.pixelDelta()
    delta = pixels if _is_of_touchpad(event) and not pixels.isNull() else event.angleDelta()
    return delta.x() / NOTCH, delta.y() / NOTCH


def _is_of_touchpad(event):
    """Whether fingers did it: their scrolling has a beginning and an end where the system does not name the device."""
    touchpad = event.deviceType() == QtGui.QInputDevice.DeviceType.TouchPad
    return touchpad or event.phase() != QtCore.Qt.ScrollPhase.NoScrollPhase
