"""Ticks at whole numbers beyond 2**53, where floats lie further apart than the numbers do."""

from __future__ import annotations

import math

import numpy as np

from ...whole_numbers import BEYOND, number, span


def are_whole(*numbers):
    """Whether any number is a whole one beyond 2**53: an int, or a longdouble from between such limits."""
    return any(isinstance(each, (int, np.longdouble)) and abs(each) >= BEYOND for each in numbers)


def whole_ticks(low, high, most):
    """Return at most about `most` multiples of 1, 2 or 5 × 10ⁿ between two numbers, in rising order, as `number` does.

    Parameters
    ----------
    low, high : int or longdouble
    most : int
    """
    low, high = number(low), number(high)
    rough = span(low, high) / most
    power = 10 ** max(0, math.floor(math.log10(rough))) if rough > 0 else 1
    step = next((m * power for m in (1, 2, 5) if m * power >= rough * 0.999), 10 * power)
    first, last = -(-math.ceil(low) // step), math.floor(high) // step
    return [number(n * step) for n in range(first, last + 1)]


def whole_labels(ticks):
    """Return the labels of ticks: all their digits, or powers of ten where those are shorter."""
    whole = [int(tick) for tick in ticks]
    plain = [str(tick) for tick in whole]
    zeros = min((len(text) - len(text.rstrip("0")) for text in plain if text != "0"), default=0)
    power = [_power_of_ten(tick, zeros) for tick in whole]
    return power if max(map(len, power), default=0) < max(map(len, plain), default=0) else plain


def _power_of_ten(value, zeros):
    """Return a whole number without its last `zeros` digits, which are 0, as 1.25e18."""
    digits = str(abs(value))
    shown = digits[: len(digits) - zeros]
    if not shown:
        return "0"
    point = f".{shown[1:]}" if len(shown) > 1 else ""
    return f"{'-' if value < 0 else ''}{shown[0]}{point}e{len(digits) - 1}"
