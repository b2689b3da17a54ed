"""Fields for numbers."""

from __future__ import annotations

from pyface.qt import QtCore, QtGui

#: A number that every field has room for.
USUAL = "-1.23456e-28"

#: Digits by which a field grows for longer ones, so that its width seldom changes.
STEP = 4

#: Room for the frame around the text, in Qt's pixels.
FRAME = 12


class NumberField(QtGui.QLineEdit):
    """A field for a number; `given_up` is called when Escape is pressed in it.

    It has room for six digits, and for all of a longer number that is shown.
    """

    def __init__(self, given_up):
        super().__init__()
        self._given_up = given_up
        self.show_text("")

    def show_text(self, text):
        """Show a number from its first digit on, and have room for all of them."""
        self.setText(text)
        self.setCursorPosition(0)
        metrics = self.fontMetrics()
        usual, step = metrics.horizontalAdvance(USUAL), metrics.horizontalAdvance("0" * STEP)
        longer = max(0, metrics.horizontalAdvance(text) - usual)
        self.setFixedWidth(usual + -(-longer // step) * step + FRAME)

    def keyPressEvent(self, event):  # noqa: N802
        """Give up with Escape, which would close a dialog."""
        if event.key() == QtCore.Qt.Key_Escape:
            self._given_up()
        else:
            super().keyPressEvent(event)
