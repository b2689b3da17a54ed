"""The credentials that let a viewer in over the network: certificates and a token, in a file of the user's own.

A server that listens on the network makes new credentials when it starts, and removes the file when it ends, so nothing
expires and nothing has to be renewed.  The file is ``~/.local/state/traitsview/servers/HOST-PORT.json``.  If the home
folder is not shared by both machines, the user copies the file.  If there is no home that can be written, the file is
in the folder of the sockets.  Each share has a file more, in the folder ``shares`` beside, which goes with the share.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import stat
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path

from ...errors import HostRefused, quoted
from ...user_folders import home_folder
from ..protocol import endpoint
from .certificate import Identity, fingerprint, self_signed

__all__ = ["Credentials", "another", "credentials_for", "issue", "keep", "record_path", "remove"]

#: Bytes of a token.
_TOKEN_BYTES = 32

#: Bytes of a file of credentials at most.
_RECORD_BYTES = 1 << 16

#: The version of the form of that file.
_FORM = 1


@dataclass(frozen=True, slots=True)
class Credentials:
    """The certificates, the key and the token by which a viewer and a server know each other.

    Attributes
    ----------
    host, port : str, int
        Where the server listens.
    machine, pid : str, int
        The process that listens; by these the file of a server that was killed is recognized.
    server_certificate : str
        The only certificate, in PEM, that the viewer accepts.
    client_certificate, client_key : str
        The only certificate, in PEM, that the server accepts, and its key.
    token : str
        256 random bits, in hexadecimal digits; never sent.
    """

    host: str
    port: int
    machine: str
    pid: int
    server_certificate: str
    client_certificate: str
    client_key: str = field(repr=False)
    token: str = field(repr=False)

    @property
    def client(self) -> Identity:
        """The certificate of the viewer and its key."""
        return Identity(self.client_certificate, self.client_key)


def issue(host: str, port: int) -> tuple[Identity, Credentials]:
    """Return the identity of a server that listens at `host` and `port`, and the credentials for its viewers.

    Raises
    ------
    HostRefused
        If the package that makes certificates is not installed.
    """
    server, client = self_signed("traitsview server"), self_signed("traitsview viewer")
    return server, Credentials(
        host,
        port,
        os.uname().nodename,
        os.getpid(),
        server.certificate,
        client.certificate,
        client.key,
        secrets.token_hex(_TOKEN_BYTES),
    )


def another(known: Credentials) -> Credentials:
    """Return credentials for the same server with which other viewers are let in."""
    client = self_signed("traitsview guest")
    return replace(
        known,
        client_certificate=client.certificate,
        client_key=client.key,
        token=secrets.token_hex(_TOKEN_BYTES),
    )


def record_path(host: str, port: int) -> Path:
    """Return the path of the credentials for a server; the file may be missing.

    Raises
    ------
    HostRefused
        If the user has neither a home nor a folder for sockets.
    """
    paths = [folder / _name(host, port) for folder in _folders()]
    return next((path for path in paths if path.exists()), paths[0])


def keep(credentials: Credentials, share: str = "") -> Path:
    """Write `credentials` where this user's viewers look for them, and return the file.

    Those of a share are written beside, into ``shares/SHARE.json``, for the user to give away.

    Raises
    ------
    HostRefused
        If the folder belongs to another user, can be used by others, or cannot be written.
    """
    refusal = HostRefused("cannot write the credentials", "there is no folder for them")
    for folder in _folders():
        try:
            if share:
                return _keep(credentials, folder.with_name("shares") / f"{share}.json")
            return _keep(credentials, folder / _name(credentials.host, credentials.port))
        except _CannotWrite as error:
            refusal = error
    raise refusal


class _CannotWrite(HostRefused):
    """A folder cannot be written; another one may do."""


def _keep(credentials: Credentials, path: Path) -> Path:
    new = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _check(path.parent, path.parent.lstat(), folder=True)
        _sweep(path.parent)
        new.unlink(missing_ok=True)
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        with open(descriptor, "w", encoding="utf-8") as file:
            os.fchmod(descriptor, 0o600)
            json.dump({"form": _FORM, **asdict(credentials)}, file)
        # Whoever reads the file at any moment sees all of the old one or all of the new one.
        new.replace(path)
    except OSError as error:
        if isinstance(error, HostRefused):
            raise
        with contextlib.suppress(OSError):
            new.unlink(missing_ok=True)
        raise _CannotWrite(f"cannot write {quoted(path)}", str(error.strerror or error)) from error
    return path


def remove(path: Path) -> None:
    """Remove a file of credentials, if this process has written it."""
    with contextlib.suppress(OSError, HostRefused):
        if _read(path).pid == os.getpid():
            path.unlink()


def credentials_for(host: str, port: int) -> Credentials:
    """Return this user's credentials for the server at `host` and `port`.

    Raises
    ------
    HostRefused
        If there are none, or the file belongs to another user, can be used by others, or makes no sense.
    """
    path = record_path(host, port)
    try:
        return _read(path)
    except FileNotFoundError:
        raise HostRefused(
            f"cannot reach tls://{host}:{port}",
            f"there is no file {quoted(path)}",
            "start 'traitsview serve --listen' there, and copy that file from there if your home folder is not shared",
        ) from None
    except OSError as error:
        if isinstance(error, HostRefused):
            raise
        raise HostRefused(f"cannot read {quoted(path)}", str(error.strerror or error)) from error


def _name(host: str, port: int) -> str:
    return f"{host.strip('[]').lower()}-{port}.json"


def _folders() -> Iterator[Path]:
    """Yield the folders where credentials may be: in the user's home, then beside the sockets."""
    base, home = os.environ.get("XDG_STATE_HOME", ""), home_folder()
    state = Path(base) if os.path.isabs(base) else home / ".local" / "state" if home is not None else None
    if state is not None:
        yield state / "traitsview" / "servers"
    try:
        yield endpoint.runtime_folder() / "servers"
    except HostRefused:
        if state is None:
            raise


