"""Servers in this process for the tests of security."""

from __future__ import annotations

import threading
import time

import pytest
from kit.patience import PATIENCE

from traitsview.remote.host.server import Server
from traitsview.remote.host.source_pool import SourcePool
from traitsview.remote.protocol import endpoint
from traitsview.remote.routes import own_process


@pytest.fixture
def serve():
    """Return a function that serves a source in a thread; it returns the socket's path."""
    folder = endpoint.private_folder(endpoint.runtime_folder() / f"test-{time.monotonic_ns()}")
    running = []

    def start(source):
        server = Server(endpoint.listen(folder / "socket"), SourcePool(lambda text: source, keep=0.0))
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        running.append((server, thread))
        return folder / "socket"

    yield start
    for server, thread in running:
        server.close()
        thread.join(PATIENCE)
        assert not thread.is_alive()
    own_process._remove(folder)
