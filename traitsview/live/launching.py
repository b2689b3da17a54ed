"""Starts a viewer for a calculation: another interpreter, in a session of its own."""

from __future__ import annotations

import atexit
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence

from ..errors import RequestError, quoted

__all__ = ["launch", "wait_until_watched"]

#: Seconds between two looks whether somebody watches.
_LOOK_SECONDS = 0.01

#: The viewers that were started.  They go on after the calculation.
_started: list[subprocess.Popen[bytes]] = []


def launch(name: str, viewer: bool | str | Sequence[str] | None) -> subprocess.Popen[bytes] | None:
    """Start a viewer of what is published under a name; return its process, or None if none was asked for.

    Raises
    ------
    RequestError
        If `viewer` is nothing that can be started.
    """
    if not viewer and not isinstance(viewer, str | Sequence):
        return None
    command = _command(name, viewer)
    environment = dict(os.environ)
    if isinstance(viewer, str):
        # The class lies where the calculation finds it.
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, (sys.path[0], environment.get("PYTHONPATH", ""))))
    try:
        # A fresh interpreter: a fork would have the threads, locks and network of the calculation.  A session of its
        # own: Ctrl-C in the terminal is for the calculation alone.
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
            env=environment,
        )
    except (OSError, ValueError) as error:
        raise RequestError(f"cannot start the viewer {quoted(command[0])}", str(error), "check the command") from error
    _started.append(process)
    return process


def wait_until_watched(
    watched: Callable[[], bool], patience: bool | float, process: subprocess.Popen[bytes] | None
) -> None:
    """Wait until somebody watches: at most `patience` seconds, or, if that is True, while the viewer `process` runs."""
    if patience is False or patience is None:
        return
    end = None if patience is True else time.monotonic() + patience
    while not watched():
        if end is not None and time.monotonic() >= end:
            return
        if end is None and process is not None and process.poll() is not None:
            return
        time.sleep(_LOOK_SECONDS)


def _command(name: str, viewer: bool | str | Sequence[str]) -> list[str]:
    address = f"live:{name}"
    if viewer is True:
        # Without the folder of the calculation, whose modules may have the names of others.
        return [sys.executable, "-P", "-m", "traitsview.live.start_viewer", address]
    if isinstance(viewer, str):
        module, colon, class_ = viewer.partition(":")
        if not colon or not class_.isidentifier() or not all(part.isidentifier() for part in module.split(".")):
            remedy = "give 'MODULE:CLASS', True, or a command as a list"
            raise RequestError(f"cannot open the viewer {quoted(viewer)}", "it names no class", remedy)
        return [sys.executable, "-m", "traitsview.view.published_view", name, viewer]
    command = [] if isinstance(viewer, bool) else [str(part) for part in viewer]
    if not command:
        raise RequestError("cannot open a viewer", "its command is empty", "give one, such as ['traitsview']")
    return [*command, address]


@atexit.register
def _leave_running() -> None:
    """Reap the viewers that have ended, and leave the others alone, without a warning that they run."""
    for process in _started:
        if process.poll() is None:
            process.returncode = 0
    _started.clear()
