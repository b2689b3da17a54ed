"""A viewer of a source behind a slow link: which steps it takes, and what they cost."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from kit.noise import noise
from kit.patience import PATIENCE, attempts, pass_time, wait_until
from kit.slow_sources import LinkedSource

from traitsview.geometry import Viewport
from traitsview.model.image_viewer import ImageViewer
from traitsview.model.loading.patches import common, rect_of
from traitsview.model.loading.plan import visible
from traitsview.model.loading.tile_loader import REST_SECONDS

RATE = 2.5e6  # bytes a second: slow enough that one view takes three steps, and quick enough for a test
SHAPE = (300, 500)


@pytest.fixture
def look_at():
    """Give a function that returns a viewer of a source, with the whole image loaded, and what it cost."""
    viewers = []

    def made(source, **traits):
        viewer = ImageViewer(viewport=Viewport((1, 1), (0, 0), SHAPE), **{"looks_ahead": False, **traits})
        viewers.append(viewer)
        viewer.source = source
        assert viewer.wait(PATIENCE)
        assert viewer.exact, viewer.shown
        source.carried.clear()
        source.asked = 0
        return viewer

    yield made
    for viewer in viewers:
        viewer.close()


def cost(source, kind=None):
    """Return the bytes that came over the link."""
    return sum(nbytes for of, _, nbytes in source.carried if kind in (None, of))


def watch(viewer):
    """Return the words of the status line, each once, until the picture is exact; check each picture on the way."""
    words = [viewer.shown]
    for _ in attempts(lambda: viewer.shown, pause=0.001):
        if viewer.exact:
            break
        viewer.pixels.take_arrivals()
        check_held(viewer)
        if viewer.shown != words[-1]:
            words.append(viewer.shown)
    return words


def wait(viewer, condition):
    """Take what arrives until `condition` holds."""
    for _ in attempts(lambda: viewer.shown, pause=0.001):
        if condition():
            return
        viewer.pixels.take_arrivals()


def check_held(viewer):
    """Check that what is held has the right values, or the right colours."""
    for tile in viewer.viewport.tiles():
        for patch in viewer.pixels.store.patches(viewer.picture, tile):
            true = viewer.source.render(patch.block, viewer.picture.plane, viewer.reduction)
            if patch.indexing is None:
                np.testing.assert_array_equal(patch.pixels, true)
            else:
                np.testing.assert_array_equal(patch.indexing.indices(patch.pixels), patch.indexing.indices(true))
                if patch.indexing == viewer.shading.indexing:
                    colors = viewer.shading.argb(np.ascontiguousarray(patch.pixels))
                    np.testing.assert_array_equal(colors, viewer.shading.argb(true))


def check_exact(viewer):
    """Check every visible pixel."""
    seen = np.zeros(viewer.viewport.shape, bool)
    for tile in viewer.viewport.tiles():
        for patch in viewer.pixels.store.patches(viewer.picture, tile):
            part = viewer.viewport.overlap(patch.block)
            if part is not None and patch.indexing is None:
                seen[part] = True
    for part in viewer.pixels.parts:
        assert seen[viewer.viewport.overlap(part)].all()
    check_held(viewer)


@pytest.mark.parametrize("dtype", ["f4", "f8", "u2"])
def test_a_slow_link_brings_something_coarse_then_the_colours_then_the_values(look_at, dtype):
    source = LinkedSource(noise(dtype), 4e5, 0.02)
    source.rate = 1e9
    viewer = look_at(source)
    source.rate = 4e5
    viewer.one_to_one()
    words = watch(viewer)
    steps = [word.split(", ", 1)[1] for word in words]
    assert steps[0].startswith("loading"), words
    coarse = next(at for at, word in enumerate(steps) if word.startswith("coarse (1/"))
    colors = next(at for at, word in enumerate(steps) if word.startswith("colours exact, values loading"))
    assert 0 < coarse < colors < len(steps) - 1, words
    assert steps[-1] == "exact"
    check_exact(viewer)
    # … without a question in between, and without a pixel that is not seen.
    assert source.asked == 1
    values = SHAPE[0] * SHAPE[1] * source.info.pixel_dtype.itemsize
    assert cost(source, "exact") == values
    assert cost(source, "indices") <= SHAPE[0] * SHAPE[1] * 1.1


def test_a_fast_link_goes_straight_to_exact_whole_tiles(look_at):
    source = LinkedSource(noise(), 125e6)
    viewer = look_at(source)
    viewer.one_to_one()
    watch(viewer)
    assert {kind for kind, _, _ in source.carried} == {"exact"}
    assert {tile.shape for _, tile, _ in source.carried} == {(256, 256)}
    assert source.asked == 1


def test_colours_come_as_values_where_indices_cannot_stand_for_them(look_at):
    rgb = np.random.default_rng(1).integers(0, 255, (900, 1200, 3)).astype(np.uint8)
    source = LinkedSource(rgb, 1e9, kind="rgb")
    viewer = look_at(source)
    source.rate = 2e6
    viewer.one_to_one()
    assert "coarse (1/" in " ".join(watch(viewer))
    assert {kind for kind, _, _ in source.carried} == {"exact"}


def test_a_pan_moves_what_it_exposes_and_a_revisit_moves_nothing(look_at):
    source = LinkedSource(noise(), RATE, 0.005)
    viewer = look_at(source)
    viewer.one_to_one()
    watch(viewer)
    source.carried.clear()
    viewer.pan(300, 0)
    watch(viewer)
    exposed = 300 * SHAPE[0] * 4
    assert exposed <= cost(source, "exact") <= 1.15 * exposed
    assert cost(source, "indices") <= exposed / 4 * 1.2
    for step in ((-17, 40), (33, -71), (-100, -9)):
        viewer.pan(*step)
        watch(viewer)
    source.carried.clear()
    source.asked = 0
    viewer.pan(-216, 40)
    viewer.fit()
    viewer.back()
    assert viewer.exact
    assert viewer.wait(PATIENCE)
    assert (cost(source), source.asked) == (0, 0)
    check_exact(viewer)


def test_a_drag_that_never_rests_asks_for_no_pixel_twice(look_at):
    source = LinkedSource(noise(), 1e9, 0.001)
    viewer = look_at(source)
    viewer.one_to_one()
    watch(viewer)
    source.carried.clear()
    source.rate = RATE
    for step in range(120):
        viewer.pan(2 + step % 3, 1 if step % 2 else -1)
        pass_time(0.002)
        viewer.pixels.take_arrivals()
    watch(viewer)
    check_exact(viewer)
    exact = [rect_of(tile) for kind, tile, _ in source.carried if kind == "exact"]
    assert not any(common(a, b) for at, a in enumerate(exact) for b in exact[:at])


def test_new_colours_of_exact_values_cost_nothing(look_at):
    source = LinkedSource(noise(), RATE, 0.005)
    viewer = look_at(source)
    for change in ({"limits": (0, 50)}, {"scale": "log"}, {"colormap": "viridis"}, {"inverted": True}):
        viewer.appearance.trait_set(**change)
        assert viewer.exact
        assert viewer.wait(PATIENCE)
    assert (cost(source), source.asked) == (0, 0)


def test_new_limits_are_approximate_at_once_and_asked_anew_while_values_are_on_their_way(look_at):
    source = LinkedSource(noise(), 1e9, 0.005)
    viewer = look_at(source)
    source.rate = 4e5
    viewer.one_to_one()
    wait(viewer, lambda: viewer.pixels.held.step == "colours")
    before = viewer.shading.indexing
    viewer.appearance.scale = "log"
    assert viewer.pixels.held.step == "coarse"
    assert any(
        patch.indexing == before
        for tile in viewer.viewport.tiles()
        for patch in viewer.pixels.store.patches(viewer.picture, tile)
    )
    words = watch(viewer)
    assert any("colours exact" in word for word in words)
    check_exact(viewer)


def test_the_same_indexing_is_not_asked_twice(look_at):
    source = LinkedSource(noise(), 1e9, 0.005)
    viewer = look_at(source)
    source.rate = 4e5
    viewer.one_to_one()
    wait(viewer, lambda: viewer.pixels.held.step == "colours")
    source.carried.clear()
    viewer.appearance.colormap = "viridis"  # of as many colours
    assert viewer.pixels.held.step == "colours"
    viewer.pan(10, 0)
    watch(viewer)
    assert cost(source, "indices") <= 10 * SHAPE[0] * 1.5


def test_opening_takes_two_questions_at_once_and_then_one():
    source = LinkedSource(noise(), 1.25e6, 0.15)
    viewer = ImageViewer(viewport=Viewport((1, 1), (0, 0), SHAPE), looks_ahead=False)
    viewer.source = source
    wait(viewer, lambda: viewer.pixels.overview is not None and viewer.summary is not None)
    wait(viewer, lambda: viewer.exact)
    assert source.asked == 3
    # The first picture waits for nothing but, at most, the summary that was asked for at the same time.
    assert ("nearest", 256 * 256 * 4) in [(kind, nbytes) for kind, _, nbytes in source.carried[:2]]
    check_exact(viewer)
    viewer.close()


class UnmeasuredSource(LinkedSource):
    """A link of which nothing is known before the summary has come, and whose summary takes until the gate opens."""

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.summaries = 0
        self.known = threading.Event()

    def delay(self, nbytes):
        """Return nothing as long as nothing is measured."""
        return super().delay(nbytes) if self.known.is_set() else 0.0

    def summarize(self, extent=None, plane=None, exact=False):
        """Count, and wait for the gate."""
        self.summaries += 1
        assert self.known.wait(PATIENCE)
        return super().summarize(extent, plane, exact)


def test_the_first_picture_does_not_wait_for_the_summary_and_a_move_does_not_ask_for_a_second_one():
    source = UnmeasuredSource(noise(), 5e6, 0.02)
    viewer = ImageViewer(viewport=Viewport((1, 1), (0, 0), SHAPE), looks_ahead=False)
    viewer.source = source
    wait(viewer, lambda: viewer.pixels.overview is not None and viewer.summary is not None)
    guessed = viewer.summary
    assert not viewer.exact
    for step in range(5):
        viewer.pan(10, step)
        pass_time(0.01)
        viewer.pixels.take_arrivals()
    source.known.set()
    watch(viewer)
    assert source.summaries == 1
    assert viewer.summary is not guessed
    assert viewer.summary.count == source.summarize().count
    check_exact(viewer)
    viewer.close()


def shown_after(viewer, move):
    """Return what is visible after a pan."""
    return visible(viewer.viewport.panned(*move), viewer.info, viewer.reduction)


def test_rest_brings_what_is_around_and_a_move_drops_that(look_at):
    source = LinkedSource(noise(), 1e9, 0.001)
    viewer = look_at(source, looks_ahead=True)
    viewer.one_to_one()
    watch(viewer)
    source.rate = 3e5
    # Nothing was asked for: the viewer is done, and says so, while the link is at work.
    viewer.pan(5, 0)
    watch(viewer)
    assert viewer.wait(PATIENCE)
    source.carried.clear()
    wait_until(lambda: source.carried)
    ring = [tile for _, tile, _ in source.carried]
    assert not any(common(rect_of(tile), rect_of(viewer.viewport)) for tile in ring)
    viewer.pan(0, 300)
    assert not viewer.exact
    source.carried.clear()
    watch(viewer)
    # What the move shows came behind what was on its way of the ring, and nothing else of that.
    exact = [tile for _, tile, _ in source.carried if tile.resolution == viewer.viewport.resolution]
    others = [tile for tile in exact if not common(rect_of(tile), rect_of(viewer.viewport))]
    assert len(others) <= 1 < len(exact)
    source.rate = 2e7
    around = shown_after(viewer, (100, -100))
    wait_until(lambda: not viewer.pixels.store.missing(viewer.picture, around))
    source.carried.clear()
    viewer.pan(100, -100)
    assert viewer.exact, "the ring was there"


def test_without_a_link_nothing_is_fetched_in_advance(look_at):
    source = LinkedSource(noise(), 1e15, 0.0)
    source.delay = lambda nbytes: 0.0
    viewer = look_at(source, looks_ahead=True)
    viewer.one_to_one()
    watch(viewer)
    source.carried.clear()
    pass_time(REST_SECONDS + 0.1)
    assert source.carried == []


def test_the_readout_of_a_pixel_on_its_way_is_the_true_value(look_at):
    source = LinkedSource(noise(), 1e9, 0.001)
    viewer = look_at(source)
    source.rate = 1e5
    viewer.one_to_one()
    viewer.cursor = (700.5, 800.5)
    wait(viewer, lambda: viewer.readout is not None and viewer.readout.value)
    assert not viewer.exact
    assert viewer.readout.value == f"{noise()[800, 700]:.8g}"
