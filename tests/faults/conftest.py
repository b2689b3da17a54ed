from __future__ import annotations

import threading
import time

import numpy as np
import pytest
from kit import FOLDER
from kit.patience import PATIENCE
from kit.scripted_viewer import ScriptedViewer

from traitsview.remote.host.server import Server
from traitsview.remote.host.source_pool import SourcePool
from traitsview.remote.protocol import endpoint, hello
from traitsview.remote.routes import own_process
from traitsview.remote.viewer import contact, link
from traitsview.remote.viewer.remote_source import RemoteSource
from traitsview.sources.arrays.array_source import ArraySource
from traitsview.sources.registry import open_source


@pytest.fixture
def image():
    return np.random.default_rng(11).lognormal(size=(1500, 2000)).astype(np.float32)


@pytest.fixture
def file(tmp_path, image):
    path = tmp_path / "image.npy"
    np.save(path, image)
    return path


@pytest.fixture
def looking(image):
    """Yield a function that returns a `ScriptedViewer` for a source with the pixels of `image`."""
    viewers = []

    def look(source, reference=None, **options):
        viewers.append(ScriptedViewer(source, reference or ArraySource(image), **options))
        return viewers[-1]

    yield look
    for viewer in viewers:
        viewer.close()


@pytest.fixture
def hosted(monkeypatch):
    """Yield a function that opens a source in a host process, if named by an opener of `kit.slow_openers`."""
    monkeypatch.setenv("PYTHONPATH", str(FOLDER))
    sources = []

    def start(text, opener=""):
        host = own_process.OwnProcess(str(text), f"kit.slow_openers:{opener}" if opener else "")
        sources.append(RemoteSource(host))
        return sources[-1], host

    yield start
    for source in sources:
        source.close()


@pytest.fixture
def server():
    """Serve the files of this machine in a thread; yield the path of the socket."""
    folder = endpoint.private_folder(endpoint.runtime_folder() / f"test-{time.monotonic_ns()}")
    running = Server(endpoint.listen(folder / "socket"), SourcePool(open_source))
    thread = threading.Thread(target=running.serve_forever, daemon=True)
    thread.start()
    yield folder / "socket"
    running.close()
    thread.join(PATIENCE)
    own_process._remove(folder)


@pytest.fixture
def reach(file):
    """Yield a function that opens `file` through a route of some class.  The source is closed in the end."""
    sources = []

    def open_by(route, way):
        sources.append(RemoteSource(route(way, str(file))))
        return sources[-1]

    yield open_by
    for source in sources:
        source.close()


@pytest.fixture
def unhurried(monkeypatch):
    """Have viewers wait very long for answers, so that they notice only connections that end."""
    for module, name in (
        (contact, "STALE_SECONDS"),
        (contact, "LOST_SECONDS"),
        (link, "LOST_SECONDS"),
        (hello, "HELLO_SECONDS"),
    ):
        monkeypatch.setattr(module, name, PATIENCE)
