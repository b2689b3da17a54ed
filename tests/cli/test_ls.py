"""The command ``ls``: what can be looked at, in columns and as JSON."""

from __future__ import annotations

import json
import os
from contextlib import ExitStack

import numpy as np
import pytest
from kit.kernels import Kernel
from kit.sshd import ALIAS, Sshd, needs_sshd

from traitsview.cli.main import DONE, FAILED, WRONG_USAGE, main
from traitsview.live import Publisher


@pytest.fixture
def folder(tmp_path):
    np.save(tmp_path / "a.npy", np.zeros((3, 40), np.float32))
    np.save(tmp_path / "b.npy", np.zeros((2, 3, 4, 3), np.uint8))
    np.savez(tmp_path / "c.npz", rho=np.zeros((5, 6)), counts=np.zeros((7, 8), np.int32))
    (tmp_path / "notes.txt").write_text("nothing to look at")
    (tmp_path / "broken.npy").write_bytes(b"\x93NUMPY")
    (tmp_path / "inner").mkdir()
    return tmp_path


def listed(capsys, *words):
    assert main(["ls", *words]) == DONE
    return capsys.readouterr().out


def test_the_images_of_a_folder_are_listed_in_columns(folder, capsys):
    assert listed(capsys, str(folder)).splitlines() == [
        f"{folder}/a.npy  3 × 40         float32, little-endian",
        f"{folder}/b.npy  2 × 3 × 4 × 3  uint8",
        f"{folder}/c.npz  5 × 6          float64, little-endian  2 images",
    ]


def test_the_images_inside_a_file_are_listed(folder, capsys):
    found = json.loads(listed(capsys, f"{folder}/c.npz", "--json"))
    assert [(each["name"], each["address"], each["shape"], each["dtype"]) for each in found] == [
        ("rho", f"{folder}/c.npz::rho", [5, 6], "<f8"),
        ("counts", f"{folder}/c.npz::counts", [7, 8], "<i4"),
    ]


def test_a_file_with_one_image_is_listed_by_itself(folder, capsys):
    (found,) = json.loads(listed(capsys, f"{folder}/a.npy", "--json"))
    assert found == {
        "name": "a.npy",
        "address": f"{folder}/a.npy",
        "shape": [3, 40],
        "dtype": "<f4",
        "detail": "",
    }


@pytest.mark.parametrize(
    ("place", "code", "said"),
    [
        ("/no/such/place", FAILED, "cannot open '/no/such/place': no such file"),
        ("dask:x", FAILED, "cannot list 'dask:x': nothing of that kind can be listed; give a file, a folder or one of"),
        ("", WRONG_USAGE, "no source: the name is empty"),
    ],
)
def test_what_cannot_be_listed_is_said(place, code, said, capsys):
    assert main(["ls", place]) == code
    assert capsys.readouterr().err.startswith(f"traitsview: {said}")


def test_kernels_and_their_arrays_are_listed(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path))
    (tmp_path / "kernel-dead.json").write_text("{}")
    kernel, other = (Kernel(tmp_path, name, JPY_SESSION_NAME="/home/me/heat.ipynb") for name in ("one", "other"))
    try:
        kernel.set({"rho": np.zeros((3, 4), np.float32), "counts": np.zeros((5, 6, 7), np.int16)})
        found = {each["address"]: each for each in json.loads(listed(capsys, "kernel:", "--json"))}
        assert set(found) == {"kernel:one?rho", "kernel:one?counts", "kernel:other"}
        assert (found["kernel:one?counts"]["shape"], found["kernel:one?counts"]["dtype"]) == ([5, 6, 7], "<i2")
        assert found["kernel:one?rho"]["detail"] == f"heat.ipynb, process {kernel.pid}"
        assert found["kernel:other"]["detail"] == f"heat.ipynb, process {other.pid}, no arrays"
        assert listed(capsys, "kernel:one").splitlines()[0].startswith("kernel:one?rho")
    finally:
        kernel.close()
        other.close()


@pytest.mark.parametrize("before", ["", pytest.param(f"{ALIAS}:", marks=needs_sshd)])
def test_what_is_published_is_listed_here_and_on_a_host(before, capsys, monkeypatch):
    name = f"ls-{os.getpid()}"
    with ExitStack() as stack:
        if before:
            daemon = Sshd()
            stack.callback(daemon.close)
            daemon.start()
            monkeypatch.setenv("TRAITSVIEW_SSH", daemon.command)
        for part in range(2):
            publisher = stack.enter_context(Publisher(f"{name}/{part}"))
            publisher.publish(np.zeros((3, 4), np.float32), speed=np.zeros(5), step=7)
        lines = [
            (f"{before}live:{name}/{part}::{array}", shape) for part in (1, 0) for array, shape in arrays(name, part)
        ]
        assert {address for address, _ in lines} <= {*listed(capsys, f"{before}live:").split()}
        found = json.loads(listed(capsys, f"{before}live:{name}/*", "--json"))
        assert [(each["address"], each["shape"]) for each in found] == lines
        assert found[0]["detail"] == f"step 7, process {os.getpid()}, of {name}/1"
        found = json.loads(listed(capsys, f"{before}live:{name}/0", "--json"))
        assert [(each["address"], each["shape"]) for each in found] == lines[2:]
        assert main([f"{before}live:"]) == DONE
        assert {address for address, _ in lines} <= {*capsys.readouterr().out.split()}


def arrays(name, part):
    return [(f"{name}/{part}", [3, 4]), ("speed", [5])]


def test_an_empty_list_is_said(capsys):
    assert main(["ls", "live:nobody-publishes-this"]) == DONE
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", "traitsview: note: there is nothing at 'live:nobody-publishes-this' now\n")
