"""The layers of the program: who may import what, read from the source and proved in a fresh interpreter."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from kit.import_graph import imports, in_circles
from kit.patience import PATIENCE

ROOT = Path(__file__).parent.parent / "traitsview"

#: What a cluster node does not have.
DESKTOP = {"traits", "traitsui", "pyface", "enable", "kiva", "chaco", "envisage", "apptools", "PySide6", "shiboken6"}


@dataclass(frozen=True)
class Layer:
    """What the modules of a layer may import: layers of ours, and libraries beside the standard one."""

    layers: frozenset[str]
    libraries: frozenset[str]


def layer(layers: str = "", libraries: str = "") -> Layer:
    return Layer(frozenset(layers.split()), frozenset(libraries.split()))


HOST = "geometry errors numerals whole_numbers sources remote live"
VIEWER = "traits numpy"
WINDOW = "traits traitsui pyface enable kiva chaco numpy PySide6 qtconsole ipykernel"

#: The design's table.  A layer may always use itself.
LAYERS = {
    "errors": layer(),
    "numerals": layer(),
    "geometry": layer("errors numerals"),
    "compilation": layer("", "numba"),
    "flat_lines": layer("", "numpy"),
    "sampling": layer("", "numpy"),
    "available_memory": layer(),
    "user_folders": layer(),
    "whole_files": layer(),
    "whole_numbers": layer("", "numpy"),
    "sources": layer(
        "geometry errors numerals whole_numbers compilation flat_lines sampling live",
        "numpy numba astropy jupyter_client zmq ipyparallel IPython jupyter_core",
    ),
    "remote": layer(
        "available_memory geometry errors whole_numbers sources color user_folders", "numpy rpyc blosc2 cryptography"
    ),
    "live": layer("available_memory display errors", "numpy ipykernel"),
    "color": layer(
        "errors numerals whole_numbers compilation flat_lines sampling user_folders whole_files", "numpy cmap numba"
    ),
    "display": layer("errors"),
    "default_view": layer("model view"),
    "windows": layer("display errors model view"),
    "model": layer("geometry errors numerals whole_numbers sampling sources color user_folders whole_files", VIEWER),
    "view": layer("geometry errors numerals whole_numbers display sources color model opening live", WINDOW + " PIL"),
    "app": layer(
        HOST + " color display model view windows opening user_folders whole_files",
        WINDOW + " envisage apptools configobj",
    ),
    # pyface.qt is asked for Qt there, so that what is missing can be said in one line, and shibokensupport to be quick.
    "cli": layer(
        HOST + " color display model view windows app api opening whole_files", "numpy PIL pyface shibokensupport"
    ),
    "opening": layer(HOST),
    "testing": layer(HOST + " color model view", WINDOW + " pytest"),
    "api": layer(HOST + " color model windows default_view opening"),
    "__init__": layer(),
    "__main__": layer("cli"),
}


def rooms(**below: str) -> dict[str, frozenset[str]]:
    return {name: frozenset(others.split()) for name, others in below.items()}


#: Of the layers that have rooms, which of them a room may use.  A module that is in none is a room of its own; one that
#: is not in the table is "ground", which every room may use.
ROOMS = {
    "color": rooms(ground="", loaders="", shelves="loaders", catalogue="loaders shelves"),
    "sources": rooms(
        ground="",
        questions="",
        image_source="questions",
        wrapped_source="questions image_source",
        world="",
        reducing="",
        arrays="questions image_source reducing",
        derived="questions image_source wrapped_source",
        tiles="questions image_source wrapped_source",
        framed="questions image_source arrays",
        services="questions image_source arrays reducing framed",
        files="image_source arrays derived world services",
        registry="image_source arrays derived files services",
        listing="image_source files services registry",
    ),
    "remote": rooms(
        ground="",
        protocol="",
        wire="protocol",
        viewer="protocol wire",
        host="protocol wire",
        tunnel="",
        ssh="tunnel",
        tls="protocol tunnel",
        user_server="protocol host tunnel tls",
        routes="protocol viewer tunnel ssh tls user_server",
        diagnosis="protocol viewer tunnel ssh tls user_server routes",
    ),
    "model": rooms(
        ground="",
        loading="",
        keeping="",
        readout="loading",
        cursor_readout="loading readout",
        limits_of_part="loading",
        colormap_trial="keeping",
        status_words="readout",
        status="readout status_words",
        places="",
        colours="loading limits_of_part",
        viewer_sight="keeping",
        together="loading keeping viewer_sight",
        pixels="loading",
        charts="loading",
        live_frames="loading",
        recording="loading",
        image_viewer="loading readout cursor_readout limits_of_part status_words status places colours pixels charts "
        "live_frames recording",
    ),
    "view": rooms(
        ground="",
        qt="",
        image="qt",
        tools="qt image",
        colormaps="qt image tools",
        panels="qt image tools colormaps",
        console="qt",
        canvas="qt image tools",
        charts="qt image tools",
        shared_room="qt console charts",
        viewer_editor="qt image tools colormaps panels console canvas charts shared_room",
        shown_image="qt colormaps",
        window="qt image tools colormaps panels console canvas charts shared_room viewer_editor shown_image",
        published_view="qt window",
        __init__="qt",
    ),
}

#: Lines that a module has at most.
LONGEST = 400

# Modules that a cluster node runs, whatever their layer.
HOST_SIDE = (
    *("errors", "numerals", "whole_numbers", "geometry", "compilation", "flat_lines", "sampling", "user_folders"),
    *("available_memory", "sources", "remote", "live"),
    "color",
)


def modules() -> list[Path]:
    return sorted(path for path in ROOT.rglob("*.py"))


def layer_of(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def offences(path: Path) -> Iterator[str]:
    own = layer_of(path)
    allowed = LAYERS[own]
    for name, line in imports(path, ROOT):
        top, _, rest = name.partition(".")
        if top == "traitsview":
            wanted, known = rest.split(".")[0] or "__init__", allowed.layers | {own, "__init__"}
        else:
            wanted, known = top, allowed.libraries | sys.stdlib_module_names
        if wanted not in known and not rest.startswith("__"):
            yield f"traitsview/{path.relative_to(ROOT)}:{line}: '{own}' may not import {name}"


def test_every_module_belongs_to_a_layer():
    assert {layer_of(path) for path in modules()} <= set(LAYERS)


def test_imports_point_down():
    found = [offence for path in modules() for offence in offences(path)]
    assert not found, "\n" + "\n".join(found)


def room_of(name: str, layer: str) -> str:
    """Return the room of a layer that a module is in, by its name below the layer: ``files.npy``."""
    first = name.partition(".")[0] or "__init__"
    return first if first in ROOMS[layer] else "ground"


@pytest.mark.parametrize("layer", ROOMS)
def test_imports_between_the_rooms_of_a_layer_point_down(layer):
    found = []
    for path in (ROOT / layer).rglob("*.py"):
        own = room_of(".".join(path.relative_to(ROOT / layer).with_suffix("").parts), layer)
        for name, line in imports(path, ROOT):
            inner = name.removeprefix(f"traitsview.{layer}.")
            wanted = room_of(inner, layer)
            if inner != name and wanted not in ROOMS[layer][own] | {own, "ground"}:
                found.append(f"{path.relative_to(ROOT)}:{line}: '{own}' may not import {name}")
    assert not found, "\n" + "\n".join(found)


@pytest.mark.parametrize("layer", ROOMS)
def test_each_room_is_there_and_says_what_it_is_for(layer):
    folders = {path.parent.name for path in (ROOT / layer).glob("*/__init__.py")}
    assert folders <= set(ROOMS[layer])
    files = {path.stem for path in (ROOT / layer).glob("*.py")}
    assert set(ROOMS[layer]) <= folders | files | {"ground"}
    for folder in folders:
        assert (ROOT / layer / folder / "__init__.py").read_text(encoding="utf-8").startswith('"""'), folder


