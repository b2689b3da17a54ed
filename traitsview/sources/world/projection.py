"""The projection of the sky that WCSLIB gets, where the cards of a header have more than one meaning.

* SCAMP wrote its polynomials as ``PVi_m`` beside ``TAN`` before ``TPV`` was a name for them.  In the standard the same
  cards turn the pole (FITS 4.0, section 8.3.4).  Other programs fill ``PVi_m`` with zeros, which mean neither.
* Beyond 180° from the reference, cylindrical projections have no position by the standard.  But maps of the whole sky
  with ``CRPIX1 = 1`` are meant to go on around the sky.
* Some headers have coefficients of SIP beside ``PVi_m``, or beside a ``CTYPEi`` without ``-SIP``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .cards import WorldCards
from .iraf import Surface, corrections, parameters
from .kinds import Kind
from .sip import has_sip, is_announced

__all__ = ["Projection", "goes_around", "projection_of", "uses_sip"]

# Projections whose plane repeats itself every 360°.
_AROUND = ("CAR", "CEA", "MER", "HPX")

# The standard's projection that follows IRAF's polynomials of the plane.
_OF_IRAF = {"TNX": "TAN", "ZPX": "ZPN"}

# Projections that WCSLIB always takes, and projections that it takes if there is neither LONPOLE nor LATPOLE.
_ZENITHAL = ("TAN", "SIN", "STG", "ARC", "ZEA", "TPV")
_OTHERS = ("CAR", "CEA", "MER", "SFL", "PAR", "MOL", "AIT")

# SCAMP's linear terms PVi_1 and PVi_2 are near 1 and 0.  They may differ by this, if there are also terms that the
# standard does not use for TAN.
_LINEAR_ERROR = 0.5

# They may differ by this, if the standard uses all terms that are there.
_STANDARD_LINEAR_ERROR = 0.1


@dataclass(frozen=True)
class Projection:
    """A projection of the sky.

    Attributes
    ----------
    algorithm : str
        Three letters, as in ``CTYPEi``.
    longitude, latitude : int
        Indices of these two world axes, counted from 0.
    parameters : tuple of (int, int, float)
        ``PVi_m``: 1 for the longitude or 2 for the latitude, m, and the value.
    notes : tuple of str
        Sentences about cards that two readers may read differently.
    is_certain : bool
        Whether WCSLIB is sure to take it, with any numbers.
    corrections : (Surface or None, Surface or None)
        Polynomials whose values, in degrees, are added to intermediate longitudes and latitudes before the projection.
    problem : str
        A sentence that says why the corrections cannot be read, or empty.
    around : bool
        Whether longitudes beyond 180° from the reference go on around the sky.
    """

    algorithm: str
    longitude: int
    latitude: int
    parameters: tuple[tuple[int, int, float], ...] = ()
    notes: tuple[str, ...] = ()
    is_certain: bool = False
    corrections: tuple[Surface | None, Surface | None] = (None, None)
    problem: str = ""
    around: bool = False


def projection_of(cards: WorldCards, kinds: Sequence[Kind], pair: tuple[int, int]) -> Projection:
    """Return the projection of the axes of longitude and latitude, counted from 0."""
    lng, lat = pair
    algorithm = kinds[lng].algorithm
    if algorithm in _OF_IRAF:
        return _of_iraf(cards, pair, algorithm)
    values = _parameters(cards, pair, algorithm)
    notes: list[str] = []
    announced = is_announced(cards, lng + 1)
    if algorithm == "TAN" and not _is_scamp(values):
        values = _of_tan(values, notes)
    elif algorithm == "TAN" and has_sip(cards) and announced:
        notes.append("PV cards beside -SIP are taken for SCAMP's copy of it, and do not count")
        values = {}
    elif algorithm == "TAN":
        notes.append("PV cards beside TAN are read as SCAMP's polynomial; by the standard they would turn the pole")
        algorithm = "TPV"
    if algorithm == "TPV":
        values = {(1, 1): 1.0, (2, 1): 1.0, **values}
    if has_sip(cards) and algorithm == "TPV":
        notes.append("A_ORDER, B_ORDER and PV cards are there, and the PV cards count")
    elif has_sip(cards) and not announced:
        notes.append("A_ORDER and B_ORDER are there without -SIP in CTYPE, and count")
    turned = cards.has("LONPOLE") or cards.has("LATPOLE")
    free = not values or algorithm == "TPV"
    certain = free and (algorithm in _ZENITHAL or (algorithm in _OTHERS and not turned))
    listed = tuple((axis, m, value) for (axis, m), value in sorted(values.items()))
    return Projection(algorithm, lng, lat, listed, tuple(notes), certain)


def _of_iraf(cards: WorldCards, pair: tuple[int, int], algorithm: str) -> Projection:
    """Return a projection whose plane IRAF's polynomials correct."""
    lng, lat = pair
    standard = _OF_IRAF[algorithm]
    try:
        added = corrections(cards, lng + 1, lat + 1)
        values = parameters(cards, lat + 1) if standard == "ZPN" else {}
    except ValueError as error:
        return Projection(standard, lng, lat, problem=str(error))
    listed = tuple((2, m, value) for m, value in sorted(values.items()))
    return Projection(standard, lng, lat, listed, is_certain=standard == "TAN", corrections=added)


