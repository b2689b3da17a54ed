"""Checks what this machine has for showing pictures and for serving them."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version

import numpy as np

from .. import __version__
from ..errors import DisplayError, HostRefused, installed_by
from ..remote.diagnosis.finding import Finding, Steps, findings

__all__ = ["examine"]

_HOST_SIDE = ("numpy", "numba", "rpyc", "cmap", "blosc2", "pillow")
_DESKTOP = ("PySide6-Essentials", "traits", "traitsui", "enable", "chaco")

#: Bytes that have to be free for temporary files.
_ROOM_BYTES = 100_000_000

#: Seconds that the compiler has.
_COMPILING_SECONDS = 120.0


def examine() -> Iterator[Finding]:
    """Yield the result of each check; after a check that fails the others are made all the same."""
    steps: Steps = {
        "python": _python,
        "packages": lambda: _versions(_HOST_SIDE, installed_by()),
        "desktop": lambda: _versions(_DESKTOP, f"if windows are to be opened here, {installed_by('viewer')}"),
        "display": _display,
        "numba": _numba,
        "server": _server,
        "disk": _disk,
        "ssh": _ssh,
    }
    for name, step in steps.items():
        yield from findings({name: step})


def _python() -> str:
    return f"{platform.python_version()} at {sys.executable}, traitsview {__version__}, {platform.platform()}"


def _versions(names: tuple[str, ...], remedy: str) -> str:
    found, missing = [], []
    for name in names:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            missing.append(name)
    if missing:
        raise HostRefused("", f"not installed: {', '.join(missing)}", remedy)
    return ", ".join(found)


def _display() -> str:
    from ..display import require_display

    require_display()
    try:
        from pyface.qt import QtCore
    except ImportError as error:
        remedy = "install the system libraries of Qt, such as libegl1 and libxkbcommon0"
        raise DisplayError("", str(error).split("\n")[0], remedy) from error
    names = ("QT_QPA_PLATFORM", "WAYLAND_DISPLAY", "DISPLAY")
    where = ", ".join(f"{name}={os.environ[name]}" for name in names if os.environ.get(name))
    return f"Qt {QtCore.qVersion()}, {where}"


def _numba() -> str:
    """Compile the reductions, or load them from the cache."""
    from ..sources.reducing import compiler

    began = time.monotonic()
    compiler.prepare("float32")
    if not compiler.finished(_COMPILING_SECONDS):
        why = f"the reductions are not compiled within {_COMPILING_SECONDS:g} s"
        raise HostRefused("", why, "is the machine very busy?")
    if compiler.compiled(("mean", np.dtype("float32"), np.dtype("float32")), request=False) is None:
        remedy = "pictures come without it, slower; set NUMBA_CACHE_DIR to a folder that can be written"
        raise HostRefused("", "the reductions cannot be compiled", remedy)
    return f"reductions are compiled after {time.monotonic() - began:.2f} s, {os.cpu_count()} processors"


def _server() -> str:
    from ..remote.protocol import endpoint
    from ..remote.user_server import served
    from ..remote.user_server.record import folders

    record = served.running()
    if record is not None:
        return f"process {record.pid}, traitsview {record.version}, since {record.started}, at {record.socket}"
    refusal = HostRefused("", "there is no folder for its socket")
    for folder in folders():
        try:
            return f"none runs; its socket would be in {endpoint.private_folder(folder, 'TRAITSVIEW_RUNTIME_DIR')}"
        except HostRefused as error:
            refusal = error
    raise refusal


def _disk() -> str:
    folder = tempfile.gettempdir()
    free = shutil.disk_usage(folder).free
    if free < _ROOM_BYTES or not os.access(folder, os.W_OK):
        raise HostRefused("", f"{free / 1e6:.0f} MB are free in {folder}", "make room, or set TMPDIR to another folder")
    return f"{free / 1e9:.3g} GB free in {folder}"


def _ssh() -> str:
    import shlex

    try:
        words = shlex.split(os.environ.get("TRAITSVIEW_SSH", "")) or ["ssh"]
        done = subprocess.run([words[0], "-V"], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=10)
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        raise HostRefused("", str(error), "install OpenSSH's client to reach other machines") from error
    return (done.stderr or done.stdout).strip().split("\n")[0]
