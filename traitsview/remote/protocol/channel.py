"""Messages over a stream: small ones by value, and raw attachments before them.

Each frame is a head of 28 bytes and a body::

    kind (1)  zeros (3)  number (4)  size (8)  check of the body (8)  check of all that (4)

*Message*: its number is 0, and the check of its body is a CRC-32.

*Attachment*: it comes before the message that names it by its number, and the check in its head is 0.  The check of its
body comes in 8 bytes after the body, so that the first bytes are on their way before the last ones are added up.  It is
the sum of the 64-bit words of the body; any error within 64 bits in a row changes that.  Where the hellos say that
attachments are not checked, these 8 bytes are left out.

*Farewell*: it has no body, its number says why the connection ends, and nothing comes after it.

A frame with a wrong check ends the connection.  Sizes are checked before memory is allocated.
"""

from __future__ import annotations

import struct
import time
import zlib
from collections.abc import Iterable, Iterator
from enum import IntEnum
from typing import NoReturn

import numpy as np
from rpyc.core.channel import Channel

from .hello import REPLACED
from .stream import BufferStream

__all__ = [
    "ATTACHMENT",
    "FAREWELL",
    "MESSAGE",
    "MESSAGE_BYTES",
    "AttachmentChannel",
    "Farewell",
    "Parting",
    "head_of",
    "sum_of",
]

#: Bytes of a message at most, both ways.
MESSAGE_BYTES = 1 << 16

#: Attachments of one message at most.
ATTACHMENT_COUNT = 1024

#: Kinds of frames.
MESSAGE = 0
ATTACHMENT = 2
FAREWELL = 3

_HEAD = struct.Struct("!B3xLQQ")
_CHECK = struct.Struct("!L")
_HEAD_SIZE = _HEAD.size + _CHECK.size
_SUM = struct.Struct("!Q")
_WORD = 0xFFFF_FFFF_FFFF_FFFF

# A checked attachment is added up in strides of so many bytes, each after it was sent or received.  They are whole
# words, few enough to be still in the cache of the processor, and many enough for the calls to cost nothing.
_STRIDE_BYTES = 1 << 19


class Parting(IntEnum):
    """Why a host ends a connection that is in order."""

    REPLACED = 1
    SILENT = 2
    CLOSING = 3
    REVOKED = 4


_WHY = {
    Parting.REPLACED: REPLACED,
    Parting.SILENT: "it has not heard of this viewer for too long",
    Parting.CLOSING: "it was stopped",
    Parting.REVOKED: "its owner has ended the share, or its time is over",
}


class Farewell(EOFError):
    """The other side has ended the connection and said why."""

    def __init__(self, parting: Parting) -> None:
        super().__init__(_WHY[parting])
        self.parting = parting


def head_of(kind: int, number: int, size: int, check: int) -> bytes:
    """Return the head of a frame."""
    head = _HEAD.pack(kind, number, size, check)
    return head + _CHECK.pack(zlib.crc32(head))


def sum_of(data: np.ndarray) -> int:
    """Return the check of bytes, an array of uint8: the sum of their 64-bit words, zeros filling up the last one."""
    whole = data.size & ~7
    total = int(np.add.reduce(data[:whole].view(np.uint64), dtype=np.uint64)) if whole else 0
    return (total + int.from_bytes(data[whole:].tobytes(), "little")) & _WORD


