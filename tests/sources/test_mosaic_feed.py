"""Many feeds as one picture: where parts are, which of their frames are shown together, and parts that die."""

from __future__ import annotations

import numpy as np
import pytest

from traitsview.errors import RequestError, SourceUnsupported
from traitsview.geometry import Viewport
from traitsview.sources.framed import mosaic_part
from traitsview.sources.framed.framed_source import FramedSource
from traitsview.sources.framed.joined_arrays import joined_arrays
from traitsview.sources.framed.mosaic_feed import MosaicFeed
from traitsview.sources.framed.mosaic_part import FeedPart
from traitsview.sources.framed.part_places import Arrangement, Place
from traitsview.sources.framed.policies import POLICIES, policy_of
from traitsview.testing.feeds import ScriptedFeed
from traitsview.testing.image_source_tests import ImageSourceTests

PATIENCE = 60.0


class Parts:
    """Parts that a test makes and kills."""

    def __init__(self):
        self.list = []
        self.lost = set()

    def add(self, name="", place=None):
        name = name or f"part/{len(self.list)}"
        feed = ScriptedFeed("")
        self.list.append(FeedPart(name, feed, lambda: place, lambda: name in self.lost))
        return feed

    def kill(self, name):
        self.lost.add(name)
        next(part for part in self.list if part.name == name).feed.say("lost")

    def source(self, name="whole", **options):
        feed = MosaicFeed(name, lambda: self.list, joined_arrays, waiting=lambda: "waiting for 'whole'", **options)
        return FramedSource(feed, name)


@pytest.fixture
def parts():
    return Parts()


