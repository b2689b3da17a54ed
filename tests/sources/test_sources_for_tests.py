"""The sources of `traitsview.testing` do what their docstrings say, and forward everything else."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from kit.patience import PATIENCE

from traitsview.errors import HostGone, SourceUnreadable
from traitsview.geometry import Viewport
from traitsview.sources.arrays.array_source import ArraySource
from traitsview.sources.image_source import Stage
from traitsview.sources.picture import Picture
from traitsview.testing.example_arrays import example_array
from traitsview.testing.sources import CountingSource, FailingSource, GatedSource, LatencySource

TILES = Viewport((1.0, 1.0), (0, 0), (31, 43)).tiles(16)


@pytest.fixture
def plain():
    return ArraySource(example_array())


def same(found, plain):
    for tile, pixels in found.items():
        np.testing.assert_array_equal(pixels, plain.render(tile))
    assert set(found) == set(TILES)


@pytest.mark.parametrize("together", [False, True])
def test_slow_source_returns_the_same_pixels(plain, together):
    slow = LatencySource(plain, 0.001, together)
    same(dict(slow.render_tiles(TILES)), plain)
    same({came.tile: came.pixels for came in slow.render_stages([Stage(TILES)])}, plain)
    np.testing.assert_array_equal(slow.sample([(3.0, 4.0)]), plain.sample([(3.0, 4.0)]))


def test_slow_source_stops_within_a_stale_tile(plain):
    asked = iter([False, False, True, True])
    assert list(LatencySource(plain, PATIENCE).render_tiles(TILES, stale=lambda: next(asked))) == []


def test_gate_holds_tiles_back_but_no_samples(plain):
    gated = GatedSource(plain)
    assert len(list(gated.render_tiles(TILES, Picture(reduction="nearest")))) == len(TILES)
    asked = threading.Event()
    assert list(gated.render_tiles(TILES, stale=lambda: asked.is_set() or asked.set())) == []
    gated.gate.set()
    same(dict(gated.render_tiles(TILES)), plain)


def test_failing_source_raises_its_failure_and_its_link_reports_the_news_of_a_test(plain):
    failing, news = FailingSource(plain), []
    failing.link.watch(news.append)
    failing.failure = SourceUnreadable("cannot read it")
    with pytest.raises(SourceUnreadable):
        list(failing.render_tiles(TILES))
    failing.failure = None
    same(dict(failing.render_tiles(TILES)), plain)
    failing.link.tell(gone := HostGone("the host is gone"))
    failing.link.retry()
    assert (news, failing.link.retried, failing.link.delay(1 << 20)) == ([gone], 1, 0.0)


def test_tiles_are_counted_before_they_are_rendered(plain):
    seen = []
    counting = CountingSource(plain, seen.append)
    same(dict(counting.render_tiles(TILES)), plain)
    counting.render(TILES[0])
    assert seen == counting.rendered == [*TILES, TILES[0]]
    assert list(counting.render_tiles(TILES, stale=lambda: True)) == []
