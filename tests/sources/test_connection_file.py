"""Connection files of kernels: which one is meant, and why it cannot be used."""

from __future__ import annotations

import json
import os
import socket
import sys

import pytest

from traitsview.errors import RequestError, SourceNotFound, SourceUnreadable, SourceUnsupported
from traitsview.sources.services.kernel.connection_file import chosen, known_files, read_connection_file


@pytest.fixture
def runtime(tmp_path, monkeypatch):
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path))
    return tmp_path


@pytest.fixture
def listener():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


def write(folder, name, port=1, mode=0o600, **said):
    facts = {
        **{f"{channel}_port": port for channel in ("shell", "iopub", "stdin", "control", "hb")},
        "ip": "127.0.0.1",
        "transport": "tcp",
        "key": "secret",
        "signature_scheme": "hmac-sha256",
        **said,
    }
    path = folder / f"kernel-{name}.json"
    path.write_text(json.dumps({key: value for key, value in facts.items() if value is not None}))
    path.chmod(mode)
    return path


def test_the_newest_kernel_that_runs_is_meant_by_default(runtime, listener):
    for age, (name, port) in enumerate([("dead", 1), ("new", listener), ("old", listener)]):
        os.utime(write(runtime, name, port), (1e9 - age, 1e9 - age))
    assert chosen("").name == "new"
    assert chosen("old").name == "old"
    assert chosen(str(runtime / "kernel-old.json")).name == "old"


def test_a_part_of_the_name_must_mean_one_kernel(runtime, listener):
    write(runtime, "4f2a", listener)
    write(runtime, "4f77", listener)
    assert chosen("4f2").name == "4f2a"
    with pytest.raises(RequestError, match=r"several kernels are called '4f': 4f.*, 4f.*; write more of the name"):
        chosen("4f")


def test_the_whole_name_means_one_kernel_though_it_is_part_of_another_one(runtime, listener):
    write(runtime, "heat", listener)
    write(runtime, "heat-2", listener)
    assert chosen("heat").name == "heat"


def test_the_package_that_knows_where_kernels_are_is_named_if_it_is_missing(monkeypatch):
    monkeypatch.setitem(sys.modules, "jupyter_core.paths", None)
    with pytest.raises(
        SourceUnsupported, match=r"jupyter_core.* is not installed; install it with: pip install '.\[jupyter\]'"
    ):
        known_files()


@pytest.mark.parametrize("name", ["", "4f"])
def test_a_kernel_that_is_not_there_is_said(runtime, name):
    with pytest.raises(
        SourceNotFound, match=r"there is no kernel.*; start one, or give the path of its connection file"
    ):
        chosen(name)
    write(runtime, "77aa")
    with pytest.raises(SourceNotFound, match=r"there is no kernel '4f5'.*; 'traitsview ls kernel:' lists kernels"):
        chosen("4f5")


def test_a_kernel_that_has_ended_is_said(runtime):
    write(runtime, "4f2a")
    with pytest.raises(SourceUnreadable, match="cannot look into kernel '4f2a': nobody answers there: the kernel has"):
        chosen("4f")


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"mode": 0o644}, r"others can read its key \(mode 0644\), and so run code as you; start the kernel anew"),
        ({"key": ""}, "the kernel has no key, so anybody on this machine may run code in it"),
        ({"key": None}, "the file is no connection file: it has no 'key'"),
        ({"control_port": "x"}, "the file is no connection file: invalid literal"),
        ({"transport": "carrier pigeon"}, "the file is no connection file: it is of a kind"),
        ({"signature_scheme": "none"}, "the file is no connection file: it is of a kind"),
        ({"kernel_name": "x" * (1 << 17)}, "the file is no connection file"),
        ({"ip": "203.0.113.7"}, "the kernel is on another machine, 203.0.113.7; write 203.0.113.7:kernel:4f2a"),
    ],
)
def test_a_file_that_cannot_be_used_is_said(tmp_path, said, sentence):
    with pytest.raises(SourceUnreadable, match=f"cannot look into the kernel of '.*': {sentence}"):
        read_connection_file(write(tmp_path, "4f2a", **said))


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '"x"', "[" * 100_000, "\xff"])
def test_a_file_that_is_damaged_is_said(tmp_path, text):
    path = write(tmp_path, "4f2a")
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(SourceUnreadable, match="the file is no connection file"):
        read_connection_file(path)


def test_a_file_that_is_not_there_is_said(tmp_path):
    with pytest.raises(SourceNotFound, match="there is no such file"):
        read_connection_file(tmp_path / "kernel-4f2a.json")


def test_a_file_of_somebody_else_is_said(tmp_path, monkeypatch):
    path = write(tmp_path, "4f2a")
    monkeypatch.setattr(os, "getuid", lambda: 12345)
    with pytest.raises(SourceUnreadable, match="the file belongs to another user"):
        read_connection_file(path)


def test_a_kernel_with_sockets_in_the_file_system_is_found(tmp_path):
    file = read_connection_file(write(tmp_path, "4f2a", port=3, transport="ipc", ip=str(tmp_path / "kernel")))
    assert file.endpoint("control") == f"ipc://{tmp_path}/kernel-3"
    assert not file.is_listening
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(f"{tmp_path}/kernel-3")
        listening.listen()
        assert file.is_listening
