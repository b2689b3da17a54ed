"""The server that outlives the terminal: one for each user of a machine.

Its folder (see `endpoint.runtime_folder`) holds ``serve.lock``, locked while it runs, ``serve.socket``,
``serve.json``, which tells what runs, and ``serve.log``.
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import json
import logging
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from ..errors import HostGone, HostRefused, SourceUnreadable, quoted
from . import endpoint
from .host import open_here
from .link import Link

if TYPE_CHECKING:
    from ..sources.image_source import ImageSource
    from .remote_source import RemoteSource

__all__ = ["Record", "SocketHost", "connect_served", "running", "serve", "start", "stop"]

#: Seconds that a server has to stop.
_STOP = 2.0

#: Seconds that somebody who only looks whether a server runs may hold its lock.
_LOOKING = 0.3


@dataclass(frozen=True, slots=True)
class Record:
    """What runs: its pid, when it started, what may be opened (all that the user can read if empty), its socket."""

    pid: int
    started: str
    paths: tuple[str, ...]
    socket: str


class SocketHost:
    """A host that runs already and is not ours to end."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def reach(self) -> Link:
        """Return a link to it."""
        return Link(endpoint.dialling(self._path))

    @property
    def last_words(self) -> str:
        """Nothing: it is not our process."""
        return ""

    def close(self) -> None:
        """Leave it running."""


def connect_served(source_text: str, socket_path: Path | None = None) -> RemoteSource:
    """Return the source that `source_text` names, opened in this user's server.

    Relative paths start at the user's home folder.

    Raises
    ------
    HostGone
        If no server runs.
    TraitsviewError
        What opening raises.
    """
    from .remote_source import RemoteSource

    if socket_path is None:
        record = running()
        if record is None:
            raise HostGone("cannot reach the server", "none is running", "start it with 'traitsview serve'")
        socket_path = Path(record.socket)
    return RemoteSource(SocketHost(socket_path), source_text)


def running() -> Record | None:
    """Return what runs, or None."""
    folder = endpoint.runtime_folder()
    with _locked(folder) as free:
        if free:
            return None
    return _read(folder)


