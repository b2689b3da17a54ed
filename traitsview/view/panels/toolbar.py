"""The bar above the image: going places, colours, saving."""

from __future__ import annotations

from pyface.qt import QtCore, QtGui

from ...sources.picture import REDUCTIONS, reduction_text
from ..colormaps.colormap_menu import ColormapMenu
from ..qt.choice_menu import ChoiceMenu
from ..qt.following import Following
from ..tools.command_button import command_button
from .applicable import has_colormap, has_scale
from .limits_menu import LimitFields, LimitsMenu
from .scale_menu import ScaleMenu

__all__ = ["Toolbar"]

#: The traits of a viewer, and of its tool, that the buttons and menus show.
FOLLOWED = ("places.history", "appearance.[colormap,scale,limits,inverted]", "reduction", "summary", "source")
FOLLOWED_TOOL = "[boxing,box_for,coloring]"


class Toolbar(Following, QtGui.QToolBar):
    """Buttons and menus for one viewer.

    Parameters
    ----------
    viewer : ImageViewer
    navigation : NavigationTool
    do : callable
        Does a `Command`.
    open_colormap : callable
        Called when the user wants to open a colormap file.
    """

    def __init__(self, viewer, navigation, do, open_colormap):
        super().__init__()
        self._viewer, self._navigation, self._do = viewer, navigation, do
        self.colormaps = self.own(ColormapMenu(viewer, open_colormap))
        self.scales = ScaleMenu(viewer)
        self.limits = LimitsMenu(viewer, navigation)
        self.limit_fields = LimitFields(viewer, lambda: self.parentWidget().setFocus())
        reductions = [(reduction_text(name), name) for name in REDUCTIONS]
        self.reductions = ChoiceMenu("How many elements become one pixel", reductions, self._choose_reduction)
        self.reductions.fit("nearest")  # the status line has all of a longer one
        self.setIconSize(QtCore.QSize(18, 18))
        self.setToolButtonStyle(QtCore.Qt.ToolButtonTextOnly)
        self._add_places()
        self._add_colors()
        self._separate()
        self.addWidget(self.reductions)
        self._add_button("Save…", "save_picture")
        self.follow(viewer, self._refresh, *FOLLOWED)
        self.follow(navigation, self._refresh, FOLLOWED_TOOL)
        self._refresh()

    # ---- building --------------------------------------------------------

    def _add_places(self):
        self._back = self._add_button("‹", "back")
        self._forward = self._add_button("›", "forward")
        self._separate()
        self._add_button("Fit", "fit")
        self._add_button("1:1", "one_to_one")
        self._box = self._add_button("Box", "box", checkable=True)
        self._separate()

    def _add_colors(self):
        self.addWidget(self.colormaps)
        self._invert = self._add_button("Invert", "invert", checkable=True)
        self._colors = self._add_button("Colours", "color_panel", checkable=True)
        for widget in (self.scales, self.limits, self.limit_fields.low, self.limit_fields.high):
            self.addWidget(widget)

    def _add_button(self, text, name, checkable=False):
        """Add a button that does the command of that name."""
        button = command_button(text, name, self._do, checkable)
        button.setAutoRaise(True)
        self.addWidget(button)
        return button

    def _separate(self):
        line = self.widgetForAction(self.addSeparator())
        line.setFixedWidth(line.sizeHint().width())  # else it grows where buttons have no room and are left out

    # ---- following the viewer ----------------------------------------------

    def _choose_reduction(self, name):
        self._viewer.reduction = name

    def _refresh(self, event=None):
        viewer, navigation = self._viewer, self._navigation
        self._back.setEnabled(viewer.places.can_go_back)
        self._forward.setEnabled(viewer.places.can_go_forward)
        self._box.setChecked(navigation.boxing and navigation.box_for == "zoom")
        self._invert.setChecked(viewer.appearance.inverted)
        self._invert.setEnabled(has_scale(viewer))
        self._colors.setChecked(navigation.coloring)
        self.colormaps.setEnabled(has_colormap(viewer))
        self.scales.refresh()
        self.limits.refresh()
        self.limit_fields.refresh()
        self.reductions.select(viewer.reduction)
