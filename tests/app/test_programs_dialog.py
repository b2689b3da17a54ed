"""The dialog of running programs, in real windows with real programs."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from kit.kernels import Kernel
from kit.patience import PATIENCE
from pyface.qt import QtCore, QtGui
from PySide6.QtTest import QTest

from traitsview.app.application import ViewerApplication
from traitsview.app.programs_dialog import ProgramsDialog
from traitsview.app.viewer_plugin import ViewerPlugin
from traitsview.live import Publisher
from traitsview.sources.arrays.array_source import ArraySource
from traitsview.sources.services.namespace import Variable
from traitsview.sources.source_link import SourceLink
from traitsview.view.window import process_events_until

KERNEL = Variable("4f2a", "kernel:4f2a", detail="since 2026-01-01 10:00")
RHO = Variable("<b>rho</b>", "kernel:4f2a?rho", (3, 4), "<f4", "process 7")


class Hand:
    """A dialog, and what a user sees in it and does."""

    def __init__(self, dialog):
        self.dialog, self.tree = dialog, dialog.tree

    def wait_for(self, condition):
        assert process_events_until(condition, PATIENCE), (self.rows(), self.dialog.state.text())

    def items(self):
        tops = [self.tree.topLevelItem(k) for k in range(self.tree.topLevelItemCount())]
        return [item for top in tops for item in (top, *(top.child(k) for k in range(top.childCount())))]

    def rows(self):
        return [item.text(0) for item in self.items()]

    def item(self, text, below=""):
        """Return the row with a text, the one below another row if there are several."""
        self.wait_for(lambda: text in self.rows())
        return next(
            item
            for item in self.items()
            if item.text(0) == text and (not below or (item.parent() and item.parent().text(0) == below))
        )

    def click(self, item, double=False):
        place = self.tree.visualItemRect(item).center()
        clicks = [QTest.mouseClick] + [QTest.mouseDClick] * double
        for click in clicks:
            click(self.tree.viewport(), QtCore.Qt.LeftButton, QtCore.Qt.NoModifier, place)


@pytest.fixture
def application(tmp_path, monkeypatch):
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    application = ViewerApplication(plugins=[ViewerPlugin()], home=str(tmp_path / "home"))
    assert application.gui is not None
    application.start()
    application._create_windows()
    yield application
    for window in list(application.windows):
        window.close()
    application.stop()
    assert process_events_until(
        lambda: not any(thread.name.startswith("traitsview ") for thread in threading.enumerate()), PATIENCE
    )


@pytest.fixture
def asked_for(application):
    """The dialog, as the menu of the first window shows it."""
    (window,) = application.windows
    (file,) = (top.menu() for top in window.control.menuBar().actions() if top.text() == "&File")
    (action,) = (action for action in file.actions() if action.text() == "Running &programs…")
    action.trigger()
    return Hand(window.active_task._programs)


@pytest.fixture
def make_dialog(qapp_parent):
    """Give a function that shows a dialog over a lister, and returns its hand and what it opened."""
    dialogs = []

    def made(lister, hosts=()):
        opened = []
        dialog = ProgramsDialog(qapp_parent, opened.append, lister=lister)
        dialog.begin(hosts)
        dialogs.append(dialog)
        return Hand(dialog), opened

    yield made
    for dialog in dialogs:
        dialog.end()


@pytest.fixture
def qapp_parent():
    parent = QtGui.QWidget()
    yield parent
    parent.close()


def answers(address):
    return {"programs:": (KERNEL,), "kernel:4f2a": (RHO,), "login3:programs:": ()}[address]


def test_a_double_click_opens_an_array_of_a_calculation(application, asked_for):
    viewer = application.windows[0].active_task.viewer
    with Publisher("chosen") as publisher:
        publisher.publish(np.zeros((3, 4)), velocity=np.full((5, 6), 2.0))
        asked_for.dialog.refresh.click()
        asked_for.wait_for(lambda: "chosen" in asked_for.rows())
        asked_for.click(asked_for.item("velocity", below="chosen"), double=True)
        assert not asked_for.dialog.isVisible()

        def is_shown():
            publisher.publish(np.zeros((3, 4)), velocity=np.full((5, 6), 2.0))
            return viewer.source is not None and viewer.info.shape == (5, 6)

        asked_for.wait_for(is_shown)


def test_a_kernel_is_looked_into_by_a_double_click_and_not_by_a_single_one(application, asked_for, tmp_path):
    viewer = application.windows[0].active_task.viewer
    kernel = Kernel(tmp_path, "one")

    def threads():
        return kernel.value("[t.name for t in __import__('threading').enumerate()].count('traitsview')")

    try:
        kernel.set({"rho": np.ones((30, 40))})
        asked_for.wait_for(lambda: not asked_for.dialog.programs._pending)
        asked_for.dialog.refresh.click()
        note = "Double-click to list its arrays: code of traitsview will run in this kernel"
        row = asked_for.item(note, below="one")
        asked_for.click(row)
        assert asked_for.dialog.open.text() == "&List arrays"
        assert threads() == "0"
        asked_for.click(row, double=True)
        asked_for.click(asked_for.item("rho", below="one"), double=True)
        asked_for.wait_for(lambda: viewer.source is not None and viewer.info.shape == (30, 40))
    finally:
        kernel.close()


def test_the_keyboard_and_the_button_do_what_a_double_click_does(make_dialog):
    hand, opened = make_dialog(answers)
    hand.tree.setCurrentItem(hand.item("4f2a"))
    hand.dialog.open.click()
    hand.tree.setCurrentItem(hand.item("<b>rho</b>"))
    QTest.keyClick(hand.tree, QtCore.Qt.Key_Return)
    hand.wait_for(lambda: opened)
    assert opened == ["kernel:4f2a?rho"]


def test_the_window_does_not_wait_for_a_program(make_dialog):
    gate = threading.Event()

    def waits(address):
        if address == "kernel:4f2a":
            assert gate.wait(PATIENCE)
        return answers(address)

    hand, _ = make_dialog(waits)
    hand.click(hand.item("4f2a"), double=True)
    hand.item("looking into it …")
    hand.dialog.filter.setText("nothing like it")
    assert (hand.rows(), hand.dialog.state.text()) == ([], "Nothing here has all these words.")
    hand.dialog.filter.setText("4f2a")
    gate.set()
    hand.item("<b>rho</b>")


def test_what_arrives_after_the_end_is_dropped(make_dialog):
    gate = threading.Event()
    hand, _ = make_dialog(lambda address: gate.wait(PATIENCE) and answers(address))
    hand.dialog.end()
    gate.set()
    assert process_events_until(
        lambda: not any(thread.name == "traitsview programs" for thread in threading.enumerate()), PATIENCE
    )
    QtGui.QApplication.processEvents()
    assert hand.dialog.programs.programs == ()


def test_another_machine_is_typed_or_chosen(make_dialog):
    hand, _ = make_dialog(answers, ["login3"])
    hand.item("4f2a")
    assert [hand.dialog.host.itemText(k) for k in range(hand.dialog.host.count())] == ["This machine", "login3"]
    field = hand.dialog.host.lineEdit()
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "login3")
    QTest.keyClick(field, QtCore.Qt.Key_Return)
    hand.wait_for(lambda: hand.dialog.state.text() == "Nothing runs on login3 that can be looked at.")
    hand.dialog.host.setCurrentIndex(0)
    hand.dialog.host.activated.emit(0)
    hand.item("4f2a")


def test_machines_of_open_windows_are_offered(application, asked_for):
    task = application.windows[0].active_task
    source = ArraySource(np.zeros((3, 4)))
    source.link = SourceLink()
    source.link.host = "login3"
    task.viewer.source = source
    task.show_programs()
    assert task._programs is asked_for.dialog
    assert asked_for.dialog.host.findText("login3") == 1
    task.viewer.source = None
