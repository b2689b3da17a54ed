"""Means and single elements, compiled: importing this imports the compiler.

For each row of pixels they add whole rows of the image into one line, which stays in the processor's cache.  Then they
add the elements of that line under each pixel.  `plain_kernels` has functions of the same names, which do the same
operations in the same order.

Images come as `flat` arrays, in which row y begins at ``begin + y * step``.  This describes any crop of a C-ordered
array without a copy, in the fastest layout that the compiler knows.  Elements of the other byte order come as unsigned
integers together with a `tag`, a scalar of their true type; the tag is None for the machine's own order.
"""
# mypy: ignore-errors

from __future__ import annotations

import numpy as np
from numba import njit, types
from numba.extending import intrinsic, overload

from ...compilation import compilable

__all__ = ["mean", "pick"]


@intrinsic
def _as_float(context, bits):
    """Read the bits of an unsigned integer as a float."""
    to = {32: types.float32, 64: types.float64}[bits.bitwidth]
    return to(bits), lambda ctx, builder, signature, values: builder.bitcast(values[0], ctx.get_value_type(to))


@intrinsic
def _swapped(context, bits):
    """Reverse the bytes of an unsigned integer."""
    return bits(bits), lambda ctx, builder, signature, values: builder.bswap(values[0])


def _element(bits, tag):
    raise NotImplementedError


@overload(_element)
def _overload_element(bits, tag):
    if isinstance(tag, types.NoneType):
        return lambda bits, tag: bits
    if isinstance(tag, types.Float):
        return lambda bits, tag: _as_float(_swapped(bits))
    true = np.dtype(tag.name).type
    return lambda bits, tag: true(_swapped(bits))


def _as(value, unit):
    raise NotImplementedError


@overload(_as)
def _overload_as(value, unit):
    # By NumPy's rules, float32 plus a small integer is added in float64.
    to = np.dtype(unit.name).type
    return lambda value, unit: to(value)


@compilable
def mean(
    flat, begin, step, tag, void, unit, y0, y1, yf, yl, x0, x1, xf, xl, channels, slope, zero, out, out_step, areas
):
    """Area-weighted means, NaN aside; ``void`` is None where elements cannot be NaN.

    ``unit`` is the zero of the type in which eight elements are added with no error that matters.  ``areas`` is filled
    with the area under each mean, in elements, unless it is empty.
    """
    n = len(x0) * channels
    ja, jb, lo, hi = _inside(x0, x1)
    w = (hi - lo) * channels
    line, heights, counts = np.empty(w, np.float64), np.empty(w, np.float64), np.empty(w, np.int32)
    totals, valid, widths = np.empty(n, np.float64), np.empty(n, np.float64), np.zeros(n, np.float64)
    for j in range(ja, jb):
        more = x1[j] - x0[j] - 1
        _fill(widths[j * channels : (j + 1) * channels], xf[j] if more == 0 else ((more - 1) + xf[j]) + xl[j])
    dirty = False
    for r in range(len(y0)):
        o = out[r * out_step : r * out_step + n]
        g = areas[r * out_step : r * out_step + n]
        a, b = y0[r], y1[r]
        if b <= a or w == 0:
            _fill(o, np.nan)
            _fill(g, 0.0)
            continue
        height = yf[r] if b - a == 1 else ((b - a - 2) + yf[r]) + yl[r]
        at = begin + lo * channels
        if not dirty:
            dirty = _add(flat, at, step, tag, unit, a, b, yf[r], yl[r], line)
        if void is not None:  # noqa: SIM102 (the compiler decides this one and leaves out the rest)
            if dirty:
                # A NaN has been met in this row of pixels or the one before.
                dirty = _add_valid(flat, at, step, tag, unit, a, b, yf[r], yl[r], line, counts, heights)
        _across(line, x0, x1, xf, xl, ja, jb, lo, channels, totals)
        _fill(o[: ja * channels], np.nan)
        _fill(o[jb * channels :], np.nan)
        if dirty:
            _across(heights, x0, x1, xf, xl, ja, jb, lo, channels, valid)
            for j in range(ja, jb):
                for c in range(channels):
                    i = j * channels + c
                    area = widths[i] * height
                    if not _whole(heights, height, (x0[j] - lo) * channels + c, x1[j] - x0[j], channels):
                        area = valid[i]
                    o[i] = (totals[i] / area) * slope + zero if area > 0 else np.nan
                    if len(g):
                        g[i] = area
        else:
            _divide(
                totals[ja * channels : jb * channels],
                widths[ja * channels : jb * channels],
                height,
                slope,
                zero,
                o[ja * channels : jb * channels],
            )
            for i in range(len(g)):
                g[i] = widths[i] * height


