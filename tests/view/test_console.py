"""The console below the image: IPython with the names of the window."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import numpy as np
import pytest
from jupyter_client.manager import start_new_kernel
from kit.calculation import Calculation
from kit.patience import PATIENCE
from kit.sshd import Sshd, children, needs_sshd
from pyface.qt import QtCore
from PySide6.QtTest import QTest

from traitsview.opening import open_in_host, open_source
from traitsview.sources.framed.framed_source import FramedSource
from traitsview.testing.feeds import ScriptedFeed
from traitsview.view.console.own_kernel import OwnKernel
from traitsview.view.window import process_events_until


@pytest.fixture(autouse=True)
def own_kernel():
    """End the kernel of this process after each test, when the windows are closed."""
    yield
    OwnKernel.end()


def ramp():
    return np.add.outer(np.arange(300.0), np.arange(400.0))


def press_f12(widget):
    QTest.keyClick(widget, QtCore.Qt.Key_F12)


def console_of(hand):
    press_f12(hand.control)
    console = hand.panel.shared_room.console.own_console
    assert process_events_until(lambda: "In [" in text_of(console), PATIENCE)
    return console


def text_of(console):
    return console._control.toPlainText()


def run(console, cell, said):
    """Type a cell, and wait until the console says a text that it had not said."""
    before = text_of(console).count(said) + (said in cell)
    QTest.keyClicks(console._control, cell)
    QTest.keyClick(console._control, QtCore.Qt.Key_Return, QtCore.Qt.ShiftModifier)
    assert process_events_until(lambda: text_of(console).count(said) > before, PATIENCE), text_of(console)


def test_a_key_opens_the_console_and_what_is_typed_there_changes_the_window(open_window):
    hand = open_window(ramp())
    console = console_of(hand)
    assert "viewer, source and np are there" in text_of(console)
    run(console, "viewer.appearance.colormap = 'magma'; source.info.shape", "(300, 400)")
    assert hand.viewer.appearance.colormap == "magma"
    run(console, "float(np.pi) - undefined", "NameError")
    assert not hand.viewer.status.fault


def test_the_same_key_in_the_console_closes_it_and_gives_the_keyboard_back(open_window):
    hand = open_window(ramp())
    console = console_of(hand)
    image = hand.panel.canvas.plot.height
    press_f12(console._control)
    assert not hand.panel.shared_room.console.isVisible()
    hand.paint()
    assert hand.panel.canvas.plot.height > image
    press_f12(hand.control)
    assert hand.panel.shared_room.console.own_console is console
    assert hand.panel.shared_room.console.isVisible()


def test_leaving_the_console_leaves_the_window_open(open_window):
    hand = open_window(ramp())
    console = console_of(hand)
    QTest.keyClicks(console._control, "exit")
    QTest.keyClick(console._control, QtCore.Qt.Key_Return)
    assert process_events_until(lambda: not hand.panel.shared_room.console.isVisible(), PATIENCE)
    assert hand.panel.window().isVisible()


def test_names_are_those_of_the_window_whose_console_was_entered_last(open_window):
    first, second = open_window(ramp()), open_window(ramp()[:200])
    one = console_of(first)
    run(one, "source.info.shape", "(300, 400)")
    other = console_of(second)
    run(other, "source.info.shape", "(200, 400)")
    second.viewer.source = first.viewer.source
    run(other, "source.info.shape[::1]", "(300, 400)")


def test_a_closed_window_is_not_kept_by_the_names_of_the_console(open_window):
    hand = open_window(ramp())
    console_of(hand)
    hand.panel.window().close()
    process_events_until(lambda: True, 1)
    assert "viewer" not in OwnKernel.get().shell.user_ns


def test_without_qtconsole_the_window_says_how_to_get_it(open_window, monkeypatch):
    for name in [name for name in sys.modules if name.partition(".")[0] == "qtconsole"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "qtconsole", None)
    hand = open_window(ramp())
    press_f12(hand.control)
    assert hand.panel.shared_room.console is None
    assert str(hand.viewer.status.fault) == (
        "cannot open a console: the package 'qtconsole' is not installed; "
        "install it with: pip install '.[console]' in a clone of traitsview"
    )


@pytest.fixture
def kernel():
    """A kernel of IPython in a process of its own, with an array ``rho``."""
    manager, client = start_new_kernel(kernel_name="python3")
    client.execute_interactive("import numpy as np; rho = np.ones((30, 40))", timeout=PATIENCE)
    yield Path(manager.connection_file), client
    client.stop_channels()
    manager.shutdown_kernel(now=True)


@pytest.fixture
def sshd(monkeypatch):
    daemon = Sshd()
    daemon.start()
    monkeypatch.setenv("TRAITSVIEW_SSH", daemon.command)
    yield daemon
    daemon.close()


def of_the_kernel(hand):
    tabs = hand.panel.shared_room.console
    assert process_events_until(lambda: tabs.count() == 2, PATIENCE), hand.viewer.status.fault
    console = tabs.widget(1)
    assert process_events_until(lambda: "In [" in text_of(console), PATIENCE)
    return console


def test_the_console_of_the_kernel_with_the_data_changes_the_picture_and_shows_what_others_do(open_window, kernel):
    path, client = kernel
    with open_in_host(f"kernel:{path}?rho") as source:
        hand = open_window(source)
        console_of(hand)
        console = of_the_kernel(hand)
        run(console, "rho = rho + 41; rho.max()", "42.0")
        assert process_events_until(lambda: hand.viewer.summary and hand.viewer.summary.maximum == 42.0, PATIENCE)
        client.execute("print('hello from', 'the notebook')")
        assert process_events_until(lambda: "hello from the notebook" in text_of(console), PATIENCE)
        hand.panel.window().close()
    assert client.is_alive()


@needs_sshd
def test_the_console_of_a_kernel_on_a_host_goes_through_the_users_ssh(open_window, kernel, sshd):
    path, _ = kernel
    with open_source(f"box:kernel:{path}?rho") as source:
        hand = open_window(source)
        console_of(hand)
        console = of_the_kernel(hand)
        run(console, "6 * 7.5", "45.0")
        hand.panel.window().close()
    assert not children("ssh")


PUBLISHING = """
import threading, time
rate = {rate}
publisher = Publisher({name!r}, kernel=globals())
def publish():
    step = 0
    while publisher:
        publisher.publish(np.full((30, 40), rate), step=step, rate=rate)
        step += 1
        time.sleep(0.02)
