"""The two axes of the sky: their unit, what is wrong with them, and whether they go on around the sky."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ...errors import quoted
from .cards import WorldCards
from .frames import has_equinox
from .plate import PLATE, plate_problem
from .projection import Projection, goes_around
from .units import angle_in_degrees, spelt
from .world_axis import WorldAxis

__all__ = ["on_sky"]

# Maps of the sun count the latitude of an equal-area projection in sines: y = (180°/π) sin θ (Thompson 2006, §5.5).
_SINE_LATITUDE = re.compile(r"(?i)sine? *\(?lat(itude)?\)?")
_RADIAN = angle_in_degrees("rad") or 0.0


def on_sky(
    cards: WorldCards,
    axes: tuple[WorldAxis, ...],
    projection: Projection,
    reference: tuple[float, ...],
    sizes: Sequence[int],
) -> tuple[tuple[WorldAxis, ...], Projection]:
    """Return axes of which those of the sky are in degrees and share what is wrong, and their projection."""
    pair = projection.longitude, projection.latitude
    problem = next((axes[at].problem for at in pair if axes[at].problem), "") or _problem(cards, axes, projection)
    if problem:
        return tuple(replace(axis, problem=problem) if at in pair else axis for at, axis in enumerate(axes)), projection
    made = tuple(_in_degrees(cards, axis, projection) if at in pair else axis for at, axis in enumerate(axes))
    latitude = made[projection.latitude]
    if abs(latitude.reference) > 90:
        problem = f"CRVAL{latitude.number} is no latitude: {latitude.reference:.9g} degrees"
        made = tuple(replace(axis, problem=problem) if at in pair else axis for at, axis in enumerate(made))
    return made, _around(projection, *_range(made[projection.longitude], reference, sizes))


def _in_degrees(cards: WorldCards, axis: WorldAxis, projection: Projection) -> WorldAxis:
    """Return an axis of the sky with everything in degrees."""
    if projection.algorithm == PLATE:
        return replace(axis, unit="deg")
    unit = cards.word(f"CUNIT{axis.number}")
    degrees = _degrees(unit, axis, projection) or 1.0
    row = tuple(step * degrees for step in axis.row)
    if _is_sine(unit):  # what is linear is the sine, and the reference of the projection is the equator
        return replace(axis, unit="deg", reference=0.0, start=axis.reference * degrees, row=row)
    return replace(axis, unit=axis.unit or "deg", reference=axis.reference * degrees, row=row)


def _range(axis: WorldAxis, reference: tuple[float, ...], sizes: Sequence[int]) -> tuple[float, float]:
    """Return the least and the largest intermediate coordinate of the centres of an image's elements."""
    low = high = axis.start
    for j, (step, pixel) in enumerate(zip(axis.row, reference, strict=True)):
        ends = step * (1 - pixel), step * ((sizes[j] if j < len(sizes) else 1) - pixel)
        low, high = low + min(ends), high + max(ends)
    return low, high


def _around(projection: Projection, low: float, high: float) -> Projection:
    """Return a projection that goes on around the sky where it is meant to."""
    if not goes_around(projection.algorithm, low, high):
        return projection
    far, notes = max(high, -low), projection.notes
    if far > 180 * (1 + 1e-6):
        beyond = f"the image reaches {far:.6g}° from CRVAL{projection.longitude + 1}, beyond the 180° of the standard"
        notes += (f"{beyond}, and goes on around the sky",)
    return replace(projection, around=True, notes=notes)


def _problem(cards: WorldCards, axes: tuple[WorldAxis, ...], projection: Projection) -> str:
    """Return what is wrong with the two axes together, or with what only they need."""
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
    if pair[0].kind.algorithm != pair[1].kind.algorithm:
        words = (f"CTYPE{axis.number} {quoted(cards.word(f'CTYPE{axis.number}'), 40)}" for axis in pair)
        return " and ".join(words) + " are of different projections"
    for axis in pair:
        unit = cards.word(f"CUNIT{axis.number}")
        if _degrees(unit, axis, projection) is None:
            return f"CUNIT{axis.number} is no {'angle' if spelt(unit) else 'unit'}: {quoted(unit, 40)}"
    return ""


def _degrees(unit: str, axis: WorldAxis, projection: Projection) -> float | None:
    """Return how many degrees of the projection's plane the unit of an axis is, or None."""
    if _is_sine(unit) and not axis.kind.is_longitude and projection.algorithm == "CEA":
        return _RADIAN
    return angle_in_degrees(unit)


def _is_sine(unit: str) -> bool:
    return bool(_SINE_LATITUDE.fullmatch(unit.strip()))
