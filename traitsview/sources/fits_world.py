"""World coordinates of FITS images as text."""

from __future__ import annotations

import logging
import math
import threading
import warnings
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

__all__ = ["WorldText", "degrees_text", "hours_text"]

logger = logging.getLogger(__name__)


class WorldText:
    """Says where on the sky, or on other world axes, an element is.

    The coordinate system is built when it is first asked for.  Any thread may call it.

    Parameters
    ----------
    build : callable
        Returns the `astropy.wcs.WCS` of the image, all axes; may raise anything.
    """

    def __init__(self, build: Callable[[], Any]) -> None:
        self._build = build
        self._lock = threading.Lock()
        self._built = False
        self._wcs: Any = None
        self._shown: list[int] = []

    def __call__(self, places: Sequence[tuple[float, float]]) -> tuple[str, ...]:
        """Return one text for each of `places`, (column, row) counted from the first edge in elements.

        Empty where there are no world coordinates.
        """
        if not places:
            return ()
        with self._lock, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if not self._built:
                self._prepare()
                self._built = True
            if self._wcs is None:
                return ("",) * len(places)
            try:
                return self._texts(places)
            except Exception as error:  # astropy and wcslib raise what they like for places off the sky
                logger.debug("no world coordinates: %s", error)
                return ("",) * len(places)

    def _prepare(self) -> None:
        try:
            wcs = self._build()
            if wcs is None or not any(wcs.wcs.ctype):
                return
            wcs.wcs.set()
            correlated = wcs.axis_correlation_matrix
            kinds = [kind.strip().upper() for kind in wcs.wcs.ctype]
            self._shown = [
                at for at in range(wcs.naxis) if correlated[at, : min(2, wcs.naxis)].any() and kinds[at] != "PIXEL"
            ]
            self._wcs = wcs
        except Exception as error:  # a broken header costs the labels, not the picture
            logger.warning("the world coordinates cannot be read: %s", " ".join(str(error).split()))

    def _texts(self, places: Sequence[tuple[float, float]]) -> tuple[str, ...]:
        wcs = self._wcs
        pixels = np.zeros((len(places), wcs.naxis))
        pixels[:, : min(2, wcs.naxis)] = np.asarray(places, float)[:, : min(2, wcs.naxis)] - 0.5
        world = wcs.all_pix2world(pixels, 0)
        scale = _scale(wcs)
        return tuple(self._text(point, scale) for point in world)

    def _text(self, point: np.ndarray, scale: np.ndarray) -> str:
        wcs, shown = self._wcs, self._shown
        if not np.isfinite(point[shown]).all():
            return ""
        parts = []
        lng, lat = wcs.wcs.lng, wcs.wcs.lat
        if lng >= 0 and lat >= 0 and lng in shown:
            parts.append(_sky_text(wcs, float(point[lng]), float(point[lat]), float(scale[lat])))
            shown = [at for at in shown if at not in (lng, lat)]
        for at in shown:
            name = wcs.wcs.ctype[at].partition("-")[0].lower() or "xyz"[at : at + 1] or f"axis{at + 1}"
            digits = max(4, math.ceil(math.log10(max(abs(point[at]), 1e-300) / scale[at])) + 2) if scale[at] else 8
            parts.append(f"{name} {point[at]:.{min(digits, 15)}g} {wcs.wcs.cunit[at]}".rstrip())
        return ", ".join(parts)


def _scale(wcs: Any) -> np.ndarray:
    """Return the step of each world axis from one element to the next."""
    matrix = np.asarray(wcs.pixel_scale_matrix)
    steps: np.ndarray = np.sqrt((matrix**2).sum(axis=1))
    return steps


def _sky_text(wcs: Any, lng: float, lat: float, step: float) -> str:
    kind = wcs.wcs.lngtyp.strip()
    if kind == "RA":
        digits = _digits(step * 3600)
        return f"{hours_text(lng, digits + 1)} {degrees_text(lat, digits)} ({_equatorial_name(wcs)})"
    digits = max(1, _digits(step)) + 1
    lng = lng % 360.0
    if kind == "GLON":
        return f"l {lng:.{digits}f}° b {lat:+.{digits}f}° (galactic)"
    if kind == "ELON":
        return f"λ {lng:.{digits}f}° β {lat:+.{digits}f}° (ecliptic)"
    return f"lon {lng:.{digits}f}° lat {lat:+.{digits}f}°"


def _equatorial_name(wcs: Any) -> str:
    name: str = wcs.wcs.radesys.strip()
    equinox: float = wcs.wcs.equinox
    if not name:
        name = "ICRS" if math.isnan(equinox) else "FK4" if equinox < 1984 else "FK5"
    if name in ("FK4", "FK5") and not math.isnan(equinox):
        return f"{name} {'B' if name == 'FK4' else 'J'}{equinox:g}"
    return name


def _digits(step: float) -> int:
    """Return how many decimals tell one element from the next, about."""
    return max(0, min(6, math.ceil(-math.log10(step) - 0.05))) if step > 0 else 1


def hours_text(degrees: float, digits: int = 1) -> str:
    """Return an angle as hours: ``16h41m41.6s``."""
    unit = 10**digits
    total = round(degrees / 15.0 * 3600 * unit) % (24 * 3600 * unit)
    minutes, seconds = divmod(total, 60 * unit)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02d}h{minutes:02d}m{_sixtieths(seconds, digits)}s"


def degrees_text(degrees: float, digits: int = 0) -> str:
    """Return an angle as degrees: ``+36°27′40″``."""
    unit = 10**digits
    total = round(abs(degrees) * 3600 * unit)
    minutes, seconds = divmod(total, 60 * unit)
    whole, minutes = divmod(minutes, 60)
    sign = "−" if degrees < 0 and total else "+"
    return f"{sign}{whole:02d}°{minutes:02d}′{_sixtieths(seconds, digits)}″"


def _sixtieths(seconds: int, digits: int) -> str:
    whole, fraction = divmod(seconds, 10**digits)
    return f"{whole:02d}.{fraction:0{digits}d}" if digits else f"{whole:02d}"
