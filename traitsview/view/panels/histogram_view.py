"""The histogram of an image, its colours under it, and limits to be dragged."""

from __future__ import annotations

import math
import sys

import numpy as np
from pyface.qt import QtCore, QtGui

from ...color.histogram import histogram_of
from ...model.status_words import contrast_text
from ...whole_numbers import number, scalars, span
from ..qt.device_pixels import columns_of, pixel_at, place_of
from ..qt.following import Following
from ..qt.wheel import wheel_turn
from ..tools.contrast_tool import NOT_FOR_LABELS
from ..tools.navigation_tool import NOTCH_MAGNIFICATION
from .histogram_painting import HistogramPainting

#: The mouse takes hold of a limit within this distance, in Qt's pixels.
GRAB_DISTANCE = 6

#: The least distance of the limits, and the step of an arrow key, as a part of the shown range.
LIMIT_STEP = 1 / 200

#: The shown range is at most this many times the range of the values.
WIDEST_RANGE = 20.0

FOLLOWED = ("shading", "summary", "source", "appearance.limits")

TIP = """How often each value occurs; counts are logarithmic.
Drag a line to move a limit, drag between them to move both; the wheel zooms.
A double click goes back to the rule for the limits that was chosen last."""

TIP_OF_LABELS = f"How often each value occurs; counts are logarithmic.  The wheel zooms.\n{NOT_FOR_LABELS}."