class AttachmentChannel(Channel):  # type: ignore[misc]
    """A channel whose messages may carry arrays.

    One thread at a time receives, and one at a time sends.

    Parameters
    ----------
    stream : BufferStream
    checked : bool
        Whether attachments are checked, as the hello of the connection says.

    Attributes
    ----------
    allowance : int
        Bytes of attachments that the next message may bring; with 0 all are refused.
    brought : int
        Bytes of attachments that the last message brought.
    took : float
        Seconds from the first byte of that message to its last.
    """

    __slots__ = ("_arrived", "_checked", "_last", "_leaving", "allowance", "brought", "took")

    def __init__(self, stream: BufferStream, checked: bool = True) -> None:
        super().__init__(stream, compress=False)
        self._checked = checked
        self.allowance = 0
        self.brought = 0
        self.took = 0.0
        self._last = 0
        self._leaving: list[tuple[int, np.ndarray]] = []
        self._arrived: dict[int, np.ndarray] = {}

    def attach(self, array: np.ndarray) -> int:
        """Send a C-contiguous `array` before the next message; return the number that names it."""
        self._last = (self._last + 1) & 0xFFFF_FFFF
        self._leaving.append((self._last, array.reshape(-1).view(np.uint8)))
        return self._last

    def take(self, number: int) -> np.ndarray | None:
        """Return the bytes of an attachment, an array of uint8, once; None if no attachment has that number."""
        return self._arrived.pop(number, None)

    def drop(self) -> None:
        """Forget the attachments that were not taken and those that were not sent."""
        self._arrived.clear()
        self._leaving.clear()

    def send(self, data: bytes) -> None:
        """Send the attachments that wait, and then the message."""
        leaving, self._leaving = self._leaving, []
        if len(data) > MESSAGE_BYTES:
            raise ValueError(f"a message of {len(data)} bytes is over the limit of {MESSAGE_BYTES}")
        self.stream.write_groups(self._groups(leaving, data))

    def _groups(self, leaving: Iterable[tuple[int, np.ndarray]], message: bytes) -> Iterator[list[memoryview]]:
        """Yield the buffers to send, in groups; each group is made when the one before was sent."""
        group: list[memoryview] = []
        for number, array in leaving:
            group.append(memoryview(head_of(ATTACHMENT, number, array.size, 0)))
            if not self._checked:
                group.append(array.data)
                continue
            total = 0
            for start in range(0, array.size, _STRIDE_BYTES):
                part = array[start : start + _STRIDE_BYTES]
                group.append(part.data)
                if part.size == _STRIDE_BYTES:
                    yield group
                    group = []
                total += sum_of(part)  # sending has brought it into the cache of the processor
            group.append(memoryview(_SUM.pack(total & _WORD)))
        group.append(memoryview(head_of(MESSAGE, 0, len(message), zlib.crc32(message)) + message))
        yield group

    def recv(self) -> bytes:
        """Return the next message, whose attachments can then be taken; raises EOFError at the end."""
        self._arrived.clear()
        self.brought = 0
        began = None
        while True:
            kind, number, size, check = self._head()
            if began is None:
                began = time.monotonic()
            if kind == MESSAGE and 0 < size <= MESSAGE_BYTES:
                message = bytes(self.stream.read(size))
                if zlib.crc32(message) != check:
                    self._refuse("a message that was changed on its way")
                self.took = time.monotonic() - began
                return message
            if kind == FAREWELL and size == 0:
                self._hear_farewell(number)
            if kind != ATTACHMENT:
                self._refuse(f"a frame of {size} bytes and kind {kind}")
            self._receive(number, size)

    def _head(self) -> tuple[int, int, int, int]:
        head = bytearray(_HEAD_SIZE)
        self.stream.read_into(memoryview(head), between=True)
        if zlib.crc32(head[: _HEAD.size]) != _CHECK.unpack_from(head, _HEAD.size)[0]:
            self._refuse("something that is no frame, or was changed on its way")
        kind, number, size, check = _HEAD.unpack_from(head)
        return kind, number, size, check

    def _receive(self, number: int, size: int) -> None:
        allowed = self.allowance - self.brought
        if size > allowed or len(self._arrived) >= ATTACHMENT_COUNT:
            self._refuse(f"an attachment of {size} bytes where {allowed} were expected")
        array = np.empty(size, np.uint8)
        if self._checked:
            self._receive_checked(array)
        else:
            self.stream.read_into(array.data)
        self.brought += size
        self._arrived[number] = array

    def _receive_checked(self, array: np.ndarray) -> None:
        total = 0
        for start in range(0, array.size, _STRIDE_BYTES):
            part = array[start : start + _STRIDE_BYTES]
            self.stream.read_into(part.data)
            total += sum_of(part)  # while the rest is on its way
        if total & _WORD != _SUM.unpack(self.stream.read(_SUM.size))[0]:
            self._refuse("an attachment that was changed on its way")

    def say_farewell(self, parting: Parting) -> None:
        """Send a farewell, if that takes at most 0.05 s, and end the connection; any thread may call it."""
        self.stream.say_farewell(head_of(FAREWELL, parting, 0, 0))

    @property
    def parting(self) -> Parting | None:
        """Why the other side has ended the connection, None if it has not said so.

        To be asked after sending has failed, while no other thread receives.
        """
        last = self.stream.unread or self.stream.rest()
        return next((parting for parting in Parting if last.endswith(head_of(FAREWELL, parting, 0, 0))), None)

    def _hear_farewell(self, number: int) -> NoReturn:
        if number not in list(Parting):
            self._refuse(f"a farewell of kind {number}")
        self.stream.close()
        raise Farewell(Parting(number))

    def _refuse(self, what: str) -> NoReturn:
        self.stream.close()
        raise EOFError(f"it sent {what}")
