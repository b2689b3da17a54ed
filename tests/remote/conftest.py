from __future__ import annotations

import threading
import time

import numpy as np
import pytest
from kit import FOLDER
from kit.patience import PATIENCE

from traitsview.remote.host.server import Server
from traitsview.remote.host.source_pool import SourcePool
from traitsview.remote.protocol import endpoint
from traitsview.remote.routes import own_process
from traitsview.remote.routes.socket_route import SocketRoute
from traitsview.remote.viewer import remote_source
from traitsview.sources.arrays.array_source import ArraySource


@pytest.fixture
def image():
    return np.random.default_rng(7).normal(size=(700, 900)).astype(np.float32)


@pytest.fixture
def socket_path():
    folder = endpoint.private_folder(endpoint.runtime_folder() / f"test-{time.monotonic_ns()}")
    yield folder / "socket"
    own_process._remove(folder)


@pytest.fixture
def serve(socket_path):
    """Return a function that serves a source, or what an opener opens, in a thread; it returns the socket's path."""
    servers = []

    def start(source=None, opener=None):
        listener = endpoint.listen(socket_path)
        server = Server(listener, SourcePool(opener or (lambda text: source), keep=0.0))
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        servers.append((server, thread))
        return socket_path

    yield start
    for server, thread in servers:
        server.close()
        thread.join(PATIENCE)
        assert not thread.is_alive()


@pytest.fixture
def remote(serve):
    """Return a function that gives the remote twin of a source."""
    sources = []

    def connect(source):
        path = serve(source if hasattr(source, "render") else ArraySource(source))
        sources.append(remote_source.RemoteSource(SocketRoute(path, "it")))
        return sources[-1]

    yield connect
    for source in sources:
        source.close()


@pytest.fixture
def hosted(monkeypatch):
    """Return a function that opens a source in a host process, with one of ``openers`` if named."""
    monkeypatch.setenv("PYTHONPATH", str(FOLDER))
    sources = []

    def start(text, opener=""):
        host = own_process.OwnProcess(str(text), f"kit.openers:{opener}" if opener else "")
        source = remote_source.RemoteSource(host)
        sources.append(source)
        return source, host

    yield start
    for source in sources:
        source.close()


@pytest.fixture
def file(tmp_path, image):
    path = tmp_path / "image.npy"
    np.save(path, image)
    return path
