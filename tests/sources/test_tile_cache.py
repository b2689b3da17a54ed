"""Tiles are computed once for all viewers and kept within a limit; parts of tiles are cut from whole ones."""

from __future__ import annotations

import itertools
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
from kit.patience import PATIENCE

from traitsview.errors import SourceError, SourceUnreadable
from traitsview.geometry import Viewport
from traitsview.sources.arrays.array_source import ArraySource
from traitsview.sources.image_source import never
from traitsview.sources.picture import DEFAULT_PICTURE, Picture
from traitsview.sources.tiles.held_tiles import HeldTiles
from traitsview.sources.tiles.tile_cache import TileCache
from traitsview.testing.image_source_tests import ImageSourceTests
from traitsview.testing.sources import CountingSource

TILE_BYTES = 256 * 256 * 4


class TestTileCache(ImageSourceTests):
    def make_source(self, array, **options):
        return TileCache(ArraySource(array, **options), HeldTiles(1 << 24))


class TestTileCacheThatHoldsNothing(ImageSourceTests):
    def make_source(self, array, **options):
        return TileCache(ArraySource(array, **options), HeldTiles(0))


class Counting(CountingSource):
    """An array that counts its tiles, and whose version a test can set."""

    def __init__(self, array, before=lambda tile: None):
        super().__init__(ArraySource(array), before)
        self.version = 0

    @property
    def info(self):
        return replace(super().info, version=self.version)


@pytest.fixture
def image():
    return np.random.default_rng(3).normal(size=(1500, 2000)).astype(np.float32)


TILES = Viewport((1.0, 1.0), (0, 0), (1024, 1024)).tiles()


def test_tile_is_computed_once(image):
    source = Counting(image)
    cache = TileCache(source, HeldTiles(1 << 26))
    first = dict(cache.render_tiles(TILES))
    again = dict(cache.render_tiles(TILES))
    assert sorted(tile.origin for tile in source.rendered) == sorted(tile.origin for tile in TILES)
    for tile in TILES:
        np.testing.assert_array_equal(first[tile], source.render(tile))
        assert again[tile] is first[tile]
        assert not first[tile].flags.writeable


def test_parts_of_tiles_are_cut_from_whole_tiles_of_any_grid_and_reduction(image):
    source = Counting(image)
    cache = TileCache(source, HeldTiles(1 << 26))
    for resolution in ((1.0, 1.0), (2.5, 2.5)):
        for reduction in ("mean", "nearest", "max"):
            strip = Viewport(resolution, (250, -20), (300, 13))
            ((tile, pixels),) = cache.render_tiles([strip], Picture(reduction=reduction))
            assert tile == strip
            assert pixels.flags.c_contiguous
            assert pixels.flags.writeable
            np.testing.assert_array_equal(pixels, source.source.render(strip, None, reduction))
    count = len(source.rendered)
    assert all(tile.shape == (256, 256) for tile in source.rendered)
    list(cache.render_tiles([Viewport((1.0, 1.0), (0, 0), (256, 300))]))
    assert len(source.rendered) == count


def test_each_plane_has_its_own_tiles():
    cube = np.arange(3 * 300 * 300, dtype=np.float32).reshape(3, 300, 300)
    source = ArraySource(cube)
    cache = TileCache(source, HeldTiles(1 << 26))
    for plane in ((0,), (2,), (0,)):
        ((_, pixels),) = cache.render_tiles(TILES[:1], Picture(plane or ()))
        np.testing.assert_array_equal(pixels, source.render(TILES[0], plane))


def test_many_viewers_at_once_share_the_computation_of_each_tile(image):
    source = Counting(image)
    cache = TileCache(source, HeldTiles(1 << 26))
    start = threading.Barrier(8)

    def look(number):
        start.wait(PATIENCE)
        tiles = TILES[number:] + TILES[:number]
        return dict(cache.render_tiles(tiles))

    with ThreadPoolExecutor(8) as viewers:
        seen = list(viewers.map(look, range(8)))
    assert sorted(tile.origin for tile in source.rendered) == sorted(tile.origin for tile in TILES)
    for tiles in seen:
        for tile in TILES:
            np.testing.assert_array_equal(tiles[tile], source.render(tile))


