"""A window and the host process behind it: real processes, killed and slow ones."""

from __future__ import annotations

import os
import signal

import numpy as np
import pytest
from kit import FOLDER
from kit.patience import PATIENCE
from kit.pixel_check import compare
from kit.screen import image_area
from kit.slow_sources import ramp
from pyface.qt import QtCore

from traitsview.opening import connect
from traitsview.remote.routes.own_process import OwnProcess
from traitsview.view.window import process_events_until


@pytest.fixture
def host(tmp_path):
    """A host process with a file."""
    np.save(tmp_path / "ramp.npy", ramp())
    made = OwnProcess(str(tmp_path / "ramp.npy"))
    yield made
    made.close()


@pytest.fixture
def slow_host(monkeypatch):
    """A host process whose image takes 50 ms for each render."""
    monkeypatch.setenv("PYTHONPATH", str(FOLDER))
    made = OwnProcess("0.05", "kit.slow_sources:open_slow")
    yield made
    made.close()


def every_pixel_is_right(hand):
    """Whether the window shows what its source renders."""
    offset = hand.control.mapTo(hand.panel.window(), QtCore.QPoint(0, 0))
    return compare(hand, hand.paint(), offset) > 100_000


def test_the_picture_of_a_killed_host_stays_and_it_comes_back_by_itself(open_window, host):
    hand = open_window(connect(host), owned=True)
    hand.viewer.one_to_one()
    hand.wait_exact()
    before = image_area(hand)
    place = hand.viewer.viewport
    os.kill(host.pid, signal.SIGKILL)
    assert process_events_until(lambda: hand.viewer.contact.lost, PATIENCE)
    assert "host" in hand.viewer.shown
    np.testing.assert_array_equal(image_area(hand), before)
    hand.drag(hand.center, hand.center + QtCore.QPoint(200, 100))
    hand.wait_exact()
    assert hand.viewer.viewport == place.panned(columns=-200, rows=-100)
    assert every_pixel_is_right(hand)


@pytest.mark.parametrize("steps", range(4))
def test_a_host_killed_while_it_renders_costs_no_pixel(open_window, host, steps):
    hand = open_window(connect(host), owned=True)
    hand.wait_exact()
    hand.viewer.zoom(1.7, (1000, 700))
    for _ in range(steps):
        process_events_until(lambda: True, PATIENCE)
    os.kill(host.pid, signal.SIGKILL)
    hand.viewer.pan(100, 50)
    hand.wait_exact()
    assert every_pixel_is_right(hand)


def test_three_hundred_moves_over_a_slow_host_end_with_the_last_one(open_window, slow_host):
    hand = open_window(connect(slow_host), owned=True)
    hand.viewer.one_to_one()
    hand.wait_exact()
    hand.move_three_hundred_times()
    hand.wait_exact()
    assert every_pixel_is_right(hand)
