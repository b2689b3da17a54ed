"""``live:NAME``: what a calculation in another process publishes is looked at as any image."""

from __future__ import annotations

import json
import os
import threading

import numpy as np
import pytest
from kit.calculation import Calculation
from kit.one_value import one_value
from kit.patience import PATIENCE

from traitsview.cli.main import main
from traitsview.errors import SourceNotFound
from traitsview.geometry import Viewport
from traitsview.live import Publisher
from traitsview.opening import open_in_host, open_source
from traitsview.sources.questions.curves import Curves
from traitsview.sources.questions.question import whole
from traitsview.sources.services.live import LiveNamespace
from traitsview.testing.image_source_tests import ImageSourceTests

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
            assert one_value(source) == step


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
        assert one_value(source) == 7.0
        with Calculation(f"publisher = Publisher('{NAME}')\n{FRAMES}") as next_run:
            while source.frame.state != "waiting for the next step":
                source.wait_newer(source.info.version, PATIENCE)
            next_run.run("publish(8, 0)")
            wait_for(source, 0)
            assert (one_value(source), source.frame.count) == (8.0, 2)


def test_what_is_known_of_a_frame_is_told_to_people_and_to_programs(calculation, capsys):
    calculation.run("import threading, time; over = threading.Event()")
    calculation.run(
        "def run():\n"
        "    while not over.wait(0.005):\n"
        "        numbers = {'energy': 1.5, 'done': True, 'bad': np.nan}\n"
        "        publisher.publish(np.ones((31, 43)), curve=[1, 2], step=1812, time=0.25, **numbers)\n"
        "threading.Thread(target=run).start()"
    )
    assert main(["info", ADDRESS]) == 0
    said = capsys.readouterr().out
    assert "step     1,812, time 0.25, " in said
    assert "numbers  energy 1.5, done true, bad not finite" in said
    assert f"image    {NAME} '31 × 43, <f8', of 2 images: {NAME} '31 × 43, <f8', curve '2, <i8'" in said
    assert main(["info", ADDRESS, "--json"]) == 0
    known = json.loads(capsys.readouterr().out)
    assert (known["live"], known["step"], known["time"], known["state"]) == (True, 1812, 0.25, "")
    assert known["scalars"] == {"energy": 1.5, "done": True, "bad": None}
    assert known["arrays"] == [NAME, "curve"]
    assert known["age"] >= 0
    assert known["frames"] > 0
    calculation.run("over.set()")


def test_arrays_of_one_axis_are_curves_and_so_are_numbers_over_their_steps(calculation):
    with open_source(ADDRESS) as curves, open_source(f"{ADDRESS}::rho") as one, open_source(f"{ADDRESS}::e") as numbers:
        sources = (curves, one, numbers)
        for step in range(0, 10, 2):
            calculation.run(
                f"publisher.publish(rho=np.arange(3.0), u=np.arange(5) + {step}, e={step / 2}, step={step})"
            )
            for source in sources:
                source.wait_newer(source.info.version, 0.0)
        calculation.run("publisher.publish(rho=np.arange(3.0), u=np.arange(5) + 10, e=5.0, step=10)")
        for source in sources:
            wait_for(source, 10)
        assert (curves.info.curves, curves.info.shape) == (("rho", "u"), (2, 5))
        expected = [[0, 1, 2, np.nan, np.nan], [10, 11, 12, 13, 14]]
        np.testing.assert_array_equal(elements(curves), expected)
        assert (one.info.curves, one.info.shape) == (("rho",), (1, 3))
        assert (numbers.info.curves, numbers.info.extent) == (("step", "e"), (0.0, 10.0, 0.0, 2.0))
        np.testing.assert_array_equal(elements(numbers), [[0, 2, 4, 6, 8, 10], [0, 1, 2, 3, 4, 5]])


def test_numbers_are_over_time_if_each_frame_has_one_and_several_are_chosen_by_name(calculation):
    with open_source(f"{ADDRESS}::e,f") as source:
        source.wait_newer(0, 0.0)
        for step in range(3):
            calculation.run(f"publisher.publish(e={step}, f={2 * step}, g=5, step={step}, time={step}**2)")
        wait_for(source, 2)
        found = whole(source.examine(Curves()))
        assert (source.info.curves, source.info.axes[-1].name) == (("time", "e", "f"), "time")
        assert (found.x.tolist(), found.low.tolist()) == ([0, 1, 4], [[0, 1, 2], [0, 2, 4]])


