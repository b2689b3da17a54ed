"""The axes of the world that a header describes, and the problem of each of them.

A problem belongs to the axis that needs the wrong card: a third axis in an unknown unit does not spoil the sky.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ...errors import quoted
from .cards import WorldCards
from .distortion_tables import has_lookups, lookup_problem
from .kinds import DECADIC, Kind, kind_of, partner_of
from .linear import LinearPart, linear_part, of_pixels
from .plate import PLATE, is_plate
from .projection import Projection, projection_of, uses_sip
from .sip import sip_problem
from .sky import on_sky
from .units import shown_unit, spelt
from .world_axis import WorldAxis

__all__ = ["WorldAxes", "world_axes"]

# The most axes that WCSAXES may count; keywords have no room for more.
_AXES_LIMIT = 99

# Wavelengths in any unit are below 10 to this power.
_LARGEST_EXPONENT = 20

_NUMBERED = re.compile(r"C(?:TYPE|RVAL|RPIX|DELT|UNIT)(\d+)|(?:PC|CD)(\d+)_(\d+)")


@dataclass(frozen=True)
class WorldAxes:
    """All axes of the world.

    Attributes
    ----------
    cards : WorldCards
    reference : tuple of float
        ``CRPIXj``: the pixel along each axis where intermediate coordinates are 0.
    axes : tuple of WorldAxis
        At least as many as the image has.
    projection : Projection or None
        The projection of the two axes of the sky, if there is one.
    sip : bool
        Whether the first two pixel axes are distorted by SIP's polynomials.
    notes : tuple of str
        Sentences about cards that two readers may read differently.
    """

    cards: WorldCards
    reference: tuple[float, ...]
    axes: tuple[WorldAxis, ...]
    projection: Projection | None
    sip: bool
    notes: tuple[str, ...]

    @property
    def distorted(self) -> bool:
        """Whether the first two pixel axes are distorted, by polynomials or tables."""
        return self.sip or has_lookups(self.cards)

    @property
    def problem(self) -> str:
        """Sentences that say why some coordinates are not shown, or empty."""
        missed = (axis.problem for axis in self.axes if axis.is_described or axis.number > 2)
        return "; ".join(dict.fromkeys(filter(None, missed)))

    @property
    def is_certain(self) -> bool:
        """Whether libraries take the cards for certain, so that none needs to be asked."""
        if has_lookups(self.cards):
            return False
        sure = self.projection is not None and self.projection.is_certain
        return all(axis.is_linear or axis.problem or (axis.kind.is_projected and sure) for axis in self.axes)

    def is_alone(self, number: int) -> bool:
        """Whether the world axis of that number, from 1, depends on the pixel axis of that number and on no other."""
        at = number - 1
        row = self.axes[at].row
        crossed = any(row[:at] + row[at + 1 :]) or any(axis.row[at] for axis in self.axes if axis.number != number)
        return not crossed and not (self.distorted and number <= 2)


def world_axes(cards: WorldCards, sizes: Sequence[int]) -> WorldAxes:
    """Return the axes that cards describe.

    Parameters
    ----------
    sizes : sequence of int
        ``NAXISj``: the shape of the array from its end.
    """
    count = _count(cards, len(sizes))
    kinds = [kind_of(cards.word(f"CTYPE{i}")) for i in range(1, count + 1)]
    if is_plate(cards):
        kinds[:2] = [Kind(name, PLATE, is_sky=True) for name in ("RA", "DEC")]
    kinds[0] = _dispersed(cards, kinds[0])
    units = [cards.word(f"CUNIT{i + 1}") or kinds[i].unit for i in range(count)]
    pair = _sky_pair(kinds)
    kinds = [
        replace(kind, fault="has no partner on another axis") if kind.is_projected and at not in (pair or ()) else kind
        for at, kind in enumerate(kinds)
    ]
    linear = of_pixels(count) if is_plate(cards) else linear_part(cards, count, pair or _flat_pair(kinds, units))
    projection = projection_of(cards, kinds, pair) if pair else None
    sip = uses_sip(cards, projection)
    axes = tuple(_axis(cards, kinds[i], i, units[i], linear, sip) for i in range(count))
    notes = cards.notes + linear.notes
    if projection:
        axes, projection = on_sky(cards, axes, projection, linear.reference, sizes)
        notes += () if axes[projection.longitude].problem else projection.notes
    return WorldAxes(cards, linear.reference, axes, projection, sip, notes)


def _count(cards: WorldCards, least: int) -> int:
    """Return the number of axes of the world.  It includes degenerate axes, which only ``WCSAXES`` counts."""
    found = (_NUMBERED.fullmatch(name) for name in (*cards.numbers, *cards.words, *cards.unread))
    said = cards.number("WCSAXES")
    numbers = (int(number) for match in found if match for number in match.groups() if number)
    return max(least, int(said) if said <= _AXES_LIMIT else 0, *numbers)


def _dispersed(cards: WorldCards, kind: Kind) -> Kind:
    """Return the kind of the first axis.  IRAF's ``DC-FLAG = 1`` makes it the logarithm of a wavelength.

    A flag that another program left behind does not count: then ``CRVAL1`` is too large for such a logarithm.
    """
    if cards.number("DC-FLAG") != 1 or kind.algorithm or kind.is_sky or abs(cards.number("CRVAL1")) > _LARGEST_EXPONENT:
        return kind
    return replace(kind, name=kind.name or "LAMBDA", algorithm=DECADIC, unit="")


def _sky_pair(kinds: Sequence[Kind]) -> tuple[int, int] | None:
    """Return the axes of a projected longitude and its latitude, counted from 0."""
    projected = {kind.name: at for at, kind in enumerate(kinds) if kind.is_projected}
    for name, at in projected.items():
        if kinds[at].is_longitude and partner_of(name) in projected:
            return at, projected[partner_of(name)]
    return None


def _flat_pair(kinds: Sequence[Kind], units: Sequence[str]) -> tuple[int, int] | None:
    """Return the first two axes if they can be rotated: both are linear and have the same unit."""
    alike = (
        len(kinds) > 1
        and shown_unit(units[0]) == shown_unit(units[1])
        and not (kinds[0].algorithm or kinds[1].algorithm)
    )
    return (0, 1) if alike else None


def _axis(cards: WorldCards, kind: Kind, at: int, unit: str, linear: LinearPart, sip: bool) -> WorldAxis:
    number, row = at + 1, linear.rows[at]
    title = cards.word(f"CNAME{number}")
    described = bool(cards.word(f"CTYPE{number}") or unit or title or f"CTYPE{number}" in cards.unread)
    given = any(cards.has(name) for name in (f"CDELT{number}", f"CD{number}_{number}", f"PC{number}_{number}"))
    given &= bool(kind.name or title or unit) or not _counts_pixels(cards, number, row)
    problem = _problem(cards, kind, number, unit, linear, sip)
    reference = cards.number(f"CRVAL{number}")
    start = 0.0 if kind.algorithm else reference
    if kind.is_sky and kind.algorithm in ("", "LOG") and not unit:
        unit = "deg"  # FITS 4.0, section 8.3: the unit of the sky unless another is written
    return WorldAxis(number, kind, title, shown_unit(unit), reference, start, row, described, given, problem)


def _counts_pixels(cards: WorldCards, number: int, row: Sequence[float]) -> bool:
    """Whether the coordinate of an axis is the number of the pixel."""
    return (
        row[number - 1] == 1
        and sum(map(abs, row)) == 1
        and cards.number(f"CRVAL{number}") == cards.number(f"CRPIX{number}")
    )


def _problem(cards: WorldCards, kind: Kind, number: int, unit: str, linear: LinearPart, sip: bool) -> str:
    """Return the first problem of an axis, or an empty text.  `on_sky` adds the problems of the sky."""
    row = linear.rows[number - 1]
    needs = [*(f"{name}{number}" for name in ("CTYPE", "CUNIT", "CRVAL")), *linear.needs[number - 1]]
    if kind.algorithm:
        needs += ["RESTFRQ", "RESTFREQ", "RESTWAV", "VELREF"] if kind.is_spectral else []
        needs += [name for name in cards.unread if name.startswith((f"PV{number}_", f"PS{number}_"))]
    for name in needs:
        if name in cards.unread:
            return cards.unread[name]
    distortion = (any(row[:2]) and sip and sip_problem(cards)) or lookup_problem(cards, number, row)
    if distortion:
        return distortion
    ctype = cards.word(f"CTYPE{number}")
    if kind.fault:
        return f"CTYPE{number} {kind.fault}: {quoted(ctype, 40)}"
    if kind.is_spectral and unit and not spelt(unit):
        return f"CUNIT{number} is no unit: {quoted(unit, 40)}"
    return ""
