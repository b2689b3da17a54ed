"""Parts of a mosaic that are rendered in other programs, as one image."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ...geometry import Viewport, bounding
from ...whole_numbers import as_floats
from ..arrays.array_source import ArraySource
from ..arrays.placed_arrays import placed_arrays
from ..channel_summary import joined_summary
from ..framed.joined_arrays import joined_arrays
from ..framed.mosaic_part import PlacedPart
from ..framed.part_places import Whole
from ..image_info import ImageInfo, Plane
from ..image_source import ImageSource, never
from ..picture import DEFAULT_PICTURE, Picture
from ..questions.question import Question, whole
from ..questions.sample import Sample
from ..questions.summarize import Summarize
from .part_canvas import PartCanvas
from .placed_image import PlacedImage

__all__ = ["JoinedParts", "joined_parts"]

#: Pixels that are asked for at a time.
_BLOCK_PIXELS = 1 << 21


def joined_parts(of: Whole, parts: Sequence[PlacedPart]) -> ImageSource:
    """Return an image of a whole; where no part is, it has no value.

    The image of each part is a `PartImage`, or an `ArraySource` if the part was small enough to be copied.
    """
    if all(isinstance(part.arrival.image, ArraySource) for part in parts):
        return joined_arrays(of, parts)
    return JoinedParts(of, parts)


class JoinedParts(ImageSource):
    """Parts that are rendered where they are, all at the same time, and only those that a viewport touches.

    A pixel over a border between parts is exact for ``mean``, ``min``, ``max`` and ``nearest``, but for rounding: means
    of whole numbers beyond 2**53 are rounded there to double precision.  For ``mode`` it is the most frequent value of
    the part that has the largest share of the pixel.

    Parameters
    ----------
    of : Whole
    parts : sequence of PlacedPart
    """

    def __init__(self, of: Whole, parts: Sequence[PlacedPart]) -> None:
        self._parts = [PlacedImage.of(part, of) for part in parts]
        self._info = _info_of(of, parts)

    @property
    def info(self) -> ImageInfo:
        return self._info

    def render(self, viewport: Viewport, plane: Plane | None = None, reduction: str = "mean") -> np.ndarray:
        plane = self.check(viewport, plane, reduction)
        canvas = PartCanvas(self._info, viewport, reduction)
        under_way = []
        for part in self._parts:
            block = part.pixels_in(viewport)
            if block is not None:
                weighed = canvas.is_weighed and part.is_bordered_in(viewport)
                under_way.append((block, part.begin(block, plane, reduction, weighed)))
        for block, finish in under_way:
            arrays = finish()
            if arrays:
                canvas.add(block, arrays)
        return canvas.pixels

    def render_tiles(
        self, tiles: Sequence[Viewport], picture: Picture = DEFAULT_PICTURE, stale: Callable[[], bool] = never
    ) -> Iterator[tuple[Viewport, np.ndarray]]:
        picture = self.checked(picture, *tiles)
        for group in _groups(tiles):
            if stale():
                return
            block = bounding(group)
            pixels = self.render(block, picture.plane, picture.reduction)
            for tile in group:
                place = block.overlap(tile)
                assert place is not None
                yield tile, np.ascontiguousarray(pixels[place])

    def answers(
        self, question: Question[Any], picture: Picture = DEFAULT_PICTURE, stale: Callable[[], bool] = never
    ) -> Iterator[Any]:
        picture = replace(self.checked(picture), version=0)
        if stale():
            return
        if isinstance(question, Sample):
            yield self._samples(question, picture)
        elif isinstance(question, Summarize) and not self._info.has_amounts:
            yield self._summary(question, picture)
        else:
            yield from super().answers(question, picture, stale)

    def _samples(self, question: Sample, picture: Picture) -> np.ndarray:
        found: list[Any] = [None] * len(question.points)
        for part in self._parts:
            own = [k for k, (x, y) in enumerate(question.points) if part.holds(x, y)]
            if own:
                points = tuple(part.place_of(*question.points[k]) for k in own)
                values = part.answer(Sample(points), picture)
                for k, value in zip(own, values if values is not None else (), strict=values is not None):
                    found[k] = value
        dtype = np.dtype(self._info.dtype).newbyteorder("=")
        shape = (len(found), self._info.channels) if self._info.channels > 1 else (len(found),)
        known = np.array([value for value in found if value is not None], dtype)
        if len(known) < len(found):
            dtype = np.dtype(np.complex128) if dtype.kind == "c" else as_floats(known).dtype
        values = np.full(shape, np.nan if dtype.kind in "fc" else 0, dtype)
        for k, value in enumerate(found):
            if value is not None:
                values[k] = value
        return values

    def _summary(self, question: Summarize, picture: Picture) -> Any:
        extents = [part.common(question.extent or self._info.extent) for part in self._parts]
        asked = [(part, extent) for part, extent in zip(self._parts, extents, strict=True) if extent is not None]
        found = []
        for part, (x0, x1, y0, y1) in asked:
            (ax, ay), (bx, by) = part.place_of(x0, y0), part.place_of(x1, y1)
            answer = part.answer(Summarize((ax, bx, ay, by), question.exact), picture)
            if answer is not None:
                found.append(answer)
        if not found:
            return whole(super().answers(question, picture))
        joined = joined_summary(found)
        return replace(joined, channels=(), exact=joined.exact and len(found) == len(asked))


def _info_of(of: Whole, parts: Sequence[PlacedPart]) -> ImageInfo:
    """Return the facts about the image: those of arrays of the same shapes that hold nothing."""
    like = of.like
    dtypes = {part.arrival.frame.info.dtype for part in parts}
    planes = tuple(axis.size for axis in like.planes)
    colours = (like.channels,) if like.channels > 1 else ()
    nothing = [(np.empty((*planes, 0, 0, *colours), dtype), (0, 0)) for dtype in sorted(dtypes or {like.dtype})]
    return ArraySource(
        placed_arrays(nothing, of.shape, like.channels),
        name=of.name,
        extent=of.extent,
        origin=like.origin,
        unit=like.unit,
        axes=[axis.name for axis in like.axes],
        kind=like.kind,
    ).info


def _groups(tiles: Sequence[Viewport]) -> Iterator[list[Viewport]]:
    """Yield tiles that are best asked for together: neighbours in a row of tiles, and such rows."""
    rows: dict[tuple[int, int], list[Viewport]] = {}
    for tile in tiles:
        rows.setdefault((tile.origin[1], tile.shape[0]), []).append(tile)
    group: list[Viewport] = []
    for row in rows.values():
        joined = bounding([*group, *row])
        size = joined.shape[0] * joined.shape[1]
        wanted = sum(tile.shape[0] * tile.shape[1] for tile in (*group, *row))
        if group and (size > _BLOCK_PIXELS or size > wanted * 1.5):
            yield group
            group = []
        group = [*group, *row]
    if group:
        yield group
