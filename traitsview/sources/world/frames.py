"""The frames of the sky: their names, and how positions are written in each."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .cards import WorldCards

__all__ = ["Frame", "frame_of", "has_equinox"]

# FITS 4.0, table 24, has the names of reference frames.  Programs write others for the same.
_OTHER_NAMES = {"J2000": "FK5", "FK5/J2000": "FK5", "B1950": "FK4", "FK4/B1950": "FK4"}

# An equinox before this year is one of FK4.
_FIRST_OF_FK5 = 1984.0

_BODIES = {
    "EA": "Earth", "SE": "Moon", "ME": "Mercury", "VE": "Venus", "MA": "Mars", "JU": "Jupiter", "SA": "Saturn",
    "UR": "Uranus", "NE": "Neptune", "PL": "Pluto",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Frame:
    """The form in which positions of a frame are written.

    Attributes
    ----------
    name : str
        The text in brackets behind the numbers, or empty.
    longitude, latitude : str
        The texts before the numbers.
    is_sexagesimal : bool
        Whether longitudes are written in hours, minutes and seconds, and latitudes in degrees, minutes and seconds.
    in_own_unit : bool
        Whether positions are written in the unit of the header rather than in degrees.
    first : float
        The least longitude in degrees: 0, or -180.
    """

    name: str
    longitude: str = "lon"
    latitude: str = "lat"
    is_sexagesimal: bool = False
    in_own_unit: bool = False
    first: float = 0.0


def frame_of(name: str, cards: WorldCards) -> Frame:
    """Return the frame of a longitude by the standard's name of it: ``RA``, ``GLON``, ``HPLN``."""
    if name == "RA":
        return Frame(_equatorial_name(cards), "RA", "Dec", is_sexagesimal=True)
    known = {
        "GLON": Frame("galactic", "l", "b"),
        "ELON": Frame("ecliptic", "λ", "β"),
        "HLON": Frame("helioecliptic", "λ", "β"),
        "SLON": Frame("supergalactic", "SGL", "SGB"),
        "HPLN": Frame("helioprojective", "Tx", "Ty", in_own_unit=True, first=-180.0),
        "HGLN": Frame("Stonyhurst", first=-180.0),
        "CRLN": Frame("Carrington"),
        "HRLN": Frame("helioprojective-radial", "ψ", "δ", in_own_unit=True),
    }
    return known.get(name) or Frame(_BODIES.get(name.removesuffix("LN"), ""))


def has_equinox(name: str, cards: WorldCards) -> bool:
    """Whether positions depend on an equinox, in the frame of a longitude by that name."""
    return name == "RA" and bool(re.fullmatch("|FK5|FK4|FK4-NO-E", _reference_frame(cards)))


def _reference_frame(cards: WorldCards) -> str:
    """Return the reference frame of RA and DEC that the header names, or an empty text."""
    written = (cards.word("RADESYS") or cards.word("RADECSYS")).upper()
    return _OTHER_NAMES.get(written, written)


def _equatorial_name(cards: WorldCards) -> str:
    """Return the reference frame of RA and DEC and its equinox; ``ICRS assumed`` if the header has neither."""
    name = _reference_frame(cards)
    equinox = cards.number("EQUINOX") or cards.number("EPOCH")  # 0 is how some programs write that they do not know
    if not name and not equinox:
        return "ICRS assumed"
    if not name:
        name = "FK4" if equinox < _FIRST_OF_FK5 else "FK5"
    if has_equinox("RA", cards):
        return f"{name} {'J' if name == 'FK5' else 'B'}{equinox or (2000 if name == 'FK5' else 1950):g}"
    return name
