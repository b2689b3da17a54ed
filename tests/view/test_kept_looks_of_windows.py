"""A window opens as it was closed, apart from what is asked for."""

from __future__ import annotations

import numpy as np
import pytest
from kit.patience import PATIENCE

from traitsview.model.keeping.kept_looks import kept_looks
from traitsview.view.window import panel_of


@pytest.fixture
def shown(open_window):
    """Give a function that opens a window on the same image again, and returns its Hand."""

    def open_again(**options):
        return open_window(np.arange(100.0).reshape(10, 10), remembered_as="/data/ramp.npy", **options)

    yield open_again
    kept_looks().file.wait_written(PATIENCE)
    kept_looks().file.path.unlink(missing_ok=True)


def close(hand):
    panel_of(hand.viewer).window().close()


def test_it_looks_as_it_did(shown):
    hand = shown()
    hand.viewer.appearance.trait_set(colormap="crameri:batlow", limits=(3, 50), scale="sqrt", inverted=True)
    close(hand)
    again = shown()
    assert again.viewer.appearance.look == hand.viewer.appearance.look
    hand.viewer.appearance.colormap = "gray"
    close(again)
    assert shown().viewer.appearance.colormap == "crameri:batlow"


def test_what_is_asked_for_wins_and_is_not_kept_for_that(shown):
    hand = shown()
    hand.viewer.appearance.trait_set(colormap="viridis", scale="log")
    close(hand)
    asked = shown(colormap="gray")
    assert (asked.viewer.appearance.colormap, asked.viewer.appearance.scale) == ("gray", "log")
    close(asked)
    assert shown().viewer.appearance.colormap == "viridis"


def test_without_a_name_nothing_is_kept(open_window):
    before = kept_looks().file.read()
    hand = open_window(np.arange(100.0).reshape(10, 10))
    hand.viewer.appearance.scale = "log"
    close(hand)
    assert kept_looks().file.read() == before
