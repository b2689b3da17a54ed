"""Summaries of the values of an image: range, mean, deviation and a sample."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

import numpy as np

from ..sampling import drawn
from ..whole_numbers import WIDE, as_floats, number

__all__ = ["Summary", "summary_of"]


@dataclass(frozen=True, slots=True, eq=False)
class Summary:
    """The range, the mean, the deviation and a sample of the values of an image or a part of it.

    A summary is equal to itself alone.

    Attributes
    ----------
    count : int
        Elements that were looked at, NaN and infinite ones included.
    valid : int
        Finite elements among them.
    minimum, maximum : float or int
        Of the finite elements; NaN when there are none.  Whole numbers of 64 bits are int from 2**53 on, and exact.
    mean, std : float
        Of the finite elements; NaN when there are none.
    sample : ndarray, (n,)
        At most 131,072 finite values, drawn evenly over the area, for percentiles and histograms: in
        float64, or ``np.longdouble`` where that would round whole numbers.  Read-only.
    exact : bool
        Whether every element of the area was looked at; otherwise all of this is about the sample.
    channels : tuple of Summary
        Of each channel, where colours are amounts and have limits of their own; otherwise empty.
    """

    count: int
    valid: int
    minimum: float | int
    maximum: float | int
    mean: float
    std: float
    sample: np.ndarray
    exact: bool
    channels: tuple[Summary, ...] = ()

    def percentiles(self, *percents: float) -> tuple[float | int, ...]:
        """Return percentiles (0 … 100) of the sample, in the type of `minimum`; NaN where nothing is finite."""
        if not self.sample.size:
            return tuple(float("nan") for _ in percents)
        return tuple(number(value) for value in np.percentile(self.sample, percents))


def summary_of(values: np.ndarray, exact: bool, limit: int = 131_072) -> Summary:
    """Return the summary of `values`, (rows, columns[, channels]).

    The sample is all finite values.  Of more than `limit` values it has `limit`: one at random from each of `limit`
    equal parts, and equally many from each channel.  The same values always give the same sample.
    """
    flat = np.abs(values).ravel() if values.dtype.kind == "c" else values.ravel()
    flat = as_floats(flat)
    good = flat[np.isfinite(flat)]
    sample = _sample(flat, good, values.shape[2] if values.ndim > 2 else 1, limit)
    sample.setflags(write=False)
    if not good.size:
        nan = float("nan")
        return Summary(flat.size, 0, nan, nan, nan, nan, sample, exact)
    low, high = number(good.min()), number(good.max())
    origin = low if good.dtype == WIDE else 0
    with np.errstate(over="ignore", invalid="ignore"):
        far = (good - origin).astype(np.float64, copy=False) if origin else good
        mean, std = float(origin + far.mean()), float(far.std())
    if not isfinite(std):
        scale = float(np.abs(good).max())
        mean, std = float((good / scale).mean()) * scale, float((good / scale).std()) * scale
    return Summary(flat.size, good.size, low, high, mean, std, sample, exact)


def _sample(flat: np.ndarray, good: np.ndarray, channels: int, limit: int) -> np.ndarray:
    """Return at most `limit` of the finite elements `good` of `flat`, in which channels take turns."""
    if good.size <= limit:
        return np.array(good)
    rng = np.random.default_rng(good.size)
    parts = [good] if channels == 1 else [part[np.isfinite(part)] for part in flat.reshape(-1, channels).T]
    return np.concatenate([part[drawn(rng, part.size, limit // channels)] for part in parts])
