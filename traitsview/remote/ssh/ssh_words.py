"""Tells apart what comes on ssh's standard error: banners, lines of ssh, and lines of the shell and the command.

All come in one stream.  Two things tell them apart.  As soon as ssh has logged in, it runs a command *on this machine*
(``LocalCommand``), which writes `LOGGED_IN`: banners come before that line, the shell and the command after it.  And
ssh ends each of its own lines by CR LF, which hardly any other program does.
"""

from __future__ import annotations

import re
import secrets

from ...errors import HostError, HostGone, HostRefused, quoted

__all__ = ["LOGGED_IN", "SshWords"]

#: The line that the local command writes when ssh has logged in.  No host knows it, so no banner can say it.
LOGGED_IN = f"traitsview-logged-in-{secrets.token_hex(8)}"

_MARK = LOGGED_IN.encode()

#: Only the last bytes are kept, so many.
_KEPT_BYTES = 1 << 13

#: Characters of a line in a message.
_LINE_CHARACTERS = 300

#: A Python that cannot start says why, and then lines that begin like these.
_OF_PYTHON = ("Current thread 0x", "<no Python frame>")

#: Lines that begin like these say nothing about a cause.
_CHATTER = ("debug1:", "debug2:", "debug3:", "Warning: Permanently added", "Killed by signal", "@@@", *_OF_PYTHON)

#: Lines that begin like these only follow from an earlier failure, at a jump host or a proxy.
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
    """Collects the lines.  One thread adds to them; any thread may read them meanwhile.

    Attributes
    ----------
    count : int
        Bytes added so far.
    logged_in : bool
        Whether ssh is known to have logged in; the lines before that are forgotten then.
    """

    def __init__(self) -> None:
        self._data = b""
        self.count = 0
        self.logged_in = False

    def add(self, data: bytes) -> None:
        """Add bytes that one call has read."""
        self.count += len(data)
        if self._data and not self._data.endswith(b"\n") and data.partition(b"\n")[0].endswith(b"\r"):
            # The banner before it has no end of line: ssh writes each of its own lines in one piece.
            self._data += b"\n"
        kept = (self._data + data)[-_KEPT_BYTES:]
        if b"\n" in (since := kept.partition(_MARK)[2]):
            # The rest of the line with the mark goes too: it is a complaint of ssh if the command could not be run.
            kept = since.partition(b"\n")[2]
            self.logged_in = True
        self._data = kept

    def note_login(self) -> None:
        """Note that ssh has logged in, which the caller knows from elsewhere."""
        self.logged_in = True

    def forget(self) -> None:
        """Forget all lines, because the command runs: so ssh has logged in."""
        self._data = b""
        self.note_login()

    @property
    def own(self) -> str:
        """The last line of ssh itself that says something, with control characters escaped; empty if there is none."""
        return _last(self._lines(own=True))

    @property
    def line(self) -> str:
        """The line that says most about a failure; empty if there is none.

        Before login it is the last line of ssh itself, if that says a cause; otherwise it is the last line of all.
        """
        own = self._lines(own=True)
        if not self.logged_in and any(not line.startswith(_CONSEQUENCES) for line in own):
            return _last(own)
        return _last(self._lines())

    def error(self, what: str, host: str, batch: bool) -> HostError:
        """Return the error of an ssh that failed itself: `HostRefused` if only a user can mend it, else `HostGone`.

        Parameters
        ----------
        what : str
            What failed.
        host : str
        batch : bool
            Whether ssh was told to ask the user for nothing.
        """
        line = self.own if self.logged_in else self.line
        why = f"ssh says: {line}" if line else "ssh failed without a word"
        # A banner may hold the same words.
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
        """Return the lines that say something: of all that write there, or of ssh itself."""
        ends = "\r" if own else ""
        lines = [line for line in self._data.decode(errors="replace").split("\n") if line.endswith(ends)]
        stripped = [line.strip().removeprefix("ssh: ") for line in lines]
        return [line for line in stripped if line and not line.startswith(_CHATTER)]


def _last(lines: list[str]) -> str:
    """Return the last line that says a cause, or else the last line, fit for a message."""
    causes = [line for line in lines if not line.startswith(_CONSEQUENCES)]
    return quoted((causes or lines)[-1], _LINE_CHARACTERS)[1:-1] if lines else ""