def quarters(parts, array):
    """Show the four quarters of an array, which meet within pixels."""
    colours = array.ndim > 2 and array.shape[-1] in (3, 4) and array.dtype in (np.uint8, np.uint16)
    axis = array.ndim - 3 if colours else array.ndim - 2
    rows, columns = array.shape[axis : axis + 2]
    feeds = []
    for top, bottom in ((0, rows // 3), (rows // 3, rows)):
        for left, right in ((0, columns // 2), (columns // 2, columns)):
            feed = parts.add(place=Place((top, left), (rows, columns)))
            feed.show(array[(slice(None),) * axis + (slice(top, bottom), slice(left, right))])
            feeds.append(feed)
    return feeds


def shown(source):
    return source.render(Viewport(source.info.element, (0, 0), source.info.shape, source.info.anchor))


def states(source):
    return {part.name: part.state for part in source.frame.parts}


class TestMosaicFeed(ImageSourceTests):
    def make_source(self, array, **options):
        parts = Parts()
        if options or min(array.shape) < 4 or (array.dtype.kind == "f" and array.shape[-1] in (3, 4)):
            parts.add().show(array, **options)  # what parts say of themselves is said of the whole
        else:
            quarters(parts, array)
        source = parts.source(options.get("name", "array"))
        source.wait_newer(0, PATIENCE)
        return source

    def test_an_image_that_does_not_change_is_not_waited_for(self):
        """Live images are waited for."""


@pytest.mark.parametrize("dtype", [np.uint8, np.int64, np.float32, np.complex64])
def test_pixels_over_the_border_of_parts_are_those_of_one_large_array(parts, dtype):
    array = np.random.default_rng(3).integers(0, 200, (61, 83)).astype(dtype)
    quarters(parts, array)
    with parts.source() as source:
        source.wait_newer(0, PATIENCE)
        viewport = Viewport.fitting(source.info, (7, 11))
        plain = FramedSource(one := ScriptedFeed(), "one")
        one.show(array)
        plain.wait_newer(0, PATIENCE)
        for reduction in ("mean", "min", "max", "nearest", "mode"):
            np.testing.assert_array_equal(
                source.render(viewport, None, reduction), plain.render(viewport, None, reduction)
            )


def test_parts_without_places_are_stacked_in_their_order_or_arranged(parts):
    for k in range(3):
        parts.add().show(np.full((2, 4), k, np.float32))
    with parts.source() as stacked, parts.source(arrangement=Arrangement(rows=1, columns=0)) as beside:
        stacked.wait_newer(0, PATIENCE)
        assert stacked.info.shape == (6, 4)
        assert shown(stacked)[::2, 0].tolist() == [0, 1, 2]
        for k, part in enumerate(parts.list):
            part.feed.show(np.full((2, 4), k, np.float32))
        beside.wait_newer(0, PATIENCE)
        assert beside.info.shape == (2, 12)
        assert [part.extent for part in beside.frame.parts] == [
            (0.0, 4.0, 0.0, 2.0),
            (4.0, 8.0, 0.0, 2.0),
            (8.0, 12.0, 0.0, 2.0),
        ]


def test_a_part_of_which_no_frame_has_come_is_taken_to_be_as_large_as_the_others(parts):
    for k in range(4):
        feed = parts.add()
        if k == 2:
            feed.show(np.ones((2, 4)))
    with parts.source(arrangement=Arrangement(rows=2, columns=2)) as source:
        source.wait_newer(0, PATIENCE)
        assert source.info.extent == (0.0, 8.0, 0.0, 4.0)
        assert [part.extent for part in source.frame.parts] == [
            *((0.0, 4.0, 0.0, 2.0), (4.0, 8.0, 0.0, 2.0), (0.0, 4.0, 2.0, 4.0), (4.0, 8.0, 2.0, 4.0)),
        ]


@pytest.mark.parametrize("column", [4, 5])
def test_a_part_that_has_a_place_and_no_frame_does_not_reach_beyond_the_whole(parts, column):
    parts.add(place=Place((0, 0), (2, 8))).show(np.ones((2, 4)))
    parts.add(place=Place((0, column), (2, 8)))
    with parts.source() as source:
        source.wait_newer(0, PATIENCE)
        assert source.frame.parts[1].extent == (float(column), 8.0, 0.0, 2.0)


def test_a_table_with_gaps_shows_parts_of_any_sizes_side_by_side(parts):
    for k, shape in enumerate([(4, 2), (2, 4), (3, 3)]):
        parts.add().show(np.full(shape, k, np.int16))
    with parts.source(arrangement=Arrangement(0, 0, 0.25)) as source:
        source.wait_newer(0, PATIENCE)
        pixels = shown(source)
        assert source.info.shape == (4 + 1 + 3, 3 + 1 + 4)
        assert (pixels[0, 0], pixels[0, 4], pixels[5, 0]) == (0, 1, 2)
        assert np.isnan(pixels[4]).all()


def test_a_layout_is_read_and_one_that_is_too_small_is_refused():
    assert Arrangement.parsed("2x3") == Arrangement(2, 3)
    for text in ("2", "x", "0x2", "2x0", "axb", "2x2x2", ""):
        with pytest.raises(RequestError, match="write ROWSxCOLUMNS"):
            Arrangement.parsed(text)
    with pytest.raises(RequestError, match="no room for 5 parts; try 3x2"):
        Arrangement(2, 2).places([(1, 1)] * 5)


def test_the_extent_of_a_part_gives_that_of_the_whole(parts):
    parts.add(place=Place((2, 4), (4, 8))).show(np.zeros((2, 4)), extent=(10.0, 12.0, 5.0, 6.0))
    with parts.source() as source:
        source.wait_newer(0, PATIENCE)
        assert source.info.extent == (8.0, 12.0, 4.0, 6.0)
        assert source.frame.parts[0].extent == (10.0, 12.0, 5.0, 6.0)


def test_a_part_that_was_killed_shows_nothing_and_the_others_go_on(parts):
    feeds = quarters(parts, np.ones((8, 8), np.int32))
    with parts.source() as source:
        version = source.wait_newer(0, PATIENCE)
        parts.kill("part/3")
        version = source.wait_newer(version, PATIENCE)
        assert np.isnan(shown(source)[2:, 4:]).all()
        assert np.isfinite(shown(source)).sum() == 64 - 6 * 4
        assert states(source) == {"part/0": "", "part/1": "", "part/2": "", "part/3": "lost"}
        feeds[0].show(np.full((2, 4), 7, np.int32))
        source.wait_newer(version, PATIENCE)
        assert shown(source)[0, 0] == 7
        for k in range(3):
            parts.kill(f"part/{k}")
        while source.frame.state != "all parts lost":
            source.wait_newer(source.info.version, PATIENCE)
        assert np.isnan(shown(source)).all()
        assert (source.info.shape, source.info.dtype) == ((8, 8), "<i4")


def test_parts_that_ended_stay_and_the_whole_says_that_it_ended(parts):
    feeds = quarters(parts, np.ones((8, 8), np.float32))
    with parts.source() as source:
        source.wait_newer(0, PATIENCE)
        for feed in feeds:
            feed.say("ended at step 812")
        while not source.frame.state:
            source.wait_newer(source.info.version, PATIENCE)
        assert source.frame.state == "all parts ended at step 812"
        assert np.isfinite(shown(source)).all()


def test_a_part_that_comes_later_joins(parts):
    parts.add(place=Place((0, 0), (2, 8))).show(np.ones((2, 4)))
    with parts.source() as source:
        version = source.wait_newer(0, PATIENCE)
        assert np.isnan(shown(source)[:, 4:]).all()
        parts.add(place=Place((0, 4), (2, 8))).show(np.ones((2, 4)))
        source.wait_newer(version, PATIENCE)
        assert np.isfinite(shown(source)).all()


def test_another_size_of_the_whole_is_another_form(parts):
    places = [Place((0, 0), (2, 2))]
    feed = ScriptedFeed("")
    parts.list.append(FeedPart("a", feed, lambda: places[0]))
    feed.show(np.ones((2, 2)))
    with parts.source() as source:
        version = source.wait_newer(0, PATIENCE)
        places[0] = Place((0, 0), (5, 2))
        feed.show(np.ones((5, 2)))
        source.wait_newer(version, PATIENCE)
        assert source.info.shape == (5, 2)


def test_a_part_of_another_form_is_left_out_and_says_why(parts):
    for _ in range(2):
        parts.add().show(np.ones((2, 3), np.float32))
    parts.add("odd").show(np.ones((5, 2, 3), np.float32))
    parts.add("colour").show(np.ones((2, 3, 3), np.uint8))
    with parts.source() as source:
        source.wait_newer(0, PATIENCE)
        assert states(source)["odd"] == "its axes before rows and columns are 5, those of the other parts none"
        assert states(source)["colour"] == "it is of kind rgb, the other parts are of kind scalar"
        assert np.isnan(shown(source)[4:]).all()


def test_a_part_that_cannot_be_shown_says_why_and_comes_back(parts):
    feed = parts.add("bad")
    parts.add("good").show(np.ones((1, 1)))
    feed.show(np.ones((1, 1)))
    bring, feed.next = feed.next, failing
    with parts.source() as source:
        version = source.wait_newer(0, PATIENCE)
        assert states(source)["bad"] == "cannot show 'bad': it is a list"
        feed.next = bring
        source.wait_newer(version, PATIENCE)
        assert states(source)["bad"] == ""


def failing(timeout):
    raise SourceUnsupported("cannot show 'bad'", "it is a list")


def test_latest_shows_the_newest_of_each_part_and_tells_their_steps(parts):
    a, b = parts.add(), parts.add()
    a.show(np.full((1, 2), 5.0), step=5, scalars=[("energy", 1.0), ("rank", 0)])
    b.show(np.full((1, 2), 3.0), step=3, scalars=[("energy", 1.0), ("rank", 1)])
    with parts.source() as source:
        source.wait_newer(0, PATIENCE)
        assert shown(source)[:, 0].tolist() == [5, 3]
        assert [part.step for part in source.frame.parts] == [5, 3]
        assert (source.frame.step, source.frame.scalars) == (5, (("energy", 1.0),))


def test_same_step_shows_the_newest_step_that_all_living_parts_have(parts):
    a, b, c = (parts.add() for _ in range(3))
    with parts.source(policy=policy_of("same-step")) as source:
        for step in range(6):
            a.show(np.full((1, 2), step), step=step)
            if step < 4:
                b.show(np.full((1, 2), step), step=step)
            if step < 2:
                c.show(np.full((1, 2), step), step=step)
            source.wait_newer(source.info.version, 0.0)
        assert shown(source)[:, 0].tolist() == [1, 1, 1]
        parts.kill("part/2")
        source.wait_newer(source.info.version, PATIENCE)
        assert shown(source)[:2, 0].tolist() == [3, 3]
        assert np.isnan(shown(source)[2]).all()
        b.say("ended at step 3")
        a.show(np.full((1, 2), 6), step=6)
        source.wait_newer(source.info.version, PATIENCE)
        assert source.frame.step == 6
        assert np.isnan(shown(source)[1]).all()


def test_same_step_says_so_when_there_is_none(parts, monkeypatch):
    monkeypatch.setattr("traitsview.sources.framed.mosaic_feed.LATE_SECONDS", 0.0)
    a, b = parts.add(), parts.add()
    with parts.source(policy=POLICIES["same-step"]) as source:
        a.show(np.zeros((1, 1)), step=10)
        b.show(np.zeros((1, 1)), step=3)
        while not source.frame.state.startswith("no newer step"):
            source.wait_newer(0, PATIENCE)
        assert source.frame.state == (
            "no newer step that all parts have: 'part/1' was at step 3, another part at 10; "
            "publish fewer steps (every=10), or show the latest of each"
        )
        b.show(np.zeros((1, 1)), step=10)
        source.wait_newer(0, PATIENCE)
        assert (source.frame.step, source.frame.state) == (10, "")


def test_an_unknown_policy_is_refused():
    with pytest.raises(RequestError, match="unknown policy 'best'; one of latest, same-step"):
        policy_of("best")


def test_a_part_that_is_far_behind_is_late(parts, monkeypatch):
    monkeypatch.setattr(mosaic_part, "LATE_SECONDS", -1.0)
    a, b = parts.add(), parts.add()
    b.show(np.zeros((1, 1)), step=3)
    a.show(np.zeros((1, 1)), step=10)
    with parts.source() as source:
        source.wait_newer(0, PATIENCE)
        assert states(source)["part/1"] == "late at step 3"
        assert source.frame.state == ""


def test_curves_of_parts_are_rows_that_have_the_names_of_the_parts(parts):
    for k, size in enumerate((20, 20, 15)):
        parts.add(f"engine {k}").show(np.full((1, size), k, np.float64), step=7, curves=("a",))
    with parts.source() as source:
        source.wait_newer(0, PATIENCE)
        assert source.info.curves == ("engine 0", "engine 1", "engine 2")
        assert (source.info.shape, source.frame.step) == ((3, 20), 7)
        assert np.isnan(shown(source)[2, 15:]).all()


def test_before_the_first_frame_it_says_what_is_waited_for_and_closing_ends_the_wait(parts):
    parts.add()
    closed = []
    with parts.source(close=lambda: closed.append(True)) as source:
        assert source.wait_newer(0, 0.01) == 0
        assert source.frame.state == "waiting for 'whole'"
    assert closed == [True]
