"""Sockets on this machine that lead to ports of a host, by the user's ssh."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from ...errors import HostError, HostGone, quoted
from ..protocol.endpoint import private_folder, runtime_folder
from ..ssh.ssh_command import forward_command, start_ssh
from ..ssh.ssh_words import SshWords

__all__ = ["SshForward"]

#: Seconds between two looks whether the sockets are there.
_LOOK_SECONDS = 0.05

#: Seconds that ssh has to log in, and to end after SIGTERM.
_LOGIN_SECONDS = 20.0
_END_SECONDS = 1.0


class SshForward:
    """Lets local programs reach ports that only programs on the host can reach, until `close`.

    The sockets here are unix sockets in a folder that nobody else can enter, so that no other user of this machine
    reaches the host through them.  ssh asks nobody for anything.

    Parameters
    ----------
    host : str
        As in an `Address`.
    targets : sequence of str
        What is reached there: ``127.0.0.1:5001``, or the path of a unix socket.

    Attributes
    ----------
    prefix : Path
        The socket for the target number n, counted from 1, is at ``PREFIX-n``.

    Raises
    ------
    HostRefused
        If there is no ssh here.
    """

    def __init__(self, host: str, targets: Sequence[str]) -> None:
        self._host = host
        folder = private_folder(runtime_folder())
        self._folder = Path(tempfile.mkdtemp(prefix="k", dir=folder))
        self.prefix = self._folder / "k"
        self._sockets = [Path(f"{self.prefix}-{n}") for n in range(1, len(targets) + 1)]
        forwards = [f"{path}:{target}" for path, target in zip(self._sockets, targets, strict=True)]
        try:
            self._process = start_ssh(forward_command(host, forwards), batch=True)
        except BaseException:
            shutil.rmtree(self._folder, ignore_errors=True)
            raise

    def wait(self, stale: Callable[[], bool]) -> bool:
        """Wait until the sockets take connections; return whether they do, which is not so if `stale` came before.

        Raises
        ------
        HostError
            If ssh ends, or has not logged in within some seconds.
        """
        end = time.monotonic() + _LOGIN_SECONDS
        while not stale():
            if all(_takes_connections(path) for path in self._sockets):
                return True
            if self._process.poll() is not None or time.monotonic() > end:
                raise self._failure()
            time.sleep(_LOOK_SECONDS)
        return False

    def close(self) -> None:
        """End ssh, and take the sockets away."""
        with contextlib.suppress(ProcessLookupError):
            self._process.terminate()
        try:
            self._process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            if pipe is not None:
                pipe.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _failure(self) -> HostError:
        what = f"cannot reach a kernel on {quoted(self._host)}"
        if self._process.poll() is None:
            return HostGone(what, f"ssh has not logged in within {_LOGIN_SECONDS:.0f} s")
        assert self._process.stderr is not None
        os.set_blocking(self._process.stderr.fileno(), False)
        words = SshWords()
        words.add(self._process.stderr.read() or b"")
        return words.error(what, self._host, batch=True)


def _takes_connections(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as line:
        try:
            line.connect(str(path))
        except OSError:
            return False
    return True