threading.Thread(target=publish, daemon=True).start()
"""


def test_a_calculation_that_offers_its_kernel_has_a_console_and_its_next_run_a_new_one(open_window):
    name = f"console-{os.getpid()}"

    def shows(value):
        return process_events_until(lambda: ("rate", value) in hand.viewer.live.frame.scalars, PATIENCE)

    with open_in_host(f"live:{name}") as source:
        hand = open_window(source)
        console_of(hand)
        assert hand.panel.shared_room.console.count() == 1
        with Calculation(PUBLISHING.format(name=name, rate=1.0)) as calculation:
            console = of_the_kernel(hand)
            run(console, "rate = rate + 41; rate", "42.0")
            assert shows(42.0)
            calculation.kill()
            assert process_events_until(lambda: "killed" in hand.viewer.live.line, PATIENCE)
            assert hand.panel.shared_room.console.widget(1) is console  # what it says can still be read
        with Calculation(PUBLISHING.format(name=name, rate=7.0)):
            assert shows(7.0)
            assert process_events_until(lambda: hand.panel.shared_room.console.widget(1) is not console, PATIENCE)
            run(of_the_kernel(hand), "rate", "7.0")
        hand.panel.window().close()
    assert not hand.viewer.status.fault


def test_an_image_in_no_kernel_has_the_console_of_the_window_only(open_window):
    hand = open_window(FramedSource(ScriptedFeed(), "script"))
    console_of(hand)
    assert hand.panel.shared_room.console.count() == 1
    assert not hand.viewer.status.fault
