"""Frames with correct checksums and any content: a hostile side can compute checksums, too."""

from __future__ import annotations

import numpy as np

from traitsview.remote.protocol.channel import AttachmentChannel

from .streams import made_stream


def message(body, arrays=()):
    """Return the frames of a message with attachments.  The numbers of attachments count from 1."""
    stream, sock = made_stream(b"")
    channel = AttachmentChannel(stream)
    for array in arrays:
        channel.attach(np.frombuffer(bytes(array), np.uint8))
    channel.send(body)
    return b"".join(sock.written)


def attachment(array):
    """Return the frames of one attachment, with the number 1."""
    return message(b"x", [array])[: -len(message(b"x"))]


def messages_in(data):
    """Yield the messages in bytes that were written, without their attachments."""
    channel = AttachmentChannel(made_stream(data)[0])
    channel.allowance = 1 << 30
    try:
        while True:
            yield channel.recv()
    except EOFError:
        return
