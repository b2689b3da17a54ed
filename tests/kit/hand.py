"""A hand on the mouse and the keyboard of a viewer's window.  It sends real Qt events."""

from __future__ import annotations

from time import monotonic

from pyface.qt import QtCore, QtGui
from PySide6.QtTest import QTest

from traitsview.view.window import panel_of, process_events_until

# Seconds after which waiting ends and the test fails.
_LONG = 120.0

LEFT = QtCore.Qt.LeftButton

_screen = None  # the touch screen, once it was made
NONE = QtCore.Qt.NoModifier


class Hand:
    """Uses mouse, wheel, keys and fingers in the window of `viewer`.  Places are Qt pixels of the canvas."""

    def __init__(self, viewer):
        self.viewer = viewer
        self.panel = panel_of(viewer)
        self.control = self.panel.enable_window.control

    @property
    def center(self):
        """The middle of the image on the screen."""
        plot = self.panel.canvas.plot
        return self.place(plot.x + plot.width / 2, plot.y + plot.height / 2)

    def place(self, x, y):
        """Return the place in Qt's coordinates of a place in Enable's."""
        return QtCore.QPoint(round(x), round(self.control.height() - 1 - y))

    def paint(self):
        """Have the window painted and return its image in device pixels."""
        QtGui.QApplication.processEvents()
        return self.panel.window().grab().toImage()

    def move(self, point, buttons=None):
        """Move the mouse to a place."""
        event = QtGui.QMouseEvent(
            QtCore.QEvent.MouseMove,
            QtCore.QPointF(point),
            QtCore.QPointF(self.control.mapToGlobal(point)),
            QtCore.Qt.NoButton,
            buttons or QtCore.Qt.NoButton,
            NONE,
        )
        QtCore.QCoreApplication.sendEvent(self.control, event)

    def press(self, point, modifiers=NONE):
        """Press the left button."""
        QTest.mousePress(self.control, LEFT, modifiers, point)

    def release(self, point):
        """Let the left button go."""
        QTest.mouseRelease(self.control, LEFT, NONE, point)

    def drag(self, start, *points, modifiers=NONE):
        """Drag from `start` along `points`."""
        self.move(start)
        self.press(start, modifiers)
        for point in points:
            self.move(point, LEFT)
        self.release(points[-1])

    def turn_wheel(self, point, delta=120, pixels=0, phase=QtCore.Qt.NoScrollPhase, device=None):
        """Turn the wheel by `delta` eighths of a degree.  Some drivers also send `pixels` and the `phase`."""
        self.move(point)
        event = QtGui.QWheelEvent(
            QtCore.QPointF(point),
            QtCore.QPointF(self.control.mapToGlobal(point)),
            QtCore.QPoint(0, pixels),
            QtCore.QPoint(0, delta),
            QtCore.Qt.NoButton,
            NONE,
            phase,
            False,
            QtCore.Qt.MouseEventNotSynthesized,
            device or QtGui.QPointingDevice.primaryPointingDevice(),
        )
        QtCore.QCoreApplication.sendEvent(self.control, event)

    def pinch_touchpad(self, point, value):
        """Pinch on a touchpad over a place: the distance of two fingers grows by its part `value`."""
        place, device = QtCore.QPointF(point), QtGui.QPointingDevice.primaryPointingDevice()
        there = QtCore.QPointF(self.control.mapToGlobal(point))
        kind, nowhere = QtCore.Qt.ZoomNativeGesture, QtCore.QPointF()
        event = QtGui.QNativeGestureEvent(kind, device, 2, place, place, there, value, nowhere)
        QtCore.QCoreApplication.sendEvent(self.control, event)

    def pinch_screen(self, point, apart, moved):
        """Pinch on a touch screen.

        The distance of two fingers goes through the numbers in `apart`, while their middle goes from `point` to
        ``point + moved``.
        """
        fingers = QTest.touchEvent(self.control, self._touch_screen())

        def places(step):
            across = QtCore.QPoint(apart[step] // 2, 0)
            middle = point + moved * (step / (len(apart) - 1))
            return middle - across, middle + across

        for step in range(len(apart)):
            act = fingers.move if step else fingers.press
            for finger, place in enumerate(places(step)):
                act(finger, place, self.control)
            fingers.commit()
        for finger, place in enumerate(places(len(apart) - 1)):
            fingers.release(finger, place, self.control)
        fingers.commit()

    def drag_finger(self, start, *points):
        """Drag one finger over a touch screen."""
        fingers = QTest.touchEvent(self.control, self._touch_screen())
        fingers.press(0, start, self.control).commit()
        for point in points:
            fingers.move(0, point, self.control).commit()
        fingers.release(0, points[-1], self.control).commit()

    @staticmethod
    def _touch_screen():
        global _screen
        _screen = _screen or QTest.createTouchDevice()
        return _screen

    def key(self, key, modifiers=NONE):
        """Press a key and let it go."""
        QTest.keyClick(self.control, key, modifiers)

    def move_three_hundred_times(self):
        """Pan 300 times in a second, or as quickly as the machine can."""
        started = monotonic()
        for step in range(300):
            self.viewer.pan(9, 4 if step % 2 else -3)
            process_events_until(lambda due=started + step / 300: monotonic() >= due, _LONG)

    def wait_exact(self):
        """Wait until the screen shows exact pixels of the size of the window."""

        def settled():
            if not self.viewer.exact:
                return False
            self.paint()
            return self.viewer.exact

        assert process_events_until(settled, _LONG), self.viewer.shown


def turn_wheel(widget, point):
    """Turn the wheel by one notch over a place in a widget."""
    event = QtGui.QWheelEvent(
        QtCore.QPointF(point),
        QtCore.QPointF(widget.mapToGlobal(point)),
        QtCore.QPoint(0, 15),  # as wheels of X11 do
        QtCore.QPoint(0, 120),
        QtCore.Qt.NoButton,
        NONE,
        QtCore.Qt.NoScrollPhase,
        False,
    )
    QtCore.QCoreApplication.sendEvent(widget, event)
