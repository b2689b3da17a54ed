"""Scales: how the range between the limits is spread over the colours.

A scale is a rising function s(t) from [0, 1] into [0, 1], where t = (v - lo) / (hi - lo) for a value v.  It is named by
a **spec**: a name of `SCALES` and, for some, a colon and a number.  ``log10``, ``symlog`` and ``hinge`` depend on the
limits, too, and ``histogram`` on a curve that is made from the image.

``linear sqrt square log asinh sinh``
    The functions of SAOImage DS9 (http://ds9.si.edu/doc/ref/how.html, with 1000 for the logarithm), normalised so that
    s(0) = 0 and s(1) = 1.  They are the stretches ``LogStretch(1000)``, ``AsinhStretch(0.1)`` and ``SinhStretch(1/3)``
    of astropy.visualization.  ``log`` is the logarithm of 1 + 1000 t, not of the value.
``log10``
    The logarithm of the value, so that each decade between the limits has as many colours: Matplotlib's ``LogNorm``.
    Values at and below 0 have no logarithm.  If lo > 0, they lie below lo, and have the under colour.  If lo <= 0, the
    colours begin at hi / 10,000, and values between lo and there have the first colour.  If hi <= 0, the scale is
    linear.
``power:G``
    t to the power of G: Matplotlib's ``PowerNorm(G)``.
``symlog`` or ``symlog:W``
    The logarithm of the value on both sides of 0, linear from -W to W: Matplotlib's ``SymLogNorm(W)`` to the
    base 10.  Without a number, W is a thousandth of the limit that is further from 0.
``hinge:V``
    Each side of V linear by itself, V in the middle: Matplotlib's ``TwoSlopeNorm(V)``.  Where V is outside the
    limits, one half of the colours is used.  ``hinge`` alone is ``hinge:0``.
``histogram``
    Each colour has equally many pixels, as far as pixels have different values.  The lowest value has the first colour.
``labels`` or ``labels0``
    Values are labels, whole numbers that are names and not amounts.  Label k has colour k modulo the number of colours.
    With ``labels0``, 0 is no label: it marks the places between labels.
"""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache

import numpy as np

from ..errors import RequestError, quoted
from ..numerals import comma_remedy
from ..whole_numbers import WIDE, array_of, distances, is_rounded, read_number, span

__all__ = ["LABELS", "SCALES", "Scale", "check_scale", "first_shown", "parse_scale", "scale_named", "way"]

#: The names of scales in the order of menus; for each a few words about it.
SCALES = {
    "linear": "equal shares",
    "sqrt": "lifts what is faint",
    "log": "lifts what is faint, much: the logarithm of the way, as in DS9",
    "log10": "the logarithm of the value: as many colours for each decade",
    "asinh": "linear for the faint, logarithmic for the bright",
    "square": "spreads what is bright",
    "sinh": "spreads what is bright, much",
    "power": "the way to a power: power:0.5",
    "symlog": "logarithmic on both sides of 0, linear around it: symlog:0.01",
    "hinge": "two sides of a value, each by itself: hinge:0",
    "histogram": "as many pixels for each colour",
    "labels": "a colour for each whole number",
    "labels0": "labels of which 0 is none",
}

#: Scales under which values are names, not amounts.
LABELS = ("labels", "labels0")

#: Scales with a number after the colon: its default (None: it depends on the limits), its smallest and largest value.
_NUMBERS: dict[str, tuple[float | None, float, float]] = {
    "power": (2.0, 0.01, 100.0),
    "symlog": (None, 1e-300, 1e300),
    "hinge": (0.0, -sys.float_info.max, sys.float_info.max),
}


@dataclass(frozen=True, slots=True)
class Scale:
    """One scale between limits.

    Attributes
    ----------
    name : str
        The spec of the scale.
    forward : callable
        From the fraction of the range between the limits to the fraction of the table, both
        within [0, 1]; takes and returns an ndarray of float64.
    inverse : callable
        From the fraction of the table to the fraction of the range.
    """

    name: str
    forward: Callable[[np.ndarray], np.ndarray]
    inverse: Callable[[np.ndarray], np.ndarray]


