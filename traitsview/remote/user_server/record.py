"""The lock that shows that a user's server runs, and the record that says what runs.

The kernel frees the lock when the process ends, in whatever way.  The record is believed only while the lock is held
and the process that it names is the one that wrote it.  So the files of a killed server are never taken for a server.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

from ...errors import HostRefused, quoted
from ..protocol import endpoint

__all__ = ["Lock", "Record", "folders", "pid_namespace", "process_began", "usable_lock"]

#: Where the system makes a folder for each user who has logged in.
_SESSIONS = Path("/run/user")


def folders() -> Iterator[Path]:
    """Yield the folders where a server of this user may be, in order of preference.

    They are ``$XDG_RUNTIME_DIR/traitsview``, ``/run/user/UID/traitsview`` and ``/tmp/traitsview-UID``: the same for
    every login, so that a server is found from another login.  ``$TRAITSVIEW_RUNTIME_DIR`` names other folders, with
    colons between them.
    """
    named = os.environ.get("TRAITSVIEW_RUNTIME_DIR", "")
    if named:
        yield from (Path(folder) for folder in named.split(":") if os.path.isabs(folder))
        return
    base = os.environ.get("XDG_RUNTIME_DIR", "")
    # Some logins do not have the variable: those by cron, for example, and some by ssh.
    session = _SESSIONS / str(os.geteuid())
    for folder in dict.fromkeys((Path(base), session) if os.path.isdir(session) else (Path(base),)):
        if folder.is_absolute() and endpoint.fits(folder / "traitsview"):
            yield folder / "traitsview"
    yield Path("/tmp") / f"traitsview-{os.geteuid()}"


@dataclass(frozen=True, slots=True)
class Record:
    """A server that runs.

    Attributes
    ----------
    pid : int
        The number of its process.
    began : int
        The start of the process, in ticks of the kernel.  A later process with the same pid has another one.
    version : str
        The version of traitsview.
    started : str
        The date and time of the start, for people.
    paths : tuple of str
        The files and folders that may be opened; if empty, everything that the user can read.
    socket : str
        The path of the socket.
    persist : float or None
        The server ends after so many seconds without a viewer; None if it stays.
    viewers : int
        The number of viewers when the record was written.
    address : str
        ``tls://HOST:PORT`` if the server listens on the network too.
    namespace : str
        The PID namespace in which `pid` counts, see `pid_namespace`.
    """

    pid: int
    began: int
    version: str
    started: str
    paths: tuple[str, ...]
    socket: str
    persist: float | None = None
    viewers: int = field(default=0, compare=False)
    address: str = ""
    namespace: str = ""

    @property
    def alive(self) -> bool:
        """Whether the process runs; false if it cannot be seen from here."""
        return not self.elsewhere and process_began(self.pid) == self.began

    @property
    def elsewhere(self) -> bool:
        """Whether the record was written in another container, whose processes cannot be seen from here."""
        return self.namespace not in ("", pid_namespace())

    @classmethod
    def read(cls, folder: Path) -> Record | None:
        """Return the record in `folder`; None if there is none, or it makes no sense."""
        try:
            with open(os.open(folder / "serve.json", os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)) as file:
                fields = json.load(file)
            record = cls(**{**fields, "paths": tuple(fields["paths"])})
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return None
        return record if record._makes_sense else None

    @property
    def _makes_sense(self) -> bool:
        texts = (self.version, self.started, self.socket, self.address, self.namespace, *self.paths)
        numbers = (self.pid, self.began, self.viewers)
        return (
            all(type(text) is str for text in texts)
            and all(type(number) is int for number in numbers)
            and (self.persist is None or type(self.persist) in (float, int))
        )

    def write(self, folder: Path) -> None:
        """Write the record into `folder`, whole or not at all; raises OSError."""
        descriptor, name = tempfile.mkstemp(prefix="serve.json.", dir=folder)
        try:
            with open(descriptor, "w", encoding="utf-8") as file:
                json.dump(asdict(self), file)
            os.replace(name, folder / "serve.json")
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(name)
            raise


def pid_namespace() -> str:
    """Return the name of the PID namespace, within which numbers of processes are unique; empty if unknown."""
    try:
        return os.readlink("/proc/self/ns/pid")
    except OSError:
        return ""


def process_began(pid: int) -> int | None:
    """Return the start of a process, in ticks of the kernel since the machine started; None if there is none."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
            # The name of the program is in brackets and may hold any characters.
            state, *fields = file.read().rpartition(")")[2].split()
    except (OSError, ValueError):
        return None
    return None if state in "ZX" else int(fields[18])


class Lock:
    """The lock in a folder: the process that has it is the server, or is starting it.

    The lock belongs to the open file: a process that inherits the descriptor has the lock too.

    Parameters
    ----------
    folder : Path
        Private, see `endpoint.private_folder`.
    inherited : int, optional
        The descriptor of a lock that was taken for this process.
    """

    def __init__(self, folder: Path, inherited: int = -1) -> None:
        self.folder = folder
        self.path = folder / "serve.lock"
        flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK
        try:
            self.descriptor = inherited if inherited >= 0 else os.open(self.path, flags, 0o600)
        except OSError as error:
            raise HostRefused(f"cannot use {quoted(self.path)}", str(error.strerror), "remove it") from error
        if not endpoint.is_own_file(self.descriptor):
            self.close()
            raise HostRefused(f"cannot use {quoted(self.path)}", "it is not a file of ours", "remove it")

    def take(self) -> bool:
        """Take the lock; return false if another process has it, or just looks whether one has it."""
        return self._flock(fcntl.LOCK_EX)

    @property
    def held_elsewhere(self) -> bool:
        """Whether another process has the lock."""
        free = self._flock(fcntl.LOCK_SH)
        if free:
            fcntl.flock(self.descriptor, fcntl.LOCK_UN)
        return not free

    @property
    def in_place(self) -> bool:
        """Whether the file is still where others look for it."""
        try:
            found = self.path.lstat()
        except OSError:
            return False
        return os.path.samestat(found, os.fstat(self.descriptor))

    def close(self) -> None:
        """Close the descriptor; the lock is free when no other process has inherited it."""
        if self.descriptor >= 0:
            os.close(self.descriptor)
            self.descriptor = -1

    def __enter__(self) -> Lock:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _flock(self, kind: int) -> bool:
        try:
            fcntl.flock(self.descriptor, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def usable_lock() -> Lock:
    """Return the lock in the first of `folders` that can be used; it is made if it is missing, and not taken.

    Raises
    ------
    HostRefused
        If there is no such folder.
    """
    refusal: HostRefused | None = None
    for folder in folders():
        try:
            return Lock(endpoint.private_folder(folder, "TRAITSVIEW_RUNTIME_DIR"))
        except HostRefused as error:
            refusal = refusal or error
    why = "TRAITSVIEW_RUNTIME_DIR names no absolute path"
    raise refusal or HostRefused("cannot start the server", why, "correct it, or unset it")
