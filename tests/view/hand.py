"""A hand on the mouse and the keyboard of a viewer's window: real Qt events."""

from __future__ import annotations

from time import monotonic

from pyface.qt import QtCore, QtGui
from PySide6.QtTest import QTest

from traitsview.view.window import panel_of, process_events_until

# Seconds after which what has not come is taken for what never comes.
_LONG = 120.0

LEFT = QtCore.Qt.LeftButton
NONE = QtCore.Qt.NoModifier


class Hand:
    """Moves, presses and turns things in the window of `viewer`; places are Qt pixels of the canvas."""

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
        """Return Enable coordinates as Qt's."""
        return QtCore.QPoint(round(x), round(self.control.height() - 1 - y))

    def paint(self):
        """Have the window painted; return the picture, in device pixels."""
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

    def turn_wheel(self, point, delta=120, pixels=None):
        """Turn the wheel by eighths of degrees, or scroll a trackpad by `pixels`."""
        self.move(point)
        event = QtGui.QWheelEvent(
            QtCore.QPointF(point),
            QtCore.QPointF(self.control.mapToGlobal(point)),
            QtCore.QPoint(0, pixels or 0),
            QtCore.QPoint(0, delta),
            QtCore.Qt.NoButton,
            NONE,
            QtCore.Qt.NoScrollPhase,
            False,
        )
        QtCore.QCoreApplication.sendEvent(self.control, event)

    def key(self, key, modifiers=NONE):
        """Press and let go a key."""
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
