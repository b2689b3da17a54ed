"""The portions of pixels that are asked for at a time: a call and a wish have room for so many."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ...geometry import Viewport
from ...sources.image_info import ImageInfo
from ...sources.image_source import Stage
from .. import wire

__all__ = ["bands", "nbytes", "pixel_shape", "portions"]


def bands(viewport: Viewport, info: ImageInfo) -> list[Viewport]:
    """Return bands of rows that are small enough for one answer."""
    rows, columns = viewport.shape
    column, row = viewport.origin
    height = max(1, wire.RENDER_BYTES * rows // nbytes(viewport, info))
    return [
        replace(viewport, origin=(column, row + at), shape=(min(height, rows - at), columns))
        for at in range(0, rows, height)
    ]


def pixel_shape(viewport: Viewport, info: ImageInfo) -> tuple[int, ...]:
    """Return the shape of the pixels of a viewport: (rows, columns), or (rows, columns, channels)."""
    return viewport.shape if info.channels == 1 else (*viewport.shape, info.channels)


def nbytes(viewport: Viewport, info: ImageInfo) -> int:
    """Return the bytes of the pixels of a viewport, as they are on the wire without compression."""
    rows, columns = viewport.shape
    return rows * columns * info.pixel_bytes


def portions(stages: Sequence[Stage]) -> Iterator[list[Stage]]:
    """Yield stages in portions that fit into one wish: at most `STAGES` stages and `TILES` tiles."""
    portion: list[Stage] = []
    room = wire.TILES
    for stage in stages:
        rest = stage.tiles
        while rest:
            if not room or len(portion) == wire.STAGES:
                yield portion
                portion, room = [], wire.TILES
            portion.append(replace(stage, tiles=rest[:room]))
            rest = rest[room:]
            room -= len(portion[-1].tiles)
    if portion:
        yield portion
