"""The progress of a picture: the step of it that is seen, and the pixels that are missing."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from ...color.indexing import Indexing
from ...geometry import TILE, Viewport, bounding
from ...sources.image_info import ImageInfo
from ...sources.picture import Picture
from .plan import area, seen_at, visible
from .tile_store import TileStore

__all__ = ["Progress", "progress_of"]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a picture has come.

    Attributes
    ----------
    step : {"coarse", "colours", "exact"}
        The step that is seen.  ``"coarse"``: something.  ``"colours"``: the colours that the exact values will have.
        ``"exact"``: the exact values.
    missing, total : int
        Visible tiles whose exact values are not all held, and all visible tiles.
    fraction : float
        The part of the visible pixels whose exact values are held, 0 … 1.
    coarseness : float
        How many times coarser the picture is that stands for the exact one; 0 if it is not held everywhere.
    """

    step: str = "exact"
    missing: int = 0
    total: int = 0
    fraction: float = 1.0
    coarseness: float = 0.0

    def text(self, precision: str = "exact") -> str:
        """Return the progress in words: ``"coarse (1/4)"``, ``"colours exact, values loading 40 %"``.

        `precision` is the word for exact values: ``"exact"``, or how they are rounded.
        """
        if self.step == "exact":
            return precision
        if self.step == "colours":
            return f"colours {precision}, values loading {math.floor(100 * self.fraction)} %"
        if self.coarseness:
            return f"coarse (1/{self.coarseness:.0f})"
        return f"loading {self.total - self.missing} of {self.total} tiles"


def progress_of(
    parts: Sequence[Viewport],
    info: ImageInfo,
    picture: Picture,
    store: TileStore,
    indexing: Indexing | None = None,
    coming: Sequence[str] = (),
    coarse: tuple[float, float] | None = None,
) -> Progress:
    """Return how far a picture has come.

    Parameters
    ----------
    parts : sequence of Viewport
        The visible parts of the image.
    info : ImageInfo
    picture : Picture
    store : TileStore
        The tiles that are held.
    indexing : Indexing, optional
        How values become colours, if indices can stand for them.
    coming : sequence of str
        The steps in which the picture comes, if there is more than one.
    coarse : (dx, dy), optional
        The resolution of the first step.
    """
    lacking, total = store.lacking(picture, parts, indexing), len(parts)
    missing = lacking.values
    if not missing:
        return Progress(total=total)
    tiles = len({(part.origin[0] // TILE, part.origin[1] // TILE) for part in missing})
    fraction = 1 - area(missing) / area(parts)
    if coming and indexing is not None and not lacking.colours:
        return Progress("colours", tiles, total, fraction)
    coarseness = 0.0
    if coming and coarse is not None:
        there = visible(seen_at(bounding(missing), coarse), info, picture.reduction)
        if not store.missing(picture, there, indexing):
            coarseness = coarse[0] / parts[0].resolution[0]
    return Progress("coarse", tiles, total, fraction, coarseness)
