"""Which cards tell of an image: its own, those that it inherits, and those of a sister with the same pixels."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

__all__ = ["Described", "described", "groups_world", "row_origin", "value_unit", "world_cards"]

_WORLD_CARD = re.compile(
    r"WCSAXES|WCSNAME|C(TYPE|RVAL|RPIX|DELT|UNIT|ROTA|NAME)\d|(CD|PC|PV|PS)\d+_\d+|RADESYS|RADECSYS|EQUINOX|EPOCH"
    r"|LONPOLE|LATPOLE|SPECSYS|RESTFRE?Q|RESTWAV|[AB]P?_(ORDER|\d+_\d+)"
)

# What a header says of its own array and place in the file, and is never inherited.
_OWN_CARD = re.compile(
    r"SIMPLE|XTENSION|BITPIX|NAXIS\d*|EXTEND|PCOUNT|GCOUNT|GROUPS|EXT(NAME|VER|LEVEL)|INHERIT|BSCALE|BZERO|BLANK"
    r"|DATAM(IN|AX)|CHECKSUM|DATASUM|NEXTEND|NPIX\d|PIXVALUE|COMMENT|HISTORY|CONTINUE|END|"
)

# The matrix from pixels to intermediate coordinates: two halves of two of them make none.
_MATRIX_CARD = re.compile(r"(CD|PC)\d+_\d+|C(DELT|ROTA)\d+")

# Keywords that a note lists.
_FEW = 6

# What the science image of a group is called, to which errors, weights and flags of the same EXTVER belong.
_SCIENCE = ("SCI", "SCIENCE", "IMAGE")


@dataclass(frozen=True, slots=True)
class Described:
    """The headers that tell of an image.

    Attributes
    ----------
    header : astropy.io.fits.Header
        Of its values.
    world : astropy.io.fits.Header
        Of its coordinates.
    notes : tuple of str
        Where they are from, if not from the image's own header.
    """

    header: Any
    world: Any
    notes: tuple[str, ...] = ()


def described(hdus: Any, hdu: Any) -> Described:
    """Return what tells of the image in an HDU.

    An extension with ``INHERIT = T`` has the cards of the primary header that it has not itself (FITS 4.0, section
    4.4.2.6 and appendix K).  One without coordinates has those of its sister: the one that its SCIDATA names, or the
    science image of the same EXTVER, if the shape is the same.
    """
    header = hdu.header.copy()
    notes = _inherit(header, hdus[0].header) if header.get("INHERIT") in (True, "T") and hdu is not hdus[0] else ()
    sister = None if world_cards(header) else _sister(hdus, hdu)
    if sister is None:
        return Described(header, header, notes)
    at, world = sister
    return Described(header, world, (*notes, f"coordinates from the header of {at}"))


def world_cards(header: Any) -> str:
    """Return the cards that are about coordinates, a line each; empty where they give none."""
    cards = [card for card in header.cards if _WORLD_CARD.fullmatch(card.keyword)]
    if not any(card.keyword.startswith(("CTYPE", "CRVAL", "CDELT")) for card in cards):
        return ""
    return "\n".join(str(card).rstrip() for card in cards)


def groups_world(header: Any, shape: tuple[int, ...]) -> dict[str, Any]:
    """Return what a header of random groups says of the axes of their arrays, numbered as those of an image.

    Their first FITS axis has no elements, and the groups have no number: they come last.
    """
    world = {
        f"{word}{n - 1}": header[f"{word}{n}"]
        for word in ("CTYPE", "CRVAL", "CRPIX", "CDELT", "CROTA", "CUNIT")
        for n in range(2, len(shape) + 1)
        if f"{word}{n}" in header
    }
    return {**world, f"CTYPE{len(shape)}": "GROUP"}


def value_unit(header: Any) -> str:
    """Return the unit of the values; empty for words that say that there is none."""
    unit = str(header.get("BUNIT", "")).strip()
    return "" if unit.upper() in ("UNITLESS", "DIMENSIONLESS", "NONE") else unit


def row_origin(header: Any) -> tuple[str, tuple[str, ...]]:
    """Return where row 0 belongs on the screen, and what is to be noted about it.

    FITS has it below.  Cameras' programs that write from the top down say so in ROWORDER.
    """
    order = re.sub(r"[^A-Z]", "", str(header.get("ROWORDER", "")).upper())
    if order == "TOPDOWN":
        return "upper", ("the first row is at the top, as ROWORDER says; choose origin=lower to have it below",)
    return "lower", ()


def _inherit(header: Any, primary: Any) -> tuple[str, ...]:
    """Add to a header what it inherits; return what is to be noted about it."""
    own = set(header.keys())
    has_matrix = any(_MATRIX_CARD.fullmatch(key) for key in own)
    found = []
    for card in primary.cards:
        key = card.keyword
        if key in own or _OWN_CARD.fullmatch(key) or (has_matrix and _MATRIX_CARD.fullmatch(key)):
            continue
        header.append(card)
        found.append(key)
    used = [key for key in found if key == "BUNIT" or _WORLD_CARD.fullmatch(key)]
    more = f" and {len(used) - _FEW} more" if len(used) > _FEW else ""
    return (f"{', '.join(used[:_FEW])}{more} from the primary header, as INHERIT says",) if used else ()


def _sister(hdus: Any, hdu: Any) -> tuple[str, Any] | None:
    """Return the number and name of the HDU that has the coordinates of this one, and its header."""
    named = str(hdu.header.get("SCIDATA", "")).strip().upper()
    names = (named,) if named else _SCIENCE
    if not hdu.name or hdu.name.upper() in names:
        return None
    for name in names:
        for at, other in enumerate(hdus):
            if other.name.upper() != name or (other.ver != hdu.ver and not named):
                continue
            if _size(other) == _size(hdu) and world_cards(other.header):
                return f"{at} {name},{other.ver}", described(hdus, other).header
    return None


def _size(hdu: Any) -> tuple[int, int]:
    """Return NAXIS1 and NAXIS2, or what an HDU without data that stands for a constant has in their place."""
    header = hdu.header
    return tuple(int(header.get(f"NAXIS{n}", header.get(f"NPIX{n}", 0))) for n in (1, 2))  # type: ignore[return-value]
