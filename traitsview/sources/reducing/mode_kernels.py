"""The most frequent value, compiled: importing this imports the compiler.

The definition is `plain_kernels.mode`.  All weights are whole numbers, so both give the same result though they add in
another order.

1. The candidate is the element at the middle of a pixel.  One pass over whole rows, nearly as quick as that of a mean,
   adds the parts of each column that have the candidate's value, in floats.
2. If the candidate has more than half of the pixel, as it mostly has, it is the result.
3. Otherwise the weights of all values of the pixel are tallied.

Images come as in `mean_kernels`, but elements of every dtype come as unsigned integers.  So there is always a `tag`, a
scalar of the elements' true type.  `swap` is None if their bytes are in the machine's order.
"""
# mypy: ignore-errors

from __future__ import annotations

import numpy as np
from numba import types
from numba.extending import overload

from ...compilation import compilable

# One instruction each, which never changes: Numba's cache does not notice a change of a function in another file.
from .mean_kernels import _as_float, _swapped

__all__ = ["mode"]

# A part of a pixel above this is more than half of it, in spite of the rounding of floats.
_MAJORITY = 0.5 * (1 + 1e-3)

# The most different values of one pixel that are tallied at once.  More values are tallied in turns.
_TALLIED_VALUES = 2**20


def _value(bits, tag, swap):
    raise NotImplementedError


@overload(_value)
def _overload_value(bits, tag, swap):
    native = isinstance(swap, types.NoneType)
    if isinstance(tag, types.Float):
        if native:
            return lambda bits, tag, swap: _as_float(bits)
        return lambda bits, tag, swap: _as_float(_swapped(bits))
    true = np.dtype(tag.name).type
    if native:
        return lambda bits, tag, swap: true(bits)
    return lambda bits, tag, swap: true(_swapped(bits))


