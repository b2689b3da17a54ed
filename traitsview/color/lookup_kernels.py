"""Compiled kernels that look up values among borders.  Importing this module imports the compiler.

`Borders.rows` does the same in NumPy, and finds the same rows.  Each array comes as one line of memory, in which row r
begins at ``begin + r * step``.  Indices are unsigned, because compiled code counts negative ones from the end.
"""
# mypy: ignore-errors

from __future__ import annotations

import numpy as np
from numba import types
from numba.extending import overload

from ..compilation import compilable

__all__ = ["counted", "even", "widening"]


@compilable
def _cell(v, origin, factor, last, zero):
    t = (v - origin) * factor
    t = t if t > zero else zero
    t = t if t < last else last
    return np.uint32(np.int32(t))


@compilable
def _passed(v, k, borders, step):
    """Return ``k + step`` if `v` has reached the last of the next `step` borders, else k."""
    return np.uint32(k + np.uint32(v >= borders[np.uint32(k + np.uint32(step - 1))]) * np.uint32(step))


@compilable
def even(flat, begin, step, out, out_begin, out_step, shape, borders, origin, factor, last, zero, table):
    """Look up in cells of equal width, of which cell k has border k and no other."""
    rows, columns = shape
    bad = np.uint32(len(table) - 1)
    for r in range(rows):
        line = flat[begin + r * step : begin + r * step + columns]
        colors = out[out_begin + r * out_step : out_begin + r * out_step + columns]
        for i in range(columns):
            v = line[i]
            k = _passed(v, _cell(v, origin, factor, last, zero), borders, 1)
            k = k if v == v else bad
            colors[i] = table[k]


def _bits(t):
    """Return the bits of a float as a whole number."""
    return t.view(f"i{t.itemsize}")


@overload(_bits)
def _bits_of(t):
    if t == types.float32:
        return lambda t: np.float32(t).view(np.int32)
    return lambda t: np.float64(t).view(np.int64)


@compilable
def widening(flat, begin, step, out, out_begin, out_step, shape, borders, origin, factor, far, one, bits, table):
    """Look up in cells that widen to both sides of cell `half`, up to t = ±`far`; cell k has border k and no other."""
    rows, columns = shape
    shift, least, half, sign = bits
    bad = np.uint32(len(table) - 1)
    for r in range(rows):
        line = flat[begin + r * step : begin + r * step + columns]
        colors = out[out_begin + r * out_step : out_begin + r * out_step + columns]
        for i in range(columns):
            v = line[i]
            t = (v - origin) * factor
            t = t if t > -far else -far
            t = t if t < far else far
            away = (_bits(abs(t) + one) >> shift) - least
            k = _passed(v, np.uint32((away ^ (_bits(t) >> sign)) + half), borders, 1)
            k = k if v == v else bad
            colors[i] = table[k]


@compilable
def counted(
    flat, begin, step, out, out_begin, out_step, shape, borders, origin, factor, last, zero, table, before, depth
):
    """Look up in cells of equal width; `before` cell k lie ``before[k]`` borders, in it less than ``2 ** depth``."""
    rows, columns = shape
    bad = np.uint32(len(table) - 1)
    for r in range(rows):
        line = flat[begin + r * step : begin + r * step + columns]
        colors = out[out_begin + r * out_step : out_begin + r * out_step + columns]
        if depth == 1:
            for i in range(columns):
                v = line[i]
                k = _passed(v, np.uint32(before[_cell(v, origin, factor, last, zero)]), borders, 1)
                k = k if v == v else bad
                colors[i] = table[k]
        elif depth == 2:
            for i in range(columns):
                v = line[i]
                k = _passed(v, np.uint32(before[_cell(v, origin, factor, last, zero)]), borders, 2)
                k = _passed(v, k, borders, 1)
                k = k if v == v else bad
                colors[i] = table[k]
        elif depth <= 4:
            for i in range(columns):
                v = line[i]
                k = _passed(v, np.uint32(before[_cell(v, origin, factor, last, zero)]), borders, 8)
                k = _passed(v, k, borders, 4)
                k = _passed(v, k, borders, 2)
                k = _passed(v, k, borders, 1)
                k = k if v == v else bad
                colors[i] = table[k]
        else:
            for i in range(columns):
                v = line[i]
                k = np.uint32(before[_cell(v, origin, factor, last, zero)])
                for bit in range(depth - 1, -1, -1):
                    k = _passed(v, k, borders, 1 << bit)
                k = k if v == v else bad
                colors[i] = table[k]
