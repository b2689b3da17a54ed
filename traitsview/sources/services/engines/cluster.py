"""A cluster of engines of ipyparallel: where its connection file is, the connection, and the engines there are."""

from __future__ import annotations

import json
import os
import socket
import threading
import time
from pathlib import Path
from typing import Any

from ....errors import SourceNotFound, printable, quoted
from .door import EngineDoor

__all__ = ["EngineCluster"]

# For a last word to the engines, after the connection was closed.
_LINGER_MILLISECONDS = 1000

# Seconds for one attempt to connect, and between two.
_CONNECT_SECONDS = 5
_AGAIN_SECONDS = 2.0


class EngineCluster:
    """A cluster, which may be restarted: the newest one of a profile.  Any thread may call any method.

    Parameters
    ----------
    name : str
        ``PROFILE`` or ``PROFILE/ID``; empty for the default profile.

    Attributes
    ----------
    doors : tuple of EngineDoor
        The engines, in the order of their numbers; lost ones stay until the cluster is another one.
    state : str
        Why there are none, as a sentence.

    Raises
    ------
    SourceNotFound
        If there is no such profile.
    """

    def __init__(self, name: str) -> None:
        profile, _, self._id = name.partition("/")
        self.name = profile or "default"
        self._folder = _profile_folder(self.name) / "security"
        self.state = f"waiting for a cluster of the profile {quoted(self.name)}; start one: ipcluster start"
        self.doors: tuple[EngineDoor, ...] = ()
        self._lock = threading.Lock()
        self._client: Any = None
        self._file: tuple[str, int] | None = None  # the connection file in use, and when it was written
        self._looked = -_AGAIN_SECONDS
        self._closed = False

    def look(self) -> tuple[EngineDoor, ...]:
        """Return the engines that there are now; connect to the cluster if it is there, or is another one."""
        with self._lock:
            now = time.monotonic()
            if now - self._looked >= _AGAIN_SECONDS and not self._closed:
                self._looked = now
                file = self._connection_file()
                if file is None or file != self._file or self._client is None or self._client._closed:
                    self._connect(file)
                elif not _answers(Path(file[0])):
                    self._leave(f"the cluster of the profile {quoted(self.name)} is gone")
            if self._client is not None:
                self._update()
            return self.doors

    @property
    def connection(self) -> dict[str, Any] | None:
        """What the connection file says, or None while there is no cluster."""
        with self._lock:
            return None if self._file is None or self._client is None else _read(Path(self._file[0]))

    def close(self) -> None:
        """Close the connection; the engines go on."""
        with self._lock:
            self._closed = True
            self._leave(self.state)

    def _update(self) -> None:
        """Take note of engines that came or died."""
        numbers = set(self._client.ids)
        known = {door.number for door in self.doors}
        for door in self.doors:
            if not door.lost and door.number not in numbers:
                door.lose()
        new = [EngineDoor(self._client, number) for number in sorted(numbers - known)]
        if new:
            self.doors = tuple(sorted((*self.doors, *new), key=lambda door: door.number))
        self.state = "" if self.doors else f"the cluster of the profile {quoted(self.name)} has no engines yet"

    def _connection_file(self) -> tuple[str, int] | None:
        """Return the newest connection file, and when it was written."""
        pattern = f"ipcontroller-{self._id}-client.json" if self._id else "ipcontroller*-client.json"
        found = []
        for path in self._folder.glob(pattern):
            try:
                found.append((path.stat().st_mtime_ns, str(path)))
            except OSError:
                continue
        if not found:
            return None
        written, path_ = max(found)
        return path_, written

    def _connect(self, file: tuple[str, int] | None) -> None:
        if file is None:
            if self._client is not None:
                self._leave(f"the cluster of the profile {quoted(self.name)} is gone")
            return
        from ipyparallel import Client

        path = Path(file[0])
        try:
            connection = _read(path)
            if connection.get("ssh"):
                self._leave(f"the cluster is on {connection['ssh']}; open HOST:engines:{self.name} there")
                return
            if not _answers(path):
                raise OSError("nobody answers")
            client = Client(file[0], timeout=_CONNECT_SECONDS)
        except Exception as error:  # a broken file, or a cluster that ended without removing it
            why = printable(" ".join(str(error).split()))[:200] or type(error).__name__
            self._leave(f"cannot reach the cluster of {quoted(path.name)}: {why}; is it running?")
            return
        self._leave("")
        self._client, self._file, self.doors = client, file, ()

    def _leave(self, state: str) -> None:
        client, self._client, self._file = self._client, None, None
        for door in self.doors:
            door.lose()
        if client is not None:
            client.close(linger=_LINGER_MILLISECONDS)
        self.state = state


def _profile_folder(name: str) -> Path:
    home = Path(os.environ.get("IPYTHONDIR") or Path.home() / ".ipython")
    folder = home / f"profile_{name}"
    if "/" in name or not folder.is_dir():
        names = sorted(each.name.removeprefix("profile_") for each in home.glob("profile_*") if each.is_dir())
        why, remedy = f"there is no IPython profile {quoted(name)}", "start a cluster, for example by: ipcluster start"
        if names:
            why, remedy = f"{why}, only {', '.join(map(printable, names))}", "give one of these"
        raise SourceNotFound(f"cannot open {quoted(f'engines:{name}')}", why, remedy)
    return folder


def _read(path: Path) -> dict[str, Any]:
    found = json.loads(path.read_text())
    if not isinstance(found, dict):
        raise ValueError("it is no connection file")
    return found


def _answers(path: Path) -> bool:
    """Whether the controller still listens."""
    try:
        connection = _read(path)
        protocol, _, host = str(connection["interface"]).partition("://")
        if protocol != "tcp":
            return os.path.exists(path)
        host = "127.0.0.1" if host in ("*", "0.0.0.0") else host
        socket.create_connection((host, int(connection["registration"])), _CONNECT_SECONDS).close()
    except (OSError, ValueError, KeyError):
        return False
    return True
