"""The pixels of a viewport, made of the pixels of parts that meet in it."""

from __future__ import annotations

import numpy as np

from ...geometry import Viewport
from ..image_info import ImageInfo

__all__ = ["NEAR_PIXELS", "PartCanvas"]

#: Places that are at most so many pixels from the edge of one lie on it.
NEAR_PIXELS = 1e-6


class PartCanvas:
    """Pixels of a viewport that parts are added to, which share pixels at their edges only."""

    def __init__(self, info: ImageInfo, viewport: Viewport, reduction: str) -> None:
        (sx, sy), (dx, dy) = info.element, viewport.resolution
        larger = dx > sx * (1 + NEAR_PIXELS) or dy > sy * (1 + NEAR_PIXELS)
        shape = viewport.shape if info.channels == 1 else (*viewport.shape, info.channels)
        self.pixels = np.full(shape, np.nan, info.pixel_dtype)
        self.is_weighed = larger and reduction in ("mean", "mode")
        self._viewport = viewport
        self._reduction = reduction
        self._weights = np.zeros(viewport.shape if self.is_weighed else (0, 0))

    def add(self, block: Viewport, arrays: list[np.ndarray]) -> None:
        """Add the pixels of a part; they come with the weights of their edges, or without."""
        place = self._viewport.overlap(block)
        assert place is not None
        new, *weights = arrays
        if new.dtype.itemsize > self.pixels.dtype.itemsize:  # integers that float64 would round
            self.pixels = self.pixels.astype(new.dtype)
        old, was = self.pixels[place], self._weights[place] if self.is_weighed else self._weights
        inside = slice(1, -1)
        old[inside, inside] = new[inside, inside]
        rows, columns = block.shape
        edges = [(slice(0, 1), slice(None))] + [(slice(rows - 1, rows), slice(None))] * (rows > 1)
        edges += [(inside, slice(0, 1))] + [(inside, slice(columns - 1, columns))] * (columns > 1)
        shares = _edge_weights(weights, rows, columns)
        for edge, share in zip(edges, shares, strict=True):
            if self.is_weighed:
                self._join(old[edge], new[edge], was[edge], share)
            else:
                combine = np.fmax if self._reduction == "max" else np.fmin
                combine(old[edge], new[edge], out=old[edge])

    def _join(self, old: np.ndarray, new: np.ndarray, was: np.ndarray, weights: np.ndarray | float) -> None:
        """Join pixels that several parts may share: `was` is the weight of the parts before."""
        both = ~np.isnan(old) & ~np.isnan(new)
        np.copyto(old, new, where=np.isnan(old))
        if both.any():
            share = weights / np.maximum(was + weights, np.finfo(float).tiny)  # of the new part
            share = np.broadcast_to(share if old.ndim == 2 else share[..., None], old.shape)[both]
            if self._reduction == "mode":
                old[both] = np.where(share > 0.5, new[both], old[both])
            elif old.dtype == np.longdouble:  # whole numbers, of which large ones keep their digits so
                old[both] += np.rint((new[both] - old[both]) * share)
            else:
                with np.errstate(invalid="ignore"):  # infinite values of either sign have no mean
                    old[both] = old[both] * (1 - share) + new[both] * share
        was += np.where(np.isnan(new) if new.ndim == 2 else np.isnan(new).all(axis=-1), 0.0, weights)


def _edge_weights(weights: list[np.ndarray], rows: int, columns: int) -> list[np.ndarray | float]:
    """Return the weights of the first and last row, and of the first and last column without those of the rows."""
    first, last, left, right = weights or (1.0, 1.0, 1.0, 1.0)
    shares = [first] + [last] * (rows > 1)
    shares += [each[1:-1] if isinstance(each, np.ndarray) else each for each in [left] + [right] * (columns > 1)]
    return shares
