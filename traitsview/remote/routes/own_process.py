"""Starts a host process for one viewer."""

from __future__ import annotations

import atexit
import contextlib
import os
import secrets
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

from ...errors import HostError, HostGone, HostRefused, quoted
from ..protocol import endpoint
from ..viewer.route import Route

if TYPE_CHECKING:
    from ..viewer.link import Link

__all__ = ["OwnProcess"]

#: Seconds that a host has to end by itself after its standard input was closed.
_GRACE_SECONDS = 1.0

#: Seconds that the process may need to end after its connections have ended.
_GOING_SECONDS = 0.1

#: Seconds that a host has to start and answer.
_START_SECONDS = 60.0

#: Signals that end a host when a library crashes in it.
_CRASH_SIGNALS = (signal.SIGSEGV, signal.SIGBUS, signal.SIGABRT, signal.SIGILL, signal.SIGFPE)

#: Crashes in a row after which the host is not started again by itself.
_MOST_CRASHES = 3

#: A host that has lived for so many seconds was well: its next crash counts as the first one.
_CALM_SECONDS = 60.0


class OwnProcess(Route):
    """The way to a host of our own: another process, which ends when this one does.

    It is started by making this object, which returns at once, and again whenever it is lost.

    Parameters
    ----------
    source_text : str
        What the host begins to open, as for `open_source`.
    open_with : str
        ``MODULE:FUNCTION`` that opens sources there, `open_source` by default.

    Attributes
    ----------
    path : Path
        The socket of the host.
    pid : int
        The number of its process.

    Raises
    ------
    HostError
        If no process or socket can be made.
    """

    gathers = False

    def __init__(self, source_text: str, open_with: str = "") -> None:
        self.text_there = source_text
        self._open_with = open_with
        self._closed = False
        self._reached = False
        self._crashes = 0
        self._lock = threading.Lock()
        self._launch()
        atexit.register(self.close)

    def reach(self, viewer: bytes) -> Link:
        """Return a link of `viewer` to the host when that answers; a host that has ended is started again before.

        A host that runs and does not answer is killed.

        Raises
        ------
        HostRefused
            If the host has crashed several times in a row.  The next call tries once more.
        HostGone
            If the host does not answer.
        """
        from ..protocol import hello
        from ..viewer.link import Link

        with self._lock:
            if self._closed:
                raise HostGone("the host is closed")
            if self._reached and self._has_ended:
                refused = self._refusal()
                self._end()
                self._launch()
                if refused is not None:
                    raise refused
        try:
            deadline = hello.HELLO_SECONDS if self._reached else _START_SECONDS
            link = Link(endpoint.dialling(self.path), deadline, viewer, local=True)
        except HostGone as error:
            why = self.last_words or error.why
            self._process.kill()
            self._reached = True
            raise HostGone("cannot reach the host", why) from error
        self._reached = True
        return link

    @property
    def _has_ended(self) -> bool:
        """Whether the process has ended; if it was killed a moment ago this waits a little for its end."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_GOING_SECONDS)
        return self._process.poll() is not None

    @property
    def last_words(self) -> str:
        """How the host ended, with the last line of its log; empty while it runs."""
        if not self._has_ended:
            return ""
        status = self._process.returncode
        if -status in _CRASH_SIGNALS:
            name = signal.strsignal(-status) or "unknown"
            return f"the reader crashed on {quoted(self.text_there)} (signal {-status}, {name})"
        if status < 0:
            return f"it was killed by signal {-status} ({signal.strsignal(-status) or 'unknown'})"
        try:
            lines = (self._folder / "log").read_text(errors="replace").strip().splitlines()
        except OSError:
            lines = []
        return ", ".join((f"it ended ({status})", *lines[-1:]))

    def close(self) -> None:
        """End the host, within 2 s, and remove its folder."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            atexit.unregister(self.close)
            self._end()

    def _launch(self) -> None:
        base = endpoint.runtime_folder()
        _sweep(base)
        self._folder = endpoint.private_folder(base / f"viewer-{os.getpid()}-{secrets.token_hex(4)}")
        self.path = self._folder / "socket"
        command = [sys.executable, "-P", "-m", "traitsview.remote.host", "--open-with", self._open_with]
        try:
            with endpoint.listen(self.path) as listener, open(self._folder / "log", "xb") as log:
                self._process = subprocess.Popen(
                    [*command, "--listener", str(listener.fileno()), "--", self.text_there],
                    stdin=subprocess.PIPE,
                    stdout=log,
                    stderr=log,
                    pass_fds=(listener.fileno(),),
                    # Ctrl-C in the terminal is for the viewer, not for its host.
                    start_new_session=True,
                )
        except HostError:
            _remove(self._folder)
            raise
        except (OSError, ValueError) as error:
            _remove(self._folder)
            raise HostGone("cannot start the host", str(error)) from error
        self.pid = self._process.pid
        self._launched = time.monotonic()
        self._reached = False

    def _refusal(self) -> HostRefused | None:
        """Count a crash; return the error to raise if there were too many in a row."""
        if -self._process.returncode not in _CRASH_SIGNALS:
            return None
        self._crashes = self._crashes + 1 if time.monotonic() - self._launched < _CALM_SECONDS else 1
        if self._crashes < _MOST_CRASHES:
            return None
        self._crashes = 0
        what = f"cannot show {quoted(self.text_there)}"
        why = f"its reader crashed {_MOST_CRASHES} times in a row"
        return HostRefused(what, why, "look at another plane or reduction and retry")

    def _end(self) -> None:
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            self._process.wait(_GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        _remove(self._folder)


def _sweep(base: Path) -> None:
    """Remove the folders of viewers that were killed."""
    for folder in base.glob("viewer-*"):
        pid = folder.name.split("-")[1]
        if pid.isdecimal() and not os.path.exists(f"/proc/{pid}"):
            _remove(folder)


def _remove(folder: Path) -> None:
    for name in ("socket", "log"):
        with contextlib.suppress(OSError):
            (folder / name).unlink(missing_ok=True)
    with contextlib.suppress(OSError):
        folder.rmdir()