@compilable
def _divide(totals, widths, height, slope, zero, o):
    for i in range(len(o)):
        o[i] = (totals[i] / (widths[i] * height)) * slope + zero


@compilable
def _across(line, x0, x1, xf, xl, ja, jb, lo, channels, totals):
    """Sum the line over the span of each pixel."""
    if channels == 1:
        # The same as below, quicker, for images without colours.
        for j in range(ja, jb):
            total = line[x0[j] - lo] * xf[j]
            if x1[j] - x0[j] > 1:
                total += line[x1[j] - 1 - lo] * xl[j]
            totals[j] = total
        for j in range(ja, jb):
            inner = line[x0[j] - lo + 1 : max(x1[j] - lo - 1, x0[j] - lo + 1)]
            total = 0.0
            for k in range(len(inner)):
                total += inner[k]
            totals[j] += total
        return
    for j in range(ja, jb):
        for c in range(channels):
            total = line[(x0[j] - lo) * channels + c] * xf[j]
            if x1[j] - x0[j] > 1:
                total += line[(x1[j] - 1 - lo) * channels + c] * xl[j]
            inner = 0.0
            for k in range(x0[j] - lo + 1, x1[j] - lo - 1):
                inner += line[k * channels + c]
            totals[j * channels + c] = total + inner


@compilable
def _fill(line, value):
    for k in range(len(line)):
        line[k] = value


@compilable
def _inside(x0, x1):
    """The pixels that touch the image, ja … jb - 1, and the elements that they touch, lo … hi - 1."""
    ja, jb = 0, len(x0)
    while ja < jb and x1[ja] <= x0[ja]:
        ja += 1
    while jb > ja and x1[jb - 1] <= x0[jb - 1]:
        jb -= 1
    if ja == jb:
        return ja, jb, 0, 0
    return ja, jb, x0[ja], x1[jb - 1]


@compilable
def _add(flat, at, step, tag, unit, a, b, head, tail, line):
    """Sum the rows a … b - 1 into the line; return whether it has a NaN."""
    w = len(line)
    s0 = flat[at + a * step : at + a * step + w]
    for k in range(w):
        line[k] = np.float64(_element(s0[k], tag)) * head
    y, e = a + 1, b - 1
    while y + 8 <= e:
        s0 = flat[at + y * step : at + y * step + w]
        s1 = flat[at + (y + 1) * step : at + (y + 1) * step + w]
        s2 = flat[at + (y + 2) * step : at + (y + 2) * step + w]
        s3 = flat[at + (y + 3) * step : at + (y + 3) * step + w]
        s4 = flat[at + (y + 4) * step : at + (y + 4) * step + w]
        s5 = flat[at + (y + 5) * step : at + (y + 5) * step + w]
        s6 = flat[at + (y + 6) * step : at + (y + 6) * step + w]
        s7 = flat[at + (y + 7) * step : at + (y + 7) * step + w]
        for k in range(w):
            line[k] += (
                ((_as(_element(s0[k], tag), unit)) + (_as(_element(s1[k], tag), unit)))
                + ((_as(_element(s2[k], tag), unit)) + (_as(_element(s3[k], tag), unit)))
            ) + (
                ((_as(_element(s4[k], tag), unit)) + (_as(_element(s5[k], tag), unit)))
                + ((_as(_element(s6[k], tag), unit)) + (_as(_element(s7[k], tag), unit)))
            )
        y += 8
    while y + 2 <= e:
        s0 = flat[at + y * step : at + y * step + w]
        s1 = flat[at + (y + 1) * step : at + (y + 1) * step + w]
        for k in range(w):
            line[k] += (_as(_element(s0[k], tag), unit)) + (_as(_element(s1[k], tag), unit))
        y += 2
    if y < e:
        s0 = flat[at + y * step : at + y * step + w]
        for k in range(w):
            line[k] += _as(_element(s0[k], tag), unit)
    if b - a > 1:
        s0 = flat[at + (b - 1) * step : at + (b - 1) * step + w]
        for k in range(w):
            line[k] += np.float64(_element(s0[k], tag)) * tail
    bad = 0
    for k in range(w):
        bad += line[k] != line[k]
    return bad > 0


