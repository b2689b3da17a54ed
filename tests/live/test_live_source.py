"""``live:NAME``: what a calculation in another process publishes is looked at as any image."""

from __future__ import annotations

import os
import threading

import numpy as np
import pytest
from kit.calculation import Calculation
from kit.patience import PATIENCE

from traitsview.cli.main import main
from traitsview.errors import SourceNotFound
from traitsview.geometry import Viewport
from traitsview.opening import open_in_host, open_source
from traitsview.sources.picture import Picture

# Other tests may publish at the same time.
NAME = f"density-{os.getpid()}"
ADDRESS = f"live:{NAME}"

FRAMES = """
def publish(value, step):
    publisher.publish(np.full((31, 43), value, np.float32), step=step, time=step / 4, energy=2 * value)
"""


@pytest.fixture
def calculation():
    with Calculation(f"publisher = Publisher('{NAME}', unit='K', extent=(0.0, 4.3, 0.0, 3.1))\n{FRAMES}") as found:
        yield found


def shown(source):
    """Return the one value of the newest frame."""
    info = source.info
    tiles = Viewport.fitting(info, info.shape).tiles()
    (value,) = {
        float(each)
        for _, pixels in source.render_tiles(tiles, Picture(version=info.version))
        for each in np.unique(pixels[np.isfinite(pixels)])
    }
    return value


def wait_for(source, step):
    while source.frame.step != step:
        assert source.wait_newer(source.info.version, PATIENCE)


@pytest.mark.parametrize("opened", [open_source, open_in_host])
def test_each_frame_comes_with_all_that_was_published(calculation, opened):
    with opened(ADDRESS) as source:
        source.wait_newer(0, 0.0)
        for step in (5, 6):
            calculation.run(f"publish({step}, {step})")
            wait_for(source, step)
            frame, info = source.frame, source.info
            assert (frame.time, frame.scalars, frame.state) == (step / 4, (("energy", 2 * step),), "")
            assert (info.shape, info.dtype, info.unit, info.extent) == ((31, 43), "<f4", "K", (0.0, 4.3, 0.0, 3.1))
            assert shown(source) == step


def test_a_frame_is_rendered_and_described_by_commands(calculation, tmp_path, capsys):
    calculation.run("import threading, time; going = True")
    calculation.run(
        "def run():\n  step = 0\n  while going: publish(3, step); step += 1; time.sleep(0.01)\n"
        "thread = threading.Thread(target=run); thread.start()"
    )
    assert main(["render", ADDRESS, "-o", str(tmp_path / "x.npy")]) == 0
    assert np.all(np.load(tmp_path / "x.npy") == 3.0)
    assert main(["info", ADDRESS]) == 0
    assert "31 × 43" in capsys.readouterr().out
    calculation.run("going = False; thread.join()")


def test_what_nobody_publishes_is_waited_for_and_what_is_published_is_named(calculation, capsys):
    assert main(["render", "live:nobody", "-o", "x.npy", "--wait", "0.1"]) == 1
    said = capsys.readouterr().err
    assert "waiting for 'nobody'; published now: " in said
    assert f"{NAME} (process {calculation.pid})" in said
    with pytest.raises(SourceNotFound, match=f"published now: .*{NAME} "):
        open_source("live:")


def test_the_end_of_a_calculation_is_told_and_the_next_run_goes_on(calculation):
    with open_source(ADDRESS) as source:
        source.wait_newer(0, 0.0)
        calculation.run("publish(7, 812)")
        wait_for(source, 812)
        calculation.run("publisher.close()")
        waiting = threading.Thread(target=source.wait_newer, args=(source.info.version, PATIENCE))
        waiting.start()
        waiting.join(PATIENCE)
        assert source.frame.state == "ended at step 812"
        assert shown(source) == 7.0
        with Calculation(f"publisher = Publisher('{NAME}')\n{FRAMES}") as next_run:
            while source.frame.state != "waiting for the next step":
                source.wait_newer(source.info.version, PATIENCE)
            next_run.run("publish(8, 0)")
            wait_for(source, 0)
            assert (shown(source), source.frame.count) == (8.0, 2)
