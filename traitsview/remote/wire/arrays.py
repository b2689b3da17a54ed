"""Numeric arrays.  Their bytes travel beside the message as raw attachments."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

import numpy as np

from ... import errors
from ...errors import HostError
from ..protocol import codec
from ..protocol.channel import AttachmentChannel
from ..protocol.codec import Code
from ..protocol.coder import AT_ONCE, Coder, Speeds
from .values import LARGEST_LENGTH, LARGEST_NUMBER, refusal, sized, typed, within

__all__ = [
    "DTYPES",
    "RENDER_BYTES",
    "pack_array",
    "take",
    "unpack_array",
    "unpack_code",
    "unpack_kind",
]

#: The most bytes of pixels in one answer to `render`.
RENDER_BYTES = 1 << 24

_WIDE = ("u2", "u4", "u8", "i2", "i4", "i8", "f2", "f4", "f8", "c8", "c16")

#: The dtypes that arrays may have.
DTYPES = ("|b1", "|u1", "|i1", *(f"<{kind}" for kind in _WIDE))


def pack_array(
    array: np.ndarray, channel: AttachmentChannel, coder: Coder | None = None, speeds: Speeds = AT_ONCE
) -> tuple[object, ...]:
    """Attach a numeric array to the next message of `channel` and return the value that describes it in the message.

    A `coder`, if there is one, encodes the array for a link of these `speeds`.
    """
    little = np.ascontiguousarray(array, array.dtype.newbyteorder("<")).reshape(array.shape)
    if little.dtype.str not in DTYPES:
        raise HostError("cannot send an array", f"its elements are {array.dtype}")
    code, data = (Code.RAW, little) if coder is None else coder.encode(little, speeds)
    return channel.attach(data), little.dtype.str, tuple(int(n) for n in array.shape), int(code)


def unpack_array(
    value: object,
    channel: AttachmentChannel,
    shape: tuple[int | None, ...],
    dtype: np.dtype | None = None,
    most: int = RENDER_BYTES,
    decoded: Callable[[Code, int, float], None] | None = None,
) -> np.ndarray:
    """Return the array that `value` describes: contiguous, writable, in native byte order.

    Parameters
    ----------
    value : object
        The value that `pack_array` returned, as it came in a message.
    shape : tuple
        The shape that the array must have; None means any length.
    dtype : dtype, optional
        The dtype that the array must have; by default any of `DTYPES`.
    most : int
        The most bytes that the array may have.
    decoded : callable, optional
        Called with the code, the bytes of the array, and the seconds that decoding took.
    """
    number, type_, lengths, code = sized(value, 4)
    data = take(number, channel)
    kind = unpack_kind(type_)
    found = tuple(within(n, 0, LARGEST_LENGTH) for n in sized(lengths, len(shape)))
    if math.prod(found) * kind.itemsize > most:
        raise refusal(f"an array of shape {found}, at most {most} bytes")
    if any(n is not None and n != m for n, m in zip(shape, found, strict=True)):
        raise refusal(f"an array of shape {found}, expected {shape}")
    if dtype is not None and kind.newbyteorder("=") != dtype:
        raise refusal(f"an array of {kind}, expected {dtype}")
    way, began = unpack_code(code), time.perf_counter()
    array = codec.decode(data, way, kind, found)
    if decoded is not None:
        decoded(way, array.nbytes, time.perf_counter() - began)
    return array if kind.isnative else array.astype(kind.newbyteorder("="))


def take(number: object, channel: AttachmentChannel) -> np.ndarray:
    """Return the attachment of a message with the `number` that stands in the message."""
    data = channel.take(within(number, 0, LARGEST_NUMBER))
    if data is None:
        raise refusal("it tells of an array that did not come with it")
    return data


def unpack_kind(value: object) -> np.dtype:
    """Return the dtype of an array with the byte order that it has on the wire."""
    code = typed(value, str)
    if code not in DTYPES:
        raise refusal(f"an array of {errors.quoted(code, 20)}")
    return np.dtype(code)


def unpack_code(value: object) -> Code:
    """Return the code by which the bytes of an array are encoded."""
    return Code(within(value, min(Code), max(Code)))
