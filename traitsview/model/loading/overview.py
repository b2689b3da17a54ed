"""The whole image in a few pixels, so that nothing is ever blank."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from ...geometry import Viewport
from ...sources.image_info import ImageInfo
from ...sources.image_source import ImageSource
from ...sources.picture import Picture
from .plan import WHOLE_TILES_SECONDS, LinkSpeed

__all__ = ["Overview", "bring_overview", "overview_of"]

#: Rows and columns that an overview has at most.
OVERVIEW_PIXELS = 512

#: Rows and columns that the first overview has at most if its pixels come over a slow link.
FIRST_OVERVIEW_PIXELS = 128


@dataclass(frozen=True, slots=True)
class Overview:
    """One picture of the whole image.

    `pixels` is read-only, (rows, columns[, 3 | 4]), and shows `viewport`.  A preview is made of single elements.  The
    overview that follows it is made by the viewer's own reduction.
    """

    picture: Picture
    viewport: Viewport
    pixels: np.ndarray
    preview: bool


def overview_of(info: ImageInfo, side: int = OVERVIEW_PIXELS) -> Viewport:
    """Return the viewport of an overview: the whole image in at most `side` pixels a side."""
    rows, columns = (min(n, side) for n in info.shape)
    return replace(Viewport.covering(info.extent, (rows, columns), info.anchor), origin=(0, 0))


def bring_overview(
    source: ImageSource, info: ImageInfo, picture: Picture, preview: bool, speed: LinkSpeed, stale: Callable[[], bool]
) -> Overview | None:
    """Bring an overview from a source; None if it became stale before all of it was there.  `info` is of the picture.

    A preview is made of single elements, which is quick, and of fewer pixels over a slow link.  Any other overview is
    made by the reduction of `picture`.  Raises what `ImageSource.render_tiles` raises.
    """
    reduction = "nearest" if preview else picture.reduction
    preview = reduction != picture.reduction
    viewport = overview_of(info)
    if preview and speed.seconds([viewport]) > WHOLE_TILES_SECONDS:
        viewport = overview_of(info, FIRST_OVERVIEW_PIXELS)
    pixels = np.full((*viewport.shape, info.channels), np.nan, info.pixel_dtype)
    if info.channels == 1:
        pixels = pixels[..., 0]
    rest = len(viewport.tiles())
    for tile, part in source.render_tiles(viewport.tiles(), replace(picture, reduction=reduction), stale):
        here, there = viewport.overlap(tile), tile.overlap(viewport)
        assert here is not None
        assert there is not None
        pixels = pixels.astype(np.result_type(pixels, part), copy=False)
        pixels[here] = part[there]
        rest -= 1
    if rest:
        return None
    pixels.setflags(write=False)
    return Overview(picture, viewport, pixels, preview)
