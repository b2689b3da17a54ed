"""Finished tiles on their way to the viewer that wants them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...geometry import Viewport
from ...sources.image_source import Stage
from ...sources.picture import DEFAULT_PICTURE, Picture
from .. import wire
from ..protocol.codec import Code
from ..wire import Chunk

__all__ = ["Finished", "OutgoingTile", "NumberedWish"]


@dataclass(frozen=True, slots=True, eq=False)
class NumberedWish:
    """The stages of a picture that a viewer wants, in this order.  `sequence` is higher for each newer wish."""

    sequence: int
    stages: tuple[Stage, ...] = ()
    picture: Picture = DEFAULT_PICTURE


@dataclass(frozen=True, slots=True, eq=False)
class Finished:
    """A rendered tile of the stage number `stage` of a wish.  Its pixels are indices if `indexed`, else values."""

    wish: NumberedWish
    stage: int
    tile: Viewport
    pixels: np.ndarray
    indexed: bool


class OutgoingTile:
    """A finished tile that is sent in chunks.  The first `_offset` bytes have been sent."""

    def __init__(self, finished: Finished, code: Code, data: np.ndarray) -> None:
        self.finished = finished
        self._code = code
        self._data = data
        self._offset = 0

    def cut(self, room: int) -> Chunk:
        """Return the next bytes as a chunk of at most `room` bytes."""
        finished, data, offset = self.finished, self._data, self._offset
        part = data[offset : offset + room]
        self._offset += part.size
        place = wire.place_of(finished.tile)
        dtype = finished.pixels.dtype
        return Chunk(finished.stage, place, finished.indexed, self._code, dtype, data.size, offset, part)

    @property
    def is_gone(self) -> bool:
        return self._offset == self._data.size
