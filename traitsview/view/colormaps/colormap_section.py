"""The section of the panel of colours about the colormap: lightness, colour vision, copy and paste."""

from __future__ import annotations

from pyface.qt import QtCore, QtGui

from ...color.evenness import evenness
from ...color.vision import DEFICIENCIES, NORMAL, Vision
from ..qt.following import Following
from ..tools.commands import COMMANDS
from .appearance_clipboard import copy_appearance, paste_appearance
from .lightness_plot import LightnessPlot

__all__ = ["ColormapSection"]

#: The traits of a viewer that are shown here.
FOLLOWED = ("shading", "vision")

#: Lines of the text, at least: so nothing moves from one colormap to the next.
NOTE_LINES = 4

#: The slider has whole numbers: percent.
PERCENT = 100


class ColormapSection(Following, QtGui.QWidget):
    """Plots, judges and previews a viewer's colormap.

    Parameters
    ----------
    viewer : ImageViewer
    """

    def __init__(self, viewer):
        super().__init__()
        self._viewer = viewer
        self._judged = None
        self.plot = LightnessPlot()
        self.notes = QtGui.QLabel()
        self.notes.setTextFormat(QtCore.Qt.PlainText)
        self.notes.setWordWrap(True)
        self.notes.setAlignment(QtCore.Qt.AlignLeft | QtCore.Qt.AlignTop)
        self.notes.setMinimumHeight(NOTE_LINES * self.notes.fontMetrics().lineSpacing())
        self.notes.setToolTip("ΔE is the distance of two colours in CIELAB; about 2 are seen at a glance")
        column = QtGui.QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.plot)
        column.addWidget(self.notes)
        column.addLayout(self._vision_rows())
        column.addLayout(self._buttons())
        self.follow(viewer, self._refresh, *FOLLOWED)
        self._refresh()

    def showEvent(self, event):  # noqa: N802
        """Show the colormap of now: it is not followed while this is hidden."""
        super().showEvent(event)
        self._refresh()

    # ---- building --------------------------------------------------------------

    def _vision_rows(self):
        rows = QtGui.QGridLayout()
        rows.setColumnStretch(1, 1)
        self.deficiency = QtGui.QComboBox()
        self.deficiency.addItem("usual colour vision", "")
        for kind, (missing, _, plainly) in DEFICIENCIES.items():
            self.deficiency.addItem(f"{missing} ({plainly})", kind)
        self.deficiency.setToolTip("Show the image as somebody sees it who tells fewer colours apart; a preview only")
        self.deficiency.activated.connect(lambda row: self._choose_vision())
        self.severity = QtGui.QSlider(QtCore.Qt.Horizontal)
        self.severity.setRange(10, PERCENT)
        self.severity.setValue(PERCENT)
        self.severity.setToolTip("How severe it is: 100 % is without that kind of cones")
        self.severity.valueChanged.connect(lambda value: self._choose_vision())
        self._percent = QtGui.QLabel()
        self._percent.setMinimumWidth(self._percent.fontMetrics().horizontalAdvance("100 %"))
        rows.addWidget(QtGui.QLabel("Seen with"), 0, 0)
        rows.addWidget(self.deficiency, 0, 1, 1, 2)
        rows.addWidget(QtGui.QLabel("Severity"), 1, 0)
        rows.addWidget(self.severity, 1, 1)
        rows.addWidget(self._percent, 1, 2)
        return rows

    def _buttons(self):
        row = QtGui.QHBoxLayout()
        for text, command, action in (
            ("Copy look", "copy_look", copy_appearance),
            ("Paste look", "paste_look", paste_appearance),
        ):
            button = QtGui.QPushButton(text)
            button.setToolTip(COMMANDS[command].full_tip)
            button.setAutoDefault(False)
            button.clicked.connect(lambda checked=False, action=action: action(self._viewer))
            row.addWidget(button)
        return row

    # ---- what the user does ------------------------------------------------------

    def _choose_vision(self):
        kind = self.deficiency.currentData()
        self._viewer.vision = Vision(kind, self.severity.value() / PERCENT) if kind else NORMAL

    # ---- following -----------------------------------------------------------------

    def _refresh(self, event=None):
        if not self.isVisible():
            return
        viewer, shading = self._viewer, self._viewer.shading
        vision = viewer.vision
        self.plot.show_colormap(shading.colormap, shading.inverted, vision)
        if self._judged != (shading.colormap, vision, shading.inverted):
            self._judged = shading.colormap, vision, shading.inverted
            found = evenness(shading.colormap, vision)
            self.notes.setText("\n".join((found.inverted if shading.inverted else found).notes))
        self.deficiency.setCurrentIndex(self.deficiency.findData("" if vision.usual else vision.deficiency))
        self.severity.setEnabled(not vision.usual)
        with QtCore.QSignalBlocker(self.severity):
            self.severity.setValue(PERCENT if vision.usual else round(vision.severity * PERCENT))
        self._percent.setText(f"{self.severity.value()} %")
