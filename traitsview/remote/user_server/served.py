"""Finds, starts and stops the server that outlives the terminal: one for each user of a machine.

Its folder (see `record.folders`) holds ``serve.lock``, locked while it runs, ``serve.socket``, ``serve.json``, which
tells what runs, ``serve.log``, and ``serve.words``, what libraries say on stderr.  What it does is in `daemon`; this is
for the others, and imports little, because a viewer far away waits for it.
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

#: Seconds without a viewer after which a server leaves that was started by a viewer's coming.
UNUSED_SECONDS = 60.0

#: Seconds that a server has to start, and to stop.
_START_SECONDS = 60.0
_STOP_SECONDS = 2.0

#: Seconds that one may take to end that is found no more.
_ENDING_SECONDS = 0.5

_PAUSE_SECONDS = 0.02


class _AlreadyRunning(HostRefused):
    """There is one, or somebody is starting one."""


def found_or_started(persist: float | None = UNUSED_SECONDS) -> Record:
    """Return the server of this user, which answers; where there is none, start it.

    Of any number of processes that do so at once, one starts it and all find it.

    Parameters
    ----------
    persist : float or None
        Seconds without a viewer after which a server that is started leaves; None if it shall stay.

    Raises
    ------
    HostRefused
        If it cannot start, or the one that runs is of another version.
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
            # Somebody else is starting it.
            if time.monotonic() > end:
                raise
            time.sleep(_PAUSE_SECONDS)


def running() -> Record | None:
    """Return what runs, or None."""
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
        Seconds without a viewer after which it leaves; None if it stays.
    options : sequence of str
        Further words for its command line, see `daemon`.

    Raises
    ------
    HostRefused
        If one is running already, or this one cannot start.
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
                    # Relative paths start there.  A server needs no home: it may serve what has a full path.
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
    # It runs on: nobody waits for it, and nobody is warned that nobody does.
    process.returncode = process.poll() or 0
    record = Record.read(lock.folder) if said == "ready" else None
    if record is None:
        raise HostRefused("cannot start the server", said if said != "ready" else "nobody can read what it has left")
    return record


def stop() -> Record:
    """Stop the server and return what it was; raises `HostGone` if none is running."""
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
            # It is readable when the process has ended.
            if select.select([handle], [], [], _STOP_SECONDS)[0]:
                return record
        finally:
            os.close(handle)
    raise HostRefused("cannot stop the server", f"process {record.pid} does not end")


def taken_lock() -> Lock:
    """Return the lock of a server that is about to start, in a folder that is made where it is missing.

    Raises
    ------
    HostRefused
        If a server runs, here or in another container, or there is no folder to use.
    """
    end = time.monotonic() + _ENDING_SECONDS
    while (record := running()) is None:
        lock = usable_lock()
        if lock.take():
            return lock
        lock.close()
        _require_here(lock.folder)
        # It is starting, or ending, or somebody looks.
        if time.monotonic() > end:
            break
        time.sleep(_PAUSE_SECONDS)
    raise _AlreadyRunning(
        "cannot start the server", f"one is running already{f' (process {record.pid})' if record else ''}"
    )


def _require_here(folder: Path) -> None:
    """Raise `HostRefused` if the server of a folder runs in another container: it may see other files than we do."""
    record = Record.read(folder)
    if record is None or not record.elsewhere:
        return
    try:
        endpoint.connect(folder / "serve.socket", _STOP_SECONDS).close()
    except HostError:
        return  # the record is what a killed one left
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
    """Open a private file for what the interpreter and libraries say on stdout and stderr."""
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
    """Return how a server ended that did not say why it cannot start."""
    try:
        lines = words.read_text(errors="replace").strip().splitlines()
    except OSError:
        lines = []
    killed = f"it was killed by signal {-status} ({signal.strsignal(-status)})" if status and status < 0 else ""
    return ", ".join(part for part in (killed, *lines[-1:]) if part) or "it ended without a word"


def _heard(pipe: int) -> str:
    """Return what is said through a pipe until its other end is closed."""
    end = time.monotonic() + _START_SECONDS
    said = b""
    with open(pipe, "rb", buffering=0) as file:
        while select.select([file], [], [], max(0.0, end - time.monotonic()))[0]:
            part = file.read(4096)
            if not part:
                return said.decode("utf-8", "replace").strip()
            said += part
    return f"it did not answer within {_START_SECONDS:g} s"
