"""Finished tiles, cut into chunks of bytes that come in batches."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...errors import TraitsviewError
from ..protocol.channel import AttachmentChannel
from ..protocol.codec import Code
from .arrays import take, unpack_code, unpack_kind
from .errors import pack_error, unpack_error
from .values import sized, typed, unpack_flag, unpack_sequence, within
from .viewports import Place, unpack_place
from .wishes import STAGES

__all__ = [
    "BATCH_BYTES",
    "TILE_BYTES",
    "Batch",
    "Chunk",
    "pack_batch",
    "pack_chunk",
    "unpack_batch",
    "unpack_limit",
    "unpack_chunk",
]

#: Bytes of one tile, at most.
TILE_BYTES = 1 << 22

#: Bytes of all chunks in one batch, at most.
BATCH_BYTES = 1 << 22


@dataclass(frozen=True, slots=True, eq=False)
class Chunk:
    """Some of the bytes of a tile, as they are written by `code`.

    Attributes
    ----------
    stage : int
        Which stage of the wish the tile is of.
    place : Place
        Which tile of the stage it is.
    indexed : bool
        Whether its pixels are indices.
    code : Code
    dtype : dtype
        Of the pixels.
    total : int
        Bytes of the whole tile, as it is written.
    offset : int
        Where in the tile the bytes of this chunk begin.
    data : ndarray of uint8
        The bytes of this chunk.
    """

    stage: int
    place: Place
    indexed: bool
    code: Code
    dtype: np.dtype
    total: int
    offset: int
    data: np.ndarray


@dataclass(frozen=True, slots=True)
class Batch:
    """Pieces of finished tiles of the wish number `sequence`.

    There is more to send already if it has a `backlog`; it is `done` with the last of them, or with an error.
    """

    sequence: int
    chunks: tuple[Chunk, ...] = ()
    backlog: bool = False
    done: bool = False
    error: TraitsviewError | None = None


def pack_batch(batch: Batch, channel: AttachmentChannel) -> tuple[object, ...]:
    """Return the form of a batch, whose bytes go beside the message."""
    chunks = tuple(pack_chunk(chunk, channel) for chunk in batch.chunks)
    error = None if batch.error is None else pack_error(batch.error)
    return batch.sequence, chunks, batch.backlog, batch.done, error


def unpack_batch(value: object, channel: AttachmentChannel) -> Batch:
    """Return a batch; the caller checks that its chunks were asked for."""
    sequence, chunks, backlog, done, error = sized(value, 5)
    return Batch(
        sequence=unpack_sequence(sequence),
        chunks=tuple(unpack_chunk(chunk, channel) for chunk in typed(chunks, tuple)),
        backlog=unpack_flag(backlog),
        done=unpack_flag(done),
        error=None if error is None else unpack_error(error),
    )


def pack_chunk(chunk: Chunk, channel: AttachmentChannel) -> tuple[object, ...]:
    """Return the form of a chunk, whose bytes go beside the message."""
    number = channel.attach(chunk.data)
    dtype = chunk.dtype.newbyteorder("<").str
    return chunk.stage, chunk.place, chunk.indexed, int(chunk.code), dtype, chunk.total, chunk.offset, number


def unpack_chunk(value: object, channel: AttachmentChannel) -> Chunk:
    """Return a chunk; the caller checks that it was asked for."""
    stage, place, indexed, code, dtype, total, offset, number = sized(value, 8)
    data = take(number, channel)
    return Chunk(
        stage=within(stage, 0, STAGES - 1),
        place=unpack_place(place),
        indexed=typed(indexed, bool),
        code=unpack_code(code),
        dtype=unpack_kind(dtype),
        total=within(total, 1, TILE_BYTES),
        offset=within(offset, 0, TILE_BYTES),
        data=data,
    )


def unpack_limit(value: object) -> int:
    """Return how many bytes a batch may have."""
    return within(value, 1, BATCH_BYTES)
