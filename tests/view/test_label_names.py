"""Labels are read out with the names that the colormap's file gives them."""

from __future__ import annotations

import numpy as np
import pytest
from kit.patience import PATIENCE

from traitsview.color.colormap import Colormap
from traitsview.sources.arrays.array_source import ArraySource
from traitsview.view.window import process_events_until

COLORS = [(1, 0, 0, 1), (0, 1, 0, 1), (0, 0, 1, 1)]
NAMES = ("granite", "basalt", "slate")


def rocks(values=()):
    return Colormap.from_colors("rocks", COLORS, flat=True, values=values, labels=NAMES)


def read_out(hand, column):
    """Return what is said of the element in the first row and a column."""
    viewer = hand.viewer
    viewer.cursor = (column + 0.5, 0.5)
    assert process_events_until(lambda: viewer.readout is not None and viewer.readout.value, PATIENCE)
    return viewer.readout_line


@pytest.mark.parametrize("dtype", [np.uint8, np.int64, np.float32])
def test_a_label_is_read_out_with_its_name(open_window, dtype):
    hand = open_window(ArraySource(np.array([[1, 5, 9, 7]], dtype)))
    hand.viewer.appearance.colormap = rocks((1.0, 5.0, 9.0))
    hand.wait_exact()
    assert read_out(hand, 1).endswith("= 5 (basalt)")
    assert read_out(hand, 3).endswith("= 7")
    hand.viewer.appearance.scale = "power:1"
    assert read_out(hand, 1).endswith("= 5")


def test_labels_that_are_counted_through_have_names_as_well(open_window):
    hand = open_window(ArraySource(np.array([[0, 1, 2, 3]])))
    hand.viewer.appearance.trait_set(colormap=rocks(), scale="labels")
    hand.wait_exact()
    assert read_out(hand, 2).endswith("= 2 (slate)")
    assert read_out(hand, 3).endswith("= 3")


def test_colours_and_complex_numbers_have_no_names(open_window):
    hand = open_window(ArraySource(np.zeros((1, 4), np.complex64)))
    hand.viewer.appearance.trait_set(colormap=rocks(), scale="labels")
    hand.wait_exact()
    assert "granite" not in read_out(hand, 0)