def parse_scale(text: object) -> tuple[str, float | None]:
    """Return the name and the number of a spec, or raise `RequestError`."""
    name, colon, number = text.partition(":") if isinstance(text, str) else (text, "", "")
    if not isinstance(name, str) or name not in SCALES:
        near = get_close_matches(name.lower(), SCALES, 1) if isinstance(name, str) and len(name) < 40 else []
        remedy = f"did you mean '{near[0]}'?" if near else f"one of {', '.join(SCALES)}"
        raise RequestError(f"unknown scale {quoted(text if isinstance(text, str) else repr(text))}", "", remedy)
    if name not in _NUMBERS:
        if colon:
            raise RequestError(f"cannot read the scale {quoted(text)}", f"{name} has no number", f"give {name}")
        return name, None
    default, low, high = _NUMBERS[name]
    if not colon:
        return name, default
    if not re.fullmatch(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d{1,4})?", number, re.ASCII):
        remedy = comma_remedy([number]) or f"such as {name}:0.5"
        raise RequestError(f"cannot read the scale {quoted(text)}", "a number was expected", remedy)
    value = read_number(number)
    if not low <= value <= high:
        raise RequestError(f"cannot use the scale {quoted(text)}", "", f"choose {low:g} … {high:g}")
    return name, value


def check_scale(text: object) -> str:
    """Return the shortest spelling of a spec, or raise `RequestError`: ``"power:0.5"`` for ``"power:0.50"``."""
    name, number = parse_scale(text)
    return name if number is None or ":" not in str(text) else f"{name}:{number!r}".removesuffix(".0")


def scale_named(spec: str, limits: tuple[float, float] = (0.0, 1.0), curve: tuple[float, ...] = ()) -> Scale:
    """Return the scale that a spec names, between `limits`, or raise `RequestError`.

    Parameters
    ----------
    spec : str
    limits : (float, float)
        The limits, which ``log10``, ``symlog`` and ``hinge`` depend on.
    curve : tuple of float
        For ``histogram``: the fractions of the range at equal steps of the table, from 0 to 1.  Without it the scale is
        linear.
    """
    return _resolved(check_scale(spec), limits, curve)


@lru_cache(maxsize=64)
def _resolved(spec: str, limits: tuple[float, float], curve: tuple[float, ...]) -> Scale:
    name, number = parse_scale(spec)
    if name in _SIMPLE:
        return Scale(spec, *_SIMPLE[name])
    if name == "log10":
        return Scale(spec, *_log10(*limits))
    if name == "power":
        assert number is not None
        return Scale(spec, lambda t: np.power(t, number), lambda s: np.power(s, 1 / number))
    if name == "symlog":
        return Scale(spec, *_symlog(*limits, number))
    if name == "hinge":
        assert number is not None
        return Scale(spec, *_hinge(*limits, number))
    if name == "histogram" and len(curve) > 1:
        return Scale(spec, *_through(np.array(curve, np.float64)))
    return Scale(spec, _unchanged, _unchanged)


_Functions = tuple[Callable[[np.ndarray], np.ndarray], Callable[[np.ndarray], np.ndarray]]

_LOG = math.log1p(1000.0)
_ASINH = math.asinh(10.0)
_SINH = math.sinh(3.0)


def _unchanged(t: np.ndarray) -> np.ndarray:
    return t


#: Scales that need nothing but t: forward and inverse.
_SIMPLE: dict[str, _Functions] = {
    "linear": (_unchanged, _unchanged),
    "sqrt": (np.sqrt, np.square),
    "square": (np.square, np.sqrt),
    "log": (lambda t: np.log1p(t * 1000.0) / _LOG, lambda s: np.expm1(s * _LOG) / 1000.0),
    "asinh": (lambda t: np.arcsinh(t * 10.0) / _ASINH, lambda s: np.sinh(s * _ASINH) / 10.0),
    "sinh": (lambda t: np.sinh(t * 3.0) / _SINH, lambda s: np.arcsinh(s * _SINH) / 3.0),
}


def way(v: np.ndarray, lo: float | int, hi: float | int) -> np.ndarray:
    """Return ``(v - lo) / (hi - lo)`` in float64, where no difference within the limits overflows.

    Numbers that double precision rounds, in `v` (in `WIDE`) or as limits, are subtracted before they are rounded.
    """
    far = span(lo, hi)
    if math.isfinite(far) and (v.dtype == WIDE or is_rounded(lo) or is_rounded(hi)):
        return distances(v, lo) / far
    if math.isinf(far):
        v, lo, hi = v * 0.25, lo * 0.25, hi * 0.25
    t: np.ndarray = (v - lo) / (hi - lo)
    return t


