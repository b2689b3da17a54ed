"""The largest and the smallest value, compiled: importing this imports the compiler.

The definition is `plain_kernels.extreme`; images come as in `mean_kernels`.
"""
# mypy: ignore-errors

from __future__ import annotations

import numpy as np
from numba import njit

from ...compilation import compilable

# Functions of a few lines, which hardly ever change: Numba's cache does not notice a change of a function in another
# file.
from .mean_kernels import _as, _element, _fill, _inside

__all__ = ["extreme"]


@compilable
def extreme(flat, begin, step, tag, unit, worst, sign, y0, y1, x0, x1, channels, slope, zero, void, out, out_step):
    """The largest (``sign`` > 0) or smallest values, NaN aside.

    ``unit`` is the zero of the type that holds them.  ``worst`` is the lowest value of that type if ``sign`` > 0, else
    the highest.  ``void`` is written where there is no value.
    """
    nx = len(x0)
    ja, jb, lo, hi = _inside(x0, x1)
    w = (hi - lo) * channels
    line = np.full(w, worst)
    for r in range(len(y0)):
        o = out[r * out_step : r * out_step + nx * channels]
        _fill(o, void)
        a, b = y0[r], y1[r]
        if b <= a or w == 0:
            continue
        at = begin + lo * channels
        if sign > 0:
            _raise(flat, at, step, tag, unit, a, b, line, worst)
        else:
            _lower(flat, at, step, tag, unit, a, b, line, worst)
        doubtful = False
        for j in range(ja, jb):
            for c in range(channels):
                best = worst
                for k in range(x0[j] - lo, x1[j] - lo):
                    v = line[k * channels + c]
                    if (v > best) if sign > 0 else (v < best):
                        best = v
                doubtful = doubtful or best == worst
                o[j * channels + c] = best * slope + zero
        if doubtful:
            # A pixel has either infinities or only NaN.
            _any_valid(flat, at, step, tag, a, b, line)
            for j in range(ja, jb):
                for c in range(channels):
                    found = False
                    for k in range(x0[j] - lo, x1[j] - lo):
                        found = found or line[k * channels + c] > 0
                    if not found:
                        o[j * channels + c] = void


@compilable
def _raise(flat, at, step, tag, unit, a, b, line, worst):
    w = len(line)
    _fill(line, worst)
    y = a
    while y + 4 <= b:
        s0 = flat[at + y * step : at + y * step + w]
        s1 = flat[at + (y + 1) * step : at + (y + 1) * step + w]
        s2 = flat[at + (y + 2) * step : at + (y + 2) * step + w]
        s3 = flat[at + (y + 3) * step : at + (y + 3) * step + w]
        for k in range(w):
            line[k] = _larger(
                _as(_element(s3[k], tag), unit),
                _larger(
                    _as(_element(s2[k], tag), unit),
                    _larger(_as(_element(s1[k], tag), unit), _larger(_as(_element(s0[k], tag), unit), line[k])),
                ),
            )
        y += 4
    while y < b:
        s0 = flat[at + y * step : at + y * step + w]
        for k in range(w):
            line[k] = _larger(_as(_element(s0[k], tag), unit), line[k])
        y += 1


@compilable
def _lower(flat, at, step, tag, unit, a, b, line, worst):
    w = len(line)
    _fill(line, worst)
    y = a
    while y + 4 <= b:
        s0 = flat[at + y * step : at + y * step + w]
        s1 = flat[at + (y + 1) * step : at + (y + 1) * step + w]
        s2 = flat[at + (y + 2) * step : at + (y + 2) * step + w]
        s3 = flat[at + (y + 3) * step : at + (y + 3) * step + w]
        for k in range(w):
            line[k] = _smaller(
                _as(_element(s3[k], tag), unit),
                _smaller(
                    _as(_element(s2[k], tag), unit),
                    _smaller(_as(_element(s1[k], tag), unit), _smaller(_as(_element(s0[k], tag), unit), line[k])),
                ),
            )
        y += 4
    while y < b:
        s0 = flat[at + y * step : at + y * step + w]
        for k in range(w):
            line[k] = _smaller(_as(_element(s0[k], tag), unit), line[k])
        y += 1


@njit
def _larger(value, held):
    return value if value > held else held


@njit
def _smaller(value, held):
    return value if value < held else held


@compilable
def _any_valid(flat, at, step, tag, a, b, line):
    _fill(line, 0)
    for y in range(a, b):
        s0 = flat[at + y * step : at + y * step + len(line)]
        for k in range(len(line)):
            v = _element(s0[k], tag)
            line[k] = line[k] if v != v else 1