def _read(path: Path) -> Credentials:
    """Return the credentials in a file, after a check that only this user can use it."""
    _check(path.parent, path.parent.lstat(), folder=True)
    # If a pipe is in its place, opening it must not wait.
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with open(descriptor, "rb") as file:
        _check(path, os.fstat(descriptor), folder=False)
        data = file.read(_RECORD_BYTES)
    try:
        found = json.loads(data)
        if found.pop("form") != _FORM:
            raise ValueError("it is of another version of traitsview")
        credentials = Credentials(**found)
        if not all(type(getattr(credentials, each.name)).__name__ == each.type for each in fields(Credentials)):
            raise TypeError
        bytes.fromhex(credentials.token)
        fingerprint(credentials.server_certificate), fingerprint(credentials.client_certificate)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise HostRefused(
            f"cannot use {quoted(path)}", "it does not hold the credentials of a server", "copy it from the host again"
        ) from None
    return credentials


def _check(path: Path, found: os.stat_result, folder: bool) -> None:
    """Refuse a file or folder as ssh does: if it belongs to another user, or others may use it."""
    mode = stat.S_IMODE(found.st_mode)
    if not (stat.S_ISDIR if folder else stat.S_ISREG)(found.st_mode):
        why, remedy = f"it is not a {'folder' if folder else 'regular file'}", "remove it"
    elif found.st_uid != os.geteuid():
        why, remedy = f"it belongs to uid {found.st_uid}, not to you", "copy it so that it is yours"
    elif mode & 0o077:
        right = "700" if folder else "600"
        why, remedy = f"others may use it (mode {mode:03o}, expected {right})", f"chmod {right} {quoted(path)}"
    else:
        return
    raise HostRefused(f"cannot use {quoted(path)}", why, remedy)


def _sweep(folder: Path) -> None:
    """Remove the credentials of servers that were killed on this machine."""
    for path in folder.glob("*.json"):
        with contextlib.suppress(OSError, HostRefused):
            left = _read(path)
            if left.machine == os.uname().nodename and not os.path.exists(f"/proc/{left.pid}"):
                path.unlink()