#: If lo <= 0, the colours of ``log10`` begin at hi divided by this: four decades.
_LOG10_RATIO = 1e4

#: The ratio of the limits counts as this if it is larger, so that it stays finite.
_LARGEST_RATIO = 1e300


def first_shown(spec: str, limits: tuple[float, float]) -> float:
    """Return the first value of the scale: smaller values between the limits have the same colour.

    It is lo; for ``log10`` and lo <= 0 < hi it is hi / 10,000.
    """
    lo, hi = limits
    first = hi / _LOG10_RATIO
    if spec != "log10" or lo > 0 or not 0 < first < hi:
        return lo
    # If the lower limit is far below 0, the four decades have no width in double precision.
    return first if way(np.array(first), lo, hi) < 1 else lo


def _log10(lo: float, hi: float) -> _Functions:
    first = first_shown("log10", (lo, hi))
    begin = 0.0 if lo > 0 else float(way(np.array(first), lo, hi))
    if first <= 0:
        return _unchanged, _unchanged
    # ln(v / first) = ln(1 + (v - first) / first), which is exact for values close to the first one, too.
    times = min(span(first, hi) / first, _LARGEST_RATIO)
    decades = math.log1p(times)

    def forward(t: np.ndarray) -> np.ndarray:
        return np.log1p(np.clip((t - begin) / (1.0 - begin), 0.0, 1.0) * times) / decades

    def inverse(s: np.ndarray) -> np.ndarray:
        return begin + np.expm1(s * decades) / times * (1.0 - begin)

    return forward, inverse


def _symlog(lo: float, hi: float, width: float | None) -> _Functions:
    w = max(width if width is not None else max(abs(lo), abs(hi)) / 1000.0, 1e-300)
    # Matplotlib's: the linear part up to W is as long as a decade, and continues it smoothly.
    straight = 1.0 / (1.0 - 1.0 / 10.0)

    def transformed(v: np.ndarray) -> np.ndarray:
        far = np.maximum(np.abs(v), w)
        with np.errstate(all="ignore"):
            beyond = np.copysign(straight + (np.log(far) - math.log(w)) / math.log(10.0), v)
            return np.where(np.abs(v) <= w, v / w * straight, beyond)

    first, last = transformed(np.array([lo, hi], np.float64)).tolist()
    if not last > first:  # no float lies between them
        return _unchanged, _unchanged

    def forward(t: np.ndarray) -> np.ndarray:
        s: np.ndarray = np.clip((transformed(lo * (1.0 - t) + hi * t) - first) / (last - first), 0.0, 1.0)
        return s

    def inverse(s: np.ndarray) -> np.ndarray:
        y = first + s * (last - first)
        with np.errstate(over="ignore"):
            beyond = np.copysign(np.exp((np.abs(y) - straight) * math.log(10.0) + math.log(w)), y)
        v = np.where(np.abs(y) <= straight, y / straight * w, beyond)
        return np.clip(way(v, lo, hi), 0.0, 1.0)

    return forward, inverse


def _hinge(lo: float, hi: float, value: float) -> _Functions:
    with np.errstate(over="ignore"):
        h = float(np.clip(way(array_of(value), lo, hi), 0.0, 1.0))
    below, above = h or 1.0, (1.0 - h) or 1.0  # if no value lies on a side, its divisor is not used

    def forward(t: np.ndarray) -> np.ndarray:
        with np.errstate(over="ignore"):
            return np.clip(np.where(t < h, t / below * 0.5, 0.5 + (t - h) / above * 0.5), 0.0, 1.0)

    def inverse(s: np.ndarray) -> np.ndarray:
        return np.clip(np.where(s < 0.5, s * 2.0 * h, h + (s * 2.0 - 1.0) * (1.0 - h)), 0.0, 1.0)

    return forward, inverse


def _through(curve: np.ndarray) -> _Functions:
    steps = np.linspace(0.0, 1.0, len(curve))
    curve = np.rint(curve * 2.0**60) / 2.0**60  # between closer points the slope would overflow
    # Where the curve is flat, one t has several places in the table: np.interp takes the last of them.
    return lambda t: np.interp(t, curve, steps), lambda s: np.interp(s, steps, curve)