def uses_sip(cards: WorldCards, projection: Projection | None) -> bool:
    """Whether pixels are distorted by SIP's polynomials."""
    return has_sip(cards) and (projection is None or projection.algorithm != "TPV")


def goes_around(algorithm: str, low: float, high: float) -> bool:
    """Whether an image with intermediate longitudes of `low` … `high` degrees goes on around the sky beyond 180°.

    It does if the projection repeats itself and the image holds no place of the sky twice.
    """
    return algorithm in _AROUND and high - low <= 360 * (1 + 1e-6)


def _parameters(cards: WorldCards, pair: tuple[int, int], algorithm: str) -> dict[tuple[int, int], float]:
    """Return ``PVi_m`` by (1 for longitude or 2 for latitude, m); the latitude's were once called ``PROJPm``."""
    values = {(2, int(name[5:])): value for name, value in cards.numbers.items() if name.startswith("PROJP")}
    if algorithm in ("TAN", "TPV"):
        values = {}  # TAN has no parameters of the latitude, and TPV is younger than the name
    for which, at in enumerate(pair, 1):
        start = f"PV{at + 1}_"
        found = {(which, int(name[len(start) :])): v for name, v in cards.numbers.items() if name.startswith(start)}
        values |= found
    return values


def _is_scamp(values: dict[tuple[int, int], float]) -> bool:
    """Whether ``PVi_m`` beside TAN are a polynomial of SCAMP.  By the standard TAN has only PV1_0 … PV1_4."""
    if not any(axis == 2 or m > 4 for axis, m in values):
        return (
            abs(values.get((1, 1), 0.0) - 1) < _STANDARD_LINEAR_ERROR
            and abs(values.get((1, 2), 0.0)) < _STANDARD_LINEAR_ERROR
        )
    return all(
        abs(values.get((axis, 1), 1.0) - 1) < _LINEAR_ERROR and abs(values.get((axis, 2), 0.0)) < _LINEAR_ERROR
        for axis in (1, 2)
    )


def _of_tan(values: dict[tuple[int, int], float], notes: list[str]) -> dict[tuple[int, int], float]:
    """Return the parameters that count for TAN by the standard.

    TAN shows less than a hemisphere, so PV1_2, the native latitude of the reference, must be above 0.  Otherwise PV1_1
    and PV1_2 do not count.
    """
    kept = {(axis, m): value for (axis, m), value in values.items() if axis == 1 and m < 5}
    if kept.get((1, 2), 90.0) > 0:
        return kept
    notes.append("PV1_1 and PV1_2 beside TAN name a place that TAN does not show, and do not count")
    return {(axis, m): value for (axis, m), value in kept.items() if m > 2}
