"""No frame is torn, none comes before an older one, and each is shown or counted as skipped.

``TRAITSVIEW_FRAMES`` is how many are published: 100,000 by default, a million in ``make soak``.
"""

from __future__ import annotations

import os

import numpy as np
import pytest
from kit.calculation import Calculation
from kit.patience import attempts
from kit.watching import newest, watching

from traitsview.geometry import Viewport
from traitsview.opening import open_in_host, open_source
from traitsview.sources.picture import Picture

FRAMES = int(os.environ.get("TRAITSVIEW_FRAMES", 100_000))

NAME = f"whole-{os.getpid()}"


def run(calculation, frames, shape):
    calculation.tell(
        f"field, other = np.empty({shape}), np.empty(7)\n"
        f"for step in range({frames}):\n"
        "    field[:] = step; other[:] = step\n"
        "    publisher.publish(field, other=other, step=step, time=float(step), n=step)\n"
        "publisher.close()"
    )


@pytest.fixture
def calculation():
    with Calculation(f"publisher = Publisher({NAME!r})") as calculation:
        yield calculation


@pytest.mark.fault("S18")
def test_frames_are_whole_and_in_order_whatever_the_speed(calculation):
    with watching(NAME, calculation.pid) as watch:
        run(calculation, FRAMES, (16, 16))
        shown = skipped = last = 0
        while not watch.over:
            frame = newest(watch)
            if frame is None:
                continue
            assert np.all(frame.arrays[NAME] == frame.step)
            assert np.all(frame.arrays["other"] == frame.step)
            assert frame.step == frame.time == frame.scalars["n"] == frame.count - 1
            assert frame.count > last
            shown, skipped, last = shown + 1, skipped + frame.count - last - 1, frame.count
        assert shown + skipped == FRAMES
        assert shown > 1


@pytest.mark.fault("S19")
def test_large_frames_that_come_faster_than_they_are_read_are_whole(calculation):
    with watching(NAME, calculation.pid) as watch:
        run(calculation, max(200, FRAMES // 1000), (500, 700))
        while not watch.over:
            frame = newest(watch)
            if frame is not None:
                (value,) = set(np.unique(frame.arrays[NAME]))
                assert value == frame.step


@pytest.mark.fault("S19")
@pytest.mark.parametrize("opened", [open_source, open_in_host])
def test_all_frames_are_shown_or_skipped_in_a_source_and_behind_a_host(calculation, opened):
    with opened(f"live:{NAME}@{calculation.pid}") as source:
        while source.frame.state != "waiting for the next step":
            source.wait_newer(0, 0.1)
        run(calculation, 3000, (31, 43))
        shown = skipped = last = 0
        for _ in attempts(lambda: f"({source.frame.state})", pause=0.0):
            frame = source.frame
            if frame.count > last:
                assert value_of(source, frame) == frame.step
                shown, skipped, last = shown + 1, skipped + frame.count - last - 1, frame.count
            elif frame.state.startswith("ended"):
                break
            source.wait_newer(frame.version, 0.2)
        assert shown + skipped == last == 3000


def value_of(source, frame):
    """Return the one value of a frame, which is kept as long as the next one was not asked for."""
    tiles = Viewport.fitting(frame.info, frame.info.shape).tiles()
    pixels = [each for _, each in source.render_tiles(tiles, Picture(version=frame.version))]
    (value,) = {float(each) for part in pixels for each in np.unique(part[np.isfinite(part)])}
    return value
