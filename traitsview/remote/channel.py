"""Messages over a stream: small ones by value, and raw attachments before them.

A message is ``!LB`` length and 0, the bytes, and a line feed, as in rpyc.  An attachment is
``!LB`` 16 and 2, ``!QQ`` its number and size, and the bytes; it comes before the message that
names it.  A farewell is ``!LB`` 1 and 3 and a byte that says why; nothing comes after it.  Nothing
is compressed.  Sizes are checked before anything is allocated.
"""

from __future__ import annotations

import struct
from enum import IntEnum
from typing import NoReturn

import numpy as np
from rpyc.core.channel import Channel

from .hello import REPLACED
from .stream import BufferStream

__all__ = ["MESSAGE_LIMIT", "AttachmentChannel", "Farewell", "Parting"]

#: Bytes of a message, both ways.
MESSAGE_LIMIT = 1 << 16

#: Attachments of one message.
ATTACHMENT_COUNT = 1024

_MESSAGE, _ATTACHMENT, _FAREWELL = 0, 2, 3
_NUMBER_AND_SIZE = struct.Struct("!QQ")


class Parting(IntEnum):
    """Why a host ends a connection that is in order."""

    REPLACED = 1
    SILENT = 2
    CLOSING = 3


_WHY = {
    Parting.REPLACED: REPLACED,
    Parting.SILENT: "it has not heard of this viewer for too long",
    Parting.CLOSING: "it was stopped",
}


class Farewell(EOFError):
    """The other side has ended the connection and said why."""

    def __init__(self, parting: Parting) -> None:
        super().__init__(_WHY[parting])
        self.parting = parting


class AttachmentChannel(Channel):  # type: ignore[misc]
    """A channel whose messages may carry arrays.

    One thread at a time receives, and one at a time sends.

    Attributes
    ----------
    allowance : int
        Bytes of attachments that the next message may bring; 0 refuses all of them.
    """

    __slots__ = ("_arrived", "_last", "_leaving", "allowance")

    def __init__(self, stream: BufferStream) -> None:
        super().__init__(stream, compress=False)
        self.allowance = 0
        self._last = 0
        self._leaving: list[tuple[int, memoryview]] = []
        self._arrived: dict[int, np.ndarray] = {}

    def attach(self, array: np.ndarray) -> int:
        """Have a C-contiguous `array` sent before the next message; return the number that names it."""
        self._last += 1
        data = array.reshape(-1).view(np.uint8).data
        self._leaving.append((self._last, data))
        return self._last

    def take(self, number: int) -> np.ndarray | None:
        """Return the bytes of an attachment as an array of uint8, once; None if there is none of that number."""
        return self._arrived.pop(number, None)

    def drop(self) -> None:
        """Forget the attachments that nobody took or that were not sent."""
        self._arrived.clear()
        self._leaving.clear()

    def send(self, data: bytes) -> None:
        """Send the attachments that wait, and then the message."""
        buffers = []
        for number, view in self._leaving:
            head = self.FRAME_HEADER.pack(_NUMBER_AND_SIZE.size, _ATTACHMENT)
            buffers += [memoryview(head + _NUMBER_AND_SIZE.pack(number, len(view))), view]
        self._leaving.clear()
        if len(data) > MESSAGE_LIMIT:
            raise ValueError(f"a message of {len(data)} bytes is over the limit of {MESSAGE_LIMIT}")
        buffers.append(memoryview(self.FRAME_HEADER.pack(len(data), _MESSAGE) + data + self.FLUSHER))
        self.stream.write_all(buffers)

    def recv(self) -> bytes:
        """Return the next message, its attachments ready to be taken; EOFError ends the connection."""
        self._arrived.clear()
        allowed = self.allowance
        header = bytearray(self.FRAME_HEADER.size)
        while True:
            self.stream.read_into(memoryview(header), between=True)
            size, kind = self.FRAME_HEADER.unpack(header)
            if kind == _MESSAGE and 0 < size <= MESSAGE_LIMIT:
                return bytes(self.stream.read(size + len(self.FLUSHER))[:-1])
            if kind == _FAREWELL and size == 1:
                self._hear_farewell(self.stream.read(1))
            if kind != _ATTACHMENT or size != _NUMBER_AND_SIZE.size:
                self._refuse(f"a message of {size} bytes and kind {kind}")
            number, size = _NUMBER_AND_SIZE.unpack(self.stream.read(size))
            if size > allowed or len(self._arrived) >= ATTACHMENT_COUNT:
                self._refuse(f"an attachment of {size} bytes where {allowed} were expected")
            allowed -= size
            array = np.empty(size, np.uint8)
            self.stream.read_into(array.data)
            self._arrived[number] = array

    def part(self, parting: Parting) -> None:
        """Say farewell, if that takes no time, and end the connection, from any thread."""
        self.stream.part(self._farewell(parting))

    @property
    def parting(self) -> Parting | None:
        """Why the other side has ended the connection, which fails; None if it has not said so.

        Nobody else may be receiving.
        """
        last = self.stream.unread or self.stream.rest()
        return next((parting for parting in Parting if last.endswith(self._farewell(parting))), None)

    def _farewell(self, parting: Parting) -> bytes:
        return bytes(self.FRAME_HEADER.pack(1, _FAREWELL)) + bytes([parting])

    def _hear_farewell(self, code: bytes) -> None:
        try:
            parting = Parting(code[0])
        except ValueError:
            self._refuse(f"a farewell of kind {code[0]}")
        self.stream.close()
        raise Farewell(parting)

    def _refuse(self, what: str) -> NoReturn:
        self.stream.close()
        raise EOFError(f"it sent {what}")
