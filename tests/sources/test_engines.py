"""Arrays on the engines of a real cluster, as one picture, and what the engines publish."""

from __future__ import annotations

import json
import os
import signal
import socket

import numpy as np
import pytest
from kit.engine_cluster import EngineCluster
from kit.patience import PATIENCE, wait_until

from traitsview.cli.main import main
from traitsview.errors import RequestError, SourceNotFound
from traitsview.geometry import Viewport
from traitsview.sources.questions.frames import Frames
from traitsview.sources.questions.question import whole
from traitsview.sources.registry import open_source
from traitsview.sources.services.engines.engines_namespace import EnginesNamespace
from traitsview.testing.namespace_tests import NamespaceTests
from traitsview.view import window

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    folder = tmp_path_factory.mktemp("ipython")
    before = os.environ.get("IPYTHONDIR")
    os.environ["IPYTHONDIR"] = str(folder)
    made = EngineCluster(folder, 4)
    try:
        yield made
    finally:
        made.stop()
        if before is None:
            del os.environ["IPYTHONDIR"]
        else:
            os.environ["IPYTHONDIR"] = before


@pytest.fixture
def engines(cluster):
    """The numbers of four engines; those that a test kills are replaced after it."""
    yield list(cluster.client.ids)
    missing = 4 - len(cluster.client.ids)
    if missing:
        cluster.add(missing)


class TestEnginesNamespace(NamespaceTests):
    @pytest.fixture(autouse=True)
    def _one_engine(self, cluster, engines):
        self.cluster, self.engine = cluster, engines[0]
        yield
        if self.engine in cluster.client.ids:
            cluster.client[self.engine].clear(block=True)

    def make_namespace(self, arrays):
        self.cluster.define(self.engine, **arrays)
        return EnginesNamespace("", self.engine)

    def change(self, name, array):
        self.cluster.define(self.engine, **{name: array})

    def remove(self, name):
        self.cluster.forget(self.engine, name)

    def end(self):
        self.cluster.kill(self.engine)


def until(source, condition):
    """Wait until a condition holds, as a viewer does who watches."""

    def seen():
        source.wait_newer(source.info.version, 0.05)
        return condition()

    wait_until(seen)
    return source.info


def complete(source):
    """Whether there is a frame in which all parts are as they should be."""
    return source.info.version and not any(part.state for part in source.frame.parts)


def shown(source, reduction="mean", shape=None):
    info = source.info
    viewport = Viewport(info.element, (0, 0), info.shape, info.anchor)
    return source.render(viewport if shape is None else Viewport.fitting(info, shape), None, reduction)


def states(source):
    return {part.name: part.state for part in source.frame.parts}


def define_parts(cluster, engines, array, name="rho"):
    """Give each engine an equal share of the rows of an array."""
    for engine, part in zip(engines, np.split(array, len(engines)), strict=True):
        cluster.define(engine, **{name: part})


def test_all_engines_are_one_picture_that_is_exact_also_where_parts_meet(cluster, engines):
    array = np.random.default_rng(1).normal(size=(4 * 701, 907))
    array[690:712, 100:300] = np.nan
    define_parts(cluster, engines, array)
    with open_source("engines:?rho") as source, open_source(array) as plain:
        until(source, lambda: complete(source))
        assert (source.info.shape, source.info.name) == (array.shape, "rho")
        for reduction in ("mean", "min", "max", "nearest"):
            np.testing.assert_allclose(
                shown(source, reduction, (83, 31)), shown(plain, reduction, (83, 31)), rtol=1e-12, atol=1e-15
            )
        points = [(3.5, 2.5), (906.5, 2803.5), (150.5, 700.5)]
        np.testing.assert_array_equal(source.sample(points), plain.sample(points))
        found, wanted = source.summarize(exact=True), plain.summarize(exact=True)
        assert (found.count, found.valid, found.minimum, found.maximum) == (
            wanted.count,
            wanted.valid,
            wanted.minimum,
            wanted.maximum,
        )
        assert (found.mean, found.std) == pytest.approx((wanted.mean, wanted.std))


