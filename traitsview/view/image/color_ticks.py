"""The ticks of a colour bar: round numbers with room between their labels, under any scale."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

import numpy as np

from ...color.scales import LABELS, first_shown, parse_scale
from ...whole_numbers import array_of
from .axes import PLAIN_CHARACTERS, round_ticks, tick_labels
from .whole_ticks import are_whole, whole_labels

#: The least distance of labels, in Enable pixels, if the numbers follow a rule, such as decades.
LABEL_SPACING = 25

#: The least distance of labels, in Enable pixels, if the numbers can be chosen.
FREE_LABEL_SPACING = 28

#: A longer gap between labels, in Enable pixels, gets another label.
SEARCHED_GAP = 86

#: The least distance of labels at equal steps, in Enable pixels.
EQUAL_STEP_SPACING = 36

#: A limit of at most this many characters is written at the end of the bar.
ROUND_CHARACTERS = 5

#: The least distance of ticks without labels, in Enable pixels.
MINOR_TICK_SPACING = 3

#: Scales that spread values close to one number over many colours: their ticks are decades.
DECADE_SCALES = ("log", "log10", "asinh", "symlog", "sinh")

#: Decades that are tried below the largest one.
_TRIED_DECADES = 40


@dataclass(frozen=True, slots=True)
class ColorTicks:
    """The ticks of a colour bar; places are 0 at its lower end and 1 at its upper one.

    Attributes
    ----------
    values : tuple of float
        The numbers with a label.
    labels : tuple of str
    places : tuple of float
    minor : tuple of float
        The places of the ticks without a label.
    lines : tuple of float
        The places of lines across the bar, such as one at a hinge.
    """

    values: tuple[float, ...] = ()
    labels: tuple[str, ...] = ()
    places: tuple[float, ...] = ()
    minor: tuple[float, ...] = ()
    lines: tuple[float, ...] = ()


def even(shading):
    """Return a shading with contrast 1 and bias 0.5: these move colours along a bar, but no values."""
    return replace(shading, contrast=1.0, bias=0.5)


class Spread:
    """The places of values along a bar, 0 … 1.  Only the scale moves them; contrast and bias move the colours.

    Parameters
    ----------
    shading : Shading
    """

    def __init__(self, shading):
        self.limits = shading.limits
        self.first = first_shown(shading.scale, self.limits)
        self._even = even(shading)
        # If a hinge lies outside the limits, the bar has only a part of the fractions 0 … 1.
        ends = array_of(self.limits)
        self._first, self._last = (0.0, 1.0) if shading.scale in LABELS else self._even.fraction_of(ends).tolist()
        self._stretch = shading.contrast, shading.bias
        self._colors = shading.colors

    def colors_at(self, place):
        """Return the colours at places on the bar, 0xAARRGGBB multiplied by alpha."""
        contrast, bias = self._stretch
        part = self._first + np.asarray(place) * (self._last - self._first)
        rows = np.clip((part - bias) * contrast + 0.5, 0, 1) * len(self._colors)
        return self._colors[np.minimum(rows.astype(np.intp), len(self._colors) - 1)]

    def value_at(self, place):
        """Return the values at places on the bar."""
        return self._even.value_at(self._first + np.asarray(place) * (self._last - self._first))

    def place_of(self, value):
        """Return the places of values on the bar; values outside the limits are at its ends."""
        places = self._even.fraction_of(value)
        return (places - self._first) / max(self._last - self._first, 1e-300)


def color_ticks(shading, pixels):
    """Return the ticks of a bar that shows a shading.

    Parameters
    ----------
    shading : Shading
    pixels : float
        The length of the bar in Enable pixels; 0 before its first layout.
    """
    return _found(even(shading), max(pixels, 1))


@lru_cache(maxsize=64)
def _found(shading, pixels):
    bins = _named_bins(shading, pixels)
    if bins is not None:
        return bins
    spread = Spread(shading)
    kind, number = parse_scale(shading.scale)
    hinges = (number,) if kind == "hinge" and shading.limits[0] < number < shading.limits[1] else ()
    low, high = shading.limits
    values = round_ticks(low, high, max(2, int(pixels / EQUAL_STEP_SPACING))) if kind == "linear" else []
    if values:
        values = [value for value in values if low <= value <= high]
        return _ticks(spread, values, tick_labels(values))
    chosen = _Apart(spread, pixels)
    minor = []
    for value in (*hinges, 0.0):
        chosen.add(value, LABEL_SPACING)
    if kind in DECADE_SCALES:
        decades = _decades(low, high)
        for value in decades:
            chosen.add(value, LABEL_SPACING)
        minor = _between_decades(spread, pixels, decades, chosen)
    for value in hinges:  # each side is linear by itself
        for side in ((low, value), (value, high)):
            length = abs(float(np.diff(spread.place_of(side))[0])) * pixels
            for tick in round_ticks(*side, max(1, int(length / EQUAL_STEP_SPACING))):
                chosen.add(tick, LABEL_SPACING)
    for value in shading.limits:
        if not are_whole(value) and len(_plain(value)) <= ROUND_CHARACTERS:
            chosen.add(value, LABEL_SPACING)
    if are_whole(low, high):
        chosen.add_all(tick for most in (2, 5, 10, 20) for tick in round_ticks(low, high, most))
    else:
        chosen.fill()
    values = sorted(chosen.places)
    return _ticks(spread, values, _brief(values), minor, hinges)


def _ticks(spread, values, labels, minor=(), hinges=()):
    places = tuple(float(place) for place in np.atleast_1d(spread.place_of(values)))
    lines = tuple(float(spread.place_of(value)) for value in hinges)
    return ColorTicks(tuple(values), tuple(labels), places, tuple(minor), lines)


class _Apart:
    """The chosen numbers: each keeps its distance on the bar from those that were chosen before."""

    def __init__(self, spread, pixels):
        self._spread, self._pixels = spread, max(pixels, 1)
        self._first = spread.first
        self.places = {}

    def add(self, value, apart):
        """Choose a number if it lies on the bar, at least `apart` pixels from all others."""
        high = self._spread.limits[1]
        if not self._first <= value <= high or value in self.places:
            return
        place = float(self._spread.place_of(value)) * self._pixels
        if all(abs(place - other) >= apart for other in self.places.values()):
            self.places[value] = place

    def add_all(self, values):
        """Choose the numbers whose labels have room."""
        for value in values:
            self.add(value, LABEL_SPACING)

    def fill(self):
        """Choose the roundest number in each gap that has room for one."""
        while True:
            found = sorted((place, value) for value, place in self.places.items())
            ends = [(-FREE_LABEL_SPACING / 2, math.nan), *found, (self._pixels + FREE_LABEL_SPACING / 2, math.nan)]
            gaps = [
                (start, end)
                for (start, value), (end, other) in pairwise(ends)
                if end - start > SEARCHED_GAP * (3 if _a_decade(value, other) else 1)
            ]
            if not sum(self._fill(*gap) for gap in gaps):
                return

    def _fill(self, start, end):
        middle = (start + end) / 2 / self._pixels
        inner = np.array([start + FREE_LABEL_SPACING, end - FREE_LABEL_SPACING]) / self._pixels
        low, high = (float(value) for value in self._spread.value_at(np.clip(inner, 0, 1)))
        value = roundest(low, high, float(self._spread.value_at(min(max(middle, 0), 1))))
        if value is None:
            return False
        place = float(self._spread.place_of(value)) * self._pixels
        if not start + LABEL_SPACING < place < end - LABEL_SPACING:  # a scale that jumps has nothing there
            return False
        self.places[value] = place
        return True


def roundest(low, high, near):
    """Return the number in ``low … high`` with the fewest digits; of several, the nearest to `near`; or None."""
    if low <= 0 <= high:
        return 0.0
    if not low < high:
        return None
    largest = max(abs(low), abs(high))
    top = math.floor(math.log10(largest))
    for power in range(top, top - 17, -1):
        unit = 10.0**power if power > -300 else 0.0
        for step in (unit, 5 * unit / 10, 2 * unit / 10):
            if not step:
                return None
            nearest = round(near / step)
            first, last = math.ceil(low / step), math.floor(high / step)
            found = round(min(max(nearest, first), last) * step, max(0, 1 - power))
            if first <= last and low <= found <= high:
                return found
    return None


def _a_decade(one, other):
    """Whether two values are neighbouring powers of ten: ticks without labels between them are enough."""
    small, large = sorted((abs(one), abs(other)))
    return one * other > 0 and math.isclose(large, 10 * small) and math.log10(small).is_integer()


def _decades(low, high):
    """Return the powers of ten and their opposites that lie between two values, the largest first."""
    largest = max(abs(low), abs(high))
    top = math.floor(math.log10(largest)) if largest > 0 else 0
    powers = [10.0**power for power in range(top, max(top - _TRIED_DECADES, -307), -1)]
    return [value for power in powers for value in (power, -power) if low <= value <= high]


def _between_decades(spread, pixels, decades, chosen):
    """Return the places of 2 … 9 times the decades, without those that lie too close to others."""
    low, high = spread.limits
    starts = [*decades, *(value / 10 for value in decades)]
    candidates = sorted({float(f"{value * k:.3g}") for value in starts for k in range(1, 10)})
    candidates = np.array([value for value in candidates if low <= value <= high and value not in chosen.places])
    if not candidates.size:
        return []
    places = spread.place_of(candidates)
    taken = np.array([*chosen.places.values()]) / pixels
    minor = []
    for place in places.tolist():
        others = np.append(taken, minor[-1]) if minor else taken
        if not others.size or np.abs(others - place).min() * pixels >= MINOR_TICK_SPACING:
            minor.append(place)
    return minor


def _brief(values):
    """Return plain numbers; if these are long, powers of ten for those that become shorter."""
    if are_whole(*values):
        return whole_labels(values)
    plain = [_plain(value) for value in values]
    if max(map(len, plain), default=0) <= PLAIN_CHARACTERS:
        return plain
    return [min(text, _power_of_ten(value), key=len) for text, value in zip(plain, values, strict=True)]


def _plain(value):
    return np.format_float_positional(value, trim="-") if 1e-9 < abs(value) < 1e16 else _power_of_ten(value)


def _power_of_ten(value):
    return "0" if value == 0 else np.format_float_scientific(value, trim="-", exp_digits=1).replace("e+", "e")


def _meanings(shading):
    """Return the value of each colour, if the colormap states them, and the text beside it."""
    colormap = shading.colormap
    if shading.scale not in LABELS:
        return colormap.values, colormap.labels or _brief(colormap.values)
    counted = range(shading.size) if shading.scale == "labels" else (shading.size, *range(1, shading.size))
    values = shading.indexing.curve or tuple(map(float, counted))
    names = dict(zip(colormap.values or values, colormap.labels, strict=False))
    return values, [names.get(value, text) for value, text in zip(values, _brief(values), strict=True)]


def _named_bins(shading, pixels):
    """Return ticks in the middle of colours that have a value or a name, as many as have room; else None."""
    count = shading.size
    values, texts = _meanings(shading)
    if len(texts) != count:
        return None
    every = max(1, math.ceil(count * LABEL_SPACING * 0.7 / max(pixels, 1)))
    rows = range(0, count, every)
    places = [(row + 0.5) / count for row in rows]
    return ColorTicks(
        tuple(float(values[row]) if values else float(row) for row in rows),
        tuple(texts[row] for row in rows),
        tuple(places),
    )
