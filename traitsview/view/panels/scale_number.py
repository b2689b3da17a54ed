"""The number of a scale: the exponent of a power, the width of a linear part, or the value of a hinge."""

from __future__ import annotations

from pyface.qt import QtCore, QtGui

from ...color.scales import parse_scale
from ...errors import TraitsviewError
from ...model.status import Complaint
from ...numerals import ALL, numeral
from ..qt.following import Following
from ..qt.number_field import NumberField

#: The scales with a number: its name, and its tool tip.
NUMBERS = {
    "power": ("Power", "The exponent: below 1 it makes faint values brighter"),
    "symlog": (
        "Linear to",
        "Colours are linear between this value and its opposite, and logarithmic beyond; empty: it follows the limits",
    ),
    "hinge": ("Hinge", "The value with the middle colour; each side of it is linear by itself"),
}


class ScaleNumber(Following, QtGui.QWidget):
    """Shows and changes the number of a viewer's scale; hidden where the scale has none.

    Parameters
    ----------
    viewer : ImageViewer
    """

    #: The number was taken or given up: the keyboard is wanted elsewhere.
    done = QtCore.Signal()

    def __init__(self, viewer):
        super().__init__()
        self._viewer = viewer
        self._complaint = Complaint(viewer.status)
        self._label, self.field = QtGui.QLabel(), NumberField(self._give_up)
        self.field.returnPressed.connect(self._apply)
        row = QtGui.QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._label)
        row.addWidget(self.field)
        row.addStretch(1)
        self.follow(viewer, self._refresh, "appearance.scale")
        self._refresh()

    def _apply(self):
        name, _ = parse_scale(self._viewer.appearance.scale)
        text = self.field.said
        try:
            parse_scale(f"{name}:{text}" if text else name)
        except TraitsviewError as error:
            self._complaint.say(error)
            return
        self._viewer.appearance.scale = f"{name}:{text}" if text else name
        self._give_up()

    def _give_up(self):
        self._complaint.withdraw()
        self._refresh()
        self.done.emit()

    def _refresh(self, event=None):
        name, number = parse_scale(self._viewer.appearance.scale)
        self.setVisible(name in NUMBERS)
        if name in NUMBERS:
            what, tip = NUMBERS[name]
            self._label.setText(what)
            self.field.setToolTip(f"{tip}; Enter applies it, Esc gives up")
            self.field.show_number(*("",) if number is None else (numeral(number), numeral(number, ALL)))