def test_no_module_is_long():
    long = {str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in modules()}
    assert not {name: lines for name, lines in long.items() if lines > LONGEST}


BELOW = {"layers": {name: each.layers for name, each in LAYERS.items()}, **ROOMS}


@pytest.mark.parametrize("which", BELOW)
def test_the_layers_and_the_rooms_of_each_form_no_circle(which):
    below = BELOW[which]
    done: set[str] = set()
    while len(done) < len(below):
        free = {name for name, layers in below.items() if name not in done and layers <= done}
        assert free, f"a circle among {set(below) - done}"
        done |= free


def test_no_modules_import_each_other_in_a_circle():
    circle = in_circles(ROOT)
    assert not circle, {path.name: sorted(other.name for other in others) for path, others in circle.items()}


def test_a_circle_is_seen_however_it_is_closed(tmp_path):
    package = tmp_path / "traitsview"
    (package / "inner").mkdir(parents=True)
    (package / "one.py").write_text("from .inner import two\n")
    (package / "inner" / "two.py").write_text("def late():\n    from ..three import name\n")
    (package / "three.py").write_text(
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import traitsview.one\n"
    )
    (package / "user.py").write_text("from . import one\nfrom .used import name\n")
    (package / "used.py").write_text("import numpy\n")
    assert {path.name for path in in_circles(package)} == {"one.py", "two.py", "three.py"}


