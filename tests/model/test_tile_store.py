"""Tiles are held by picture and grid, within a limit."""

from __future__ import annotations

import numpy as np
import pytest

from traitsview.geometry import Viewport
from traitsview.model.tile_store import Picture, TileStore

MEAN, MAX = Picture((), "mean"), Picture((), "max")


def tile(column, resolution=1.0):
    """Return a small tile of a grid."""
    return Viewport((resolution, resolution), (column, 0), (10, 10))


def block(value=0.0):
    """Return 400 bytes of pixels."""
    return np.full((10, 10), value, np.float32)


def test_a_tile_is_held_for_its_own_picture_only():
    store = TileStore()
    store.put(MEAN, tile(0), block(1))
    assert store.get(MEAN, tile(0))[0, 0] == 1
    assert store.get(MAX, tile(0)) is None
    assert store.missing(MEAN, [tile(10), tile(0)]) == [tile(10)]


def test_what_is_held_cannot_be_changed():
    store = TileStore()
    pixels = block()
    store.put(MEAN, tile(0), pixels)
    with pytest.raises(ValueError, match="read-only"):
        pixels[0, 0] = 1


def test_the_tile_used_longest_ago_makes_room():
    store = TileStore(limit=1200)
    for column in (0, 10, 20):
        store.put(MEAN, tile(column), block())
    store.get(MEAN, tile(0))
    store.put(MEAN, tile(30), block())
    assert store.nbytes == 1200
    assert store.missing(MEAN, [tile(c) for c in (0, 10, 20, 30)]) == [tile(10)]


def test_a_tile_larger_than_the_limit_is_held_alone():
    store = TileStore(limit=100)
    store.put(MEAN, tile(0), block())
    store.put(MEAN, tile(10), block())
    assert store.missing(MEAN, [tile(0), tile(10)]) == [tile(0)]


def test_a_tile_put_again_counts_once():
    store = TileStore()
    store.put(MEAN, tile(0), block(1))
    store.put(MEAN, tile(0), block(2))
    assert store.nbytes == 400
    assert store.get(MEAN, tile(0))[0, 0] == 2


def test_the_nearest_resolutions_are_found_and_forgotten_with_their_tiles():
    store = TileStore(limit=1200)
    for resolution in (8.0, 1.0, 2.0):
        store.put(MEAN, tile(0, resolution), block())
    assert store.nearest_grids(MEAN, (1.1, 1.1), 2) == [(1.0, 1.0), (2.0, 2.0)]
    assert store.nearest_grids(MEAN, (1.0, 1.0), 2) == [(2.0, 2.0), (8.0, 8.0)]
    store.put(MEAN, tile(0, 4.0), block())
    assert (8.0, 8.0) not in store.nearest_grids(MEAN, (1.0, 1.0), 9)
    assert store.nearest_grids(MAX, (1.0, 1.0), 9) == []
