"""A wrapped source forwards every member of the interface to the other source."""

from __future__ import annotations

import inspect
from unittest.mock import create_autospec

import pytest

from traitsview.color.indexing import Indexing
from traitsview.geometry import Viewport
from traitsview.sources.arrays.array_source import ArraySource
from traitsview.sources.derived.colour_planes import ChannelPlanes
from traitsview.sources.image_source import ImageSource, Rendered, Stage
from traitsview.sources.picture import Picture
from traitsview.sources.questions.world import World
from traitsview.sources.wrapped_source import WrappedSource
from traitsview.testing.example_arrays import example_array
from traitsview.testing.image_source_tests import ImageSourceTests

#: Members that follow from others: whether a request fits ``source.info``, and questions that `examine` answers.
FOLLOWING = {"check", "checked", "sample", "summarize", "world"}

#: Members that call a member of another name of the other source, so that its overrides count.
ASKED_BY = {"answers": "examine"}

MEMBERS = sorted(name for name in vars(ImageSource) if not name.startswith("_") and name not in FOLLOWING)


class TestWrappedSource(ImageSourceTests):
    def make_source(self, array, **options):
        return WrappedSource(ArraySource(array, **options))


@pytest.mark.parametrize("name", MEMBERS)
def test_every_member_is_forwarded_to_the_other_source(name):
    inner = create_autospec(ImageSource, instance=True)
    wrapped = WrappedSource(inner)
    member = getattr(inner, ASKED_BY.get(name, name))
    if not inspect.isfunction(vars(ImageSource)[name]):
        assert getattr(wrapped, name) is member
        return
    arguments = [object() for _ in inspect.signature(member).parameters]
    returns = inspect.signature(member).return_annotation != "None"
    assert getattr(wrapped, name)(*arguments) is (member.return_value if returns else None)
    member.assert_called_once_with(*arguments)


def test_attributes_about_the_file_reach_the_other_source():
    inner = ArraySource(example_array())
    wrapped = WrappedSource(inner)
    wrapped.identity, wrapped.listing = "7", lambda: None
    assert (inner.identity, inner.listing) == (wrapped.identity, wrapped.listing)


def test_wrapper_that_overrides_tiles_renders_stages_with_them():
    class Indexed(ArraySource):
        def render_stages(self, stages, *rest):
            yield Rendered(stages[0].tiles[0], None, stages[0].indexing)

    view = Viewport((1.0, 1.0), (0, 0), (8, 9))
    stage = Stage((view,), Indexing((0.0, 1.0), "linear", 256))
    (came,) = ChannelPlanes(Indexed(example_array("u1", (31, 43, 3)))).render_stages([stage])
    assert came.indexing is None
    assert came.pixels.shape == view.shape


def test_questions_are_answered_by_the_methods_that_the_other_source_overrides():
    class Told(ArraySource):
        def summarize(self, extent=None, plane=None, exact=False):
            return "told", super().summarize(extent, plane, exact)

        def world(self, points, plane=None):
            return tuple(f"{x:g}, {y:g} of {plane}" for x, y in points)

    source = WrappedSource(WrappedSource(Told(example_array("f4", (2, 31, 43)))))
    assert source.summarize(None, (1,))[0] == "told"
    assert source.world([(1, 2)], (1,)) == ("1, 2 of (1,)",)
    assert list(source.examine(World(((1.0, 2.0),)), Picture((1,)))) == [("1, 2 of (1,)",)]
    assert list(source.examine(World(((1.0, 2.0),)), Picture((1,)), lambda: True)) == []
