"""Sliders below the image: one for each axis that is not displayed, and whether planes are seen as colours."""

from __future__ import annotations

from pyface.qt import QtCore, QtGui

from ...model.colour_view import show_colours, show_planes
from ...numerals import numerals
from ...sources.derived.colour_planes import colour_axis
from ..qt.following import Following
from ..qt.number_field import TypedNumber
from ..qt.plain_text import plain_label, plain_tip

# The largest number of planes that Qt's integers can count.
_LARGEST_SIZE = 2**31 - 1


class PlaneBar(Following, QtGui.QWidget):
    """Chooses the plane that a viewer shows; takes no room where there is only one.

    Parameters
    ----------
    viewer : ImageViewer
    parent : QWidget
        It has the keyboard after a number was typed.
    keyboard : KeyboardReturn
        Gives it the keyboard after clicks.
    """

    def __init__(self, viewer, parent, keyboard):
        super().__init__(parent)  # one without a parent would open as a window of its own
        self._viewer, self._keyboard = viewer, keyboard
        self._rows, self._colours = [], ()
        self._grid = QtGui.QGridLayout(self)
        self._grid.setContentsMargins(8, 2, 8, 2)
        self._grid.setColumnStretch(1, 1)
        self.follow(viewer, self._rebuild, "form")
        self.follow(viewer, self._refresh, "picture")
        self._rebuild()

    def _rebuild(self, event=None):
        for row in (*self._rows, self._colours):
            for widget in row:
                self._grid.removeWidget(widget)
                widget.hide()  # it is deleted later
                widget.deleteLater()
        info = self._viewer.info if self._viewer.source is not None else None
        axes = info.planes if info is not None else ()
        self._colours = ()
        self._rows = [self._row(number, axis) for number, axis in enumerate(axes)]
        colours = info is not None and self._add_colours(info)
        self.setVisible(colours or any(axis.size > 1 for axis in axes))
        self._refresh()

    def _add_colours(self, info):
        """Add a button for seeing planes as colours or one by one; return whether there is something to choose."""
        axis, name = colour_axis(info), info.colour_axis
        if axis is None and not name:
            return False
        button = QtGui.QToolButton()
        button.setText("RGB")
        button.setCheckable(True)
        button.setChecked(bool(name))
        button.setFocusPolicy(QtCore.Qt.NoFocus)
        name = name or info.planes[axis].name
        button.setToolTip(plain_tip(f"The planes of the axis '{name}' as red, green and blue, or one by one"))
        button.clicked.connect(lambda colours: (show_colours if colours else show_planes)(self._viewer))
        row = plain_label(name if axis is None else ""), button
        number = len(self._rows) if axis is None else axis
        self._grid.addWidget(row[0], number, 0)
        self._grid.addWidget(button, number, 4)
        row[0].setVisible(axis is None)
        self._colours = row
        return True

    def _row(self, number, axis):
        name, slider, index, place = plain_label(axis.name), QtGui.QSlider(), _Index(), plain_label()
        slider.setOrientation(QtCore.Qt.Horizontal)
        last = min(axis.size, _LARGEST_SIZE) - 1
        slider.setPageStep(max(1, last // 10))
        index.setSuffix(f" / {axis.size - 1}")
        index.setKeyboardTracking(False)
        index.done.connect(self.parentWidget().setFocus)
        place.setMinimumWidth(110 if axis.coordinates else 0)
        self._keyboard.watch(slider, index)
        for chooser in (slider, index):
            chooser.setRange(0, last)
            chooser.setToolTip(plain_tip(f"Index on the axis '{axis.name}', counted from 0"))
            chooser.valueChanged.connect(lambda value, number=number: self._choose(number, value))
        row = name, slider, index, place
        for column, widget in enumerate(row):
            self._grid.addWidget(widget, number, column)
            widget.setVisible(axis.size > 1 and (widget is not place or bool(axis.coordinates)))
        return row

    def _choose(self, number, value):
        plane = self._viewer.picture.plane
        if value != plane[number]:
            self._viewer.plane = (*plane[:number], value, *plane[number + 1 :])

    def _refresh(self, event=None):
        if self._viewer.source is None:
            return
        for (_, slider, index, place), axis, at in zip(
            self._rows, self._viewer.info.planes, self._viewer.picture.plane, strict=False
        ):
            slider.setValue(at)
            index.setValue(at)
            place.setText(_coordinate_text(axis, at))


class _Index(TypedNumber, QtGui.QSpinBox):
    done = QtCore.Signal()

    def gives_up(self):
        """Give up, and have Escape give the keyboard back also if nothing was typed: it has no panel to close here."""
        super().gives_up()
        return True


def _coordinate_text(axis, at):
    """Return the coordinate of an index, with enough digits to differ from its neighbours; or an empty text."""
    if at >= len(axis.coordinates):
        return ""
    first = max(at - 1, 0)
    texts = numerals(*axis.coordinates[first : at + 2])
    return f"{texts[at - first]} {axis.unit}".rstrip()
