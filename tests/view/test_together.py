"""Windows that look at one source of a server together."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from kit.companions import Companion
from pyface.qt import QtCore, QtGui

from traitsview.remote.host.server import Server
from traitsview.remote.host.source_pool import SourcePool
from traitsview.remote.protocol import endpoint
from traitsview.remote.routes import own_process
from traitsview.remote.routes.socket_route import SocketRoute
from traitsview.remote.viewer.remote_source import RemoteSource
from traitsview.sources.arrays.array_source import ArraySource
from traitsview.view.window import process_events_until


@pytest.fixture
def source_of():
    """Return a function that returns one image again, as a server has it for each viewer."""
    folder = endpoint.private_folder(endpoint.runtime_folder() / "together")
    rows, columns = np.mgrid[:600, :800]
    image = ArraySource((rows + columns).astype(np.float32))
    server = Server(endpoint.listen(folder / "socket"), SourcePool(lambda text: image, keep=0.0))
    accepting = threading.Thread(target=server.serve_forever, daemon=True)
    accepting.start()
    sources = []

    def connect():
        sources.append(RemoteSource(SocketRoute(folder / "socket", "it")))
        return sources[-1]

    yield connect
    for source in sources:
        source.close()
    server.close()
    accepting.join()
    own_process._remove(folder)


@pytest.fixture
def pair(source_of, open_window):
    """Return two windows."""
    anna, ben = open_window(source_of()), open_window(source_of())
    return anna, ben


def until(holds):
    assert process_events_until(holds, 120)


def button(hand):
    return hand.panel.findChild(QtGui.QToolButton, "company")


def entries(hand):
    """Return the entries of the menu of the button, without keys."""
    button(hand).menu().aboutToShow.emit()
    return {action.text().partition("\t")[0]: action for action in button(hand).menu().actions() if action.text()}


def test_a_window_follows_another_one_by_the_menu_and_shows_its_cursor(pair):
    anna, ben = pair
    until(lambda: len(ben.panel.together.company.people) == 2 == len(anna.panel.together.company.people))
    assert button(ben).text() == button(anna).text() == "2 look"
    assert not entries(ben)["Follow the leader"].isEnabled()
    entries(anna)["Lead the others"].trigger()
    until(lambda: ben.panel.together.leader is not None)
    assert button(anna).text() == "You lead"
    assert button(ben).text().endswith(" leads")
    anna.viewer.zoom(4, (200.0, 300.0))
    anna.move(anna.center)
    next(action for text, action in entries(ben).items() if text.startswith("Follow ")).trigger()
    until(lambda: ben.viewer.viewport.resolution == anna.viewer.viewport.resolution and ben.panel.together.mark)
    before = ben.paint()
    anna.move(anna.center + QtCore.QPoint(60, 40))
    until(lambda: ben.panel.together.mark == anna.viewer.cursor)
    ben.wait_exact()
    assert ben.paint() != before
    assert button(ben).text().startswith("Following ")
    ben.drag(ben.center, ben.center + QtCore.QPoint(20, 10))
    assert not ben.panel.together.following
    assert "you look on your own" in ben.viewer.shown


def test_keys_lead_follow_and_stop(pair):
    anna, ben = pair
    held = QtCore.Qt.ControlModifier | QtCore.Qt.ShiftModifier
    until(lambda: len(anna.panel.together.company.people) == 2)
    anna.key(QtCore.Qt.Key_L, held)
    until(lambda: ben.panel.together.leader is not None)
    ben.key(QtCore.Qt.Key_J, held)
    assert ben.panel.together.following
    anna.key(QtCore.Qt.Key_L, held)
    until(lambda: not ben.panel.together.following)
    assert "leads no more; you look on your own" in ben.viewer.shown


def test_a_window_that_is_closed_has_left_though_its_source_is_open(pair):
    anna, ben = pair
    until(lambda: len(ben.panel.together.company.people) == 2)
    anna.panel.window().close()
    until(lambda: len(ben.panel.together.company.people) == 1)
    assert button(ben).text() == "Alone"


def test_names_in_the_menu_are_text(source_of, open_window):
    ben = open_window(source_of())
    eve = Companion(source_of(), "<b>&eve</b>\x1b[2J")
    until(lambda: len(ben.panel.together.company.people) == 2)
    assert "<b>&&eve</b>\\x1b[2J" in entries(ben)
    eve.together.close()
    eve.viewer.close()


def test_a_window_whose_image_is_read_for_it_alone_has_no_such_button(hand):
    assert not hand.panel.together.gathers
    assert not button(hand).isVisible()
    assert [thread for thread in threading.enumerate() if "company" in thread.name] == []
