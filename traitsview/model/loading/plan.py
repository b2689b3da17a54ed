"""What to ask of a source, and in which steps: pure functions of what is wanted and of what is held."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from ...color.indexing import Indexing
from ...geometry import TILE, Extent, Viewport, bounding, canonical
from ...sources.image_source import ImageInfo, Stage
from ...sources.picture import Picture
from ...sources.spans import pixels_shown
from .patches import common, placed, rect_of, within
from .tile_store import TileStore

__all__ = [
    "Line",
    "Need",
    "Step",
    "ahead",
    "by_distance",
    "coarser",
    "part_shown",
    "seen_at",
    "steps",
    "visible",
]

#: Seconds that exact pixels may take before quicker ones come first.
AT_ONCE = 0.15

#: Seconds of a whole viewport beyond which no pixels come with it that are not visible.
WHOLE = 0.02

#: Seconds that the quickest picture may take, and which part of those of the exact one.
COARSE, COARSE_PART = 0.12, 1 / 32

#: How many times coarser the quickest picture may be.
FACTORS = (2, 4, 8, 16)

#: Seconds that one piece may take, so that a newer wish soon has the link.
PIECE = 0.1

#: Pixels around the viewport that are brought before they are asked for.
RING = TILE // 2

#: Seconds for a whole viewport beyond which nothing is brought that was not asked for.
TOO_SLOW = 20.0


@dataclass(frozen=True, slots=True)
class Need:
    """What a viewport needs.

    Attributes
    ----------
    viewport : Viewport
    picture : Picture
    focus : (x, y)
        The data point that the eye is on.
    indexing : Indexing or None
        How values become colours, if indices can stand for them.
    """

    viewport: Viewport
    picture: Picture
    focus: tuple[float, float]
    indexing: Indexing | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One stage, with the name of the step that the picture has come to when it is done."""

    name: str
    stage: Stage


@dataclass(frozen=True, slots=True)
class Line:
    """How long pixels of an image take from its source.

    Attributes
    ----------
    delay : callable
        From bytes to seconds, as `SourceLink.delay`.
    pixel_bytes : int
        Of the values of a pixel.
    """

    delay: Callable[[int], float]
    pixel_bytes: int

    def seconds(self, blocks: Iterable[Viewport], indexed: bool = False) -> float:
        """Return the seconds that pixels occupy the line, the way there and back not counted.

        An index counts as a byte: of the two that it has beside 256 colours the upper one is compressed to nothing.
        """
        return self.occupied(area(blocks) * (1 if indexed else self.pixel_bytes))

    def occupied(self, nbytes: int) -> float:
        """Return the seconds that so many bytes occupy the line."""
        return max(0.0, self.delay(nbytes) - self.delay(0))

    def slow(self, viewport: Viewport) -> bool:
        """Whether a whole viewport takes so long that every pixel that is not seen is one too many."""
        return self.seconds([viewport]) > AT_ONCE

    @property
    def piece(self) -> int:
        """The side of the largest pieces to ask for."""
        side = TILE
        while side > 64 and self.occupied(side * side * self.pixel_bytes) > PIECE:
            side //= 2
        return side


def steps(need: Need, info: ImageInfo, store: TileStore, line: Line) -> list[Step]:
    """Return what has to be asked, the quickest first; nothing if all is held.

    A fast line brings whole tiles at once.  A slow one brings nothing but what is visible and not held: first a
    coarser picture, then the colours, then the values.
    """
    viewport, picture = need.viewport, need.picture
    if line.seconds([viewport]) <= WHOLE:
        whole = store.missing(picture, by_distance(viewport.tiles(), need.focus))
        return [Step("exact", Stage(tuple(whole)))] if whole else []
    parts = by_distance(visible(viewport, info, picture.reduction, line.piece), need.focus)
    exact = store.missing(picture, parts)
    if not exact:
        return []
    found = []
    wait = line.seconds(exact)
    uncolored = store.missing(picture, exact, need.indexing)
    if wait > AT_ONCE and uncolored:
        found += _coarse(need, info, store, line, uncolored, min(COARSE, wait * COARSE_PART))
    if wait > 2 * AT_ONCE and uncolored and need.indexing is not None:
        found.append(Step("colours", Stage(tuple(uncolored), need.indexing)))
    return [*found, Step("exact", Stage(tuple(exact)))]


