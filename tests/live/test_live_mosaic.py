"""``live:NAME/*``: many calculations, each with a part of one whole, are one picture."""

from __future__ import annotations

import json
import os
from contextlib import ExitStack

import numpy as np
import pytest
from kit.calculation import Calculation
from kit.patience import wait_until

from traitsview.cli.main import main
from traitsview.errors import RequestError
from traitsview.geometry import Viewport
from traitsview.opening import open_in_host, open_source

# Other tests may publish at the same time.
NAME = f"mosaic-{os.getpid()}"
ADDRESS = f"live:{NAME}/*"

PLACES = ((0, 0), (0, 20), (10, 0), (10, 20))


def rank(k, **options):
    """Return a calculation that publishes one quarter of a whole of 20 × 40 elements."""
    said = {"origin": PLACES[k], "shape": (20, 40), **options}
    words = ", ".join(f"{name}={value!r}" for name, value in said.items())
    return Calculation(
        f"publisher = Publisher('{NAME}/{k}', {words})\n"
        "def publish(step):\n"
        f"    publisher.publish(np.full((10, 20), 100.0 * {k} + step), step=step)\n"
    )


@pytest.fixture
def ranks():
    with ExitStack() as stack:
        yield [stack.enter_context(rank(k)) for k in range(4)]


def publish(ranks, *steps):
    for each, step in zip(ranks, steps, strict=True):
        each.run(f"publish({step})")


def until(source, condition, *again):
    """Wait until a condition holds, as a viewer does who watches."""

    def seen():
        source.wait_newer(source.info.version, 0.05)
        return condition()

    wait_until(seen)


def watched(source, ranks):
    """Watch, and let all ranks publish their first step, which nobody misses then."""
    until(source, lambda: len(corners(source)) == 4 or publish(ranks, 0, 0, 0, 0))


def corners(source):
    """Return the values of the quarters, by the number of the rank; those that have none are left out."""
    if source.info.shape != (20, 40):
        return {}
    pixels = source.render(Viewport(source.info.element, (0, 0), (20, 40), source.info.anchor))
    found = {k: float(pixels[row + 5, column + 5]) for k, (row, column) in enumerate(PLACES)}
    return {k: value for k, value in found.items() if value == value}


def states(source):
    return {part.name.rpartition("/")[2]: part.state for part in source.frame.parts}


@pytest.mark.parametrize("opened", [open_source, open_in_host])
def test_all_parts_are_one_picture_and_a_killed_rank_leaves_its_place_blank(ranks, opened):
    with opened(ADDRESS) as source:
        watched(source, ranks)
        publish(ranks, 7, 7, 7, 7)
        until(source, lambda: corners(source) == {0: 7, 1: 107, 2: 207, 3: 307})
        assert (source.info.extent, source.frame.step) == ((0.0, 40.0, 0.0, 20.0), 7)
        assert [part.extent for part in source.frame.parts][3] == (20.0, 40.0, 10.0, 20.0)
        assert set(states(source).values()) == {""}
        ranks[2].kill()
        until(source, lambda: states(source)["2"] == "killed after step 7")
        publish([*ranks[:2], ranks[3]], 8, 8, 8)
        until(source, lambda: corners(source) == {0: 8, 1: 108, 3: 308})
        assert source.frame.state == ""


def test_a_rank_that_comes_later_joins_and_another_run_goes_on_in_the_same_source(ranks):
    ranks[3].close()
    with open_source(ADDRESS) as source:
        until(source, lambda: len(corners(source)) == 3 or publish(ranks[:3], 1, 1, 1))
        with rank(3) as late:
            until(source, lambda: len(corners(source)) == 4 or late.run("publish(1)"))
        for each in ranks[:3]:
            each.close()
        until(source, lambda: source.frame.state)
        with rank(0, shape=(10, 40)) as again, rank(1, shape=(10, 40)) as other:
            until(source, lambda: source.info.shape == (10, 40) or publish([again, other], 5, 5))
            until(source, lambda: len(source.frame.parts) == 2)


def test_ranks_that_end_leave_their_last_step_and_say_so(ranks):
    with open_source(ADDRESS) as source:
        watched(source, ranks)
        publish(ranks, 12, 12, 12, 12)
        until(source, lambda: corners(source) == {0: 12, 1: 112, 2: 212, 3: 312})
        for each in ranks:
            each.run("publisher.close()")
        until(source, lambda: source.frame.state == "all parts ended at step 12")
        assert len(corners(source)) == 4


def test_same_step_never_shows_two_steps_in_one_picture(ranks):
    with open_source(f"{ADDRESS}?policy=same-step") as source:
        watched(source, ranks)
        for step in range(1, 6):
            for each in ranks:
                each.run(f"publish({step})")
                source.wait_newer(source.info.version, 0.0)
                assert len({value % 100 for value in corners(source).values()}) == 1
        until(source, lambda: source.frame.step == 5)
        assert corners(source) == {0: 5, 1: 105, 2: 205, 3: 305}


def test_curves_of_all_ranks_have_the_names_of_the_ranks_also_beyond_ten():
    with ExitStack() as stack:
        names = [f"{NAME}-curve/{k}" for k in (0, 2, 10)]
        made = [stack.enter_context(Calculation(f"publisher = Publisher('{name}')")) for name in names]
        with open_source(f"live:{NAME}-curve/*") as source:

            def publish_all():
                for k, each in enumerate(made):
                    each.run(f"publisher.publish(np.arange(20.0) + {k}, step=3)")

            until(source, lambda: source.info.shape == (3, 20) or publish_all())
            assert source.info.curves == tuple(names)
            assert source.frame.step == 3
            pixels = source.render(Viewport(source.info.element, (0, 0), (3, 20), source.info.anchor))
            assert np.array_equal(pixels[:, 0], [0, 1, 2])


def test_a_mosaic_that_nobody_publishes_is_waited_for_and_bad_options_are_refused():
    with open_source(f"live:{NAME}-nobody/*") as source:
        source.wait_newer(0, 0.0)
        assert source.frame.state.startswith(f"waiting for '{NAME}-nobody/0' …; published now: ")
    for query, why in (("policy=best", "one of latest, same-step"), ("colour=1", "unknown option 'colour'")):
        with pytest.raises(RequestError, match=why):
            open_source(f"{ADDRESS}?{query}")


def test_publishers_are_listed_by_a_command(ranks, capsys):
    with open_source(ADDRESS) as source:
        watched(source, ranks)
        assert main(["ls", "live:", "--json"]) == 0
    listed = {each["address"]: each for each in json.loads(capsys.readouterr().out)}
    found = listed[f"live:{NAME}/2::{NAME}/2"]
    assert (found["shape"], found["dtype"]) == ([10, 20], "<f8")
