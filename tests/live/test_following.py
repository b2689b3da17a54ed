"""Scripts and notebooks get the newest frames as plain arrays."""

from __future__ import annotations

import os
import threading

import numpy as np
import pytest
from kit.calculation import Calculation
from kit.patience import PATIENCE, wait_until
from kit.watching import published_by

from traitsview.errors import SourceNotFound
from traitsview.live import Publisher, follow, latest

NAME = f"following-{os.getpid()}"


@pytest.fixture
def calculation():
    with Calculation(f"publisher = Publisher({NAME!r})\nfield = np.ones((3, 4))") as found:
        yield found


def test_a_frame_is_a_mapping_of_plain_arrays_and_numbers(calculation):
    frames = follow(NAME)
    published = threading.Thread(target=publish_when_watched, args=(calculation, "step=5, time=0.5, energy=1.5, n=3"))
    published.start()
    frame = next(frames)
    published.join()
    assert dict(frame).keys() == {NAME, "energy", "n"}
    assert type(frame[NAME]) is np.ndarray
    np.testing.assert_array_equal(frame[NAME], np.ones((3, 4)))
    frame[NAME][0, 0] = 7  # it is the reader's own
    assert (frame["energy"], frame["n"], frame.step, frame.time, frame.skipped) == (1.5, 3, 5, 0.5, 0)
    assert len(frame) == 3
    assert "step 5" in repr(frame)
    frames.close()


def publish_when_watched(calculation, arguments=""):
    wait_until(lambda: published_by(calculation.pid)[0].watched)
    calculation.run(f"publisher.publish(field, {arguments})")


def test_frames_that_come_meanwhile_are_left_out_and_counted_and_the_last_one_comes(calculation):
    frames = follow(NAME)
    thread = threading.Thread(target=publish_when_watched, args=(calculation,))
    thread.start()
    assert next(frames).step == 0
    thread.join()
    calculation.run("for step in range(1, 10): publisher.publish(field)")
    frame = next(frames)
    assert (frame.step, frame.skipped) == (9, 8)
    calculation.run("publisher.publish(field); publisher.close()")
    assert [(frame.step, frame.skipped) for frame in frames] == [(10, 0)]


@pytest.mark.parametrize("end", ["publisher.close()", "import os; os.kill(os.getpid(), 9)"])
def test_frames_end_with_the_calculation_or_go_on_with_its_next_run(calculation, end):
    steps = {False: [], True: []}

    def run(wait):
        for frame in follow(NAME, wait=wait):
            steps[wait].append(frame.step)
            if frame.step == 100:
                return

    threads = [threading.Thread(target=run, args=(wait,)) for wait in steps]
    for each in threads:
        each.start()
    wait_until(lambda: published_by(calculation.pid)[0].watched)
    calculation.run("publisher.publish(field, step=7)")
    wait_until(lambda: all(7 in each for each in steps.values()))
    calculation.tell(end)
    threads[0].join(PATIENCE)
    assert not threads[0].is_alive()
    with Calculation(f"publisher = Publisher({NAME!r})") as again:
        wait_until(lambda: published_by(again.pid)[0].watched)
        again.run("publisher.publish(np.ones((2, 2)), step=100)")
        threads[1].join(PATIENCE)
    assert steps == {False: [7], True: [7, 100]}


def test_the_first_frames_are_waited_for_whoever_starts_first():
    found = []
    thread = threading.Thread(target=lambda: found.append(next(follow(NAME))))
    thread.start()
    with Publisher(NAME) as publisher:
        wait_until(lambda: publisher.watched)
        publisher.publish([[1, 2]], step=3)
        thread.join(PATIENCE)
    assert found[0].step == 3


def test_the_latest_frame_is_the_newest_one(calculation):
    calculation.run("publisher.publish(field, step=1)")  # nobody watches: it is not copied
    thread = threading.Thread(target=publish_when_watched, args=(calculation, "step=2"))
    thread.start()
    assert latest(NAME, timeout=PATIENCE).step == 2
    thread.join()
    calculation.run("for step in range(3, 9): publisher.publish(field, step=step)")
    assert latest(NAME).step == 8
    assert latest(NAME).step == 8
    calculation.run("publisher.publish(field, step=9); publisher.close()")


def test_that_there_is_no_latest_frame_is_said_in_one_line(calculation):
    with pytest.raises(SourceNotFound, match="nobody publishes under this name; start the calculation"):
        latest("nobody", timeout=0.0)
    with pytest.raises(SourceNotFound, match="no frame came in time; wait longer"):
        latest(NAME, timeout=0.1)