class HistogramView(Following, QtGui.QWidget):
    """Shows how often the values of a viewer's image occur, and lets its limits be dragged.

    It shows the summary that the colours are taken from, so that it stays as it is while one pans.

    Attributes
    ----------
    shown : (float, float)
        The values at the left and the right edge; longdouble if floats would round them.
    """

    def __init__(self, viewer):
        super().__init__()
        self._viewer = viewer
        self._painting = HistogramPainting()
        self.shown = (0.0, 1.0)
        self._histogram = None
        self._rule = "99.5%"
        self._held = None  # "low", "high" or "both" while the mouse drags them
        self._chosen = "low"  # what the arrow keys move
        self._pressed = 0.0, (0.0, 1.0), None
        self.setMinimumSize(160, 120)
        self.setSizePolicy(QtGui.QSizePolicy.Expanding, QtGui.QSizePolicy.Fixed)
        self.setFocusPolicy(QtCore.Qt.StrongFocus)
        self.setMouseTracking(True)
        self.follow(viewer, self._refresh, *FOLLOWED)
        self._look_again()
        self._explain()

    def sizeHint(self):  # noqa: N802
        """Return a size that shows the shape of a distribution."""
        return QtCore.QSize(260, 168)

    # ---- what is shown -----------------------------------------------------

    @property
    def sentence(self):
        """Why there is no histogram, or empty."""
        viewer = self._viewer
        if viewer.source is None:
            return "no image"
        if viewer.info.channels > 1:
            return (
                "each colour has limits of its own" if viewer.info.has_amounts else "the image has colours of its own"
            )
        if viewer.summary is None:
            return "the values are being looked at"
        return contrast_text(viewer.summary, viewer.info)

    def _refresh(self, event):
        limits = self._viewer.appearance.limits
        if isinstance(limits, str):
            self._rule = limits
        new = event.name in ("summary", "source")
        if new or (event.name == "limits" and self._held is None and not self._in_sight()):
            self._look_again()
        self._explain()
        if self.isVisible():
            self.update()

    def _explain(self):
        tip = TIP_OF_LABELS if self._viewer.shading.labels else TIP
        if self.toolTip() != tip:
            self.setToolTip(tip)

    def _look_again(self):
        """Show the values, and the limits, with a margin."""
        self._histogram = None
        if self.sentence:
            return
        edges = histogram_of(self._viewer.summary).edges
        first, last, low, high = scalars(edges[0], edges[-1], *self._viewer.shading.limits)
        first, last = min(first, low), max(last, high)
        margin = (last / 2 - first / 2) * 0.08
        self._show_range(first - margin, last + margin)

    def _show_range(self, first, last):
        first, last = max(first, -sys.float_info.max), min(last, sys.float_info.max)
        if first < last:
            self.shown = first, last
            self._histogram = None
            self.update()

    def _in_sight(self):
        """Whether both limits are in the widget, and far enough apart to be seen as two."""
        low, high = (self._painting.x_of(self, value) for value in self._viewer.shading.limits)
        return 0 <= low < high - 4 and high < self.width()

    def paintEvent(self, event):  # noqa: N802
        """Paint the histogram, or say why there is none."""
        painter = QtGui.QPainter(self)
        if self.sentence:
            self._painting.paint_sentence(painter, self, self.sentence)
        else:
            if self._histogram is None:
                self._histogram = histogram_of(self._viewer.summary, self.shown)
            chosen = self._held or (self._chosen if self.hasFocus() else None)
            self._painting.paint(painter, self, self._histogram, self._viewer.shading, chosen)
        painter.end()

    # ---- mouse -------------------------------------------------------------

    def mousePressEvent(self, event):  # noqa: N802
        """Take hold of a limit, or of both."""
        held = self._part_at(self._middle(event).x())
        if event.button() == QtCore.Qt.LeftButton and held and not self.sentence:
            self._held, self._chosen = held, held
            look = self._viewer.appearance
            self._pressed = self._column(event), self._viewer.shading.limits, look.limits
            self.update()

    def mouseMoveEvent(self, event):  # noqa: N802
        """Move the limit that is held; else show by the pointer which one could be taken."""
        if self._held is None:
            part = None if self.sentence else self._part_at(self._middle(event).x())
            shapes = {None: QtCore.Qt.ArrowCursor, "both": QtCore.Qt.OpenHandCursor}
            self.setCursor(shapes.get(part, QtCore.Qt.SizeHorCursor))
            return
        start, limits, _ = self._pressed
        self._drag(self._held, limits, self._column(event) - start)

    def mouseReleaseEvent(self, event):  # noqa: N802
        """Let go."""
        if event.button() == QtCore.Qt.LeftButton and self._held:
            self._held = None
            self.update()

    def mouseDoubleClickEvent(self, event):  # noqa: N802
        """Go back to the rule for the limits."""
        if event.button() == QtCore.Qt.LeftButton and not self.sentence and not self._viewer.shading.labels:
            self._viewer.appearance.limits = self._rule
            self._look_again()

    def wheelEvent(self, event):  # noqa: N802
        """Zoom about the mouse."""
        if not self.sentence:
            self._zoom(NOTCH_MAGNIFICATION ** wheel_turn(event)[1], self._middle(event).x())
        event.accept()

    def keyPressEvent(self, event):  # noqa: N802
        """Move a limit with Left and Right, choose it with Up and Down, give up a drag with Escape."""
        key = event.key()
        if key == QtCore.Qt.Key_Escape and self._held:
            self._viewer.appearance.limits = self._pressed[2]
            self._held = None
            self.update()
        elif key in (QtCore.Qt.Key_Left, QtCore.Qt.Key_Right) and not self.sentence:
            if self._viewer.shading.labels:
                return
            way = LIMIT_STEP if key == QtCore.Qt.Key_Right else -LIMIT_STEP
            self._move(self._chosen, self._viewer.shading.limits, way)
        elif key in (QtCore.Qt.Key_Up, QtCore.Qt.Key_Down):
            order = ["low", "both", "high"]
            self._chosen = order[(order.index(self._chosen) + (1 if key == QtCore.Qt.Key_Up else -1)) % 3]
            self.update()
        elif key in (QtCore.Qt.Key_Plus, QtCore.Qt.Key_Equal, QtCore.Qt.Key_Minus) and not self.sentence:
            self._zoom(1 / NOTCH_MAGNIFICATION if key == QtCore.Qt.Key_Minus else NOTCH_MAGNIFICATION, self.width() / 2)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event):  # noqa: N802
        """Show which limit the arrow keys move."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event):  # noqa: N802
        """Show that the arrow keys move no limit."""
        super().focusOutEvent(event)
        self.update()

    def _part_at(self, x):
        """Return the limit at x: ``"low"``, ``"high"``, ``"both"`` between them, or None; labels have no limits."""
        if self._viewer.shading.labels:
            return None
        low, high = (self._painting.x_of(self, value) for value in self._viewer.shading.limits)
        nearest, name = min((abs(x - low), "low"), (abs(x - high), "high"))
        if nearest <= min(GRAB_DISTANCE, max((high - low) / 3, 2)) or (nearest <= GRAB_DISTANCE and not low < x < high):
            return name
        return "both" if low < x < high else None

    def _column(self, event):
        """Return the pixel of the screen that the mouse is on, counted from the first one."""
        return pixel_at(self, event.position())[0]

    def _middle(self, event):
        """Return the middle of that pixel, in Qt's pixels."""
        return place_of(self, *pixel_at(self, event.position()))

    def _drag(self, part, limits, columns):
        """Move limits by pixels of the screen, so that a limit stays under the mouse."""
        if part == "both" or not columns:
            self._move(part, limits, columns / columns_of(self))
            return
        was = limits[part == "high"]
        column = self._painting.column_of(self, was) + columns
        self._set(part, limits, self._painting.value_at(self, place_of(self, column, 0).x()))

    def _move(self, part, limits, way):
        """Move limits by `way`, a part of the shown range."""
        first, last, low, high = scalars(*self.shown, *limits)
        across = way * last - way * first
        if part == "both":
            self._take(low + across, high + across)
        else:
            self._set(part, limits, (low if part == "low" else high) + across)

    def _set(self, part, limits, value):
        """Give one of the limits a value, as far as it does not pass the other one."""
        first, last, low, high, value = scalars(*self.shown, *limits, value)
        value = _rounded(value, (last - first) / columns_of(self))
        least = max((last - first) * LIMIT_STEP, _least(max(abs(low), abs(high))))
        if part == "low":
            self._take(min(value, high - least), high)
        else:
            self._take(low, max(value, low + least))

    def _take(self, low, high):
        low, high = number(low), number(high)
        if low < high and math.isfinite(low) and math.isfinite(high):
            given = self._viewer.appearance.limits
            turned = not isinstance(given, str) and given[0] > given[1]
            self._viewer.appearance.limits = (high, low) if turned else (low, high)

    def _zoom(self, factor, x):
        first, last = self.shown
        about = self._painting.value_at(self, x)
        first, last = about + (first - about) / factor, about + (last - about) / factor
        summary = self._viewer.summary
        low, high = self._viewer.shading.limits
        whole = span(min(summary.minimum, low), max(summary.maximum, high))
        finest = 1 if isinstance(last, np.longdouble) else 1e-9 * max(abs(first), abs(last))
        if finest < last - first < WIDEST_RANGE * whole:
            self._show_range(first, last)


def _least(limit):
    """Return the least distance of limits of this size: 1 for whole numbers beyond 2**53."""
    return 1 if isinstance(limit, np.longdouble) else math.ulp(limit) * LIMIT_STEP


def _rounded(value, pixel):
    """Return a value rounded to a tenth of `pixel`, the step of a pixel of the screen, or finer.

    A longdouble is rounded to a whole number.
    """
    if not 1e-300 < pixel < math.inf:
        return value
    power = math.floor(math.log10(pixel)) - 1
    if isinstance(value, np.longdouble):
        unit = 10 ** max(power, 0)
        return np.longdouble((int(np.rint(value)) + unit // 2) // unit * unit)
    unit = 10.0**power
    near = round(value / unit) * unit
    return float(np.format_float_positional(near, precision=15, fractional=False))
