"""Drives a window by mouse events that zoom and pan."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from pyface.qt import QtCore, QtGui

from ..errors import TraitsviewError

__all__ = ["Hand", "take"]

#: Seconds that the tour waits for an exact picture after a step.
_PATIENCE = 30.0


class Hand:
    """A mouse over the widget that a viewer is painted on.  Places are fractions from its top left corner."""

    def __init__(self, widget: Any) -> None:
        self._widget = widget

    def move(self, x: float, y: float, pressed: bool = False) -> None:
        """Move the mouse, with the left button down if `pressed`."""
        buttons = QtCore.Qt.LeftButton if pressed else QtCore.Qt.NoButton
        self._mouse(QtCore.QEvent.MouseMove, x, y, QtCore.Qt.NoButton, buttons)

    def drag(self, start: tuple[float, float], stop: tuple[float, float], steps: int = 20) -> None:
        """Press at `start`, move to `stop` and let go."""
        left, none = QtCore.Qt.LeftButton, QtCore.Qt.NoButton
        self._mouse(QtCore.QEvent.MouseButtonPress, *start, left, left)
        for step in range(1, steps + 1):
            x, y = (a + (b - a) * step / steps for a, b in zip(start, stop, strict=True))
            self.move(x, y, pressed=True)
            QtGui.QApplication.processEvents()
        self._mouse(QtCore.QEvent.MouseButtonRelease, *stop, left, none)

    def wheel(self, x: float, y: float, notches: int) -> None:
        """Turn the wheel, forward if `notches` is positive."""
        place = self._place(x, y)
        shown = QtCore.QPointF(self._widget.mapToGlobal(place.toPoint()))
        for _ in range(abs(notches)):
            turn = QtCore.QPoint(0, 120 if notches > 0 else -120)
            event = QtGui.QWheelEvent(
                place,
                shown,
                QtCore.QPoint(),
                turn,
                QtCore.Qt.NoButton,
                QtCore.Qt.NoModifier,
                QtCore.Qt.NoScrollPhase,
                False,
            )
            QtGui.QApplication.sendEvent(self._widget, event)
            QtGui.QApplication.processEvents()

    def _mouse(self, kind: Any, x: float, y: float, button: Any, buttons: Any) -> None:
        place = self._place(x, y)
        shown = QtCore.QPointF(self._widget.mapToGlobal(place.toPoint()))
        event = QtGui.QMouseEvent(kind, place, shown, button, buttons, QtCore.Qt.NoModifier)
        QtGui.QApplication.sendEvent(self._widget, event)

    def _place(self, x: float, y: float) -> Any:
        return QtCore.QPointF(x * self._widget.width(), y * self._widget.height())


def take(viewer: Any, window: ModuleType) -> None:
    """Zoom into the image and pan about, and rest with the mouse on it."""
    hand = Hand(window.panel_of(viewer).enable_window.control)
    _wait(viewer, window)
    whole = viewer.viewport
    hand.move(0.5, 0.45)
    hand.wheel(0.5, 0.45, 5)
    _wait(viewer, window)
    hand.drag((0.5, 0.5), (0.42, 0.57))
    hand.wheel(0.58, 0.42, 2)
    _wait(viewer, window)
    hand.move(0.56, 0.44)
    window.process_events_until(lambda: viewer.readout is not None and viewer.readout.value, _PATIENCE)
    if viewer.viewport.resolution[0] >= whole.resolution[0]:
        raise TraitsviewError("the demonstration failed", "the window did not follow the mouse", "please report it")


def _wait(viewer: Any, window: ModuleType) -> None:
    def ready() -> bool:
        return viewer.exact or viewer.status.fault or viewer.contact.lost

    window.process_events_until(ready, _PATIENCE)
