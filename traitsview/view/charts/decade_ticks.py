"""Ticks of an axis whose coordinates are decimal logarithms of what it shows."""

from __future__ import annotations

import math

from ..image.axes import round_ticks

__all__ = ["DecadeTicks"]

#: Where fewer decades than this are visible, there are ticks between them.
FEW_DECADES = 2

#: Less of an axis than this, in decades, is divided like an axis of plain numbers.
SHORT_DECADES = 0.5


class DecadeTicks:
    """Ticks at powers of ten; at 2 and 5 times them where few are visible.

    Parameters
    ----------
    spacing : float
        Enable pixels from tick to tick, at least.
    """

    def __init__(self, spacing):
        self.spacing = spacing

    def get_ticks_and_labels(self, data_low, data_high, bounds_low, bounds_high):
        """Return the ticks between two logarithms, and their labels; the bounds are in screen pixels."""
        span, most = data_high - data_low, max(2, int(abs(bounds_high - bounds_low) / self.spacing))
        if not 0 < span < math.inf:
            return ()
        if span < SHORT_DECADES and abs(data_low) < 300 and abs(data_high) < 300:
            values = [value for value in round_ticks(10**data_low, 10**data_high, most) if value > 0]
            return [math.log10(value) for value in values], [f"{value:.12g}" for value in values]
        step = _round_step(span / most)
        powers = range(math.ceil(data_low / step) * step, math.floor(data_high) + 1, step)
        ticks = [(float(power), _power(power)) for power in powers]
        if span < FEW_DECADES:
            first, last = math.floor(data_low), math.floor(data_high)
            ticks += [
                (power + math.log10(part), _part(part, power)) for power in range(first, last + 1) for part in (2, 5)
            ]
        ticks = sorted(tick for tick in ticks if data_low <= tick[0] <= data_high)
        return [at for at, _ in ticks], [label for _, label in ticks]


def _round_step(least):
    """Return 1, 2 or 5 times a power of ten, at least 1 and not less than `least`."""
    power = 10 ** max(math.floor(math.log10(least)), 0) if least > 1 else 1
    return next(part * power for part in (1, 2, 5, 10) if part * power >= least)


def _power(power):
    return f"{10.0**power:g}" if -4 <= power <= 5 else f"1e{power}"


def _part(part, power):
    return f"{part * 10.0**power:g}" if -4 <= power <= 5 else f"{part}e{power}"
