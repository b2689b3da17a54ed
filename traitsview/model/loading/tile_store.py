"""What is held of tiles, by grid, within a limit of bytes."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable
from math import log

import numpy as np

from ...color.indexing import Indexing
from ...geometry import TILE, Viewport
from ...sources.picture import Picture
from .patches import Piece, Rect, added, common, cut, placed, rect_of

#: Tiles of one picture whose pixels lie on one grid.
Grid = tuple[Picture, tuple[float, float]]


class TileStore:
    """Holds what was used last of tiles: all of one, or pieces; exact values, or values that stand for them.

    Any thread may call any method; none of them takes longer than copying a tile.

    Parameters
    ----------
    limit : int
        Bytes of pixels that are held at most, beside the tile put last.
    size : int
        Rows and columns of a tile.
    """

    def __init__(self, limit: int = 256 << 20, size: int = TILE) -> None:
        self.limit = limit
        self._size = size
        self._tiles: OrderedDict[_Key, list[Piece]] = OrderedDict()
        self._grids: dict[Grid, int] = {}
        self._bytes = 0
        self._lock = threading.Lock()

    def put(self, picture: Picture, block: Viewport, pixels: np.ndarray, indexing: Indexing | None = None) -> None:
        """Hold the pixels of a tile or of any rectangle, which become read-only; what was used longest ago makes room.

        Exact values, those without an `indexing`, take the place of others, and never the other way round.
        """
        pixels.setflags(write=False)
        new = Piece(block, pixels, indexing)
        tiles = block.tiles(self._size)
        with self._lock:
            for tile in tiles:
                inside = new if len(tiles) == 1 else new.part(_common(tile, block))
                self._add((picture, tile.resolution, tile.origin), inside)
            while self._bytes > self.limit and len(self._tiles) > 1:
                self._drop(next(iter(self._tiles)))

    def get(self, picture: Picture, tile: Viewport) -> np.ndarray | None:
        """Return the exact pixels of a whole tile, or None."""
        pieces = self.pieces(picture, tile)
        whole = len(pieces) == 1 and pieces[0].indexing is None and pieces[0].block.shape == tile.shape
        return pieces[0].pixels if whole else None

    def pieces(self, picture: Picture, tile: Viewport) -> tuple[Piece, ...]:
        """Return what is held of a tile: rectangles, none over another."""
        with self._lock:
            key = picture, tile.resolution, tile.origin
            pieces = self._tiles.get(key)
            if pieces is None:
                return ()
            self._tiles.move_to_end(key)
            return tuple(pieces)

    def missing(self, picture: Picture, blocks: Iterable[Viewport], indexing: Indexing | None = None) -> list[Viewport]:
        """Return the rectangles of `blocks`, each within a tile, that are not held, in their order.

        Exact values are held for everybody; others only for who asks with the same `indexing`.
        """
        found: list[Viewport] = []
        with self._lock:
            for block in blocks:
                (column, row), size = block.origin, self._size
                origin = column - column % size, row - row % size
                key = picture, block.resolution, origin
                held = self._tiles.get(key)
                if held is None:
                    found.append(block)
                    continue
                self._tiles.move_to_end(key)  # what is asked for must not make room for what comes for the same view
                if len(held) == 1 and held[0].indexing is None and held[0].block.shape == (size, size):
                    continue
                good = [piece.rect for piece in held if piece.indexing is None or piece.indexing == indexing]
                rest = cut(rect_of(block), good)
                found += [block] if rest == [rect_of(block)] else [placed(block, rect) for rect in rest]
        return found

    def nearest_grids(self, picture: Picture, resolution: tuple[float, float], most: int) -> list[tuple[float, float]]:
        """Return the other resolutions held of a picture, the nearest first."""
        with self._lock:
            others = [held for of, held in self._grids if of == picture and held != resolution]
        return sorted(others, key=lambda held: abs(log(held[0] / resolution[0])))[:most]

    @property
    def nbytes(self) -> int:
        """Bytes of pixels held."""
        return self._bytes

    def _add(self, key: _Key, piece: Piece) -> None:
        held = self._tiles.get(key)
        if held is None:
            held = []
            grid = key[0], key[1]
            self._grids[grid] = self._grids.get(grid, 0) + 1
        pieces = added(held, piece)
        self._bytes += _bytes(pieces) - _bytes(held)
        self._tiles[key] = pieces
        self._tiles.move_to_end(key)

    def _drop(self, key: _Key) -> None:
        self._bytes -= _bytes(self._tiles.pop(key))
        grid = key[0], key[1]
        self._grids[grid] -= 1
        if not self._grids[grid]:
            del self._grids[grid]


#: A picture, and the resolution and the first pixel of a tile.
_Key = tuple[Picture, tuple[float, float], tuple[int, int]]


def _bytes(pieces: list[Piece]) -> int:
    return sum(piece.pixels.nbytes for piece in pieces)


def _common(tile: Viewport, block: Viewport) -> Rect:
    rect = common(rect_of(tile), rect_of(block))
    assert rect is not None
    return rect
