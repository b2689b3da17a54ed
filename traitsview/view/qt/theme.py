"""The colours of what is painted here, light or dark as the desktop's palette is, and legible on each other."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from pyface.qt import QtGui

__all__ = ["AMBER", "LEGIBLE", "RED", "Theme", "contrast", "legible", "mixed", "theme_of"]

#: The contrast that letters and lines have with what they are on, at least: level AA of WCAG 2.1 for small letters.
LEGIBLE = 4.5

#: The hues of what is wrong, of what may be old, and of a favourite.
RED, AMBER, GOLD = QtGui.QColor(196, 44, 28), QtGui.QColor(232, 153, 13), QtGui.QColor(214, 148, 0)

#: How much of the colour of letters is in bars; less where a line over them would not be legible.
BARS = (0.2, 0.1, 0.05)

#: What is mixed into the paper where an image has no value.
BLUISH = QtGui.QColor(100, 100, 180)

_BLACK, _WHITE = QtGui.QColor(0, 0, 0), QtGui.QColor(255, 255, 255)


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours for one palette; all are QColors.

    Attributes
    ----------
    ground, paper : QColor
        What is behind axes and sentences, and behind plots.  Letters and lines are legible on both.
    text, faint, line : QColor
        Letters, letters that matter less, and lines.
    accent : QColor
        A curve, and what is chosen or held.
    wrong, old, gold : QColor
        What is wrong, what may not be so any more, and a favourite.
    chosen, chosen_text : QColor
        Behind what is chosen in a list, and letters on it.
    beside : QColor
        Where there is no image.
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
    bars = next((bars for part in BARS if _allows(bars := mixed(paper, ink, part), *both)), paper)
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
    return any(min(contrast(end, one) for one in (ground, *grounds)) >= LEGIBLE for end in (_BLACK, _WHITE))


def legible(color, *grounds, least=LEGIBLE):
    """Return a colour, made darker or lighter by as little as gives it a contrast with each of some grounds.

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
