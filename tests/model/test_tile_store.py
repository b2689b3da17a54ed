"""Tiles are held by picture and grid, within a limit."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from traitsview.color.indexing import Indexing
from traitsview.geometry import Viewport
from traitsview.model.loading.tile_store import TileStore
from traitsview.sources.picture import Picture

MEAN, MAX = Picture((), "mean"), Picture((), "max")


def tile(column, resolution=1.0):
    """Return a small tile of a grid."""
    return Viewport((resolution, resolution), (column, 0), (10, 10))


def block(value=0.0):
    """Return 400 bytes of pixels."""
    return np.full((10, 10), value, np.float32)


def test_a_tile_is_held_for_its_own_picture_only():
    store = TileStore(size=10)
    store.put(MEAN, tile(0), block(1))
    assert store.get(MEAN, tile(0))[0, 0] == 1
    assert store.get(MAX, tile(0)) is None
    assert store.missing(MEAN, [tile(10), tile(0)]) == [tile(10)]


def test_what_is_held_cannot_be_changed():
    store = TileStore(size=10)
    pixels = block()
    store.put(MEAN, tile(0), pixels)
    with pytest.raises(ValueError, match="read-only"):
        pixels[0, 0] = 1


def test_the_tile_used_longest_ago_makes_room():
    store = TileStore(limit=1200, size=10)
    for column in (0, 10, 20):
        store.put(MEAN, tile(column), block())
    store.get(MEAN, tile(0))
    store.put(MEAN, tile(30), block())
    assert store.nbytes == 1200
    assert store.missing(MEAN, [tile(c) for c in (0, 10, 20, 30)]) == [tile(10)]


def test_a_tile_larger_than_the_limit_is_held_alone():
    store = TileStore(limit=100, size=10)
    store.put(MEAN, tile(0), block())
    store.put(MEAN, tile(10), block())
    assert store.missing(MEAN, [tile(0), tile(10)]) == [tile(0)]


def test_a_tile_put_again_counts_once():
    store = TileStore(size=10)
    store.put(MEAN, tile(0), block(1))
    store.put(MEAN, tile(0), block(2))
    assert store.nbytes == 400
    assert store.get(MEAN, tile(0))[0, 0] == 2


def test_the_nearest_resolutions_are_found_and_forgotten_with_their_tiles():
    store = TileStore(limit=1200, size=10)
    for resolution in (8.0, 1.0, 2.0):
        store.put(MEAN, tile(0, resolution), block())
    assert store.nearest_grids(MEAN, (1.1, 1.1), 2) == [(1.0, 1.0), (2.0, 2.0)]
    assert store.nearest_grids(MEAN, (1.0, 1.0), 2) == [(2.0, 2.0), (8.0, 8.0)]
    store.put(MEAN, tile(0, 4.0), block())
    assert (8.0, 8.0) not in store.nearest_grids(MEAN, (1.0, 1.0), 9)
    assert store.nearest_grids(MAX, (1.0, 1.0), 9) == []


#: What a value at a place of the grid is.
def values_of(block):
    """Return pixels that tell where they are."""
    (column, row), (rows, columns) = block.origin, block.shape
    return ((row + np.arange(rows))[:, None] * 1000.0 + column + np.arange(columns)).astype(np.float32)


def area(blocks):
    """Return how many pixels blocks have."""
    return sum(block.shape[0] * block.shape[1] for block in blocks)


RECTS = st.tuples(st.integers(0, 19), st.integers(0, 19), st.integers(1, 20), st.integers(1, 20)).map(
    lambda r: Viewport((1.0, 1.0), r[:2], (min(r[2], 20 - r[1]), min(r[3], 20 - r[0])))
)
WHOLE = Viewport((1.0, 1.0), (0, 0), (20, 20))
LOOKS = [None, Indexing((0.0, 1.0)), Indexing((0.0, 2.0))]


@given(st.lists(st.tuples(RECTS, st.sampled_from(LOOKS)), max_size=25))
def test_what_is_held_of_tiles_is_what_came_last_and_exact_values_stay(puts):
    store = TileStore(size=10)
    # What a plain picture says: 0 nothing, 1 exact, 2 and 3 values that stand for them.
    kinds = np.zeros((20, 20), int)
    for block, look in puts:
        store.put(MEAN, block, values_of(block) + (0.25 * LOOKS.index(look)), look)
        inside = WHOLE.overlap(block)
        kinds[inside] = np.where((kinds[inside] == 1) & (look is not None), 1, 1 + LOOKS.index(look))
    seen, values = np.zeros((20, 20), int), values_of(WHOLE)
    for tile in WHOLE.tiles(10):
        for piece in store.pieces(MEAN, tile):
            inside = WHOLE.overlap(piece.block)
            assert not seen[inside].any(), "pieces lie over each other"
            seen[inside] = 1 + LOOKS.index(piece.indexing)
            np.testing.assert_array_equal(piece.pixels, values[inside] + 0.25 * LOOKS.index(piece.indexing))
            assert tile.overlap(piece.block) is not None
            assert not piece.pixels.flags.writeable
    np.testing.assert_array_equal(seen, kinds)
    assert store.nbytes == 4 * np.count_nonzero(kinds)
    for look in LOOKS:
        good = (kinds == 1) | ((kinds == 1 + LOOKS.index(look)) & (look is not None))
        missing = np.zeros((20, 20), int)
        for block in store.missing(MEAN, WHOLE.tiles(10), look):
            missing[WHOLE.overlap(block)] += 1
        np.testing.assert_array_equal(missing, ~good)


def test_strips_become_one_piece_again():
    store = TileStore(size=256)
    for start in range(0, 256, 8):
        corner = Viewport((1.0, 1.0), (0, 0), (start + 8, start + 8))
        for block in reversed(store.missing(MEAN, [corner])):
            store.put(MEAN, block, values_of(block))
    tile = Viewport((1.0, 1.0), (0, 0), (256, 256))
    np.testing.assert_array_equal(store.get(MEAN, tile), values_of(tile))


def test_the_limit_holds_for_pieces_too():
    rng = np.random.default_rng(3)
    store = TileStore(limit=40_000, size=64)
    for _ in range(500):
        column, row, rows, columns = (int(n) for n in rng.integers((0, 0, 1, 1), (900, 900, 64, 64)))
        block = Viewport((1.0, 1.0), (column, row), (rows, columns))
        store.put(MEAN, block, values_of(block), LOOKS[int(rng.integers(3))])
        assert store.nbytes <= 40_000
    assert store.nbytes > 20_000


def test_a_pan_misses_only_what_was_not_seen():
    store = TileStore()
    first = Viewport((1.0, 1.0), (37, 51), (1080, 1920))
    for block in first.tiles():
        part = Viewport((1.0, 1.0), *_place(first, block))
        store.put(MEAN, part, values_of(part))
    moved = first.panned(300, -20)
    parts = [Viewport((1.0, 1.0), *_place(moved, tile)) for tile in moved.tiles()]
    assert area(store.missing(MEAN, parts)) == 1920 * 1080 - (1920 - 300) * (1080 - 20)


def _place(viewport, tile):
    """Return where the common part of two viewports is."""
    rows, columns = viewport.overlap(tile)
    origin = viewport.origin[0] + columns.start, viewport.origin[1] + rows.start
    return origin, (rows.stop - rows.start, columns.stop - columns.start)
