"""The summary that colours are taken from is that of the plane that was asked for last."""

import threading

import numpy as np
from kit.patience import PATIENCE

from traitsview.model.loading.summarizer import Summarizer
from traitsview.sources.arrays.array_source import ArraySource
from traitsview.sources.picture import Picture
from traitsview.sources.wrapped_source import WrappedSource


class Gated(WrappedSource):
    """Summarizes a plane when it is let."""

    def __init__(self, source):
        super().__init__(source)
        self.begun, self.gate = threading.Event(), threading.Event()

    def summarize(self, extent=None, plane=None, exact=False):
        self.begun.set()
        assert self.gate.wait(PATIENCE)
        return super().summarize(extent, plane, exact)


def test_summary_that_was_forgotten_while_it_was_made_does_not_come_back():
    told = []
    source = Gated(ArraySource(np.arange(4.0)[:, None, None] * np.ones((4, 5, 6))))
    summarizer = Summarizer(source, told.append)
    summarizer.begin(Picture((1,)))
    assert source.begun.wait(PATIENCE)
    summarizer.forget()
    source.gate.set()
    assert summarizer.wait(PATIENCE)
    assert summarizer.summary is None
    assert summarizer.begin(Picture((3,)))
    assert summarizer.wait(PATIENCE)
    assert [summary.maximum for summary in told] == [3]
    summarizer.close()


def test_summary_of_an_image_that_was_replaced_meanwhile_is_not_taken_for_that_of_the_new_one():
    told = []
    source = Gated(ArraySource(np.full((5, 6), 7.0)))
    summarizer = Summarizer(source, told.append)
    summarizer.begin(Picture(version=1))
    assert source.begun.wait(PATIENCE)
    summarizer.forget()
    source.source = ArraySource(np.full((5, 6), 9.0))
    assert summarizer.begin(Picture(version=2))  # the same plane, which an earlier work is about as well
    source.gate.set()
    assert summarizer.wait(PATIENCE)
    assert [summary.maximum for summary in told] == [9.0]
    summarizer.close()


def test_sample_that_is_on_its_way_does_not_take_the_place_of_a_summary_of_every_element():
    told = []
    source = Gated(ArraySource(np.array([np.nan, 1.0])[:, None, None] * np.ones((2, 300, 600))))
    source.gate.set()
    summarizer = Summarizer(source, told.append)
    assert summarizer.begin(Picture((0,)))
    assert summarizer.wait(PATIENCE)  # there is nothing but NaN: the other plane needs a summary of its own
    source.begun.clear()
    source.gate.clear()
    assert summarizer.begin(Picture((1,)))
    assert source.begun.wait(PATIENCE)
    assert not summarizer.begin(Picture((0,)))
    source.gate.set()
    summarizer.look_at_all(Picture((0,)))
    assert summarizer.wait(PATIENCE)
    assert [summary.exact for summary in told] == [False, True]
    summarizer.close()


def test_plane_that_is_asked_for_meanwhile_is_the_one_that_is_told():
    told = []
    source = Gated(ArraySource(np.arange(4.0)[:, None, None] * np.ones((4, 5, 6))))
    summarizer = Summarizer(source, told.append)
    summarizer.begin(Picture((0,)))
    assert source.begun.wait(PATIENCE)
    summarizer.begin(Picture((2,)))
    source.gate.set()
    assert summarizer.wait(PATIENCE)
    assert [summary.maximum for summary in told] == [2]
    summarizer.close()
