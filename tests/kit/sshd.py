"""A real sshd for tests, with an unprivileged port on 127.0.0.1, keys of its own, and a home folder of its own."""

from __future__ import annotations

import contextlib
import getpass
import os
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from .patience import PATIENCE, attempts

#: The name of the host in tests.
ALIAS = "box"

_PROGRAM = shutil.which("sshd", path="/usr/sbin:/usr/local/sbin:/sbin:" + os.environ.get("PATH", ""))

needs_sshd = pytest.mark.skipif(
    _PROGRAM is None or shutil.which("ssh") is None, reason="needs OpenSSH's client and server (openssh-server)"
)


class Sshd:
    """Starts with `start`, ends with `stop`, and can be started again with the same port and keys.

    Parameters
    ----------
    address : str
        The address where it listens.
    namespaces : (str, str), optional
        The network namespaces of the client and of the server.  They need root.

    Attributes
    ----------
    port : int
    home : Path
        The home folder of users that log in.  The shell reads its ``.bashrc``.
    config : Path
        A file for ``ssh -F`` in which the host is called ``box``.
    banner : Path
        A file with the text that is shown before login.  There is none until a test writes it.
    """

    def __init__(self, address: str = "127.0.0.1", namespaces: tuple[str, str] | None = None) -> None:
        assert _PROGRAM is not None
        self.address = address
        self._client, self._server = (f"ip netns exec {name} " if name else "" for name in namespaces or ("", ""))
        self.folder = Path(tempfile.mkdtemp(prefix="tv-sshd-"))
        self.home = self.folder / "home"
        self.run = self.folder / "run"
        for folder in (self.home, self.run):
            folder.mkdir(mode=0o700)
        self.port = free_port()
        self.config = self.folder / "config"
        self.known = self.folder / "known_hosts"
        self.banner = self.folder / "banner"
        self._process: subprocess.Popen | None = None
        for name in ("host_key", "user_key"):
            _make_key(self.folder / name)
        shutil.copy(self.folder / "user_key.pub", self.folder / "authorized_keys")
        self.trust()
        self.write_config()
        self._write_server_config()

    @property
    def command(self) -> str:
        """A value for ``TRAITSVIEW_SSH``."""
        return f"{self._client}ssh -F {shlex.quote(str(self.config))}"

    def write_config(self, extra: str = "") -> None:
        """Write the configuration of the client; `extra` has more lines for the host."""
        self.config.write_text(
            f"Host {ALIAS} {ALIAS}2\n  HostName {self.address}\n  Port {self.port}\n  User {getpass.getuser()}\n"
            f"  IdentityFile {self.folder}/user_key\n  IdentitiesOnly yes\n  IdentityAgent none\n"
            f"  UserKnownHostsFile {self.known}\n  GlobalKnownHostsFile /dev/null\n  StrictHostKeyChecking yes\n{extra}"
        )

    def trust(self) -> None:
        """Make the host's key known to the client."""
        key = (self.folder / "host_key.pub").read_text()
        self.known.write_text(f"[{self.address}]:{self.port} {key}")

    def change_host_key(self) -> None:
        """Give the host another key, which the client does not know."""
        for path in self.folder.glob("host_key*"):
            path.unlink()
        _make_key(self.folder / "host_key")

    def forbid(self) -> None:
        """Let nobody log in."""
        (self.folder / "authorized_keys").write_text("")

    def allow(self) -> None:
        """Let the client log in."""
        shutil.copy(self.folder / "user_key.pub", self.folder / "authorized_keys")

    def start(self) -> None:
        """Listen."""
        if os.geteuid() == 0:
            Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
        before = len(self.log())
        self._process = subprocess.Popen(
            [
                *self._server.split(),
                _PROGRAM,
                "-D",
                "-f",
                str(self.folder / "sshd_config"),
                "-E",
                str(self.folder / "log"),
            ],
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        for _ in attempts(self.log):
            if f"Server listening on {self.address}" in self.log()[before:]:
                return
            assert self._process.poll() is None, self.log()

    def stop(self) -> None:
        """Stop listening, and end every session."""
        if self._process is None:
            return
        self._process.send_signal(signal.SIGSTOP)  # a client that lost its session must not get another at once
        for pid in self.sessions():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._process.terminate()
        self._process.send_signal(signal.SIGCONT)
        self._process.wait(PATIENCE)
        self._process = None

    def close(self) -> None:
        """Stop sshd and the server that viewers started, and remove all files."""
        self.stop()
        # Shells and their children do not end with ssh.
        kill_all(pid for pid in _pids() if f"{self.run}/" in _command(pid) or f"HOME={self.home}" in _environment(pid))
        shutil.rmtree(self.folder, ignore_errors=True)

    def log(self) -> str:
        """Return the text of its log."""
        with contextlib.suppress(OSError):
            return (self.folder / "log").read_text()
        return ""

    def sessions(self) -> list[int]:
        """Return the processes of sshd that serve one client each."""
        assert self._process is not None
        return [pid for pid in _descendants(self._process.pid) if _command(pid).startswith("sshd")]

    def relays(self) -> list[int]:
        """Return the processes of ``traitsview attach`` that it runs for viewers."""
        assert self._process is not None
        return [pid for pid in _descendants(self._process.pid) if "attach" in _command(pid)]

    def _write_server_config(self) -> None:
        path = os.pathsep.join((os.path.dirname(sys.executable), "/usr/local/bin", "/usr/bin", "/bin"))
        environment = {"PATH": path, "HOME": self.home, "TRAITSVIEW_RUNTIME_DIR": self.run / "t"}
        environment |= {
            name: os.environ[name] for name in ("NUMBA_CACHE_DIR", "XDG_CACHE_HOME", "PYTHONPATH") if name in os.environ
        }
        lines = [
            f"ListenAddress {self.address}:{self.port}",
            f"HostKey {self.folder}/host_key",
            f"PidFile {self.folder}/pid",
            f"AuthorizedKeysFile {self.folder}/authorized_keys",
            "UsePAM no",
            "StrictModes no",
            "PasswordAuthentication no",
            "KbdInteractiveAuthentication no",
            "PermitRootLogin prohibit-password",
            "PrintMotd no",
            f"Banner {self.banner}",
            "MaxStartups 100",
            "SetEnv " + " ".join(f'"{name}={value}"' for name, value in environment.items()),
        ]
        file = self.folder / "sshd_config"
        file.write_text("\n".join(lines) + "\nPerSourcePenalties no\n")
        # Only newer versions of sshd know penalties.
        if subprocess.run([_PROGRAM, "-t", "-f", file], capture_output=True).returncode:
            file.write_text("\n".join(lines) + "\n")


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody uses now."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def kill_all(pids) -> None:
    """Kill processes, and wait until they are gone."""
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def children(name: str) -> list[int]:
    """Return the processes named `name` that descend from this one and have not ended."""
    return [pid for pid in _descendants(os.getpid()) if os.path.basename(_command(pid).split(" ")[0]) == name]


def _make_key(path: Path) -> None:
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(path)], check=True)


def _pids() -> list[int]:
    return [int(name) for name in os.listdir("/proc") if name.isdecimal()]


def _command(pid: int) -> str:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    return ""


def _environment(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/environ").read_bytes().decode(errors="replace").split("\0")
    except OSError:
        return []


def _descendants(pid: int) -> list[int]:
    parents = {}
    for each in _pids():
        with contextlib.suppress(OSError, ValueError):
            state, parent = Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()[:2]
            if state not in "ZX":
                parents[each] = int(parent)
    found, new = [], [pid]
    while new:
        new = [each for each, parent in parents.items() if parent in new]
        found += new
    return found
