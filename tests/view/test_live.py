"""Live images in real windows: frames follow each other, each is shown whole."""

from __future__ import annotations

import numpy as np
import pytest
from kit.screen import inner_pixels

from traitsview.sources.framed.framed_source import FramedSource
from traitsview.testing.feeds import ScriptedFeed
from traitsview.view.window import process_events_until

PATIENCE = 60.0


def constant(value, shape=(310, 430), dtype=np.float32):
    return np.full(shape, value, dtype)


@pytest.fixture
def feed():
    return ScriptedFeed()


@pytest.fixture
def watch(open_window, feed):
    """Open a window on the feed's frames, with limits 0 … 100."""
    sources = []

    def open_on(**options):
        source = FramedSource(feed, "script")
        sources.append(source)
        return open_window(source, **{"limits": (0.0, 100.0), **options})

    yield open_on
    for source in sources:
        source.close()


def wait(hand, condition):
    assert process_events_until(condition, PATIENCE), hand.viewer.shown


def seen(hand):
    """Return the one colour of the image on the screen."""
    hand.paint()
    (colour,) = np.unique(inner_pixels(hand).reshape(-1, 3), axis=0)
    return tuple(int(part) for part in colour)


def test_frames_are_shown_one_after_the_other_and_those_that_were_left_out_are_counted(watch, feed):
    hand = watch()
    viewer = hand.viewer
    for step in range(20):
        feed.show(constant(step), step)
        if step % 3 == 0:
            wait(hand, lambda step=step: viewer.frame.step == step and viewer.exact)
            value = hand.viewer.pixels.store.get(viewer.picture, viewer.viewport.tiles()[0])
            assert value is None or np.all(value[np.isfinite(value)] == step)
    wait(hand, lambda: viewer.frame.step == 19)
    assert viewer.live.shown + viewer.live.skipped == viewer.live.published == 20
