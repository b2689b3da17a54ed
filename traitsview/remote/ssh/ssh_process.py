"""One run of the user's ssh: started, waited for until the relay speaks, and ended."""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import subprocess
import threading
import time

from ...errors import HostGone, TraitsviewError, WireError, quoted
from ..tunnel.byte_stream import DescriptorStream
from ..tunnel.relay_words import after_greeting
from ..tunnel.tunnel import Tunnel
from .ssh_command import CONNECT_SECONDS, ssh_command, start_ssh
from .ssh_ending import ended, silent
from .ssh_patience import SshPatience
from .ssh_words import SshWords

__all__ = ["SshProcess"]

#: Seconds that ssh has to log in where a user may have to type something, and where nobody is asked.
_LOGIN_SECONDS_OF_USERS = 150.0
_LOGIN_SECONDS = 20.0

#: Seconds after login until the relay has to speak.  The shell may load its modules from a busy file system.
_SHELL_SECONDS = 90.0

#: The name of the command on the host, in messages.
_PROGRAM = "traitsview attach"

#: Seconds that ssh has to end after its output has ended: then its status says how the command ended.
_LAST_WORD_SECONDS = 1.0

#: Seconds that ssh has to end after its input was closed.
_END_SECONDS = 0.3

#: Seconds that ssh has to end after SIGTERM.
_TERMINATE_SECONDS = 1.0


