"""Maps of the whole Sun, whose cards count the sine of the latitude, or time in place of the longitude."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .cards import WorldCards
from .projection import Projection
from .world_axis import WorldAxis

__all__ = ["counts_sines", "counts_time", "is_sine"]

_SINE_LATITUDE = re.compile(r"(?i)sine? *\(?lat(itude)?\)?")

# How far a map of the whole sphere may be from 360 degrees and from 2, for steps that are rounded.
_ROUNDED = 1e-3


def is_sine(unit: str) -> bool:
    """Whether the unit of a latitude says that its sine is counted."""
    return bool(_SINE_LATITUDE.fullmatch(unit.strip()))


def counts_sines(
    cards: WorldCards, longitude: WorldAxis, latitude: WorldAxis, projection: Projection, sizes: Sequence[int]
) -> bool:
    """Whether the latitude of an equal-area map counts sines though no unit says so, as in maps of GONG.

    It does where the map has all longitudes, its latitudes are 2 from end to end, and its elements would be more than
    ten times as wide as they are high if these were degrees.
    """
    if projection.algorithm != "CEA" or cards.word(f"CUNIT{latitude.number}"):
        return False
    wide, high = (
        sum(abs(step) * size for step, size in zip(axis.row, sizes, strict=False)) for axis in (longitude, latitude)
    )
    flat = max(map(abs, latitude.row)) * 10 < max(map(abs, longitude.row))
    return abs(wide - 360) <= 360 * _ROUNDED and abs(high - 2) <= 2 * _ROUNDED and flat


def counts_time(longitude: WorldAxis, latitude: WorldAxis) -> bool:
    """Whether a Carrington longitude counts Carrington time, 360° a rotation, as in maps of MDI and HMI.

    Its reference counts rotations then, and it falls where longitudes rise: no map shows the Sun mirrored.
    """
    x, y = longitude.number - 1, latitude.number - 1
    mirrored = longitude.row[x] * latitude.row[y] < 0
    return longitude.kind.name == "CRLN" and longitude.reference >= 360 and mirrored
