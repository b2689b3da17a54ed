"""Sockets that no other user can open, and the folders that hold them."""

from __future__ import annotations

import os
import socket
import stat
import tempfile
from collections.abc import Callable
from pathlib import Path

from ...errors import HostGone, HostRefused, quoted
from .hello import peer_uid

__all__ = [
    "connect",
    "dialling",
    "fits",
    "is_own_file",
    "is_private",
    "listen",
    "private_folder",
    "remove_dead",
    "runtime_folder",
]

# Bytes of the path of a socket: the kernel takes 108 with the zero at the end.
_PATH_BYTES = 107

# Bytes that are kept free in a folder's path for the name of a socket.
_NAME_BYTES = 40


def runtime_folder() -> Path:
    """Return this user's folder for sockets, made and checked: owned by us, mode 0700.

    It is ``$XDG_RUNTIME_DIR/traitsview``, or ``traitsview-UID`` in the folder for temporary files.

    Raises
    ------
    HostRefused
        If another user owns the folder or can use it.
    """
    base = os.environ.get("XDG_RUNTIME_DIR", "")
    folder = Path(base) / "traitsview"
    if not os.path.isabs(base) or not os.access(base, os.W_OK) or not fits(folder):
        folder = Path(tempfile.gettempdir()) / f"traitsview-{os.geteuid()}"
    return private_folder(folder)


def fits(folder: Path) -> bool:
    """Return whether the path of a folder leaves room for a socket's name."""
    return len(os.fsencode(folder)) <= _PATH_BYTES - _NAME_BYTES


def private_folder(folder: Path, named_in: str = "XDG_RUNTIME_DIR") -> Path:
    """Make `folder` with mode 0700, or check that it is ours and has this mode; return it.

    `named_in` is the environment variable in which the user may name another folder.

    Raises
    ------
    HostRefused
        If the folder cannot be made, is no folder, belongs to another user, or can be used or replaced by others.
    """
    try:
        try:
            folder.mkdir(0o700)
        except FileExistsError:
            pass
        else:
            folder.chmod(0o700)
        why = _not_private(folder)
    except OSError as error:
        raise HostRefused(f"cannot use the folder {quoted(folder)}", str(error.strerror)) from error
    if why:
        raise HostRefused(f"cannot use the folder {quoted(folder)}", why, f"set {named_in} to another folder")
    return folder


def is_private(folder: Path) -> bool:
    """Return whether there is such a folder and no other user can use it."""
    try:
        return not _not_private(folder)
    except OSError:
        return False


def is_own_file(descriptor: int) -> bool:
    """Return whether an open file is a regular one of this user."""
    found = os.fstat(descriptor)
    return stat.S_ISREG(found.st_mode) and found.st_uid == os.geteuid()


def _not_private(folder: Path) -> str:
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode):
        return "it is not a folder"
    if found.st_uid != os.geteuid():
        return f"it belongs to uid {found.st_uid}"
    if found.st_mode & 0o077:
        return f"others may use it (mode {stat.S_IMODE(found.st_mode):03o}, expected 700)"
    above = folder.parent.stat().st_mode
    if above & stat.S_IWOTH and not above & stat.S_ISVTX:
        return f"others may put another one in its place (mode {stat.S_IMODE(above):03o} of {quoted(folder.parent)})"
    return ""


def listen(path: Path) -> socket.socket:
    """Return a socket that listens at `path`, in a folder that is private, with mode 0600."""
    if len(os.fsencode(path)) > _PATH_BYTES:
        raise HostRefused(f"cannot listen at {quoted(path)}", f"its path is longer than {_PATH_BYTES} bytes")
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        # The file gets the mode of the socket, less the umask, so at no moment can another user connect.
        os.fchmod(sock.fileno(), 0o600)
        sock.bind(os.fspath(path))
        path.chmod(0o600)
        found = path.lstat()
        if not stat.S_ISSOCK(found.st_mode) or found.st_uid != os.geteuid():
            raise OSError("somebody has put something else there")
        sock.listen(64)
    except OSError as error:
        sock.close()
        raise HostRefused(f"cannot listen at {quoted(path)}", str(error.strerror or error)) from error
    return sock


def remove_dead(path: Path) -> None:
    """Remove the socket at `path` if it is ours and no process answers there.

    Raises
    ------
    HostRefused
        If a process answers, or `path` is no socket of ours.
    """
    try:
        found = path.lstat()
    except FileNotFoundError:
        return
    if not stat.S_ISSOCK(found.st_mode) or found.st_uid != os.geteuid():
        raise HostRefused(f"cannot listen at {quoted(path)}", "it is there and is not a socket of ours", "remove it")
    try:
        connect(path, 1.0).close()
    except HostGone:
        path.unlink(missing_ok=True)
    else:
        raise HostRefused(f"cannot listen at {quoted(path)}", "somebody answers there already")


def dialling(path: Path) -> Callable[[float], socket.socket]:
    """Return a function that connects to the host at `path`, given a time limit in seconds."""
    return lambda timeout: connect(path, timeout)


def connect(path: Path, timeout: float) -> socket.socket:
    """Return a socket connected to the host that listens at `path`, or raise `HostGone` or `HostRefused`.

    A host of another user is refused before anything is sent to it.
    """
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    sock.settimeout(timeout)
    try:
        sock.connect(os.fspath(path))
    except PermissionError as error:
        sock.close()
        raise HostRefused("the host does not let us in", f"{quoted(path)}: {error.strerror}") from error
    except OSError as error:
        sock.close()
        raise HostGone("no host answers", f"{quoted(path)}: {error.strerror or error}") from error
    if peer_uid(sock) != os.geteuid():
        sock.close()
        raise HostRefused("refused to talk to the host", f"{quoted(path)} belongs to another user")
    return sock
