"""The colormap in the toolbar: its swatch and its name; a click opens the picker."""

from __future__ import annotations

from pyface.qt import QtCore, QtGui

from ..qt.following import Following
from ..qt.plain_text import plain_tip
from ..tools.commands import COMMANDS
from .colormap_picker import ColormapPicker
from .swatches import swatch

__all__ = ["ColormapMenu"]

#: Of the swatch, in Qt's pixels.
SIZE = QtCore.QSize(40, 12)

FOLLOWED = "appearance.[colormap,inverted]"

#: Opens the picker.
KEY = COMMANDS["choose_colormap"].keys[0]


class ColormapMenu(Following, QtGui.QComboBox):
    """Looks like the menus beside it, and opens a `ColormapPicker`.

    Parameters
    ----------
    viewer : ImageViewer
    open_file : callable
        Called when the user wants to open a file.
    """

    def __init__(self, viewer, open_file):
        super().__init__()
        self._viewer, self._open_file = viewer, open_file
        self._picker = None
        self.setFocusPolicy(QtCore.Qt.NoFocus)
        self.setIconSize(SIZE)
        self.setMinimumContentsLength(8)
        self.setSizeAdjustPolicy(QtGui.QComboBox.AdjustToMinimumContentsLengthWithIcon)
        self.addItem("")
        self.follow(viewer, self._refresh, FOLLOWED)
        self._refresh()

    @property
    def picker(self):
        """The `ColormapPicker`, made when it is first wanted."""
        if self._picker is None:
            self._picker = self.own(ColormapPicker(self._viewer, self._open_file, self))
        return self._picker

    def showPopup(self):  # noqa: N802
        """Open the picker."""
        self.open()

    def open(self, only=()):
        """Open the picker on all colormaps, or on those with the ids `only`."""
        if self.isEnabled():
            # In a narrow window the toolbar may have no room for this.
            self.picker.open_at(self if self.isVisible() else self.parentWidget(), only)

    def wheelEvent(self, event):  # noqa: N802
        """Leave the wheel to others: there is nothing to roll through."""
        event.ignore()

    def _refresh(self, event=None):
        look = self._viewer.appearance.look
        chosen = look.colormap
        ratio = self.devicePixelRatioF()
        image = swatch(chosen, round(SIZE.width() * ratio), round(SIZE.height() * ratio), look.inverted)
        image.setDevicePixelRatio(ratio)
        self.setItemIcon(0, QtGui.QIcon(QtGui.QPixmap.fromImage(image)))
        self.setItemText(0, chosen.name.rpartition(":")[2])
        self.setItemData(0, self._viewer.appearance.colormap)
        self.setToolTip(plain_tip("\n".join([f"Colormap: {chosen.name}  ({KEY})", *chosen.warnings])))
