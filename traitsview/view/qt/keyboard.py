"""Gives the keyboard to the image, except while the user types or chooses by keys beside it."""

from __future__ import annotations

from pyface.qt import QtCore, QtGui

__all__ = ["KeyboardReturn"]

#: Widgets that are used by the mouse alone.  The text field inside one, such as that of a spin box, is not among them.
CONTROLS = (QtGui.QAbstractButton, QtGui.QAbstractSlider, QtGui.QAbstractSpinBox, QtGui.QComboBox)


class KeyboardReturn(QtCore.QObject):
    """Gives the keyboard to the image when a control beside it is clicked.

    So the keys of the image work after any click, and the Tab key still leads to each control.  A click into the text
    of a number gives it the keyboard; a click on its arrows does not.

    Parameters
    ----------
    image : QWidget
        This widget, or its focus proxy, has the keyboard afterwards.
    """

    def __init__(self, image):
        super().__init__(image)
        self._image = image

    def watch(self, *widgets):
        """Watch over controls, and over those inside widgets."""
        for widget in widgets:
            for control in (widget, *widget.findChildren(QtGui.QWidget)):
                if isinstance(control, CONTROLS):
                    self._watch(control)

    def eventFilter(self, watched, event):  # noqa: N802
        """Give the keyboard back before a control takes a click: the control works without the keyboard, too."""
        if event.type() == QtCore.QEvent.Type.MouseButtonPress:
            self._image.setFocus(QtCore.Qt.FocusReason.MouseFocusReason)
        return False

    def _watch(self, control):
        if control.focusPolicy() != QtCore.Qt.FocusPolicy.NoFocus:
            # A number takes the keyboard by a click into its text, but not by a turn of the wheel.
            typed = isinstance(control, QtGui.QAbstractSpinBox)
            control.setFocusPolicy(QtCore.Qt.FocusPolicy.StrongFocus if typed else QtCore.Qt.FocusPolicy.TabFocus)
        control.installEventFilter(self)
