"""The first words between a viewer and a host, before anything else is understood.

Each side sends 32 bytes::

    magic "traitsview" (10)  version (2)  role or answer (1)  zeros (3)  session (16)

The viewer opens a *control* connection with a session of zeros and is told its number; *frames*
and *calls* connections name that session.  The number is secret and random: to know it is to be
the viewer who was given it.
"""

from __future__ import annotations

import os
import socket
import struct
import time
from enum import IntEnum

from ..errors import HostGone, HostRefused, WireError

__all__ = ["DEADLINE", "NEW", "Answer", "Role", "greet", "hear", "peer_uid", "reply"]

#: Seconds that a stranger has to say hello.
DEADLINE = 5.0

#: The session of a viewer that has none yet.
NEW = bytes(16)

VERSION = 1
_MAGIC = b"traitsview"
_HELLO = struct.Struct("!10sHB3x16s")


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


def peer_uid(sock: socket.socket) -> int:
    """Return the uid of the process at the other end of a unix socket."""
    return int(struct.unpack("3i", sock.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))[1])


def greet(sock: socket.socket, role: Role, session: bytes = NEW, deadline: float = DEADLINE) -> bytes:
    """Say hello to a host and return the session it welcomes us to, within `deadline` seconds.

    Raises
    ------
    HostRefused
        If it belongs to somebody else, or does not let us in.
    HostGone
        If it does not answer in time.
    WireError
        If it is no host of ours, or of another version.
    """
    if peer_uid(sock) != os.geteuid():
        raise HostRefused("refused to talk to the host", "it belongs to another user")
    try:
        sock.sendall(_HELLO.pack(_MAGIC, VERSION, role, session))
        data = _received(sock, deadline)
    except OSError as error:
        raise HostGone("the host does not answer", str(error)) from error
    magic, version, answer, session = _HELLO.unpack(data)
    if magic != _MAGIC:
        raise WireError("cannot talk to the host", "what answers is not traitsview")
    if version != VERSION or answer == Answer.OTHER_VERSION:
        raise WireError(
            "cannot talk to the host",
            f"it speaks version {version} of the protocol, this viewer version {VERSION}",
            f"upgrade the {'host' if version < VERSION else 'viewer'}",
        )
    if answer != Answer.WELCOME:
        raise HostRefused("the host does not let us in", "it does not know this session")
    return bytes(session)


def hear(sock: socket.socket) -> tuple[Role, bytes] | None:
    """Return the role and session of a viewer that says hello, or None if it is to be dropped.

    One of another version is told so.
    """
    try:
        magic, version, role, session = _HELLO.unpack(_received(sock, DEADLINE))
    except OSError:
        return None
    if magic != _MAGIC:
        return None
    if version != VERSION:
        reply(sock, Answer.OTHER_VERSION)
        return None
    try:
        return Role(role), bytes(session)
    except ValueError:
        return None


def reply(sock: socket.socket, answer: Answer, session: bytes = NEW) -> bool:
    """Answer a hello; False if nobody takes the answer."""
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
