"""The panel of colours beside the image: histogram, contrast and bias, colours of values outside the limits."""

from __future__ import annotations

from pyface.qt import QtCore, QtGui

from ..qt.device_pixels import WholePixels
from ..qt.following import Following
from .applicable import has_colormap, has_scale
from .contrast_sliders import ContrastSliders
from .histogram_view import HistogramView
from .outer_colors import OuterColors
from .scale_number import ScaleNumber

#: Width of the panel without its scroll bar, in Qt's pixels, at least.
MINIMUM_WIDTH = 256


class ColorPanel(Following, QtGui.QScrollArea):
    """The controls of colours that need more room than a toolbar has.

    It is open while ``navigation.coloring``.

    Parameters
    ----------
    viewer : ImageViewer
    navigation : NavigationTool
    parent : QWidget
        It has the keyboard after this is closed.
    """

    def __init__(self, viewer, navigation, parent):
        super().__init__(parent)
        self._panel = parent  # layouts give it another parent
        self._viewer, self._navigation = viewer, navigation
        self.histogram = self.own(HistogramView(viewer))
        self.contrast = self.own(ContrastSliders(viewer))
        self.number = self.own(ScaleNumber(viewer))
        self.outer = self.own(OuterColors(viewer))
        self._parts = [self.histogram, self.number, self.contrast, self.outer]
        inside = QtGui.QWidget()
        self._column = QtGui.QVBoxLayout(inside)
        self._column.setContentsMargins(10, 6, 10, 10)
        self._column.setSpacing(4)
        self._column.addWidget(self._title("Histogram"))
        self._column.addWidget(WholePixels(self.histogram))
        self._column.addWidget(self.number)
        self._column.addWidget(self._title("Contrast and bias"))
        self._column.addWidget(self.contrast)
        self._column.addWidget(self._title("Out of range"))
        self._column.addWidget(self.outer)
        self._column.addStretch(1)
        self.setWidget(inside)
        self.setWidgetResizable(True)
        self.setFrameShape(QtGui.QFrame.NoFrame)
        self.setFocusPolicy(QtCore.Qt.NoFocus)  # the wheel takes no keyboard
        self.setHorizontalScrollBarPolicy(QtCore.Qt.ScrollBarAlwaysOff)
        self._fix_width()
        for part in (self.number, self.contrast):
            part.done.connect(parent.setFocus)
        self.follow(navigation, self._show, "coloring")
        self.follow(viewer, self._enable, "source", "form")
        self._show()
        self._enable()

    def add_section(self, title, widget):
        """Add a `Following` widget below the others; it ends with the panel."""
        self._column.insertWidget(self._column.count() - 1, self._title(title))
        self._column.insertWidget(self._column.count() - 1, widget)
        self._parts.append(self.own(widget))
        self._fix_width()
        self._enable()

    def keyPressEvent(self, event):  # noqa: N802
        """Close with Escape, which would close a dialog, and give the keyboard back to the image."""
        if event.key() == QtCore.Qt.Key_Escape:
            self._navigation.coloring = False
        else:
            super().keyPressEvent(event)

    def _fix_width(self):
        """Be as wide as the widest section, with or without a scroll bar: nothing moves when one comes."""
        inside = self.widget().minimumSizeHint().width()
        self.setFixedWidth(max(MINIMUM_WIDTH, inside) + self.style().pixelMetric(QtGui.QStyle.PM_ScrollBarExtent))

    def _show(self, event=None):
        if not self._navigation.coloring and self.isAncestorOf(QtGui.QApplication.focusWidget() or self):
            self._panel.setFocus()
        self.setVisible(self._navigation.coloring)

    def _enable(self, event=None):
        scaled = (self.number, self.contrast)
        for part in self._parts[1:]:
            part.setEnabled((has_scale if part in scaled else has_colormap)(self._viewer))

    @staticmethod
    def _title(text):
        title = QtGui.QLabel(text)
        font = title.font()
        font.setWeight(QtGui.QFont.Weight.DemiBold)
        title.setFont(font)
        title.setContentsMargins(0, 8, 0, 0)
        return title
