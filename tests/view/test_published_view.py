"""Views of the user's own on what a calculation publishes."""

from __future__ import annotations

import os
import threading

import numpy as np
import pytest
from kit.patience import PATIENCE, wait_until

from traitsview.errors import RequestError
from traitsview.live import Publisher
from traitsview.view.published_view import FrameCarrier, main, view_class
from traitsview.view.window import process_events_until

NAME = f"view-{os.getpid()}"


@pytest.fixture
def publisher():
    with Publisher(NAME) as publisher:
        yield publisher


def test_the_newest_whole_frame_is_shown_in_the_thread_of_the_window_and_trouble_is_logged(publisher, caplog):
    steps = []

    def update(frame):
        assert threading.current_thread() is threading.main_thread()
        assert np.all(frame[NAME] == frame.step)
        steps.append(frame.step)
        if frame.step == 0:
            for step in range(1, 8):
                publisher.publish(np.full((5, 5), step), step=step)
            raise ZeroDivisionError("a mistake of the user")

    carrier = FrameCarrier(NAME, update)
    wait_until(lambda: publisher.watched)
    publisher.publish(np.zeros((5, 5)), step=0)
    assert process_events_until(lambda: 7 in steps, PATIENCE)
    assert steps == [0, 7]
    assert "update failed at step 0" in caplog.text
    carrier.close()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("no_such_module:View", "No module named 'no_such_module'"),
        ("json:View", "has no attribute 'View'"),
        ("json:JSONDecoder", r"it is no HasTraits class with a method update\(frame\)"),
    ],
)
def test_a_class_that_cannot_be_shown_is_refused_in_one_line(text, why, capsys):
    with pytest.raises(RequestError, match=why):
        view_class(text)
    assert main(NAME, text) == 1
    assert capsys.readouterr().err.startswith(f"traitsview: cannot open the view '{text}': ")
