"""Limits: the values of the first and the last colour, and the rules that find them.

A **spec** is one of these:

``(first, last)``
    These two values.  If the first is larger, the colours are reversed.
``"minmax"``
    The smallest and the largest value.
``"99.5%"``
    The range of the central 99.5 % of the values; equally many are left out on both sides.
``"1% 99%"``
    Two percentiles.
``"zscale"``
    IRAF's rule: values around the median are shown well, a few far values saturate.
``"3sigma"``
    The mean ± 3 standard deviations, of the values within five standard deviations.
``"0 1, 0 2, 0 3"``
    The limits of red, green and blue.  Every other spec is used for each channel of an image in colour by itself.

All rules but ``minmax`` use only the sample of a summary, and are not moved by a few values far from all others.

Limits are floats.  Whole numbers of 64 bits are int from 2**53 on, where floats would round them.
"""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from ..errors import RequestError, quoted
from ..numerals import comma_remedy
from ..sampling import drawn
from ..whole_numbers import distances, moved, number, read_number, span

__all__ = [
    "MENU",
    "Limits",
    "LimitsSpec",
    "Valued",
    "channel_limits",
    "check_limits",
    "held_limits",
    "is_rule",
    "limits_of",
    "parse_limits",
    "within_sigmas",
    "zscale",
]

#: ``(lo, hi)``, both finite, ``lo < hi``; in a spec, ``lo > hi`` as well.
Limits = tuple[float | int, float | int]

LimitsSpec = Limits | str

#: The rules that suit any image, and their texts in a menu.
MENU = {"minmax": "min – max", "99.5%": "99.5 %", "98%": "98 %", "zscale": "zscale", "3sigma": "mean ± 3 σ"}

_REMEDY = "give LO HI, minmax, zscale, a percentage such as 99.5%, two of them, 3sigma, or LO HI for each of 3 colours"
#: Channels that have limits: red, green and blue.
_LIMITED_CHANNELS = 3

_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)"

#: Values that are further from the mean than this many standard deviations are left out.
_CLIPPED_SIGMAS = 5.0

#: Mean and standard deviation are computed at most this many times, each time without the values left out before.
_MOST_ROUNDS = 10

_LARGEST_FLOAT = sys.float_info.max


class Valued(Protocol):
    """The numbers that a rule needs; the `Summary` of a source has them.

    `minimum` and `maximum` are those of the finite values, or NaN if there are none.  `sample` has shape (n,), dtype
    float64 or longdouble, and finite values only.
    """

    @property
    def minimum(self) -> float | int: ...

    @property
    def maximum(self) -> float | int: ...

    @property
    def sample(self) -> np.ndarray: ...


def parse_limits(words: str | Sequence[str | float]) -> LimitsSpec:
    """Return the spec that a user wrote.

    Parameters
    ----------
    words : str or sequence
        ``"0 1"``, ``["0", "1"]``, ``(0, 1)``, ``"minmax"``, ``"zscale"``, ``"99.5%"``, ``"1% 99%"``, ``"3sigma"``,
        ``"0 1 0 2 0 3"`` for red, green and blue.  A comma separates numbers, as a space does: ``"1,5"`` means 1 to 5.

    Raises
    ------
    RequestError
        If it is none of these, if both limits are equal, or if a percentage is not in 0 … 100.
    """
    try:
        return _parsed(words)
    except RequestError as error:
        error.remedy = comma_remedy(words.split() if isinstance(words, str) else words) or error.remedy
        raise


def _parsed(words: str | Sequence[str | float]) -> LimitsSpec:
    if isinstance(words, str):
        words = re.sub(r"\s+(?=[%σ]|sigma)", "", words.lower().replace(",", " ")).split()
    parts = list(words)
    if len(parts) == 2:
        if all(isinstance(part, str) and part.strip().endswith("%") for part in parts):
            return "{:.12g}% {:.12g}%".format(*_percentiles(parts))
        lo, hi = _number(parts[0]), _number(parts[1])
        check_limits(min(lo, hi), max(lo, hi))
        return lo, hi
    if len(parts) == 2 * _LIMITED_CHANNELS:
        numbers = [_number(part) for part in parts]
        return _spec_of([check_limits(lo, hi) for lo, hi in zip(numbers[::2], numbers[1::2], strict=True)])
    if len(parts) == 1 and isinstance(parts[0], str):
        word = parts[0].strip().lower()
        if word in ("minmax", "zscale"):
            return word
        if word.endswith("%"):
            return f"{_percent(word):.12g}%"
        if word.endswith(("sigma", "σ")):
            return f"{_sigmas(word):.12g}sigma"
    raise RequestError(f"cannot read the limits {quoted(' '.join(str(part) for part in parts))}", "", _REMEDY)


def is_rule(spec: LimitsSpec) -> bool:
    """Whether a spec is a rule, so that limits depend on the values of the image."""
    return isinstance(spec, str) and not _listed(spec)


