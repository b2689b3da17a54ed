"""Sockets that nobody else can open, and the folders that they are in."""

from __future__ import annotations

import os
import socket
import stat
import tempfile
from collections.abc import Callable
from pathlib import Path

from ..errors import HostGone, HostRefused, quoted

__all__ = ["connect", "dialling", "listen", "private_folder", "runtime_folder"]

# What a socket's address holds, less the terminating zero.
_PATH_LIMIT = 107
_LONGEST_NAME = 40


def runtime_folder() -> Path:
    """Return this user's folder for sockets, made and checked: owned by us, mode 0700.

    It is ``$XDG_RUNTIME_DIR/traitsview``, or ``traitsview-UID`` in the folder for temporary files.

    Raises
    ------
    HostRefused
        If somebody else owns it or can look into it.
    """
    base = os.environ.get("XDG_RUNTIME_DIR", "")
    folder = Path(base) / "traitsview"
    if (
        not os.path.isabs(base)
        or not os.access(base, os.W_OK)
        or len(os.fsencode(folder)) > _PATH_LIMIT - _LONGEST_NAME
    ):
        folder = Path(tempfile.gettempdir()) / f"traitsview-{os.geteuid()}"
    try:
        return private_folder(folder)
    except HostRefused:
        raise
    except OSError as error:
        raise HostRefused(f"cannot use the folder {quoted(folder)}", str(error.strerror)) from error


def private_folder(folder: Path) -> Path:
    """Make `folder` with mode 0700, or check that it is ours and has it; return it."""
    try:
        folder.mkdir(0o700)
    except FileExistsError:
        pass
    else:
        folder.chmod(0o700)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode):
        why = "it is not a folder"
    elif found.st_uid != os.geteuid():
        why = f"it belongs to uid {found.st_uid}"
    elif found.st_mode & 0o077:
        why = f"others may use it (mode {stat.S_IMODE(found.st_mode):03o}, expected 700)"
    else:
        return folder
    raise HostRefused(f"cannot use the folder {quoted(folder)}", why, "remove it, or set XDG_RUNTIME_DIR")


def listen(path: Path) -> socket.socket:
    """Return a socket that listens at `path`, in a folder that is private, with mode 0600."""
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        sock.bind(os.fspath(path))
        path.chmod(0o600)
        sock.listen(64)
    except OSError as error:
        sock.close()
        raise HostRefused(f"cannot listen at {quoted(path)}", str(error.strerror or error)) from error
    return sock


def dialling(path: Path) -> Callable[[float], socket.socket]:
    """Return what connects to the host that listens at `path` within a time limit in seconds."""
    return lambda timeout: connect(path, timeout)


def connect(path: Path, timeout: float) -> socket.socket:
    """Return a socket connected to the host that listens at `path`, or raise `HostGone` or `HostRefused`."""
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
    return sock
