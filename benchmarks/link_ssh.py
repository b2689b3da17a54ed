"""An sshd in a network namespace, with keys that are made for it and removed with it."""

from __future__ import annotations

import getpass
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

#: The port where it listens; no other process is in its namespace.
PORT = 2222

_SERVER = """\
Port {port}
ListenAddress {address}
HostKey {folder}/host
AuthorizedKeysFile {folder}/user.pub
StrictModes no
UsePAM no
PermitRootLogin yes
PasswordAuthentication no
KbdInteractiveAuthentication no
X11Forwarding yes
X11UseLocalhost yes
XAuthLocation {xauth}
PidFile none
LogLevel QUIET
SetEnv XAUTHORITY={folder}/xauthority {environment}
"""

_CLIENT = """\
Host far
    HostName {address}
    Port {port}
    User {user}
    IdentityFile {folder}/user
    IdentitiesOnly yes
    UserKnownHostsFile {folder}/known
    StrictHostKeyChecking yes
    ForwardX11Trusted yes
    XAuthLocation {xauth}
    BatchMode yes
    ConnectTimeout 10
    LogLevel QUIET
"""


@contextmanager
def ssh_server(address: str, run: Callable[..., subprocess.Popen], environment: str = "") -> Iterator[Path]:
    """Yield the configuration of a client in which the host is called *far*.

    Parameters
    ----------
    address : str
        The address where sshd listens, in the namespace in which `run` starts it.
    environment : str
        Variables for the commands that it runs: ``NAME=VALUE …``.
    """
    with tempfile.TemporaryDirectory(prefix="traitsview-ssh-") as name:
        folder = Path(name)
        for key in ("host", "user"):
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder / key], check=True)
        words = {
            "address": address,
            "port": PORT,
            "folder": folder,
            "user": getpass.getuser(),
            "xauth": shutil.which("xauth"),
            "environment": environment,
        }
        (folder / "sshd_config").write_text(_SERVER.format(**words))
        (folder / "config").write_text(_CLIENT.format(**words))
        public = (folder / "host.pub").read_text().split()
        (folder / "known").write_text(f"[{address}]:{PORT} {public[0]} {public[1]}\n")
        if os.geteuid() == 0:
            os.makedirs("/run/sshd", mode=0o755, exist_ok=True)
        program = shutil.which("sshd", path=os.environ["PATH"] + ":/usr/sbin")
        (folder / "xauthority").touch(mode=0o600)
        server = run([program, "-D", "-e", "-f", str(folder / "sshd_config")])
        try:
            _await(address)
            yield folder / "config"
        finally:
            server.terminate()
            server.wait(10)


def _await(address: str) -> None:
    end = time.monotonic() + 10
    while True:
        try:
            with socket.create_connection((address, PORT), 2) as sock:
                sock.recv(64)
            return
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)
