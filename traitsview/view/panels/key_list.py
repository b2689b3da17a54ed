"""The list of all keys, and of what the mouse does, over the window."""

from __future__ import annotations

from pyface.qt import QtCore, QtGui

from ..qt.screen_room import moved_inside
from ..qt.theme import theme_of
from ..tools.commands import COMMANDS, GESTURES, key_rows

__all__ = ["KeyList"]

#: Opens and closes the list.
KEY = COMMANDS["show_keys"].keys[0]

#: In Qt's pixels: around the list, between its columns, between keys, and on both sides of a key's letters.
MARGIN = 18
COLUMN_GAP = 18
KEY_GAP = 5
KEY_PADDING = 6


class KeyList(QtGui.QFrame):
    """A popup with the table of commands.  Escape, ``?`` or a click elsewhere closes it.

    Parameters
    ----------
    parent : QWidget
    """

    def __init__(self, parent):
        super().__init__(parent, QtCore.Qt.Popup)
        self.setObjectName("keys")
        self.setFrameShape(QtGui.QFrame.StyledPanel)
        self._inside = QtGui.QWidget()
        self._grid = QtGui.QGridLayout(self._inside)
        self._grid.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        self._grid.setHorizontalSpacing(COLUMN_GAP)
        self._grid.setVerticalSpacing(4)
        self._add_title("Mouse")
        for gesture in GESTURES:
            self._add_row(QtGui.QLabel(gesture.hand), gesture.tip)
        self._add_title("Keys")
        for keys, tip in key_rows():
            self._add_row(_Keys(keys), tip)
        self._scrolled = QtGui.QScrollArea()
        self._scrolled.setWidget(self._inside)
        self._scrolled.setWidgetResizable(True)
        self._scrolled.setFrameShape(QtGui.QFrame.NoFrame)
        self._scrolled.setFocusPolicy(QtCore.Qt.NoFocus)
        column = QtGui.QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.addWidget(self._scrolled)

    def open_over(self, widget):
        """Open over the middle of a widget, as far as the screen has room."""
        edge = 2  # window managers may move a popup by so much
        screen = widget.screen().availableGeometry().adjusted(edge, edge, -edge, -edge)
        frame = self.contentsMargins().left() + self.contentsMargins().right() + 2
        size = self._inside.sizeHint() + QtCore.QSize(frame, frame)
        if size.height() > screen.height():
            size.setWidth(size.width() + self.style().pixelMetric(QtGui.QStyle.PM_ScrollBarExtent))
        place = QtCore.QRect(QtCore.QPoint(0, 0), size.boundedTo(screen.size()))
        place.moveCenter(widget.mapToGlobal(widget.rect().center()))
        self.setGeometry(moved_inside(place, screen))
        self.show()
        self.setFocus(QtCore.Qt.PopupFocusReason)

    def keyPressEvent(self, event):  # noqa: N802
        """Close with Escape, and with the key that opened the list; scroll with the others where there is no room."""
        if event.key() == QtCore.Qt.Key_Escape or event.text() == KEY:
            self.hide()
        else:
            self._scrolled.keyPressEvent(event)

    def _add_title(self, text):
        title, row = QtGui.QLabel(text), self._grid.rowCount()
        font = title.font()
        font.setWeight(QtGui.QFont.Weight.DemiBold)
        title.setFont(font)
        title.setContentsMargins(0, 0 if row == 1 else 12, 0, 4)
        self._grid.addWidget(title, row, 0, 1, 2)

    def _add_row(self, widget, text):
        row = self._grid.rowCount()
        self._grid.addWidget(widget, row, 0)
        self._grid.addWidget(QtGui.QLabel(text), row, 1)


class _Keys(QtGui.QWidget):
    """Some keys beside each other, each in a frame as on a keyboard."""

    def __init__(self, keys):
        super().__init__()
        self._keys = keys
        self.setSizePolicy(QtGui.QSizePolicy.Fixed, QtGui.QSizePolicy.Fixed)
        self.setAccessibleName(", ".join(keys))

    def sizeHint(self):  # noqa: N802
        """Return the room for all of the keys."""
        width = sum(self._width(key) + KEY_GAP for key in self._keys) - KEY_GAP
        return QtCore.QSize(width, self.fontMetrics().height() + 5)

    def paintEvent(self, event):  # noqa: N802
        """Paint the keys."""
        painter, theme, left = QtGui.QPainter(self), theme_of(self.palette()), 0
        painter.setRenderHint(QtGui.QPainter.Antialiasing)
        painter.setBrush(theme.paper)
        for key in self._keys:
            place = QtCore.QRectF(left + 0.5, 0.5, self._width(key) - 1, self.height() - 1)
            painter.setPen(theme.line)
            painter.drawRoundedRect(place, 3, 3)
            painter.setPen(theme.text)
            painter.drawText(place, QtCore.Qt.AlignCenter, key)
            left += self._width(key) + KEY_GAP
        painter.end()

    def _width(self, key):
        """Return the width of a key, which is never narrower than it is high."""
        metrics = self.fontMetrics()
        return max(metrics.horizontalAdvance(key) + 2 * KEY_PADDING, metrics.height() + 5)
