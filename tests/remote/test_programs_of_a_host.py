"""Running programs on another machine: they are looked into and listed by ssh, and never over the network's door."""

from __future__ import annotations

import os
import threading

import numpy as np
import pytest
from kit.kernels import Kernel
from kit.patience import PATIENCE
from kit.sshd import ALIAS, Sshd, needs_sshd

from traitsview.errors import SourceUnsupported
from traitsview.geometry import Viewport
from traitsview.live import Publisher
from traitsview.opening import list_sources, open_source
from traitsview.remote.host.server import Server
from traitsview.remote.host.source_pool import SourcePool, open_here
from traitsview.remote.protocol import endpoint
from traitsview.remote.routes.socket_route import SocketRoute
from traitsview.remote.user_server.daemon import _opener
from traitsview.remote.viewer.host_list import listed
from traitsview.sources.questions.kernel_access import KernelAccess
from traitsview.sources.questions.question import whole
from traitsview.sources.services.namespace import Variable
from traitsview.testing.namespace_tests import first, said, shown


@pytest.fixture(scope="module")
def _kernel():
    kernel = Kernel()
    yield kernel
    kernel.close()


@pytest.fixture
def kernel(_kernel):
    _kernel.set({"rho": np.ones((30, 40), np.float32)})
    return _kernel


@pytest.fixture
def remote_list(tmp_path):
    """Return a function that asks a server for its list, which is the one given."""
    running = []

    def ask(variables):
        lists = {} if variables is None else {"list_sources": lambda text: variables}
        server = Server(endpoint.listen(tmp_path / "socket"), SourcePool(open_here, **lists))
        running.append((server, threading.Thread(target=server.serve_forever, daemon=True)))
        running[-1][1].start()
        return listed(SocketRoute(tmp_path / "socket", "x"))

    yield ask
    for server, thread in running:
        server.close()
        thread.join(PATIENCE)


@needs_sshd
def test_a_kernel_of_another_machine_is_looked_into_by_ssh(kernel, monkeypatch):
    daemon = Sshd()
    daemon.start()
    try:
        monkeypatch.setenv("TRAITSVIEW_SSH", daemon.command)
        (found,) = [each for each in list_sources(f"{ALIAS}:kernel:{kernel.file}") if each.name == "rho"]
        assert (found.shape, found.dtype) == ((30, 40), "<f4")
        assert found.address.startswith(f"{ALIAS}:kernel:")
        with Publisher("far") as publisher:
            publisher.publish(np.zeros((3, 4)))
            runs = {each.address: each for each in list_sources(f"{ALIAS}:programs:")}
        assert runs[f"{ALIAS}:live:far::far"].shape == (3, 4)
        with open_source(f"{ALIAS}:kernel:{kernel.file}?rho") as source:
            assert first(source).shape == (30, 40)
            assert (source.render(Viewport((1.0, 1.0), (0, 0), (30, 40))) == 1).all()
            kernel.set({"rho": np.full((7, 5), 4, np.float32)})
            assert shown(source, 4).shape == (7, 5)
            kernel.run("del rho")
            said(source, "'rho' is gone: 'rho' is not there")
    finally:
        daemon.close()


@pytest.mark.parametrize("folders", [True, False])
def test_a_server_that_listens_on_the_network_looks_into_no_kernel(kernel, tmp_path, folders):
    threads = "[t.name for t in __import__('threading').enumerate()].count('traitsview')"
    before = int(kernel.value(threads))  # of those who looked before, who may not have gone yet
    opens, _ = _opener([str(tmp_path)] if folders else [], "tls://127.0.0.1:0")
    for text in (f"kernel:{kernel.file}?rho", "engines:default?rho"):
        with pytest.raises(SourceUnsupported, match=r"this server (opens files only|listens on the network)"):
            opens(text)
    assert int(kernel.value(threads)) <= before


def test_a_server_that_listens_on_the_network_shows_what_is_published_and_tells_no_way_to_its_kernel(kernel):
    opens, _ = _opener([], "tls://127.0.0.1:0")
    name = f"beside-{os.getpid()}"
    with Publisher(name) as publisher, opens(f"live:{name}") as guarded, open_source(f"live:{name}") as own:
        publisher.offer_console(str(kernel.file))
        said(guarded, "waiting for the next step")
        publisher.publish(np.ones((3, 4)))
        for source, ports in (guarded, 0), (own, 5):
            shown(source, 1)
            assert len(whole(source.examine(KernelAccess())).ports) == ports


def test_a_list_that_is_too_long_for_a_message_says_how_much_more_there_is(remote_list):
    found = remote_list(tuple(Variable("a" * 200, f"live:{k}", (2, 3), "<f8", "b" * 100) for k in range(900)))
    assert 50 < len(found) < 900
    assert [each.address for each in found[:-1]] == [f"live:{k}" for k in range(len(found) - 1)]
    assert found[-1].detail == f"{901 - len(found)} more are not listed"


def test_a_server_without_a_list_says_so(remote_list):
    with pytest.raises(SourceUnsupported, match="cannot list 'x': this server lists nothing; give a file"):
        remote_list(None)
