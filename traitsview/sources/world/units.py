"""Units of world coordinates, spelt as the FITS standard does: ``M/S`` is ``m/s``, ``degs`` is ``deg``.

Only units of coordinates are known (FITS 4.0, tables 3 to 5).  So ``S`` can be seconds: no axis is in siemens.
"""

from __future__ import annotations

import re
from functools import lru_cache

__all__ = ["ANGLES", "angle_of", "shown_unit", "spelt"]

#: Degrees in each unit of angle; an hour is one of right ascension.
ANGLES = {
    "deg": 1.0,
    "arcmin": 1 / 60,
    "arcsec": 1 / 3600,
    "mas": 1 / 3.6e6,
    "uas": 1 / 3.6e9,
    "rad": 57.29577951308232,
    "mrad": 0.05729577951308232,
    "urad": 5.729577951308232e-05,
    "h": 15.0,
}

_PREFIXES = {"k": "kilo", "M": "mega", "G": "giga", "T": "tera", "c": "centi", "m": "milli", "u": "micro", "n": "nano"}

# Symbols that take prefixes, and those that do not.
_SCALED = ("m", "s", "rad", "Hz", "eV", "pc", "yr", "K", "J", "V", "Jy", "g")
_PLAIN = ("deg", "arcmin", "arcsec", "mas", "uas", "min", "h", "d", "a", "AU", "lyr", "Angstrom", "erg", "Ry")
_COUNTED = ("pixel", "pix", "voxel", "bin", "chan", "count", "ct", "photon", "ph", "adu", "electron", "beam", "solRad")
_SYMBOLS = {prefix + symbol for symbol in _SCALED for prefix in ("", *_PREFIXES)} | set(_PLAIN) | set(_COUNTED)

# Names in full, in the singular and in small letters.
_NAMES = {
    "m": "meter metre",
    "s": "second sec",
    "rad": "radian",
    "Hz": "hertz",
    "eV": "electronvolt",
    "pc": "parsec",
    "yr": "year",
    "K": "kelvin",
    "J": "joule",
    "deg": "degree °",
    "arcmin": "arcminute amin '",
    "arcsec": 'arcsecond asec "',
    "mas": "milliarcsecond milliarcsec marcsec",
    "uas": "microarcsecond microarcsec uarcsec",
    "min": "minute",
    "h": "hour hr hourangle",
    "d": "day",
    "um": "micron",
    "Angstrom": "a ang å",
    "lyr": "lightyear",
}
_WORDS = {word: symbol for symbol, words in _NAMES.items() for word in words.split()}

# In a unit written in capitals, M is mega before these symbols, and milli before others.
_MEGA = ("Hz", "eV", "pc", "yr")

_WORD = re.compile(r"[A-Za-zµμÅå°\"']+")
_PER_PIXEL = re.compile(r"(?i)(\(s\)|\.)?( *(/|\bper\b) *pix(el)?)?$")
_SHOWN = {"um": "µm", "Angstrom": "Å"}


def spelt(unit: str) -> str:
    """Return a unit in the spelling of the standard; an empty text if it is unknown or may be two units."""
    unit = re.sub(r"(?i)\barc[ -](sec|min)", r"arc\1", unit.strip())
    words = [_symbol(word) for word in _WORD.findall(unit)]
    if not words or not all(words) or _WORD.sub("", unit).strip(" 0123456789./*^+-()"):
        return ""
    found = iter(words)
    return _WORD.sub(lambda match: next(found), unit)


def angle_of(unit: str) -> str:
    """Return the name of a unit of angle in `ANGLES`, or an empty text if it is no unit of angle.

    An empty `unit` means degrees, as in FITS.  A unit of steps counts as the unit of the angle: ``arcsec/pixel`` is
    ``arcsec``.
    """
    if not unit.strip():
        return "deg"
    name = spelt(_PER_PIXEL.sub("", unit.strip()))
    return name if name in ANGLES else ""


def shown_unit(unit: str) -> str:
    """Return a unit for people: in the right spelling if it is known, else as it was written."""
    known = spelt(unit) or unit.strip()
    return _SHOWN.get(known, known)


@lru_cache(maxsize=256)
def _symbol(word: str) -> str:
    """Return the symbol of one unit, or an empty text."""
    if word in _SYMBOLS:
        return word
    small = word.lower().replace("µ", "u").replace("μ", "u")
    for name in (small, small.removesuffix("s")):
        if name in _WORDS:
            return _WORDS[name]
        for prefix, full in _PREFIXES.items():
            if name.startswith(full) and name.removeprefix(full) in _WORDS:
                symbol = prefix + _WORDS[name.removeprefix(full)]
                return symbol if symbol in _SYMBOLS else ""
    return _by_letters(word, small) or _by_letters(word, small.removesuffix("s"))


def _by_letters(word: str, small: str) -> str:
    """Return the symbol with these letters in upper or lower case, or an empty text unless there is exactly one."""
    found = sorted(symbol for symbol in _SYMBOLS if symbol.lower() == small)
    if len(found) > 1 and word.isupper():
        mega = [symbol for symbol in found if symbol[0] == "M" and symbol[1:] in _MEGA]
        found = mega or [symbol for symbol in found if symbol[0] != "M"]
    return found[0] if len(found) == 1 else ""
