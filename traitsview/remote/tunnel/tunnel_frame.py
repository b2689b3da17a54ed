"""The frames of a tunnel: written, and read within bounds from bytes that come in pieces of any size.

A frame is a header, ``!BII``: kind, channel, size; and, if it has a body, so many bytes.

======  ======================================================================
open    a new channel; size: how much the other side may send on it
data    size: how many bytes follow, at most 65,536
credit  size: how much more the other side may send
close   there is no more on this channel, in either direction
ping    a sign of life is wanted: *pong*
words   size: how many bytes of text follow, at most 4,096: why a channel is closed
======  ======================================================================
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from enum import IntEnum

__all__ = ["HEADER_BYTES", "DATA_BYTES", "FrameReader", "Kind", "frame", "put_data_header", "words_frame"]

#: Bytes of one *data* frame at most, and of text that says why a channel is closed.
DATA_BYTES = 1 << 16
_WORDS_BYTES = 4096

_HEADER = struct.Struct("!BII")
HEADER_BYTES = _HEADER.size


class Kind(IntEnum):
    """What a frame is."""

    OPEN = 1
    DATA = 2
    CREDIT = 3
    CLOSE = 4
    PING = 5
    PONG = 6
    WORDS = 7


# Looked up for each frame: quicker than asking the enumeration.
_KINDS = {int(kind): kind for kind in Kind}

#: Bytes of a body at most, for those that have one.
_LONGEST = {Kind.DATA: DATA_BYTES, Kind.WORDS: _WORDS_BYTES}


def frame(kind: Kind, number: int = 0, size: int = 0) -> memoryview:
    """Return a frame without a body."""
    return memoryview(_HEADER.pack(kind, number, size))


def words_frame(number: int, words: str) -> memoryview:
    """Return what tells why channel `number` is closed; too long a text is cut."""
    data = words.encode()[:_WORDS_BYTES]
    return memoryview(_HEADER.pack(Kind.WORDS, number, len(data)) + data)


def put_data_header(buffer: memoryview, number: int, size: int) -> None:
    """Write the header of *data* into the first `HEADER_BYTES` of `buffer`: the bytes themselves are not moved."""
    _HEADER.pack_into(buffer, 0, Kind.DATA, number, size)


class FrameReader:
    """Finds frames in bytes.  What it keeps is less than a header: bodies are handed on as they come."""

    def __init__(self) -> None:
        self._head = bytearray()
        self._kind, self._number, self._size = Kind.PONG, 0, 0
        self._left = 0

    def read(self, data: memoryview) -> Iterator[tuple[Kind, int, int, memoryview | None]]:
        """Yield kind, channel and size of each frame, once with None and then with each part of its body.

        Raises
        ------
        EOFError
            If it is no frame, or larger than any may be.
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
