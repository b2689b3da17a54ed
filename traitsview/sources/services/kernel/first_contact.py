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

__all__ = ["attached"]

#: What the kernel executes.  It leaves no name behind, prints nothing and raises nothing.
_PROGRAM = """\
def begin(session, path, token, text, name):
    import socket, sys, threading
    from IPython import get_ipython
    shell = get_ipython()
    if shell is None or shell.kernel.session.session != session:
        return
    line = socket.socket(socket.AF_UNIX)
    try:
        line.connect(path)
        line.sendall(token)
        events, here = shell.events, threading.get_ident()
        trigger = events.trigger
        def leave_out(event, *args, **kwargs):
            if threading.get_ident() != here:
                return trigger(event, *args, **kwargs)
            if event in ('post_execute', 'post_run_cell') and events.__dict__.get('trigger') is leave_out:
                del events.trigger
        events.trigger = leave_out
        exec(text, {})
        sys.modules[name + '.sources.services.far_thread'].start(line, lambda: shell.user_ns)
    except BaseException as error:
        try:
            line.sendall(b'!' + type(error).__name__.encode() + b': ' + str(error).encode()[:400])
        except OSError:
            pass
        line.close()
"""

#: Seconds without a sign of life from the kernel after which an attempt is given up, and the caller tries again.
_PATIENCE = 5.0

_TOKEN_BYTES = 32


def attached(file: ConnectionFile, closed: Callable[[], bool], say: Callable[[str], None]) -> FarLink:
    """Return a line to a thread in the kernel, which this call starts.

    Parameters
    ----------
    file : ConnectionFile
    closed : callable
        Is asked now and then; when it says True, the attempt is given up.
    say : callable
        Is told, as a sentence, why nothing comes of it yet.

    Raises
    ------
    ProgramGone
        If the kernel has ended, or has been replaced.
    GivenUp
        If `closed` has said so.
    SourceUnsupported
        If the kernel is not one of Python with NumPy.
    """
    with tempfile.TemporaryDirectory(prefix="traitsview-") as folder, socket.socket(socket.AF_UNIX) as listener:
        path = os.path.join(folder, "line")  # the folder is ours alone
        listener.bind(path)
        listener.listen(1)
        with _Control(file) as control:
            session = _session(control, file, closed, say)
            token = secrets.token_bytes(_TOKEN_BYTES)
            program = _PROGRAM + f"begin({session!r}, {path!r}, {token!r}, {far_text()!r}, {far_name()!r})"
            control.send("execute_request", **_silent(f"exec({program!r}, {{}})"))
            line = _accepted(listener, control, file, closed, say)
        try:
            if not secrets.compare_digest(_received(line, file), token):
                raise ProgramGone(file.what, "somebody else has answered in its place")
            return _link(line, file)
        except BaseException:
            line.close()
            raise


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
        self.socket.setsockopt(zmq.SNDTIMEO, int(_PATIENCE * 1000))
        self.socket.connect(file.endpoint("control"))
        self._file = file

    def send(self, kind: str, **content: Any) -> None:
        import zmq

        try:
            self.session.send(self.socket, kind, content)
        except zmq.Again:
            raise ProgramGone(self._file.what, "nobody answers at its ports") from None

    def received(self) -> dict[str, Any] | None:
        """Return the next message that is there and has the right signature."""
        import zmq

        with contextlib.suppress(zmq.Again, ValueError, KeyError, TypeError):
            _, message = self.session.recv(self.socket, zmq.NOBLOCK)
            return dict(message) if message else None
        return None

    def __enter__(self) -> _Control:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close(0)
        self._context.term()


def _session(control: _Control, file: ConnectionFile, closed: Callable[[], bool], say: Callable[[str], None]) -> str:
    """Return the session of the kernel that listens now, which tells it from the next one; require one of Python."""
    control.send("kernel_info_request")
    found: list[dict[str, Any]] = []

    def answered() -> bool:
        message = control.received()
        if message and message["header"]["msg_type"] == "kernel_info_reply":
            found.append(message)
        return bool(found)

    _wait(control, None, answered, file, closed, say)
    language = str(found[0]["content"].get("language_info", {}).get("name", "another language"))
    if language != "python":
        raise SourceUnsupported(file.what, f"it is a kernel of {printable(language)}", "choose one of Python")
    return str(found[0]["header"]["session"])


def _accepted(
    listener: socket.socket,
    control: _Control,
    file: ConnectionFile,
    closed: Callable[[], bool],
    say: Callable[[str], None],
) -> socket.socket:
    """Return the line that the kernel opens."""
    found: list[socket.socket] = []
    listener.setblocking(False)

    def answered() -> bool:
        with contextlib.suppress(BlockingIOError):
            found.append(listener.accept()[0])
            return True
        message = control.received()
        if message and message["header"]["msg_type"] == "execute_reply":
            with contextlib.suppress(BlockingIOError):
                found.append(listener.accept()[0])
                return True
            content = message["content"]
            why = "it was started anew just now" if content.get("status") == "ok" else str(content.get("evalue"))
            raise ProgramGone(file.what, printable(why)[:200], "try again")
        return False

    _wait(control, listener, answered, file, closed, say)
    found[0].settimeout(_PATIENCE)
    return found[0]


def _wait(
    control: _Control,
    listener: socket.socket | None,
    answered: Callable[[], bool],
    file: ConnectionFile,
    closed: Callable[[], bool],
    say: Callable[[str], None],
) -> None:
    """Wait until `answered`; say that the kernel is busy, as long as it is there."""
    import zmq

    poller = zmq.Poller()
    poller.register(control.socket, zmq.POLLIN)
    if listener is not None:
        poller.register(listener, zmq.POLLIN)
    began = time.monotonic()
    while not answered():
        if closed():
            raise GivenUp(file.what, "it is busy", "wait until its cell has ended")
        if time.monotonic() - began > 1.0:
            if not file.is_listening:
                raise ProgramGone(file.what, "it has ended")
            say("the kernel is busy")
        poller.poll(100)


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