@compilable
def _add_valid(flat, at, step, tag, unit, a, b, head, tail, line, counts, heights):
    """Sum the numbers of each column without NaN, and their heights; return whether there was a NaN."""
    w = len(line)
    s0 = flat[at + a * step : at + a * step + w]
    for k in range(w):
        v = _element(s0[k], tag)
        line[k] = np.float64(v) * head if v == v else 0.0
        counts[k] = 0
    y, e = a + 1, b - 1
    while y + 8 <= e:
        s0 = flat[at + y * step : at + y * step + w]
        s1 = flat[at + (y + 1) * step : at + (y + 1) * step + w]
        s2 = flat[at + (y + 2) * step : at + (y + 2) * step + w]
        s3 = flat[at + (y + 3) * step : at + (y + 3) * step + w]
        s4 = flat[at + (y + 4) * step : at + (y + 4) * step + w]
        s5 = flat[at + (y + 5) * step : at + (y + 5) * step + w]
        s6 = flat[at + (y + 6) * step : at + (y + 6) * step + w]
        s7 = flat[at + (y + 7) * step : at + (y + 7) * step + w]
        for k in range(w):
            v0, v1 = _element(s0[k], tag), _element(s1[k], tag)
            v2, v3 = _element(s2[k], tag), _element(s3[k], tag)
            v4, v5 = _element(s4[k], tag), _element(s5[k], tag)
            v6, v7 = _element(s6[k], tag), _element(s7[k], tag)
            line[k] += ((_zeroed(v0, unit) + _zeroed(v1, unit)) + (_zeroed(v2, unit) + _zeroed(v3, unit))) + (
                (_zeroed(v4, unit) + _zeroed(v5, unit)) + (_zeroed(v6, unit) + _zeroed(v7, unit))
            )
            counts[k] += (
                np.int32(v0 == v0)
                + np.int32(v1 == v1)
                + np.int32(v2 == v2)
                + np.int32(v3 == v3)
                + np.int32(v4 == v4)
                + np.int32(v5 == v5)
                + np.int32(v6 == v6)
                + np.int32(v7 == v7)
            )
        y += 8
    while y + 2 <= e:
        s0 = flat[at + y * step : at + y * step + w]
        s1 = flat[at + (y + 1) * step : at + (y + 1) * step + w]
        for k in range(w):
            v0, v1 = _element(s0[k], tag), _element(s1[k], tag)
            line[k] += _zeroed(v0, unit) + _zeroed(v1, unit)
            counts[k] += np.int32(v0 == v0) + np.int32(v1 == v1)
        y += 2
    if y < e:
        s0 = flat[at + y * step : at + y * step + w]
        for k in range(w):
            v = _element(s0[k], tag)
            line[k] += _zeroed(v, unit)
            counts[k] += np.int32(v == v)
    s0 = flat[at + a * step : at + a * step + w]
    height = head if b - a == 1 else ((b - a - 2) + head) + tail
    if b - a > 1:
        s1 = flat[at + (b - 1) * step : at + (b - 1) * step + w]
        for k in range(w):
            u, v = _element(s0[k], tag), _element(s1[k], tag)
            line[k] += np.float64(v) * tail if v == v else 0.0
            heights[k] = (counts[k] + (head if u == u else 0.0)) + (tail if v == v else 0.0)
    else:
        for k in range(w):
            v = _element(s0[k], tag)
            heights[k] = head if v == v else 0.0
    bad = 0
    for k in range(w):
        bad += heights[k] != height
    return bad > 0


@njit
def _zeroed(value, unit):
    return _as(value, unit) if value == value else unit


@compilable
def _whole(heights, height, first, count, channels):
    """Whether no NaN is under a pixel.  Then its area must be the same to the bit as in an image without NaN."""
    short = 0
    for k in range(count):
        short += heights[first + k * channels] != height
    return short == 0


@compilable
def pick(flat, begin, step, tag, y0, y1, x0, x1, channels, slope, zero, void, out, out_step):
    """One element for each pixel, `void` if it has none.  A row with the same elements as the row before is copied."""
    n = len(x0) * channels
    ja, jb, lo, hi = _inside(x0, x1)
    at = np.empty((jb - ja) * channels, np.int64)
    for i in range(len(at)):
        at[i] = (x0[ja + i // channels] - lo) * channels + i % channels
    plain = slope == 1 and zero == 0
    held, shown = np.int64(-1), out[:n]
    for r in range(len(y0)):
        o = out[r * out_step : r * out_step + n]
        if y1[r] <= y0[r] or ja == jb:
            _fill(o, void)
        elif y0[r] == held:
            for i in range(n):
                o[i] = shown[i]
        else:
            held, shown = y0[r], o
            _fill(o[: ja * channels], void)
            _fill(o[jb * channels :], void)
            inner = o[ja * channels : jb * channels]
            row = begin + held * step
            source = flat[row + lo * channels : row + hi * channels]
            if plain and len(source) == len(inner):
                for i in range(len(inner)):
                    inner[i] = _element(source[i], tag)
            elif plain:
                for i in range(len(inner)):
                    inner[i] = _element(source[at[i]], tag)
            else:
                for i in range(len(inner)):
                    inner[i] = _element(source[at[i]], tag) * slope + zero
