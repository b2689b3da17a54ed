"""The errors for an ssh that has ended, or whose command on the host says nothing: finds the reason of each."""

from __future__ import annotations

import signal

from ...errors import HostError, HostGone, WireError, quoted
from .ssh_command import has_master, no_command
from .ssh_words import SshWords

__all__ = ["ended", "has_failed", "silent"]

#: A shell gives a command that was killed this status plus the number of the signal.
_SIGNAL_STATUS = 128

#: The exit status of ssh if ssh itself failed, and also if its command was killed and no shell was there to say so.
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
        The exit status of ssh, or -N if signal N has killed it, as `subprocess` says it.
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
    """Return whether ssh itself has failed.  The status alone does not say: it is 255 for a killed command, too."""
    if status != _SSH_FAILED_STATUS or words.own:
        return status == _SSH_FAILED_STATUS
    # An ssh that uses a shared connection does not log in again, and so does not say that it has logged in.
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
        The standard output so far.  It comes from the shell on the host; the command has said nothing yet.
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
