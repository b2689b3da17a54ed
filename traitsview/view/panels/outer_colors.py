"""Colours of values below and above the limits, and of values that are no numbers."""

from __future__ import annotations

from pyface.qt import QtCore, QtGui

from ..qt.following import Following
from ..qt.theme import theme_of

#: The trait of an appearance, its name for the user, and the values that it colours.
COLORS = (
    ("under", "Below", "Values below the limits"),
    ("over", "Above", "Values above the limits"),
    ("bad", "No value", "What is no number (NaN), and labels that a colormap does not list,"),
)

#: The first colour after a box is checked, if the colormap has none of its own.
FIRST_COLORS = {"under": (0.2, 0.35, 1.0, 1.0), "over": (1.0, 0.15, 0.15, 1.0), "bad": (0.5, 0.5, 0.5, 1.0)}

FOLLOWED = ("appearance.[under,over,bad,colormap]", "shading")


class OuterColors(Following, QtGui.QWidget):
    """Gives values outside the limits, and values that are no numbers, their own colours.

    Parameters
    ----------
    viewer : ImageViewer
    """

    def __init__(self, viewer):
        super().__init__()
        self._viewer = viewer
        self._last, self._shown = {}, {}
        self.boxes, self.swatches = {}, {}
        grid = QtGui.QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(4)
        for row, (trait, name, what) in enumerate(COLORS):
            box, swatch = QtGui.QCheckBox(name), QtGui.QToolButton()
            box.setToolTip(f"{what} have a colour of their own, whatever the colormap says")
            box.clicked.connect(lambda on, trait=trait: self._switch(trait, on))
            swatch.setIconSize(QtCore.QSize(36, 12))
            swatch.setToolTip(f"{name}: choose the colour")
            swatch.clicked.connect(lambda checked=False, trait=trait: self._choose(trait))
            grid.addWidget(box, row, 0)
            grid.addWidget(swatch, row, 1)
            self.boxes[trait], self.swatches[trait] = box, swatch
        grid.setColumnStretch(2, 1)
        self.follow(viewer, self._refresh, *FOLLOWED)
        self._refresh()

    def showEvent(self, event):  # noqa: N802
        """Show the colours of now: they are not followed while this is hidden."""
        super().showEvent(event)
        self._refresh()

    def changeEvent(self, event):  # noqa: N802
        """Frame the colours anew when the desktop becomes light or dark."""
        super().changeEvent(event)
        if event.type() == QtCore.QEvent.Type.PaletteChange:
            self._shown.clear()
            self._refresh()

    def _switch(self, trait, on):
        look = self._viewer.appearance
        if on:
            own = getattr(self._viewer.shading.colormap, trait)
            setattr(look, trait, self._last.get(trait) or own or FIRST_COLORS[trait])
        else:
            self._last[trait] = getattr(look, trait)
            setattr(look, trait, None)

    def _choose(self, trait):
        shown = QtGui.QColor.fromRgbF(*(getattr(self._viewer.appearance, trait) or FIRST_COLORS[trait]))
        chosen = QtGui.QColorDialog.getColor(
            shown, self, self.swatches[trait].toolTip(), QtGui.QColorDialog.ShowAlphaChannel
        )
        if chosen.isValid():
            setattr(self._viewer.appearance, trait, chosen.getRgbF())

    def _refresh(self, event=None):
        if event is not None and not self.isVisible():
            return
        look, table = self._viewer.appearance, self._viewer.shading.table
        for row, (trait, *_) in enumerate(COLORS):
            on = getattr(look, trait) is not None
            self.boxes[trait].setChecked(on)
            for part in (self.boxes[trait], self.swatches[trait]):
                part.setEnabled(trait == "bad" or not self._viewer.shading.labels)
            color = tuple(table[row - 3].tolist())
            if self._shown.get(trait) != color:
                self._shown[trait] = color
                self.swatches[trait].setIcon(_swatch(color, theme_of(self.palette()).line))


def _swatch(rgba, frame):
    """Return an icon of a colour, on squares where it is not opaque."""
    pixmap = QtGui.QPixmap(72, 24)
    pixmap.fill(QtCore.Qt.white)
    painter = QtGui.QPainter(pixmap)
    if rgba[3] < 255:
        painter.fillRect(pixmap.rect(), QtGui.QBrush(QtGui.QColor(190, 190, 196), QtCore.Qt.Dense4Pattern))
    painter.fillRect(pixmap.rect(), QtGui.QColor(*rgba))
    painter.setPen(frame)
    painter.drawRect(pixmap.rect().adjusted(0, 0, -1, -1))
    painter.end()
    return QtGui.QIcon(pixmap)
