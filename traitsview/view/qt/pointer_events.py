"""Translates events of Qt into events of Enable: mouse, wheel, and pinches with two fingers."""

from __future__ import annotations

from dataclasses import dataclass

from enable.events import BasicEvent, MouseEvent
from pyface.qt import QtCore, QtGui
from traits.api import Float, Tuple

from .device_pixels import pixel_at, place_of
from .wheel import NOTCH, wheel_turn

__all__ = ["Pinch", "PinchEvent", "Pinches", "enable_place", "pointer_event"]


class PinchEvent(BasicEvent):
    """Two fingers moved apart or together around a place.  An interactor handles it in ``normal_pinch``.

    Attributes
    ----------
    factor : float
        The distance of the fingers, divided by their distance before.
    moved : (float, float)
        Movement of their middle to the right and up, in Enable's pixels.
    """

    factor = Float(1.0)
    moved = Tuple(0.0, 0.0)


@dataclass(frozen=True)
class Pinch:
    """One step of a pinch: the middle of the fingers now and before, in Qt's pixels, and the change of distance."""

    place: QtCore.QPointF
    before: QtCore.QPointF
    factor: float


def pointer_event(window, event):
    """Return Enable's event of an event of Qt, or of a `Pinch`, over an Enable window."""
    control = window.control
    if isinstance(event, Pinch):
        (x, y), (x0, y0) = enable_place(control, event.place), enable_place(control, event.before)
        return PinchEvent(x=x0, y=y0, factor=event.factor, moved=(x - x0, y - y0), window=window)
    if hasattr(event, "position"):
        place, buttons, modifiers = event.position(), event.buttons(), event.modifiers()
    else:  # the mouse has left
        place = QtCore.QPointF(control.mapFromGlobal(QtGui.QCursor.pos()))
        buttons, modifiers = QtCore.Qt.MouseButton.NoButton, QtCore.Qt.KeyboardModifier.NoModifier
    control.handler.last_mouse_pos = place.x(), place.y()  # Enable takes it for the place of a key event
    x, y = enable_place(control, place)
    across, up = wheel_turn(event) if isinstance(event, QtGui.QWheelEvent) else (0.0, 0.0)
    return MouseEvent(
        x=x,
        y=y,
        mouse_wheel=across if abs(across) > abs(up) else up,
        mouse_wheel_axis="horizontal" if abs(across) > abs(up) else "vertical",
        mouse_wheel_delta=(across * NOTCH, up * NOTCH),
        alt_down=bool(modifiers & QtCore.Qt.KeyboardModifier.AltModifier),
        shift_down=bool(modifiers & QtCore.Qt.KeyboardModifier.ShiftModifier),
        control_down=bool(modifiers & QtCore.Qt.KeyboardModifier.ControlModifier),
        left_down=bool(buttons & QtCore.Qt.MouseButton.LeftButton),
        middle_down=bool(buttons & QtCore.Qt.MouseButton.MiddleButton),
        right_down=bool(buttons & QtCore.Qt.MouseButton.RightButton),
        window=window,
    )


def enable_place(control, place):
    """Return the middle of the pixel of the screen that contains a place of a widget, in Enable's coordinates.

    Enable's y grows upwards, and its pixels have their middles at whole numbers.
    """
    middle = place_of(control, *pixel_at(control, place))
    return middle.x() - 0.5, control.height() - middle.y() - 0.5


class Pinches(QtCore.QObject):
    """Takes pinches out of the events of a widget: the system finds those of a touchpad, Qt those on a touch screen.

    Parameters
    ----------
    widget : QWidget
    notify : callable
        Called with each `Pinch`.
    """

    def __init__(self, widget, notify):
        super().__init__(widget)
        self._widget, self._notify = widget, notify
        self._last = None  # the factor and the middle of the gesture on the screen so far
        widget.grabGesture(QtCore.Qt.GestureType.PinchGesture)

    def eventFilter(self, watched, event):  # noqa: N802
        """Take pinches, and leave everything else."""
        kind, pinch = event.type(), None
        if kind == QtCore.QEvent.Type.NativeGesture:
            pinch = self._of_touchpad(event)
        elif kind == QtCore.QEvent.Type.Gesture:
            pinch = self._of_screen(event)
        if pinch is None:
            return False
        self._notify(pinch)
        event.accept()
        return True

    def _of_touchpad(self, event):
        if event.gestureType() != QtCore.Qt.NativeGestureType.ZoomNativeGesture or event.value() <= -1:
            return None
        return Pinch(event.position(), event.position(), 1 + event.value())

    def _of_screen(self, event):
        gesture = event.gesture(QtCore.Qt.GestureType.PinchGesture)
        if gesture is None:
            return None
        middle, factor = self._widget.mapFromGlobal(gesture.centerPoint()), gesture.totalScaleFactor()
        begins = gesture.state() == QtCore.Qt.GestureState.GestureStarted or self._last is None
        before, middle_before = (1.0, middle) if begins else self._last
        self._last = factor, middle
        return Pinch(middle, middle_before, factor / before)
