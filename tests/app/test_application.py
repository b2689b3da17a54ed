"""The Envisage application: its window, its menus, its preferences, and what plugins add."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from importlib.metadata import EntryPoint

import numpy as np
import pytest
from astropy.io import fits
from envisage.api import Plugin
from envisage.ui.tasks.preferences_dialog import PreferencesDialog
from kit.patience import PATIENCE
from pyface.qt import QtGui
from traits.api import List

from traitsview.app import plugins, viewer_task
from traitsview.app.application import ViewerApplication
from traitsview.app.plugins import installed_plugins
from traitsview.app.preferences import ViewerPreferences
from traitsview.app.source_offer import SourceOffer
from traitsview.app.viewer_plugin import ViewerPlugin
from traitsview.errors import SourceUnreadable
from traitsview.model.contact_state import ContactState
from traitsview.model.image_viewer import ImageViewer
from traitsview.sources.arrays.array_source import ArraySource
from traitsview.view.qt.theme import theme_of
from traitsview.view.tools.commands import menu_groups
from traitsview.view.viewer_editor import ViewerPanel
from traitsview.view.window import process_events_until

RAMP = np.arange(600 * 800, dtype=np.float32).reshape(600, 800)


class LabPlugin(Plugin):
    """Offers sources, as another package would."""

    id = "lab"
    offers = List(contributes_to="traitsview.image_sources")

    def _offers_default(self):
        return [SourceOffer(name="Ramp", factory=lambda: RAMP), SourceOffer(name="Trouble", factory=fail)]


def fail():
    raise ZeroDivisionError("the camera is off")


def counted_source(closed, number):
    """Return a source that says when it is closed."""
    return ArraySource(RAMP, close=lambda: closed.append(number))


class Opened:
    """An application with one window, and what a user would do with it."""

    def __init__(self, application):
        self.application = application
        (self.window,) = application.windows
        self.task = self.window.active_task
        self.viewer = self.task.viewer

    def wait_for(self, condition, timeout=PATIENCE):
        assert process_events_until(condition, timeout), (self.window.title, self.viewer.shown)

    def wait_exact(self):
        def painted():
            self.window.control.grab()
            return self.viewer.source is not None and self.viewer.exact

        self.wait_for(painted)

    def menus(self):
        """Return a dict from each menu's title to its actions; None stands for a line between them."""
        return {
            top.text(): [None if action.isSeparator() else action for action in top.menu().actions()]
            for top in self.window.control.menuBar().actions()
        }

    def texts(self):
        return {
            title: [None if action is None else action.text() for action in actions]
            for title, actions in self.menus().items()
        }

    def choose(self, menu, text):
        (action,) = (action for action in self.menus()[menu] if action is not None and action.text() == text)
        assert action.isEnabled(), text
        action.trigger()


@pytest.fixture
def open_application(tmp_path):
    """Give a function that opens the application and returns it as `Opened`."""
    applications = []

    def open_with(*extra, **traits):
        application = ViewerApplication(plugins=[ViewerPlugin(), *extra], home=str(tmp_path / "home"), **traits)
        assert application.gui is not None
        application.start()
        application._create_windows()
        applications.append(application)
        return Opened(application)

    yield open_with
    for application in applications:
        for window in list(application.windows):
            window.close()
        application.stop()
    left = [thread.name for thread in threading.enumerate() if thread.name.startswith("traitsview ")]
    assert process_events_until(
        lambda: not any(thread.name.startswith("traitsview ") for thread in threading.enumerate()), PATIENCE
    ), left


@pytest.fixture
def complaints(monkeypatch):
    """Collect what error dialogs would say."""
    said = []
    monkeypatch.setattr(viewer_task, "error", lambda parent, message, title: said.append(message))
    return said


def test_a_file_is_opened_in_a_process_of_its_own_and_shown(open_application, tmp_path):
    np.save(tmp_path / "ramp.npy", RAMP)
    opened = open_application(source_text=str(tmp_path / "ramp.npy"))
    assert opened.window.title == "Opening ramp.npy … - traitsview"
    opened.wait_exact()
    assert opened.window.title == "ramp.npy - traitsview"
    assert type(opened.viewer.source).__name__ == "RemoteSource"
    assert "800 wide, 600 high" in opened.window.dock_panes[0].text
    assert f">{opened.viewer.summary.maximum:.9g}<" in opened.window.dock_panes[0].text


