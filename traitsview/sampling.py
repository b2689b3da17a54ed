"""Samples of many numbers: one is drawn at random from each of equal parts, so that no pattern can hide."""

from __future__ import annotations

import numpy as np

__all__ = ["drawn"]


def drawn(rng: np.random.Generator, size: int, count: int) -> np.ndarray:
    """Return rising indices below `size`: one at random in each of `count` equal parts, or all if `size` is not larger.

    Every n-th index would be a regular grid, which meets only some columns of an image whose width is a multiple of n.

    Returns
    -------
    ndarray of int64, (min(size, count),)
    """
    if size <= count:
        return np.arange(size)
    if not count:
        return np.empty(0, np.int64)
    edges = np.arange(count + 1) * size // count
    return rng.integers(edges[:-1], edges[1:])
