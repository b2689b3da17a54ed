"""A menu that shows the chosen entry, in a fixed width."""

from __future__ import annotations

from pyface.qt import QtCore, QtGui

__all__ = ["ChoiceMenu"]


class ChoiceMenu(QtGui.QComboBox):
    """A menu whose entries stand for values.

    Three dots show that there is no room for all of the current entry.  Qt itself cuts it, also within a number.

    Parameters
    ----------
    tip : str
    items : list of (str, object)
        The text of each entry, and its value.
    choose : callable
        Is called with the value of the entry that the user has chosen.
    """

    def __init__(self, tip, items, choose):
        super().__init__()
        self.setToolTip(tip)
        self.setFocusPolicy(QtCore.Qt.NoFocus)
        self.setSizePolicy(QtGui.QSizePolicy.Fixed, QtGui.QSizePolicy.Fixed)  # room to spare is for the colormap
        for text, value in items:
            self.addItem(text, value)
        self.activated.connect(lambda row: choose(self.itemData(row)))

    def set_tip(self, row, tip):
        """Set the tool tip of one entry."""
        self.setItemData(row, tip, QtCore.Qt.ToolTipRole)

    def fit(self, longest):
        """Be as wide as `longest`, the longest text that the closed menu shows, needs."""
        self.fit_entries()
        metrics, hint = self.fontMetrics(), self.sizeHint().width()
        widest = max(metrics.horizontalAdvance(self.itemText(row)) for row in range(self.count()))
        self.setFixedWidth(hint - widest + metrics.horizontalAdvance(longest))

    def fit_entries(self):
        """Have the opened menu be as wide as its longest entry needs."""
        self.view().setMinimumWidth(self.view().sizeHintForColumn(0))

    def select(self, value):
        """Choose the row of a value; a value that is not on the menu comes at its end."""
        row = self.findData(value)
        if row < 0:
            self.addItem(str(value), value)
            row = self.count() - 1
        self.setCurrentIndex(row)

    def paintEvent(self, event):  # noqa: N802
        """Paint the menu as Qt does, with three dots where the text is cut."""
        option = QtGui.QStyleOptionComboBox()
        self.initStyleOption(option)
        painter, style = QtGui.QStylePainter(self), self.style()
        painter.drawComplexControl(style.ComplexControl.CC_ComboBox, option)
        part = style.SubControl.SC_ComboBoxEditField
        room = style.subControlRect(style.ComplexControl.CC_ComboBox, option, part, self).width() - 2
        option.currentText = option.fontMetrics.elidedText(option.currentText, QtCore.Qt.ElideRight, room)
        painter.drawControl(style.ControlElement.CE_ComboBoxLabel, option)