@pytest.mark.parametrize(
    ("options", "shape"),
    [
        ("", (12, 4)),
        ("&axis=1", (3, 16)),
        ("&layout=2x2", (6, 8)),
        ("&as=grid", (7, 9)),
    ],
)
def test_engines_are_arranged_as_the_address_says(cluster, engines, options, shape):
    for k, engine in enumerate(engines):
        cluster.define(engine, small=np.full((3, 4), k, np.float32))
    with open_source(f"engines:default?small{options}") as source:
        until(source, lambda: complete(source))
        assert source.info.shape == shape
        pixels = shown(source)
        for k, part in enumerate(source.frame.parts):
            x0, _, y0, _ = part.extent
            assert pixels[int(y0), int(x0)] == k
            assert part.name == f"engine {engines[k]}"


def test_an_expression_is_computed_on_each_engine_and_one_engine_can_be_shown_alone(cluster, engines):
    for k, engine in enumerate(engines):
        cluster.define(engine, a=np.full((2, 2), k), b=3)
    with open_source("engines:?a * 10 & 255") as source, open_source(f"engines:?a + b&engine={engines[2]}") as one:
        until(source, lambda: complete(source))
        assert shown(source)[::2, 0].tolist() == [0, 10, 20, 30]
        until(one, lambda: complete(one))
        assert shown(one).tolist() == [[5, 5], [5, 5]]


def test_engines_on_which_it_is_no_image_say_why_and_the_others_are_shown(cluster, engines):
    a, b, c, d = engines
    cluster.define(a, odd=np.ones((2, 3)))
    cluster.define(b, odd=[1, 2])
    cluster.define(c, odd=np.ones((2, 2, 3)))
    cluster.client[d].execute("odd = None; del odd", block=True)
    with open_source("engines:?odd") as source:
        until(source, lambda: source.info.version and "there" in states(source)[f"engine {d}"])
        told = states(source)
        assert told[f"engine {b}"] == ("cannot show 'odd': it is a list, not an array; try np.asarray(odd)")
        assert told[f"engine {d}"] == "cannot show 'odd': 'odd' is not there"
        assert sorted(told.values())[0] == ""
        assert np.isfinite(shown(source)).any()
        cluster.define(b, odd=np.ones((2, 3)))
        until(source, lambda: states(source)[f"engine {b}"] == "")


def test_a_busy_engine_says_so_has_one_request_waiting_and_comes_back(cluster, engines):
    array = np.arange(4 * 1200.0 * 1200).reshape(4800, 1200)
    define_parts(cluster, engines, array)
    busy = engines[1]
    process = cluster.process_of(busy)
    with open_source("engines:?rho") as source:
        until(source, lambda: complete(source))
        os.kill(process, signal.SIGSTOP)  # as an engine that hangs in a library
        try:
            until(source, lambda: states(source)[f"engine {busy}"] == "busy")
            assert source.frame.state == ""
            pixels = shown(source, shape=(48, 12))
            assert np.isnan(pixels[13:23]).all()
            assert np.isfinite(pixels[:11]).all()
            waiting = cluster.client.queue_status(engines, verbose=False)[busy]["queue"]
            assert waiting <= 1
        finally:
            os.kill(process, signal.SIGCONT)
        until(source, lambda: complete(source))
        np.testing.assert_allclose(shown(source, "nearest", (48, 12)), expected(array, (48, 12)))


def expected(array, shape):
    with open_source(array) as plain:
        return shown(plain, "nearest", shape)


def test_no_more_frames_are_kept_here_than_on_the_engine(cluster, engines):
    with open_source(f"engines:?rho&engine={engines[0]}") as source:
        for value in range(4):
            cluster.define(engines[0], rho=np.full((1200, 1200), float(value)))
            until(source, lambda value=value: source.sample([(0.5, 0.5)]).tolist() == [value])
        marks = whole(source.examine(Frames()))
        assert 1 <= len(marks) <= 2
        assert marks[-1].version == source.info.version


