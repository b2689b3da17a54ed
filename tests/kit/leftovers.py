"""Sees to it that no test meets what another one has left: a plugin of pytest."""

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

# They are shared by all that is shown in a process, begin one by one and stay.
_STAY = ("traitsview-render", "traitsview-compiler")

# Libraries set variables of their own when they are imported; these are what tests set.
_OURS = ("TRAITSVIEW", "XDG_", "QT_", "HOME", "DISPLAY", "WAYLAND", "PYTHON", "NUMBA", "SLURM", "PATH", "LANG", "LC_")

_LIMITS = (resource.RLIMIT_NOFILE, resource.RLIMIT_AS, resource.RLIMIT_FSIZE)

# Below the home of the tests: where settings and what was chosen are kept.
_KEPT = ("config", "data", "state")


@pytest.fixture(autouse=True)
def nothing_is_left() -> Iterator[None]:
    """Fail if the process is not as it was before a test, and remove what the test has kept for the next start.

    What ends by itself is waited for: threads, and windows that are being closed.
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
    """Return what a test may change of the process, and has to undo."""
    status = Path("/proc/self/status").read_text().splitlines()
    return {
        "environment": sorted((name, value) for name, value in os.environ.items() if name.startswith(_OURS)),
        "folder": os.getcwd(),
        "umask": next((line for line in status if line.startswith("Umask")), ""),
        "limits": [resource.getrlimit(each) for each in _LIMITS],
    }


def _running() -> set[object]:
    """Return the threads, but for those that stay, and the windows that can be seen, but for tips, which go."""
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
