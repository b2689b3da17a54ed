"""The command line of the user's ssh."""

from __future__ import annotations

import os
import shlex
import subprocess

from ...errors import HostRefused, quoted
from .ssh_words import LOGGED_IN

__all__ = ["CONNECT_SECONDS", "has_master", "no_command", "remote_command", "ssh_command", "start_ssh"]

#: What scp tells ssh too, so that what the user's configuration says about terminals and forwarding is not done for us;
#: no compression, for what needs it is compressed already; and signs of life, to notice a dead connection.
#: The local command is ours, in words that every shell understands: it tells that ssh has logged in.
_OPTIONS = (
    *("RemoteCommand=none", "RequestTTY=no"),
    *("PermitLocalCommand=yes", f"LocalCommand=/bin/sh -c 'echo {LOGGED_IN} >&2'"),
    *("ClearAllForwardings=yes", "ForwardAgent=no", "ForwardX11=no", "Compression=no"),
    *("ServerAliveInterval=3", "ServerAliveCountMax=3"),
)

#: Seconds for a master of this machine to answer.
_MASTER_SECONDS = 2.0

#: Seconds that ssh has to connect, and to agree on keys.
CONNECT_SECONDS = 8


def ssh_command(
    host: str, batch: bool, command: str | None = None, connect_timeout: int = CONNECT_SECONDS
) -> list[str]:
    """Return the words that run a command on a host.

    ``$TRAITSVIEW_SSH`` names another ssh, with options that go before ours: ``ssh -F file``.

    Parameters
    ----------
    host : str
        As in an `Address`.
    batch : bool
        Whether ssh fails where it would ask the user for something.
    command : str, optional
        For the shell there; `remote_command` by default.
    connect_timeout : int
        In seconds.

    Raises
    ------
    HostRefused
        If ``$TRAITSVIEW_SSH`` cannot be read.
    """
    options = [*_OPTIONS, f"ConnectTimeout={connect_timeout}", *(["BatchMode=yes"] if batch else [])]
    return [*_program(), "-T", *(f"-o{option}" for option in options), "--", _name(host), command or remote_command()]


def has_master(host: str) -> bool:
    """Return whether the user's ssh has a connection to a host already, which others share (``ControlMaster``)."""
    try:
        command = [*_program(), "-O", "check", "--", _name(host)]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=_MASTER_SECONDS)
    except (OSError, ValueError, HostRefused, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _program() -> list[str]:
    try:
        return shlex.split(os.environ.get("TRAITSVIEW_SSH", "")) or ["ssh"]
    except ValueError as error:
        raise HostRefused("cannot run ssh", f"TRAITSVIEW_SSH: {error}", "write it as for a shell") from error


def _name(host: str) -> str:
    """Return a host as ssh takes it: an address of IPv6 has brackets in an `Address`, and none there."""
    return host.replace("[", "").replace("]", "")


def remote_command(words: str = "attach --stdio") -> str:
    """Return what the shell on the host runs; ``$TRAITSVIEW_REMOTE_COMMAND`` says what *traitsview* is there."""
    return f"{os.environ.get('TRAITSVIEW_REMOTE_COMMAND', '').strip() or 'traitsview'} {words}"


def start_ssh(command: list[str], batch: bool) -> subprocess.Popen[bytes]:
    """Start an `ssh_command` with pipes for its input, its output and what it says.

    Raises
    ------
    HostRefused
        If there is no ssh here.
    """
    try:
        return subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            # Without a terminal it cannot ask anything.
            start_new_session=batch,
            bufsize=0,
        )
    except (OSError, ValueError) as error:
        remedy = "install OpenSSH's client, or name it in TRAITSVIEW_SSH"
        raise HostRefused(f"cannot run {quoted(command[0])}", str(error), remedy) from error


def no_command(what: str, status: int | None, said: str) -> HostRefused | None:
    """Return the error that there is no *traitsview* on the host, if that is why ssh ended with `status`.

    Parameters
    ----------
    what : str
        What failed.
    status : int or None
    said : str
        The shell's last line.
    """
    if status not in (126, 127) and "ommand not found" not in said:
        return None
    remedy = "install it there, or say where it is with TRAITSVIEW_REMOTE_COMMAND=/path/to/traitsview"
    return HostRefused(what, f"there is no command 'traitsview' ({said or status})", remedy)
