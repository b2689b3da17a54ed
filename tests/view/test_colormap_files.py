"""Colormap files that are dropped onto the image or opened."""

from __future__ import annotations

import json

import numpy as np
from kit.patience import PATIENCE
from pyface.qt import QtCore, QtGui
from PySide6.QtTest import QTest

from traitsview.color.catalogue import catalogue
from traitsview.view.window import process_events_until

THREE = "255 0 0\n0 255 0\n0 0 255\n"


def drop(hand, *urls, widget=None):
    """Drag URLs onto the image and let go; return whether they were taken."""
    target = widget or hand.control
    data = QtCore.QMimeData()
    data.setUrls([QtCore.QUrl(url) if isinstance(url, str) else QtCore.QUrl.fromLocalFile(str(url)) for url in urls])
    place, buttons = hand.center, QtCore.Qt.LeftButton
    modifiers, actions = QtCore.Qt.NoModifier, QtCore.Qt.CopyAction | QtCore.Qt.MoveAction
    enter = QtGui.QDragEnterEvent(place, actions, data, buttons, modifiers)
    QtCore.QCoreApplication.sendEvent(target, enter)
    if not enter.isAccepted() or enter.dropAction() == QtCore.Qt.IgnoreAction:
        return False
    dropped = QtGui.QDropEvent(QtCore.QPointF(place), actions, data, buttons, modifiers)
    QtCore.QCoreApplication.sendEvent(target, dropped)
    return dropped.isAccepted()


def wait_for(condition):
    assert process_events_until(condition, PATIENCE)


def test_a_file_dropped_on_the_image_is_chosen(hand, tmp_path):
    path = tmp_path / "three.txt"
    path.write_text(THREE)
    assert drop(hand, path)
    wait_for(lambda: hand.viewer.appearance.colormap == "session:three")
    assert hand.viewer.status.fault == ""
    hand.wait_exact()
    middle = hand.control.mapTo(hand.panel.window(), hand.center)
    red, green, blue, _ = hand.paint().pixelColor(middle).getRgb()
    assert green > 200 > red + blue


def test_dropping_it_again_reads_it_again(hand, tmp_path):
    path = tmp_path / "again.txt"
    path.write_text(THREE)
    drop(hand, path)
    wait_for(lambda: hand.viewer.appearance.colormap == "session:again")
    path.write_text("0 0 0\n0 0 0\n0 0 255\n")
    drop(hand, path)
    wait_for(lambda: hand.viewer.shading.table[100, 1] == 0)
    assert hand.viewer.appearance.colormap == "session:again"


def test_an_error_of_a_file_is_shown_and_nothing_else_changes(hand, tmp_path):
    path = tmp_path / "broken.cpt"
    path.write_text("0 red 1 dog\n")
    before = hand.viewer.appearance.look
    drop(hand, path)
    wait_for(lambda: hand.viewer.status.fault)
    assert "broken.cpt" in hand.viewer.shown
    assert hand.viewer.appearance.look == before
    drop(hand, tmp_path / "nowhere.txt")
    wait_for(lambda: "nowhere.txt" in hand.viewer.status.fault)
    drop(hand, tmp_path)
    wait_for(lambda: tmp_path.name in hand.viewer.status.fault)


def test_an_image_is_not_taken_for_a_colormap(hand, tmp_path):
    np.save(tmp_path / "image.npy", np.zeros(80, np.uint8))
    drop(hand, tmp_path / "image.npy")
    wait_for(lambda: hand.viewer.status.fault)
    assert "image.npy: it is an image, not a colormap" in hand.viewer.status.fault
    assert hand.viewer.appearance.colormap == "gray"


def test_the_user_chooses_one_of_several_colormaps_in_the_picker(hand, tmp_path):
    paths = [tmp_path / "one.txt", tmp_path / "two.txt"]
    for path in paths:
        path.write_text(THREE)
    drop(hand, *paths)
    menu = hand.panel.toolbar.colormaps
    wait_for(lambda: menu.picker.isVisible())
    assert [row.name for row in menu.picker.choice.rows] == ["one", "two"]
    assert hand.viewer.appearance.colormap == "session:one"
    menu.picker.hide()
    assert hand.viewer.appearance.colormap == "gray"


def test_of_a_file_with_several_colormaps_one_is_chosen_too(hand, tmp_path):
    maps = [
        {"Name": name, "ColorSpace": "RGB", "RGBPoints": [0, 0, 0, 0, 1, *color]}
        for name, color in (("To red", (1, 0, 0)), ("To blue", (0, 0, 1)))
    ]
    path = tmp_path / "two.json"
    path.write_text(json.dumps(maps))
    drop(hand, path)
    picker = hand.panel.toolbar.colormaps.picker
    wait_for(lambda: picker.isVisible())
    assert [row.name for row in picker.choice.rows] == ["two/To red", "two/To blue"]
    QTest.keyClick(picker.search, QtCore.Qt.Key_Down)
    QTest.keyClick(picker.search, QtCore.Qt.Key_Return)
    assert hand.viewer.appearance.colormap == "session:two/To blue"
    assert hand.viewer.shading.table[255].tolist() == [0, 0, 255, 255]


def test_a_dropped_address_of_another_machine_is_refused_and_texts_are_not_taken(hand):
    drop(hand, "https://example.org/a.cpt")
    assert "it is not on this machine" in hand.viewer.status.fault
    data = QtCore.QMimeData()
    data.setText("viridis")
    enter = QtGui.QDragEnterEvent(hand.center, QtCore.Qt.CopyAction, data, QtCore.Qt.LeftButton, QtCore.Qt.NoModifier)
    QtCore.QCoreApplication.sendEvent(hand.control, enter)
    assert enter.dropAction() == QtCore.Qt.IgnoreAction


def test_what_was_lost_or_stated_is_said_once(hand, tmp_path):
    path = tmp_path / "depth.cpt"
    path.write_text("-100 0 0 0 50 255 255 255\n")
    hand.panel.colormap_files.open([str(path)])
    wait_for(lambda: hand.viewer.appearance.colormap == "session:depth")
    assert "made for values -100 … 50" in hand.viewer.shown
    hand.viewer.appearance.colormap = "gray"
    assert "made for" not in hand.viewer.shown


def test_the_button_asks_for_a_file(hand, tmp_path, monkeypatch):
    path = tmp_path / "asked.txt"
    path.write_text(THREE)
    monkeypatch.setattr(QtGui.QFileDialog, "getOpenFileName", lambda *args: (str(path), ""))
    hand.key(QtCore.Qt.Key_M)
    picker = hand.panel.toolbar.colormaps.picker
    button = next(b for b in picker.findChildren(QtGui.QToolButton) if b.text() == "Open file…")
    button.click()
    assert not picker.isVisible()
    wait_for(lambda: hand.viewer.appearance.colormap == "session:asked")
    assert "session:asked" in {entry.id for entry in catalogue().entries()}


def test_a_file_that_is_read_after_the_window_closed_changes_nothing(hand, tmp_path):
    path = tmp_path / "late.txt"
    path.write_text(THREE)
    hand.panel.colormap_files.open([str(path)])
    hand.panel.window().close()
    worker = hand.panel.colormap_files._worker
    assert worker.wait_ended(PATIENCE)
    process_events_until(lambda: False, 0.05)
    assert hand.viewer.appearance.colormap == "gray"
