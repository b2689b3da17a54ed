"""The application starts whatever its settings file is like, and never leaves half a file."""

from __future__ import annotations

import logging
import os
import subprocess
import sys

import pytest
from apptools.preferences.api import set_default_preferences
from kit.patience import PATIENCE

from traitsview.app.preferences import ViewerPreferences
from traitsview.app.settings_file import settings_in

GOOD = "[traitsview]\ncolormap = magma\nscale = log\n"


@pytest.fixture
def load(tmp_path):
    """Give a function that returns the user's choices as a file of these bytes has them, and the file."""

    def loaded(content):
        path = tmp_path / "preferences.ini"
        if content is not None:
            path.write_bytes(content)
        settings = settings_in(str(path))
        settings.load()
        return ViewerPreferences(preferences=settings), settings, path

    yield loaded
    set_default_preferences(None)


@pytest.mark.fault("G8")
@pytest.mark.parametrize(
    "content",
    [
        GOOD.encode()[:8],
        b"[traitsview]\ncolormap = 'mag",
        b"[[[traitsview",
        os.urandom(4096),
        b"\0" * 4096,
        b"[traitsview]\ncolormap\n",
        "[traitsview]\ncolormap = größe\n".encode("latin-1"),
    ],
    ids=["cut", "open quote", "brackets", "noise", "zeros", "no value", "other encoding"],
)
def test_a_broken_settings_file_is_kept_aside_and_reported(load, content, caplog):
    with caplog.at_level(logging.WARNING):
        choices, settings, path = load(content)
    assert (choices.colormap, choices.scale) == ("gray", "linear")
    assert "makes no sense" in caplog.text
    assert path.with_name("preferences.ini.bad").read_bytes() == content
    choices.colormap = "viridis"
    settings.save()
    again = settings_in(str(path))
    again.load()
    assert ViewerPreferences(preferences=again).colormap == "viridis"


@pytest.mark.fault("G8")
def test_settings_of_a_later_version_are_ignored_and_kept(load, caplog):
    future = GOOD + "mood = 7\nwidth = very wide\n[traitsview.holograms]\ndepth = 3\n"
    choices, settings, path = load(future.encode())
    assert (choices.colormap, choices.scale, choices.width) == ("magma", "log", 1180)
    choices.scale = "sqrt"
    settings.save()
    kept = path.read_text()
    assert "mood = 7" in kept
    assert "depth = 3" in kept
    assert "scale = sqrt" in kept


@pytest.mark.fault("G8")
def test_no_file_is_no_trouble(load, caplog):
    choices, settings, path = load(None)
    assert choices.colormap == "gray"
    choices.colormap = "hot"
    settings.save()
    assert "colormap = hot" in path.read_text()
    assert caplog.text == ""


@pytest.mark.fault("G8")
@pytest.mark.parametrize("trouble", ["full", "read-only"])
def test_settings_that_cannot_be_kept_are_reported_and_the_file_stays_whole(load, trouble, caplog, monkeypatch):
    choices, settings, path = load(GOOD.encode())
    choices.colormap = "viridis"
    if trouble == "full":
        monkeypatch.setattr(os, "fsync", lambda number: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    else:
        monkeypatch.setattr("builtins.open", _refuse(open))
    with caplog.at_level(logging.WARNING):
        settings.save()
    monkeypatch.undo()
    assert "the settings are not kept" in caplog.text
    assert path.read_text() == GOOD
    assert [name.name for name in path.parent.iterdir()] == ["preferences.ini"]


def _refuse(true):
    def refusing(path, mode="r", *args, **options):
        if "w" in mode:
            raise PermissionError(13, "Permission denied")
        return true(path, mode, *args, **options)

    return refusing


@pytest.mark.fault("G8")
def test_the_application_starts_with_a_broken_file_and_says_so(tmp_path):
    home = tmp_path / "traitsview"
    home.mkdir()
    (home / "preferences.ini").write_text("[traitsview\ncolormap = 'mag")
    code = (
        "from pyface.qt import QtCore\n"
        "from traitsview.app import application as module\n"
        "create = module.ViewerApplication._create_windows\n"
        "def created(self):\n"
        "    create(self)\n"
        "    print('opened', self.windows[0].active_task.viewer.appearance.colormap, flush=True)\n"
        "    QtCore.QTimer.singleShot(200, self.exit)\n"
        "module.ViewerApplication._create_windows = created\n"
        "from traitsview.app.__main__ import main\n"
        "raise SystemExit(main([]))\n"
    )
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        env={**os.environ, "XDG_CONFIG_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert run.stdout.strip() == "opened gray", run.stderr
    assert "makes no sense" in run.stderr
    assert (home / "preferences.ini.bad").exists()
