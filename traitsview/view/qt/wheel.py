"""Turns of a wheel, and two fingers that scroll on a touchpad."""

from __future__ import annotations

from pyface.qt import QtCore, QtGui

__all__ = ["NOTCH", "wheel_turn"]

#: One notch of a wheel, in Qt's unit: eighths of a degree.
NOTCH = 120


def wheel_turn(event):
    """Return how many notches a wheel was turned, as (to the right, up); a touchpad turns by parts of one.

    A touchpad reports pixels to scroll; 120 of them count as a notch.  With some drivers of X11 a wheel reports pixels,
    too, but wrong ones, such as 15 for a whole notch.  So only the angle of a wheel counts.

    Parameters
    ----------
    event : QWheelEvent
    """
    pixels = event.pixelDelta()
    delta = pixels if _is_of_touchpad(event) and not pixels.isNull() else event.angleDelta()
    return delta.x() / NOTCH, delta.y() / NOTCH


def _is_of_touchpad(event):
    """Whether fingers scroll: where the system does not name the device, only their scrolling has a beginning."""
    touchpad = event.deviceType() == QtGui.QInputDevice.DeviceType.TouchPad
    return touchpad or event.phase() != QtCore.Qt.ScrollPhase.NoScrollPhase
