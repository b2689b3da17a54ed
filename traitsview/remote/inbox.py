"""Where a viewer's tiles arrive, and are checked to be those it asked for."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import numpy as np

from ..errors import TraitsviewError, WireError
from ..geometry import Viewport
from ..sources.image_source import ImageInfo
from . import wire
from .channel import AttachmentChannel

__all__ = ["Inbox"]

Tile = tuple[Viewport, np.ndarray]


class Inbox:
    """Holds what has arrived of the one thing that is wanted now.

    Any thread may call any method.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._sequence = 0
        self._missing: dict[wire.Place, Viewport] = {}
        self._info: ImageInfo | None = None
        self._arrived: list[Tile] = []
        self._error: TraitsviewError | None = None

    def expect(self, tiles: Sequence[Viewport], info: ImageInfo) -> int:
        """Forget everything and wait for `tiles`; return the number to ask for them by."""
        with self._changed:
            self._sequence += 2
            self._missing = {wire.place_of(tile): tile for tile in tiles}
            self._info = info
            self._arrived = []
            self._error = None
            return self._sequence

    def take(self, timeout: float) -> tuple[list[Tile], bool]:
        """Return what has arrived, waiting for it, and whether more is to come.

        Raises the error that came instead, once all that came before it was taken.
        """
        with self._changed:
            if not self._arrived and self._missing and self._error is None:
                self._changed.wait(timeout)
            arrived, self._arrived = self._arrived, []
            if not arrived and self._error is not None:
                raise self._error
            return arrived, bool(self._missing or self._error)

    def accept(self, answer: object, channel: AttachmentChannel) -> None:
        """Take in an answer of the host; raises `WireError` if it is to nothing that was asked."""
        sequence, tiles, done, error = _four(answer)
        with self._changed:
            if wire.unpack_sequence(sequence) != self._sequence or self._info is None:
                if sequence > self._sequence + 1:
                    raise WireError("refused an answer", f"it is to request {sequence}, the last was {self._sequence}")
                return
            for place, array in tiles:
                tile = self._missing.pop(wire.unpack_place(place), None)
                if tile is None:
                    raise WireError("refused an answer", "it is a tile that was not asked for")
                shape = tile.shape if self._info.channels == 1 else (*tile.shape, self._info.channels)
                pixels = wire.unpack_array(array, channel, shape, self._info.pixel_dtype)
                self._arrived.append((tile, pixels))
            if error is not None:
                self._error = wire.unpack_error(error)
            elif done and self._missing:
                raise WireError("refused an answer", f"it ends with {len(self._missing)} tiles missing")
            self._changed.notify_all()

    def fail(self, error: TraitsviewError) -> None:
        """Have whoever waits get `error`."""
        with self._changed:
            self._error = error
            self._changed.notify_all()


def _four(answer: object) -> tuple[int, tuple[tuple[object, object], ...], bool, object]:
    if type(answer) is not tuple or len(answer) != 4 or type(answer[1]) is not tuple or type(answer[2]) is not bool:
        raise WireError("refused an answer", "it does not have its four parts")
    if any(type(tile) is not tuple or len(tile) != 2 for tile in answer[1]):
        raise WireError("refused an answer", "its tiles are not pairs")
    return answer
