"""What is asked of a source, and in which steps: tables of a wish, what is held, and how quick the link is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from traitsview.color.catalogue import colormap
from traitsview.color.indexing import Indexing
from traitsview.color.look import Look
from traitsview.geometry import Viewport
from traitsview.model.loading.plan import LinkSpeed, ahead, area, coarser, steps, visible
from traitsview.model.loading.tile_store import TileStore
from traitsview.model.loading.wish import Wish
from traitsview.sources.image_info import ImageInfo
from traitsview.sources.picture import Picture

#: An image of 2048 × 4096 elements, and the 512 × 768 pixels of it that are wished for: 2 × 3 tiles.
INFO = ImageInfo("image", (2048, 4096), "float32", extent=(0.0, 4096.0, 0.0, 2048.0))
VIEWPORT = Viewport((1.0, 1.0), (512, 512), (512, 768))
PIXELS = 512 * 768
PICTURE = Picture((), "mean", INFO.version)
WISH = Wish(VIEWPORT, PICTURE, VIEWPORT.center, Look(colormap("gray")))
GRAY = Indexing((0.0, 1.0))


def link(whole):
    """Return the speed of a link that a viewport of values occupies for `whole` seconds, and 0.05 s there and back."""
    return LinkSpeed(lambda nbytes: 0.05 + nbytes * whole / (4 * PIXELS), 4)


def holding(*held):
    """Return a store that has values or, with an indexing, what stands for them, of viewports."""
    store = TileStore()
    for viewport, indexing in held:
        for block in visible(viewport, INFO, "mean"):
            store.put(PICTURE, block, np.zeros(block.shape, np.float32), indexing)
    return store


def told(planned):
    """Return steps as (name, pixels, whether colours are asked for instead of values)."""
    return [(step.name, area(step.stage.tiles), step.stage.indexing is not None) for step in planned]


#: What may be held: all, the left third, and those of a coarser grid, as values or as colours.
LEFT = replace(VIEWPORT, shape=(512, 256))
COARSE = Viewport((16.0, 16.0), (32, 32), (32, 48))
ALL = (VIEWPORT, None)
NOTHING = ()

#: Of seconds for a viewport, what is held, and the indexing: the steps.
STEPS = {
    "an array here": (0.0, NOTHING, GRAY, [("exact", PIXELS, False)]),
    "a quick link": (0.019, NOTHING, GRAY, [("exact", PIXELS, False)]),
    "a link that is no more quick": (0.021, NOTHING, GRAY, [("exact", PIXELS, False)]),
    "as long as nobody minds": (0.149, NOTHING, GRAY, [("exact", PIXELS, False)]),
    "longer": (0.16, NOTHING, GRAY, [("coarse", 24576, True), ("exact", PIXELS, False)]),
    "longer, and no summary yet": (0.16, NOTHING, None, [("coarse", 6144, False), ("exact", PIXELS, False)]),
    "twice as long": (
        *(0.31, NOTHING, GRAY),
        [("coarse", 24576, True), ("colours", PIXELS, True), ("exact", PIXELS, False)],
    ),
    "a slow link": (
        *(4.0, NOTHING, GRAY),
        [("coarse", 24576, True), ("colours", PIXELS, True), ("exact", PIXELS, False)],
    ),
    "a slow link, and no summary yet": (4.0, NOTHING, None, [("coarse", 6144, False), ("exact", PIXELS, False)]),
    "a very slow link": (
        *(60.0, NOTHING, GRAY),
        [("coarse", 1536, True), ("colours", PIXELS, True), ("exact", PIXELS, False)],
    ),
    "all is held, here": (0.0, (ALL,), GRAY, []),
    "all is held, over a slow link": (4.0, (ALL,), GRAY, []),
    "a third is held, here": (0.0, ((LEFT, None),), GRAY, [("exact", PIXELS * 2 // 3, False)]),
    "a third is held, over a link": (0.14, ((LEFT, None),), GRAY, [("exact", PIXELS * 2 // 3, False)]),
    "a third is held, over a slow link": (
        *(4.0, ((LEFT, None),), GRAY),
        [("coarse", 16384, True), ("colours", PIXELS * 2 // 3, True), ("exact", PIXELS * 2 // 3, False)],
    ),
    "the colours are held": (4.0, ((VIEWPORT, GRAY),), GRAY, [("exact", PIXELS, False)]),
    "the colours of another look are held": (
        *(4.0, ((VIEWPORT, replace(GRAY, scale="log")),), GRAY),
        [("coarse", 24576, True), ("colours", PIXELS, True), ("exact", PIXELS, False)],
    ),
    "the colours of a third are held": (
        *(4.0, ((LEFT, GRAY),), GRAY),
        [("coarse", 16384, True), ("colours", PIXELS * 2 // 3, True), ("exact", PIXELS, False)],
    ),
    "the coarse picture is held": (
        *(60.0, ((COARSE, GRAY),), GRAY),
        [("colours", PIXELS, True), ("exact", PIXELS, False)],
    ),
}


@pytest.mark.parametrize("case", STEPS)
def test_steps_are_those_of_the_table(case):
    seconds, held, indexing, expected = STEPS[case]
    assert told(steps(WISH, INFO, holding(*held), link(seconds), indexing)) == expected


def test_a_quick_link_brings_whole_tiles_and_a_slower_one_what_is_visible():
    moved = replace(WISH, viewport=VIEWPORT.panned(10, 10))
    ((_, pixels, _),) = told(steps(moved, INFO, TileStore(), link(0.0)))
    assert pixels == 4 * 3 * 256 * 256
    ((_, pixels, _),) = told(steps(moved, INFO, TileStore(), link(0.14)))
    assert pixels == PIXELS


def test_a_pan_over_a_slow_link_asks_for_the_strip_that_comes_into_view():
    moved = replace(WISH, viewport=VIEWPORT.panned(100, 0))
    planned = steps(moved, INFO, holding((VIEWPORT, None)), link(4.0), GRAY)
    assert {name: pixels for name, pixels, _ in told(planned)}["exact"] == 512 * 100


@pytest.mark.parametrize("seconds", [0.0, 0.1, 4.0])
def test_nearest_to_the_focus_comes_first(seconds):
    x0, _, _, y1 = VIEWPORT.extent
    planned = steps(replace(WISH, focus=(x0, y1)), INFO, TileStore(), link(seconds))
    first, last = planned[-1].stage.tiles[0].extent, planned[-1].stage.tiles[-1].extent
    assert first[0] < last[0]
    assert first[3] > last[3]


def test_blocks_are_smaller_the_slower_the_link_is():
    sides = [link(seconds).block_size for seconds in (0.1, 1.0, 4.0, 60.0)]
    assert sides == [256, 128, 64, 64]


def test_what_lies_beyond_the_image_is_not_asked_for():
    beyond = replace(WISH, viewport=VIEWPORT.panned(4096 - 512 - 100, 0))
    ((_, pixels, _),) = told(steps(beyond, INFO, TileStore(), link(0.14)))
    assert pixels == 512 * 100


#: The pixels of the viewport and of the ring around it, 128 pixels wide.
RING = (512 + 256) * (768 + 256)

#: Of seconds for a viewport, what is held, and the indexing: what comes ahead of any wish.
AHEAD = {
    "an array here": (0.0, (ALL,), GRAY, []),
    "a quick link": (0.019, (ALL,), GRAY, []),
    "a link": (
        *(0.1, (ALL,), GRAY),
        [("ahead", RING - PIXELS, False), ("ahead", PIXELS, False), ("ahead", PIXELS, False)],
    ),
    "a link, and nothing held": (
        *(0.1, NOTHING, GRAY),
        [("ahead", RING, False), ("ahead", PIXELS, False), ("ahead", PIXELS, False)],
    ),
    "a slow link": (
        *(4.0, (ALL,), GRAY),
        [
            *(("ahead", RING - PIXELS, True), ("ahead", RING - PIXELS, False)),
            *(("ahead", PIXELS, True), ("ahead", PIXELS, True)),
        ],
    ),
    "a slow link, and no summary yet": (
        *(4.0, (ALL,), None),
        [("ahead", RING - PIXELS, False), ("ahead", PIXELS, False), ("ahead", PIXELS, False)],
    ),
    "the colours around are held": (
        *(4.0, (ALL, (Viewport((1.0, 1.0), (384, 384), (768, 1024)), GRAY)), GRAY),
        [("ahead", RING - PIXELS, False), ("ahead", PIXELS, True), ("ahead", PIXELS, True)],
    ),
    "a link that is too slow for it": (20.0, (ALL,), GRAY, []),
}


@pytest.mark.parametrize("case", AHEAD)
def test_what_comes_ahead_is_that_of_the_table(case):
    seconds, held, indexing, expected = AHEAD[case]
    assert told(ahead(WISH, INFO, holding(*held), link(seconds), indexing)) == expected


def test_what_comes_ahead_leaves_the_store_its_pixels():
    small = TileStore(limit=4 * 4 * PIXELS)
    assert told(ahead(WISH, INFO, small, link(0.1), GRAY)) == [("ahead", RING, False)]


#: Of a resolution, the size of an element, and how many times coarser: the resolution, or None if none is.
COARSER = [
    ((1.0, 1.0), (1.0, 1.0), 2, (2.0, 2.0)),
    ((1.0, 1.0), (1.0, 1.0), 16, (16.0, 16.0)),
    ((1.5, 1.5), (1.0, 1.0), 2, (4.0, 4.0)),
    ((1.3, 1.3), (1.0, 1.0), 2, (2.0, 2.0)),
    ((0.25, 0.25), (1.0, 1.0), 8, (2.0, 2.0)),
    ((0.125, 0.125), (1.0, 1.0), 2, (1.0, 1.0)),
    ((0.9, 0.9), (1.0, 1.0), 1, None),
    ((1.0, 1.0), (1.0, 1.0), 1, None),
    ((3.0, 3.0), (3.0, 3.0), 4, (12.0, 12.0)),
    ((2.0, 8.0), (1.0, 1.0), 2, (4.0, 16.0)),
    ((1.0, 1.0), (0.5, 2.0), 2, (2.0, 2.0)),
    ((1.0, 1.0), (0.5, 4.0), 2, (2.0, 4.0)),
    ((1e-3, 1e-3), (1e-3, 1e-3), 4, (4e-3, 4e-3)),
    ((1e6, 1e6), (1.0, 1.0), 2, (2.0**21, 2.0**21)),
    ((2.0**60, 2.0**60), (1.0, 1.0), 16, None),
]


@pytest.mark.parametrize(("resolution", "element", "factor", "expected"), COARSER)
def test_coarser_resolutions_are_powers_of_two_of_an_element(resolution, element, factor, expected):
    rows, columns = INFO.shape
    info = replace(INFO, extent=(0.0, columns * element[0], 0.0, rows * element[1]))
    assert coarser(Viewport(resolution, (0, 0), (10, 10)), info, factor) == expected
