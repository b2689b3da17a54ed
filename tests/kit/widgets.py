"""Finds widgets of a window by the texts that a person sees, and uses them."""

from __future__ import annotations

from pyface.qt import QtCore, QtGui
from PySide6.QtTest import QTest

__all__ = ["button", "choose", "click", "menu", "right_drag"]


def button(hand, text):
    """Return the button with a text on it."""
    return next(b for b in hand.panel.toolbar.findChildren(QtGui.QToolButton) if b.text() == text)


def menu(hand, tip):
    """Return the menu with a tool tip."""
    return next(m for m in hand.panel.toolbar.findChildren(QtGui.QComboBox) if m.toolTip() == tip)


def choose(chooser, text):
    """Choose an entry of a menu as the keyboard does."""
    row = chooser.findText(text)
    assert row >= 0, text
    chooser.setCurrentIndex(row)
    chooser.activated.emit(row)


def click(widget):
    """Click in the middle of a widget."""
    QTest.mouseClick(widget, QtCore.Qt.LeftButton)


def right_drag(hand, *points, release=True):
    """Drag with the right button along points."""
    hand.move(points[0])
    QTest.mousePress(hand.control, QtCore.Qt.RightButton, QtCore.Qt.NoModifier, points[0])
    for point in points[1:]:
        hand.move(point, QtCore.Qt.RightButton)
    if release:
        QTest.mouseRelease(hand.control, QtCore.Qt.RightButton, QtCore.Qt.NoModifier, points[-1])
