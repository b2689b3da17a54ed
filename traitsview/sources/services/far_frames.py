"""Messages over a unix socket between this host and a program on the same machine: words, and arrays beside them.

A message is a header, words in JSON, and the bytes of arrays.  Arrays of more than a few kilobytes lie in a memfd that
is handed over beside the header, so that they are copied once, by one call of NumPy: while another thread of the
program computes in Python, each call that lets go of the interpreter's lock waits 5 ms to get it back.

Both ends use this module; neither trusts the other: lengths are bounded, and a memfd cannot shrink while it is read.
"""

from __future__ import annotations

import fcntl
import json
import mmap
import os
import socket
import struct
from collections.abc import Sequence
from typing import Any

import numpy as np

__all__ = ["ANSWER_BYTES", "ARRAY_BYTES", "QUESTION_BYTES", "FrameError", "receive", "send"]

#: Bytes of words that a question and an answer have at most.
QUESTION_BYTES = 1 << 20
ANSWER_BYTES = 4 << 20

#: Bytes of the arrays of an answer, at most.
ARRAY_BYTES = 1 << 31

# Magic, bytes of words, bytes of arrays that follow, bytes of arrays in the memfd.
_HEADER = struct.Struct("<4sIQQ")
_MAGIC = b"tvF1"

# Arrays with more bytes go into a memfd.
_INLINE_BYTES = 1 << 16

# Each array begins at a multiple of so many bytes.
_ALIGNED = 64

# A memfd that is handed over cannot become smaller any more.
_SEALS = fcntl.F_SEAL_SEAL | fcntl.F_SEAL_SHRINK


class FrameError(Exception):
    """What came is no message."""


def send(line: socket.socket, words: dict[str, Any], arrays: Sequence[np.ndarray] = ()) -> None:
    """Send words and C-contiguous arrays.

    Raises
    ------
    OSError
        If the other end is gone, or if there is no memory for the arrays.
    """
    starts, total = [], 0
    for array in arrays:
        starts.append(total)
        total += -(-array.nbytes // _ALIGNED) * _ALIGNED
    text = json.dumps({**words, "starts": starts, "sizes": [array.nbytes for array in arrays]}).encode()
    if total <= _INLINE_BYTES or not hasattr(os, "memfd_create"):
        parts = bytearray(total)
        for start, array in zip(starts, arrays):  # noqa: B905  of equal lengths
            parts[start : start + array.nbytes] = array.tobytes()
        line.sendall(_HEADER.pack(_MAGIC, len(text), total, 0) + text + parts)
        return
    memory = _filled(arrays, starts, total)
    try:
        sent = socket.send_fds(line, [_HEADER.pack(_MAGIC, len(text), 0, total) + text], [memory])
        line.sendall((_HEADER.pack(_MAGIC, len(text), 0, total) + text)[sent:])
    finally:
        os.close(memory)


def receive(line: socket.socket, words_limit: int, arrays_limit: int = 0) -> tuple[dict[str, Any], list[memoryview]]:
    """Return the words and the bytes of each array of the next message.

    Raises
    ------
    EOFError
        If the other end is gone.
    FrameError
        If something else comes, or more than the limits allow.
    OSError
        If nothing comes in time, on a line with a timeout.
    """
    head, memories = _header(line)
    try:
        magic, length, inline, mapped = _HEADER.unpack(head)
        if magic != _MAGIC or length > words_limit or inline + mapped > arrays_limit or (inline and mapped):
            raise FrameError(f"{length} and {inline + mapped} bytes were announced")
        if bool(mapped) != bool(memories):
            raise FrameError("memory was announced that did not come")
        try:
            words = json.loads(_exactly(line, length).decode())
            starts, sizes = words.pop("starts"), words.pop("sizes")
        except (ValueError, RecursionError, KeyError, TypeError, AttributeError) as error:
            raise FrameError(f"its words are none: {error}") from error
        block = _mapped(memories[0], mapped) if mapped else memoryview(_exactly(line, inline))
    finally:
        for memory in memories:
            os.close(memory)
    return words, _cut(block, starts, sizes)


def _cut(block: memoryview, starts: Any, sizes: Any) -> list[memoryview]:
    whole = isinstance(starts, list) and isinstance(sizes, list) and len(starts) == len(sizes)
    if not whole or any(type(n) is not int or n < 0 for n in (*starts, *sizes)):
        raise FrameError("the places of its arrays are none")
    found = [block[start : start + size] for start, size in zip(starts, sizes)]  # noqa: B905  of equal lengths
    if any(len(part) != size for part, size in zip(found, sizes)):  # noqa: B905
        raise FrameError("its arrays are longer than what came")
    return found


def _filled(arrays: Sequence[np.ndarray], starts: Sequence[int], total: int) -> int:
    """Return a memfd with the bytes of arrays."""
    memory = os.memfd_create("traitsview answer", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    try:
        os.posix_fallocate(memory, 0, total)  # so that a lack of memory is an error here and not a signal
        with mmap.mmap(memory, total) as block:
            for start, array in zip(starts, arrays):  # noqa: B905  of equal lengths
                there = np.frombuffer(block, array.dtype, array.size, start).reshape(array.shape)
                np.copyto(there, array)
                del there
        fcntl.fcntl(memory, fcntl.F_ADD_SEALS, _SEALS)
    except BaseException:
        os.close(memory)
        raise
    return memory


def _mapped(memory: int, size: int) -> memoryview:
    """Return the bytes of a memfd of the other end, which cannot shrink any more."""
    try:
        sealed = fcntl.fcntl(memory, fcntl.F_GET_SEALS) & _SEALS == _SEALS
        if not sealed or os.fstat(memory).st_size < size:
            raise FrameError("its memory is smaller than was said, or could shrink")
        return memoryview(mmap.mmap(memory, size, prot=mmap.PROT_READ))
    except (OSError, ValueError) as error:
        raise FrameError(f"its memory cannot be read: {error}") from error


def _header(line: socket.socket) -> tuple[bytes, list[int]]:
    """Return the header, and the memory that came beside it."""
    head, memories, _, _ = socket.recv_fds(line, _HEADER.size, 4)
    try:
        if not head:
            raise EOFError("the other end is gone")
        return head + _exactly(line, _HEADER.size - len(head)), list(memories)
    except BaseException:
        for memory in memories:
            os.close(memory)
        raise


def _exactly(line: socket.socket, size: int) -> bytes:
    """Return the next bytes of a line; memory is taken as they come."""
    found = bytearray()
    while len(found) < size:
        part = line.recv(min(size - len(found), 1 << 20))
        if not part:
            raise EOFError("the other end is gone")
        found += part
    return bytes(found)
