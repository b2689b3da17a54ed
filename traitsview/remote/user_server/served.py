"""Finds, starts and stops the server that outlives the terminal: one for each user of a machine.

The folder of the server (see `record.folders`) holds ``serve.lock``, which is locked while the server runs,
``serve.socket``, ``serve.json`` (a record of what runs), ``serve.log``, and ``serve.words`` (what libraries write to
stderr).  The server itself is in `daemon`.  This module imports little, because a viewer far away waits for it.
"""

from __future__ import annotations

import errno
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from ... import __version__
from ...errors import HostError, HostGone, HostRefused
from ...user_folders import home_folder
from ..protocol import endpoint
from .record import Lock, Record, folders, usable_lock

__all__ = ["UNUSED_SECONDS", "Record", "found_or_started", "running", "start", "stop"]

#: A server that was started for a viewer ends after so many seconds without any viewer.
UNUSED_SECONDS = 60.0

#: Seconds that a server has to start.
_START_SECONDS = 60.0

#: Seconds that a server has to stop.
_STOP_SECONDS = 2.0

#: A server that is ending cannot be found any more, and holds its lock for at most so many seconds.
_ENDING_SECONDS = 0.5

#: Seconds between two looks for a server that another process is starting.
_PAUSE_SECONDS = 0.02


class _AlreadyRunning(HostRefused):
    """A server runs already, or another process is starting one."""


def found_or_started(persist: float | None = UNUSED_SECONDS) -> Record:
    """Return the record of this user's server, which answers; start the server if there is none.

    When many processes call this at once, one of them starts the server and all find it.

    Parameters
    ----------
    persist : float or None
        A server that is started ends after so many seconds without a viewer; None if it shall stay.

    Raises
    ------
    HostRefused
        If the server cannot start, or the server that runs has another version.
    """
    end = time.monotonic() + _START_SECONDS
    while True:
        record = running()
        if record is not None:
            if record.version != __version__:
                why = f"process {record.pid} is traitsview {record.version}, and this is {__version__}"
                remedy = "stop it there with 'traitsview serve --stop', and come again"
                raise HostRefused("cannot use the server that runs", why, remedy)
            return record
        try:
            return start(persist=persist)
        except _AlreadyRunning:
            # Another process is starting it.
            if time.monotonic() > end:
                raise
            time.sleep(_PAUSE_SECONDS)


def running() -> Record | None:
    """Return the record of this user's server; None if none runs."""
    for folder in folders():
        if endpoint.is_private(folder) and _held(folder):
            record = Record.read(folder)
            if record is not None and record.alive:
                return record
    return None


def start(paths: Sequence[str] = (), persist: float | None = None, options: Sequence[str] = ()) -> Record:
    """Start the server in the background and return when it answers.

    Parameters
    ----------
    paths : sequence of str
        Files and folders that may be opened; all that the user can read if empty.
    persist : float or None
        The server ends after so many seconds without a viewer; None if it stays.
    options : sequence of str
        Further words for its command line, see `daemon`.

    Raises
    ------
    HostRefused
        If a server runs already, or this one cannot start.
    """
    with taken_lock() as lock:
        reading, writing = os.pipe()
        command = [sys.executable, "-P", "-m", "traitsview.remote.user_server.daemon", "--folder", str(lock.folder)]
        command += ["--lock", str(lock.descriptor), "--ready", str(writing), *options]
        command += [] if persist is None else ["--persist", str(persist)]
        words = lock.folder / "serve.words"
        try:
            with _emptied(words) as output:
                process = subprocess.Popen(
                    [*command, "--", *(os.path.abspath(path) for path in paths)],
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=output,
                    # Relative paths start there.  A server needs no home: sources can be named by absolute paths.
                    cwd=home_folder() or "/",
                    pass_fds=(lock.descriptor, writing),
                    start_new_session=True,
                )
        except (OSError, ValueError) as error:
            os.close(reading)
            why = f"{error.strerror}: {error.filename}" if isinstance(error, OSError) and error.filename else str(error)
            raise HostRefused("cannot start the server", why) from error
        finally:
            os.close(writing)
        said = _heard(reading)
        if said != "ready":
            with suppress(subprocess.TimeoutExpired):
                process.wait(_STOP_SECONDS)
            said = said or _how_it_ended(process.returncode, words)
    # The process runs on.  With a return code, Python does not warn that nobody waits for its end.
    process.returncode = process.poll() or 0
    record = Record.read(lock.folder) if said == "ready" else None
    if record is None:
        raise HostRefused("cannot start the server", said if said != "ready" else "nobody can read what it has left")
    return record


