"""Pairs of doubles, in which numbers cross that float64 would round; so the machines may have different long doubles.

A pair is a complex number: ``real`` is the nearest double, ``imag`` is the number less ``real``.  Pixels and samples of
real elements are complex in no other case.  Long complex numbers are rounded.
"""

from __future__ import annotations

import numpy as np

from ...whole_numbers import WIDE

__all__ = ["PAIR", "as_pairs", "from_pairs"]

#: The dtype of pairs.
PAIR = np.dtype(np.complex128)


def as_pairs(values: np.ndarray) -> np.ndarray:
    """Return numbers in `WIDE` as pairs, long complex numbers as rounded ones, and all others unchanged."""
    if values.dtype != WIDE:
        return values.astype(np.complex128) if values.dtype == np.clongdouble else values
    pairs = np.zeros(values.shape, PAIR)
    pairs.real = values
    np.subtract(values, pairs.real, out=pairs.imag, where=np.isfinite(values), casting="same_kind")
    return pairs


def from_pairs(values: np.ndarray) -> np.ndarray:
    """Return pairs as numbers in `WIDE`, and all other values unchanged."""
    if values.dtype != PAIR:
        return values
    with np.errstate(invalid="ignore"):  # the other side may send any pair
        numbers: np.ndarray = values.real.astype(WIDE)
        numbers += values.imag
    return numbers
