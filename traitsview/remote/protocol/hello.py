"""The first words between a viewer and a host, before anything else is understood.

Each side sends 32 bytes::

    magic "traitsview" (10)  version (2)  role or answer (1)  session (19)

If the highest bit of the role is set, attachments have no check sums.  A viewer sets it for a host on its own machine:
there only the kernel lies between the two sides, and without the sums a frame that fills the screen comes in two thirds
of the time.

The name of a session has two parts.  The viewer's number (16 bytes) is chosen at random when the viewer begins, and
stays.  The number of the link (3 bytes) is another one for each link that the viewer makes.  The *control*, *frames*
and *calls* connections of one link name the same session.  They may come in any order, and each may say more before its
hello is answered.  If the host has an older link of this viewer, the new *control* connection replaces it at once.  The
host cannot know whether the viewer has given the older link up or is only silent on it; the viewer knows.

The viewer's number is secret: the host takes everyone who sends it for this viewer.
"""

from __future__ import annotations

import itertools
import os
import secrets
import socket
import struct
import time
from enum import IntEnum

from ...errors import HostGone, HostRefused, HostReplaced, WireError

__all__ = [
    "HELLO_SECONDS",
    "CALL_CONNECTIONS",
    "REPLACED",
    "VIEWER_BYTES",
    "Answer",
    "Role",
    "greet",
    "read_hello",
    "await_welcome",
    "new_viewer",
    "peer_pid",
    "peer_uid",
    "reply",
    "send_hello",
    "session_of",
]

#: Seconds that each side has to say hello.
HELLO_SECONDS = 5.0

#: Connections of one viewer for calls.
CALL_CONNECTIONS = 6

#: Bytes of a viewer's number, and of the name of a session, which begins with that number.
VIEWER_BYTES = 16
_SESSION_BYTES = VIEWER_BYTES + 3

# Counts the links of this process.  There are 2**24 numbers: enough for half a year of one link a second.
_sessions = itertools.count(1)

#: Why a host ends a link when its viewer has made a newer one.
REPLACED = "replaced by a newer connection of this viewer"

#: Counts the changes of what crosses: of a form, or a new call or question, which an older host would refuse.
VERSION = 7
_MAGIC = b"traitsview"
_HELLO = struct.Struct(f"!10sHB{_SESSION_BYTES}s")
_UNCHECKED = 0x80
_NOBODY = bytes(_SESSION_BYTES)


class Role(IntEnum):
    """What a connection is for."""

    CONTROL = 1
    FRAMES = 2
    CALLS = 3


class Answer(IntEnum):
    """What the host says to a hello."""

    WELCOME = 0
    OTHER_VERSION = 1
    UNKNOWN = 2
    FULL = 3
    REPLACED = 4


_REFUSALS = {
    Answer.UNKNOWN: HostGone("the host does not let us in", "it does not know this session"),
    Answer.FULL: HostGone("the host does not let us in", "it has as many viewers as it takes", "try again later"),
    Answer.REPLACED: HostReplaced("the host has let go of us", REPLACED),
}


def new_viewer() -> bytes:
    """Return a number for a viewer that nobody can guess."""
    return secrets.token_bytes(VIEWER_BYTES)


def session_of(viewer: bytes) -> bytes:
    """Return the name of a new session of the viewer with that number; later names are greater."""
    return viewer + (next(_sessions) % (1 << 24)).to_bytes(_SESSION_BYTES - VIEWER_BYTES, "big")


def peer_uid(sock: socket.socket) -> int:
    """Return the uid of the process at the other end of a unix socket."""
    return int(struct.unpack("3i", sock.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))[1])


def peer_pid(sock: socket.socket) -> int:
    """Return the id of the process that connected the other end of a unix socket.

    It is 0 if that process cannot be seen from here, because it has a PID namespace of its own.
    """
    return int(struct.unpack("3i", sock.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))[0])


def greet(sock: socket.socket, role: Role, session: bytes, deadline: float = HELLO_SECONDS) -> None:
    """Say hello to a host and wait for its welcome; raises what `send_hello` and `await_welcome` raise."""
    send_hello(sock, role, session, checked=True)
    await_welcome(sock, session, deadline)


def send_hello(sock: socket.socket, role: Role, session: bytes, checked: bool) -> None:
    """Say hello to a host.  The caller may send more at once, without waiting for the welcome.

    Parameters
    ----------
    sock : socket
    role : Role
    session : bytes
        From `session_of`.
    checked : bool
        Whether attachments will be checked.

    Raises
    ------
    HostRefused
        If the host belongs to another user.
    HostGone
        If the host takes nothing.
    """
    if peer_uid(sock) != os.geteuid():
        raise HostRefused("refused to talk to the host", "it belongs to another user")
    try:
        sock.sendall(_HELLO.pack(_MAGIC, VERSION, role if checked else role | _UNCHECKED, session))
    except OSError as error:
        raise HostGone("the host does not answer", error.strerror or str(error)) from error


def await_welcome(sock: socket.socket, session: bytes, deadline: float = HELLO_SECONDS) -> None:
    """Wait until a host welcomes us to `session`, at most `deadline` seconds.

    Raises
    ------
    HostReplaced
        If a newer link of this viewer has taken our place.
    HostGone
        If the host does not answer in time, has no room for us, or does not know the session.
    WireError
        If what answers is no host of traitsview, or has another version.
    """
    try:
        data = _received(sock, deadline)
    except OSError as error:
        raise HostGone("the host does not answer", error.strerror or str(error)) from error
    magic, version, answer, named = _HELLO.unpack(data)
    if magic != _MAGIC:
        raise WireError("cannot talk to the host", "what answers is not traitsview")
    if version != VERSION or answer == Answer.OTHER_VERSION:
        raise WireError(
            "cannot talk to the host",
            f"it speaks version {version} of the protocol, this viewer version {VERSION}",
            f"upgrade the {'host' if version < VERSION else 'viewer'}",
        )
    if answer in _REFUSALS:
        refusal = _REFUSALS[answer]
        raise type(refusal)(refusal.what, refusal.why, refusal.remedy)
    if answer != Answer.WELCOME or named != session:
        raise WireError("cannot talk to the host", "its answer is to no hello of ours")


def read_hello(sock: socket.socket) -> tuple[Role, bool, bytes] | None:
    """Return a viewer's hello: its role, whether attachments are checked, and its session.

    Returns None if the connection is to be dropped.  A viewer of another version is told so.
    """
    try:
        magic, version, role, session = _HELLO.unpack(_received(sock, HELLO_SECONDS))
    except OSError:
        return None
    if magic != _MAGIC:
        return None
    if version != VERSION:
        reply(sock, Answer.OTHER_VERSION)
        return None
    try:
        return Role(role & ~_UNCHECKED), not role & _UNCHECKED, bytes(session)
    except ValueError:
        return None


def reply(sock: socket.socket, answer: Answer, session: bytes = _NOBODY) -> bool:
    """Answer a hello; return whether the viewer took the answer."""
    try:
        sock.sendall(_HELLO.pack(_MAGIC, VERSION, answer, session))
    except OSError:
        return False
    return True


def _received(sock: socket.socket, deadline: float) -> bytes:
    """Return 32 bytes, or raise OSError after `deadline` seconds."""
    end = time.monotonic() + deadline
    data = b""
    while len(data) < _HELLO.size:
        left = end - time.monotonic()
        if left <= 0:
            raise TimeoutError(f"nothing within {deadline:g} s")
        sock.settimeout(left)
        part = sock.recv(_HELLO.size - len(data))
        if not part:
            raise ConnectionError("the connection was closed")
        data += part
    return data