def stop() -> Record:
    """Stop the server and return its last record; raises `HostGone` if none runs."""
    record = running()
    if record is None:
        raise HostGone("cannot stop the server", "none is running")
    for sign in (signal.SIGTERM, signal.SIGKILL):
        try:
            handle = os.pidfd_open(record.pid)
        except ProcessLookupError:
            return record
        try:
            if record.alive:
                signal.pidfd_send_signal(handle, sign)
            # The handle can be read when the process has ended.
            if select.select([handle], [], [], _STOP_SECONDS)[0]:
                return record
        finally:
            os.close(handle)
    raise HostRefused("cannot stop the server", f"process {record.pid} does not end")


def taken_lock() -> Lock:
    """Return the lock for a server that is about to start; its folder is made if it is missing.

    Raises
    ------
    HostRefused
        If a server runs, here or in another container, or no folder can be used.
    """
    end = time.monotonic() + _ENDING_SECONDS
    while (record := running()) is None:
        lock = usable_lock()
        if lock.take():
            return lock
        lock.close()
        _require_here(lock.folder)
        # A server is starting or ending, or another process just looks whether the lock is held.
        if time.monotonic() > end:
            break
        time.sleep(_PAUSE_SECONDS)
    raise _AlreadyRunning(
        "cannot start the server", f"one is running already{f' (process {record.pid})' if record else ''}"
    )


def _require_here(folder: Path) -> None:
    """Raise `HostRefused` if the server of a folder runs in another container, which may have other files."""
    record = Record.read(folder)
    if record is None or not record.elsewhere:
        return
    try:
        endpoint.connect(folder / "serve.socket", _STOP_SECONDS).close()
    except HostError:
        return  # a killed server has left the record
    why = f"one runs in another container, as process {record.pid} there, in the same folder {folder}"
    raise HostRefused("cannot start the server", why, "set TRAITSVIEW_RUNTIME_DIR to another folder in one of them")


def _held(folder: Path) -> bool:
    if not (folder / "serve.lock").exists():
        return False
    try:
        with Lock(folder) as lock:
            return lock.held_elsewhere
    except HostRefused:
        return False


@contextmanager
def _emptied(path: Path) -> Iterator[int]:
    """Open a private file, emptied, for what the interpreter and libraries write to stdout and stderr."""
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK
    descriptor = os.open(path, flags, 0o600)
    try:
        if not endpoint.is_own_file(descriptor):
            raise PermissionError(errno.EPERM, "it is not a file of ours", str(path))
        os.ftruncate(descriptor, 0)
        yield descriptor
    finally:
        os.close(descriptor)


def _how_it_ended(status: int | None, words: Path) -> str:
    """Return how a server ended that did not say itself why it cannot start."""
    try:
        lines = words.read_text(errors="replace").strip().splitlines()
    except OSError:
        lines = []
    killed = f"it was killed by signal {-status} ({signal.strsignal(-status)})" if status and status < 0 else ""
    return ", ".join(part for part in (killed, *lines[-1:]) if part) or "it ended without a word"


def _heard(pipe: int) -> str:
    """Return the text that comes through a pipe until its other end is closed."""
    end = time.monotonic() + _START_SECONDS
    said = b""
    with open(pipe, "rb", buffering=0) as file:
        while select.select([file], [], [], max(0.0, end - time.monotonic()))[0]:
            part = file.read(4096)
            if not part:
                return said.decode("utf-8", "replace").strip()
            said += part
    return f"it did not answer within {_START_SECONDS:g} s"
