"""Frames whose checks are right, whatever is in them: a hostile side can count, too."""

from __future__ import annotations

import numpy as np

from traitsview.remote.protocol.channel import AttachmentChannel

from .streams import made_stream


def message(body, arrays=()):
    """Return the frames of a message with attachments, whose numbers count from 1."""
    stream, sock = made_stream(b"")
    channel = AttachmentChannel(stream)
    for array in arrays:
        channel.attach(np.frombuffer(bytes(array), np.uint8))
    channel.send(body)
    return b"".join(sock.written)


def attachment(array):
    """Return an attachment, whose number is 1."""
    return message(b"x", [array])[: -len(message(b"x"))]


def messages_in(data):
    """Yield the messages that were written, whatever came beside them."""
    channel = AttachmentChannel(made_stream(data)[0])
    channel.allowance = 1 << 30
    try:
        while True:
            yield channel.recv()
    except EOFError:
        return
