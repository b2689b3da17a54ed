"""A host of this machine that runs already is reached at its socket, and goes on when a viewer leaves."""

from __future__ import annotations

import pytest

from traitsview.remote.host.source_pool import open_here
from traitsview.remote.routes.socket_route import SocketRoute
from traitsview.remote.viewer.remote_source import RemoteSource
from traitsview.testing.route_tests import RouteTests


class TestSocketRoute(RouteTests):
    @pytest.fixture(autouse=True)
    def _host(self, serve, tmp_path):
        self.folder = tmp_path
        self.socket = serve(opener=open_here)

    def make_route(self, path):
        return SocketRoute(self.socket, path)

    def name_here(self, path):
        return path


def test_a_host_goes_on_when_its_viewer_leaves(serve, file):
    path = serve(opener=open_here)
    for _ in range(2):
        with RemoteSource(SocketRoute(path, str(file))) as source:
            assert source.info.shape == (700, 900)
