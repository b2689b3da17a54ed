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

#: The most bytes of one tile.
TILE_BYTES = 1 << 22

#: The most bytes of all chunks in one batch.
BATCH_BYTES = 1 << 22


@dataclass(frozen=True, slots=True, eq=False)
class Chunk:
    """Some of the bytes of a tile that is encoded by `code`.

    Attributes
    ----------
    stage : int
        The number of the stage of the wish, from 0.
    place : Place
        The place of the tile in its grid.
    indexed : bool
        Whether the pixels of the tile are indices.
    code : Code
    dtype : dtype
        The dtype of the pixels.
    total : int
        The bytes of the whole encoded tile.
    offset : int
        The number of its bytes before this chunk.
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
    """Chunks of finished tiles of the wish number `sequence`.

    If `backlog` is true, more is ready to be sent.  `done` is true in the last batch of a wish.  That batch has the
    `error`, if the wish failed.
    """

    sequence: int
    chunks: tuple[Chunk, ...] = ()
    backlog: bool = False
    done: bool = False
    error: TraitsviewError | None = None


def pack_batch(batch: Batch, channel: AttachmentChannel) -> tuple[object, ...]:
    """Return the form of a batch.  The bytes of its chunks go beside the message."""
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
    """Return the form of a chunk.  Its bytes go beside the message."""
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
    """Return the most bytes that a batch may have."""
    return within(value, 1, BATCH_BYTES)
