"""An appearance goes from one window to another by the clipboard."""

from __future__ import annotations

import json
import subprocess
import sys

import numpy as np
from kit.patience import PATIENCE
from pyface.qt import QtCore, QtGui

from traitsview.color.catalogue import catalogue
from traitsview.color.colormap import Colormap

BOTH = QtCore.Qt.ControlModifier | QtCore.Qt.ShiftModifier


def copy(hand):
    hand.key(QtCore.Qt.Key_C, BOTH)


def paste(hand):
    hand.key(QtCore.Qt.Key_V, BOTH)


def test_the_whole_look_arrives_in_another_window(hand, open_window):
    other = open_window(np.arange(100.0).reshape(10, 10))
    hand.viewer.appearance.trait_set(
        colormap="crameri:batlow", scale="log", limits=(1, 20000), inverted=True, contrast=2.0, bias=0.3
    )
    copy(hand)
    paste(other)
    assert other.viewer.appearance.look == hand.viewer.appearance.look
    assert other.viewer.status.fault == ""


def test_a_colormap_that_only_one_program_has_comes_along(hand, open_window):
    mine = Colormap.from_colors("mine only", [(1.0, 0.0, 0.0, 1.0), (0.0, 0.0, 1.0, 1.0)], flat=True)
    hand.viewer.appearance.colormap = mine
    copy(hand)
    other = open_window(np.arange(100.0).reshape(10, 10))
    paste(other)
    assert other.viewer.appearance.colormap == "session:mine only"
    assert np.array_equal(other.viewer.shading.table[:2], [[255, 0, 0, 255], [0, 0, 255, 255]])
    assert "not here any more" in other.viewer.shown


def test_a_name_that_means_something_else_here_is_told(hand, tmp_path):
    path = tmp_path / "same name.txt"
    path.write_text("255 0 0\n0 0 255\n")
    hand.viewer.appearance.colormap = catalogue().add_file(path)[0]
    copy(hand)
    path.write_text("0 255 0\n0 255 0\n")
    catalogue().add_file(path)
    hand.viewer.appearance.colormap = "gray"
    paste(hand)
    assert hand.viewer.shading.table[0].tolist() == [255, 0, 0, 255]
    assert "is another one here" in hand.viewer.shown


def test_what_is_something_else_is_refused_in_words(hand):
    before = hand.viewer.appearance.look
    clipboard = QtGui.QApplication.clipboard()
    clipboard.clear()
    paste(hand)
    assert "there is none on the clipboard" in hand.viewer.shown
    clipboard.setText("buy milk")
    paste(hand)
    assert "not an appearance: it is 'buy milk'" in hand.viewer.shown
    clipboard.setText('{"colormap": ')
    paste(hand)
    assert "not an appearance" in hand.viewer.shown
    assert hand.viewer.appearance.look == before


def test_the_text_is_there_for_other_programs(hand):
    copy(hand)
    assert json.loads(QtGui.QApplication.clipboard().text())["colormap"] == "gray"


def test_a_program_that_has_copied_one_ends_well(tmp_path):
    script = (
        "from pyface.qt import QtGui; application = QtGui.QApplication([])\n"
        "from traitsview.model.image_viewer import ImageViewer\n"
        "from traitsview.view.colormaps.appearance_clipboard import copy_appearance\n"
        "copy_appearance(ImageViewer())\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True, timeout=PATIENCE)
