"""The conveniences above the image: going places, colours, saving."""

from __future__ import annotations

import numpy as np
from pyface.qt import QtCore, QtGui

from ..color.colormap import MENU, colormap
from ..color.limits import parse_limits
from ..color.scales import SCALES
from ..errors import TraitsviewError
from ..sources.image_source import REDUCTIONS

LIMITS = {"min – max": "minmax", "99.5 %": "99.5%", "98 %": "98%", "zscale": "zscale"}
MANUAL = "manual"

#: What of a viewer its buttons and menus show.
FOLLOWED = ("history", "appearance.[colormap,scale,limits,inverted]", "reduction", "summary", "source")


class Toolbar(QtGui.QToolBar):
    """Buttons and menus for one viewer.

    Parameters
    ----------
    viewer : ImageViewer
    navigation : NavigationTool
        Whose box mode a button switches.
    save : callable
        Called when the user wants to save a picture.
    """

    def __init__(self, viewer, navigation, save):
        super().__init__()
        self._viewer, self._navigation = viewer, navigation
        self.setIconSize(QtCore.QSize(18, 18))
        self.setToolButtonStyle(QtCore.Qt.ToolButtonTextOnly)
        self._add_places()
        self._add_colors()
        self.addSeparator()
        self._reductions = self._menu(
            "How many elements become one pixel", [(name, name) for name in REDUCTIONS], self._choose_reduction
        )
        self._button("Save…", "Save a picture of this window", save)
        for name in FOLLOWED:
            viewer.observe(self._refresh, name)
        navigation.observe(self._refresh, "boxing")
        self._refresh()

    def close(self):
        """Stop following the viewer."""
        for name in FOLLOWED:
            self._viewer.observe(self._refresh, name, remove=True)
        self._navigation.observe(self._refresh, "boxing", remove=True)

    # ---- building --------------------------------------------------------

    def _add_places(self):
        viewer = self._viewer
        self._back = self._button("‹", "Back to the place before  (Alt+←)", viewer.back)
        self._forward = self._button("›", "Forward again  (Alt+→)", viewer.forward)
        self.addSeparator()
        self._button("Fit", "Show the whole image  (F)", viewer.fit)
        self._button("1:1", "One element per screen pixel  (1)", viewer.one_to_one)
        self._box = self._button("Box", "Zoom to a box: drag it  (B, or Shift and drag)", self._toggle_box)
        self._box.setCheckable(True)
        self.addSeparator()

    def _add_colors(self):
        look = self._viewer.appearance
        self._colormaps = self._menu(
            "Colormap", [(name, name) for name in MENU], self._choose_colormap, _ColormapMenu()
        )
        self._colormaps.setIconSize(QtCore.QSize(48, 12))
        self._colormaps.setMinimumContentsLength(9)
        self._colormaps.setSizeAdjustPolicy(QtGui.QComboBox.AdjustToMinimumContentsLengthWithIcon)
        self._invert = self._button("Invert", "Use the colormap from its other end  (I)", self._toggle_inverted)
        self._invert.setCheckable(True)
        self._scales = self._menu("Scale", [(name, name) for name in SCALES], lambda name: look.trait_set(scale=name))
        self._limits = self._menu("Limits", [*LIMITS.items(), (MANUAL, MANUAL)], self._choose_limits)
        self._low, self._high = (self._number(tip) for tip in ("The value of the first colour", "… of the last colour"))

    def _button(self, text, tip, action):
        button = QtGui.QToolButton()
        button.setText(text)
        button.setToolTip(tip)
        button.setAutoRaise(True)
        button.setFocusPolicy(QtCore.Qt.NoFocus)
        button.clicked.connect(lambda checked=False: action())
        self.addWidget(button)
        return button

    def _menu(self, tip, items, chosen, menu=None):
        menu = QtGui.QComboBox() if menu is None else menu
        menu.setToolTip(tip)
        menu.setFocusPolicy(QtCore.Qt.NoFocus)
        for text, value in items:
            menu.addItem(text, value)
        menu.activated.connect(lambda row: chosen(menu.itemData(row)))
        self.addWidget(menu)
        return menu

    def _number(self, tip):
        field = QtGui.QLineEdit()
        field.setToolTip(f"{tip}; Enter applies both")
        field.setFixedWidth(70)
        field.returnPressed.connect(self._apply_numbers)
        self.addWidget(field)
        return field

    # ---- what the user does ----------------------------------------------

    def _choose_reduction(self, name):
        self._viewer.reduction = name

    def _choose_colormap(self, name):
        self._viewer.appearance.colormap = name

    def _toggle_inverted(self):
        self._viewer.appearance.inverted = self._invert.isChecked()

    def _toggle_box(self):
        self._navigation.boxing = self._box.isChecked()

    def _choose_limits(self, chosen):
        look = self._viewer.appearance
        look.limits = self._viewer.shading.limits if chosen == MANUAL else chosen
        self._viewer.measure()

    def _apply_numbers(self):
        words = [self._low.text().strip(), self._high.text().strip()]
        try:
            limits = parse_limits(words)
        except TraitsviewError as error:
            self._viewer.fault = str(error)
            return
        self._viewer.appearance.limits = limits
        self.parentWidget().setFocus()

    # ---- following the viewer ----------------------------------------------

    def _refresh(self, event=None):
        viewer, look = self._viewer, self._viewer.appearance
        self._back.setEnabled(viewer.can_go_back)
        self._forward.setEnabled(viewer.can_go_forward)
        self._box.setChecked(self._navigation.boxing)
        self._invert.setChecked(look.inverted)
        _select(self._colormaps, look.colormap if isinstance(look.colormap, str) else look.colormap.name)
        self._colormaps.color(self._colormaps.currentIndex())
        _select(self._scales, look.scale)
        _select(self._reductions, viewer.reduction)
        _select(self._limits, look.limits if isinstance(look.limits, str) else MANUAL)
        for field, value in zip((self._low, self._high), viewer.shading.limits, strict=True):
            if not field.hasFocus() or not isinstance(look.limits, str):
                field.setText(f"{value:.6g}" if viewer.summary is not None else "")
                field.setCursorPosition(0)


class _ColormapMenu(QtGui.QComboBox):
    """A menu of colormaps that shows their colours, which are looked up when they are first seen."""

    def color(self, row):
        """Give a row its icon."""
        name = self.itemData(row)
        if name in MENU and self.itemIcon(row).isNull():
            self.setItemIcon(row, _strip(name))

    def showPopup(self):  # noqa: N802
        """Give every row its icon, and open the menu."""
        for row in range(self.count()):
            self.color(row)
        super().showPopup()


def _select(menu, value):
    row = menu.findData(value)
    if row < 0:
        menu.addItem(str(value), value)
        row = menu.count() - 1
    menu.setCurrentIndex(row)


def _strip(name):
    """Return an icon of a colormap's colours."""
    rgba = (np.asarray(colormap(name).lut(64)) * 255).round().astype(np.uint8)
    row = np.ascontiguousarray(np.broadcast_to(rgba, (12, 64, 4)))
    return QtGui.QIcon(QtGui.QPixmap.fromImage(QtGui.QImage(row, 64, 12, 256, QtGui.QImage.Format_RGBA8888)))
