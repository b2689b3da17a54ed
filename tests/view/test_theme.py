"""Light and dark: every letter and line is legible, whatever the palette, and follows it while the window is open."""

from __future__ import annotations

import numpy as np
import pytest
from kit.patience import PATIENCE
from kit.pixel_check import pixels_of
from pyface.qt import QtCore, QtGui

from traitsview.color.vision import Vision
from traitsview.errors import HostGone
from traitsview.sources.arrays.array_source import ArraySource
from traitsview.sources.image_info import Axis
from traitsview.view.colormaps.lightness_plot import LINE_COLORS
from traitsview.view.panels.color_panel import ColorPanel
from traitsview.view.qt.theme import LEGIBLE_CONTRAST, contrast, legible, theme_of
from traitsview.view.window import process_events_until

#: The colours of a desktop: window, base, and letters on both, and what is chosen.
DESKTOPS = {
    "Fusion, light": ("#efefef", "#ffffff", "#000000", "#308cc6"),
    "Fusion, dark": ("#323232", "#242424", "#ffffff", "#2a82da"),
    "very dark": ("#2b2b2b", "#1e1e1e", "#e6e6e6", "#308cc6"),
    "solarized": ("#fdf6e3", "#eee8d5", "#657b83", "#b58900"),
    "high contrast": ("#000000", "#000000", "#ffff00", "#00ff00"),
    "middling": ("#6f6f6f", "#6a6a6a", "#ffffff", "#3a3a3a"),
}


def palette(name):
    """Return the QPalette of a desktop."""
    window, base, ink, highlight = (QtGui.QColor(word) for word in DESKTOPS[name])
    made = QtGui.QPalette(window)
    for role, color in (
        *((role, window) for role in (QtGui.QPalette.Window, QtGui.QPalette.Button)),
        (QtGui.QPalette.Base, base),
        *((role, ink) for role in (QtGui.QPalette.WindowText, QtGui.QPalette.Text, QtGui.QPalette.ButtonText)),
        (QtGui.QPalette.Highlight, highlight),
    ):
        made.setColor(role, color)
    return made


@pytest.fixture
def desktop():
    """Give a function that has the desktop take the colours of one of `DESKTOPS`; they are as they were afterwards."""
    application = QtGui.QApplication.instance()
    before = application.palette()
    yield lambda name: application.setPalette(palette(name))
    application.setPalette(before)


@pytest.fixture
def window(open_window):
    """A window on a cube with holes, axes with names, a unit, and everything open that it has."""
    values = np.random.default_rng(3).normal(0, 1, (4, 300, 400))
    values[:, 40:90, 30:120] = np.nan
    axes = (Axis("time", 4, "s", (0.0, 0.5, 1.0, 1.5)), Axis("Declination", 300, "arcsec"), Axis("R.A.", 400, "arcsec"))
    hand = open_window(ArraySource(values, axes=axes, unit="Jy"), colormap="viridis")
    hand.viewer.vision = Vision("deutan", 1.0)
    hand.panel.canvas.navigation.coloring = True
    hand.wait_exact()
    hand.move(hand.center)
    assert process_events_until(lambda: hand.viewer.readout.value, PATIENCE)
    return hand


@pytest.mark.parametrize("name", DESKTOPS)
def test_every_letter_and_line_is_legible_on_what_it_is_on(desktop, name):
    desktop(name)
    theme = theme_of(QtGui.QApplication.palette())
    for part in ("text", "faint", "line", "accent", "wrong", "old", "gold"):
        for ground in (theme.ground, theme.paper):
            assert contrast(getattr(theme, part), ground) >= LEGIBLE_CONTRAST, part
    assert contrast(theme.accent, theme.bars) >= LEGIBLE_CONTRAST
    assert contrast(theme.chosen_text, theme.chosen) >= LEGIBLE_CONTRAST
    for hue in LINE_COLORS.values():
        assert hue is None or contrast(legible(hue, theme.paper, theme.ground), theme.paper) >= LEGIBLE_CONTRAST


def test_contrast_is_that_of_wcag():
    black, white, grey = QtGui.QColor("black"), QtGui.QColor("white"), QtGui.QColor("#767676")
    assert contrast(black, white) == contrast(white, black) == pytest.approx(21)
    assert contrast(grey, grey) == 1
    assert contrast(grey, white) == pytest.approx(4.54, abs=0.01)  # the lightest grey that is legible on white
    assert legible(grey, white) == grey
    assert contrast(legible(QtGui.QColor("#808080"), white), white) == pytest.approx(LEGIBLE_CONTRAST, abs=0.1)