def test_the_information_pane_is_light_or_dark_as_the_desktop_is(open_application, tmp_path):
    np.save(tmp_path / "ramp.npy", RAMP)
    opened = open_application(source_text=str(tmp_path / "ramp.npy"))
    opened.wait_exact()
    pane, application = opened.window.dock_panes[0], QtGui.QApplication.instance()
    before = application.palette()
    light = theme_of(before).faint.name()
    assert light in pane.text
    try:
        application.setPalette(QtGui.QPalette(QtGui.QColor("#2b2b2b")))
        opened.wait_for(lambda: theme_of(application.palette()).faint.name() in pane.text)
        assert light not in pane.text
    finally:
        application.setPalette(before)


def test_an_error_of_the_coordinates_is_in_the_pane_and_in_the_status_line(open_application, tmp_path):
    image = fits.PrimaryHDU(np.arange(12, dtype=np.float32).reshape(3, 4))
    image.header.update({"CTYPE1": "RA---TAN", "CTYPE2": "DEC--TAN", "CDELT1": "8,36"})
    image.writeto(tmp_path / "lost.fits")
    opened = open_application(source_text=str(tmp_path / "lost.fits"))
    opened.wait_exact()
    pane = opened.window.dock_panes[0].text
    assert "CDELT1 is no number: &#x27;8,36&#x27;" in pane.split("World")[0]
    assert opened.viewer.shown.startswith("coordinates unknown: CDELT1 is no number: '8,36'; ")
    opened.choose("&View", "&1:1")
    opened.wait_exact()
    assert "CDELT1" not in opened.viewer.shown


def test_positions_are_shown_as_fits_counts_pixels_if_the_user_prefers_that(open_application):
    opened = open_application(LabPlugin())
    opened.choose("&File", "Ramp")
    opened.wait_exact()
    opened.viewer.cursor = (13.5, 8.5)
    assert "FITS" not in opened.viewer.readout_line
    opened.choose("&View", "Pixe&ls as in FITS")
    assert "FITS 14" in opened.viewer.readout_line
    opened.choose("&View", "Pixe&ls as in FITS")
    assert "FITS" not in opened.viewer.readout_line


def test_a_file_that_cannot_be_opened_is_complained_of_and_the_window_stays_usable(open_application, complaints):
    opened = open_application(LabPlugin())
    opened.task.open("/nowhere/nothing.npy")
    opened.wait_for(lambda: complaints)
    assert "nothing.npy" in complaints[0]
    assert opened.window.title == "No image - traitsview"
    opened.choose("&File", "Ramp")
    opened.wait_exact()


def test_a_plugin_s_function_that_fails_is_complained_of(open_application, complaints):
    opened = open_application(LabPlugin())
    opened.choose("&File", "Trouble")
    opened.wait_for(lambda: complaints)
    assert complaints == ["cannot open the image: ZeroDivisionError: the camera is off"]


def test_no_menu_has_an_entry_twice_or_two_lines_in_a_row(open_application):
    opened = open_application(LabPlugin())
    texts = opened.texts()
    assert list(texts) == ["&File", "&Edit", "&View"]
    assert texts["&File"] == [
        "&Open…",
        "Running &programs…",
        None,
        "Ramp",
        "Trouble",
        None,
        "&Save picture…",
        "&Record frames…",
        None,
        "E&xit",
    ]
    assert texts["&Edit"] == ["Copy &look", "Paste l&ook", None, "Prefere&nces..."]
    groups = [[text for text, _ in entries] for _, entries in menu_groups("View")]
    assert texts["&View"] == [*(text for group in groups for text in (*group, None)), "Information"]
    shortcuts = [a.shortcut().toString() for each in opened.menus().values() for a in each if a and a.shortcut()]
    shortcuts = [shortcut for shortcut in shortcuts if shortcut]
    assert len(shortcuts) == len(set(shortcuts))
    assert {"Ctrl+O", "Ctrl+S"} <= set(shortcuts)


def test_trying_again_is_offered_while_the_source_is_lost(open_application):
    opened = open_application()
    (retry,) = (action for action in opened.menus()["&View"] if action is not None and action.text() == "&Retry now")
    assert not retry.isEnabled()
    opened.viewer.contact = ContactState("lost")
    assert retry.isEnabled()
    opened.viewer.contact = ContactState()
    assert not retry.isEnabled()


