"""What is not linear, by WCSLIB and astropy.

Neither sees the header of the file: each is given one that is written here from numbers that were read here, whose
pixels are the intermediate coordinates.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

import numpy as np

from .cards import WorldCards
from .plate import PLATE, plate_cards
from .projection import Projection
from .sip import has_sip, sip_cards
from .units import spelt
from .world_axis import WorldAxis

if TYPE_CHECKING:
    from .axes import WorldAxes

__all__ = ["OpenHDUs", "Step", "distortion", "logarithmic", "projected", "reason", "spectral", "tabulated"]

#: Opens the HDUs of the file.
OpenHDUs = Callable[[], AbstractContextManager[Any]]

#: From intermediate coordinates of some axes to their values, (n, axes) both.
Step = Callable[[np.ndarray], np.ndarray]

# Spectral coordinates in SI, which WCSLIB counts in.
_SI = {"FREQ": "Hz", "ENER": "J", "WAVN": "1/m", "WAVE": "m", "AWAV": "m", "ZOPT": "", "BETA": ""}
_VELOCITY = "m/s"


def projected(cards: WorldCards, projection: Projection, longitude: WorldAxis, latitude: WorldAxis) -> Step:
    """Return what makes longitudes and latitudes, in degrees, from the plane of a projection."""
    if projection.algorithm == PLATE:
        header = _header(plate_cards(cards))
    else:
        pair = enumerate((longitude, latitude), 1)
        header = _header(
            [
                *(card for n, axis in pair for card in _axis_cards(n, axis.kind.name, projection.algorithm, axis)),
                *((f"PV{n}_{m}", value) for n, m, value in projection.parameters),
                *((name, cards.numbers[name]) for name in ("LONPOLE", "LATPOLE") if name in cards.numbers),
            ],
            _polynomials(cards, longitude, latitude) if projection.algorithm in ("TNX", "ZPX") else (),
        )
    transform = _transform(header)
    if not projection.around:
        return transform
    return lambda plane: transform(np.column_stack((_wrapped(plane[:, 0]), plane[:, 1])))


def spectral(cards: WorldCards, axis: WorldAxis) -> Step:
    """Return what makes spectral coordinates, in the unit of their axis."""
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
    """Return what makes coordinates of a logarithmic axis: ``c exp(x / c)``, where c is the reference value."""
    reference = axis.reference
    if not reference:
        raise ValueError(f"CRVAL{axis.number} is 0")
    return lambda plane: reference * np.exp(plane / reference)


def tabulated(world: WorldAxes, at: Sequence[int], open_hdus: OpenHDUs) -> Step:
    """Return what looks coordinates up in tables of other HDUs, in the units of their axes."""
    cards: list[tuple[str, float | str]] = []
    for n, axis in enumerate((world.axes[i] for i in at), 1):
        cards += _axis_cards(n, axis.kind.name, axis.kind.algorithm, axis)
        for known in (world.cards.words, world.cards.numbers):
            for name, value in known.items():
                key, _, m = name.partition("_")
                if key in (f"PS{axis.number}", f"PV{axis.number}"):
                    cards.append((f"{key[:2]}{n}_{m}", value))
    with open_hdus() as hdus:
        return _transform(_header(cards), hdus)


def distortion(world: WorldAxes, open_hdus: OpenHDUs) -> Step:
    """Return what undoes the distortion of the first two pixel axes, by SIP's polynomials and tables in other HDUs."""
    from astropy.wcs import WCS

    places = [(f"CRPIX{n}", world.reference[n - 1]) for n in (1, 2)]
    kinds = [("CTYPE1", "RA---TAN-SIP"), ("CTYPE2", "DEC--TAN-SIP")] if has_sip(world.cards) else []
    with open_hdus() as hdus:
        wcs = WCS(_header([*kinds, *places, *sip_cards(world.cards)], world.cards.passed), hdus)
    return lambda pixels: np.asarray(wcs.pix2foc(pixels, 1))


def reason(error: Exception) -> str:
    """Return what a library complains of, in one line without the places in its sources."""
    lines = [line for line in str(error).strip().splitlines() if line and not line.startswith("ERROR ")]
    return " ".join((lines or [type(error).__name__])[-1].split()).rstrip(".")


def _transform(header: Any, hdus: Any = None) -> Step:
    """Return the transform of a header, once it has been tried."""
    from astropy.wcs import WCS

    wcs = WCS(header, hdus)
    wcs.wcs.set()
    return lambda plane: np.asarray(wcs.wcs.p2s(plane, 1)["world"])


def _axis_cards(
    n: int, name: str, algorithm: str, axis: WorldAxis, scale: float = 1.0
) -> list[tuple[str, float | str]]:
    """Return the cards of an axis whose pixels are intermediate coordinates."""
    return [
        (f"CTYPE{n}", f"{name:-<4}-{algorithm}"),
        (f"CRVAL{n}", axis.reference * scale),
        (f"CRPIX{n}", 0.0),
        (f"CDELT{n}", 1.0),
    ]


def _polynomials(cards: WorldCards, longitude: WorldAxis, latitude: WorldAxis) -> list[str]:
    """Return the cards of IRAF's polynomials, of longitude and latitude as axes 1 and 2."""
    numbers = {f"WAT{longitude.number}": "WAT1", f"WAT{latitude.number}": "WAT2"}
    return [numbers[image[:4]] + image[4:] for image in cards.passed if image[:4] in numbers]


def _header(cards: Iterable[tuple[str, float | str]], images: Iterable[str] = ()) -> Any:
    from astropy.io.fits import Card, Header

    return Header([Card(name, value) for name, value in cards] + [Card.fromstring(image) for image in images])


def _wrapped(longitudes: np.ndarray) -> np.ndarray:
    """Return longitudes of -180 … 180 degrees as they are, and others as those of the same meridian."""
    wrapped: np.ndarray = np.where(np.abs(longitudes) > 180, (longitudes + 180) % 360 - 180, longitudes)
    return wrapped
