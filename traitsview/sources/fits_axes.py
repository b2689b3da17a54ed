"""Names, units and extent of the axes that a FITS header describes.

Data space is counted in elements, named x and y, for the sky and for everything rotated or distorted:
there the world coordinates are labels.  Where both axes displayed are plain linear ones with a unit,
data space is theirs.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from ..geometry import Extent
from .image_source import Axis

__all__ = ["axes_of", "is_linear", "unit_of"]

#: Coordinates are listed for planes up to this many.
_MOST_COORDINATES = 4096

_UNITS = {"um": "µm", "micron": "µm", "angstrom": "Å"}
_SKY = ("RA", "DEC", "LON", "LAT", "XLON", "XLAT")


def axes_of(header: Mapping[str, Any], shape: tuple[int, ...]) -> tuple[tuple[Axis, ...], Extent]:
    """Return all axes in array order and the extent of the last two.

    Parameters
    ----------
    header : mapping
        Of the image; values of any type, as found.
    shape : tuple of int
        Of the array, at least two long: ``NAXISn`` reversed.
    """
    number = len(shape)
    planes = [_plane(header, number - at, shape[at]) for at in range(number - 2)]
    rows, columns = shape[-2:]
    if is_linear(header):
        x, y = (Axis(_name(header, n), shape[-n], unit_of(header, n)) for n in (1, 2))
        extent = (*_edges(header, 1, columns), *_edges(header, 2, rows))
    else:
        x, y = Axis("x", columns, "pixel"), Axis("y", rows, "pixel")
        extent = (0.0, float(columns), 0.0, float(rows))
    return _distinct((*planes, y, x)), extent


def is_linear(header: Mapping[str, Any]) -> bool:
    """Whether both axes displayed have a linear coordinate with a unit that grows with the element."""
    return all(_plain(header, n) and unit_of(header, n) and _step(header, n) > 0 for n in (1, 2))


def unit_of(header: Mapping[str, Any], n: int) -> str:
    """Return the unit of FITS axis `n`, counted from 1, as it is written in text."""
    unit = str(header.get(f"CUNIT{n}", "")).strip()
    return _UNITS.get(unit.lower(), unit)


def _plain(header: Mapping[str, Any], n: int) -> bool:
    """Whether axis `n` depends on its own pixel number alone, and linearly."""
    kind = _kind(header, n)
    if len(kind) > 4 and "-" in kind[1:]:  # an algorithm follows, as in RA---TAN, FREQ-LOG
        return False
    if kind in _SKY or kind[1:] in ("LON", "LAT"):
        return False
    others = [m for m in range(1, 10) if m != n]
    crossed = [f"{matrix}{a}_{b}" for matrix in ("PC", "CD") for m in others for a, b in ((n, m), (m, n))]
    rotations = [f"CROTA{m}" for m in range(1, 10)]
    distortions = [f"{word}{n}" for word in ("CPDIS", "CQDIS", "D2IMDIS")]
    return not any(_number(header, key, 0.0) for key in (*crossed, *rotations)) and not any(
        header.get(key) for key in distortions
    )


def _step(header: Mapping[str, Any], n: int) -> float:
    step = _number(header, f"CD{n}_{n}", math.nan)
    if math.isnan(step):
        step = _number(header, f"CDELT{n}", 0.0) * _number(header, f"PC{n}_{n}", 1.0)
    return step if math.isfinite(step) else 0.0


def _edges(header: Mapping[str, Any], n: int, size: int) -> tuple[float, float]:
    step, first = _step(header, n), _first(header, n)
    return first - step / 2, first - step / 2 + size * step


def _first(header: Mapping[str, Any], n: int) -> float:
    """Return the coordinate of the centre of the first element, FITS's pixel 1."""
    return _number(header, f"CRVAL{n}", 0.0) + (1.0 - _number(header, f"CRPIX{n}", 0.0)) * _step(header, n)


def _plane(header: Mapping[str, Any], n: int, size: int) -> Axis:
    name = _name(header, n)
    if not (_plain(header, n) and _step(header, n) and size <= _MOST_COORDINATES):
        return Axis(name, size, unit_of(header, n))
    first, step = _first(header, n), _step(header, n)
    return Axis(name, size, unit_of(header, n), tuple(first + at * step for at in range(size)))


def _name(header: Mapping[str, Any], n: int) -> str:
    word = _kind(header, n).partition("-")[0].lower()
    if word in ("", "linear", "pixel"):
        return {1: "x", 2: "y"}.get(n, f"axis{n}")
    return word


def _distinct(axes: tuple[Axis, ...]) -> tuple[Axis, ...]:
    names = [axis.name for axis in axes]
    return tuple(
        Axis(f"{axis.name}{len(axes) - at}", axis.size, axis.unit, axis.coordinates)
        if names.count(axis.name) > 1
        else axis
        for at, axis in enumerate(axes)
    )


def _kind(header: Mapping[str, Any], n: int) -> str:
    return str(header.get(f"CTYPE{n}", "")).strip().upper()


def _number(header: Mapping[str, Any], key: str, default: float) -> float:
    value = header.get(key, default)
    if isinstance(value, (int, float)) and math.isfinite(value):
        return float(value)
    return default
