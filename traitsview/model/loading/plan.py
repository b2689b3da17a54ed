"""What to ask of a source, and in which steps: pure functions of a wish and of what is held."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from ...color.indexing import Indexing
from ...geometry import TILE, Extent, Viewport, bounding, canonical
from ...sources.image_info import ImageInfo
from ...sources.image_source import Stage
from ...sources.spans import pixels_shown
from .patches import common, placed, rect_of, within
from .tile_store import TileStore
from .wish import Wish

__all__ = [
    "LinkSpeed",
    "Step",
    "ahead",
    "by_distance",
    "coarser",
    "part_shown",
    "seen_at",
    "steps",
    "visible",
]

#: Where exact pixels take more seconds than these, quicker ones come first.
EXACT_SECONDS = 0.15

#: Where a whole viewport takes more seconds than these, no pixels come with it that are not visible.
WHOLE_TILES_SECONDS = 0.02

#: Seconds that the quickest picture may take.
COARSE_SECONDS = 0.12

#: The part of the seconds of the exact picture that the quickest one may take.
COARSE_SHARE = 1 / 32

#: How many times coarser the quickest picture may be.
COARSE_FACTORS = (2, 4, 8, 16)

#: Seconds that one block may take, so that a newer wish soon has the link.
BLOCK_SECONDS = 0.1

#: Pixels around the viewport that are brought before they are asked for.
RING_PIXELS = TILE // 2

#: Where a whole viewport takes more seconds than these, nothing is brought that was not asked for.
LONGEST_AHEAD_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Step:
    """One stage, with the name of the step that the picture has come to when it is done."""

    name: str
    stage: Stage


@dataclass(frozen=True, slots=True)
class LinkSpeed:
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
        """Return the seconds that pixels occupy the link, the way there and back not counted.

        An index counts as a byte: of the two that it has beside 256 colours the upper one is compressed to nothing.
        """
        return self.occupied(area(blocks) * (1 if indexed else self.pixel_bytes))

    def occupied(self, nbytes: int) -> float:
        """Return the seconds for which a number of bytes occupies the link."""
        return max(0.0, self.delay(nbytes) - self.delay(0))

    def slow(self, viewport: Viewport) -> bool:
        """Whether a whole viewport takes so long that every pixel that is not seen is one too many."""
        return self.seconds([viewport]) > EXACT_SECONDS

    @property
    def block_size(self) -> int:
        """Rows and columns of the largest blocks to ask for."""
        side = TILE
        while side > 64 and self.occupied(side * side * self.pixel_bytes) > BLOCK_SECONDS:
            side //= 2
        return side


def steps(
    wish: Wish, info: ImageInfo, store: TileStore, speed: LinkSpeed, indexing: Indexing | None = None
) -> list[Step]:
    """Return what has to be asked, the quickest first; nothing if all is held.

    A fast link brings whole tiles at once.  A slow one brings nothing but what is visible and not held: first a
    coarser picture, then the colours, then the values.

    Parameters
    ----------
    wish, info, store, speed
        What is wished for, of which image, what is held of it, and how quick its link is.
    indexing : Indexing, optional
        How values become colours, if indices can stand for them.
    """
    viewport, picture = wish.viewport, wish.picture
    if speed.seconds([viewport]) <= WHOLE_TILES_SECONDS:
        # Of a live image nothing is brought that is not seen: it would be old before it is.
        tiles = visible(viewport, info, picture.reduction) if info.live else viewport.tiles()
        whole = store.missing(picture, by_distance(tiles, wish.focus))
        return [Step("exact", Stage(tuple(whole)))] if whole else []
    blocks = by_distance(visible(viewport, info, picture.reduction, speed.block_size), wish.focus)
    lacking = store.lacking(picture, blocks, indexing)
    if not lacking.values:
        return []
    found = []
    wait = speed.seconds(lacking.values)
    if wait > EXACT_SECONDS and lacking.colours:
        longest = min(COARSE_SECONDS, wait * COARSE_SHARE)
        found += _coarse(wish, info, store, speed, indexing, lacking.colours, longest)
    if wait > 2 * EXACT_SECONDS and lacking.colours and indexing is not None:
        found.append(Step("colours", Stage(tuple(lacking.colours), indexing)))
    return [*found, Step("exact", Stage(tuple(lacking.values)))]


def ahead(
    wish: Wish, info: ImageInfo, store: TileStore, speed: LinkSpeed, indexing: Indexing | None = None
) -> list[Step]:
    """Return what to bring while nothing is asked: what is just outside, and the next steps of zoom out and in.

    The parameters are those of `steps`.
    """
    viewport, picture = wish.viewport, wish.picture
    if not WHOLE_TILES_SECONDS < speed.seconds([viewport]) < LONGEST_AHEAD_SECONDS:
        return []
    colours_first = indexing is not None and speed.slow(viewport)
    found = []

    def add(blocks: Sequence[Viewport], colours_only: bool = False) -> None:
        lacking = store.lacking(picture, by_distance(blocks, wish.focus), indexing)
        if colours_first and lacking.colours:
            found.append(Step("ahead", Stage(tuple(lacking.colours), indexing)))
        if lacking.values and not (colours_only and colours_first):
            found.append(Step("ahead", Stage(tuple(lacking.values))))

    side = speed.block_size
    (column, row), (rows, columns) = viewport.origin, viewport.shape
    ring = RING_PIXELS
    around = placed(viewport, (column - ring, row - ring, column + columns + ring, row + rows + ring))
    add(visible(around, info, picture.reduction, side))
    if 4 * area([viewport]) * speed.pixel_bytes < store.limit:
        for factor in (1 / 2, 2):
            add(visible(viewport.zoomed(factor, wish.focus), info, picture.reduction, side), colours_only=True)
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
    wish: Wish,
    info: ImageInfo,
    store: TileStore,
    speed: LinkSpeed,
    indexing: Indexing | None,
    lacking: Sequence[Viewport],
    longest: float,
) -> list[Step]:
    """Return the step to the finest coarser picture of what is lacking that takes at most `longest` seconds."""
    place, found = bounding(lacking), None
    for factor in COARSE_FACTORS:
        resolution = coarser(wish.viewport, info, factor)
        if resolution is None:
            continue
        there = visible(seen_at(place, resolution), info, wish.picture.reduction, speed.block_size)
        found = store.missing(wish.picture, by_distance(there, wish.focus), indexing)
        if speed.seconds(found, indexed=indexing is not None) <= longest:
            break
    return [Step("coarse", Stage(tuple(found), indexing))] if found else []


def _relative(viewport: Viewport) -> Extent:
    """Return the extent of a viewport from its anchor."""
    (dx, dy), (column, row), (rows, columns) = viewport.resolution, viewport.origin, viewport.shape
    return column * dx, (column + columns) * dx, row * dy, (row + rows) * dy
