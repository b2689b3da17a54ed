"""A label that shows the beginning of its text where there is no room for all of it."""

from __future__ import annotations

from pyface.qt import QtCore, QtGui

from .theme import theme_of


class ElidedLabel(QtGui.QLabel):
    """A label that gives way where there is no room, and then shows the beginning of its text and three dots."""

    def __init__(self):
        super().__init__()
        self._mark = ""
        self.setTextFormat(QtCore.Qt.PlainText)
        self.setSizePolicy(QtGui.QSizePolicy.Preferred, QtGui.QSizePolicy.Fixed)
        self.setTextInteractionFlags(QtCore.Qt.TextSelectableByMouse)

    def mark(self, mark):
        """Have the text stand out as ``"wrong"`` or ``"old"``, colours of a `Theme`; as usual if it is empty."""
        if mark != self._mark:
            self._mark = mark
            font = QtGui.QFont(self.font())
            font.setWeight(QtGui.QFont.Weight.DemiBold if mark else QtGui.QFont.Weight.Normal)
            self.setFont(font)
            self.update()

    def minimumSizeHint(self):  # noqa: N802
        """Need no room at all."""
        return QtCore.QSize(0, super().minimumSizeHint().height())

    def paintEvent(self, event):  # noqa: N802
        """Paint the text as Qt does where there is room for it, and the beginning of it where there is not."""
        metrics, room = self.fontMetrics(), self.contentsRect()
        fits = metrics.horizontalAdvance(self.text()) <= room.width()
        if fits and (self.hasSelectedText() or not self._mark):
            super().paintEvent(event)
            return
        theme = theme_of(self.palette())
        painter = QtGui.QPainter(self)
        painter.setPen(getattr(theme, self._mark) if self._mark else theme.text)
        align = self.alignment() if fits else QtCore.Qt.AlignLeft | QtCore.Qt.AlignVCenter
        painter.drawText(room, align, metrics.elidedText(self.text(), QtCore.Qt.ElideRight, room.width()))
        painter.end()
