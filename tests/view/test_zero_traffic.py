"""Other colours ask the host nothing: the link to a real host process is listened to while they change."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from kit.hand import Hand
from kit.patience import PATIENCE
from kit.pixel_check import compare
from kit.slow_sources import ramp
from pyface.qt import QtCore
from PySide6.QtTest import QTest

from traitsview.opening import connect
from traitsview.remote.protocol.stream import BufferStream
from traitsview.remote.routes.own_process import OwnProcess
from traitsview.remote.viewer.calling import Calling
from traitsview.view.window import process_events_until

#: What viewer and host say to each other anyway: are you there, and is there anything for me.
ANYWAY = {"ping", "next"}

#: Bytes of one of these with its answer, at most.
SMALL = 300


class Ear:
    """Hears what goes over the links of this process."""

    def __init__(self, monkeypatch):
        self.lock = threading.Lock()
        self.requests, self.bytes = [], 0
        self._wrap(monkeypatch, Calling, "_request", lambda connection, name, *rest: self._hear(name, 0))
        self._wrap(monkeypatch, BufferStream, "_write", lambda stream, waiting: self._hear("", sum(map(len, waiting))))
        self._wrap(monkeypatch, BufferStream, "read_into", lambda stream, buffer, *rest: self._hear("", len(buffer)))

    def _wrap(self, monkeypatch, owner, name, heard):
        whole = getattr(owner, name)

        def listening(*args, **options):
            heard(*args)
            return whole(*args, **options)

        monkeypatch.setattr(owner, name, listening)

    def _hear(self, name, count):
        with self.lock:
            self.bytes += count
            if name:
                self.requests.append(name)

    def forget(self):
        """Begin to listen anew."""
        with self.lock:
            self.requests, self.bytes = [], 0

    @property
    def asked(self):
        """What was asked that is not asked anyway."""
        return [name for name in self.requests if name not in ANYWAY]

    @property
    def beyond(self):
        """Bytes beyond what is said anyway."""
        return max(0, self.bytes - SMALL * (len(self.requests) + 4))


@pytest.fixture
def far(open_window, monkeypatch, tmp_path):
    """A window on a file of a host process that shows exact pixels at rest, and an `Ear`."""
    ear = Ear(monkeypatch)
    np.save(tmp_path / "ramp.npy", ramp())
    host = OwnProcess(str(tmp_path / "ramp.npy"))
    try:
        hand = open_window(connect(host), owned=True)
        hand.viewer.looks_ahead = False
        hand.key(QtCore.Qt.Key_C)
        hand.paint()
        hand.viewer.one_to_one()
        hand.wait_exact()
        assert hand.viewer.wait(PATIENCE)  # the overview comes after the pixels
        assert ear.asked
        assert ear.beyond > 100_000
        yield hand, ear
        hand.panel.window().close()
        process_events_until(lambda: True, 1)
    finally:
        host.close()


def changes(hand: Hand):
    """Change everything about colours, one thing after the other, in 50 steps."""
    look = hand.viewer.appearance
    for step in range(5):
        look.colormap = ("viridis", "magma", "gray", "crameri:batlow", "Set1")[step]
        yield
        look.inverted = not look.inverted
        yield
        look.scale = ("log", "asinh", "power:0.5", "histogram", "linear")[step]
        yield
        look.limits = ("98%", "zscale", (0.0, 9000.0 + step), "3sigma", (9e3, 10.0))[step]
        yield
        look.trait_set(contrast=1.0 + step, bias=0.1 + step / 10)
        yield
        look.under = (None, "red", "#00ff00", (0, 0, 1), None)[step]
        yield
        start = hand.center
        QTest.mousePress(hand.control, QtCore.Qt.RightButton, QtCore.Qt.NoModifier, start)
        for move in range(3):
            hand.move(start + QtCore.QPoint(20 * move, 15 * step), QtCore.Qt.RightButton)
            yield
        QTest.mouseRelease(hand.control, QtCore.Qt.RightButton, QtCore.Qt.NoModifier, start)
        look.limits = "99.5%"
        yield


def test_fifty_changes_of_colours_ask_nothing_and_show_every_pixel_right(far):
    hand, ear = far
    pictures = set()
    process_events_until(lambda: False, 0.3)
    ear.forget()
    count = 0
    for _ in changes(hand):
        count += 1
        pictures.add(bytes(hand.paint().constBits()[:4_000_000:997]))
        assert hand.viewer.exact, hand.viewer.shown
    process_events_until(lambda: False, 0.3)
    assert count == 50
    assert len(pictures) > 40
    assert ear.asked == []
    assert ear.beyond == 0
    offset = hand.control.mapTo(hand.panel.window(), QtCore.QPoint(0, 0))
    assert compare(hand, hand.paint(), offset) > 100_000


def test_the_ear_hears_a_pan(far):
    hand, ear = far
    ear.forget()
    hand.viewer.pan(300, 0)
    hand.wait_exact()
    assert ear.asked
    assert ear.beyond > 10_000
