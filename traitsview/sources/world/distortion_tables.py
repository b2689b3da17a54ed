"""Distortions of pixels by tables in other HDUs, and the messages for distortions that we do not compute.

``CPDISj`` and ``DPj`` are of FITS paper IV, of which a draft is in use.  ``D2IMDISj`` and ``D2IMj``, or ``AXISCORR``,
are Hubble's cards for the distortion by its detectors, which is corrected first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...errors import quoted
from .cards import WorldCards

__all__ = ["Lookup", "has_lookups", "lookup_problem", "lookups", "read_lookup"]

# For each kind of card with a distortion: the cards with its fields, and the name of the HDU with its table.
_KINDS = {"CPDIS": ("DP", "WCSDVARR"), "D2IMDIS": ("D2IM", "D2IMARR"), "CQDIS": ("DQ", "")}
_VERSIONS = 1 << 31
_DISTORTION = re.compile(r"(CPDIS|D2IMDIS|CQDIS)(\d)")


@dataclass(frozen=True)
class Lookup:
    """A table of corrections to one coordinate of pixels.

    Attributes
    ----------
    card : str
        The keyword of the card that asks for it.
    hdu : (str, int)
        Name and version of the HDU with the table.
    turned : bool
        Whether the first axis of the table is along the second pixel axis.
    """

    card: str
    hdu: tuple[str, int]
    turned: bool = False


def has_lookups(cards: WorldCards) -> bool:
    """Whether pixels are distorted by tables."""
    return any(any(lookups(cards, kind)) for kind in ("CPDIS", "D2IMDIS"))


def lookups(cards: WorldCards, kind: str) -> tuple[Lookup | None, Lookup | None]:
    """Return the corrections to x and y of the pixels by one kind, ``CPDIS`` or ``D2IMDIS``."""
    if kind == "D2IMDIS" and cards.has("AXISCORR"):
        old = Lookup("AXISCORR", ("D2IMARR", 1))
        return (old, None) if cards.number("AXISCORR") == 1 else (None, old)
    return _lookup(cards, kind, 1), _lookup(cards, kind, 2)


def lookup_problem(cards: WorldCards, number: int, row: tuple[float, ...]) -> str:
    """Return the problem of the distortions that a world axis depends on, or an empty text.

    Parameters
    ----------
    number : int
        The number of the axis, from 1.
    row : tuple of float
        The steps of the axis along each pixel axis.
    """
    if any(row[:2]) and cards.has("AXISCORR") and cards.number("AXISCORR") not in (1, 2):
        return cards.unread.get("AXISCORR", f"AXISCORR is no pixel axis: {cards.number('AXISCORR'):g}")
    for name, word in cards.words.items():
        found = _DISTORTION.fullmatch(name)
        if found is None or not word:
            continue
        kind, j = found.group(1), int(found.group(2))
        if j == number if kind == "CQDIS" else any(row[:2]) if j in (1, 2) else any(row[j - 1 : j]):
            problem = _problem(cards, kind, j)
            if problem:
                return problem
    return ""


def read_lookup(
    lookup: Lookup, hdus: Any
) -> tuple[np.ndarray, tuple[float, ...], tuple[float, ...], tuple[float, ...]]:
    """Return the table, (rows, columns), and its ``CRPIX``, ``CRVAL`` and ``CDELT`` along x and y.

    Raises
    ------
    ValueError
        If there is no such table.  The message names the card.
    """
    name, version = lookup.hdu
    try:
        hdu = hdus[(name, version)]
        table = np.atleast_2d(np.asarray(hdu.data, np.float32)) if hdu.is_image else np.empty((0, 0), np.float32)
        places = [
            tuple(float(hdu.header.get(f"{key}{n}", default)) for n in (1, 2))
            for key, default in (("CRPIX", 0.0), ("CRVAL", 0.0), ("CDELT", 1.0))
        ]
    except (KeyError, TypeError, ValueError):
        raise ValueError(f"{lookup.card} needs a table in the HDU {name},{version}") from None
    if table.ndim != 2 or not table.size or not np.isfinite(places).all() or 0 in places[2]:
        raise ValueError(f"{lookup.card} needs an image of two axes with a step in the HDU {name},{version}")
    if lookup.turned:
        table, places = table.T, [place[::-1] for place in places]
    crpix, crval, cdelt = places
    return np.ascontiguousarray(table), crpix, crval, cdelt


def _lookup(cards: WorldCards, kind: str, j: int) -> Lookup | None:
    if not cards.word(f"{kind}{j}"):
        return None
    records, hdu = _KINDS[kind]
    version = int(cards.number(f"{records}{j}.EXTVER", 1.0))
    return Lookup(f"{kind}{j}", (hdu, version), cards.number(f"{records}{j}.AXIS.1", 1.0) == 2)


def _problem(cards: WorldCards, kind: str, j: int) -> str:
    """Return why the distortion of a card cannot be computed, or an empty text."""
    word = cards.word(f"{kind}{j}")
    records = f"{_KINDS[kind][0]}{j}"
    if word.upper() != "LOOKUP" or kind == "CQDIS" or j > 2:
        return f"{kind}{j} is a distortion that cannot be computed: {quoted(word, 40)}"
    for name, problem in cards.unread.items():
        if name.partition(".")[0] == records:
            return problem
    axes = [cards.number(f"{records}.AXIS.{n}", float(n)) for n in (1, 2)]
    if cards.number(f"{records}.NAXES", 2.0) != 2 or sorted(axes) != [1, 2]:
        return f"{records} is no table along the pixel axes 1 and 2"
    version = cards.number(f"{records}.EXTVER", 1.0)
    if not (version.is_integer() and abs(version) < _VERSIONS):
        return f"{records}.EXTVER is no version of an HDU: {version:g}"
    return ""