def held_limits(spec: LimitsSpec, summary: Valued) -> LimitsSpec:
    """Return the limits that `spec` gives for an image as a spec of numbers, one pair for each channel."""
    if not isinstance(spec, str):
        return spec
    channels = getattr(summary, "channels", ())
    return _spec_of(channel_limits(spec, channels[:_LIMITED_CHANNELS])) if channels else limits_of(spec, summary)


def channel_limits(spec: LimitsSpec, summaries: Sequence[Valued]) -> tuple[Limits, ...]:
    """Return the limits that `spec` gives for each channel of an image, from their summaries."""
    listed = _listed(spec)
    return listed or tuple(limits_of(spec, summary) for summary in summaries)


def _spec_of(limits: Sequence[Limits]) -> str:
    return ", ".join(f"{lo!r} {hi!r}" for lo, hi in limits)


def _listed(spec: LimitsSpec) -> tuple[Limits, ...]:
    """Return the limits of each channel if a spec lists them, else an empty tuple."""
    if not isinstance(spec, str) or "," not in spec:
        return ()
    pairs = [part.split() for part in spec.split(",")]
    return tuple((_number(lo), _number(hi)) for lo, hi in pairs)


def check_limits(lo: float, hi: float) -> Limits:
    """Return ``(lo, hi)``, or raise `RequestError` unless both are finite and ``lo < hi``."""
    lo, hi = number(lo), number(hi)
    if not (math.isfinite(lo) and math.isfinite(hi)):
        raise RequestError("limits must be finite", f"they are {lo:g} and {hi:g}", _REMEDY)
    if lo == hi:
        raise RequestError("the limits must differ", f"both are {lo!r}", _REMEDY)
    if lo > hi:
        raise RequestError("the lower limit must be below the upper one", f"they are {lo!r} and {hi!r}", _REMEDY)
    return lo, hi


def limits_of(spec: LimitsSpec, summary: Valued) -> Limits:
    """Return the limits that `spec` gives for an image: finite, ``lo < hi``, for every image.

    Two values in falling order are exchanged (`Shading` then inverts the colours).  If a rule finds a single value,
    because most pixels are equal, the range of all values is taken.  The limits of a constant image have its value in
    the middle.  An image without finite values gets ``(0, 1)``.  If the limits of each channel are listed, the result
    reaches from the smallest to the largest of them.
    """
    if not isinstance(spec, str):
        return check_limits(min(spec), max(spec))
    if listed := _listed(spec):
        return min(lo for lo, _ in listed), max(hi for _, hi in listed)
    if isinstance(summary.minimum, int) or isinstance(summary.maximum, int):
        return _limits_beyond(spec, summary)
    minimum, maximum = float(summary.minimum), float(summary.maximum)
    if not (math.isfinite(minimum) and math.isfinite(maximum)):
        return (0.0, 1.0)
    sample = np.asarray(summary.sample, np.float64)
    if spec == "minmax" or not sample.size:
        lo, hi = minimum, maximum
    elif spec == "zscale":
        lo, hi = zscale(sample)
    elif spec.endswith("sigma"):
        lo, hi = within_sigmas(sample, _sigmas(spec))
    elif " " in spec:
        lo, hi = _between(sample, *_percentiles(spec.split()))
    else:
        lo, hi = central(sample, _percent(spec))
    if not lo < hi:
        lo, hi = minimum, maximum
    return (lo, hi) if lo < hi else _around(lo)


@dataclass(frozen=True)
class _DistanceSample:
    """The numbers that a rule needs, of the distances of values from the smallest value."""

    maximum: float
    sample: np.ndarray
    minimum: float = 0.0


def _limits_beyond(spec: str, summary: Valued) -> Limits:
    """Return limits of whole numbers that float64 rounds: the rule is applied to their distances from the smallest."""
    least = int(summary.minimum)
    far = span(least, summary.maximum)
    lo, hi = limits_of(spec, _DistanceSample(far, distances(summary.sample, least)))
    # The smallest and the largest value are exact, even if distances are rounded.
    first = summary.minimum if lo == 0 else moved(lo, least, up=False)
    return first, summary.maximum if hi == far else moved(hi, least, up=True)


def central(values: np.ndarray, percent: float) -> tuple[float, float]:
    """Return the range of the central `percent` of finite `values`.

    Equally many are left out below and above, as by astropy's ``PercentileInterval``.
    """
    tail = (100.0 - percent) / 2.0
    return _between(values, tail, 100.0 - tail)


def _between(values: np.ndarray, low: float, high: float) -> tuple[float, float]:
    """Return the percentiles `low` and `high`, 0 … 100, of finite values."""
    # Values are divided by 4, because the difference of two neighbours in the sample may overflow.
    lo, hi = np.percentile(values * 0.25, (low, high)) * 4.0
    return float(lo), float(hi)