def test_the_check_sees_what_it_must(tmp_path, monkeypatch):
    package = tmp_path / "traitsview" / "color"
    package.mkdir(parents=True)
    monkeypatch.setattr(sys.modules[__name__], "ROOT", tmp_path / "traitsview")
    module = package / "bad.py"
    module.write_text(
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import traits\n"
        "import numpy, PySide6.QtCore\nfrom ..sources import x\nfrom .. import view\nfrom . import limits\n"
        "def f():\n    import chaco.api\n    from traitsview.model.a import b\n"
    )
    assert [offence.rpartition(" ")[2] for offence in offences(module)] == [
        "PySide6.QtCore",
        "traitsview.sources",
        "traitsview.view",
        "chaco.api",
        "traitsview.model.a",
    ]


def host_side_modules() -> list[str]:
    paths = [path for path in modules() if layer_of(path) in HOST_SIDE]
    return [".".join(("traitsview", *path.relative_to(ROOT).with_suffix("").parts)) for path in paths]


@pytest.mark.parametrize("start", [[], ["traitsview.cli.main"]], ids=["libraries", "command"])
def test_the_host_side_brings_no_desktop_along(start):
    names = start or host_side_modules()
    code = (
        "import importlib, json, sys\n"
        f"for name in {names!r}: importlib.import_module(name)\n"
        "print(json.dumps(sorted({name.partition('.')[0] for name in sys.modules})))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert run.returncode == 0, run.stderr
    assert not DESKTOP & set(json.loads(run.stdout))


def rows_of(table: list[str]) -> dict[str, str]:
    """Return the first and the last cell of each row of a simple table, whose cells may go on in the next lines."""
    edges = [(match.start(), match.end()) for match in re.finditer("=+", table[0])]
    found: dict[str, str] = {}
    for line in table[1:]:
        name, last = line[: edges[0][1]].strip(), line[edges[-1][0] :].strip()
        if name:
            found[name] = last
        elif found:
            found[next(reversed(found))] += " " + last
    return found


def test_the_page_of_layers_names_every_layer_and_every_room_with_the_rooms_that_it_may_use():
    lines = (ROOT.parent / "docs" / "design" / "layers.rst").read_text(encoding="utf-8").splitlines()
    rooms = {}
    for at, line in enumerate(lines):
        head = re.match(r"room of ``(\w+)/``", line)
        if head:
            rows = rows_of([lines[at - 1], *lines[at + 2 : lines.index(lines[at - 1], at + 2)]])
            rooms[head[1]] = {
                re.sub(r"[`/]", "", name): frozenset(re.findall(r"``(\w+)``", others)) for name, others in rows.items()
            }
    assert rooms == {layer: {n: o for n, o in below.items() if n != "ground"} for layer, below in ROOMS.items()}
    layers = {match[1] for line in lines if (match := re.match(r"``(\w+)(?:/|\.py)`` +\S", line))}
    assert layers >= LAYERS.keys() - {"__init__", "__main__"}
