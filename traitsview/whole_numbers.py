"""Whole numbers beyond 2**53, which double precision rounds.

Arrays of such numbers have the dtype `WIDE`, which holds every integer of 64 bits, and NaN for no value.  A single one
is an int.  All other numbers are float64 and float.
"""

from __future__ import annotations

import math
import sys
from fractions import Fraction

import numpy as np

__all__ = [
    "BEYOND",
    "WIDE",
    "are_beyond",
    "array_of",
    "as_floats",
    "distances",
    "is_rounded",
    "is_whole",
    "moved",
    "number",
    "read_number",
    "scalars",
    "span",
]

#: Double precision holds all whole numbers up to this one; the next it does not hold.
BEYOND = 2**53

#: The dtype that holds every integer of 64 bits: 64 bits of mantissa on x86-64, 113 on aarch64.
WIDE = np.dtype(np.longdouble)

# Larger whole numbers do not fit into 64 bits, and are floats.
_LARGEST_INTEGER = 2**64


def is_whole(dtype: np.dtype | str) -> bool:
    """Whether a dtype is one of integers that double precision may round."""
    dtype = np.dtype(dtype)
    return dtype.kind in "iu" and dtype.itemsize == 8


def are_beyond(values: np.ndarray) -> bool:
    """Whether the magnitude of any of `values`, real, is `BEYOND` or more.  NaN does not count."""
    if not values.size:
        return False
    return bool(np.fmax.reduce(values, None) >= BEYOND or np.fmin.reduce(values, None) <= -BEYOND)


def as_floats(values: np.ndarray) -> np.ndarray:
    """Return real numbers in float64, or in `WIDE` if they are integers of 64 bits and some are beyond 2**53.

    They may be in `WIDE` already, with NaN among them.
    """
    if (is_whole(values.dtype) or values.dtype == WIDE) and are_beyond(values):
        return values.astype(WIDE, copy=False)
    return values.astype(np.float64, copy=False)


def array_of(numbers: object) -> np.ndarray:
    """Return numbers as an array: in `WIDE` if some are longdoubles or ints that float64 rounds, else in float64.

    Parameters
    ----------
    numbers : ndarray, number of Python or NumPy, or sequence of such
    """
    if isinstance(numbers, np.ndarray):
        return as_floats(numbers)
    each = numbers if isinstance(numbers, (list, tuple)) else (numbers,)
    wide = any(isinstance(one, np.longdouble) or is_rounded(one) for one in each)
    return np.array(numbers, WIDE if wide else np.float64)


def scalars(*numbers: object) -> list[float]:
    """Return numbers for arithmetic: all as floats, or all as longdoubles where `array_of` uses `WIDE`."""
    found = array_of(numbers)
    return list(found) if found.dtype == WIDE else found.tolist()


def number(value: object) -> float | int:
    """Return a number of Python or NumPy as a float, or as an int if it is whole, beyond 2**53, and fits into 64 bits.

    A longdouble beyond 2**53 is rounded to a whole number.  A number that is too large for a float becomes infinite.

    Raises
    ------
    TypeError, ValueError
        If `value` is no number.
    """
    if isinstance(value, (int, np.integer)) and not isinstance(value, bool):
        whole = int(value)
        if BEYOND <= abs(whole) <= _LARGEST_INTEGER:
            return whole
        return float(whole) if abs(whole) <= sys.float_info.max else math.inf * (1 if whole > 0 else -1)
    if isinstance(value, np.longdouble) and BEYOND <= abs(np.rint(value)) <= _LARGEST_INTEGER:
        return int(np.rint(value))
    return float(value)  # type: ignore[arg-type]


def read_number(text: str) -> float | int:
    """Return the number of a text as `number` does: ``"1152921504606846977"``, ``"1.5e18"``, ``"0.5"``.

    A number beyond 2**53 has all digits of the text.  A number with a power of ten is a float if a float holds it.

    Raises
    ------
    ValueError
        If the text is no number.
    """
    value = float(text)
    if not BEYOND <= abs(value) <= _LARGEST_INTEGER:
        return value
    whole = number(round(Fraction(text)))
    return value if value == whole and "e" in text.lower() else whole


def is_rounded(value: object) -> bool:
    """Whether double precision rounds a number."""
    return isinstance(value, int) and float(value) != value


def span(lo: float | int, hi: float | int) -> float:
    """Return ``hi - lo``, rounded once."""
    if isinstance(lo, float) and isinstance(hi, float):
        return hi - lo
    return float(Fraction(hi) - Fraction(lo))


def distances(values: np.ndarray, base: float | int) -> np.ndarray:
    """Return ``values - base`` in float64; differences of whole numbers of 64 bits are exact and then rounded once."""
    with np.errstate(over="ignore", invalid="ignore"):
        return np.asarray((values.astype(WIDE, copy=False) - base).astype(np.float64))


def moved(distance: float, base: int, up: bool) -> float | int:
    """Return ``base + distance``, both finite.  A sum beyond 2**53 is rounded to a whole number, `up` or down."""
    place = Fraction(distance) + base
    if abs(place) < BEYOND:
        return float(place)
    return number(math.ceil(place) if up else math.floor(place))
