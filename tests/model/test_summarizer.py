"""The summary that colours are taken from is that of the plane that was asked for last."""

import threading

import numpy as np

from traitsview.model.summarizer import Summarizer
from traitsview.sources.array_source import ArraySource
from traitsview.sources.wrapped_source import WrappedSource


class Gated(WrappedSource):
    """Summarizes a plane when it is let."""

    def __init__(self, source):
        super().__init__(source)
        self.begun, self.gate = threading.Event(), threading.Event()

    def summarize(self, extent=None, plane=None, exact=False):
        self.begun.set()
        assert self.gate.wait(60)
        return super().summarize(extent, plane, exact)


def test_summary_that_was_forgotten_while_it_was_made_does_not_come_back():
    told = []
    source = Gated(ArraySource(np.arange(4.0)[:, None, None] * np.ones((4, 5, 6))))
    summarizer = Summarizer(source, told.append)
    summarizer.begin((1,))
    assert source.begun.wait(60)
    summarizer.forget()
    source.gate.set()
    assert summarizer.wait(60)
    assert summarizer.summary is None
    assert summarizer.lacks((1,))
    summarizer.begin((3,))
    assert summarizer.wait(60)
    assert [summary.maximum for summary in told] == [3]
    summarizer.close()


def test_plane_that_is_asked_for_meanwhile_is_the_one_that_is_told():
    told = []
    source = Gated(ArraySource(np.arange(4.0)[:, None, None] * np.ones((4, 5, 6))))
    summarizer = Summarizer(source, told.append)
    summarizer.begin((0,))
    assert source.begun.wait(60)
    summarizer.begin((2,))
    source.gate.set()
    assert summarizer.wait(60)
    assert [summary.maximum for summary in told] == [2]
    summarizer.close()