def test_each_image_looks_as_it_did_and_looks_are_copied(open_application, tmp_path):
    paths = [str(tmp_path / name) for name in ("one.npy", "two.npy")]
    for path in paths:
        np.save(path, RAMP)
    opened = open_application(source_text=paths[0])
    opened.wait_exact()
    opened.viewer.appearance.trait_set(colormap="viridis", scale="log")
    opened.choose("&Edit", "Copy &look")
    opened.task.open(paths[1])
    opened.wait_for(lambda: opened.viewer.title == "two.npy")
    opened.viewer.appearance.trait_set(colormap="magma", scale="sqrt")
    opened.task.open(paths[0])
    opened.wait_for(lambda: opened.viewer.appearance.colormap == "viridis")
    assert opened.viewer.appearance.scale == "log"
    opened.task.open(paths[1])
    opened.wait_for(lambda: opened.viewer.appearance.colormap == "magma")
    opened.choose("&Edit", "Paste l&ook")
    assert (opened.viewer.appearance.colormap, opened.viewer.appearance.scale) == ("viridis", "log")


def test_the_view_menu_steers_the_viewer(open_application):
    opened = open_application(LabPlugin())
    assert not any(action.isEnabled() for action in opened.menus()["&View"][:4])
    opened.choose("&File", "Ramp")
    opened.wait_exact()
    fitted = opened.viewer.viewport
    opened.choose("&View", "&1:1")
    assert opened.viewer.viewport.resolution == (1, 1)
    opened.choose("&View", "Zoom &in")
    assert opened.viewer.viewport.resolution[0] == pytest.approx(0.5, rel=0.1)
    opened.choose("&View", "&Back")
    opened.choose("&View", "&Back")
    assert opened.viewer.viewport == fitted
    assert not opened.menus()["&View"][5].isEnabled()
    opened.choose("&View", "For&ward")
    assert opened.viewer.viewport.resolution == (1, 1)
    panel = opened.window.central_pane.panel
    opened.choose("&View", "&Colormap…")
    assert panel.toolbar.colormaps.picker.isVisible()
    panel.toolbar.colormaps.picker.hide()
    for shown in (True, False):
        opened.choose("&View", "&Panel of colours")
        assert panel.color_panel.isVisibleTo(panel) is shown


def test_saving_asks_where_and_writes_a_picture(open_application, tmp_path, monkeypatch):
    opened = open_application(LabPlugin())
    opened.choose("&File", "Ramp")
    opened.wait_exact()
    monkeypatch.setattr(QtGui.QFileDialog, "getSaveFileName", lambda *asked, **also: (str(tmp_path / "saved.png"), ""))
    opened.choose("&File", "&Save picture…")
    assert not QtGui.QImage(str(tmp_path / "saved.png")).isNull()


def test_the_source_is_closed_when_another_is_opened_and_with_the_window(open_application):
    opened = open_application(LabPlugin())
    closed = []
    for number in range(2):
        source = counted_source(closed, number)
        opened.task.opening = "counted"
        opened.task._opener.open(lambda source=source: source)
        opened.wait_for(lambda source=source: opened.viewer.source is source)
        opened.wait_exact()
    assert closed == [0]
    opened.window.close()
    assert closed == [0, 1]


def test_a_new_viewer_begins_as_the_preferences_say_and_they_last(open_application, tmp_path):
    opened = open_application()
    assert opened.viewer.appearance.colormap == "gray"
    assert opened.viewer.appearance.limits == "99.5%"
    assert opened.window.size == (1180, 820)
    chosen = ViewerPreferences(preferences=opened.application.preferences)
    chosen.trait_set(colormap="crameri:batlow", scale="asinh", limits="zscale")
    opened.window.size = (900, 640)
    opened.window.close()
    opened.application.stop()

    again = open_application()
    look = again.viewer.appearance
    assert (look.colormap, look.scale, look.limits) == ("crameri:batlow", "asinh", "zscale")
    assert again.window.size == (900, 640)


def test_a_preference_that_makes_no_sense_is_passed_over(open_application, tmp_path, caplog):
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "preferences.ini").write_text("[traitsview]\ncolormap = nonsense\nscale = sqrt\nwidth = -3\n")
    opened = open_application()
    assert opened.viewer.appearance.colormap == "gray"
    assert opened.viewer.appearance.scale == "sqrt"
    assert "nonsense" in caplog.text


def test_the_preferences_dialog_has_a_page_for_images(open_application):
    opened = open_application()
    dialog = opened.application.get_service(PreferencesDialog)
    ui = dialog.edit_traits(kind="live")
    (pane,) = dialog.panes
    pane._model.colormap = "magma"
    assert ViewerPreferences(preferences=opened.application.preferences).colormap == "gray"
    dialog.apply()
    assert ViewerPreferences(preferences=opened.application.preferences).colormap == "magma"
    ui.dispose()


