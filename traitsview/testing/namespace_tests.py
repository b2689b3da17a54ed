"""The behaviour of every namespace of a running program as tests: inherit them and say how to make the program.

::

    class TestMyNamespace(NamespaceTests):
        def make_namespace(self, arrays):
            self.program = start_program(arrays)
            return MyNamespace(self.program)

        def change(self, name, array): ...
        def remove(self, name): ...
        def end(self): ...
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from ..geometry import Viewport
from ..sources.image_info import ImageInfo
from ..sources.image_source import ImageSource
from ..sources.picture import REDUCTIONS, Picture
from ..sources.services.namespace import Namespace
from .example_arrays import VIEWPORTS, assert_shows, example_array
from .reference import expected

__all__ = ["NamespaceTests", "first", "said", "shown"]

#: Seconds after which a test has failed that waits.
_PATIENCE = 120.0


class NamespaceTests:
    """The behaviour of a namespace, as tests."""

    def make_namespace(self, arrays: Mapping[str, np.ndarray]) -> Namespace:
        """Return the namespace of a running program with these arrays."""
        raise NotImplementedError

    def change(self, name: str, array: np.ndarray) -> None:
        """Let the program have another array of this name, or a first one; return when that is so."""
        raise NotImplementedError

    def remove(self, name: str) -> None:
        """Let the program have no array of this name any more; return when that is so."""
        raise NotImplementedError

    def end(self) -> None:
        """Let the program end; return when that is so."""
        raise NotImplementedError

    @pytest.fixture
    def arrays(self) -> dict[str, np.ndarray]:
        """Return the arrays that the program has at first."""
        return {"rho": example_array("f4"), "counts": example_array("i4", (2, 31, 43))}

    @pytest.fixture
    def namespace(self, arrays: dict[str, np.ndarray]) -> Iterator[Namespace]:
        """Return the namespace; it is closed after the test."""
        with self.make_namespace(arrays) as namespace:
            yield namespace

    def test_arrays_are_listed_with_shape_and_dtype(self, namespace: Namespace) -> None:
        listed = {variable.name: variable for variable in namespace.variables()}
        assert {"rho", "counts"} <= set(listed)
        assert (listed["rho"].shape, listed["rho"].dtype) == ((31, 43), "<f4")
        assert (listed["counts"].shape, listed["counts"].dtype) == ((2, 31, 43), "<i4")
        assert listed["rho"].address != listed["counts"].address

    def test_an_array_is_shown_as_it_is(self, namespace: Namespace, arrays: dict[str, np.ndarray]) -> None:
        with namespace.open("rho") as source:
            info = first(source)
            assert (info.shape, np.dtype(info.dtype), info.live) == ((31, 43), np.dtype("f4"), True)
            for viewport in VIEWPORTS:
                for reduction in REDUCTIONS:
                    wanted = expected(arrays["rho"], info, viewport, reduction)
                    assert_shows(source.render(viewport, None, reduction), wanted)

    def test_planes_are_shown_one_at_a_time(self, namespace: Namespace, arrays: dict[str, np.ndarray]) -> None:
        with namespace.open("counts") as source:
            info = first(source)
            assert [axis.size for axis in info.planes] == [2]
            for plane in ((0,), (1,)):
                wanted = expected(arrays["counts"][plane], info, VIEWPORTS[2])
                assert_shows(source.render(VIEWPORTS[2], plane), wanted)

    def test_values_and_summaries_are_those_of_the_array(
        self, namespace: Namespace, arrays: dict[str, np.ndarray]
    ) -> None:
        with namespace.open("counts") as source:
            first(source)
            assert source.sample([(5.5, 7.5)], (1,)).tolist() == [arrays["counts"][1, 7, 5]]
            summary = source.summarize(None, (1,), exact=True)
            plane = arrays["counts"][1]
            assert (summary.count, summary.minimum, summary.maximum) == (plane.size, plane.min(), plane.max())

    def test_an_array_that_changes_comes_as_a_newer_frame(self, namespace: Namespace) -> None:
        with namespace.open("rho") as source:
            before = first(source)
            for value, shape in ((1, (31, 43)), (2, (31, 43)), (3, (7, 5))):
                self.change("rho", np.full(shape, value, np.float32))
                info = shown(source, value)
                assert info.version > before.version
                assert info.shape == shape
                before = info

    def test_every_picture_is_of_one_frame(self, namespace: Namespace) -> None:
        self.change("rho", np.full((600, 600), 0, np.float32))
        with namespace.open("rho") as source:
            first(source)
            for value in range(1, 6):
                self.change("rho", np.full((600, 600), value, np.float32))
                version = shown(source, value).version
                kept = source.hold(version)
                tiles = Viewport((1.0, 1.0), (0, 0), (600, 600)).tiles()
                picture = Picture(version=version)
                seen = {float(p) for _, pixels in source.render_tiles(tiles, picture) for p in np.unique(pixels)}
                assert {p for p in seen if p == p} == {float(value)}
                del kept

    def test_a_name_that_is_not_there_is_waited_for_and_said(self, namespace: Namespace) -> None:
        with namespace.open("sigma") as source:
            assert source.wait_newer(0, 0.0) == 0
            assert "sigma" in source.frame.state
            self.change("sigma", np.full((7, 5), 4, np.float32))
            assert shown(source, 4).shape == (7, 5)
            assert source.frame.state == ""

    def test_an_array_that_is_gone_is_said_and_comes_again(self, namespace: Namespace) -> None:
        with namespace.open("rho") as source:
            version = first(source).version
            self.remove("rho")
            assert said(source, "rho")
            assert source.info.version == version
            self.change("rho", np.full((7, 5), 4, np.float32))
            assert shown(source, 4).version > version

    def test_that_the_program_has_ended_is_said(self, namespace: Namespace) -> None:
        with namespace.open("rho") as source:
            first(source)
            self.end()
            assert said(source, "")

    def test_closing_ends_all_waits(self, namespace: Namespace) -> None:
        source = namespace.open("rho")
        version = first(source).version
        waiter = threading.Thread(target=source.wait_newer, args=(version, _PATIENCE))
        waiter.start()
        source.close()
        waiter.join(_PATIENCE)
        assert not waiter.is_alive()

    def test_many_threads_may_ask_at_once(self, namespace: Namespace, arrays: dict[str, np.ndarray]) -> None:
        with namespace.open("rho") as source, ThreadPoolExecutor(6) as threads:
            info = first(source)
            asked = [viewport.panned(k, -k) for viewport in VIEWPORTS[:5] for k in range(3)]
            listing = threads.submit(namespace.variables)
            for viewport, pixels in zip(asked, threads.map(source.render, asked), strict=True):
                assert_shows(pixels, expected(arrays["rho"], info, viewport))
            assert "rho" in [variable.name for variable in listing.result()]

    def test_two_viewers_of_one_array_do_not_disturb_each_other(self, namespace: Namespace) -> None:
        with namespace.open("rho") as other:
            with namespace.open("rho") as one:
                first(one)
                first(other)
            self.change("rho", np.full((7, 5), 4, np.float32))
            assert shown(other, 4).shape == (7, 5)


def first(source: ImageSource) -> ImageInfo:
    """Wait for the first frame of a source; return the facts about it."""
    assert _waited(source, lambda: source.info.version > 0), source.frame.state
    return source.info


def shown(source: ImageSource, value: float) -> ImageInfo:
    """Wait for a frame whose first element is `value`; return the facts about it."""

    def is_shown() -> bool:
        info = source.info
        if not info.version:
            return False
        (pixels,) = (p for _, p in source.render_tiles([Viewport((1.0, 1.0), (0, 0), (1, 1))]))
        return bool(pixels[0, 0] == value) and source.info.version == info.version

    assert _waited(source, is_shown), f"{value} has not come: {source.frame}"
    return source.info


def said(source: ImageSource, text: str) -> str:
    """Wait until a source says why no newer frame comes, in a sentence with `text`; return the sentence."""
    assert _waited(source, lambda: bool(source.frame.state) and text in source.frame.state), source.frame.state
    return source.frame.state


def _waited(source: ImageSource, is_so: Callable[[], bool]) -> bool:
    end = time.monotonic() + _PATIENCE
    while not is_so():
        if time.monotonic() > end:
            return False
        source.wait_newer(source.info.version, 1.0)
    return True