def within_sigmas(values: np.ndarray, sigmas: float) -> tuple[float, float]:
    """Return the mean of finite `values`, (n,), n > 0, ± `sigmas` standard deviations.

    Values more than five standard deviations from the mean are left out, again and again until there are none.
    astropy's ``sigma_clip(sigma=5)`` does the same about the median.
    """
    size = max(float(np.abs(values).max()), sys.float_info.min)
    left = np.sort(values) / size
    for _ in range(_MOST_ROUNDS):
        mean, std = float(left.mean()), float(left.std())
        first = int(np.searchsorted(left, mean - _CLIPPED_SIGMAS * std, "left"))
        stop = int(np.searchsorted(left, mean + _CLIPPED_SIGMAS * std, "right"))
        if stop - first in (0, left.size):
            break
        left, size = _scaled(left[first:stop], size)
    lo, hi = mean - sigmas * std, mean + sigmas * std
    return max(lo * size, -_LARGEST_FLOAT), min(hi * size, _LARGEST_FLOAT)


def _scaled(values: np.ndarray, size: float) -> tuple[np.ndarray, float]:
    """Return ``values / m`` and ``size * m``, where m is the largest magnitude of the values."""
    largest = max(float(np.abs(values).max()), sys.float_info.min)
    return values / largest, size * largest


def zscale(values: np.ndarray, contrast: float = 0.25, samples: int = 10_000) -> tuple[float, float]:
    """Return IRAF's zscale limits of finite `values`, of shape (n,) and n > 0.

    A line is fitted to the sorted sample.  Values more than 2.5 sigma from the line, and their neighbours, are left
    out.  The slope of the line is divided by `contrast`.  The algorithm is that of IRAF's ``cdl_zscale`` (Doug Tody;
    NOAO, public domain), with the constants of astropy's ``ZScaleInterval``.

    If there are more than `samples` values, one is drawn at random from each of `samples` equal parts, the same ones
    each time.  IRAF and astropy take 1000 values at equal distances, which may all lie in a few columns of an image.
    """
    chosen = drawn(np.random.default_rng(values.size), values.size, samples)
    sample = np.sort(values[chosen].astype(np.float64))
    size = max(float(np.abs(sample).max()), sys.float_info.min)
    sample = sample / size
    n = sample.size
    at = np.arange(n)
    enough = max(5, n // 2)
    spread = np.ones(max(1, n // 100), bool)
    bad = np.zeros(n, bool)
    good, before, slope = n, n + 1, 0.0
    for _ in range(5):
        if good >= before or good < enough:
            break
        slope, level = _line(at[~bad], sample[~bad])
        off = sample - (slope * at + level)
        bad |= np.abs(off) > 2.5 * off[~bad].std()
        bad = np.convolve(bad, spread, mode="same")
        before, good = good, int(np.count_nonzero(~bad))
    lo, hi = float(sample[0]), float(sample[-1])
    if good >= enough:
        median, center = float(np.median(sample)), (n - 1) // 2
        lo = max(lo, median - (center - 1) * slope / contrast)
        hi = min(hi, median + (n - center) * slope / contrast)
    return lo * size, hi * size


def _line(x: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    """Return the slope, and the value at x = 0, of the line that fits best; no two x are equal."""
    dx = x - x.mean()
    slope = float((dx * (y - y.mean())).sum() / (dx * dx).sum()) if len(x) > 1 else 0.0
    return slope, float(y.mean() - slope * x.mean())


def _around(value: float) -> Limits:
    """Return limits with `value` in the middle."""
    half = max(0.5, abs(value) * 1e-6)
    return max(value - half, -_LARGEST_FLOAT), min(value + half, _LARGEST_FLOAT)


def _number(word: str | float) -> float | int:
    try:
        return read_number(word) if isinstance(word, str) else number(word)
    except (TypeError, ValueError):
        raise RequestError(f"not a number: {quoted(word)}", "a limit was expected", _REMEDY) from None


def _percent(word: str) -> float:
    if not re.fullmatch(_NUMBER + r"\s*%", word, re.ASCII):
        raise RequestError(f"cannot read the limits {quoted(word)}", "", _REMEDY)
    percent = float(word.rstrip("% "))
    if not 0 < percent <= 100:
        raise RequestError(f"cannot use {quoted(word)} as limits", "the share must be above 0 and at most 100", _REMEDY)
    return percent


def _percentiles(words: Sequence[str | float]) -> tuple[float, float]:
    """Return two percentages, ``0 <= low < high <= 100``, or raise `RequestError`."""
    text = " ".join(str(word) for word in words)
    if not all(re.fullmatch(_NUMBER + r"\s*%", str(word).strip(), re.ASCII) for word in words):
        raise RequestError(f"cannot read the limits {quoted(text)}", "", _REMEDY)
    low, high = (float(str(word).strip().rstrip("% ")) for word in words)
    if not 0 <= low < high <= 100:
        raise RequestError(f"cannot use {quoted(text)} as limits", "", "give two percentages that rise, within 0 … 100")
    return low, high


def _sigmas(word: str) -> float:
    found = re.fullmatch(rf"({_NUMBER})\s*(sigma|σ)", word, re.ASCII)
    if not found:
        raise RequestError(f"cannot read the limits {quoted(word)}", "", _REMEDY)
    sigmas = float(found[1])
    if not 0 < sigmas <= 1000:
        raise RequestError(f"cannot use {quoted(word)} as limits", "", "give a number above 0 and at most 1000")
    return sigmas
