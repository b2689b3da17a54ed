"""Axes along the image: ticks at round numbers, labels that stay distinct at any zoom."""

from __future__ import annotations

import math
from itertools import pairwise

from .image_axis import ImageAxis
from .whole_ticks import are_whole, whole_labels, whole_ticks

#: Screen pixels between ticks, at least.
HORIZONTAL_SPACING = 95
VERTICAL_SPACING = 60

#: Width of a digit in Enable pixels.
CHARACTER_WIDTH = 7

#: Characters up to which a plain number is written as such, though a power of ten were shorter.
PLAIN_CHARACTERS = 7


class DistinctTicks:
    """Ticks at multiples of 1, 2 or 5 × 10ⁿ, each labelled with as many digits as tell it from the next.

    Parameters
    ----------
    spacing : float
        Enable pixels from tick to tick, at least; more where labels are long.
    """

    def __init__(self, spacing):
        self.spacing = spacing

    def get_ticks_and_labels(self, data_low, data_high, bounds_low, bounds_high):
        """Return the ticks between two data values, and their labels; the bounds are in screen pixels."""
        pixels, spacing = abs(bounds_high - bounds_low), self.spacing
        ticks = round_ticks(data_low, data_high, max(2, int(pixels / spacing)))
        labels = tick_labels(ticks)
        if spacing == HORIZONTAL_SPACING and labels and max(map(len, labels)) * CHARACTER_WIDTH + 24 > spacing:
            spacing = max(map(len, labels)) * CHARACTER_WIDTH + 24
            ticks = round_ticks(data_low, data_high, max(2, int(pixels / spacing)))
            labels = tick_labels(ticks)
        return (ticks, labels) if ticks else ()


def round_ticks(low, high, most):
    """Return at most about `most` multiples of 1, 2 or 5 × 10ⁿ between two values, in rising order."""
    if are_whole(low, high):
        return whole_ticks(low, high, most)
    span = high - low
    if not (math.isfinite(span) and span > 0):
        return []
    rough = span / most
    if rough < 1e-300:
        return []
    power = 10.0 ** math.floor(math.log10(rough))
    step = next((m * power for m in (1, 2, 5, 10) if m * power >= rough * 0.999), 10 * power)
    if step < 8 * math.ulp(max(abs(low), abs(high))):
        return []  # floats cannot tell them apart
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    digits = max(0, -math.floor(math.log10(step))) + 1
    return [round(n * step, digits) if digits < 16 else n * step for n in range(first, last + 1)]


def tick_labels(ticks):
    """Return the label of each tick, distinct: plain numbers, or powers of ten where those are shorter."""
    if are_whole(*ticks):
        return whole_labels(ticks)
    if len(ticks) < 2:
        return [f"{tick:.12g}" for tick in ticks]
    step = min(b - a for a, b in pairwise(ticks))
    largest = max(abs(tick) for tick in ticks)
    place = math.floor(math.log10(step) + 1e-9)
    plain = [f"{tick:.{max(0, -place)}f}" for tick in ticks]
    if largest >= 1e16:
        plain = [f"{tick:.17g}" for tick in ticks]
    significant = max(0, math.floor(math.log10(largest) + 1e-9) - place)
    return _shorter(plain, [_power_of_ten(tick, significant) for tick in ticks])


def _shorter(plain, power):
    longest = max(map(len, plain))
    is_short = longest <= PLAIN_CHARACTERS and "e" not in "".join(plain)
    return plain if is_short or longest <= max(map(len, power)) else power


def _power_of_ten(value, digits):
    if value == 0:
        return "0"
    mantissa, exponent = f"{value:.{digits}e}".split("e")
    return f"{mantissa}e{int(exponent)}"


def widest_label(low, high, pixels):
    """Return how many characters the widest label of a vertical axis has."""
    labels = DistinctTicks(VERTICAL_SPACING).get_ticks_and_labels(low, high, 0, pixels)
    return max((len(label) for label in labels[1]), default=0) if labels else 0


def image_axis(plot, orientation, mapper):
    """Return an axis along the bottom or the left of an image plot."""
    return ImageAxis(
        plot,
        orientation=orientation,
        mapper=mapper,
        tick_generator=DistinctTicks(HORIZONTAL_SPACING if orientation == "bottom" else VERTICAL_SPACING),
        title_spacing=36 if orientation == "bottom" else 58,
    )


def axis_title(axis, fallback):
    """Return ``"Right ascension (pixel)"`` from an axis of the image."""
    name = axis.name if axis is not None and axis.name else fallback
    return f"{name} ({axis.unit})" if axis is not None and axis.unit else name
