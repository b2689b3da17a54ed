"""The two axes of the sky: their units in degrees, their problem, and whether they go on around the sky."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ...errors import quoted
from .cards import WorldCards
from .frames import has_equinox
from .plate import PLATE, plate_problem
from .projection import Projection, goes_around
from .synoptic import counts_sines, counts_time, is_sine
from .units import ANGLES, angle_of, spelt
from .world_axis import WorldAxis

__all__ = ["on_sky"]

# Degrees by which rounding may move the latitude of the pole.
_POLE_ERROR_DEGREES = 1e-6

# Above this longitude neighbouring pixels would get the same number.  Carrington longitudes that count rotations are
# about 1e6.
_LONGITUDE_LIMIT_DEGREES = 1e8

# Two steps have one direction if the sine of the angle between them is below this.
_PARALLEL_SINE = 1e-9

_RADIAN = ANGLES["rad"]


def on_sky(
    cards: WorldCards,
    axes: tuple[WorldAxis, ...],
    projection: Projection,
    reference: tuple[float, ...],
    sizes: Sequence[int],
) -> tuple[tuple[WorldAxis, ...], Projection]:
    """Return the axes and the projection.  The axes of the sky are in degrees and share their problem, if any."""
    pair = projection.longitude, projection.latitude
    problem = next((axes[at].problem for at in pair if axes[at].problem), "")
    problem = problem or _problem(cards, axes, projection) or _standstill(cards, axes, pair, sizes)
    if problem:
        return tuple(replace(axis, problem=problem) if at in pair else axis for at, axis in enumerate(axes)), projection
    lng, lat = (axes[at] for at in pair)
    sines, time = counts_sines(cards, lng, lat, projection, sizes), counts_time(lng, lat)
    in_sines = sines or is_sine(cards.word(f"CUNIT{lat.number}"))
    made = tuple(
        _in_degrees(cards, axis, projection, in_sines, time) if at in pair else axis for at, axis in enumerate(axes)
    )
    projection = replace(projection, notes=(*projection.notes, *_synoptic_notes(lng, lat, sines, time)))
    problem = _misplaced(*(made[at] for at in pair))
    if problem:
        made = tuple(replace(axis, problem=problem) if at in pair else axis for at, axis in enumerate(made))
    return made, _around(projection, *_range(made[projection.longitude], reference, sizes))


def _in_degrees(cards: WorldCards, axis: WorldAxis, projection: Projection, sines: bool, time: bool) -> WorldAxis:
    """Return an axis of the sky with everything in degrees.

    Parameters
    ----------
    sines : bool
        Whether the latitudes are sines.
    time : bool
        Whether the longitudes are Carrington time.
    """
    if projection.algorithm == PLATE:
        return replace(axis, unit="deg")
    if sines and not axis.kind.is_longitude:
        # y = (180°/π) sin θ (Thompson 2006, §5.5): the sine is linear, and the reference is the equator.
        row = tuple(step * _RADIAN for step in axis.row)
        return replace(axis, unit="deg", reference=0.0, start=axis.reference * _RADIAN, row=row)
    unit = angle_of(cards.word(f"CUNIT{axis.number}"))
    degrees = ANGLES[unit]
    if time and axis.kind.is_longitude:
        degrees = -degrees
    reference = axis.reference * degrees
    if not axis.kind.is_longitude and 90 < abs(reference) <= 90 + _POLE_ERROR_DEGREES:
        reference = math.copysign(90.0, reference)
    return replace(axis, unit=unit, reference=reference, row=tuple(step * degrees for step in axis.row))


def _range(axis: WorldAxis, reference: tuple[float, ...], sizes: Sequence[int]) -> tuple[float, float]:
    """Return the least and the largest intermediate coordinate at the centres of elements."""
    low = high = axis.start
    for j, (step, pixel) in enumerate(zip(axis.row, reference, strict=True)):
        ends = step * (1 - pixel), step * ((sizes[j] if j < len(sizes) else 1) - pixel)
        low, high = low + min(ends), high + max(ends)
    return low, high


def _around(projection: Projection, low: float, high: float) -> Projection:
    """Return the projection, changed to go on around the sky if `goes_around` says so."""
    if not goes_around(projection.algorithm, low, high):
        return projection
    far, notes = max(high, -low), projection.notes
    if far > 180 * (1 + 1e-6):
        beyond = f"the image reaches {far:.6g}° from CRVAL{projection.longitude + 1}, beyond the 180° of the standard"
        notes += (f"{beyond}, and goes on around the sky",)
    return replace(projection, around=True, notes=notes)


def _problem(cards: WorldCards, axes: tuple[WorldAxis, ...], projection: Projection) -> str:
    """Return the problem of the two axes together, or of cards that only these axes need; or an empty text."""
    if projection.algorithm == PLATE:
        return plate_problem(cards)
    pair = axes[projection.longitude], axes[projection.latitude]
    names = tuple(f"PV{axis.number}_" for axis in pair)
    needs = ["LONPOLE", "LATPOLE", *(name for name in cards.unread if name.startswith((*names, "PROJP")))]
    if has_equinox(pair[0].kind.name, cards):
        needs += ["EQUINOX"] if cards.has("EQUINOX") else ["EPOCH"]
    for name in needs:
        if name in cards.unread:
            return cards.unread[name]
    if projection.problem:
        return projection.problem
    if pair[0].kind.algorithm != pair[1].kind.algorithm:
        words = (f"CTYPE{axis.number} {quoted(cards.word(f'CTYPE{axis.number}'), 40)}" for axis in pair)
        return " and ".join(words) + " are of different projections"
    for axis in pair:
        unit = cards.word(f"CUNIT{axis.number}")
        if is_sine(unit) and not axis.kind.is_longitude and projection.algorithm == "CEA":
            continue
        if not angle_of(unit):
            return f"CUNIT{axis.number} is no {'angle' if spelt(unit) else 'unit'}: {quoted(unit, 40)}"
    return ""


def _misplaced(longitude: WorldAxis, latitude: WorldAxis) -> str:
    """Return the problem of the reference on the sky, in degrees; or an empty text."""
    if abs(latitude.reference) > 90:
        return f"CRVAL{latitude.number} is no latitude: {latitude.reference:.9g} degrees"
    if abs(longitude.reference) > _LONGITUDE_LIMIT_DEGREES:
        return f"CRVAL{longitude.number} is no longitude: {longitude.reference:.9g} degrees"
    return ""


def _standstill(cards: WorldCards, axes: tuple[WorldAxis, ...], pair: tuple[int, int], sizes: Sequence[int]) -> str:
    """Return why different elements would all get one position, or an empty text.

    A step of 0 does no harm along an axis of one element, or along an axis with which another coordinate grows.
    """
    moving = [j for j, size in enumerate(sizes) if size > 1]
    for at in pair:
        if at in moving and not any(axes[at].row) and not any(axis.row[at] for axis in axes):
            names = (f"CDELT{at + 1}", f"CD{at + 1}_{at + 1}", f"PC{at + 1}_{at + 1}")
            name = next((name for name in names if cards.numbers.get(name) == 0), names[0])
            return f"{name} is 0, and the image has {sizes[at]} elements along that axis"
    others = [axis for at, axis in enumerate(axes) if at not in pair]
    alone = [j for j in moving if not any(axis.row[j] for axis in others)]
    steps = [step for step in ((axes[pair[0]].row[j], axes[pair[1]].row[j]) for j in alone) if any(step)]
    if len(steps) == 2 and _are_parallel(*steps):
        numbers = " and ".join(f"CTYPE{at + 1}" for at in pair)
        return f"the matrix of {numbers} is singular: all elements would lie on one line"
    return ""


def _are_parallel(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return abs(one[0] * other[1] - one[1] * other[0]) <= _PARALLEL_SINE * math.hypot(*one) * math.hypot(*other)


def _synoptic_notes(longitude: WorldAxis, latitude: WorldAxis, sines: bool, time: bool) -> Iterator[str]:
    """Yield sentences that say how the cards of a map of the whole Sun are read, where the cards do not say it."""
    if sines:
        yield f"the latitudes of axis {latitude.number} are 2 from end to end, and are read as sines"
    if time:
        yield f"CRVAL{longitude.number} counts rotations against the longitude, and is read as Carrington time"