def test_tile_that_one_viewer_gives_up_is_computed_for_another(image):
    begun, stale, waiting, over = (threading.Event() for _ in range(4))
    asks = itertools.count()

    def before(tile):
        begun.set()
        assert stale.wait(PATIENCE)

    source = Counting(image, before)
    cache = TileCache(source, HeldTiles(1 << 26))

    def asked():
        # The first call comes before the first tile, later ones while it waits for the tile of the other viewer.
        if next(asks) > 0:
            waiting.set()
        return over.is_set()

    with ThreadPoolExecutor(2) as viewers:
        first = viewers.submit(lambda: list(cache.render_tiles(TILES[:4], stale=stale.is_set)))
        assert begun.wait(PATIENCE)
        second = viewers.submit(lambda: dict(cache.render_tiles(TILES[:4], stale=asked)))
        assert waiting.wait(PATIENCE)
        stale.set()
        try:
            assert len(first.result(PATIENCE)) <= 1
            found = second.result(PATIENCE)
        finally:
            over.set()  # otherwise a failure would leave a thread that waits for ever
    for tile in TILES[:4]:
        np.testing.assert_array_equal(found[tile], source.source.render(tile))
    assert len(source.rendered) <= len(TILES[:4]) + 1


def test_failed_tile_is_tried_again_for_each_viewer(image):
    def before(tile):
        if broken:
            raise SourceUnreadable("cannot read it", "the disk is on fire")

    broken = True
    cache = TileCache(Counting(image, before), HeldTiles(1 << 26))
    for _ in range(2):
        with pytest.raises(SourceUnreadable, match="on fire"):
            list(cache.render_tiles(TILES[:2]))
    broken = False
    assert len(list(cache.render_tiles(TILES[:2]))) == 2


@pytest.mark.fault("S15")
def test_viewer_that_stops_taking_tiles_keeps_none_from_others(image):
    cache = TileCache(Counting(image), HeldTiles(1 << 26))
    stuck = cache.render_tiles(TILES)
    next(stuck)
    with ThreadPoolExecutor(1) as viewers:
        assert len(viewers.submit(lambda: list(cache.render_tiles(TILES))).result(PATIENCE)) == len(TILES)
    assert len(list(stuck)) == len(TILES) - 1


def test_limit_holds_and_tiles_used_last_stay(image):
    source, held = Counting(image), HeldTiles(5 * TILE_BYTES)
    cache = TileCache(source, held)
    for tile in TILES:
        list(cache.render_tiles([TILES[0], tile]))
        assert held.nbytes <= 5 * TILE_BYTES
    assert source.rendered.count(TILES[0]) == 1
    list(cache.render_tiles([TILES[1]]))
    assert source.rendered.count(TILES[1]) == 2


def test_part_of_a_large_array_is_held_as_a_copy():
    held = HeldTiles(1 << 20)
    block = np.zeros((1024, 256), np.float32)
    held.put(("it", 0), block[:256])
    assert held.get(("it", 0)).base is None


@pytest.mark.fault("S8")
def test_half_of_the_tiles_go_when_memory_runs_out(image):
    tight = False
    held = HeldTiles(1 << 26, lambda: tight)
    list(TileCache(Counting(image), held).render_tiles(TILES))
    assert held.nbytes == len(TILES) * TILE_BYTES
    held.relieve()
    assert held.nbytes == len(TILES) * TILE_BYTES
    tight = True
    held.relieve()
    assert held.nbytes == len(TILES) * TILE_BYTES // 2
    for _ in range(9):
        held.relieve()
    assert held.nbytes == 0


def test_new_version_is_another_image(image):
    source = Counting(image)
    cache = TileCache(source, HeldTiles(1 << 26))
    list(cache.render_tiles(TILES[:1]))
    source.version = 1
    list(cache.render_tiles(TILES[:1]))
    assert source.rendered == [TILES[0], TILES[0]]


def test_closed_source_leaves_no_tiles(image):
    held = HeldTiles(1 << 26)
    stays = TileCache(Counting(image), held)
    with TileCache(Counting(image), held) as goes:
        list(goes.render_tiles(TILES[:3]))
        list(stays.render_tiles(TILES[:2]))
    assert held.nbytes == 2 * TILE_BYTES


def test_source_that_leaves_out_tiles_is_reported(image):
    class Forgetful(ArraySource):
        def render_tiles(self, tiles, picture=DEFAULT_PICTURE, stale=never):
            yield from super().render_tiles(tiles[1:], picture, stale)

    with pytest.raises(SourceError, match="left out"):
        list(TileCache(Forgetful(image), HeldTiles(1 << 26)).render_tiles(TILES))


def test_large_viewports_are_passed_on_to_the_source(image):
    source = Counting(image)
    big = Viewport((1.0, 1.0), (0, 0), (1500, 20_000))
    ((_, pixels),) = TileCache(source, HeldTiles(1 << 26)).render_tiles([big])
    np.testing.assert_array_equal(pixels[:, :2000], image)
    assert source.rendered == [big]
