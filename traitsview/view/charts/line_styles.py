"""Colours and dashes that tell curves apart, for every kind of colour vision."""

from __future__ import annotations

from pyface.qt import QtGui

__all__ = ["DASHES", "DARK_COLORS", "LIGHT_COLORS", "line_style"]

#: Ten colours each on light and on dark paper.  Any two of them differ by 25 and more in CIELAB, for usual
#: colour vision and without one kind of cones, and each has a contrast of 2.5 and more with the paper.
LIGHT_COLORS = (
    "#2902ff", "#ec7207", "#429f9d", "#950f06", "#a950f6",
    "#bf8862", "#2e5474", "#581222", "#9289d8", "#460c7e",
)  # fmt: skip
DARK_COLORS = (
    "#58f6ff", "#dc7006", "#c692fd", "#18b184", "#f1fb24",
    "#eb014a", "#cbffcc", "#c20ffd", "#737ba1", "#fbc476",
)  # fmt: skip

#: The dashes of Enable, for ten curves each, with the lengths of strokes and gaps in widths of the line.
DASHES = {"solid": (), "dash": (6, 6), "dot": (2, 2), "dot dash": (3, 5, 9, 5)}


def line_style(number, paper):
    """Return the colour (QColor) and the dash (a key of `DASHES`) of a curve, by its number from 0.

    Parameters
    ----------
    number : int
    paper : QColor
        What the line is painted on.
    """
    colors = DARK_COLORS if paper.lightnessF() < 0.5 else LIGHT_COLORS
    dashes = tuple(DASHES)
    return QtGui.QColor(colors[number % len(colors)]), dashes[number // len(colors) % len(dashes)]
