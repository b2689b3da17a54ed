"""Rendered tiles that are held, by grid, within a limit of bytes."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from math import log

import numpy as np

from ..geometry import Viewport
from ..sources.image_source import Plane


@dataclass(frozen=True, slots=True)
class Picture:
    """Which picture of an image a tile belongs to: tiles of different pictures never mix."""

    plane: Plane = ()
    reduction: str = "mean"
    version: int = 0


#: Tiles of one picture whose pixels lie on one grid.
Grid = tuple[Picture, tuple[float, float]]


class TileStore:
    """Holds the tiles used last.

    Any thread may call any method; none of them takes longer than a dictionary look-up per tile.

    Parameters
    ----------
    limit : int
        Bytes of pixels that are held at most, beside the tile put last.
    """

    def __init__(self, limit: int = 256 << 20) -> None:
        self.limit = limit
        self._tiles: OrderedDict[tuple[Picture, Viewport], np.ndarray] = OrderedDict()
        self._grids: dict[Grid, int] = {}
        self._bytes = 0
        self._lock = threading.Lock()

    def put(self, picture: Picture, tile: Viewport, pixels: np.ndarray) -> None:
        """Hold the pixels of a tile, which become read-only; the tiles used longest ago make room."""
        pixels.setflags(write=False)
        with self._lock:
            self._drop((picture, tile))
            self._tiles[picture, tile] = pixels
            self._bytes += pixels.nbytes
            grid = picture, tile.resolution
            self._grids[grid] = self._grids.get(grid, 0) + 1
            while self._bytes > self.limit and len(self._tiles) > 1:
                self._drop(next(iter(self._tiles)))

    def get(self, picture: Picture, tile: Viewport) -> np.ndarray | None:
        """Return the pixels of a tile, or None."""
        with self._lock:
            pixels = self._tiles.get((picture, tile))
            if pixels is not None:
                self._tiles.move_to_end((picture, tile))
            return pixels

    def missing(self, picture: Picture, tiles: Iterable[Viewport]) -> list[Viewport]:
        """Return those of `tiles` that are not held, in their order."""
        with self._lock:
            return [tile for tile in tiles if (picture, tile) not in self._tiles]

    def nearest_grids(self, picture: Picture, resolution: tuple[float, float], most: int) -> list[tuple[float, float]]:
        """Return the other resolutions held of a picture, the nearest first."""
        with self._lock:
            others = [held for of, held in self._grids if of == picture and held != resolution]
        return sorted(others, key=lambda held: abs(log(held[0] / resolution[0])))[:most]

    @property
    def nbytes(self) -> int:
        """Bytes of pixels held."""
        return self._bytes

    def _drop(self, key: tuple[Picture, Viewport]) -> None:
        pixels = self._tiles.pop(key, None)
        if pixels is None:
            return
        self._bytes -= pixels.nbytes
        grid = key[0], key[1].resolution
        self._grids[grid] -= 1
        if not self._grids[grid]:
            del self._grids[grid]
