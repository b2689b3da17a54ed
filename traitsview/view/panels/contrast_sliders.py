"""Contrast and bias as sliders and numbers, for people who do not use the right mouse button."""

from __future__ import annotations

import math

from pyface.qt import QtCore, QtGui

from ...color.indexing import CONTRAST
from ..qt.following import Following
from ..qt.number_field import TypedNumber
from ..tools.contrast_tool import NOT_FOR_LABELS, reset_contrast

#: Positions of a slider.
SLIDER_STEPS = 1000

#: The traits that decide whether values are labels.
FOLLOWED_SCALE = "appearance.[colormap,scale]"

#: The lowest contrast of the slider; a number that is typed can be lower.
LOWEST_CONTRAST = 0.1


class ContrastSliders(Following, QtGui.QWidget):
    """Changes contrast and bias of a viewer's colours, and shows them.

    The slider of the contrast is logarithmic: 1 is its middle.

    Parameters
    ----------
    viewer : ImageViewer
    """

    #: A number was typed or given up: the keyboard is wanted elsewhere.
    done = QtCore.Signal()

    def __init__(self, viewer):
        super().__init__()
        self._viewer = viewer
        self._tips, self._labels = [], None
        self._grid = QtGui.QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(6)
        self._grid.setVerticalSpacing(4)
        self.contrast = self._row(
            0,
            "Contrast",
            "How quickly colours change along the values.  Over the image: drag down or up with the right button",
            CONTRAST,
            "contrast",
        )
        self.bias = self._row(
            1,
            "Bias",
            "Which part of the scale has the middle colour.  Over the image: drag right or left with the right button",
            (0.0, 1.0),
            "bias",
        )
        self.reset = QtGui.QPushButton("Reset")
        self.reset.setAutoDefault(False)  # Enter in a number of a dialog would press it
        self._tips.append((self.reset, "Contrast 1, bias 0.5  (a double click with the right button on the image)"))
        self.reset.clicked.connect(lambda checked=False: reset_contrast(viewer.appearance))
        self._grid.addWidget(self.reset, 2, 2)
        self.follow(viewer, self._refresh, "appearance.[contrast,bias]")
        self.follow(viewer, self._enable, FOLLOWED_SCALE)
        self._enable()

    def _row(self, row, name, tip, limits, trait):
        label, slider, number = QtGui.QLabel(name), _Slider(), _Number()
        slider.setRange(0, SLIDER_STEPS)
        slider.setPageStep(SLIDER_STEPS // 20)
        slider.setSingleStep(SLIDER_STEPS // 100)
        number.setRange(*limits)
        number.setDecimals(3)
        number.setSingleStep(0.05)
        number.setKeyboardTracking(False)
        label.setBuddy(number)
        for column, widget in enumerate((label, slider, number)):
            self._tips.append((widget, tip))
            self._grid.addWidget(widget, row, column)
        self._grid.setColumnStretch(1, 1)
        slider.valueChanged.connect(lambda place: self._set(trait, _value(trait, place / SLIDER_STEPS)))
        number.valueChanged.connect(lambda value: self._set(trait, value))
        number.done.connect(self.done)
        return slider, number

    def _set(self, trait, value):
        self._viewer.appearance.trait_set(**{trait: value})

    def showEvent(self, event):  # noqa: N802
        """Show the values of now: they are not followed while this is hidden."""
        super().showEvent(event)
        self._refresh()

    def _refresh(self, event=None):
        if event is not None and not self.isVisible():
            return  # to follow them would make a drag slower
        look = self._viewer.appearance
        for trait, (slider, number) in (("contrast", self.contrast), ("bias", self.bias)):
            value = getattr(look, trait)
            for widget, shown in ((slider, round(_place(trait, value) * SLIDER_STEPS)), (number, value)):
                widget.blockSignals(True)  # the rounded number that is shown must not become the value
                widget.setValue(shown)
                widget.blockSignals(False)
        self.reset.setEnabled((look.contrast, look.bias) != (1.0, 0.5) and not self._viewer.shading.labels)

    def _enable(self, event=None):
        """Enable the controls if contrast and bias have an effect; else say why not."""
        labels = self._viewer.shading.labels
        if labels == self._labels:
            return
        self._labels = labels
        for widget, tip in self._tips:
            widget.setEnabled(not labels)
            widget.setToolTip(NOT_FOR_LABELS if labels else tip)
        self._refresh()


def _value(trait, place):
    """Return the value at a place of a slider, 0 … 1."""
    if trait == "bias":
        return place
    value = LOWEST_CONTRAST * (CONTRAST[1] / LOWEST_CONTRAST) ** place
    return min(max(value, CONTRAST[0]), CONTRAST[1])


def _place(trait, value):
    """Return the place of a value on a slider, 0 … 1."""
    if trait == "bias":
        return value
    return min(max(math.log(value / LOWEST_CONTRAST) / math.log(CONTRAST[1] / LOWEST_CONTRAST), 0.0), 1.0)


class _CalmWheel:
    """Takes the wheel only with the keyboard: to scroll the panel changes no number under the mouse."""

    def wheelEvent(self, event):  # noqa: N802
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class _Slider(_CalmWheel, QtGui.QSlider):
    def __init__(self):
        super().__init__(QtCore.Qt.Horizontal)
        self.setFocusPolicy(QtCore.Qt.StrongFocus)


class _Number(_CalmWheel, TypedNumber, QtGui.QDoubleSpinBox):
    done = QtCore.Signal()

    def __init__(self):
        super().__init__()
        self.setFocusPolicy(QtCore.Qt.StrongFocus)
