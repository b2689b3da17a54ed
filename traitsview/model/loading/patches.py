"""Patchs of tiles: rectangles of pixels that are held, exact ones and ones that stand for them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from ...color.indexing import Indexing
from ...geometry import Viewport

__all__ = ["Patch", "Rect", "covered", "cut", "placed", "rect_of"]

#: A rectangle of a pixel grid: its first column and row, and those behind its last ones.
Rect = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Patch:
    """The pixels of a rectangle of a tile.

    Attributes
    ----------
    block : Viewport
        The rectangle.
    pixels : ndarray, (rows, columns[, 3 | 4])
        Read-only.
    indexing : Indexing or None
        None for exact values.  With an indexing, each value stands for the true one: both have the same index.
    """

    block: Viewport
    pixels: np.ndarray
    indexing: Indexing | None = None

    @property
    def rect(self) -> Rect:
        """The rectangle of its grid."""
        return rect_of(self.block)

    def part(self, rect: Rect) -> Patch:
        """Return a copy of the part within `rect`."""
        left, bottom, _, _ = self.rect
        pixels = self.pixels[rect[1] - bottom : rect[3] - bottom, rect[0] - left : rect[2] - left].copy()
        pixels.setflags(write=False)
        return Patch(placed(self.block, rect), pixels, self.indexing)


def rect_of(block: Viewport) -> Rect:
    """Return the rectangle of its grid that a viewport is."""
    (left, bottom), (rows, columns) = block.origin, block.shape
    return left, bottom, left + columns, bottom + rows


def placed(grid: Viewport, rect: Rect) -> Viewport:
    """Return the viewport that is `rect` of the grid of another one."""
    left, bottom, right, top = rect
    return replace(grid, origin=(left, bottom), shape=(top - bottom, right - left))


def within(grid: Viewport, rect: Rect) -> Viewport:
    """Like `placed`, without checks, in a third of the time.  `rect` must lie within `grid`."""
    left, bottom, right, top = rect
    made = object.__new__(Viewport)
    for name, value in (
        ("resolution", grid.resolution),
        ("origin", (left, bottom)),
        ("shape", (top - bottom, right - left)),
        ("anchor", grid.anchor),
    ):
        object.__setattr__(made, name, value)
    return made


def common(a: Rect, b: Rect) -> Rect | None:
    """Return the rectangle that two rectangles have in common, or None."""
    left, bottom, right, top = max(a[0], b[0]), max(a[1], b[1]), min(a[2], b[2]), min(a[3], b[3])
    return (left, bottom, right, top) if left < right and bottom < top else None


def cut(rect: Rect, others: Iterable[Rect]) -> list[Rect]:
    """Return the part of `rect` that is in none of `others`, as rectangles that do not overlap."""
    left = [rect]
    for other in others:
        left = [part for whole in left for part in _without(whole, other)]
    return left


def covered(rect: Rect, others: Iterable[Rect]) -> bool:
    """Whether all of `rect` is in `others`."""
    return not cut(rect, others)


def added(held: Iterable[Patch], new: Patch) -> list[Patch]:
    """Return the patches that are held when a new one has come.

    They do not overlap: where two would, exact values stay, and among equals the newer ones.
    """
    kept: list[Patch] = []
    for patch in held:
        stays = patch.indexing is None and new.indexing is not None
        rests = [patch.rect] if stays else cut(patch.rect, [new.rect])
        kept += [patch] if rests == [patch.rect] else [patch.part(rest) for rest in rests]
    fresh = [new.rect]
    if new.indexing is not None:
        fresh = cut(new.rect, [patch.rect for patch in kept if patch.indexing is None])
    kept += [new] if fresh == [new.rect] else [new.part(rect) for rect in fresh]
    return _joined(kept)


def _without(whole: Rect, hole: Rect) -> list[Rect]:
    """Return the at most four rectangles around a hole."""
    inner = common(whole, hole)
    if inner is None:
        return [whole]
    (left, bottom, right, top), (x0, y0, x1, y1) = whole, inner
    parts = [(left, bottom, right, y0), (left, y1, right, top), (left, y0, x0, y1), (x1, y0, right, y1)]
    return [part for part in parts if part[0] < part[2] and part[1] < part[3]]


def _joined(patches: list[Patch]) -> list[Patch]:
    """Return the patches, with pairs joined that form a rectangle together."""
    patches = list(patches)
    again = True
    while again:
        again = False
        for at, first in enumerate(patches):
            for beside in range(at + 1, len(patches)):
                both = _together(first, patches[beside])
                if both is not None:
                    patches[beside : beside + 1] = []
                    patches[at] = both
                    again = True
                    break
            if again:
                break
    return patches


def _together(a: Patch, b: Patch) -> Patch | None:
    """Return two patches as one if they have a whole side in common; otherwise None."""
    if a.indexing != b.indexing or a.pixels.dtype != b.pixels.dtype:
        return None
    p, q = a.rect, b.rect
    for axis in (0, 1):
        across = 1 - axis
        if (p[across], p[across + 2]) != (q[across], q[across + 2]):
            continue
        for first, second in ((a, b), (b, a)):
            f, s = first.rect, second.rect
            if f[axis + 2] == s[axis]:
                pixels = np.concatenate([first.pixels, second.pixels], axis=1 - axis)
                pixels.setflags(write=False)
                rect = (f[0], f[1], s[2], s[3])
                return Patch(placed(a.block, rect), pixels, a.indexing)
    return None