def elements(source):
    rows, columns = source.info.shape
    return source.render(Viewport(source.info.element, (0, 0), (rows, columns), source.info.anchor), None, "nearest")


def test_a_viewer_that_comes_late_has_the_numbers_from_the_beginning(calculation):
    calculation.run("for step in range(66000): publisher.publish(e=float(step), step=step)")
    calculation.run("publisher.publish(e=-1.0, f=2.0, step=66000)")
    with open_source(ADDRESS) as source:
        source.wait_newer(0, 0.0)
        calculation.run("publisher.publish(e=1.0, f=3, step=66001)")
        wait_for(source, 66001)
        assert (source.info.curves, source.info.shape) == (("step", "e", "f"), (3, 65536))
        step, e, f = elements(source)
        np.testing.assert_array_equal(step, np.arange(66002 - 65536, 66002))
        np.testing.assert_array_equal(e[:-2], np.arange(66002 - 65536, 66000))
        np.testing.assert_array_equal(e[-2:], [-1, 1])
        assert np.isnan(f[:-2]).all()
        np.testing.assert_array_equal(f[-2:], [2, 3])


def test_an_array_that_is_not_in_the_newest_frame_is_waited_for(calculation):
    with open_source(f"{ADDRESS}::velocity") as source:
        source.wait_newer(0, 0.0)
        calculation.run("publish(1, 0)")
        while not source.frame.state.startswith("waiting for 'velocity'"):
            source.wait_newer(0, 0.1)
        assert source.frame.state == f"waiting for 'velocity'; the newest frame has: {NAME}, energy"
        source.wait_newer(source.frame.version, 0.1)
        assert source.frame.state.startswith("waiting for 'velocity'")  # it stays so while no newer frame comes
        calculation.run("publisher.publish(velocity=np.full((2, 3, 4), 5.0), step=1)")
        wait_for(source, 1)
        assert (source.info.name, source.frame.state) == (f"{NAME}::velocity", "")
        assert [axis.size for axis in source.info.planes] == [2]


def test_a_part_is_shown_where_it_is_in_the_whole_and_origin_says_where_row_0_belongs():
    with (
        Calculation(
            f"a = Publisher('{NAME}/0', origin=(10, 0), shape=(20, 8), extent=(0.0, 4.0, 0.0, 2.0))\n"
            f"b = Publisher('{NAME}/b', origin='lower')"
        ) as calculation,
        open_source(f"live:{NAME}/0") as part,
        open_source(f"live:{NAME}/b") as lower,
    ):
        for source in (part, lower):
            source.wait_newer(0, 0.0)
        calculation.run("for each in (a, b): each.publish(np.ones((10, 8)), step=1)")
        for source in (part, lower):
            wait_for(source, 1)
        assert part.info.extent == (0.0, 4.0, 1.0, 2.0)
        assert (part.info.origin, lower.info.origin) == ("upper", "lower")


def test_what_is_published_can_be_listed_as_variables_and_each_opened(calculation):
    calculation.run("publisher.publish(np.ones((3, 4)), velocity=np.ones((2, 3, 4)), step=812)")
    with LiveNamespace() as namespace:
        mine = [each for each in namespace.variables() if f"process {calculation.pid}" in each.detail]
        assert [(each.name, each.address, each.shape, each.dtype) for each in mine] == [
            (NAME, f"{ADDRESS}::{NAME}", (3, 4), "<f8"),
            ("velocity", f"{ADDRESS}::velocity", (2, 3, 4), "<f8"),
        ]
        assert mine[0].detail == f"step 812, process {calculation.pid}, of {NAME}"
        for each in mine:
            with namespace.open(each.address.removeprefix("live:")) as source:
                source.wait_newer(0, 0.0)
                calculation.run("publisher.publish(np.ones((3, 4)), velocity=np.ones((2, 3, 4)), step=813)")
                wait_for(source, 813)
                assert source.info.shape == (3, 4)


class TestLiveSource(ImageSourceTests):
    @pytest.fixture(autouse=True)
    def _publisher(self):
        with Publisher(f"{NAME}-suite") as self.publisher:
            yield

    def make_source(self, array, **options):
        source = open_source(f"live:{self.publisher.name}", **{"name": "suite", **options})
        source.wait_newer(0, 0.0)
        self.publisher.publish(array)
        while not source.info.version:
            source.wait_newer(0, 0.1)
        return source

    def test_an_image_that_does_not_change_is_not_waited_for(self):
        """Live images are waited for."""
