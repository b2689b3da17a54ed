"""The table of commands, and what is made from it: keys, tool tips, menus, and the list of keys in the window."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from operator import attrgetter
from pathlib import Path
from types import SimpleNamespace

import pytest
from pyface.qt import QtCore, QtGui
from PySide6.QtTest import QTest

from traitsview.sources.image_source import ImageSource
from traitsview.view.tools import commands
from traitsview.view.tools.commands import CANCEL, COMMANDS, GESTURES, command_for, key_rows, key_text, menu_groups

DOCS = Path(__file__).parents[2] / "docs"


def pressed(character, **held):
    """Return a key event as Enable has it."""
    return SimpleNamespace(
        character=character, **{f"{key}_down": held.get(key, False) for key in ("alt", "control", "shift")}
    )


def labels(hand):
    """Return the texts of the list of keys, and the keys that its frames stand for."""
    shown = hand.panel.findChild(QtGui.QFrame, "keys")
    texts = [label.text() for label in shown.findChildren(QtGui.QLabel)]
    return texts, [widget.accessibleName() for widget in shown.findChildren(QtGui.QWidget) if widget.accessibleName()]


def test_no_key_stands_for_two_commands():
    over_image = Counter(key for command in COMMANDS.values() for key in command.keys)
    in_menus = Counter(command.shortcut for command in COMMANDS.values() if command.menu and command.shortcut)
    assert over_image.most_common(1)[0][1] == in_menus.most_common(1)[0][1] == 1
    for key in over_image.keys() & in_menus.keys():
        (command,) = (command for command in COMMANDS.values() if command.shortcut == key)
        assert key in command.keys


@pytest.mark.parametrize(
    ("event", "name"),
    [
        (pressed("f"), "fit"),
        (pressed("f", shift=True), "fit"),
        (pressed("="), "zoom_in"),
        (pressed("+", shift=True), "zoom_in"),
        (pressed("-"), "zoom_out"),
        (pressed("Left"), "pan_left"),
        (pressed("Left", alt=True), "back"),
        (pressed("c"), "color_panel"),
        (pressed("c", control=True, shift=True), "copy_look"),
        (pressed("?", shift=True), "show_keys"),
        (pressed("Esc"), CANCEL.name),
    ],
)
def test_a_key_finds_its_command(event, name):
    assert command_for(event) is COMMANDS[name]


@pytest.mark.parametrize(
    "event",
    [
        pressed("c", control=True),
        pressed("f", control=True, shift=True),
        pressed("f", alt=True),
        pressed("c", control=True, shift=True, alt=True),
        pressed("ø"),
        pressed("F1"),
    ],
)
def test_keys_that_stand_for_nothing_find_none(event):
    assert command_for(event) is None


def test_tool_tips_name_the_first_key_and_the_gesture():
    assert COMMANDS["back"].full_tip == "Back to the place before  (Alt+←)"
    assert COMMANDS["box"].full_tip == "Zoom to a box: drag it  (B, or Shift and drag)"
    assert COMMANDS["retry"].full_tip == "Try to reach the source at once"


def test_buttons_name_their_keys(hand):
    tips = {button.text(): button.toolTip() for button in hand.panel.toolbar.findChildren(QtGui.QToolButton)}
    assert tips["Fit"] == "Show the whole image  (F)"
    assert tips["1:1"] == "One element per screen pixel  (1)"
    assert hand.panel.toolbar.colormaps.toolTip().endswith("(M)")


def test_keys_are_written_as_people_know_them():
    assert [key_text(key) for key in ("Alt+Left", "+", "Ctrl+Shift+C", "Page Up", "F")] == [
        *("Alt+←", "+", "Ctrl+Shift+C", "Page Up", "F")
    ]


def test_each_key_over_the_image_is_in_the_list_once():
    listed = [key for keys, _ in key_rows() for key in keys]
    assert sorted(listed) == sorted(key_text(key) for command in COMMANDS.values() for key in command.keys)
    assert len({tip for _, tip in key_rows()}) == len(key_rows())


MENUS = ("File", "Edit", "View")


def test_each_command_of_a_menu_is_in_one_group_of_it():
    names = [command.name for menu in MENUS for _, entries in menu_groups(menu) for _, command in entries]
    assert sorted(names) == sorted(command.name for command in COMMANDS.values() if command.menu)


def test_a_command_joins_its_group_wherever_its_row_is(monkeypatch):
    late = commands.Command("late", "Late", print, menu="View/zoom/&Late")
    monkeypatch.setitem(COMMANDS, "late", late)
    groups = [group for group, _ in menu_groups("View")]
    assert len(groups) == len(set(groups))
    assert dict(menu_groups("View"))["zoom"][-1] == ("&Late", late)


@pytest.mark.parametrize("menu", MENUS)
def test_no_letter_of_a_menu_stands_for_two_entries(menu):
    letters = Counter(
        letter.lower() for _, entries in menu_groups(menu) for text, _ in entries for letter in re.findall("&(.)", text)
    )
    assert not [letter for letter, count in letters.items() if count > 1]


def test_a_menu_can_observe_whether_it_offers_a_command(hand):
    for enabled in {command.enabled for command in COMMANDS.values()}:
        assert isinstance(attrgetter(enabled)(hand.viewer), bool | ImageSource)
        hand.viewer.observe(print, enabled)
        hand.viewer.observe(print, enabled, remove=True)


def test_the_list_of_keys_opens_and_closes_by_its_key(hand):
    hand.key(QtCore.Qt.Key_Question, QtCore.Qt.ShiftModifier)
    shown = QtGui.QApplication.activePopupWidget()
    assert shown.isVisible()
    texts, keys = labels(hand)
    assert {tip for _, tip in key_rows()} <= set(texts)
    assert {gesture.hand for gesture in GESTURES} <= set(texts)
    assert keys == [", ".join(of_row) for of_row, _ in key_rows()]
    QTest.keyClick(shown, "?", QtCore.Qt.ShiftModifier)
    assert not shown.isVisible()


@pytest.mark.parametrize("key", [QtCore.Qt.Key_Escape, "?"])
def test_the_list_of_keys_leaves_the_viewer_as_it_was(hand, key):
    before = hand.viewer.viewport, hand.viewer.appearance.look
    hand.key(QtCore.Qt.Key_Question, QtCore.Qt.ShiftModifier)
    shown = QtGui.QApplication.activePopupWidget()
    for other in ("f", "1", "i", "c"):
        QTest.keyClick(shown, other)
    QTest.keyClick(shown, key)
    assert not shown.isVisible()
    assert (hand.viewer.viewport, hand.viewer.appearance.look) == before
    assert not hand.panel.canvas.navigation.coloring


def test_the_list_of_keys_stays_on_the_screen(hand):
    hand.panel.window().move(-2000, 5000)
    hand.key(QtCore.Qt.Key_Question, QtCore.Qt.ShiftModifier)
    shown = QtGui.QApplication.activePopupWidget()
    assert shown.screen().availableGeometry().contains(shown.geometry())
    shown.hide()


def test_the_committed_tables_of_mouse_and_keys_are_current():
    table = [sys.executable, "-W", "ignore", str(DOCS / "key_table.py"), "--check"]
    assert subprocess.run(table, check=False).returncode == 0, "run 'python docs/key_table.py'"
