"""A source behind TLS is the same source: its pictures, its errors, and contact that comes back."""

from __future__ import annotations

import gc
import logging
import shutil
import socket
import threading
from pathlib import Path

import numpy as np
import pytest
from kit.chaos_proxy import ChaosProxy, Faults
from kit.descriptors import descriptors
from kit.patience import PATIENCE

from traitsview.errors import HostGone, HostRefused, HostStale, SourceNotFound
from traitsview.geometry import Viewport
from traitsview.remote.host import deadline
from traitsview.remote.host.source_pool import open_here
from traitsview.remote.routes import tls_route
from traitsview.remote.routes.tls_route import TlsRoute
from traitsview.remote.tls import credentials
from traitsview.remote.tls.tls_listener import Listener, bridge_to
from traitsview.remote.viewer.remote_source import RemoteSource
from traitsview.sources.address import parse_address
from traitsview.sources.arrays.array_source import ArraySource
from traitsview.testing.image_source_tests import ImageSourceTests
from traitsview.testing.route_tests import RouteTests

HOST = "127.0.0.1"


@pytest.fixture(autouse=True)
def state(tmp_path, monkeypatch):
    """Give each test a folder of its own for records."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    (tmp_path / "state").mkdir()
    return tmp_path / "state" / "traitsview" / "servers"


@pytest.fixture
def network(serve):
    """Return a function that has a server listen on the network; it returns the listener."""
    listeners = []
    paths = []

    def listen(port=0, **served):
        if served or not paths:
            paths[:] = [serve(**(served or {"opener": open_here}))]
        listeners.append(Listener(HOST, port, bridge_to(lambda: paths[0])))
        return listeners[-1]

    yield listen
    for listener in listeners:
        listener.close()
        listener._thread.join(PATIENCE)


def connected(listener, path):
    return RemoteSource(TlsRoute(parse_address(f"{listener.address}{path}")))


def test_the_picture_is_the_local_one(network, file, image):
    source = connected(network(), file)
    with source, ArraySource(image) as local:
        assert source.info.shape == local.info.shape
        for size in ((100, 120), (700, 900), (33, 7)):
            viewport = Viewport.fitting(local.info, size)
            np.testing.assert_array_equal(source.render(viewport), local.render(viewport))


class TestSourceOverTls(ImageSourceTests):
    """It does all that a source has to do."""

    @pytest.fixture(autouse=True)
    def _network(self, network):
        self.network = network
        self.sources = []
        yield
        for source in self.sources:
            source.close()

    def make_source(self, array, **options):
        self.sources.append(connected(self.network(source=ArraySource(array, **options)), "/it"))
        return self.sources[-1]


class TestTlsRoute(RouteTests):
    @pytest.fixture(autouse=True)
    def _network(self, network, tmp_path):
        self.folder = tmp_path
        self.listener = network()

    def make_route(self, path):
        return TlsRoute(parse_address(self.name_here(path)))

    def name_here(self, path):
        return f"{self.listener.address}{path}"


def test_a_file_that_is_not_there_is_called_by_its_whole_address(network):
    listener = network()
    with pytest.raises(SourceNotFound, match=rf"cannot open '{listener.address}/no/such\.npy'"):
        connected(listener, "/no/such.npy")


def test_without_the_file_of_credentials_nothing_is_tried(state):
    with pytest.raises(HostRefused, match="there is no file"):
        RemoteSource(TlsRoute(parse_address(f"tls://{HOST}:1/x.npy")))


def news_of(source):
    """Return a list that fills with what is told of contact."""
    told = []
    source.link.watch(told.append)
    return told


@pytest.mark.fault("X3")
def test_after_a_restart_of_the_server_the_new_file_is_used(network, file, image, wait_until):
    first = network()
    port = int(first.address.rpartition(":")[2])
    source = connected(first, file)
    told = news_of(source)
    with source:
        before = credentials.credentials_for(HOST, port)
        first.close()
        wait_until(lambda: told)
        assert isinstance(told[0], HostGone)
        first._thread.join(PATIENCE)
        network(port)
        wait_until(lambda: told[-1] is None)
        assert credentials.credentials_for(HOST, port) != before
        viewport = Viewport.fitting(source.info, (50, 60))
        with ArraySource(image) as local:
            np.testing.assert_array_equal(source.render(viewport), local.render(viewport))


def test_a_connection_that_is_cut_is_made_again_with_the_same_picture(network, file, image, wait_until):
    listener = network()
    with connected(listener, file) as source, ArraySource(image) as local:
        viewport = Viewport.fitting(source.info, (50, 60))
        expected = local.render(viewport)
        told = news_of(source)
        for _ in range(3):
            told.clear()
            for viewer in tuple(listener._viewers):
                viewer.abort()
            wait_until(lambda: told and told[-1] is None)
            np.testing.assert_array_equal(source.render(viewport), expected)
    wait_until(lambda: not listener._viewers)


@pytest.mark.fault("S2")
def test_a_server_that_stands_still_is_waited_for_over_the_same_connection(
    network, file, monkeypatch, request, wait_until
):
    goes_on = threading.Event()
    goes_on.set()
    request.addfinalizer(goes_on.set)
    seconds_left = deadline.seconds_left
    # It is asked in each answer to a question for a sign of life.
    monkeypatch.setattr(deadline, "seconds_left", lambda: goes_on.wait(PATIENCE) and seconds_left())
    listener = network()
    with connected(listener, file) as source:
        told = news_of(source)
        (viewer,) = listener._viewers
        goes_on.clear()
        wait_until(lambda: len(told) >= 4)
        goes_on.set()
        wait_until(lambda: told[-1] is None)
        assert [type(news) for news in told[:-1]] == [HostStale] * (len(told) - 1)
        assert listener._viewers.keys() == {viewer}


@pytest.fixture
def changes(monkeypatch):
    """Return a list of what is to be called when a network comes or goes."""
    found = []

    class Change:
        def __init__(self, told):
            found.append(told)

        def close(self):
            found.clear()

    monkeypatch.setattr(tls_route, "NetworkChange", Change)
    return found


@pytest.mark.fault("N1")
def test_a_connection_that_says_nothing_is_given_up_once_a_network_has_changed(
    network, file, image, changes, state, wait_until
):
    port = int(network().address.rpartition(":")[2])
    with ChaosProxy(lambda: socket.create_connection((HOST, port))) as proxy:
        with proxy.connect(PATIENCE) as sock:
            near = sock.getpeername()[1]
        shutil.copy(state / f"{HOST}-{port}.json", state / f"{HOST}-{near}.json")
        with RemoteSource(TlsRoute(parse_address(f"tls://{HOST}:{near}{file}"))) as source, ArraySource(image) as local:
            told = news_of(source)
            (changed,) = changes
            changed()
            assert not told
            silent, proxy.to_viewer = proxy.to_viewer, Faults()
            silent.stalled = True
            wait_until(lambda: told)  # what was on its way has come
            changed()
            wait_until(lambda: told[-1] is None)
            # Without the change it would have been: nothing was said for so long.
            assert "the connection was closed" in str(next(news for news in told if isinstance(news, HostGone)))
            viewport = Viewport.fitting(source.info, (50, 60))
            np.testing.assert_array_equal(source.render(viewport), local.render(viewport))
        assert not changes


def test_the_file_may_be_copied_to_another_name(network, file, state):
    listener = network()
    port = int(listener.address.rpartition(":")[2])
    (state / f"{HOST}-{port}.json").rename(state / f"localhost-{port}.json")
    RemoteSource(TlsRoute(parse_address(f"tls://localhost:{port}{file}"))).close()


def test_closing_leaves_no_thread_and_no_descriptor(network, file, wait_until):
    listener = network()
    connected(listener, file).close()
    wait_until(lambda: not listener._viewers)
    gc.collect()
    threads, before = threading.active_count(), descriptors()
    for _ in range(3):
        connected(listener, file).close()
    wait_until(lambda: not listener._viewers and threading.active_count() <= threads)
    gc.collect()
    wait_until(lambda: not descriptors() - before)


def test_two_sources_over_one_server_do_not_wait_for_each_other(network, file):
    listener = network()
    with connected(listener, file) as one, connected(listener, file) as two:
        viewport = Viewport.fitting(one.info, (300, 400))
        np.testing.assert_array_equal(one.render(viewport), two.render(viewport))


def test_secrets_are_in_no_log_and_no_title(network, file, caplog, state):
    caplog.set_level(logging.DEBUG)
    listener = network()
    port = int(listener.address.rpartition(":")[2])
    token = credentials.credentials_for(HOST, port).token
    connected(listener, file).close()
    assert token not in caplog.text
    for name in ("cmdline", "environ", "comm"):
        assert token.encode() not in Path(f"/proc/self/{name}").read_bytes()
