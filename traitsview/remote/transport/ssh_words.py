"""What ssh says on its standard error, and what it means."""

from __future__ import annotations

from ...errors import HostError, HostGone, HostRefused, quoted

__all__ = ["SshWords"]

#: Bytes that are kept: the last ones.
_KEPT = 1 << 13

_LONGEST = 300

#: Lines that say nothing of why something failed.
_CHATTER = ("debug1:", "debug2:", "debug3:", "Warning: Permanently added", "Killed by signal", "@@@")

#: Lines that say only that something before them failed, on the way through a jump host or a proxy.
_CONSEQUENCES = (
    "kex_exchange_identification: Connection closed by remote host",
    "Connection closed by UNKNOWN",
    "stdio forwarding failed",
)

_CHANGED = "REMOTE HOST IDENTIFICATION HAS CHANGED"


class SshWords:
    """Collects what ssh says.  Any thread may read it while one adds to it.

    Attributes
    ----------
    count : int
        Bytes added so far.
    """

    def __init__(self) -> None:
        self._data = b""
        self.count = 0

    def add(self, data: bytes) -> None:
        """Add some bytes."""
        self.count += len(data)
        self._data = (self._data + data)[-_KEPT:]

    @property
    def line(self) -> str:
        """The last line that says something, its control characters escaped; empty if there is none."""
        lines = [line.strip().removeprefix("ssh: ") for line in self._data.decode(errors="replace").splitlines()]
        telling = [line for line in lines if line and not line.startswith(_CHATTER)]
        causes = [line for line in telling if not line.startswith(_CONSEQUENCES)]
        return quoted((causes or telling)[-1], _LONGEST)[1:-1] if telling else ""

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
        text = self._data.decode(errors="replace")
        why = f"ssh says: {self.line}" if self.line else "ssh failed without a word"
        if _CHANGED in text:
            why = f"ssh says: {_CHANGED}! … {self.line}"
            return HostRefused(what, why, "find out why; only then remove the old key with 'ssh-keygen -R'")
        if "Host key verification failed" in text:
            return HostRefused(what, why, f"run 'ssh {host}' in a terminal once, and see whether it is the right host")
        if "Permission denied" in text or "Too many authentication failures" in text:
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