def test_nothing_is_pickled(open_application, tmp_path):
    opened = open_application()
    opened.window.close()
    opened.application.stop()
    kept = [path.name for path in (tmp_path / "home").rglob("*") if path.is_file()]
    assert kept == ["preferences.ini"]


def test_the_window_shows_what_it_should(open_application):
    opened = open_application(LabPlugin())
    opened.choose("&File", "Ramp")
    opened.wait_exact()
    panel = opened.window.central_pane.panel
    assert isinstance(panel, ViewerPanel)
    assert panel.viewer is opened.viewer
    assert isinstance(opened.viewer, ImageViewer)
    assert panel.width() > 0.7 * opened.window.control.width()


def test_installed_plugins_are_found_and_a_broken_one_is_left_out(monkeypatch, caplog):
    entries = [
        EntryPoint("broken", "no_such_module:Plugin", plugins.GROUP),
        EntryPoint("lab", f"{__name__}:LabPlugin", plugins.GROUP),
        EntryPoint("viewer", "traitsview.app.viewer_plugin:ViewerPlugin", plugins.GROUP),
    ]
    monkeypatch.setattr(plugins, "entry_points", lambda group: [e for e in entries if e.group == group])
    monkeypatch.setattr(EntryPoint, "load", load_here)
    assert [plugin.id for plugin in installed_plugins()] == ["traitsview.viewer", "lab"]
    assert "no_such_module" in caplog.text


def load_here(entry):
    if entry.name == "broken":
        raise ModuleNotFoundError("no_such_module")
    return {"lab": LabPlugin, "viewer": ViewerPlugin}[entry.name]


def test_our_own_plugin_is_an_entry_point():
    from importlib.metadata import entry_points

    assert "traitsview.app.viewer_plugin:ViewerPlugin" in {entry.value for entry in entry_points(group=plugins.GROUP)}


def test_the_plugin_is_imported_without_the_toolkit():
    program = """
import sys, traitsview.app.viewer_plugin, traitsview.app.plugins
loaded = [name for name in sys.modules if name.split(".")[0] in ("PySide6", "chaco", "enable", "numba", "rpyc")]
sys.exit(", ".join(loaded) or 0)
"""
    assert run_python("-c", program).stderr == ""


def test_without_a_display_one_line_says_so():
    done = run_python("-m", "traitsview.app", QT_QPA_PLATFORM="")
    assert done.returncode == 1
    assert done.stderr.startswith("traitsview: cannot open a window: neither DISPLAY nor WAYLAND_DISPLAY is set")
    assert done.stderr.count("\n") == 1


def test_control_c_ends_the_application(tmp_path):
    np.save(tmp_path / "ramp.npy", RAMP)
    program = """
import os, signal, sys
from traitsview.app import application
created = application.ViewerApplication._create_windows

def created_then_interrupted(self):
    created(self)
    self.observe(lambda event: os.kill(os.getpid(), signal.SIGINT), "application_initialized")

application.ViewerApplication._create_windows = created_then_interrupted
from traitsview.app.__main__ import main
sys.exit(main([sys.argv[1]]))
"""
    done = run_python("-c", program, str(tmp_path / "ramp.npy"))
    assert done.returncode == 128 + signal.SIGINT, done.stderr


def run_python(*words, **environment):
    return subprocess.run(
        [sys.executable, "-W", "ignore", *words],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )


def test_opening_raises_nothing_in_the_window_when_it_is_closed_meanwhile(open_application):
    opened = open_application(LabPlugin())
    going, go_on = threading.Event(), threading.Event()
    closed = []

    def slow():
        going.set()
        assert go_on.wait(PATIENCE)
        return counted_source(closed, "late")

    opened.task._opener.open(slow)
    assert going.wait(PATIENCE)
    opened.window.close()
    go_on.set()
    opened.wait_for(lambda: closed == ["late"])


def test_an_error_of_the_source_names_its_cause(open_application, complaints):
    opened = open_application()

    def unreadable():
        raise SourceUnreadable("cannot read 'x.npy'", "it is truncated", "copy it again")

    opened.task._opener.open(unreadable)
    opened.wait_for(lambda: complaints)
    assert complaints == ["cannot read 'x.npy': it is truncated; copy it again"]