def start(paths: Sequence[str] = ()) -> Record:
    """Start the server in the background and return when it answers.

    Raises
    ------
    HostRefused
        If one is running already, or this one cannot start.
    """
    folder = endpoint.runtime_folder()
    reading, writing = os.pipe()
    command = [sys.executable, "-P", "-m", "traitsview.remote.served", "--ready", str(writing), "--"]
    try:
        with _opened(folder / "serve.log", os.O_APPEND) as log:
            process = subprocess.Popen(
                [*command, *(os.path.abspath(path) for path in paths)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=os.path.expanduser("~"),
                pass_fds=(writing,),
                start_new_session=True,
            )
    except OSError as error:
        os.close(reading)
        raise HostRefused("cannot start the server", str(error)) from error
    finally:
        os.close(writing)
    with open(reading, encoding="utf-8", errors="replace") as pipe:
        said = pipe.read().strip()
    # It runs on: nobody waits for it, and nobody is warned that nobody does.
    process.returncode = process.poll() or 0
    record = _read(folder) if said == "ready" else None
    if record is None:
        raise HostRefused("cannot start the server", said or _last_line(folder / "serve.log"))
    return record


def stop() -> Record:
    """Stop the server and return what it was; raises `HostGone` if none is running."""
    record = running()
    if record is None:
        raise HostGone("cannot stop the server", "none is running")
    for sign in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.kill(record.pid, sign)
        end = time.monotonic() + _STOP
        while time.monotonic() < end:
            if running() is None:
                return record
            time.sleep(0.01)
    raise HostRefused("cannot stop the server", f"process {record.pid} does not end")


def serve(paths: Sequence[str] = (), ready: Callable[[Record], None] = lambda record: None) -> None:
    """Be the server, in this process and its main thread, until SIGTERM or SIGINT; `ready` is called once it answers.

    Raises
    ------
    HostRefused
        If one is running already, or the socket cannot be made.
    """
    from .server import Server
    from .shelf import Shelf

    folder = endpoint.runtime_folder()
    with _locked(folder, _LOOKING) as free:
        if not free:
            record = _read(folder)
            raise HostRefused(
                "cannot start the server", f"one is running already{f' (process {record.pid})' if record else ''}"
            )
        path = folder / "serve.socket"
        _remove_dead(path)
        listener = endpoint.listen(path)
        real = tuple(os.path.realpath(each) for each in paths)
        server = Server(listener, Shelf(_within(real) if real else open_here))
        for sign in (signal.SIGTERM, signal.SIGINT):
            signal.signal(sign, lambda number, frame: server.close())
        record = Record(os.getpid(), datetime.now().astimezone().isoformat(timespec="seconds"), real, str(path))
        try:
            with _opened(folder / "serve.json", os.O_TRUNC) as file:
                json.dump(asdict(record), file)
            ready(record)
            server.serve_forever()
        finally:
            for name in ("serve.socket", "serve.json"):
                (folder / name).unlink(missing_ok=True)


def _within(paths: tuple[str, ...]) -> Callable[[str], ImageSource]:
    """Return a function that opens sources below `paths` and nothing else."""

    def open_source(text: str) -> ImageSource:
        from ..sources.address import parse_address

        address = parse_address(text)
        real = os.path.realpath(os.path.expanduser(address.path))
        if address.scheme != "file" or not any(os.path.commonpath((real, path)) == path for path in paths):
            raise SourceUnreadable(f"cannot open {quoted(text)}", "it is outside of what this server was told to serve")
        return open_here(text)

    return open_source


@contextmanager
def _locked(folder: Path, patience: float = 0.0) -> Iterator[bool]:
    """Hold the server's lock; False if somebody has it for longer than `patience` seconds."""
    end = time.monotonic() + patience
    descriptor = os.open(folder / "serve.lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        yield _lock(descriptor, end)
    finally:
        os.close(descriptor)


def _lock(descriptor: int, end: float) -> bool:
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= end:
                return False
            time.sleep(0.01)
        else:
            return True


def _remove_dead(path: Path) -> None:
    """Remove a socket that nobody answers at, if it is ours."""
    try:
        found = path.lstat()
    except FileNotFoundError:
        return
    if not stat.S_ISSOCK(found.st_mode) or found.st_uid != os.geteuid():
        raise HostRefused(f"cannot listen at {quoted(path)}", "it is there and is not a socket of ours")
    try:
        endpoint.connect(path, 1.0).close()
    except HostGone:
        path.unlink(missing_ok=True)
    else:
        raise HostRefused(f"cannot listen at {quoted(path)}", "somebody answers there already")


def _read(folder: Path) -> Record | None:
    try:
        fields = json.loads((folder / "serve.json").read_text())
        return Record(int(fields["pid"]), str(fields["started"]), tuple(fields["paths"]), str(fields["socket"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


@contextmanager
def _opened(path: Path, flags: int) -> Iterator[TextIO]:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | flags, 0o600)
    with open(descriptor, "w", encoding="utf-8") as file:
        yield file


def _last_line(path: Path) -> str:
    try:
        lines = path.read_text(errors="replace").strip().splitlines()
    except OSError:
        lines = []
    return lines[-1] if lines else "it said nothing"


def main() -> int:
    """Be the server in the background; say ``ready``, or why not, to the one who started it."""
    parser = argparse.ArgumentParser(prog="traitsview-server")
    parser.add_argument("--ready", type=int, required=True, metavar="FD")
    parser.add_argument("paths", nargs="*")
    options = parser.parse_args()
    logging.basicConfig(format="%(asctime)s %(message)s", level=logging.INFO)

    def say(word: str) -> None:
        with contextlib.suppress(OSError), open(options.ready, "w", encoding="utf-8") as pipe:
            pipe.write(word)

    try:
        serve(options.paths, lambda record: say("ready"))
    except HostRefused as error:
        say(error.why)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
