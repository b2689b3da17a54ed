"""The first contact with a kernel: it is asked once, in the words of Jupyter, to open a line to this process.

The request goes over the kernel's control channel, which a thread of the kernel serves from ipykernel 6 on, so that it
is answered while a cell runs.  Requests over the shell channel, silent ones too, also take over what the user's threads
print from then on.  After the first contact everything goes over the line; see `far_thread`.

Two things must not happen.  Code must not run in a kernel that was started in the place of one that has ended: it has
the same key and the same ports.  So the code first compares the session of the kernel with that of the one that was
asked.  And no callbacks of the user may be called in our thread, such as that of Matplotlib, which would show and close
the figure that a cell is just drawing.  So they are left out after this request.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import socket
import tempfile
import time
from collections.abc import Callable
from typing import Any

from ....errors import SourceUnreadable, SourceUnsupported, printable
from ..far_bundle import far_name, far_text
from ..far_link import FarLink, GivenUp, ProgramGone
from .connection_file import ConnectionFile

__all__ = ["FirstContact"]

#: What the kernel executes.  It leaves no name behind, prints nothing and raises nothing.
_PROGRAM = """\
def begin(session, path, token, text, name):
    import socket, sys, threading
    from IPython import get_ipython
    shell = get_ipython()
    if shell is None or shell.kernel.session.session != session:
        return
    events, here = shell.events, threading.get_ident()
    trigger = events.trigger
    def leave_out(event, *args, **kwargs):
        if threading.get_ident() != here:
            return trigger(event, *args, **kwargs)
        if event in ('post_execute', 'post_run_cell') and events.__dict__.get('trigger') is leave_out:
            del events.trigger
    events.trigger = leave_out
    line = socket.socket(socket.AF_UNIX)
    try:
        line.connect(path)
        line.sendall(token)
        exec(text, {})
        sys.modules[name + '.sources.services.far_thread'].start(line, lambda: shell.user_ns)
    except BaseException as error:
        try:
            line.sendall(b'!' + type(error).__name__.encode() + b': ' + str(error).encode()[:400])
        except OSError:
            pass
        line.close()
