"""Histograms, from the sample of a summary: for a drawing, and for the scale that gives colours equal shares."""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from ..whole_numbers import WIDE, as_floats, distances, number, span
from .limits import Limits, Valued
from .scales import way

__all__ = ["CURVE_POINTS", "Histogram", "equalizing", "histogram_of"]

#: Points of the curve that gives each colour an equal share of the values.
CURVE_POINTS = 257

#: Percent of the values at each end that are left out to find the inner values.
_OUTER_PERCENT = 0.05

#: How far the histogram may reach beyond the inner values on each side, in parts of their span.
_LONGEST_REACH = 0.5


class _Counted(Valued, Protocol):
    @property
    def count(self) -> int: ...

    @property
    def valid(self) -> int: ...


@dataclass(frozen=True, eq=False)
class Histogram:
    """The number of values in each bin.

    Attributes
    ----------
    edges : ndarray, (n + 1,)
        The edges of the bins, rising.  A value on an edge belongs to the bin above it; on the last edge, to the last
        bin.  Read-only.  float64, or longdouble for whole numbers that float64 would round.
    counts : ndarray of float64, (n,)
        The estimated number of values in each bin: the number in the sample * finite values / size of the sample.
    below, above : float
        The number of values beyond the first and the last edge.
    missing : float
        The number of values that are NaN or infinite.
    """

    edges: np.ndarray
    counts: np.ndarray
    below: float = 0.0
    above: float = 0.0
    missing: float = 0.0


def histogram_of(summary: _Counted, limits: Limits | None = None, bins: int = 256) -> Histogram:
    """Return the histogram of an image from its summary, without reading the image.

    Parameters
    ----------
    summary : Summary
    limits : (float, float), optional
        The first and the last edge.  By default they are the range of the values without a few far from all others.
    bins : int
        The largest number of bins.  If values are whole numbers, each bin but the last covers equally many of them.
        If there are enough bins, each number has one and lies in its middle; then the first and the last edge lie 1/2
        outside limits that are whole numbers.
    """
    sample = as_floats(np.asarray(summary.sample))
    base = 0
    if sample.dtype == WIDE:
        # Distances from the smallest value are counted instead: float64 holds them.
        base = int(sample.min())
        sample = distances(sample, base)
        limits = None if limits is None else (span(base, number(limits[0])), span(base, number(limits[1])))
    low, high = _range(sample) if limits is None else (float(limits[0]), float(limits[1]))
    edges = _edges(low, high, bins, _are_whole(sample))
    if not edges[0] < edges[-1]:
        edges = np.array([low, high])
    places = np.searchsorted(edges, sample, "right")
    places[sample == edges[-1]] -= 1
    stands_for = summary.valid / sample.size if sample.size else 1.0
    found = np.bincount(places, minlength=len(edges) + 1) * stands_for
    below, above = float(found[0]), float(found[-1])
    edges = base + edges.astype(WIDE) if base else edges
    return Histogram(_frozen(edges), _frozen(found[1:-1]), below, above, float(summary.count - summary.valid))


def equalizing(sample: np.ndarray, limits: Limits, points: int = CURVE_POINTS) -> tuple[float, ...]:
    """Return the curve of a scale that gives each colour the same number of values: see `Indexing.curve`.

    The smallest value has the first colour, however often it occurs: in many images most values are 0.  Without two
    different values within the limits the curve is empty, and the scale linear.
    """
    lo, hi = limits
    inside = as_floats(np.asarray(sample))
    inside = inside[(inside >= lo) & (inside <= hi)]
    if inside.size:
        inside = inside[inside > inside.min()]
    if not inside.size:
        return ()
    shares = np.quantile(way(inside, lo, hi), np.linspace(0.0, 1.0, points))
    shares[0], shares[-1] = 0.0, 1.0
    return tuple(np.clip(np.maximum.accumulate(shares), 0.0, 1.0).tolist())


def _edges(low: float, high: float, bins: int, whole: bool) -> np.ndarray:
    part = np.linspace(0.0, 1.0, bins + 1)
    if whole and high - low < bins - 1 and max(abs(low), abs(high)) < 2**52:
        return np.arange(math.floor(low + 0.5), math.floor(high + 0.5) + 2) - 0.5
    if whole and bins < high - low < 2**52:
        width = math.ceil((high - low) / bins)
        part = np.append(np.arange(0.0, high - low, width) / (high - low), 1.0)
    edges: np.ndarray = low * (1.0 - part) + high * part
    return edges


def _are_whole(sample: np.ndarray) -> bool:
    return bool(sample.size) and np.array_equal(sample, np.rint(sample))


def _range(sample: np.ndarray) -> Limits:
    """Return the range of values without a few that are far from all others: finite, the first below the second."""
    if not sample.size:
        return 0.0, 1.0
    lowest, highest = float(sample.min()), float(sample.max())
    near, far = (float(value) * 4 for value in np.percentile(sample / 4, (_OUTER_PERCENT, 100 - _OUTER_PERCENT)))
    reach = (far / 2 - near / 2) * 2 * _LONGEST_REACH
    low, high = (lowest, highest) if not reach > 0 else (max(lowest, near - reach), min(highest, far + reach))
    if not low < high or not math.isfinite(high - low):
        half = max(0.5, abs(low) * 1e-6)
        around = max(low - half, -sys.float_info.max), min(high + half, sys.float_info.max)
        return around if math.isfinite(high - low) else (lowest / 4, highest / 4)
    return low, high


def _frozen(array: np.ndarray) -> np.ndarray:
    array.setflags(write=False)
    return array
