"""The window shows true means: a checkerboard of single elements is even grey, and no lone line is lost."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from kit.pixel_check import pixels_of
from pyface.qt import QtCore

from traitsview.sources.arrays.array_source import ArraySource

BRIGHT = 255
ROWS, COLUMNS = 1500, 2200
LINE_ROWS, LINE_COLUMNS = (37, 602, 1201), (1203, 1799, 2110)
BOARD = 1100  # columns


def image():
    """A checkerboard on the left; on the right darkness with three bright rows and three bright columns."""
    made = np.zeros((ROWS, COLUMNS), np.float32)
    made[:, :BOARD] = BRIGHT * (np.add.outer(np.arange(ROWS), np.arange(BOARD)) % 2)
    made[LINE_ROWS, BOARD:] = BRIGHT
    made[:, LINE_COLUMNS] = BRIGHT
    return made


def shares(size, resolution, first, count):
    """Return how much of each of `size` elements each of `count` pixels from `first` on covers, (count, size)."""
    left = (first + np.arange(count))[:, None] * resolution
    element = np.arange(size)
    covered = np.minimum(left + resolution, element + 1) - np.maximum(left, element)
    return np.clip(covered, 0, None)


def means(viewport):
    """Return the mean of the elements under each pixel, each weighted by the area that is covered."""
    (dx, dy), (column, row), (rows, columns) = viewport.resolution, viewport.origin, viewport.shape
    across, down = shares(COLUMNS, dx, column, columns), shares(ROWS, dy, row, rows)
    area = np.outer(down.sum(1), across.sum(1))
    with np.errstate(invalid="ignore"):
        return down @ image().astype(np.float64) @ across.T / area


@pytest.fixture
def window(open_window):
    """A window on the image in greys: level n shows values from n to n + 1."""
    made = open_window(ArraySource(image(), origin="upper"), colormap="gray", limits=(0, 256), size=(760, 640))
    made.wait_exact()
    return made


def greys(hand):
    """Return the grey levels of the image area on the screen, row 0 at the top."""
    picture = pixels_of(hand.paint())
    plot, (rows, columns) = hand.panel.canvas.plot, hand.viewer.viewport.shape
    corner = hand.control.mapTo(hand.panel.window(), QtCore.QPoint(0, 0))
    left, top = corner.x() + round(plot.x), corner.y() + hand.control.height() - round(plot.y + plot.height)
    return picture[top : top + rows, left : left + columns] & 255


def look_at(hand, resolution, origin):
    hand.viewer.viewport = replace(hand.viewer.viewport, resolution=(resolution, resolution), origin=origin)
    hand.wait_exact()


def test_a_checkerboard_seen_from_afar_is_even_grey(window):
    look_at(window, 4.0, (-1, 0))
    shown = greys(window)
    # Half of the 16 elements under each pixel are bright: 127.5.
    assert set(np.unique(shown[3:370, 4 : BOARD // 4])) == {127}


def test_a_line_of_single_elements_is_seen_at_its_true_brightness(window):
    origin = (250, 0)
    look_at(window, 4.0, origin)
    shown = greys(window)
    for row in LINE_ROWS:
        # 4 of 16 elements are bright, 63.75; where a bright column crosses, 7 of 16: 111.6.
        assert set(np.unique(shown[row // 4, BOARD // 4 - origin[0] + 1 : 300])) == {63, 111}
    for column in LINE_COLUMNS:
        assert set(np.unique(shown[1:370, column // 4 - origin[0]])) == {63, 111}
    dark = shown[10 : LINE_ROWS[1] // 4 - 1, BOARD // 4 - origin[0] + 2 : LINE_COLUMNS[0] // 4 - origin[0] - 1]
    assert dark.size
    assert not dark.any()


@pytest.mark.parametrize("resolution", [2.0, 2.3784, 3.3, 5.5, 10.4])
def test_every_pixel_shows_the_mean_of_all_that_it_covers(window, resolution):
    look_at(window, resolution, (-3, -2))
    shown, mean = greys(window), means(window.viewer.viewport)
    there = np.isfinite(mean)
    # A mean within a thousandth of a whole number may be rounded to either side of it.
    clear = there & (np.abs(mean - np.rint(mean)) > 1e-3)
    clear[:, :2] = clear[-2:] = False  # where the lines of the axes are
    greys_of = window.viewer.shading.table[:, 0]  # Matplotlib's, which are not all different
    wrong = np.argwhere(clear & (shown != greys_of[np.where(there, mean, 0).astype(int)]))
    assert not len(wrong), f"{len(wrong)} of {clear.sum()} pixels differ, the first at {wrong[0]}"
    assert clear.sum() > 5000
