"""A chosen colormap whose file changes while the list of colormaps is closed."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from kit.patience import PATIENCE

from traitsview.color.catalogue import SHIPPED, catalogue
from traitsview.color.shelves.file_in_folder import FileInFolder
from traitsview.model.appearance import Appearance
from traitsview.view.colormaps import chosen_colormap
from traitsview.view.window import panel_of, process_events_until

RED, GREEN = "255 0 0\n0 0 0\n", "0 255 0\n0 0 0\n0 0 0\n"


class Disk:
    """A folder whose files are read when the disk `goes`; `readers` are the threads that waited for it."""

    def __init__(self, folder):
        self.path = folder / "edited.txt"
        self.goes, self.readers = threading.Event(), []
        self.goes.set()


@pytest.fixture
def disk(monkeypatch):
    """The user's folder with one colormap."""
    monkeypatch.setattr(chosen_colormap, "LOOK_MILLISECONDS", 10)
    folder = catalogue().folders()[0]
    folder.mkdir(parents=True, exist_ok=True)
    made, read = Disk(folder), FileInFolder._read

    def slowly(file):
        made.readers.append(threading.current_thread())
        assert made.goes.wait(PATIENCE)
        read(file)

    made.path.write_text(RED)
    catalogue().refresh()
    catalogue().get("user:edited")
    monkeypatch.setattr(FileInFolder, "_read", slowly)
    yield made
    made.goes.set()
    made.path.unlink(missing_ok=True)
    catalogue().refresh()


@pytest.fixture
def viewer(disk, open_window):
    """A viewer in a window that has the colormap of that file."""
    hand = open_window(np.arange(10_000.0).reshape(100, 100))
    hand.wait_exact()
    hand.viewer.appearance.colormap = "user:edited"
    assert first_of(hand.viewer) == [255, 0, 0, 255]
    return hand.viewer


def first_of(viewer):
    return viewer.shading.table[0].tolist()


def following(viewer):
    return panel_of(viewer)._chosen_colormap


def wait_for(condition):
    assert process_events_until(condition, PATIENCE)


def test_the_image_has_the_new_colours_soon(viewer, disk):
    disk.path.write_text(GREEN)
    wait_for(lambda: first_of(viewer) == [0, 255, 0, 255])
    assert viewer.status.notice == ""
    assert threading.main_thread() not in disk.readers
    disk.path.write_text("# COLOR_MODEL = RGB\n0 0 0 255 9 255 255 255\n")
    wait_for(lambda: first_of(viewer) == [0, 0, 255, 255])
    assert "made for values 0 … 9" in viewer.status.notice


def test_nobody_waits_for_a_disk_that_is_slow(viewer, disk):
    disk.goes.clear()
    disk.path.write_text(GREEN)
    wait_for(lambda: disk.readers)
    viewer.appearance.limits = (0, 5000)
    assert viewer.shading.limits == (0, 5000)
    assert first_of(viewer) == [255, 0, 0, 255]
    viewer.appearance.colormap = "viridis"
    viewer.appearance.colormap = "user:edited"
    assert first_of(viewer) == [255, 0, 0, 255]
    disk.goes.set()
    wait_for(lambda: first_of(viewer) == [0, 255, 0, 255])
    assert viewer.shading.limits == (0, 5000)
    assert threading.main_thread() not in disk.readers


def test_the_colours_stay_while_the_file_has_an_error_and_the_error_is_shown(viewer, disk):
    disk.path.write_text("255 0 0\n0 x 0\n")
    wait_for(lambda: viewer.status.notice)
    assert viewer.status.notice.startswith("edited.txt:2: ")
    assert first_of(viewer) == [255, 0, 0, 255]
    viewer.appearance.limits = (0, 10)
    assert first_of(viewer) == [255, 0, 0, 255]
    disk.path.write_text(GREEN)
    wait_for(lambda: first_of(viewer) == [0, 255, 0, 255])
    assert viewer.status.notice == ""
    disk.path.unlink()
    wait_for(lambda: viewer.status.notice)
    assert "it is not there any more" in viewer.status.notice
    viewer.appearance.inverted = True
    assert viewer.shading.table[255].tolist() == [0, 255, 0, 255]
    disk.path.write_text("0 0 255\n0 0 0\n")
    wait_for(lambda: viewer.shading.table[255].tolist() == [0, 0, 255, 255])
    assert viewer.status.notice == ""


def test_a_file_that_stays_changes_nothing_whatever_the_user_adds(viewer, monkeypatch):
    viewer.appearance.trait_set(under="white", inverted=True, limits=(3, 4))
    told, looks = [], []
    viewer.observe(told.append, "appearance.colormap")
    get = catalogue().get
    monkeypatch.setattr(catalogue(), "get", lambda name: looks.append(name) or get(name))
    wait_for(lambda: len(looks) > 2)
    assert set(looks) == {"user:edited"}
    assert told == []


def test_two_viewers_of_one_appearance_both_follow(disk, open_window):
    look = Appearance(colormap="user:edited")
    viewers = [open_window(np.ones((9, 9))).viewer for _ in range(2)]
    for viewer in viewers:
        viewer.appearance = look
    disk.path.write_text(GREEN)
    wait_for(lambda: all(first_of(viewer) == [0, 255, 0, 255] for viewer in viewers))


def test_a_file_that_is_read_after_the_window_closed_changes_nothing(disk, open_window):
    hand = open_window(np.ones((9, 9)), colormap="user:edited")
    told = []
    hand.viewer.appearance.observe(told.append, "colormap")
    disk.goes.clear()
    disk.path.write_text(GREEN)
    wait_for(lambda: disk.readers)
    worker = following(hand.viewer)._worker
    hand.panel.window().close()
    disk.goes.set()
    assert worker.wait_ended(PATIENCE)
    process_events_until(lambda: False, 0.05)
    assert told == []


@pytest.mark.parametrize("namespace", ["bids", SHIPPED, "session"])
def test_only_files_that_may_change_are_looked_at(viewer, namespace, tmp_path):
    path = tmp_path / "opened.txt"
    path.write_text(RED)
    catalogue().add_file(path)
    assert following(viewer)._every.isActive()
    viewer.appearance.colormap = next(each.id for each in catalogue().entries() if each.namespace == namespace)
    assert not following(viewer)._every.isActive()
    viewer.appearance.colormap = "user:edited_r"
    assert following(viewer)._every.isActive()
