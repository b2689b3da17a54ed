"""The frames of a tunnel: written, and read with limits from bytes that come in parts of any size.

A frame is a header, ``!BII``: kind, channel, size.  Frames with a body have `size` bytes after that.

======  ======================================================================
open    a new channel; size: bytes that the other side may send on it
data    size: bytes that follow, at most 65,536
credit  size: bytes that the other side may send in addition
close   nothing more comes on this channel, in either direction
ping    asks for a sign of life
pong    answers a ping
words   size: bytes of text that follow, at most 4,096; they say why a channel is closed
======  ======================================================================
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from enum import IntEnum

__all__ = ["HEADER_BYTES", "DATA_BYTES", "FrameReader", "FrameKind", "frame", "put_data_header", "words_frame"]

#: Bytes of the body of one *data* frame at most.
DATA_BYTES = 1 << 16

#: Bytes of the body of one *words* frame at most.
_WORDS_BYTES = 4096

_HEADER = struct.Struct("!BII")
HEADER_BYTES = _HEADER.size


class FrameKind(IntEnum):
    """What a frame is."""

    OPEN = 1
    DATA = 2
    CREDIT = 3
    CLOSE = 4
    PING = 5
    PONG = 6
    WORDS = 7


# A dict is quicker than the enumeration, and every frame is looked up.
_KINDS = {int(kind): kind for kind in FrameKind}

#: Bytes of a body at most, of the kinds that have one.
_LONGEST = {FrameKind.DATA: DATA_BYTES, FrameKind.WORDS: _WORDS_BYTES}


def frame(kind: FrameKind, number: int = 0, size: int = 0) -> memoryview:
    """Return a frame without a body."""
    return memoryview(_HEADER.pack(kind, number, size))


def words_frame(number: int, words: str) -> memoryview:
    """Return the frame that says why channel `number` is closed; a long text is cut."""
    data = words.encode()[:_WORDS_BYTES]
    return memoryview(_HEADER.pack(FrameKind.WORDS, number, len(data)) + data)


def put_data_header(buffer: memoryview, number: int, size: int) -> None:
    """Write the header of a *data* frame into the first `HEADER_BYTES` of `buffer`; its body is there already."""
    _HEADER.pack_into(buffer, 0, FrameKind.DATA, number, size)


class FrameReader:
    """Finds frames in bytes.  It keeps less than one header: bodies are handed on as they come."""

    def __init__(self) -> None:
        self._head = bytearray()
        self._kind, self._number, self._size = FrameKind.PONG, 0, 0
        self._left = 0

    def read(self, data: memoryview) -> Iterator[tuple[FrameKind, int, int, memoryview | None]]:
        """Yield (kind, channel, size, None) for each header, then (kind, channel, size, part) for parts of its body.

        Raises
        ------
        EOFError
            If the bytes are no frame, or its body is larger than its kind may have.
        """
        while data:
            if self._left:
                part, data = data[: self._left], data[self._left :]
                self._left -= len(part)
                yield self._kind, self._number, self._size, part
                continue
            missing = HEADER_BYTES - len(self._head)
            self._head += data[:missing]
            data = data[missing:]
            if len(self._head) == HEADER_BYTES:
                self._begin()
                yield self._kind, self._number, self._size, None

    def _begin(self) -> None:
        """Take a header."""
        number_of_kind, self._number, self._size = _HEADER.unpack(self._head)
        self._head.clear()
        kind = _KINDS.get(number_of_kind)
        if kind is None:
            raise EOFError(f"it sent a frame of kind {number_of_kind}")
        self._kind = kind
        limit = _LONGEST.get(kind)
        if limit is not None:
            if self._size > limit:
                raise EOFError(f"it sent {self._size} bytes where {limit} were allowed")
            self._left = self._size
