"""The file by which front ends find a kernel: where it listens, and the key that lets them in."""

from __future__ import annotations

import ipaddress
import json
import os
import socket
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ....errors import RequestError, SourceNotFound, SourceUnreadable, SourceUnsupported, installed_by, quoted

__all__ = ["ConnectionFile", "chosen", "known_files", "read_connection_file"]

_MOST_BYTES = 1 << 16
_CHANNELS = ("shell", "iopub", "stdin", "control", "hb")

# Seconds in which a kernel on this machine takes a connection.
_CONNECT_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class ConnectionFile:
    """What a connection file says.

    Attributes
    ----------
    path : Path
    transport : str
        ``"tcp"`` or ``"ipc"``.
    ip : str
        The address that the kernel listens at; for ``ipc`` the beginning of the names of its sockets.
    ports : dict of str to int
        Of the channels shell, iopub, stdin, control and hb.
    key : bytes
        Signs messages.
    signature : str
        How: ``"hmac-sha256"``.
    """

    path: Path
    transport: str
    ip: str
    ports: dict[str, int]
    key: bytes
    signature: str

    @property
    def name(self) -> str:
        """The kernel's name, which the file's name has: ``4f2a…`` of ``kernel-4f2a….json``."""
        return self.path.stem.removeprefix("kernel-")

    @property
    def what(self) -> str:
        """How an error begins."""
        return f"cannot look into kernel {quoted(self.name)}"

    def endpoint(self, channel: str) -> str:
        """Return where a channel is, as ZMQ writes it."""
        separator = ":" if self.transport == "tcp" else "-"
        return f"{self.transport}://{self.ip}{separator}{self.ports[channel]}"

    @property
    def is_listening(self) -> bool:
        """Whether somebody takes connections there."""
        kind, where = (socket.AF_INET, (self.ip, self.ports["control"])), f"{self.ip}-{self.ports['control']}"
        try:
            if self.transport == "tcp":
                socket.create_connection(kind[1], _CONNECT_SECONDS).close()
            else:
                with socket.socket(socket.AF_UNIX) as line:
                    line.settimeout(_CONNECT_SECONDS)
                    line.connect(where)
        except OSError:
            return False
        return True


def chosen(name: str) -> ConnectionFile:
    """Return the connection file of the kernel that is meant by a part of its name or by a path; the newest by default.

    Raises
    ------
    SourceNotFound, SourceUnreadable
        If there is no such kernel, or its file cannot be used.
    RequestError
        If several are meant.
    """
    if "/" in name or name.endswith(".json"):
        return _listening(read_connection_file(Path(os.path.expanduser(name))))
    known = known_files()
    files = [path for path in known if name in path.stem]
    files = [path for path in files if path.stem == f"kernel-{name}"] or files
    if not files:
        where = f"there is no kernel {quoted(name)}" if name else "there is no kernel"
        lists = "'traitsview ls kernel:' lists kernels"
        remedy = (
            lists if known else "start one, or give the path of its connection file: kernel:/path/to/file.json?NAME"
        )
        raise SourceNotFound(where, f"none has a file in {_folder()}", remedy)
    found, problem = [], None
    for path in files:
        try:
            found.append(_listening(read_connection_file(path)))
        except (SourceUnreadable, SourceNotFound) as error:
            problem = problem or error
        if found and not name:
            break
    if not found:
        assert problem is not None
        raise problem
    if len(found) > 1:
        names = ", ".join(one.name for one in found[:4])
        raise RequestError(f"several kernels are called {quoted(name)}", names, "write more of the name")
    return found[0]


def known_files() -> list[Path]:
    """Return the connection files of kernels of this user, the newest first; some may be left over."""
    return [path for _, path in sorted(_dated(_folder()), reverse=True)]


def read_connection_file(path: Path) -> ConnectionFile:
    """Return what a connection file says.

    Raises
    ------
    SourceNotFound, SourceUnreadable
        If it is missing, somebody else's, readable for others, damaged, or of a kernel on another machine.
    """
    what = f"cannot look into the kernel of {quoted(path)}"
    try:
        with open(path, "rb") as file:
            status = os.fstat(file.fileno())
            text = file.read(_MOST_BYTES + 1)
    except FileNotFoundError:
        raise SourceNotFound(what, "there is no such file", "'traitsview ls kernel:' lists kernels") from None
    except OSError as error:
        raise SourceUnreadable(what, error.strerror or str(error)) from error
    if status.st_uid != os.getuid():
        raise SourceUnreadable(what, "the file belongs to another user", "look into kernels of your own")
    if stat.S_IMODE(status.st_mode) & 0o077:
        why = f"others can read its key (mode {stat.S_IMODE(status.st_mode):04o}), and so run code as you"
        raise SourceUnreadable(what, why, "start the kernel anew, or take the permission away: chmod 600")
    try:
        said: Any = json.loads(text.decode())
        transport, ip, key = str(said["transport"]), str(said["ip"]), str(said["key"])
        signature = str(said["signature_scheme"])
        ports = {channel: int(said[f"{channel}_port"]) for channel in _CHANNELS}
        if transport not in ("tcp", "ipc") or not signature.startswith("hmac-") or len(text) > _MOST_BYTES:
            raise ValueError("it is of a kind that is not known")
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        missing = f"it has no {error}" if isinstance(error, KeyError) else str(error)
        raise SourceUnreadable(what, f"the file is no connection file: {missing}", "start the kernel anew") from error
    if not key:
        why = "the kernel has no key, so anybody on this machine may run code in it"
        raise SourceUnreadable(what, why, "start the kernel with a key")
    if transport == "tcp" and not _is_here(ip):
        remedy = f"write {ip}:kernel:{path.stem.removeprefix('kernel-')}"
        raise SourceUnreadable(what, f"the kernel is on another machine, {ip}", remedy)
    return ConnectionFile(
        path, transport, "127.0.0.1" if ip in ("0.0.0.0", "*") else ip, ports, key.encode(), signature
    )


def _listening(file: ConnectionFile) -> ConnectionFile:
    if not file.is_listening:
        why = "nobody answers there: the kernel has ended, and its file is left over"
        raise SourceUnreadable(file.what, why, "'traitsview ls kernel:' lists kernels")
    return file


def _folder() -> Path:
    try:
        from jupyter_core.paths import jupyter_runtime_dir
    except ModuleNotFoundError as error:
        why = f"the package {quoted(error.name or 'jupyter_core')} is not installed"
        raise SourceUnsupported("cannot look into kernels", why, installed_by("jupyter")) from error
    return Path(jupyter_runtime_dir())


def _dated(folder: Path) -> Iterator[tuple[float, Path]]:
    for path in folder.glob("kernel-*.json"):
        try:
            yield path.stat().st_mtime, path
        except OSError:  # it has just gone
            continue


def _is_here(ip: str) -> bool:
    """Whether an address is one of this machine: then one can listen there."""
    if ip in ("", "*", "localhost"):
        return True
    try:
        address = ipaddress.ip_address(ip)
        family = socket.AF_INET6 if address.version == 6 else socket.AF_INET
        if address.is_loopback or address.is_unspecified:
            return True
        with socket.socket(family, socket.SOCK_DGRAM) as line:
            line.bind((ip, 0))
        return True
    except (OSError, ValueError):
        return False
