"""Fields for numbers, and limits in as many digits as tell them apart."""

from __future__ import annotations

import math

from pyface.qt import QtCore, QtGui

from ..whole_numbers import number_text


def limit_texts(low, high):
    """Return two limits in six digits, and more where that does not tell them well apart."""
    ratio = max(abs(low), abs(high)) / max(abs(high / 2 - low / 2), math.ulp(0.0))
    digits = max(6, min(17, 4 + math.ceil(math.log10(ratio) if math.isfinite(ratio) else 17)))
    return number_text(low, digits), number_text(high, digits)


class NumberField(QtGui.QLineEdit):
    """A field for a number; `given_up` is called when Escape is pressed in it.

    It has room for six digits, and for all of a whole number of 64 bits that is shown.
    """

    def __init__(self, given_up):
        super().__init__()
        self._given_up = given_up
        self._make_room("")

    def setText(self, text):  # noqa: N802
        """Show a number."""
        super().setText(text)
        self._make_room(text)

    def _make_room(self, text):
        advance = self.fontMetrics().horizontalAdvance
        whole = advance(text) if text.lstrip("-").isdigit() else 0
        self.setFixedWidth(max(advance("-1.23456e-28"), whole) + 12)

    def keyPressEvent(self, event):  # noqa: N802
        """Give up with Escape, which would close a dialog."""
        if event.key() == QtCore.Qt.Key_Escape:
            self._given_up()
        else:
            super().keyPressEvent(event)
