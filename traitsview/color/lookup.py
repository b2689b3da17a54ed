"""Looks up values among borders: compiled where there is a compiler, in NumPy until then and without one.

Both ways find the same rows for all values.  Any thread may call; neither way keeps the interpreter's lock for long.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from .. import compilation
from ..flat_lines import flat_lines
from .borders import Borders

__all__ = ["BLOCK_VALUES", "look_up", "prepare"]

#: Values that NumPy looks up at once: the overhead of its calls is then small, and a block fits into the cache.
BLOCK_VALUES = 65_536

#: The compiler is asked for after NumPy has looked up this many values, so that no first image waits for Numba.
VALUES_BEFORE_COMPILING = 1 << 23

#: The kinds of cells; the kernel for a kind has its name.
_KINDS = ("even", "widening", "counted")

_looked_up = itertools.count()


def look_up(borders: Borders, table: np.ndarray, values: np.ndarray, out: np.ndarray) -> None:
    """Fill `out` with the entry of `table` of each value.

    Parameters
    ----------
    borders : Borders
        Of the dtype of `values`.
    table : ndarray
        The entries ``borders.entries`` of a table: under, the colours, over, bad.
    values : ndarray of float32 or float64, (rows, columns)
    out : ndarray, (rows, columns)
        Of the dtype of `table`.
    """
    if not values.size:
        return
    fused = _fused(borders, table, values.size)
    if fused is None:
        _in_blocks(borders, table, values, out)
    else:
        fused(borders, table, values, out)


def prepare(values: np.dtype, table: np.dtype) -> None:
    """Begin to compile the kernels for values of one dtype and a table of another.  Returns at once."""
    for kind in _KINDS:
        _request(kind, values, table)


def _fused(borders: Borders, table: np.ndarray, size: int) -> Callable[..., None] | None:
    key = ("look-up", borders.kind, borders.values.dtype, table.dtype)
    fused: Callable[..., None] | None = compilation.known(key)
    if fused is None and _is_much(size):
        fused = _request(borders.kind, borders.values.dtype, table.dtype)
    return fused


def _is_much(size: int) -> bool:
    """Count values that are looked up in NumPy, in blocks; return whether there have been many."""
    for _ in range(-(-size // BLOCK_VALUES)):
        blocks = next(_looked_up)
    return blocks * BLOCK_VALUES >= VALUES_BEFORE_COMPILING


def _request(kind: str, values: np.dtype, table: np.dtype) -> Callable[..., None] | None:
    key = ("look-up", kind, values, table)
    return compilation.compiled(key, lambda: _compile(kind, values, table))


def _in_blocks(borders: Borders, table: np.ndarray, values: np.ndarray, out: np.ndarray) -> None:
    rows = max(1, min(len(values), BLOCK_VALUES // values.shape[1]))
    for start in range(0, len(values), rows):
        found = borders.rows(values[start : start + rows])
        np.take(table, found, out=out[start : start + rows], mode="clip")


def _compile(kind: str, values: np.dtype, table: np.dtype) -> Callable[..., None]:
    from numba import from_dtype, types

    from . import lookup_kernels

    number, whole, entry = from_dtype(values), from_dtype(np.dtype(f"i{values.itemsize}")), from_dtype(table)

    def line(kind: Any, writable: bool = False) -> Any:
        return types.Array(kind, 1, "C", readonly=not writable)

    lines = line(number), types.int64, types.int64, line(entry, True), types.int64, types.int64
    shape: Any = types.UniTuple(types.int64, 2)  # type: ignore[no-untyped-call]
    bits: Any = types.UniTuple(whole, 4)  # type: ignore[no-untyped-call]
    places = {
        "even": (number, number, line(entry)),
        "widening": (number, number, bits, line(entry)),
        "counted": (number, number, line(entry), line(types.uint16), types.int64),
    }
    kernel = getattr(lookup_kernels, kind)
    compilation.build(kernel, (*lines, shape, line(number), number, number, *places[kind]))
    return partial(_call, kernel)


def _places(borders: Borders, table: np.ndarray) -> tuple[object, ...]:
    """Return the last arguments of the kernel for these borders."""
    cells = borders.cells
    number = cells.origin.dtype.type
    known = borders.values, cells.origin, cells.factor
    if borders.kind == "widening":
        whole = np.dtype(f"i{number().itemsize}").type
        bits = cells.shift, cells.least, cells.count // 2, 8 * number().itemsize - 1
        return *known, cells.ends[1], number(1), tuple(map(whole, bits)), table
    rest = () if borders.kind == "even" else (borders.before, borders.depth)
    return *known, cells.ends[1], number(0), table, *rest


def _call(
    kernel: Callable[..., None], borders: Borders, table: np.ndarray, values: np.ndarray, out: np.ndarray
) -> None:
    if not _is_in_lines(values):
        values = values.copy()
    if not _is_in_lines(out):
        whole = np.empty(out.shape, out.dtype)
        _call(kernel, borders, table, values, whole)
        out[...] = whole
        return
    kernel(*flat_lines(values), *flat_lines(out, writable=True), values.shape, *_places(borders, table))


def _is_in_lines(array: np.ndarray) -> bool:
    """Whether the elements of each row lie beside each other, at addresses that suit the processor."""
    beside = array.shape[1] == 1 or array.strides[1] == array.itemsize
    return beside and array.flags.aligned and array.strides[0] % array.itemsize == 0
