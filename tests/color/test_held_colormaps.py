"""Colormaps as they were when they were last read, for who cannot wait for a disk."""

from __future__ import annotations

import json
import sys
import threading

import pytest
from kit.patience import PATIENCE

from traitsview.color.catalogue import Catalogue
from traitsview.color.colormap import Colormap
from traitsview.color.shelves import folders
from traitsview.errors import ColormapError

RED, GREEN = "255 0 0\n0 0 0\n", "0 255 0\n0 0 0\n0 0 0\n"


@pytest.fixture
def user(tmp_path, monkeypatch):
    """The user's folder."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv("TRAITSVIEW_COLORMAP_PATH", raising=False)
    folder = tmp_path / "config" / "traitsview" / "colormaps"
    folder.mkdir(parents=True)
    return folder


def first_of(found):
    return found.lut(2)[0, :3].tolist()


def two_maps(*reds):
    """Return a file of ParaView with the colormaps ``one``, ``two`` … that begin with so much red."""
    names = ("one", "two", "three")
    return json.dumps(
        [
            {"Name": name, "ColorSpace": "RGB", "RGBPoints": [0, red, 0, 0, 1, 0, 0, 1]}
            for name, red in zip(names, reds, strict=False)
        ]
    )


def test_what_was_read_is_held_whatever_becomes_of_its_file(user):
    path = user / "mine.txt"
    path.write_text(RED)
    known = Catalogue()
    before = known.get("mine")
    assert known.held("mine") is before
    assert first_of(known.held("mine_r")) == [0, 0, 0]
    path.write_text(GREEN)
    assert known.held("mine") is before
    known.refresh()  # which reads nothing
    assert known.held("mine") is before
    after = known.get("mine")
    assert first_of(after) == [0, 1, 0]
    assert known.held("mine") is after
    path.write_text("no colours\n")
    with pytest.raises(ColormapError, match=r"mine\.txt"):
        known.get("mine")
    assert known.held("mine") is after
    path.unlink()
    for _ in range(2):
        with pytest.raises(ColormapError, match="it is not there any more"):
            known.get("mine")
    assert known.held("mine") is after
    assert known.held("MINE") is after


def test_no_file_and_no_folder_is_looked_at_for_it(user):
    (user / "mine.txt").write_text(RED)
    known = Catalogue()
    known.get("mine")
    looked = []

    def note(name, words):
        if looked is not None and name in ("open", "os.scandir", "os.listdir") and str(user) in str(words[0]):
            looked.append(name)

    sys.addaudithook(note)
    known.get("mine")
    known.held("mine")
    assert looked == []
    (user / "mine.txt").write_text(GREEN)
    looked.clear()
    known.held("mine")
    assert looked == []
    known.get("mine")
    assert {"os.scandir", "open"} <= set(looked)
    looked = None  # a hook stays until the process ends


def test_a_map_of_a_file_with_several_is_held_while_nobody_knows_what_is_in_the_file(user):
    path = user / "pair.json"
    path.write_text(two_maps(1, 0.5))
    known = Catalogue()
    second = known.get("pair/two")
    path.write_text(two_maps(1, 0.25, 0.75))
    known.refresh()
    assert known.held("pair/two") is second
    assert first_of(known.get("pair/two")) == [0.25, 0, 0]
    assert first_of(known.held("pair/two")) == [0.25, 0, 0]
    path.write_text(two_maps(1))
    with pytest.raises(ColormapError, match="pair/two': it is not there any more"):
        known.get("pair/two")
    assert first_of(known.held("pair/two")) == [0.25, 0, 0]


def test_what_was_never_read_is(user):
    (user / "mine.txt").write_text(RED)
    (user / "bad.txt").write_text("no colours\n")
    known = Catalogue()
    assert first_of(known.held("mine")) == [1, 0, 0]
    assert known.held("viridis") is known.get("viridis")
    with pytest.raises(ColormapError, match=r"bad\.txt"):
        known.held("bad")
    with pytest.raises(ColormapError, match="unknown colormap 'nowhere'"):
        known.held("nowhere")
    with pytest.raises(ColormapError, match="not the name of a colormap"):
        known.held(3)


def test_what_was_opened_anew_is_not_held_as_it_was(tmp_path):
    path = tmp_path / "opened.txt"
    path.write_text(RED)
    known = Catalogue()
    [id] = known.add_file(path)
    assert first_of(known.held(id)) == [1, 0, 0]
    path.write_text(GREEN)
    known.add_file(path)
    assert first_of(known.held(id)) == [0, 1, 0]
    known.add(Colormap.from_colors("viridis", [(0, 0, 1, 1)] * 2))
    assert first_of(known.held("viridis")) == [0, 0, 1]


def test_nobody_who_asks_for_what_is_known_waits_for_a_look_at_the_folders(user, monkeypatch):
    (user / "mine.txt").write_text(RED)
    known = Catalogue()
    known.entries()
    known.get("mine")
    looks, goes = threading.Event(), threading.Event()
    files_in = folders.files_in

    def slowly(folder):
        looks.set()
        assert goes.wait(PATIENCE)
        return files_in(folder)

    monkeypatch.setattr(folders, "files_in", slowly)
    looking = threading.Thread(target=known.refresh)
    looking.start()
    assert looks.wait(PATIENCE)
    assert first_of(known.held("mine")) == [1, 0, 0]
    assert known.entry("mine").id == "user:mine"
    assert known.failures() == ()
    assert "user:mine" in {entry.id for entry in known.entries()}
    assert looking.is_alive()
    goes.set()
    looking.join(PATIENCE)
    assert not looking.is_alive()