"""

#: Seconds in which a message goes to the kernel, or comes from it once it has begun to answer.
_PATIENCE = 5.0

#: Seconds without an answer after which a kernel is called busy, and milliseconds from one look at it to the next.
_BUSY_SECONDS = 1.0
_LOOK_MILLISECONDS = 300

_TOKEN_BYTES = 32


class FirstContact:
    """The first contact with a kernel.  One thread at a time may call `link`.

    Parameters
    ----------
    file : ConnectionFile
    """

    def __init__(self, file: ConnectionFile) -> None:
        self._file = file
        self._token = secrets.token_bytes(_TOKEN_BYTES)
        self._asked = False  # whether the kernel has been asked to open the line
        self._began = time.monotonic()
        with contextlib.ExitStack() as undone:
            folder = undone.enter_context(tempfile.TemporaryDirectory(prefix="traitsview-"))  # is ours alone
            self._path = os.path.join(folder, "line")
            self._listener = undone.enter_context(socket.socket(socket.AF_UNIX))
            os.fchmod(self._listener.fileno(), 0o600)  # the file gets this mode
            self._listener.bind(self._path)
            self._listener.listen(1)
            self._listener.setblocking(False)
            self._control = undone.enter_context(_Control(file))
            self._greeted = False  # whether the kernel has been asked who it is
            self._close = undone.pop_all().close

    def link(self, closed: Callable[[], bool], say: Callable[[str], None]) -> FarLink:
        """Return a line to a thread in the kernel, which the kernel starts; wait for it.

        Parameters
        ----------
        closed : callable
            Is asked now and then; when it says True, this raises `GivenUp`.  The next call goes on to wait for the
            same answer, so that one request at most waits in a kernel that is busy.
        say : callable
            Is told, as a sentence, why nothing comes of it yet.

        Raises
        ------
        GivenUp
            If `closed` has said so.
        ProgramGone
            If the kernel has ended, or has been replaced.
        SourceUnsupported
            If the kernel is not one of Python with NumPy.
        """
        while True:
            line = self._answered()
            if line is not None:
                break
            if closed():
                raise GivenUp(self._file.what, "it is busy", "wait until its cell has ended")
            if time.monotonic() - self._began > _BUSY_SECONDS:
                if not self._file.is_listening:
                    raise ProgramGone(self._file.what, "it has ended")
                say("the kernel is busy")
            self._control.wait(self._listener)
        try:
            line.settimeout(_PATIENCE)
            if not secrets.compare_digest(_received(line, self._file), self._token):
                raise ProgramGone(self._file.what, "somebody else has answered in its place")
            return _link(line, self._file)
        except BaseException:
            line.close()
            raise

    def close(self) -> None:
        """Give up."""
        self._close()

    def _answered(self) -> socket.socket | None:
        """Take what has come; return the line that the kernel has opened."""
        with contextlib.suppress(BlockingIOError):
            return self._listener.accept()[0]
        self._greeted = self._greeted or self._control.send("kernel_info_request")
        message = self._control.received()
        kind = message["header"]["msg_type"] if message else ""
        if message and kind == "kernel_info_reply" and not self._asked:
            self._ask(message)
        elif message and kind == "execute_reply":
            with contextlib.suppress(BlockingIOError):
                return self._listener.accept()[0]
            content = message["content"]
            why = "it was started anew just now" if content.get("status") == "ok" else str(content.get("evalue"))
            raise ProgramGone(self._file.what, printable(why)[:200], "try again")
        return None

    def _ask(self, reply: dict[str, Any]) -> None:
        """Ask the kernel that has answered, and no other one, to open the line."""
        language = str(reply["content"].get("language_info", {}).get("name", "another language"))
        if language != "python":
            raise SourceUnsupported(self._file.what, f"it is a kernel of {printable(language)}", "choose one of Python")
        session = str(reply["header"]["session"])
        program = _PROGRAM + f"begin({session!r}, {self._path!r}, {self._token!r}, {far_text()!r}, {far_name()!r})"
        if not self._control.send("execute_request", **_silent(f"exec({program!r}, {{}})")):
            raise ProgramGone(self._file.what, "it has ended")
        self._asked = True


class _Control:
    """The control channel of a kernel."""

    def __init__(self, file: ConnectionFile) -> None:
        import zmq
        from jupyter_client.session import Session

        self.session = Session(key=file.key, signature_scheme=file.signature)
        self._context = zmq.Context()
        self.socket = self._context.socket(zmq.DEALER)
        # Nothing may be kept for a kernel that is not there, and be delivered to the one that comes in its place.
        self.socket.setsockopt(zmq.IMMEDIATE, 1)
        self.socket.setsockopt(zmq.LINGER, 0)
        self.socket.setsockopt(zmq.SNDTIMEO, 0)
        self._monitor = self.socket.get_monitor_socket(zmq.EVENT_DISCONNECTED)
        self.socket.connect(file.endpoint("control"))
        self._file = file

    def send(self, kind: str, **content: Any) -> bool:
        """Send a message, if there is a connection; return whether there is one."""
        import zmq

        try:
            self.session.send(self.socket, kind, content)
        except zmq.Again:
            return False
        return True

    def received(self) -> dict[str, Any] | None:
        """Return the next message that is there and has the right signature."""
        import zmq

        with contextlib.suppress(zmq.Again, ValueError, KeyError, TypeError):
            _, message = self.session.recv(self.socket, zmq.NOBLOCK)
            return dict(message) if message else None
        return None

    def wait(self, listener: socket.socket) -> None:
        """Wait a moment until something comes here, or to a listener; raise `ProgramGone` if the kernel ends."""
        import zmq

        poller = zmq.Poller()
        for each in (self.socket, self._monitor, listener):
            poller.register(each, zmq.POLLIN)
        if self._monitor in dict(poller.poll(_LOOK_MILLISECONDS)):
            raise ProgramGone(self._file.what, "it has ended")

    def __enter__(self) -> _Control:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.disable_monitor()
        self._monitor.close(0)
        self.socket.close(0)
        self._context.term()


def _received(line: socket.socket, file: ConnectionFile) -> bytes:
    token = b""
    while len(token) < _TOKEN_BYTES:
        try:
            part = line.recv(_TOKEN_BYTES - len(token))
        except OSError as error:
            raise ProgramGone(file.what, str(error)) from error
        if not part:
            raise ProgramGone(file.what, "it has ended")
        token += part
    return token


def _link(line: socket.socket, file: ConnectionFile) -> FarLink:
    if line.recv(1, socket.MSG_PEEK) == b"!":
        why = printable(line.recv(1 << 10).decode(errors="replace")[1:])
        if "numpy" in why:
            raise SourceUnsupported(file.what, "its Python has no NumPy", "install NumPy where the kernel runs")
        raise SourceUnreadable(file.what, f"it could not begin: {why}")
    return FarLink(line, file.what)


def _silent(code: str) -> dict[str, Any]:
    # To allow input changes nothing for us.  To forbid it would forbid it to the cell that runs.
    return {
        "code": code,
        "silent": True,
        "store_history": False,
        "user_expressions": {},
        "allow_stdin": True,
        "stop_on_error": False,
    }
