"""Histograms: how many of the values lie where."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from .limits import Limits, Valued

__all__ = ["Histogram", "histogram_of"]

#: The part of the values, in percent, that is left out at each end before far ones are looked at …
_FAR = 0.05

#: … and how many times what the rest spans they may reach out on each side.
_REACH = 0.5


@dataclass(frozen=True, slots=True)
class Histogram:
    """Counts of values between edges.

    Attributes
    ----------
    edges : ndarray, (n + 1,)
        Float64, rising.  Read-only.
    counts : ndarray, (n,)
        How many values of the sample lie between two edges.  Read-only.
    """

    edges: np.ndarray
    counts: np.ndarray


def histogram_of(summary: Valued, limits: Limits | None = None, bins: int = 256) -> Histogram:
    """Return the histogram of the sample that a summary holds.

    Parameters
    ----------
    summary : Summary
    limits : (float, float), optional
        The first and the last edge.  By default those between which the values lie, but for lone ones far away.
    bins : int
    """
    sample = np.asarray(summary.sample, np.float64)
    low, high = _range(sample) if limits is None else limits
    part = np.linspace(0.0, 1.0, bins + 1)
    edges = low * (1.0 - part) + high * part
    inside = sample[(sample >= low) & (sample <= high)]
    counts = np.histogram(inside / 4, edges / 4)[0] if (np.diff(edges) > 0).all() else np.zeros(bins, np.int64)
    edges.setflags(write=False)
    counts.setflags(write=False)
    return Histogram(edges, counts)


def _range(sample: np.ndarray) -> Limits:
    if not sample.size:
        return 0.0, 1.0
    lowest, highest = float(sample.min()), float(sample.max())
    near, far = (float(value) * 4 for value in np.percentile(sample / 4, (_FAR, 100 - _FAR)))
    reach = (far / 2 - near / 2) * 2 * _REACH
    low, high = (lowest, highest) if not reach > 0 else (max(lowest, near - reach), min(highest, far + reach))
    if not low < high or not math.isfinite(high - low):
        half = max(0.5, abs(low) * 1e-6)
        return (low - half, high + half) if math.isfinite(high - low) else (lowest / 4, highest / 4)
    return low, high
