"""The parts of axes that a chart shows: pure functions from pairs of numbers to pairs that can be painted."""

from __future__ import annotations

import math

from ...errors import RequestError

__all__ = ["Span", "moved", "padded", "span_of", "tidy", "zoomed"]

#: From a number to a greater one.
Span = tuple[float, float]

#: The largest magnitude of an end of a span: four times as much is still a float.
_FARTHEST = 4e307

#: A span holds at least this many floats, so that its ticks differ.
_FEWEST_FLOATS = 256

#: The shortest span around 0.
_SHORTEST = 1e-290

#: Part of the span of the values that is free above and below them.
_MARGIN = 0.05


def tidy(low: float, high: float) -> Span:
    """Return a span that can be painted: finite, rising, and of many floats.

    Raises
    ------
    RequestError
        If an end is not a number.
    """
    if math.isnan(low) or math.isnan(high):
        raise RequestError("cannot show that part of the curves", "an end is not a number")
    low, high = (min(max(end, -_FARTHEST), _FARTHEST) for end in sorted((low, high)))
    shortest = max(_FEWEST_FLOATS * math.ulp(max(abs(low), abs(high))), _SHORTEST)
    if high - low < shortest:
        middle = low + (high - low) / 2
        low, high = middle - shortest / 2, middle + shortest / 2
    return low, high


def span_of(low: float, high: float) -> Span:
    """Return the span that shows values from `low` to `high`, which are NaN where there are none.

    A single value has a span around it: 5 has 4.5 … 5.5, and 1e9 has 0.9e9 … 1.1e9.
    """
    if math.isnan(low) or math.isnan(high):
        return 0.0, 1.0
    if low == high:
        half = abs(low) / 10 or 0.5
        return tidy(low - half, high + half)
    return padded(*tidy(low, high))


def padded(low: float, high: float) -> Span:
    """Return a span with a margin at both ends."""
    margin = (high - low) * _MARGIN
    return tidy(low - margin, high + margin)


def zoomed(span: Span, factor: float, about: float) -> Span:
    """Return a span magnified by `factor`; `about` stays where it is."""
    low, high = span
    return tidy(about - (about - low) / factor, about + (high - about) / factor)


def moved(span: Span, part: float) -> Span:
    """Return a span moved by a part of its length."""
    low, high = span
    way = (high - low) * part
    return tidy(low + way, high + way)
