"""Asks ssh how it reaches a host, and tries the first machine on that way."""

from __future__ import annotations

import socket
import subprocess
import time

from ...errors import HostGone, HostRefused, WireError, quoted
from ..ssh.ssh_command import ssh_command

__all__ = ["SshSettings"]

#: Seconds that the first machine has to answer.
_NETWORK_SECONDS = 5.0

#: Seconds that ssh has to print its settings.
_CONFIGURATION_SECONDS = 10.0


class SshSettings:
    """The settings of ssh for a host: above all, which machine it connects to first, the host or a jump host."""

    def __init__(self, host: str) -> None:
        self._host = host
        self._first: tuple[str, int] | None = None

    def find(self) -> str:
        """Ask ssh for its settings, and the system for the address; return both in words."""
        known = _configuration(self._host)
        name, port = known.get("hostname", self._host), int(known.get("port", 22))
        text = f"ssh takes {quoted(self._host)} for {name}, port {port}, user {known.get('user', '?')}"
        if known.get("proxycommand", "none") != "none":
            return f"{text}, by {quoted(known['proxycommand'])}"
        jump = known.get("proxyjump", "none")
        if jump != "none":
            first = jump.split(",")[0].removeprefix("ssh://")
            jumped, colon, named = first.rpartition(":")
            over = _configuration(jumped if colon and named.isdecimal() else first)
            name, port = over["hostname"], int(named if colon and named.isdecimal() else over.get("port", 22))
            text += f", by way of {jump}"
        try:
            places = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
        except OSError as error:
            remedy = "check the name, the network and ~/.ssh/config"
            raise HostGone("", f"the name {quoted(name)} is not known here ({error.strerror})", remedy) from error
        self._first = name, port
        addresses = ", ".join(dict.fromkeys(str(place[4][0]) for place in places))
        return text if addresses == name else f"{text}; {name} is {addresses}"

    def knock(self) -> str:
        """Connect to the first machine and check that an ssh server answers; return its first words."""
        if self._first is None:
            return "not tried, because ssh uses a command of its own"
        name, port = self._first
        began = time.monotonic()
        where = f"port {port} of {name}"
        try:
            with socket.create_connection(self._first, _NETWORK_SECONDS) as sock:
                took = time.monotonic() - began
                banner = sock.recv(255)
        except ConnectionRefusedError as error:
            raise HostGone("", f"nobody listens at {where}", "does sshd run there, and at that port?") from error
        except TimeoutError as error:
            why = f"nothing from {where} within {_NETWORK_SECONDS:g} s"
            raise HostGone("", why, "is the machine up, is a VPN needed, is a firewall in between?") from error
        except OSError as error:
            raise HostGone("", f"{where}: {error.strerror or error}", "check the network") from error
        first = banner.decode("ascii", "backslashreplace").split("\n")[0].strip()
        if b"SSH-" not in banner:
            said = f"begins with {quoted(first, 60)}" if banner else "ends at once"
            raise WireError("", f"what answers at {where} is not ssh, it {said}", "is the port right?")
        return f"{where} answers in {_ms(took)}, {quoted(first, 60)}"


def _configuration(host: str) -> dict[str, str]:
    """Return the settings of ssh for a host, by name."""
    command = ssh_command(host, batch=True)
    at = command.index("--")
    try:
        done = subprocess.run(
            [*command[:at], "-G", *command[at:]],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_CONFIGURATION_SECONDS,
        )
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        remedy = "install OpenSSH's client, or name it in TRAITSVIEW_SSH"
        raise HostRefused("", f"cannot run {quoted(command[0])} ({error})", remedy) from error
    if done.returncode:
        said = " ".join(done.stderr.split())
        raise HostRefused("", f"ssh says: {quoted(said, 300)[1:-1]}", "mend ~/.ssh/config")
    return {name: value for name, _, value in (line.partition(" ") for line in done.stdout.splitlines())}


def _ms(seconds: float) -> str:
    return f"{seconds * 1e3:.3g} ms"
