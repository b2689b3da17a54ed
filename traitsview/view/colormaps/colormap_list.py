"""The list of colormaps: swatch, name, where it is from, and a star for favourites."""

from __future__ import annotations

from pyface.qt import QtCore, QtGui

from ..qt.following import Following
from ..qt.plain_text import plain_tip
from ..qt.theme import theme_of
from .swatches import Swatches

__all__ = ["ColormapList"]

#: Widths in a row, in Qt's pixels: the swatch, the free space around it, and the star at its end.
SWATCH_WIDTH = 116
PADDING = 7
STAR_WIDTH = 26

#: The role of the data model that returns a `Row`.
ROW_ROLE = QtCore.Qt.UserRole

#: Signs of a favourite, and of a colormap that is none.
FAVOURITE_SIGN = "★"
OTHER_SIGN = "☆"


class ColormapList(Following, QtGui.QListView):
    """Shows the rows of a `ColormapChoice`, of which only those in sight are painted.

    Parameters
    ----------
    choice : ColormapChoice
    kept : KeptColormaps
        Whose favourites have a star.
    """

    #: The mouse or a key has come to the row of a colormap.
    reached = QtCore.Signal(int)

    #: The row of a colormap was clicked.
    taken = QtCore.Signal(int)

    #: Is shown if there are no rows.
    sentence = ""

    def __init__(self, choice, kept):
        super().__init__()
        self._choice, self._kept = choice, kept
        self._mouse_at = None
        self.swatches = self.own(Swatches())
        self.swatches.arrived.connect(self.viewport().update)
        self._rows = _Rows(self.swatches)
        self.setModel(self._rows)
        self.setItemDelegate(_Painter(self.swatches, kept, self))
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QtGui.QListView.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(QtCore.Qt.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.setFocusPolicy(QtCore.Qt.NoFocus)
        self.setFrameShape(QtGui.QListView.NoFrame)
        self.verticalScrollBar().setSingleStep(self.fontMetrics().height() * 2)
        self.follow(choice, self._refresh, "rows")
        self.follow(kept, self._repaint, "favourites")
        self._refresh()

    @property
    def row(self):
        """The number of the current row; -1 if there is none."""
        return self.currentIndex().row()

    def go_to(self, row, centred=False):
        """Make a row the current one and bring it into sight, without emitting `reached`."""
        index = self._rows.index(row, 0)
        self.setCurrentIndex(index)
        if row >= 0:
            self.scrollTo(index, QtGui.QListView.PositionAtCenter if centred else QtGui.QListView.EnsureVisible)

    def step(self, by):
        """Go `by` rows down, or up if it is negative, to a colormap, and emit `reached`."""
        rows, at = self._choice.rows, self.row
        wanted = min(max(at + by, 0), len(rows) - 1)
        way = 1 if by > 0 else -1
        # Pass over headings; at the ends go back to the last colormap.
        for row in (*range(wanted, len(rows) if way > 0 else -1, way), *range(wanted, at, -way)):
            if rows[row].id:
                self._go_and_emit(row)
                if row == self._choice.first:
                    self.scrollToTop()
                return

    def page(self):
        """Return how many rows are in sight at once."""
        return max(1, self.viewport().height() // max(1, self.sizeHintForRow(0)) - 1)

    def paintEvent(self, event):  # noqa: N802
        """Paint the rows, or say why there are none."""
        super().paintEvent(event)
        if not self._choice.rows and self.sentence:
            painter = QtGui.QPainter(self.viewport())
            painter.setPen(theme_of(self.palette()).faint)
            room = self.viewport().rect().adjusted(*(4 * PADDING, 8 * PADDING, -4 * PADDING, -PADDING))
            flags = QtCore.Qt.AlignHCenter | QtCore.Qt.AlignTop | QtCore.Qt.TextWrapAnywhere
            painter.drawText(room, flags, self.sentence)
            painter.end()

    # ---- the mouse -----------------------------------------------------------

    def mouseMoveEvent(self, event):  # noqa: N802
        """Go to the row under the mouse if the mouse has moved: a list that scrolls under it must not choose."""
        place = event.position().toPoint()
        where = self.viewport().mapToGlobal(place)
        if where == self._mouse_at:
            return
        self._mouse_at = where
        row = self.indexAt(place).row()
        if row >= 0 and row != self.row and self._choice.rows[row].id:
            self._go_and_emit(row)

    def mousePressEvent(self, event):  # noqa: N802
        """Take nothing yet."""
        event.accept()

    def mouseReleaseEvent(self, event):  # noqa: N802
        """Take the row, or give or take its star."""
        place = event.position().toPoint()
        index = self.indexAt(place)
        if event.button() != QtCore.Qt.LeftButton or not index.isValid():
            return
        row = self._choice.rows[index.row()]
        if not row.id:
            return
        if place.x() >= self.visualRect(index).right() - STAR_WIDTH:
            self._kept.star(row.id, row.id not in self._kept.favourites)
        else:
            self._go_and_emit(index.row())
            self.taken.emit(index.row())

    def _go_and_emit(self, row):
        self.go_to(row)
        self.reached.emit(row)

    # ---- following -----------------------------------------------------------

    def _refresh(self, event=None):
        self._rows.show(self._choice.rows)

    def _repaint(self, event):
        self.viewport().update()


class _Rows(QtCore.QAbstractListModel):
    """Rows as Qt wants them."""

    def __init__(self, swatches):
        super().__init__()
        self._rows = ()
        self._swatches = swatches

    def show(self, rows):
        """Have other rows."""
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def rowCount(self, parent=None):  # noqa: N802
        """Return how many there are."""
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def data(self, index, role=QtCore.Qt.DisplayRole):
        """Return what there is to show, to read aloud and to point at."""
        if not 0 <= index.row() < len(self._rows):
            return None
        row = self._rows[index.row()]
        if role == ROW_ROLE:
            return row
        if role == QtCore.Qt.DisplayRole:
            return row.name
        if role == QtCore.Qt.ToolTipRole and row.id:
            return plain_tip(self._swatches.fault(row.id) or f"{row.id}\n{row.origin}".strip())
        return None

    def flags(self, index):
        """Return that headings cannot be chosen."""
        chosen = 0 <= index.row() < len(self._rows) and self._rows[index.row()].id
        return QtCore.Qt.ItemIsEnabled | QtCore.Qt.ItemIsSelectable if chosen else QtCore.Qt.NoItemFlags


class _Painter(QtGui.QStyledItemDelegate):
    """Paints one row."""

    def __init__(self, swatches, kept, parent):
        super().__init__(parent)
        self._swatches, self._kept = swatches, kept

    def sizeHint(self, option, index):  # noqa: N802
        """Return the size of any row."""
        return QtCore.QSize(SWATCH_WIDTH + 160, option.fontMetrics.height() + 8)

    def paint(self, painter, option, index):
        """Paint a colormap, or a heading."""
        row = index.data(ROW_ROLE)
        painter.save()
        if row.id:
            self._paint_colormap(painter, option, row)
        else:
            font = painter.font()
            font.setBold(True)
            font.setPointSizeF(font.pointSizeF() * 0.88)
            painter.setFont(font)
            painter.setPen(theme_of(option.palette).faint)
            place = option.rect.adjusted(PADDING, 0, -PADDING, -3)
            painter.drawText(place, QtCore.Qt.AlignLeft | QtCore.Qt.AlignBottom, row.name)
        painter.restore()

    def _paint_colormap(self, painter, option, row):
        theme, place = theme_of(option.palette), option.rect
        current = bool(option.state & QtGui.QStyle.State_Selected)
        text = theme.chosen_text if current else theme.text
        if current:
            painter.fillRect(place, theme.chosen)
        strip = QtCore.QRect(place.left() + PADDING, place.top() + 4, SWATCH_WIDTH, place.height() - 8)
        self._paint_swatch(painter, strip, row, text if current else theme.line)
        words = place.adjusted(PADDING + SWATCH_WIDTH + PADDING + 2, 0, -STAR_WIDTH - PADDING, 0)
        metrics = option.fontMetrics
        name = metrics.elidedText(row.name, QtCore.Qt.ElideRight, words.width())
        painter.setPen(text)
        painter.drawText(words, QtCore.Qt.AlignLeft | QtCore.Qt.AlignVCenter, name)
        rest = words.adjusted(metrics.horizontalAdvance(name) + 2 * PADDING, 0, 0, 0)
        painter.setPen(text if current else theme.faint)
        namespace = metrics.elidedText(row.namespace, QtCore.Qt.ElideRight, max(0, rest.width()))
        if rest.width() > metrics.averageCharWidth() * 3:
            painter.drawText(rest, QtCore.Qt.AlignLeft | QtCore.Qt.AlignVCenter, namespace)
        liked = row.id in self._kept.favourites
        if liked or current:
            painter.setPen(theme.gold if liked and not current else text)
            star = QtCore.QRect(place.right() - STAR_WIDTH, place.top(), STAR_WIDTH, place.height())
            painter.drawText(star, QtCore.Qt.AlignCenter, FAVOURITE_SIGN if liked else OTHER_SIGN)

    def _paint_swatch(self, painter, place, row, frame):
        ratio = painter.device().devicePixelRatioF()
        size = round(place.width() * ratio), round(place.height() * ratio)
        pixmap = self._swatches.pixmap(row.id, *size, row.slow)
        if pixmap is not None:
            painter.drawPixmap(place, pixmap)
        else:
            painter.fillRect(place, QtGui.QBrush(frame, QtCore.Qt.BDiagPattern))
        painter.setPen(frame)
        painter.drawRect(place.adjusted(0, 0, -1, -1))
