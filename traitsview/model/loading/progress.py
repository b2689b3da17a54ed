"""How far a picture has come: which step of it is seen, and how much is missing."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from ...color.indexing import Indexing
from ...geometry import TILE, Viewport, bounding
from ...sources.image_source import ImageInfo
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
        What is seen: something, the colours that the exact values will have, or those.
    missing, total : int
        Tiles with something visible whose exact values are not all held, and all of them.
    fraction : float
        How much of what is visible has its exact values, 0 … 1.
    coarseness : float
        How many times coarser the picture is that stands for the exact one; 0 if that is not held everywhere.
    """

    step: str = "exact"
    missing: int = 0
    total: int = 0
    fraction: float = 1.0
    coarseness: float = 0.0

    def text(self, precision: str = "exact") -> str:
        """Return what it is in words: ``"coarse (1/4)"``, ``"colours exact, values loading 40 %"``.

        `precision` says what the exact values are: ``"exact"``, or how they are rounded.
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
        What is visible of the image.
    info, picture, store
        Of which image, which picture of it, and what is held.
    indexing : Indexing, optional
        How values become colours, if indices can stand for them.
    coming : sequence of str
        The steps in which it comes, if in more than one.
    coarse : (dx, dy), optional
        The resolution of the first of them.
    """
    missing, total = store.missing(picture, parts), len(parts)
    if not missing:
        return Progress(total=total)
    tiles = len({(part.origin[0] // TILE, part.origin[1] // TILE) for part in missing})
    fraction = 1 - area(missing) / area(parts)
    if coming and indexing is not None and not store.missing(picture, missing, indexing):
        return Progress("colours", tiles, total, fraction)
    coarseness = 0.0
    if coming and coarse is not None:
        there = visible(seen_at(bounding(missing), coarse), info, picture.reduction)
        if not store.missing(picture, there, indexing):
            coarseness = coarse[0] / parts[0].resolution[0]
    return Progress("coarse", tiles, total, fraction, coarseness)
