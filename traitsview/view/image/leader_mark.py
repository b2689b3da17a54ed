"""The leader's cursor over the image of those who follow: a cross with the leader's name."""

from __future__ import annotations

from enable.abstract_overlay import AbstractOverlay
from pyface.qt import QtCore, QtGui
from traits.api import Instance, observe

from ...model.together import Together
from .canvas_painter import painting

__all__ = ["LeaderMark"]

#: From the middle of the cross to its ends and to the beginning of its arms, and to the name, in Enable pixels.
ARM = 11
GAP = 3
NAME_AWAY = 6

#: Colours: the cross and the name, and the ground around both, seen together on any image.
INK = QtGui.QColor(255, 255, 255)
GROUND = QtGui.QColor(0, 0, 0, 200)


class LeaderMark(AbstractOverlay):
    """Paints the cursor of the one whom this viewer follows."""

    together = Instance(Together)

    def overlay(self, component, gc, view_bounds=None, mode="normal"):
        """Paint the cross and the name, if the cursor is within the image area."""
        mark, leader = self.together.mark, self.together.leader
        if mark is None or leader is None:
            return
        viewport = self.together.viewer.viewport
        column, row = viewport.pixel_at(*mark)
        rows, columns = viewport.shape
        if not (0 <= column <= columns and 0 <= row <= rows):
            return
        x, y = component.area.place_of(column, row, viewport.shape)
        with painting(gc) as painter:
            for thicker, color in ((1, GROUND), (0, INK)):
                for along in (-1, 1):
                    _bar(painter, x + along * (GAP + ARM) / 2, y, ARM - GAP, 0, thicker, color)
                    _bar(painter, x, y + along * (GAP + ARM) / 2, 0, ARM - GAP, thicker, color)
            left = x > component.x + component.width * 2 / 3  # where there is no room to the right of it
            side, align = (-1, QtCore.Qt.AlignRight) if left else (1, QtCore.Qt.AlignLeft)
            above = y + NAME_AWAY + 8 if y < component.y2 - 24 else y - NAME_AWAY - 8
            at = x + side * NAME_AWAY, above
            for dx, dy in ((-1, 0), (1, 0), (0, -1), (0, 1)):
                painter.write(str(leader), at[0] + dx, at[1] + dy, GROUND, align | QtCore.Qt.AlignVCenter)
            painter.write(str(leader), *at, INK, align | QtCore.Qt.AlignVCenter)

    @observe("together.mark", post_init=True)
    def _repaint(self, event):
        self.component.invalidate_and_redraw()


def _bar(painter, x, y, width, height, thicker, color):
    """Fill a bar about a middle, one pixel of the screen thick at least and `thicker` Enable pixels more around."""
    (left, bottom), (right, top) = (
        painter.place(x + side * (width / 2 + thicker), y + side * (height / 2 + thicker)) for side in (-1, 1)
    )
    thin = painter.thin
    rect = QtCore.QRectF(QtCore.QPointF(left, top), QtCore.QPointF(max(right, left + thin), max(bottom, top + thin)))
    painter.qt.fillRect(rect.toRect(), color)
