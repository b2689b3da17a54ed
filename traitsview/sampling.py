"""Samples of many numbers: one at random from each of equal parts, so that no period in the numbers can hide."""

from __future__ import annotations

import numpy as np

__all__ = ["drawn"]


def drawn(rng: np.random.Generator, size: int, count: int) -> np.ndarray:
    """Return indices below `size`, rising: one at random in each of `count` equal parts, or all if they are not more.

    Every n-th of `size` would be a regular grid, which meets only some columns of an image whose width is a multiple
    of n.

    Returns
    -------
    ndarray of int64, (min(size, count),)
    """
    if size <= count:
        return np.arange(size)
    edges = np.arange(count + 1) * size // count
    return rng.integers(edges[:-1], edges[1:])
