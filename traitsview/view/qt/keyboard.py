"""Who has the keyboard: the image, but where something is typed or chosen by keys."""

from __future__ import annotations

from pyface.qt import QtCore, QtGui

__all__ = ["KeyboardReturn"]

#: What is used by the mouse alone.  What is in them to be typed in, such as a number, is not among them.
CONTROLS = (QtGui.QAbstractButton, QtGui.QAbstractSlider, QtGui.QAbstractSpinBox, QtGui.QComboBox)


class KeyboardReturn(QtCore.QObject):
    """Gives the keyboard to the image when a control beside it is clicked.

    Keys that mean something over the image then do so after any click, and the Tab key still leads to each control.  A
    click into the text of a number gives it the keyboard, one on its arrows does not.

    Parameters
    ----------
    image : QWidget
        Which has the keyboard afterwards, or whose focus proxy has.
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
        """Give the keyboard back before a control takes a click: one without it does the same."""
        if event.type() == QtCore.QEvent.Type.MouseButtonPress:
            self._image.setFocus(QtCore.Qt.FocusReason.MouseFocusReason)
        return False

    def _watch(self, control):
        if control.focusPolicy() != QtCore.Qt.FocusPolicy.NoFocus:
            # A click into the text of a number needs more.  A turn of the wheel is no wish to type.
            typed = isinstance(control, QtGui.QAbstractSpinBox)
            control.setFocusPolicy(QtCore.Qt.FocusPolicy.StrongFocus if typed else QtCore.Qt.FocusPolicy.TabFocus)
        control.installEventFilter(self)