@pytest.mark.fault("S22")
def test_an_engine_that_is_killed_is_lost_and_the_others_go_on(cluster, engines):
    array = np.arange(4 * 1200.0 * 1200).reshape(4800, 1200)
    define_parts(cluster, engines, array)
    with open_source("engines:?rho") as source:
        until(source, lambda: complete(source))
        version = source.info.version
        cluster.kill(engines[3])
        until(source, lambda: states(source)[f"engine {engines[3]}"] == "lost")
        assert source.info.version > version
        pixels = shown(source, shape=(48, 12))
        assert np.isnan(pixels[37:]).all()
        assert np.isfinite(pixels[:35]).all()
        cluster.define(engines[0], rho=np.full((1200, 1200), 7.0))
        until(source, lambda: shown(source, "nearest", (48, 12))[0, 0] == 7.0)


def test_a_profile_that_does_not_exist_is_refused_and_a_cluster_that_does_not_run_is_waited_for(cluster, tmp_path):
    with pytest.raises(SourceNotFound, match="there is no IPython profile 'nobody', only default"):
        open_source("engines:nobody?rho")
    before, os.environ["IPYTHONDIR"] = os.environ["IPYTHONDIR"], str(tmp_path)
    try:
        with pytest.raises(SourceNotFound, match="there is no IPython profile 'default'; start a cluster"):
            open_source("engines:?rho")
        (tmp_path / "profile_default" / "security").mkdir(parents=True)
        with open_source("engines:?rho") as source:
            source.wait_newer(0, 0.0)
            assert source.frame.state.startswith("waiting for a cluster of the profile 'default'")
        with socket.create_server(("127.0.0.1", 0)) as server:
            port = server.getsockname()[1]
        file = tmp_path / "profile_default" / "security" / "ipcontroller-old-client.json"
        file.write_text(f'{{"interface": "tcp://127.0.0.1", "registration": {port}, "key": "a"}}')
        with open_source("engines:default/old?rho") as source:
            source.wait_newer(0, 0.0)
            assert "nobody answers; is it running?" in source.frame.state
        file.write_text("{")
        with open_source("engines:?rho") as source:
            source.wait_newer(0, 0.0)
            assert source.frame.state.startswith("cannot reach the cluster of 'ipcontroller-old-client.json'")
    finally:
        os.environ["IPYTHONDIR"] = before


def test_bad_queries_are_refused_and_a_missing_expression_names_what_there_is(cluster, engines):
    cluster.define(engines[0], rho=np.ones((2, 2)))
    for query, why in (
        ("rho&engine=x", "no engine is called 'x'"),
        ("rho&axis=2", "no such axis"),
        ("rho&as=rows", "unknown way"),
        ("rho&layout=3", "unknown layout"),
    ):
        with pytest.raises(RequestError, match=why):
            open_source(f"engines:?{query}")
    with pytest.raises(SourceNotFound, match=r"it names no array; there are: .*rho"):
        open_source("engines:")
    with open_source("engines:?rho&engine=99") as source:
        until(source, lambda: "waiting for engine 99" in source.frame.state)


def simulation(steps):
    """Publish as the classic notebook does."""
    from ipyparallel.datapub import publish_data
    from numpy.random import rand

    for i in range(steps):
        publish_data({"a": rand(20), "i": i, "energy": i / 2, "image": rand(3, 4)})


simulation.__module__ = "__main__"


def published(cluster, source):
    """Let the engines publish again and again until a source has had what it needs."""
    cluster.client[:].apply_async(simulation, 10)
    return complete(source)


def test_the_loop_of_the_publish_data_notebook_shows_a_curve_of_each_engine_and_the_step(cluster, engines):
    with open_source("engines:?published=a") as source:
        until(source, lambda: published(cluster, source))
        wait_until(lambda: not cluster.client.outstanding)
        cluster.client[:].apply_async(simulation, 7)
        until(source, lambda: [part.step for part in source.frame.parts] == [6] * 4 and source.frame.step == 6)
        assert source.info.curves == tuple(f"engine {engine}" for engine in engines)
        assert (source.info.shape, source.frame.scalars) == ((4, 20), (("energy", 3.0), ("i", 6)))
        assert ((shown(source) >= 0) & (shown(source) <= 1)).all()


