"""What is said on ssh's standard error: by a host's banner, by ssh, and by the shell and the command there.

They come in one stream.  Two things tell them apart.  ssh runs a command *here* as soon as it has logged in
(``LocalCommand``), which writes `LOGGED_IN`: banners come before it, the shell and the command after it.  And ssh ends
each line of its own by CR LF, as hardly anybody else does.
"""

from __future__ import annotations

import re
import secrets

from ...errors import HostError, HostGone, HostRefused, quoted

__all__ = ["LOGGED_IN", "SshWords"]

#: What a command of this machine writes when ssh has logged in.  A host does not know it, so no banner can say it.
LOGGED_IN = f"traitsview-logged-in-{secrets.token_hex(8)}"

_MARK = LOGGED_IN.encode()

#: Bytes that are kept: the last ones.
_KEPT_BYTES = 1 << 13

_LINE_CHARACTERS = 300

#: What a Python that cannot begin, such as one with another one's PYTHONHOME, says after why it cannot.
_OF_PYTHON = ("Current thread 0x", "<no Python frame>")

#: Lines that say nothing of why something failed.
_CHATTER = ("debug1:", "debug2:", "debug3:", "Warning: Permanently added", "Killed by signal", "@@@", *_OF_PYTHON)

#: Lines that say only that something before them failed, on the way through a jump host or a proxy.
_CONSEQUENCES = (
    "kex_exchange_identification: Connection closed by remote host",
    "kex_exchange_identification: read: Connection reset by peer",
    "kex_exchange_identification: write: Broken pipe",
    "banner exchange: Connection to UNKNOWN",
    "banner exchange: Connection from UNKNOWN",
    "Connection closed by UNKNOWN",
    "Connection reset by UNKNOWN",
    "Disconnected from",
    "stdio forwarding failed",
)

_CHANGED = "REMOTE HOST IDENTIFICATION HAS CHANGED"

_DENIED = re.compile(r"Permission denied( \(|, please try again)|Too many authentication failures")


class SshWords:
    """Collects what is said.  Any thread may read it while one adds to it.

    Attributes
    ----------
    count : int
        Bytes added so far.
    logged_in : bool
        Whether ssh is known to have logged in; what was said before that is forgotten then.
    """

    def __init__(self) -> None:
        self._data = b""
        self.count = 0
        self.logged_in = False

    def add(self, data: bytes) -> None:
        """Add what was read at once."""
        self.count += len(data)
        if self._data and not self._data.endswith(b"\n") and data.partition(b"\n")[0].endswith(b"\r"):
            # A banner without an end of line: ssh writes its own lines whole.
            self._data += b"\n"
        kept = (self._data + data)[-_KEPT_BYTES:]
        if b"\n" in (since := kept.partition(_MARK)[2]):
            # Where the command could not be run, ssh complains of it, and the mark is in that line.
            kept = since.partition(b"\n")[2]
            self.logged_in = True
        self._data = kept

    def note_login(self) -> None:
        """Note that ssh has logged in, as is known otherwise."""
        self.logged_in = True

    def forget(self) -> None:
        """Forget what was said so far: the command is there, so ssh has logged in."""
        self._data = b""
        self.note_login()

    @property
    def own(self) -> str:
        """The last line of ssh itself that says something, its control characters escaped; empty if there is none."""
        return _last(self._lines(own=True))

    @property
    def line(self) -> str:
        """The line that says most; empty if there is none.

        Before login that is the last one of ssh itself, if it says a cause, and afterwards the last one.
        """
        own = self._lines(own=True)
        if not self.logged_in and any(not line.startswith(_CONSEQUENCES) for line in own):
            return _last(own)
        return _last(self._lines())

    def error(self, what: str, host: str, batch: bool) -> HostError:
        """Return the error of an ssh that failed itself.

        What only a user can mend is a `HostRefused`, everything else a `HostGone`.

        Parameters
        ----------
        what : str
            What failed.
        host : str
        batch : bool
            Whether it was told not to ask.
        """
        line = self.own if self.logged_in else self.line
        why = f"ssh says: {line}" if line else "ssh failed without a word"
        # What a banner says is not what has happened.
        text = "\n".join(self._lines(own=True)) or line
        if _CHANGED in text:
            why = f"ssh says: {_CHANGED}! … {line}"
            return HostRefused(what, why, "find out why; only then remove the old key with 'ssh-keygen -R'")
        if "Host key verification failed" in text:
            return HostRefused(what, why, f"run 'ssh {host}' in a terminal once, and see whether it is the right host")
        if _DENIED.search(text):
            if batch:
                return HostRefused(what, f"login is needed ({why})", "open it again from a terminal")
            return HostRefused(what, why, f"try 'ssh {host}' in a terminal")
        if "open failed: connect failed" in text:
            return HostGone(
                what, f"the jump host does not reach it ({why})", "check its name there, and whether it is up"
            )
        if "Could not resolve hostname" in text:
            return HostGone(what, why, "check the name, and the network")
        return HostGone(what, why, f"try 'ssh {host}' in a terminal")

    def _lines(self, own: bool = False) -> list[str]:
        """Return the lines that say something: all of them, or those of ssh itself."""
        ends = "\r" if own else ""
        lines = [line for line in self._data.decode(errors="replace").split("\n") if line.endswith(ends)]
        stripped = [line.strip().removeprefix("ssh: ") for line in lines]
        return [line for line in stripped if line and not line.startswith(_CHATTER)]


def _last(lines: list[str]) -> str:
    """Return the last line that is a cause, or the last one if all are consequences, fit for a message."""
    causes = [line for line in lines if not line.startswith(_CONSEQUENCES)]
    return quoted((causes or lines)[-1], _LINE_CHARACTERS)[1:-1] if lines else ""