class SshProcess:
    """Runs ssh to a host, and the tunnel over it, in a thread of its own that ends with it.  A `TunnelAttempt`.

    Parameters
    ----------
    host : str
        As in an `Address`.
    batch : bool
        Whether ssh fails where it would ask the user for something.
    connect_timeout : int
        In seconds.

    Attributes
    ----------
    seconds : float
        Seconds from the start of ssh until the relay spoke.

    Raises
    ------
    HostRefused
        If there is no ssh here.
    """

    def __init__(self, host: str, batch: bool = False, connect_timeout: int = CONNECT_SECONDS) -> None:
        self._host = host
        self._what = f"cannot reach {quoted(host)}"
        self._batch = batch
        self._words = SshWords()
        self._tunnel: Tunnel | None = None
        self._error: TraitsviewError | None = None
        self._closing = False
        self._told_to_end = False
        self._settled = threading.Event()
        self.seconds = 0.0
        self._began = time.monotonic()
        self._process = self._started(ssh_command(host, batch, connect_timeout=connect_timeout))
        assert self._process.stderr is not None
        os.set_blocking(self._process.stderr.fileno(), False)
        self._thread = threading.Thread(target=self._run, name="traitsview ssh", daemon=True)
        self._thread.start()

    @property
    def pid(self) -> int:
        """The process id of ssh."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether the host is being reached, or the tunnel carries bytes."""
        return not self._closing and (not self._settled.is_set() or (self._tunnel is not None and self._tunnel.alive))

    @property
    def settled(self) -> bool:
        """Whether it has succeeded or failed, so that `tunnel` does not wait."""
        return self._settled.is_set()

    @property
    def last_words(self) -> str:
        """How ssh ended; empty while it runs."""
        if self.alive:
            return ""
        self._thread.join(_LAST_WORD_SECONDS + _TERMINATE_SECONDS)
        status = self._process.poll()
        if status is None or self._closing or self._told_to_end:
            return ""
        return ended(self._what, _PROGRAM, self._host, status, self._words).why

    def tunnel(self) -> Tunnel:
        """Wait until the attempt is settled; return the tunnel, or raise the error that kept it from being laid."""
        self._settled.wait()
        if self._tunnel is not None:
            return self._tunnel
        error = self._error
        assert error is not None
        raise type(error)(error.what, error.why, error.remedy)

    def close(self) -> None:
        """End ssh, within 2 s."""
        self._closing = True
        if self._tunnel is not None:
            self._tunnel.close()
        elif not self._settled.is_set():
            # SIGTERM has ssh switch the echo of a terminal on again.
            with contextlib.suppress(OSError):
                self._process.terminate()
        if threading.current_thread() is not self._thread:
            self._thread.join(2.0)

    def _started(self, command: list[str]) -> subprocess.Popen[bytes]:
        # Ctrl-C in the terminal is for this process, not for ssh: a new process inherits the signals that are blocked.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            return start_ssh(command, self._batch)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)

    def _run(self) -> None:
        process = self._process
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        stream = DescriptorStream(os.dup(process.stdout.fileno()), os.dup(process.stdin.fileno()))
        process.stdin.close()
        process.stdout.close()
        try:
            try:
                early = self._await_relay(stream)
                self.seconds = time.monotonic() - self._began
                self._tunnel = Tunnel(stream)
            except TraitsviewError as error:
                self._error = error
            finally:
                if self._tunnel is None:
                    stream.close()
            if self._tunnel is not None:
                self._settled.set()
                self._tunnel.run(early=early, side=(process.stderr.fileno(), self._read_words))
        finally:
            self._finish()
            self._error = self._error or HostGone(self._what, "ssh ended")
            self._settled.set()

    def _await_relay(self, stream: DescriptorStream) -> bytes:
        """Skip what the shell says; check the relay's first line and return the bytes after it."""
        assert self._process.stderr is not None
        login, shell = (_LOGIN_SECONDS,) * 2 if self._batch else (_LOGIN_SECONDS_OF_USERS, _SHELL_SECONDS)
        # In batch mode it is tried aside, and the user knows already that contact is lost.
        patience = SshPatience(self._host, self._words, login, shell, aloud=not self._batch, may_ask=not self._batch)
        heard = b""
        with selectors.DefaultSelector() as selector:
            selector.register(stream.reading(), selectors.EVENT_READ)
            selector.register(self._process.stderr, selectors.EVENT_READ)
            while (rest := after_greeting(self._what, heard)) is None:
                left = patience.left()
                if not left:
                    raise silent(self._what, _PROGRAM, self._host, patience.seconds, self._words, heard)
                for key, _ in selector.select(left):
                    if key.fileobj is not self._process.stderr:
                        heard += self._read(stream, heard)
                    elif not self._read_words():
                        selector.unregister(self._process.stderr)
        # What ssh has said until now cannot be why it will end.
        self._read_all_words()
        self._words.forget()
        return rest

    def _read(self, stream: DescriptorStream, heard: bytes) -> bytes:
        """Return the bytes that have come; raises the error that says why ssh ended, at the end."""
        buffer = memoryview(bytearray(1 << 14))
        try:
            count = stream.read(buffer)
        except BlockingIOError:
            return b""
        if not count:
            raise self._ended(heard)
        return bytes(buffer[:count])

    def _ended(self, heard: bytes) -> TraitsviewError:
        """Return the error of an ssh that ended before the relay spoke."""
        self._finish()
        said = quoted(heard.decode(errors="replace").strip()[-100:])[1:-1]
        if self._told_to_end:
            remedy = f"try 'ssh {self._host}' in a terminal"
            return HostGone(self._what, f"'{_PROGRAM}' has closed its output there", remedy)
        if not self._process.returncode:
            after = f", after it said {quoted(said)}" if said else ""
            why = f"the shell there ends without running '{_PROGRAM}'{after}"
            return WireError(self._what, why, "see what its startup files do where there is no terminal")
        return ended(self._what, _PROGRAM, self._host, self._process.returncode, self._words, said, self._batch)

    def _read_words(self) -> bool:
        """Read what ssh says on its standard error; return false at the end."""
        assert self._process.stderr is not None
        try:
            data = os.read(self._process.stderr.fileno(), 1 << 12)
        except BlockingIOError:
            return True
        except OSError:
            return False
        self._words.add(data)
        return bool(data)

    def _finish(self) -> None:
        """End ssh; its input and output are closed already or at their end."""
        process = self._process
        assert process.stderr is not None
        try:
            process.wait(_END_SECONDS if self._closing else _LAST_WORD_SECONDS)
        except subprocess.TimeoutExpired:
            self._told_to_end = True
            process.terminate()
            try:
                process.wait(_TERMINATE_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if not process.stderr.closed:
            self._read_all_words()
            process.stderr.close()

    def _read_all_words(self) -> None:
        """Read everything that ssh has said so far."""
        for _ in range(64):
            before = self._words.count
            if not self._read_words() or self._words.count == before:
                break
