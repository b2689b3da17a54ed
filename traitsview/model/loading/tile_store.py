"""The tiles that are held, within a limit of bytes."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from math import log

import numpy as np

from ...color.indexing import Indexing
from ...geometry import TILE, Viewport
from ...sources.picture import Picture
from .patches import Patch, Rect, added, common, cut, placed, rect_of


@dataclass(frozen=True, slots=True)
class Lacking:
    """The rectangles of some blocks that are not held.

    Attributes
    ----------
    values : list of Viewport
        Rectangles whose exact values are not held.
    colours : list of Viewport
        The parts of these without values that stand for the exact ones under the indexing that was asked for.
    """

    values: list[Viewport]
    colours: list[Viewport]


#: Tiles of one picture whose pixels lie on one grid.
Grid = tuple[Picture, tuple[float, float]]


class TileStore:
    """Holds the tiles that were used last, whole or in patches, as exact values or as values that stand for them.

    Any thread may call any method.  None takes longer than copying a tile.

    Parameters
    ----------
    limit : int
        Bytes of pixels that are held at most; the tile that came last is held even if it has more.
    size : int
        Rows and columns of a tile.
    """

    def __init__(self, limit: int = 256 << 20, size: int = TILE) -> None:
        self.limit = limit
        self._size = size
        self._tiles: OrderedDict[_Key, list[Patch]] = OrderedDict()
        self._grids: dict[Grid, int] = {}
        self._bytes = 0
        self._lock = threading.Lock()

    def put(self, picture: Picture, block: Viewport, pixels: np.ndarray, indexing: Indexing | None = None) -> None:
        """Hold the pixels of a tile or of any rectangle.  They become read-only.

        Tiles that were used longest ago make room.  Values without an `indexing` are exact: they replace values with
        one, and are never replaced by those.
        """
        pixels.setflags(write=False)
        new = Patch(block, pixels, indexing)
        tiles = block.tiles(self._size)
        with self._lock:
            for tile in tiles:
                inside = new if len(tiles) == 1 else new.part(_common(tile, block))
                self._add((picture, tile.resolution, tile.origin), inside)
            while self._bytes > self.limit and len(self._tiles) > 1:
                self._drop(next(iter(self._tiles)))

    def get(self, picture: Picture, tile: Viewport) -> np.ndarray | None:
        """Return the exact pixels of a whole tile, or None."""
        patches = self.patches(picture, tile)
        whole = len(patches) == 1 and patches[0].indexing is None and patches[0].block.shape == tile.shape
        return patches[0].pixels if whole else None

    def patches(self, picture: Picture, tile: Viewport) -> tuple[Patch, ...]:
        """Return the patches that are held of a tile; they do not overlap."""
        with self._lock:
            key = picture, tile.resolution, tile.origin
            patches = self._tiles.get(key)
            if patches is None:
                return ()
            self._tiles.move_to_end(key)
            return tuple(patches)

    def missing(self, picture: Picture, blocks: Iterable[Viewport], indexing: Indexing | None = None) -> list[Viewport]:
        """Return the rectangles of `blocks`, each within a tile, that are not held, in their order.

        Exact values always count as held.  Values that stand for them count if they have the same `indexing`.
        """
        return self.lacking(picture, blocks, indexing).colours

    def lacking(self, picture: Picture, blocks: Iterable[Viewport], indexing: Indexing | None = None) -> Lacking:
        """Return the rectangles of `blocks`, each within a tile, that are not held, in their order."""
        values: list[Viewport] = []
        colours: list[Viewport] = []
        with self._lock:
            for block in blocks:
                (column, row), size = block.origin, self._size
                origin = column - column % size, row - row % size
                key = picture, block.resolution, origin
                held = self._tiles.get(key)
                if held is None:
                    values.append(block)
                    colours.append(block)
                    continue
                self._tiles.move_to_end(key)  # a tile of the view must not make room for another tile of the view
                if len(held) == 1 and held[0].indexing is None and held[0].block.shape == (size, size):
                    continue
                exact = [patch.rect for patch in held if patch.indexing is None]
                coloured = [patch.rect for patch in held if indexing is not None and patch.indexing == indexing]
                inexact = cut(rect_of(block), exact)
                values += _placed(block, inexact)
                bare = [rest for rect in inexact for rest in cut(rect, coloured)] if coloured else inexact
                colours += _placed(block, bare)
        return Lacking(values, colours)

    def nearest_grids(self, picture: Picture, resolution: tuple[float, float], most: int) -> list[tuple[float, float]]:
        """Return the other resolutions held of a picture, the nearest first."""
        with self._lock:
            others = [held for of, held in self._grids if of == picture and held != resolution]
        return sorted(others, key=lambda held: abs(log(held[0] / resolution[0])))[:most]

    def keep_frame(self, version: int) -> None:
        """Drop the tiles of all frames before one, so that the next frames have their memory."""
        with self._lock:
            for key in [key for key in self._tiles if key[0].version < version]:
                self._drop(key)

    @property
    def nbytes(self) -> int:
        """Bytes of pixels held."""
        return self._bytes

    def _add(self, key: _Key, patch: Patch) -> None:
        held = self._tiles.get(key)
        if held is None:
            held = []
            grid = key[0], key[1]
            self._grids[grid] = self._grids.get(grid, 0) + 1
        patches = added(held, patch)
        self._bytes += _bytes(patches) - _bytes(held)
        self._tiles[key] = patches
        self._tiles.move_to_end(key)

    def _drop(self, key: _Key) -> None:
        self._bytes -= _bytes(self._tiles.pop(key))
        grid = key[0], key[1]
        self._grids[grid] -= 1
        if not self._grids[grid]:
            del self._grids[grid]


def _placed(block: Viewport, rects: list[Rect]) -> list[Viewport]:
    """Return rectangles of a block's grid as viewports: the block itself where it is one of them."""
    return [block] if rects == [rect_of(block)] else [placed(block, rect) for rect in rects]


#: A picture, and the resolution and the first pixel of a tile.
_Key = tuple[Picture, tuple[float, float], tuple[int, int]]


def _bytes(patches: list[Patch]) -> int:
    return sum(patch.pixels.nbytes for patch in patches)


def _common(tile: Viewport, block: Viewport) -> Rect:
    rect = common(rect_of(tile), rect_of(block))
    assert rect is not None
    return rect
