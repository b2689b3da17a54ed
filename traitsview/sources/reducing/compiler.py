"""Compiles reductions and calls compiled ones.  Compilation goes on while everything else goes on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ... import compilation
from ...compilation import build, finished
from ...flat_lines import flat_lines
from ..image_info import pixel_dtype
from ..spans import Spans
from . import plain_kernels

__all__ = ["Key", "compiled", "finished", "prepare"]

#: A reduction ("mean", "extreme", "pick", "mode"), the dtype of elements and the dtype of its results.  The latter is
#: the dtype of pixels; for integers of 64 bits that must stay exact it is their own, in native byte order.
Key = tuple[str, np.dtype, np.dtype]


def prepare(dtype: np.dtype | str, labels: bool = False) -> None:
    """Begin to compile the reductions for an image of `dtype`, or of labels.  Returns at once; any thread may call."""
    dtype = np.dtype(np.uint8) if np.dtype(dtype) == bool else np.dtype(dtype)
    if dtype.kind in "uif" and dtype.itemsize in (1, 2, 4, 8) and dtype != np.float16:
        compiled(("mode" if labels else "mean", dtype, pixel_dtype(dtype)))
        compiled(("pick", dtype, pixel_dtype(dtype)))


def compiled(key: Key, request: bool = True) -> Callable[..., None] | None:
    """Return a compiled reduction; None if there is none yet, or never will be.  Its parameters: see `plain_kernels`.

    If there is none yet and `request` is true, its compilation begins.
    """
    if not request:
        return compilation.known(("reduction", *key))
    return compilation.compiled(("reduction", *key), lambda: _compile(key))


def _compile(key: Key) -> Callable[..., None]:
    from numba import from_dtype, types

    from . import extreme_kernels, mean_kernels

    name, reads, writes = key
    native = reads.newbyteorder("=")
    integers = types.Array(types.int64, 1, "C", readonly=True)
    floats = types.Array(types.float64, 1, "C", readonly=True)
    adds, keeps = from_dtype(np.dtype(_adder(reads))), from_dtype(_keeper(reads, writes))
    image = (
        types.Array(from_dtype(_in_order(reads)), 1, "C", readonly=True),
        types.int64,
        types.int64,
        types.none if reads.isnative else from_dtype(native),
    )
    written = from_dtype(writes)
    # Whole numbers beyond 2**53 do not change: their slope is 1 and their zero is 0, in their own type.
    number = types.float64 if writes.kind == "f" else written
    scale = types.int64, number, number
    out = types.Array(written, 1, "C"), types.int64
    spans, weighted = (integers,) * 2, (integers, integers, floats, floats)
    if name == "mean":
        areas = types.Array(types.float64, 1, "C")
        void = types.none if reads.kind in "iu" else types.boolean
        build(mean_kernels.mean, (*image, void, adds, *weighted, *weighted, *scale, *out, areas))
        return _mean
    if name == "mode":
        return _compile_mode(reads, (written, *out))
    if name == "extreme":
        build(extreme_kernels.extreme, (*image, keeps, keeps, types.int64, *spans, *spans, *scale, written, *out))
        return _extreme
    build(mean_kernels.pick, (*image, *spans, *spans, *scale, written, *out))
    return _pick


def _mean(
    image: np.ndarray,
    rows: Spans,
    columns: Spans,
    channels: int,
    slope: float,
    zero: float,
    out: np.ndarray,
    weight: np.ndarray | None = None,
) -> None:
    from . import mean_kernels

    areas = np.empty(0) if weight is None else weight.reshape(-1)
    flat, step = _flat(out)
    down = rows.first, rows.stop, rows.head, rows.tail
    across = columns.first, columns.stop, columns.head, columns.tail
    void = None if image.dtype.kind in "iu" else True
    mean_kernels.mean(
        *_image(image), void, _adder(image.dtype)(0), *down, *across, channels, slope, zero, flat, step, areas
    )


def _extreme(
    image: np.ndarray,
    rows: Spans,
    columns: Spans,
    channels: int,
    sign: int,
    slope: float,
    zero: float,
    out: np.ndarray,
) -> None:
    from . import extreme_kernels

    keeper = _keeper(image.dtype, out.dtype).type
    least, most = (-np.inf, np.inf) if out.dtype.kind == "f" else (np.iinfo(keeper).min, np.iinfo(keeper).max)
    worst = keeper(least if sign > 0 else most)
    flat, step = _flat(out)
    spans = rows.first, rows.stop, columns.first, columns.stop
    scale = _scale(slope, zero, out.dtype)
    extreme_kernels.extreme(*_image(image), keeper(0), worst, sign, *spans, channels, *scale, flat, step)


def _pick(
    image: np.ndarray, rows: Spans, columns: Spans, channels: int, slope: float, zero: float, out: np.ndarray
) -> None:
    from . import mean_kernels

    flat, step = _flat(out)
    spans = rows.first, rows.stop, columns.first, columns.stop
    mean_kernels.pick(*_image(image), *spans, channels, *_scale(slope, zero, out.dtype), flat, step)


def _compile_mode(reads: np.dtype, written: tuple[Any, ...]) -> Callable[..., None]:
    from numba import from_dtype, types

    from . import mode_kernels

    bits, whole = from_dtype(np.dtype(f"u{reads.itemsize}")), types.int64
    swap = types.none if reads.isnative else types.boolean
    image = types.Array(bits, 1, "C", readonly=True), whole, whole, from_dtype(reads.newbyteorder("=")), swap, bits
    spans = (types.Array(whole, 1, "C", readonly=True),) * 2 + (types.Array(whole, 1, "C"),) * 2 + (whole,)
    void, *out = written
    number = types.float64 if isinstance(void, types.Float) else void
    build(mode_kernels.mode, (*image, whole, *spans, *spans, number, number, void, *out))
    return _mode


def _mode(
    image: np.ndarray,
    rows: Spans,
    columns: Spans,
    channels: int,
    sign: int,
    slope: float,
    zero: float,
    out: np.ndarray,
) -> None:
    from . import mode_kernels

    if channels > 1:  # colours are hardly ever labels
        plain_kernels.mode(image, rows, columns, channels, sign, slope, zero, out)
        return
    inside = np.flatnonzero(columns.stop > columns.first)
    scale = _scale(slope, zero, out.dtype)
    if not len(inside):
        out[:] = scale[2]
        return
    left, right = int(inside[0]), int(inside[-1]) + 1
    out[:, :left] = out[:, right:] = scale[2]
    columns = columns.part(left, right)
    flat, step = _flat(out[:, left:right])
    bits = np.dtype(f"u{image.itemsize}")
    source, begin, across, _ = _image(image.view(bits))
    swap = None if image.dtype.isnative else True
    tag = image.dtype.newbyteorder("=").type(0)
    spans = [part for span in (rows, columns) for part in (span.first, span.stop, *span.weights, span.parts)]
    mode_kernels.mode(source, begin, across, tag, swap, bits.type(0), sign, *spans, *scale, flat, step)


def _image(image: np.ndarray) -> tuple[Any, ...]:
    """Return lines, which may be any crop of a C-ordered array, in the form that kernels take."""
    dtype = image.dtype
    tag = None if dtype.isnative else dtype.newbyteorder("=").type(0)
    return *flat_lines(image.view(_in_order(dtype))), tag


def _flat(out: np.ndarray) -> tuple[np.ndarray, int]:
    """Return lines to be filled as one line, and the distance from one to the next."""
    flat, _, step = flat_lines(out, writable=True)
    return flat, step


def _scale(slope: float, zero: float, dtype: np.dtype) -> tuple[Any, Any, Any]:
    """Return slope and zero in the dtype of pixels, and the pixel that means no value."""
    if dtype.kind == "f":
        return slope, zero, dtype.type(np.nan)
    return dtype.type(slope), dtype.type(zero), dtype.type(0)


def _in_order(dtype: np.dtype) -> np.dtype:
    """Return the dtype of elements for kernels: unsigned integers if their bytes are in the other order."""
    return dtype if dtype.isnative else np.dtype(f"u{dtype.itemsize}")


def _adder(dtype: np.dtype) -> type[np.float32] | type[np.float64]:
    """Return the type in which kernels add eight elements: float32 where that is exact, else float64."""
    return np.float32 if dtype.kind in "iu" and dtype.itemsize <= 2 else np.float64


def _keeper(reads: np.dtype, writes: np.dtype) -> np.dtype:
    """Return the type that holds an element."""
    return writes if writes.kind in "iu" else pixel_dtype(reads)
