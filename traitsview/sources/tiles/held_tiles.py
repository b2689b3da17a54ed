"""Pixels of tiles, held within a limit of memory."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable

import numpy as np

from ..image_source import never

__all__ = ["HeldTiles", "Key"]

#: Of which image and picture, at which resolution and place.
Key = tuple[object, ...]

#: Seconds between two checks of how much memory is left.
_LOOK_SECONDS = 1.0


class HeldTiles:
    """Keeps the pixels that were used last, within a limit of bytes.  Any thread may call any method.

    Parameters
    ----------
    limit : int
        Bytes.
    is_tight : callable
        Says whether memory is running out.  Half of the pixels are dropped then.
    """

    def __init__(self, limit: int, is_tight: Callable[[], bool] = never) -> None:
        self._limit = limit
        self._is_tight = is_tight
        self._looked = -_LOOK_SECONDS
        self._lock = threading.Lock()
        self._tiles: OrderedDict[Key, np.ndarray] = OrderedDict()
        self._bytes = 0

    @property
    def nbytes(self) -> int:
        """Bytes that are held."""
        return self._bytes

    def get(self, key: Key) -> np.ndarray | None:
        """Return the pixels of `key`, read-only, or None."""
        with self._lock:
            pixels = self._tiles.get(key)
            if pixels is not None:
                self._tiles.move_to_end(key)
            return pixels

    def put(self, key: Key, pixels: np.ndarray) -> None:
        """Keep pixels, which become read-only, and drop the tiles that were not used for the longest time."""
        if isinstance(pixels.base, np.ndarray) and pixels.base.nbytes > pixels.nbytes:
            pixels = pixels.copy()  # a view would keep the whole array
        pixels.setflags(write=False)
        with self._lock:
            before = self._tiles.pop(key, None)
            self._bytes += pixels.nbytes - (0 if before is None else before.nbytes)
            self._tiles[key] = pixels
            self._shrink(self._limit)
        now = time.monotonic()
        if now - self._looked >= _LOOK_SECONDS:
            self._looked = now
            self.relieve()

    def relieve(self) -> None:
        """Drop half of the pixels if memory is running out."""
        if self._bytes and self._is_tight():
            with self._lock:
                self._shrink(self._bytes // 2)

    def forget(self, image: object) -> None:
        """Drop all tiles of `image`, which is the first item of their keys."""
        with self._lock:
            for key in [key for key in self._tiles if key[0] is image]:
                self._bytes -= self._tiles.pop(key).nbytes

    def _shrink(self, limit: int) -> None:
        while self._bytes > limit:
            self._bytes -= self._tiles.popitem(last=False)[1].nbytes
