"""Curves of a source on a host: as many points as the window has columns cross, and they are those of the source."""

from __future__ import annotations

import numpy as np
import pytest
from kit.patience import PATIENCE

from traitsview.sources.arrays.array_source import ArraySource
from traitsview.sources.framed.framed_source import FramedSource
from traitsview.sources.picture import Picture
from traitsview.sources.questions.curves import Curves
from traitsview.sources.questions.question import whole
from traitsview.testing.feeds import ScriptedFeed


@pytest.mark.parametrize("dtype", ["<f4", ">f8", "<i8", "|u1", "<c16"])
@pytest.mark.parametrize("width", [50, 5000])
def test_curves_of_a_remote_source_are_those_of_the_source(remote, dtype, width):
    values = (100 * np.random.default_rng(3).random((3, 5000))).astype(dtype)
    source = ArraySource(values, curves="abc")
    question = Curves((10, 4000, 0, 2), width)
    here, there = whole(source.examine(question)), whole(remote(source).examine(question))
    assert (there.rows, there.single) == (here.rows, here.single)
    for name in ("x", "low", "high"):
        np.testing.assert_array_equal(getattr(there, name), getattr(here, name))


def test_curves_of_a_frame_that_is_kept_are_those_of_that_frame(remote):
    feed = ScriptedFeed()
    live = remote(FramedSource(feed, "script"))
    versions = []
    for step in range(3):
        feed.show(np.full((2, 20), float(step)), step, curves=("a", "b"))
        versions.append(live.wait_newer(live.info.version, PATIENCE))
    assert live.info.curves == ("a", "b")
    for step, version in enumerate(versions):
        found = whole(live.examine(Curves(), Picture(version=version)))
        assert found.low.tolist() == [[step] * 20] * 2
