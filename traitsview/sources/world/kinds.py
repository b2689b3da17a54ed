"""The meaning of ``CTYPEi``: the coordinate of an axis, and how its value follows from a linear coordinate.

FITS 4.0, section 8.2 and tables 13, 23 to 25; velocities and frequencies of AIPS (``VELO-LSR``, ``FELO-HEL``) too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from .units import spelt

__all__ = ["DECADIC", "Kind", "kind_of", "partner_of"]

#: ``value = 10 ** linear``, as IRAF's ``DC-FLAG = 1`` says.
DECADIC = "10**"

# Algorithms that coordinates of every kind may have.
_OF_ANY = ("", "TAB", "LOG", DECADIC)

_PROJECTIONS = (
    *("AZP", "SZP", "TAN", "STG", "SIN", "ARC", "ZPN", "ZEA", "AIR", "CYP", "CEA", "CAR", "MER", "COP", "COE", "COD"),
    *("COO", "SFL", "PAR", "MOL", "AIT", "BON", "PCO", "TSC", "CSC", "QSC", "HPX", "XPH"),
    *("NCP", "GLS", "TNX", "ZPX", "TPV"),  # of AIPS, IRAF and SCAMP
)
_PROJECTED = re.compile(r"(RA|DEC|[A-Z]LON|[A-Z]LAT|[A-Z]{2}LN|[A-Z]{2}LT)-+([A-Z]{3})(-[A-Z]{3})?")
_UNKNOWN_PROJECTED = re.compile(rf".*-({'|'.join(_PROJECTIONS)})(-SIP)?")
_UNPROJECTED = re.compile(r"RA|DEC|[A-Z]?(LON|LAT)|(HP|HG|CR)(LN|LT)")
_SPECTRAL = ("FREQ", "ENER", "WAVN", "VRAD", "WAVE", "VOPT", "ZOPT", "AWAV", "VELO", "BETA", "FELO")
_IN_FRAME = re.compile(rf"({'|'.join(_SPECTRAL)})-([A-Z0-9]+)")
_FRAMES_OF_AIPS = ("LSR", "LSD", "HEL", "OBS", "GEO", "BAR")
_NONLINEAR = re.compile(r"([A-Z0-9_]{1,4})-*-([FWVA]2[FWVA]|GR[IA]|LOG|TAB)")

_UNKNOWN = "names an unknown algorithm"
_NO_SKY = "names no longitude or latitude that is known"

# Words that programs write for an axis without a name.
_NAMELESS = ("", "LINEAR", "LINE", "UNITLESS", "NONE", "UNDEFINED", "UNKNOWN")


@dataclass(frozen=True, slots=True)
class Kind:
    """The coordinate of an axis.

    Attributes
    ----------
    name : str
        The standard's name of the coordinate (``RA``, ``FREQ``), or the name as it was written (``Solar-X``), or empty.
    algorithm : str
        The way from the linear coordinate to the value: a projection, ``F2W``, ``LOG``, ``TAB`` … or `DECADIC`.  It is
        empty if the linear coordinate is the value.
    unit : str
        A unit that was written in the place of the name.
    fault : str
        The mistake in ``CTYPEi``, in words that follow the keyword in a message, or empty.
    is_sky : bool
        Whether it is a longitude or a latitude on a sphere.
    """

    name: str = ""
    algorithm: str = ""
    unit: str = ""
    fault: str = ""
    is_sky: bool = False

    @property
    def is_longitude(self) -> bool:
        """Whether it is a longitude on a sphere."""
        return self.is_sky and self.name.endswith(("RA", "LON", "LN"))

    @property
    def is_projected(self) -> bool:
        """Whether it is one of the two coordinates of a projection of the sky."""
        return self.is_sky and self.algorithm not in _OF_ANY

    @property
    def is_spectral(self) -> bool:
        """Whether its value follows from another spectral coordinate."""
        return not self.is_sky and self.algorithm not in _OF_ANY


def kind_of(ctype: str) -> Kind:
    """Return the meaning of a ``CTYPEi``.  Words for people may follow its first eight characters."""
    word = ctype.strip().upper().rstrip("-")  # CLASS writes RA-- for no projection
    kind = _standard(word) or _standard(word[:8].rstrip(" -"))
    if kind is not None:
        return kind
    unit = spelt(word.lower()) if len(word) > 2 else ""
    return Kind(unit=unit) if unit else Kind(ctype.strip())


def _standard(word: str) -> Kind | None:
    """Return the meaning of a word of the standard or of AIPS, None for other words."""
    projected = _PROJECTED.fullmatch(word)
    if projected:
        name, algorithm, more = projected.groups()
        known = algorithm in ("TAB", "LOG") or (algorithm in _PROJECTIONS and more in (None, "-SIP"))
        return Kind(name, algorithm, fault="" if known else _UNKNOWN, is_sky=True)
    if _UNKNOWN_PROJECTED.fullmatch(word):
        return Kind(word, fault=_NO_SKY)
    nonlinear = _NONLINEAR.fullmatch(word)
    if nonlinear:
        name, algorithm = nonlinear.groups()
        known = algorithm in ("TAB", "LOG") or name in _SPECTRAL
        return Kind(name, algorithm, fault="" if known else _UNKNOWN)
    spectral = _IN_FRAME.fullmatch(word)
    if spectral:
        name, frame = spectral.groups()
        known = len(frame) > 3 or frame in _FRAMES_OF_AIPS
        return Kind(name, "" if known and name != "FELO" else frame, fault="" if known else _UNKNOWN)
    if word in _NAMELESS:
        return Kind()
    if word in _SPECTRAL or _UNPROJECTED.fullmatch(word):
        return Kind(word, is_sky=word not in _SPECTRAL)
    return None


def partner_of(name: str) -> str:
    """Return the name of the latitude that belongs to a longitude, or the other way round."""
    for one, other in (("RA", "DEC"), ("LON", "LAT"), ("LN", "LT")):
        if name.endswith(one):
            return name.removesuffix(one) + other
        if name.endswith(other):
            return name.removesuffix(other) + one
    return ""
