"""Finds out why ssh, which should run a command on a host, has ended, or why the command says nothing."""

from __future__ import annotations

import signal

from ...errors import HostError, HostGone, WireError, quoted
from .ssh_command import has_master, no_command
from .ssh_words import SshWords

__all__ = ["ended", "has_failed", "silent"]

#: A shell gives a command that was killed this status plus the number of the signal.
_SIGNAL_STATUS = 128

#: The status of ssh when it failed itself, and also when its command was killed without a shell around it.
_SSH_FAILED_STATUS = 255


def ended(
    what: str, program: str, host: str, status: int, words: SshWords, said: str = "", batch: bool = True
) -> HostError:
    """Return the error of an ssh that has ended.

    Parameters
    ----------
    what : str
        What failed because of that.
    program : str
        The command that ssh should have run.
    host : str
    status : int
        The status of ssh, in the form of `subprocess`.
    words : SshWords
    said : str
        The last output of the command, fit for a message; it is used if `words` has none.
    batch : bool
        Whether ssh was told to ask the user for nothing.
    """
    line = words.line or said
    if status < 0:
        return HostGone(what, f"ssh was killed by {_signal(-status)}")
    if has_failed(host, status, words):
        return words.error(what, host, batch)
    if (missing := no_command(what, status, line)) is not None:
        return missing
    number = status - _SIGNAL_STATUS
    if status == _SSH_FAILED_STATUS or number in set(signal.Signals):
        # Some programs, such as containers that cannot start, say why and end with the status of a failing ssh.
        how = f" by {_signal(number)}" if status != _SSH_FAILED_STATUS else f", or ended with {status}" if line else ""
        after = f", after it said {quoted(line)}" if line else ""
        remedy = "see whether memory or time is limited there, and try again"
        return HostGone(what, f"'{program}' was killed there{how}{after}", remedy)
    return HostGone(what, f"'{program}' ended there ({status}){': ' if line else ''}{line}")


def has_failed(host: str, status: int, words: SshWords) -> bool:
    """Return whether ssh has failed itself: it has the same status when its command was killed."""
    if status != _SSH_FAILED_STATUS or words.own:
        return status == _SSH_FAILED_STATUS
    # A shared connection has logged in before, and does not say so again.
    return not (words.logged_in or has_master(host))


def silent(what: str, program: str, host: str, seconds: float, words: SshWords, said: bytes) -> HostError:
    """Return the error of a command that says nothing while ssh runs.

    Parameters
    ----------
    what : str
        What failed because of that.
    program, host : str
    seconds : float
        Seconds since ssh logged in, or since it began if it has not logged in.
    words : SshWords
    said : bytes
        The output so far, which is not the command's.
    """
    noise = said.decode(errors="replace").strip()
    if not (words.logged_in or noise):
        why = f"ssh has not logged in within {seconds:.0f} s{f' (it says: {words.line})' if words.line else ''}"
        return HostGone(what, why, f"try 'ssh {host}' in a terminal")
    why = f"logged in, but the shell of {host} has not run '{program}' within {seconds:.0f} s"
    if noise or words.line:
        why += f"; what it says begins with {quoted(noise or words.line, 60)}"
    remedy = "have its startup files ask nothing and start no other shell where there is no terminal"
    return WireError(what, why, f"{remedy}, as in '[ -t 0 ] && exec fish'")


def _signal(number: int) -> str:
    return f"signal {number} ({signal.strsignal(number) or 'unknown'})"
