"""What runs on this machine is listed, and nothing is touched for it."""

from __future__ import annotations

import json
import socket
import sys

import numpy as np
import pytest
from kit.kernels import Kernel

from traitsview.errors import SourceUnsupported
from traitsview.live import Publisher
from traitsview.opening import list_sources
from traitsview.sources.services.programs import RunningPrograms


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    return tmp_path


def listed():
    """Return what is listed; other calculations of this user may run."""
    return {each.address: each for each in list_sources("programs:")}


def write_cluster(folder, place, connection):
    profile, _, name = place.partition("/")
    security = folder / f"profile_{profile}" / "security"
    security.mkdir(parents=True, exist_ok=True)
    (security / f"ipcontroller{'-' * bool(name)}{name}-client.json").write_text(json.dumps(connection))


def test_a_kernel_is_listed_by_its_name_and_no_code_runs_in_it(folder):
    kernel = Kernel(folder, "one")
    (folder / "kernel-dead.json").write_text("{}")
    try:
        kernel.set({"rho": np.zeros((3, 4))})
        found = listed()
        assert [address for address in found if address.startswith("kernel:")] == ["kernel:one"]
        assert found["kernel:one"].shape == ()
        assert kernel.value("[t.name for t in __import__('threading').enumerate()].count('traitsview')") == "0"
    finally:
        kernel.close()


def test_what_is_published_is_listed_with_its_arrays(folder):
    with Publisher("listed") as publisher:
        publisher.publish(np.zeros((3, 4), np.float32), velocity=np.zeros((5, 6)), step=8)
        found = listed()
    assert found["live:listed::listed"].shape == (3, 4)
    assert found["live:listed::velocity"].dtype == "<f8"


def test_clusters_whose_controllers_listen_are_listed(folder):
    with socket.create_server(("127.0.0.1", 0)) as controller:
        port = controller.getsockname()[1]
        for place, listens in (("default", port), ("mpi/run7", port), ("x", 1)):
            write_cluster(folder, place, {"interface": "tcp://127.0.0.1", "registration": listens})
        for number, broken in enumerate(([], {"interface": "tcp://127.0.0.1", "registration": None}, {})):
            write_cluster(folder, f"x/{number}", broken)
        write_cluster(folder, "x/far", {"interface": "tcp://127.0.0.1", "registration": 1 << 20})
        found = [address for address in listed() if address.startswith("engines:")]
    assert found == ["engines:default", "engines:mpi/run7"]


def test_a_missing_library_is_named_for_a_kernel_and_hides_nothing_else(folder, monkeypatch):
    monkeypatch.setitem(sys.modules, "jupyter_core.paths", None)
    with pytest.raises(SourceUnsupported, match=r"the package 'jupyter_core.paths' is not installed; .*jupyter"):
        list_sources("kernel:")
    with Publisher("beside") as publisher:
        publisher.publish(np.zeros((3, 4)))
        assert "live:beside::beside" in listed()


def test_the_list_is_no_image():
    with pytest.raises(SourceUnsupported, match="it is a list"):
        RunningPrograms().feed("x")
