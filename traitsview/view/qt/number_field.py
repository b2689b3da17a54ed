"""Fields for numbers."""

from __future__ import annotations

from pyface.qt import QtCore, QtGui

#: A number that every field has room for.
USUAL_NUMBER = "-1.23456e-28"

#: A field grows in steps of this many digits, so that its width seldom changes.
GROWTH_DIGITS = 4

#: Room for the frame around the text, in Qt's pixels.
FRAME_WIDTH = 12


class NumberField(QtGui.QLineEdit):
    """A field for a number; `given_up` is called when Escape is pressed in it.

    It has room for six digits, and for all of a longer number that is shown.  While the keyboard is in it, it shows
    every digit that the number has.
    """

    def __init__(self, given_up):
        super().__init__()
        self._given_up = given_up
        self.show_number("")

    def show_number(self, text, exact=None):
        """Show a number from its first digit on, and have room for all of `text`.

        Parameters
        ----------
        text : str
            With as many digits as are read at a glance.
        exact : str, optional
            With all of its digits; by default `text` has them.
        """
        self._text, self._exact = text, text if exact is None else exact
        self._put(self._exact if self.hasFocus() else text)
        metrics = self.fontMetrics()
        usual, step = metrics.horizontalAdvance(USUAL_NUMBER), metrics.horizontalAdvance("0" * GROWTH_DIGITS)
        longer = max(0, metrics.horizontalAdvance(text) - usual)
        self.setFixedWidth(usual + -(-longer // step) * step + FRAME_WIDTH)

    @property
    def is_typed(self):
        """Whether the user has changed the text."""
        return self.text() != self._shown

    @property
    def said(self):
        """The text that was typed; or the number with all of its digits, if nothing was typed."""
        return self.text().strip() if self.is_typed else self._exact

    def _put(self, text):
        self._shown = text
        if text != self.text():
            self.setText(text)
            self.setCursorPosition(0)

    def focusInEvent(self, event):  # noqa: N802
        """Show all digits."""
        if not self.is_typed:
            self._put(self._exact)
        super().focusInEvent(event)

    def focusOutEvent(self, event):  # noqa: N802
        """Show the first digits again, unless something was typed."""
        super().focusOutEvent(event)
        if not self.is_typed:
            self._put(self._text)

    def keyPressEvent(self, event):  # noqa: N802
        """Give up with Escape, which would close a dialog."""
        if event.key() == QtCore.Qt.Key_Escape:
            self._given_up()
        else:
            super().keyPressEvent(event)


class TypedNumber:
    """The keys of a spin box: Enter takes the number that was typed, Escape gives it up.

    Mixed in before a spin box that has a signal `done`; it is emitted after both.
    """

    def keyPressEvent(self, event):  # noqa: N802
        """Take Escape, which would close a dialog, if something was typed."""
        keys = QtCore.Qt
        if event.key() == keys.Key_Escape and self.gives_up():
            self.done.emit()
        else:
            super().keyPressEvent(event)
            if event.key() in (keys.Key_Return, keys.Key_Enter):
                self.done.emit()

    def gives_up(self):
        """Show the number again; return whether another text was typed."""
        shown = f"{self.prefix()}{self.textFromValue(self.value())}{self.suffix()}"
        typed = self.text() != shown
        if typed:
            self.lineEdit().setText(shown)  # else it is taken when the keyboard goes elsewhere
        return typed