@compilable
def mode(
    flat, begin, step, tag, swap, nought, sign, y0, y1, yf, yl, yw, x0, x1, xf, xl, xw, slope, zero, void, out, out_step
):
    """The value with the largest weight under each pixel, NaN aside.

    Of values with the same weight it is the least, or the largest if ``sign`` < 0.  The image has no colours, and all
    pixels of a row touch it.  ``yf``, ``yl`` and ``yw`` are the weights of the first, the last and every other row of
    elements under a pixel; ``xf``, ``xl`` and ``xw`` those of columns.  `void` is written where there is no value.
    `nought` is 0 in the unsigned dtype.
    """
    n, lo = len(x0), x0[0]
    w = x1[-1] - lo
    agreed, wanted = np.empty(w, np.float32), np.empty(w, flat.dtype)
    seen, parts = np.empty(n, flat.dtype), np.empty(n, np.float64)
    heads, tails, widths = np.empty(n, np.float64), np.empty(n, np.float64), np.empty(n, np.float64)
    for j in range(n):
        heads[j] = xf[j] / xw
        tails[j] = xl[j] / xw if x1[j] - x0[j] > 1 else 0.0
        widths[j] = _MAJORITY * (max(x1[j] - x0[j] - 2, 0) + heads[j] + tails[j])
    size, shift = _table_size(y0, y1, x0, x1)
    keys, weights = np.empty(size, flat.dtype), np.zeros(size, np.int64)
    used = np.empty(min(size, _TALLIED_VALUES), np.uint32)
    for r in range(len(y0)):
        o = out[r * out_step : r * out_step + n]
        for j in range(n):
            o[j] = void
        a, b = y0[r], y1[r]
        if b <= a:
            continue
        at = begin + lo
        down = yf[r], (yl[r] if b - a > 1 else np.int64(0)), yw
        head, tail = down[0] / yw, down[1] / yw
        _want(flat, at + ((a + b) // 2) * step, x0, x1, seen, wanted)
        _agree(flat, at, step, a, b, np.float32(head), np.float32(tail), wanted, agreed)
        _part(x0, x1, heads, tails, seen, wanted, agreed, parts)
        height = max(b - a - 2, 0) + head + tail
        for j in range(n):
            v = _value(seen[j], tag, swap)
            found = v == v and parts[j] > widths[j] * height
            if not found:
                block = at, step, a, b, x0[j] - lo, x1[j] - lo
                across = xf[j], xl[j], xw
                found, v = _heaviest(flat, block, tag, swap, nought, sign, down, across, keys, weights, used, shift)
            if found:
                o[j] = v * slope + zero


@compilable
def _table_size(y0, y1, x0, x1):
    """Return ``(size, shift)``: the size of a hash table for the values of any pixel, and ``64 - log2(size)``."""
    high = wide = 1
    for r in range(len(y0)):
        high = max(high, y1[r] - y0[r])
    for j in range(len(x0)):
        wide = max(wide, x1[j] - x0[j])
    size, shift = 64, 58
    while size < 2 * min(high * wide, _TALLIED_VALUES):
        size, shift = 2 * size, shift - 1
    return size, shift


@compilable
def _agree(flat, at, step, a, b, head, tail, wanted, agreed):
    """Put into `agreed`, for each column, how many rows of the pixel have the wanted value there.

    The first and the last row count `head` and `tail`.  Float32 counts whole rows up to 2**24.
    """
    w = len(agreed)
    one, none = np.float32(1), np.float32(0)
    s0 = flat[at + a * step : at + a * step + w]
    s1 = flat[at + (b - 1) * step : at + (b - 1) * step + w]
    for k in range(w):
        agreed[k] = (head if s0[k] == wanted[k] else none) + (tail if s1[k] == wanted[k] else none)
    y = a + 1
    while y + 4 < b:
        s0 = flat[at + y * step : at + y * step + w]
        s1 = flat[at + (y + 1) * step : at + (y + 1) * step + w]
        s2 = flat[at + (y + 2) * step : at + (y + 2) * step + w]
        s3 = flat[at + (y + 3) * step : at + (y + 3) * step + w]
        for k in range(w):
            bits = wanted[k]
            agreed[k] += ((one if s0[k] == bits else none) + (one if s1[k] == bits else none)) + (
                (one if s2[k] == bits else none) + (one if s3[k] == bits else none)
            )
        y += 4
    while y + 1 < b:
        s0 = flat[at + y * step : at + y * step + w]
        for k in range(w):
            agreed[k] += one if s0[k] == wanted[k] else none
        y += 1


@compilable
def _want(flat, begin, x0, x1, seen, wanted):
    """Put the middle element of each pixel into `seen`.

    Put into `wanted`, for each column, the middle element of the last pixel that touches the column.
    """
    lo = x0[0]
    for j in range(len(x0)):
        bits = flat[begin + (x0[j] + x1[j]) // 2 - lo]
        seen[j] = bits
        for i in range(x0[j] - lo, x1[j] - lo):
            wanted[i] = bits


@compilable
def _part(x0, x1, heads, tails, seen, wanted, agreed, parts):
    """Find a lower bound of the area of each pixel with the value of its middle element.

    Two pixels may share a column.  `agreed` has it for the value of the right pixel; if the left one has another value,
    the column is left out there.
    """
    lo = x0[0]
    for j in range(len(x0)):
        first, last = x0[j] - lo, x1[j] - lo - 1
        part = 0.0
        for i in range(first + 1, last):
            part += agreed[i]
        part += agreed[first] * heads[j]
        if wanted[last] == seen[j]:
            part += agreed[last] * tails[j]
        parts[j] = part


@compilable
def _heaviest(flat, block, tag, swap, nought, sign, down, across, keys, weights, used, shift):
    """Return whether a pixel has any value, and the value with the largest weight."""
    turn, turns = np.uint64(0), np.uint64(1)
    found, best, most = False, _value(nought, tag, swap), np.int64(0)
    while turn < turns:
        count = _tally(flat, block, tag, swap, nought, down, across, keys, weights, used, shift, turn, turns)
        full = count == len(used)
        for k in range(count):
            place = used[np.uint32(k)]
            if not full:
                v = _value(keys[place], tag, swap)
                better = (v < best) if sign > 0 else (v > best)
                if weights[place] > most or (weights[place] == most and better):
                    found, best, most = True, v, weights[place]
            weights[place] = 0
        if full:
            turn, turns = np.uint64(0), turns * np.uint64(4)
            found, most = False, np.int64(0)
        else:
            turn += np.uint64(1)
    return found, best


@compilable
def _tally(flat, block, tag, swap, nought, down, across, keys, weights, used, shift, turn, turns):
    """Add up the weight of each value of a pixel that belongs to this turn; return how many such values there are.

    `_turn_of` says to which turn a value belongs.  If there are more values than `used` has room for, stop and return
    the length of `used`.
    """
    at, step, a, b, i0, i1 = block
    mask, most = np.uint32(len(keys) - 1), len(used)
    count = 0
    for y in range(a, b):
        wy = down[0] if y == a else down[2] if y < b - 1 else down[1]
        row = at + y * step
        bits, run, i = flat[row + i0], across[0], i0 + 1
        while True:
            # A run of equal elements is added at once.
            follower, wx = bits, np.int64(0)
            if i < i1:
                follower, wx = flat[row + i], (across[2] if i + 1 < i1 else across[1])
                i += 1
                if follower == bits:
                    run += wx
                    continue
            v = _value(bits, tag, swap)
            key = nought if v == 0 else bits  # -0.0 is 0.0
            mixed = np.uint64(key) * np.uint64(0x9E3779B97F4A7C15)
            if v == v and (turns == 1 or _turn_of(mixed, turns) == turn):
                place = np.uint32(mixed >> np.uint64(shift))
                while weights[place] != 0 and keys[place] != key:
                    place = np.uint32((place + np.uint32(1)) & mask)
                if weights[place] == 0:
                    if count == most:
                        return count
                    keys[place] = key
                    used[np.uint32(count)] = place
                    count += 1
                weights[place] += wy * run
            if wx == 0:
                break
            bits, run = follower, wx
    return count


@compilable
def _turn_of(mixed, turns):
    again = (mixed ^ (mixed >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
    return (again >> np.uint64(40)) & (turns - np.uint64(1))