def rendered_contrast(picture, rect):
    """Return the contrast of the pixel of a part of a picture that differs most with what most of the part is."""
    part = pixels_of(picture.copy(rect))
    colors, counts = np.unique(part, return_counts=True)
    ground = QtGui.QColor(int(colors[counts.argmax()]))
    return ground, max(contrast(QtGui.QColor(int(color)), ground) for color in colors)


def lettered_parts(hand):
    """Yield the name and the place in the window of each part of it that has letters which we paint."""
    panel, plot, bar = hand.panel, hand.panel.canvas.plot, hand.panel.canvas.color_bar
    corner = hand.control.mapTo(panel.window(), QtCore.QPoint(0, 0))
    height = hand.control.height()
    left, right, bottom = int(plot.x), int(plot.x2), height - int(plot.y)
    yield "the left axis", QtCore.QRect(2, bottom - int(plot.height), left - 4, int(plot.height)).translated(corner)
    yield "the bottom axis", QtCore.QRect(left, bottom + 3, right - left, height - bottom - 3).translated(corner)
    yield "the colour bar", QtCore.QRect(int(bar.x) + 20, 20, int(bar.width) - 20, bottom - 20).translated(corner)
    yield "the unit", QtCore.QRect(int(bar.x), 1, int(bar.width), 18).translated(corner)
    yield "the mark", QtCore.QRect(left, 1, right - left, 18).translated(corner)
    histogram, lightness = panel.color_panel.histogram, panel.findChild(ColorPanel)._parts[-1].plot
    for widget, what, rect in (
        (histogram, "the limits in the histogram", QtCore.QRect(0, 0, histogram.width(), 28)),
        (histogram, "the axis of the histogram", QtCore.QRect(0, histogram.height() - 15, histogram.width(), 15)),
        (lightness, "the lightness", QtCore.QRect(0, 0, 22, 100)),
        (lightness, "the eyes", QtCore.QRect(26, 122, lightness.width() - 26, 14)),
        (panel.status_bar, "the status line", panel.status_bar.rect()),
        (panel.plane_bar, "the name of the plane", QtCore.QRect(4, 4, 40, 20)),
    ):
        yield what, QtCore.QRect(widget.mapTo(panel.window(), rect.topLeft()), rect.size())


@pytest.mark.parametrize("name", DESKTOPS)
def test_what_is_painted_follows_the_desktop_while_the_window_is_open(window, desktop, name):
    desktop(name)
    window.wait_exact()
    picture, theme = window.paint(), theme_of(QtGui.QApplication.palette())
    for what, rect in lettered_parts(window):
        ground, found = rendered_contrast(picture, rect)
        assert ground == theme.ground, what
        # The edges of letters are mixtures with the ground, and thin ones consist of little else.
        assert found >= min(LEGIBLE_CONTRAST, 0.7 * contrast(theme.text, ground)), (what, found)
    corner = window.control.mapTo(window.panel.window(), QtCore.QPoint(0, 0))
    plot = window.panel.canvas.plot
    area = pixels_of(picture)[:, corner.x() + int(plot.x) : corner.x() + int(plot.x2)]
    for color in (theme.beside, theme.blank, theme.stripes):
        assert (area == color.rgba()).any()


def test_complaints_and_frames_follow_the_desktop_too(window, desktop):
    window.viewer.status.fault = "cannot read 'run7.npy': the file shrank to 3 bytes; open it again"
    line = window.panel.status_bar._shown
    for name in ("Fusion, light", "very dark", "Fusion, light"):
        desktop(name)
        theme = theme_of(QtGui.QApplication.palette())
        window.viewer.contact = window.viewer.contact.after(HostGone("lost"))
        window.paint()
        assert (pixels_of(window.panel.window().grab().toImage()) == theme.wrong.rgba()).any()
        ground, found = rendered_contrast(line.grab().toImage(), line.rect())
        assert ground == theme.ground
        assert found >= LEGIBLE_CONTRAST * 0.7


def test_no_colour_of_ours_is_left_from_the_desktop_before(window, desktop):
    desktop("Fusion, light")
    window.wait_exact()
    light = theme_of(QtGui.QApplication.palette())
    desktop("very dark")
    window.wait_exact()
    dark, pixels = theme_of(QtGui.QApplication.palette()), pixels_of(window.paint())
    for part in ("ground", "paper", "beside", "blank", "stripes", "bars"):
        assert getattr(light, part) != getattr(dark, part)
        # A few pixels at the edges of letters may be like it by chance.
        assert (pixels == getattr(light, part).rgba()).sum() < 200, part
