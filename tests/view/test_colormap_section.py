"""What the panel of colours has about the colormap: lightness, other people's eyes, copy and paste."""

from __future__ import annotations

import numpy as np
import pytest
from pyface.qt import QtCore, QtGui
from PySide6.QtTest import QTest

from traitsview.color.catalogue import colormap
from traitsview.color.colormap import Colormap
from traitsview.color.vision import DEFICIENCIES, NORMAL, Vision
from traitsview.model.keeping.appearance_text import appearance_to_text
from traitsview.view.colormaps.colormap_section import ColormapSection
from traitsview.view.colormaps.lightness_plot import LEFT_MARGIN
from traitsview.view.qt.theme import theme_of


@pytest.fixture
def section(hand):
    """The section about the colormap, in sight."""
    hand.viewer.appearance.colormap = "turbo"
    hand.key(QtCore.Qt.Key_C)
    hand.wait_exact()
    return hand.panel.findChild(ColormapSection)


def choose(section, kind):
    row = section.deficiency.findData(kind)
    section.deficiency.setCurrentIndex(row)
    section.deficiency.activated.emit(row)


def color_in_the_middle(hand):
    place = hand.control.mapTo(hand.panel.window(), hand.center)
    return np.array(hand.paint().pixelColor(place).getRgb()[:3])


def nearest(table, color):
    return int(np.abs(table[:, :3].astype(int) - color).sum(axis=1).argmin())


@pytest.mark.parametrize("kind", DEFICIENCIES)
def test_the_image_is_shown_as_others_see_it_and_says_so(hand, section, kind):
    before = color_in_the_middle(hand)
    requests = hand.viewer.pixels.store
    choose(section, kind)
    at = nearest(colormap("turbo").lut(256) * 255, before)
    seen = Vision(kind).seen(colormap("turbo").lut(256))[at, :3] * 255
    assert np.abs(color_in_the_middle(hand) - seen).max() <= 1.5
    assert hand.viewer.shown.startswith(f"as seen with {DEFICIENCIES[kind][0]}; ")
    assert hand.viewer.exact
    assert hand.viewer.pixels.store is requests
    choose(section, "")
    assert np.array_equal(color_in_the_middle(hand), before)
    assert "as seen" not in hand.viewer.shown


def test_the_slider_makes_it_less_severe(hand, section):
    assert not section.severity.isEnabled()
    choose(section, "deutan")
    assert section.severity.isEnabled()
    section.severity.setFocus()
    QTest.keyClick(section.severity, QtCore.Qt.Key_PageDown)
    assert hand.viewer.vision == Vision("deutan", section.severity.value() / 100)
    assert section.severity.value() < 100
    assert "deuteranomaly 0.9" in hand.viewer.shown


def test_a_picture_that_is_saved_is_marked(hand, section, tmp_path):
    plot = hand.panel.canvas.plot
    above = QtCore.QRect(round(plot.x), 0, 260, 20)
    plain = hand.control.grab().toImage().copy(above)
    hand.viewer.vision = Vision("tritan")
    marked = hand.control.grab().toImage().copy(above)
    assert marked != plain
    hand.viewer.vision = NORMAL
    assert hand.control.grab().toImage().copy(above) == plain


def test_it_is_a_preview_that_goes_nowhere_else(hand, section):
    before = appearance_to_text(hand.viewer.appearance)
    hand.viewer.vision = Vision("protan")
    assert appearance_to_text(hand.viewer.appearance) == before
    assert section.deficiency.currentData() == "protan"


def test_what_is_said_follows_the_colormap(hand, section):
    assert "lightness turns once" in section.notes.text()
    hand.viewer.appearance.colormap = "gray"
    assert section.notes.text().startswith("lightness rises throughout, 0 … 100")
    hand.viewer.appearance.inverted = True
    assert section.notes.text().startswith("lightness falls throughout, 100 … 0")
    hand.viewer.appearance.inverted = False
    hand.viewer.appearance.colormap = Colormap.from_colors("two", [(0, 0, 0, 1), (1, 1, 1, 1)], flat=True)
    assert section.notes.text().startswith("2 flat colours")
    usual = section.notes.height()
    hand.viewer.appearance.colormap = "jet"
    assert section.notes.height() == usual


def test_the_lines_are_where_lightness_is(hand, section):
    hand.viewer.appearance.colormap = "gray"
    picture = section.plot.grab().toImage()
    dark = theme_of(section.plot.palette()).text

    def at(x, light):
        """Return how dark it is near a point of the plot."""
        column = LEFT_MARGIN + round(x * (section.plot.width() - LEFT_MARGIN - 3))
        row = 5 + round(96 * (1 - light / 100))
        return min(picture.pixelColor(column, row + dy).lightness() for dy in (-1, 0, 1))

    assert at(0.5, 53.4) < dark.lightness() + 60 < 160 < at(0.5, 40)  # sRGB 0.5 has L* 53.4
    hand.viewer.appearance.inverted = True
    picture = section.plot.grab().toImage()
    assert at(0.5, 53.4) < dark.lightness() + 60
    assert at(0.1, 91.2) < dark.lightness() + 60 < 160 < at(0.1, 9)


def test_a_hidden_section_costs_nothing_and_catches_up_when_it_is_shown(hand, section):
    hand.key(QtCore.Qt.Key_C)
    before = section.notes.text()
    hand.viewer.appearance.colormap = "gray"
    assert section.notes.text() == before
    hand.key(QtCore.Qt.Key_C)
    assert section.notes.text() != before


def test_looks_are_copied_and_pasted_by_buttons(hand, section, open_window):
    copy, paste = (b for b in section.findChildren(QtGui.QPushButton))
    hand.viewer.appearance.scale = "log"
    copy.click()
    hand.viewer.appearance.trait_set(scale="sqrt", colormap="gray")
    paste.click()
    assert (hand.viewer.appearance.scale, hand.viewer.appearance.colormap) == ("log", "turbo")


def test_an_image_in_colours_is_not_said_to_be_seen_otherwise(open_window):
    hand = open_window(np.full((40, 60, 3), 100, np.uint8))
    hand.wait_exact()
    before = hand.control.grab().toImage()
    hand.viewer.vision = Vision("deutan")
    assert "as seen" not in hand.viewer.shown
    assert hand.control.grab().toImage() == before
