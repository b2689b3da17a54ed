"""A window shows what an image says of itself as it is written, and stands whatever sizes it claims."""

from __future__ import annotations

import logging
from dataclasses import replace

import numpy as np
import pytest
from kit.patience import PATIENCE
from pyface.qt import QtCore, QtGui

from traitsview.app.info_pane import InfoPane
from traitsview.errors import SourceUnreadable
from traitsview.sources.arrays.array_source import ArraySource
from traitsview.sources.image_info import Axis, ImageInfo
from traitsview.sources.image_source import ImageSource
from traitsview.sources.summary import Summary
from traitsview.view.window import process_events_until

RICH = (
    '<b>bold</b><img src="file:///etc/passwd"><a href="http://example.org">&lt;x&gt;</a>\x1b]0;title\x07\x9b31m\u202e'
)
PLAIN = QtCore.Qt.PlainText


class Telling(ImageSource):
    """An image of zeros that says of itself what it is told."""

    def __init__(self, info, error=None):
        self._info = info
        self.error = error

    @property
    def info(self):
        return self._info

    def render(self, viewport, plane=None, reduction="mean"):
        if self.error is not None:
            raise self.error
        rows, columns = viewport.shape
        shape = (rows, columns) if self._info.channels == 1 else (rows, columns, self._info.channels)
        return np.zeros(shape, self._info.pixel_dtype)

    def sample(self, points, plane=None):
        return np.zeros(len(points))

    def summarize(self, extent=None, plane=None, exact=False):
        return Summary(1, 1, 0.0, 1.0, 0.5, 0.1, np.linspace(0, 1, 5), exact)

    def world(self, points, plane=None):
        return (RICH,) * len(points)


def info(**facts):
    axes = (Axis(RICH, 3, RICH, (1.0, 2.0, 3.0)), Axis(RICH, 40, RICH), Axis(RICH, 50, RICH))
    made = ImageInfo(RICH, (40, 50), "<f4", extent=(0.0, 50.0, 0.0, 40.0), axes=axes, unit=RICH, world=RICH)
    made = replace(made, world_problem=RICH, notes=(RICH,))
    return replace(made, **facts)


def would_format(hand):
    """Yield what Qt would take for HTML in a window: labels, and tool tips that are not escaped."""
    for widget in hand.panel.window().findChildren(QtGui.QWidget):
        if isinstance(widget, QtGui.QLabel) and widget.textFormat() != PLAIN and "<" in widget.text():
            yield widget.text()
        tip = widget.toolTip()
        if "<b>" in tip:
            yield tip


@pytest.mark.fault("G11")
def test_texts_are_shown_as_they_are(open_window, caplog):
    hand = open_window(Telling(info()))
    hand.wait_exact()
    hand.move(hand.center)
    process_events_until(lambda: "<b>" in hand.viewer.readout_line, PATIENCE)
    hand.paint()
    assert RICH[:11] in hand.viewer.readout_line
    labels = [label.text() for label in hand.panel.window().findChildren(QtGui.QLabel)]
    assert any(RICH in text for text in labels)
    assert list(would_format(hand)) == []
    pane = InfoPane(viewer=hand.viewer)
    assert "&lt;b&gt;" in pane.text
    assert not {"<img", "<a ", "<b>"} & {pane.text[at : at + n] for at in range(len(pane.text)) for n in (3, 4)}
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


@pytest.mark.fault("G11")
def test_errors_are_shown_as_they_are(open_window):
    hand = open_window(Telling(info(), SourceUnreadable(RICH, RICH)))
    process_events_until(lambda: hand.viewer.status.fault, PATIENCE)
    hand.paint()
    assert hand.viewer.status.fault == f"{RICH}: {RICH}"
    assert list(would_format(hand)) == []


HUGE = 1 << 62
CLAIMS = {
    "many planes": info(axes=(Axis("t", HUGE), Axis("y", 40), Axis("x", 50))),
    "few coordinates": info(axes=(Axis("t", 3, "s", (1.0,)), Axis("y", 40), Axis("x", 50))),
    "no planes": info(axes=(Axis("t", 0), Axis("y", 40), Axis("x", 50))),
    "nothing but NaN": info(axes=(Axis("t", 3, "s", (float("nan"),) * 3), Axis("y", 40), Axis("x", 50))),
    "many axes": info(axes=(*(Axis(f"a{n}", 2) for n in range(62)), Axis("y", 40), Axis("x", 50))),
    "no axes": info(axes=()),
    "one axis": info(axes=(Axis("x", 50),)),
    "many elements": info(shape=(HUGE, HUGE)),
    "long": info(shape=(1, HUGE)),
    "far": info(extent=(1e300, 1.0001e300, -1e300, 1e300)),
    "small": info(extent=(0.0, 1e-300, 0.0, 1e-300)),
    "long words": info(name="<i>" * 1300, unit="m" * 256, world="<i>\n" * 10_000),
}


@pytest.mark.fault("G11", "G3")
@pytest.mark.parametrize("claim", CLAIMS)
def test_a_window_stands_what_an_image_claims(open_window, claim, caplog):
    """What an `ImageInfo` of another machine may hold, see ``wire.unpack_info``."""
    hand = open_window(Telling(CLAIMS[claim]))
    process_events_until(lambda: hand.viewer.exact or hand.viewer.status.fault, PATIENCE)
    hand.move(hand.center)
    hand.viewer.plane = tuple(max(0, min(1, axis.size - 1)) for axis in hand.viewer.info.planes)
    hand.paint()
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == []


def test_the_check_sees_what_it_must(open_window):
    hand = open_window(ArraySource(np.zeros((5, 5))))
    label = QtGui.QLabel(RICH, hand.panel)
    label.setToolTip(RICH)
    assert len(list(would_format(hand))) == 2
