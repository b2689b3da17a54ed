"""Tests that every route to a host inherits."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from ..errors import SourceNotFound, TraitsviewError
from ..geometry import Viewport
from ..remote.protocol import hello
from ..remote.viewer.link import Link
from ..remote.viewer.remote_source import RemoteSource
from ..remote.viewer.route import Route
from ..sources.arrays.array_source import ArraySource

__all__ = ["RouteTests"]


class RouteTests:
    """Tests that a route keeps the promises of `Route`.

    Define `make_route`, `name_here` and `folder`.
    """

    #: A folder on the host, for files of the tests.
    folder: Path

    def make_route(self, path: str) -> Route:
        """Return a new route to a file on the host, which may be missing; each route is closed by its test."""
        raise NotImplementedError

    def name_here(self, path: str) -> str:
        """Return what a message calls that file, where it cannot be opened."""
        raise NotImplementedError

    @pytest.fixture
    def image(self) -> np.ndarray:
        return np.random.default_rng(5).normal(size=(70, 90)).astype(np.float32)

    @pytest.fixture
    def path(self, image: np.ndarray) -> str:
        path = self.folder / "seen by routes.npy"
        np.save(path, image)
        return str(path)

    @pytest.fixture
    def reached(self, path: str) -> Iterator[tuple[Route, Link]]:
        with closing(self.make_route(path)) as route, closing(route.reach(hello.new_viewer())) as link:
            yield route, link

    def test_it_leads_to_its_source(self, path, image):
        with RemoteSource(self.make_route(path)) as source, ArraySource(image) as local:
            viewport = Viewport.fitting(local.info, (35, 45))
            np.testing.assert_array_equal(source.render(viewport), local.render(viewport))

    def test_it_is_reached_again_while_an_earlier_link_is_there(self, reached):
        route, one = reached
        with closing(route.reach(hello.new_viewer())) as two:
            two.ping()
            one.ping()

    def test_a_link_that_answers_stays_when_it_is_checked(self, reached):
        route, link = reached
        for _ in range(3):
            route.check_alive()
            link.ping()

    def test_it_has_no_last_words_while_the_host_is_there(self, reached):
        route, link = reached
        link.ping()
        assert route.last_words == ""

    def test_it_is_closed_once_or_twice_also_before_it_was_used(self, path):
        route = self.make_route(path)
        route.close()
        route.close()

    def test_nobody_watches_the_network_for_it_after_it_was_closed(self, path):
        class Waiting:
            def retry(self) -> None:
                """Try again."""

        waiting, before = Waiting(), set(threading.enumerate())
        route = self.make_route(path)
        route.call_on_change(waiting.retry)
        route.close()
        watching = {each for each in threading.enumerate() if each.name == "traitsview network"}
        assert watching <= before

    def test_a_source_that_is_missing_is_called_by_the_name_that_the_user_knows(self, path):
        with pytest.raises(SourceNotFound) as caught:
            RemoteSource(self.make_route(f"{path}.npy"))
        assert self.name_here(f"{path}.npy") in caught.value.what

    def test_another_name_changes_neither_the_kind_of_an_error_nor_its_cause_nor_its_remedy(self, path):
        with closing(self.make_route(path)) as route:
            for kind in (SourceNotFound, TraitsviewError):
                named = route.named_here(kind("cannot open it", "nobody knows why", "ask"))
                assert (type(named), named.why, named.remedy) == (kind, "nobody knows why", "ask")
                assert named.what.startswith("cannot open it")
