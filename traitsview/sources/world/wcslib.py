"""The part of world coordinates that is not linear, by WCSLIB and astropy.

Neither library sees the header of the file.  It gets a header that is written here, from numbers that we have read.
The pixels of that header are the intermediate coordinates.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any

import numpy as np

from .cards import WorldCards
from .distortion_tables import lookups, read_lookup
from .iraf import Surface
from .plate import PLATE, plate_cards
from .projection import Projection
from .sip import sip_coefficients
from .units import spelt
from .world_axis import WorldAxis

if TYPE_CHECKING:
    from .axes import WorldAxes

__all__ = ["OpenHDUs", "Step", "decadic", "distortion", "logarithmic", "projected", "reason", "spectral", "unprojected"]

#: Opens the HDUs of the file.
OpenHDUs = Callable[[], AbstractContextManager[Any]]

#: A function from intermediate coordinates of some axes to their values, (n, axes) both.
Step = Callable[[np.ndarray], np.ndarray]

# The units of spectral coordinates in WCSLIB: SI.
_SI = {"FREQ": "Hz", "ENER": "J", "WAVN": "1/m", "WAVE": "m", "AWAV": "m", "ZOPT": "", "BETA": ""}
_VELOCITY = "m/s"


def projected(cards: WorldCards, projection: Projection, longitude: WorldAxis, latitude: WorldAxis) -> Step:
    """Return the function from the plane of a projection to longitudes and latitudes in degrees."""
    transform = _transform(_sky_header(cards, projection, longitude, latitude))
    if any(projection.corrections):
        return lambda plane: transform(_corrected(plane, projection.corrections))
    if projection.around:
        return lambda plane: transform(np.column_stack((_wrapped(plane[:, 0]), plane[:, 1])))
    return transform


def unprojected(cards: WorldCards, projection: Projection, longitude: WorldAxis, latitude: WorldAxis) -> Step:
    """Return the function from longitudes and latitudes to the plane of a projection, without corrections."""
    wcs = _tried(_sky_header(cards, projection, longitude, latitude))
    return lambda sky: np.asarray(wcs.wcs.s2p(sky, 1)["pixcrd"])


def spectral(cards: WorldCards, axis: WorldAxis) -> Step:
    """Return the function from intermediate to spectral coordinates, both in the unit of the axis."""
    from astropy.units import Unit

    target = _SI.get(axis.kind.name, _VELOCITY)
    scale = float(Unit(spelt(axis.unit)).to(Unit(target))) if axis.unit else 1.0
    start = f"PV{axis.number}_"
    names = ("RESTFRQ", "RESTFREQ", "RESTWAV", "VELREF")
    header = _header(
        [
            *_axis_cards(1, axis.kind.name, axis.kind.algorithm, axis, scale),
            *((f"PV1_{name[len(start) :]}", v) for name, v in cards.numbers.items() if name.startswith(start)),
            *((name, cards.numbers[name]) for name in names if name in cards.numbers),
        ]
    )
    transform = _transform(header)
    return lambda plane: transform(plane * scale) / scale


def logarithmic(axis: WorldAxis) -> Step:
    """Return the function of a logarithmic axis: ``c exp(x / c)``, where c is the reference value."""
    reference = axis.reference
    if not reference:
        raise ValueError(f"CRVAL{axis.number} is 0")
    return lambda plane: reference * np.exp(plane / reference)


def decadic(axis: WorldAxis) -> Step:
    """Return the function of an axis of decimal logarithms: ``10 ** (c + x)``, where c is the reference value."""
    return lambda plane: np.asarray(10.0 ** (axis.reference + plane))


def distortion(world: WorldAxes, open_hdus: OpenHDUs) -> Step:
    """Return the function that corrects the first two pixel axes, by SIP's polynomials and tables in other HDUs."""
    from astropy.wcs import WCS, DistortionLookupTable, Sip

    wcs = WCS(naxis=2)
    if world.sip:
        wcs.sip = Sip(*sip_coefficients(world.cards), None, None, world.reference[:2])
    pairs = [lookups(world.cards, kind) for kind in ("CPDIS", "D2IMDIS")]
    with open_hdus() if any(map(any, pairs)) else nullcontext() as hdus:
        (wcs.cpdis1, wcs.cpdis2), (wcs.det2im1, wcs.det2im2) = (
            [DistortionLookupTable(*read_lookup(each, hdus)) if each else None for each in pair] for pair in pairs
        )
    return lambda pixels: np.asarray(wcs.pix2foc(pixels, 1))


def reason(error: Exception) -> str:
    """Return the message of a library in one line, without the lines about its source files."""
    lines = [line for line in str(error).strip().splitlines() if line and not line.startswith("ERROR ")]
    return " ".join((lines or [type(error).__name__])[-1].split()).rstrip(".")


def _transform(header: Any) -> Step:
    """Return the function from pixels of a header to its world coordinates, once WCSLIB has taken the header."""
    wcs = _tried(header)
    return lambda plane: np.asarray(wcs.wcs.p2s(plane, 1)["world"])


def _tried(header: Any) -> Any:
    """Return the WCS of a header.  Astropy and WCSLIB may raise any exception."""
    from astropy.wcs import WCS

    wcs = WCS(header)
    wcs.wcs.set()
    return wcs


def _sky_header(cards: WorldCards, projection: Projection, longitude: WorldAxis, latitude: WorldAxis) -> Any:
    """Return a header for a projection.  The pixels of the header are the places on the plane."""
    if projection.algorithm == PLATE:
        return _header(plate_cards(cards))
    pair = enumerate((longitude, latitude), 1)
    return _header(
        [
            *(card for n, axis in pair for card in _axis_cards(n, axis.kind.name, projection.algorithm, axis)),
            *((f"PV{n}_{m}", value) for n, m, value in projection.parameters),
            *((name, cards.numbers[name]) for name in ("LONPOLE", "LATPOLE") if name in cards.numbers),
        ]
    )


def _axis_cards(
    n: int, name: str, algorithm: str, axis: WorldAxis, scale: float = 1.0
) -> list[tuple[str, float | str]]:
    """Return the cards of an axis.  The pixels of the axis are the intermediate coordinates."""
    return [
        (f"CTYPE{n}", f"{name:-<4}-{algorithm}"),
        (f"CRVAL{n}", axis.reference * scale),
        (f"CRPIX{n}", 0.0),
        (f"CDELT{n}", 1.0),
    ]


def _header(cards: Iterable[tuple[str, float | str]]) -> Any:
    from astropy.io.fits import Header

    return Header(list(cards))


def _corrected(plane: np.ndarray, corrections: tuple[Surface | None, Surface | None]) -> np.ndarray:
    """Return places of the plane plus the values of IRAF's polynomials there."""
    added = [each(plane) if each else np.zeros(len(plane)) for each in corrections]
    return np.asarray(plane + np.column_stack(added))


def _wrapped(longitudes: np.ndarray) -> np.ndarray:
    """Return longitudes moved by whole turns into -180 … 180 degrees; longitudes in that range do not change."""
    wrapped: np.ndarray = np.where(np.abs(longitudes) > 180, (longitudes + 180) % 360 - 180, longitudes)
    return wrapped