def ahead(need: Need, info: ImageInfo, store: TileStore, line: Line) -> list[Step]:
    """Return what to bring while nothing is asked: what is just outside, and the next steps of zoom out and in."""
    viewport, picture, indexing = need.viewport, need.picture, need.indexing
    if not 2e-2 < line.seconds([viewport]) < TOO_SLOW:
        return []
    found = []

    def add(blocks: Sequence[Viewport], colors_only: bool = False) -> None:
        near = by_distance(blocks, need.focus)
        uncolored = store.missing(picture, near, indexing)
        if indexing is not None and line.slow(viewport) and uncolored:
            found.append(Step("ahead", Stage(tuple(uncolored), indexing)))
        exact = store.missing(picture, near)
        if exact and not (colors_only and indexing is not None and line.slow(viewport)):
            found.append(Step("ahead", Stage(tuple(exact))))

    side = line.piece
    (column, row), (rows, columns) = viewport.origin, viewport.shape
    around = placed(viewport, (column - RING, row - RING, column + columns + RING, row + rows + RING))
    add(visible(around, info, picture.reduction, side))
    if 4 * area([viewport]) * line.pixel_bytes < store.limit:
        for factor in (1 / 2, 2):
            add(visible(viewport.zoomed(factor, need.focus), info, picture.reduction, side), colors_only=True)
    return found


def coarser(viewport: Viewport, info: ImageInfo, factor: int) -> tuple[float, float] | None:
    """Return a resolution about `factor` times coarser; None if there is none that is coarser.

    Such resolutions are powers of two of an element, so that neighbouring steps of zoom share their tiles; none is
    finer than an element.
    """
    found = []
    for size, element in zip(viewport.resolution, info.element, strict=True):
        power = max(0, round(math.log2(size * factor / element)))
        if abs(power) > 60:
            return None
        found.append(canonical(element * 2.0**power))
    coarse = found[0], found[1]
    return coarse if all(new > 1.2 * old for new, old in zip(coarse, viewport.resolution, strict=True)) else None


def visible(viewport: Viewport, info: ImageInfo, reduction: str, size: int = TILE) -> tuple[Viewport, ...]:
    """Return what a viewport shows of the image: the parts of its blocks of `size` pixels that lie on both."""
    shown = part_shown(viewport, info, reduction)
    if shown is None:
        return ()
    left, bottom, right, top = rect_of(shown)
    return tuple(
        within(viewport, (max(x, left), max(y, bottom), min(x + size, right), min(y + size, top)))
        for y in range(bottom - bottom % size, top, size)
        for x in range(left - left % size, right, size)
    )


def part_shown(viewport: Viewport, info: ImageInfo, reduction: str) -> Viewport | None:
    """Return the pixels of a viewport that show elements of the image; None if none do."""
    rows, columns = pixels_shown(info, viewport, reduction)
    rect = common(rect_of(viewport), (0, 0, columns, rows))
    return None if rect is None else within(viewport, rect)


def seen_at(viewport: Viewport, resolution: tuple[float, float]) -> Viewport:
    """Return the viewport of another resolution that covers what `viewport` shows."""
    (x0, x1, y0, y1), (dx, dy), (ax, ay) = _relative(viewport), resolution, viewport.anchor
    first = math.floor(x0 / dx), math.floor(y0 / dy)
    last = max(math.ceil(x1 / dx), first[0] + 1), max(math.ceil(y1 / dy), first[1] + 1)
    return Viewport(resolution, first, (last[1] - first[1], last[0] - first[0]), (ax, ay))


def by_distance(blocks: Iterable[Viewport], point: tuple[float, float]) -> list[Viewport]:
    """Return `blocks`, which share a grid, in the order of the distance of their centres from a data point."""

    def distance(block: Viewport) -> float:
        column, row = block.pixel_at(*point)
        return (column - block.shape[1] / 2) ** 2 + (row - block.shape[0] / 2) ** 2

    return sorted(blocks, key=distance)


def area(blocks: Iterable[Viewport]) -> int:
    """Return how many pixels blocks have."""
    return sum(block.shape[0] * block.shape[1] for block in blocks)


def _coarse(
    need: Need, info: ImageInfo, store: TileStore, line: Line, lacking: Sequence[Viewport], most: float
) -> list[Step]:
    """Return the step to the finest coarser picture of what is lacking that takes at most so many seconds."""
    place, found = bounding(lacking), None
    for factor in FACTORS:
        resolution = coarser(need.viewport, info, factor)
        if resolution is None:
            continue
        there = visible(seen_at(place, resolution), info, need.picture.reduction, line.piece)
        blocks = by_distance(there, need.focus)
        found = store.missing(need.picture, blocks, need.indexing)
        if line.seconds(found, indexed=need.indexing is not None) <= most:
            break
    return [Step("coarse", Stage(tuple(found), need.indexing))] if found else []


def _relative(viewport: Viewport) -> Extent:
    """Return the extent of a viewport from its anchor."""
    (dx, dy), (column, row), (rows, columns) = viewport.resolution, viewport.origin, viewport.shape
    return column * dx, (column + columns) * dx, row * dy, (row + rows) * dy
