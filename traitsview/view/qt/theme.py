"""Colours for painting, from the palette of the desktop: light or dark, and legible on each other."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from pyface.qt import QtGui

__all__ = ["AMBER", "LEGIBLE_CONTRAST", "RED", "Theme", "contrast", "legible", "mixed", "theme_of"]

#: The least contrast of letters and lines with their ground: level AA of WCAG 2.1 for small letters.
LEGIBLE_CONTRAST = 4.5

#: Hues of errors, of data that may be old, and of favourites.
RED = QtGui.QColor(196, 44, 28)
AMBER = QtGui.QColor(232, 153, 13)
GOLD = QtGui.QColor(214, 148, 0)

#: Parts of the colour of letters in bars.  The first is taken that lets a line over the bars be legible.
BAR_INK = (0.2, 0.1, 0.05)

#: Is mixed into the paper where an image has no value.
BLUISH = QtGui.QColor(100, 100, 180)

_BLACK = QtGui.QColor(0, 0, 0)
_WHITE = QtGui.QColor(255, 255, 255)


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours for one palette; all are QColors.

    Attributes
    ----------
    ground, paper : QColor
        Behind axes and sentences, and behind plots.  Letters and lines are legible on both.
    text, faint, line : QColor
        Letters, letters that matter less, and lines.
    accent : QColor
        Curves, and an item that is chosen or held.
    wrong, old, gold : QColor
        Errors, data that may be old, and favourites.
    chosen, chosen_text : QColor
        Behind the chosen row of a list, and its letters.
    beside : QColor
        Around the image.
    blank, stripes : QColor
        Where an image has no value, and the hatching on it: bluish, so that they are no grey of a colormap.
    bars : QColor
        Areas in a plot, behind its curve.
    """

    ground: QtGui.QColor
    paper: QtGui.QColor
    text: QtGui.QColor
    faint: QtGui.QColor
    line: QtGui.QColor
    accent: QtGui.QColor
    wrong: QtGui.QColor
    old: QtGui.QColor
    gold: QtGui.QColor
    chosen: QtGui.QColor
    chosen_text: QtGui.QColor
    beside: QtGui.QColor
    blank: QtGui.QColor
    stripes: QtGui.QColor
    bars: QtGui.QColor


def theme_of(palette):
    """Return the `Theme` for a QPalette."""
    roles = (
        *(QtGui.QPalette.Window, QtGui.QPalette.Base, QtGui.QPalette.WindowText),
        *(QtGui.QPalette.Highlight, QtGui.QPalette.HighlightedText),
    )
    return _theme(*(palette.color(QtGui.QPalette.Active, role).rgb() for role in roles))


@lru_cache(maxsize=16)
def _theme(*colors):
    ground, paper, ink, highlight, highlighted = (QtGui.QColor(color) for color in colors)
    both = ground, paper
    blank = mixed(paper, BLUISH, 0.09)
    bars = next((bars for part in BAR_INK if _allows(bars := mixed(paper, ink, part), *both)), paper)
    return Theme(
        ground=ground,
        paper=paper,
        text=legible(mixed(ink, ground, 0.12), *both),
        faint=legible(mixed(ink, ground, 0.45), *both),
        line=legible(mixed(ink, ground, 0.35), *both),
        accent=legible(highlight, *both, bars),
        wrong=legible(RED, *both),
        old=legible(AMBER, *both),
        gold=legible(GOLD, *both),
        chosen=legible(highlight, highlighted),
        chosen_text=highlighted,
        beside=mixed(ground, ink, 0.08),
        blank=blank,
        stripes=mixed(blank, ink, 0.25),
        bars=bars,
    )


def _allows(ground, *grounds):
    """Whether there are letters that are legible on a ground and on others, too."""
    return any(min(contrast(end, one) for one in (ground, *grounds)) >= LEGIBLE_CONTRAST for end in (_BLACK, _WHITE))


def legible(color, *grounds, least=LEGIBLE_CONTRAST):
    """Return a colour, made darker or lighter as little as is needed for a contrast with each of some grounds.

    Parameters
    ----------
    color : QColor
    *grounds : QColor
        All of them dark, or all light.
    least : float
        The contrast, 1 … 4.5; black or white has that much with any ground.
    """

    def weakest(other):
        return min(contrast(other, ground) for ground in grounds)

    if weakest(color) >= least:
        return color
    end = max((_BLACK, _WHITE), key=weakest)
    near, far = 0.0, 1.0
    for _ in range(8):  # to a step of a channel
        part = (near + far) / 2
        near, far = (near, part) if weakest(mixed(color, end, part)) >= least else (part, far)
    return mixed(color, end, far)


def contrast(one, other):
    """Return the contrast of two opaque colours, 1 … 21, as WCAG 2.1 defines it."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def mixed(color, other, part):
    """Return a colour with `part`, 0 … 1, of another one."""
    pairs = zip(color.getRgbF()[:3], other.getRgbF()[:3], strict=True)
    return QtGui.QColor(*(round(255 * (a + (b - a) * part)) for a, b in pairs))


def _luminance(color):
    """Return the relative luminance of a colour of sRGB."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in color.getRgbF()[:3]
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
