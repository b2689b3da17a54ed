"""A plugin of pytest: it fails a test that leaves anything that another test could meet."""

from __future__ import annotations

import os
import resource
import shutil
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from .patience import attempts

# Threads that all images of a process share.  They begin one by one and stay.
_STAY = ("traitsview-render", "traitsview-compiler")

# The first letters of variables that tests set.  Libraries set others when they are imported.
_OURS = ("TRAITSVIEW", "XDG_", "QT_", "HOME", "DISPLAY", "WAYLAND", "PYTHON", "NUMBA", "SLURM", "PATH", "LANG", "LC_")

_LIMITS = (resource.RLIMIT_NOFILE, resource.RLIMIT_AS, resource.RLIMIT_FSIZE)

# Folders in the home of the tests in which settings and choices are kept.
_KEPT = ("config", "data", "state")


@pytest.fixture(autouse=True)
def nothing_is_left() -> Iterator[None]:
    """Fail if a test has changed the process, and remove the settings that it has kept.

    Threads and windows that are ending by themselves are waited for.
    """
    before, running = _state(), _running()
    yield
    after = _state()
    left = {name: (before[name], after[name]) for name in before if before[name] != after[name]}
    assert not left, f"it left what it has changed: {left}"
    for _ in attempts(lambda: f"(these go on: {_names(_running() - running)})"):
        if not _running() - running:
            break
        _let_windows_close()
    for folder in _KEPT:
        for path in Path(os.environ["HOME"], folder).iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def _state() -> dict[str, object]:
    """Return those facts of the process that a test may change but has to restore."""
    status = Path("/proc/self/status").read_text().splitlines()
    return {
        "environment": sorted((name, value) for name, value in os.environ.items() if name.startswith(_OURS)),
        "folder": os.getcwd(),
        "umask": next((line for line in status if line.startswith("Umask")), ""),
        "limits": [resource.getrlimit(each) for each in _LIMITS],
    }


def _running() -> set[object]:
    """Return the threads, without those that stay, and the visible windows, without tool tips, which vanish."""
    threads = {thread for thread in threading.enumerate() if not thread.name.startswith(_STAY)}
    widgets = sys.modules.get("PySide6.QtWidgets")
    if widgets is None or widgets.QApplication.instance() is None:
        return threads
    windows = (each for each in widgets.QApplication.topLevelWidgets() if each.isVisible())
    return threads | {each for each in windows if type(each).__name__ != "QTipLabel"}


def _let_windows_close() -> None:
    widgets = sys.modules.get("PySide6.QtWidgets")
    if widgets is not None and widgets.QApplication.instance() is not None:
        widgets.QApplication.processEvents()


def _names(those: set[object]) -> list[str]:
    return [each.name if isinstance(each, threading.Thread) else type(each).__name__ for each in those]
