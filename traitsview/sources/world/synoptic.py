"""Maps of the whole Sun: their vertical axis may be the sine of the latitude, their horizontal axis may be time."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .cards import WorldCards
from .projection import Projection
from .world_axis import WorldAxis

__all__ = ["counts_sines", "counts_time", "is_sine"]

_SINE_LATITUDE = re.compile(r"(?i)sine? *\(?lat(itude)?\)?")

# The relative error, from rounded steps, that 360 degrees and a range of 2 may have in a map of the whole sphere.
_ROUNDED = 1e-3


def is_sine(unit: str) -> bool:
    """Whether the unit of a latitude says that the axis is the sine of the latitude."""
    return bool(_SINE_LATITUDE.fullmatch(unit.strip()))


def counts_sines(
    cards: WorldCards, longitude: WorldAxis, latitude: WorldAxis, projection: Projection, sizes: Sequence[int]
) -> bool:
    """Whether the latitudes of an equal-area map (CEA) are sines although no unit says so, as in maps of GONG.

    They are sines if three things are true: the longitudes span 360 degrees; the latitudes span 2; and
    elements are more than ten times as wide as high if the latitudes are taken for degrees.
    """
    if projection.algorithm != "CEA" or cards.word(f"CUNIT{latitude.number}"):
        return False
    wide, high = (
        sum(abs(step) * size for step, size in zip(axis.row, sizes, strict=False)) for axis in (longitude, latitude)
    )
    flat = max(map(abs, latitude.row)) * 10 < max(map(abs, longitude.row))
    return abs(wide - 360) <= 360 * _ROUNDED and abs(high - 2) <= 2 * _ROUNDED and flat


def counts_time(longitude: WorldAxis, latitude: WorldAxis) -> bool:
    """Whether an axis of Carrington longitudes counts Carrington time, 360° for each rotation: in maps of MDI and HMI.

    It does if its reference is 360 or more, and if its numbers fall while those of the latitude rise, or the other way
    round.  As longitudes these numbers would show the Sun mirrored.
    """
    x, y = longitude.number - 1, latitude.number - 1
    mirrored = longitude.row[x] * latitude.row[y] < 0
    return longitude.kind.name == "CRLN" and longitude.reference >= 360 and mirrored
