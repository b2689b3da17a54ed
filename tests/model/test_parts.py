"""The parts of a viewer: its pixels, its places, its screens and its status, each by itself."""

from __future__ import annotations

import numpy as np
import pytest
from kit.patience import PATIENCE

from traitsview.color.catalogue import colormap
from traitsview.color.look import Look
from traitsview.geometry import Viewport
from traitsview.model.image_viewer import ImageViewer
from traitsview.model.loading.wish import Wish
from traitsview.model.pixels import Pixels
from traitsview.model.screens import Screen, Screens
from traitsview.sources.arrays.array_source import ArraySource
from traitsview.sources.picture import Picture

SHAPE = (40, 50)


@pytest.fixture
def source():
    """An array of 40 × 50 different numbers."""
    return ArraySource(np.arange(2000.0).reshape(SHAPE))


@pytest.fixture
def viewer(source):
    """A viewer that has all of its image."""
    made = ImageViewer(source=source)
    assert made.wait(PATIENCE)
    yield made
    made.close()


def wish_for(source, name="gray", limits="99.5%"):
    """Return a wish for the whole image."""
    viewport = Viewport.fitting(source.info, SHAPE)
    return Wish(viewport, Picture((), "mean", source.info.version), viewport.center, Look(colormap(name), limits))


# ---- pixels --------------------------------------------------------------------


@pytest.fixture
def pixels(source):
    """Pixels of the array, with the wishes that their loader was asked for."""
    made = Pixels()
    made.attach(source)
    made.open()
    yield made
    made.close()


def followed(has_traits, name):
    """Return a list that grows with each event of a trait."""
    events = []
    has_traits.observe(events.append, name)
    return events


def test_a_wish_is_all_that_pixels_need(pixels, source):
    pixels.show(wish_for(source))
    assert pixels.held.missing
    assert pixels.wait_idle(PATIENCE)
    pixels.take_arrivals()
    assert not pixels.held.missing
    assert pixels.summary.maximum == 1999
    (tile,) = pixels.parts
    ((patch,),) = [pixels.store.patches(wish_for(source).picture, each) for each in tile.tiles()]
    np.testing.assert_array_equal(patch.pixels[:40, :50], source.render(tile))


@pytest.mark.parametrize(
    ("look", "asked"),
    [({}, 0), ({"name": "viridis"}, 0), ({"limits": "98%"}, 1), ({"limits": "minmax"}, 1), ({"limits": (0, 1)}, 1)],
)
def test_other_colours_of_pixels_that_are_held_are_not_asked_for(pixels, source, look, asked):
    pixels.show(wish_for(source))
    assert pixels.wait_idle(PATIENCE)
    pixels.take_arrivals()
    events = followed(pixels, "asked")
    pixels.show(wish_for(source, **look))
    assert len(events) == asked


def test_closed_pixels_ask_for_nothing_and_opened_ones_for_what_is_shown_then(pixels, source):
    pixels.show(wish_for(source))
    pixels.close()
    events = followed(pixels, "asked")
    pixels.show(wish_for(source, limits="minmax"))
    assert not events
    assert pixels.open()
    assert not pixels.open()
    pixels.show(wish_for(source))
    assert len(events) == 1


def test_what_arrives_from_a_source_that_was_exchanged_is_passed_over(pixels, source):
    taken = []
    early = pixels.listener(taken.append)
    pixels.attach(ArraySource(np.zeros((3, 4))))
    pixels.open()
    early("from the source before")
    pixels.listener(taken.append)("from this one")
    pixels.take_arrivals()
    assert taken == ["from this one"]


# ---- screens -------------------------------------------------------------------


def test_the_screen_that_was_used_last_leads():
    screens, one, other = Screens(), Screen(), Screen()
    assert screens.leads(one)
    screens.enter(one)
    screens.enter(other)
    assert (screens.leads(one), screens.leads(other)) == (False, True)
    screens.enter(one)
    assert screens.shown_on == (other, one)
    screens.leave(one)
    assert screens.leads(other)


def test_a_viewer_loads_until_its_last_screen_is_gone_and_again_from_the_next_one_on(viewer):
    one, other = Screen(), Screen()
    viewer.screens.enter(one)
    viewer.screens.enter(other)
    viewer.screens.leave(one)
    viewer.places.pan(5, 5)
    assert viewer.wait(PATIENCE)
    assert viewer.exact
    viewer.screens.leave(other)
    asked = followed(viewer.pixels, "asked")
    viewer.fit()
    assert not asked
    viewer.screens.enter(one)
    assert len(asked) == 1
    assert viewer.wait(PATIENCE)
    assert viewer.exact


# ---- status --------------------------------------------------------------------


def test_a_complaint_stands_until_it_is_withdrawn(viewer):
    before = viewer.shown
    complaint = viewer.status.complain("no such limits")
    assert viewer.shown == viewer.status.wrong == "no such limits"
    assert not viewer.exact
    complaint.withdraw()
    assert viewer.shown == before
    assert viewer.exact


def test_a_complaint_that_another_one_has_replaced_cannot_take_that_away(viewer):
    first = viewer.status.complain("no such limits")
    viewer.status.complain("no such colormap")
    first.withdraw()
    assert viewer.shown == "no such colormap"


def test_something_else_that_is_asked_for_ends_a_complaint(viewer):
    viewer.status.complain("no such limits")
    viewer.pan(1, 0)
    assert "no such limits" not in viewer.shown


def test_a_notice_is_said_beside_the_rest_until_there_is_another_colormap(viewer):
    viewer.status.notice = "the file has two hinges"
    assert viewer.shown == "the file has two hinges; 1 element on 15 × 15 pixels, exact"
    assert viewer.exact
    viewer.appearance.colormap = "viridis"
    assert "hinges" not in viewer.shown


# ---- what a viewer passes on ---------------------------------------------------


def test_what_is_read_of_a_part_can_be_observed_on_the_viewer(viewer):
    changes = {name: followed(viewer, name) for name in ("shading", "shown", "fitted", "readout_line", "exact")}
    viewer.appearance.colormap = "viridis"
    assert changes["shading"][-1].new is viewer.shading
    viewer.places.show((5, 10, 5, 10))
    assert changes["fitted"][-1].new is False
    assert changes["shown"][-1].new == viewer.status.shown
    viewer.cursor = (7.5, 7.5)
    assert changes["readout_line"][-1].new.startswith("x 7.5")


def test_a_viewer_is_made_of_parts_and_has_no_heirs():
    from traits.api import HasStrictTraits

    assert ImageViewer.__bases__ == (HasStrictTraits,)
    assert not ImageViewer.__subclasses__()