def test_a_window_on_that_loop_shows_the_four_curves_and_the_step(cluster, engines):
    viewer = window.view("engines:?published=a", size=(640, 480))
    try:

        def seen(condition):
            # A client sees what is published while it listens, so the loop runs until the window has had a part of it.
            return window.process_events_until(condition, PATIENCE)

        def listens():
            if not cluster.client.outstanding:
                cluster.client[:].apply_async(simulation, 3)
            return len(viewer.chart.names) == len(engines)

        assert seen(lambda: viewer.live.answered)
        assert seen(listens), viewer.shown
        assert seen(lambda: not cluster.client.outstanding)
        cluster.client[:].apply_async(simulation, 7)
        assert seen(lambda: viewer.frame.step == 6 and viewer.exact and viewer.chart.lines.low.shape[0] == 4)
        assert viewer.chart.title == "a, step 6"
        assert viewer.chart.names == tuple(f"engine {engine}" for engine in engines)
        assert viewer.info.extent[:2] == (-0.5, 19.5)  # element k is at k
        assert viewer.info.axes[-1].name == "index"
        plot = window.panel_of(viewer).shared_room.charts.canvas.plot
        assert len(plot.lines) == len(engines)
    finally:
        window.panel_of(viewer).window().close()
        window.process_events_until(lambda: True, 1)


def test_published_images_are_one_picture_and_published_numbers_are_courses(cluster, engines):
    with (
        open_source("engines:?published=image&layout=2x2") as source,
        open_source("engines:?published=energy") as energy,
    ):
        until(source, lambda: published(cluster, source))
        assert source.info.shape == (6, 8)
        until(energy, lambda: published(cluster, energy))
        assert len(energy.info.curves) == 4
        assert energy.info.shape[0] == 4


def test_published_data_of_another_name_is_told(cluster, engines):
    with open_source("engines:?published=rho") as source:
        until(source, lambda: published(cluster, source) or "published now" in source.frame.state)
        assert source.frame.state == f"engine {engines[0]} waiting for 'rho'; published now: a, energy, i, image"


def test_another_cluster_in_its_place_goes_on_in_the_same_source(tmp_path, monkeypatch):
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    one = EngineCluster(tmp_path, 1)
    try:
        one.define(0, rho=np.ones((2, 2)))
        with open_source("engines:?rho") as source:
            until(source, lambda: complete(source))
            version = source.info.version
            one.stop()
            until(source, lambda: "lost" in source.frame.state)
            one.start(1)
            one.define(0, rho=np.full((3, 3), 2.0))
            until(source, lambda: complete(source))
            assert source.info.version > version
            assert shown(source).tolist() == [[2, 2, 2]] * 3
    finally:
        one.stop()


def test_nothing_of_this_package_is_imported_on_the_engines(cluster, engines):
    cluster.define(engines[0], rho=np.ones((2, 2)))
    with open_source("engines:?rho") as source:
        until(source, lambda: source.info.version)

    def loaded():
        import sys

        return [name for name in sys.modules if name.partition(".")[0] in ("traitsview", "numba")]

    loaded.__module__ = "__main__"
    assert cluster.client[engines[0]].apply_sync(loaded) == []
    names = cluster.client[engines[0]].apply_sync(
        eval, "[n for n in __import__('IPython').get_ipython().user_ns if 'far' in n]", {}
    )
    assert names == []


def test_waiting_for_engines_ends_when_the_source_is_closed(cluster, engines):
    import threading

    source = open_source("engines:?nothing_of_this_name")
    waiter = threading.Thread(target=source.wait_newer, args=(0, PATIENCE))
    waiter.start()
    source.close()
    waiter.join(PATIENCE)
    assert not waiter.is_alive()


def test_the_arrays_of_all_engines_are_listed_by_a_command(cluster, engines, capsys):
    for engine in engines:
        cluster.define(engine, listed=np.ones((3, 4), np.float32), only=np.ones(2) if engine == engines[1] else 0)
    assert main(["ls", "engines:", "--json"]) == 0
    found = {each["name"]: each for each in json.loads(capsys.readouterr().out)}
    assert found["listed"]["detail"] == "4 engines"
    assert (found["listed"]["shape"], found["listed"]["dtype"]) == ([3, 4], "<f4")
    assert found["only"]["detail"] == f"engine {engines[1]}"
    with open_source(found["listed"]["address"]) as source:
        until(source, lambda: complete(source))
        assert source.info.shape == (12, 4)
