"""Pieces of finished tiles, in the answers to those who wait for them."""

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
    "Piece",
    "pack_batch",
    "pack_piece",
    "unpack_batch",
    "unpack_limit",
    "unpack_piece",
]

#: Bytes of one tile, and of the pieces of tiles in one batch.
TILE_BYTES = 1 << 22
BATCH_BYTES = 1 << 22


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """Some of the bytes that a tile is written in.

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
        Bytes that the tile is written in.
    offset : int
        Of these bytes among them.
    data : ndarray of uint8
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
    pieces: tuple[Piece, ...] = ()
    backlog: bool = False
    done: bool = False
    error: TraitsviewError | None = None


def pack_batch(batch: Batch, channel: AttachmentChannel) -> tuple[object, ...]:
    """Return the form of a batch, whose bytes go beside the message."""
    pieces = tuple(pack_piece(piece, channel) for piece in batch.pieces)
    error = None if batch.error is None else pack_error(batch.error)
    return batch.sequence, pieces, batch.backlog, batch.done, error


def unpack_batch(value: object, channel: AttachmentChannel) -> Batch:
    """Return a batch; that its pieces are of what was asked for is for others to check."""
    sequence, pieces, backlog, done, error = sized(value, 5)
    return Batch(
        sequence=unpack_sequence(sequence),
        pieces=tuple(unpack_piece(piece, channel) for piece in typed(pieces, tuple)),
        backlog=unpack_flag(backlog),
        done=unpack_flag(done),
        error=None if error is None else unpack_error(error),
    )


def pack_piece(piece: Piece, channel: AttachmentChannel) -> tuple[object, ...]:
    """Return the form of a piece, whose bytes go beside the message."""
    number = channel.attach(piece.data)
    dtype = piece.dtype.newbyteorder("<").str
    return piece.stage, piece.place, piece.indexed, int(piece.code), dtype, piece.total, piece.offset, number


def unpack_piece(value: object, channel: AttachmentChannel) -> Piece:
    """Return a piece; that it is one of what was asked for is for others to check."""
    stage, place, indexed, code, dtype, total, offset, number = sized(value, 8)
    data = take(number, channel)
    return Piece(
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
