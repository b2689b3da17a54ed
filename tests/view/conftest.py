"""Windows for tests: opened on real sources, closed and collected afterwards."""

from __future__ import annotations

import numpy as np
import pytest
from kit.hand import Hand

from traitsview.sources.arrays.array_source import ArraySource
from traitsview.view.window import panel_of, process_events_until, view


@pytest.fixture
def open_window():
    """Give a function that opens a window on a source or array and returns a `Hand` in it."""
    viewers = []

    def open_on(source, **options):
        if isinstance(source, np.ndarray):
            source = ArraySource(source)
        viewer = view(source, **options)
        viewers.append(viewer)
        hand = Hand(viewer)
        hand.paint()
        return hand

    yield open_on
    for viewer in viewers:
        try:
            panel = panel_of(viewer)
        except KeyError:
            continue
        panel.window().close()
    process_events_until(lambda: True, 1)


@pytest.fixture
def hand(open_window):
    """A window on a 3000 × 4000 image with a ramp in it, exact pixels shown."""
    rows, columns = np.mgrid[:3000, :4000]
    made = open_window((rows * 10 + columns).astype(np.float32))
    made.wait_exact()
    return made
