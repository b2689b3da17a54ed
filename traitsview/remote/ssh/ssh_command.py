"""The command line of the user's ssh."""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Sequence

from ...errors import HostRefused, quoted
from .ssh_words import LOGGED_IN

__all__ = [
    "CONNECT_SECONDS",
    "forward_command",
    "has_master",
    "no_command",
    "remote_command",
    "ssh_command",
    "start_ssh",
]

#: The first and the third line undo what the user's configuration may say about commands, terminals and forwarding, as
#: scp does, and switch compression off: pixels are compressed already.  The local command says that ssh has logged in;
#: every shell understands it.  With the last line ssh notices a dead connection.
_OPTIONS = (
    *("RemoteCommand=none", "RequestTTY=no"),
    *("PermitLocalCommand=yes", f"LocalCommand=/bin/sh -c 'echo {LOGGED_IN} >&2'"),
    *("ClearAllForwardings=yes", "ForwardAgent=no", "ForwardX11=no", "Compression=no"),
    *("ServerAliveInterval=3", "ServerAliveCountMax=3"),
)

#: Seconds that a shared connection's ssh on this machine has to answer.
_MASTER_SECONDS = 2.0

#: Seconds that ssh has to connect and to agree on keys.
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
        The command for the shell on the host; `remote_command` by default.
    connect_timeout : int
        In seconds.

    Raises
    ------
    HostRefused
        If ``$TRAITSVIEW_SSH`` cannot be read.
    """
    options = [*_OPTIONS, f"ConnectTimeout={connect_timeout}", *(["BatchMode=yes"] if batch else [])]
    return [*_program(), "-T", *_said(options), "--", _name(host), command or remote_command()]


def forward_command(host: str, forwards: Sequence[str]) -> list[str]:
    """Return the words that have ssh forward sockets of this machine to a host, and nothing else; it asks nobody.

    Parameters
    ----------
    host : str
        As in an `Address`.
    forwards : sequence of str
        As after ``ssh -L``: ``/run/user/1000/traitsview/k-1:127.0.0.1:5001``.

    Raises
    ------
    HostRefused
        If ``$TRAITSVIEW_SSH`` cannot be read.
    """
    # What the user's configuration forwards would be taken away together with ours.
    kept = [option for option in _OPTIONS if not option.startswith("ClearAllForwardings")]
    mask = "StreamLocalBindMask=0177"
    options = [*kept, f"ConnectTimeout={CONNECT_SECONDS}", "BatchMode=yes", mask]
    lines = [word for forward in forwards for word in ("-L", forward)]
    return [*_program(), "-N", "-T", *_said(options), *lines, "--", _name(host)]


def has_master(host: str) -> bool:
    """Return whether the user's ssh has a shared connection to a host already (``ControlMaster``)."""
    try:
        command = [*_program(), "-O", "check", "--", _name(host)]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=_MASTER_SECONDS)
    except (OSError, ValueError, HostRefused, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _said(options: Sequence[str]) -> list[str]:
    return [f"-o{option}" for option in options]


def _program() -> list[str]:
    try:
        return shlex.split(os.environ.get("TRAITSVIEW_SSH", "")) or ["ssh"]
    except ValueError as error:
        raise HostRefused("cannot run ssh", f"TRAITSVIEW_SSH: {error}", "write it as for a shell") from error


def _name(host: str) -> str:
    """Return a host as ssh takes it: an IPv6 address has brackets in an `Address`, and none for ssh."""
    return host.replace("[", "").replace("]", "")


def remote_command(words: str = "attach --stdio") -> str:
    """Return the command for the shell on the host; ``$TRAITSVIEW_REMOTE_COMMAND`` replaces *traitsview* in it."""
    return f"{os.environ.get('TRAITSVIEW_REMOTE_COMMAND', '').strip() or 'traitsview'} {words}"


def start_ssh(command: list[str], batch: bool) -> subprocess.Popen[bytes]:
    """Start an `ssh_command` with pipes for its standard input, output and error.

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
