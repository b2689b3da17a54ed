"""Numbers that float64 would round cross as pairs of doubles, whatever either machine's long double is like.

A pair is a complex number: its real part is the nearest double, its imaginary part what is left.  Pixels, and
samples of integers, never are complex otherwise.
"""

from __future__ import annotations

import numpy as np

from ...whole_numbers import WIDE

__all__ = ["PAIR", "as_pairs", "from_pairs"]

#: The dtype of pairs.
PAIR = np.dtype(np.complex128)


def as_pairs(values: np.ndarray) -> np.ndarray:
    """Return numbers in `WIDE` as pairs; others as they are."""
    if values.dtype != WIDE:
        return values
    pairs = np.zeros(values.shape, PAIR)
    pairs.real = values
    np.subtract(values, pairs.real, out=pairs.imag, where=np.isfinite(values), casting="same_kind")
    return pairs


def from_pairs(values: np.ndarray) -> np.ndarray:
    """Return pairs as numbers in `WIDE`; others as they are."""
    if values.dtype != PAIR:
        return values
    with np.errstate(invalid="ignore"):  # the other side may send any pair
        numbers: np.ndarray = values.real.astype(WIDE)
        numbers += values.imag
    return numbers
