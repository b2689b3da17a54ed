"""The cards that describe an image: its own cards, inherited cards, and cards of a sister image with the same shape."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from ...world.cards import WorldCards, read_cards
from ..regular_file import RegularFile

__all__ = ["Described", "described", "row_origin", "value_unit"]

# Cards about the array of this header and its place in the file.  They are never inherited.
_OWN_CARD = re.compile(
    r"SIMPLE|XTENSION|BITPIX|NAXIS\d*|EXTEND|PCOUNT|GCOUNT|GROUPS|EXT(NAME|VER|LEVEL)|INHERIT|BSCALE|BZERO|BLANK"
    r"|DATAM(IN|AX)|CHECKSUM|DATASUM|NEXTEND|NPIX\d|PIXVALUE|COMMENT|HISTORY|CONTINUE|END|"
)

# The end of a header.  Some programs leave cards behind it, which do not count.
_END = re.compile(r"END(?! {5}=)[\0 ]{5}")

# The most keywords in a note.
_LISTED_KEYWORDS = 6

# Names of the science image of a group.  Errors, weights and flags of the same EXTVER belong to it.
_SCIENCE = ("SCI", "SCIENCE", "IMAGE")


@dataclass(frozen=True, slots=True)
class Described:
    """The cards that describe an image.

    Attributes
    ----------
    header : astropy.io.fits.Header
        Cards about the values.
    world : WorldCards
        Cards about the coordinates.
    notes : tuple of str
        Sentences that name the source of cards that are not in the image's own header.
    """

    header: Any
    world: WorldCards
    notes: tuple[str, ...] = ()


def described(file: RegularFile, hdus: Any, hdu: Any) -> Described:
    """Return the cards that describe the image in an HDU.

    An extension with ``INHERIT = T`` also has cards of the primary header, where it has none itself (FITS 4.0, section
    4.4.2.6 and appendix K).  An extension without coordinates has the coordinates of its sister.  The sister is the HDU
    that SCIDATA names, or the science image of the same EXTVER.  It must have as many rows and columns.
    """
    header = hdu.header.copy()
    unit = _inherit(header, hdus[0].header) if _inherits(hdus, hdu) else ()
    world = _world(file, hdus, hdu)
    notes = _lent_note((*unit, *world.inherited))
    sister = None if world.text else _sister(file, hdus, hdu)
    if sister is None:
        return Described(header, world, notes)
    at, world = sister
    return Described(header, world, (*notes, f"coordinates from the header of {at}"))


def value_unit(header: Any) -> str:
    """Return the unit of the values; empty for words that mean no unit."""
    unit = str(header.get("BUNIT", "")).strip()
    return "" if unit.upper() in ("UNITLESS", "DIMENSIONLESS", "NONE") else unit


def row_origin(header: Any) -> tuple[str, tuple[str, ...]]:
    """Return the edge of the screen where row 0 belongs, ``"lower"`` or ``"upper"``, and notes about it.

    In FITS row 0 is below.  Programs of cameras that write rows from the top down say so in ROWORDER.
    """
    order = re.sub(r"[^A-Z]", "", str(header.get("ROWORDER", "")).upper())
    if order == "TOPDOWN":
        return "upper", ("the first row is at the top, as ROWORDER says; choose origin=lower to have it below",)
    return "lower", ()


def _inherits(hdus: Any, hdu: Any) -> bool:
    """Whether the cards of the primary header count for an extension, too."""
    return hdu is not hdus[0] and hdu.header.get("INHERIT") in (True, "T")


def _inherit(header: Any, primary: Any) -> tuple[str, ...]:
    """Add inherited cards to a header; return the keyword of the unit if it is one of them."""
    own = set(header.keys())
    lent = [card for card in primary.cards if card.keyword not in own and not _OWN_CARD.fullmatch(card.keyword)]
    for card in lent:
        header.append(card)
    return ("BUNIT",) if any(card.keyword == "BUNIT" for card in lent) else ()


def _lent_note(names: Sequence[str]) -> tuple[str, ...]:
    more = f" and {len(names) - _LISTED_KEYWORDS} more" if len(names) > _LISTED_KEYWORDS else ""
    return (f"{', '.join(names[:_LISTED_KEYWORDS])}{more} from the primary header, as INHERIT says",) if names else ()


def _world(file: RegularFile, hdus: Any, hdu: Any) -> WorldCards:
    """Return the cards about coordinates in the header of an HDU, the inherited ones included."""
    return read_cards(_cards(file, hdu), _cards(file, hdus[0]) if _inherits(hdus, hdu) else ())


def _cards(file: RegularFile, hdu: Any) -> list[str]:
    """Return the 80 characters of each card of a header, as they are in the file; astropy would correct them."""
    place = hdu.fileinfo()
    with file.stream() as stream:
        stream.seek(place["hdrLoc"])
        header = stream.read(place["datLoc"] - place["hdrLoc"]).decode("latin1")
    cards = (header[at : at + 80] for at in range(0, len(header), 80))
    return list(takewhile(lambda card: not _END.match(card), cards))


def _sister(file: RegularFile, hdus: Any, hdu: Any) -> tuple[str, WorldCards] | None:
    """Return the number and name of the sister of an HDU, and its cards about coordinates; None if there is none."""
    named = str(hdu.header.get("SCIDATA") or "").strip().upper()
    names = (named,) if named else _SCIENCE
    if not hdu.name or hdu.name.upper() in names:
        return None
    for name in names:
        for at, other in enumerate(hdus):
            if other.name.upper() != name or (other.ver != hdu.ver and not named) or _size(other) != _size(hdu):
                continue
            world = _world(file, hdus, other)
            if world.text:
                return f"{at} {name},{other.ver}", world
    return None


def _size(hdu: Any) -> tuple[int, int]:
    """Return NAXIS1 and NAXIS2; an HDU without data has NPIX1 and NPIX2 in their place."""
    header = hdu.header
    return tuple(int(header.get(f"NAXIS{n}", header.get(f"NPIX{n}", 0))) for n in (1, 2))  # type: ignore[return-value]
