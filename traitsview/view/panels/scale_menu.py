"""The menu of scales."""

from __future__ import annotations

from ...color.look import linear_scale
from ...color.scales import SCALES, parse_scale
from ...numerals import numeral
from ..qt.choice_menu import ChoiceMenu
from .applicable import has_scale

__all__ = ["ScaleMenu"]

#: The scale that is linear whatever the colormap says.
PLAIN = "power:1"


class ScaleMenu(ChoiceMenu):
    """Chooses how values between the limits are spread over the colours.

    Parameters
    ----------
    viewer : ImageViewer
    """

    def __init__(self, viewer):
        super().__init__("Scale", [(name, name) for name in SCALES], self._choose)
        self._viewer = viewer
        self.fit(max(SCALES, key=self.fontMetrics().horizontalAdvance))
        for row, tip in enumerate(SCALES.values()):
            self.set_tip(row, tip)

    def refresh(self):
        """Show the scale that the viewer has."""
        scale = self._viewer.appearance.scale
        self._offer_linear(linear_scale(self._viewer.shading.colormap))
        plain = scale == PLAIN and self.findData(PLAIN) >= 0
        self.select(PLAIN if plain else parse_scale(scale)[0])
        self.setEnabled(has_scale(self._viewer))

    def _choose(self, name):
        self._viewer.appearance.scale = name

    def _offer_linear(self, spec):
        """Say what linear means with a colormap that states its scale, and offer equal shares below it."""
        row = self.findData("linear")
        name, number = parse_scale(spec)
        text = name if number is None else f"{name} {numeral(number)}"
        if self.itemText(row) == text:
            return
        self.setItemText(row, text)
        self.set_tip(row, SCALES["linear"] if spec == "linear" else "as the file of the colormap has it")
        plain = self.findData(PLAIN)
        if spec == "linear" and plain >= 0:
            self.removeItem(plain)
        elif spec != "linear" and plain < 0:
            self.insertItem(row + 1, "linear", PLAIN)
            self.set_tip(row + 1, SCALES["linear"])
        self.fit_entries()
