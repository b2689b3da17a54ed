"""Positions as text: ``05h34m25.6s −05°24′27″ (ICRS)``, ``Tx −46.8″ Ty +12.0″ (helioprojective)``."""

from __future__ import annotations

import math
from collections.abc import Sequence

from .frames import Frame
from .units import ANGLES

__all__ = ["degrees_text", "hours_text", "sky_text", "value_text"]

#: Differences of longitude and latitude, in degrees.
Steps = Sequence[tuple[float, float]]

_SIGNS = {"deg": "°", "arcmin": "′", "arcsec": "″"}

# Numbers that differ by exactly one unit of the last digit may still be rounded to the same text.  So the unit must be
# smaller than the difference: decimals = ceil(-log10(difference * _MARGIN)).
_MARGIN = 0.99

# Differences in degrees that are rounding errors.
_NOISE = 1e-12

_MOST_DECIMALS = 10

# Numbers in this range are written without an exponent.
_PLAIN = (1e-3, 1e12)

_STOKES = {
    1: "I", 2: "Q", 3: "U", 4: "V", -1: "RR", -2: "LL", -3: "RL", -4: "LR", -5: "XX", -6: "YY", -7: "XY", -8: "YX",
}  # fmt: skip

_NAMES = {
    "FREQ": "frequency",
    "ENER": "energy",
    "WAVN": "wavenumber",
    "WAVE": "wavelength",
    "AWAV": "wavelength in air",
    "VRAD": "radio velocity",
    "VOPT": "optical velocity",
    "FELO": "optical velocity",
    "VELO": "velocity",
    "ZOPT": "redshift",
    "BETA": "velocity / c",
    "LAMBDA": "wavelength",
    "TIME": "time",
    "ANGLE": "angle",
    "DEC": "Dec",
    "GLON": "galactic longitude",
    "GLAT": "galactic latitude",
    "ELON": "ecliptic longitude",
    "ELAT": "ecliptic latitude",
    "HPLN": "Tx",
    "HPLT": "Ty",
    "LON": "longitude",
    "LAT": "latitude",
}


def sky_text(frame: Frame, longitude: float, latitude: float, steps: Steps, unit: str = "deg", remark: str = "") -> str:
    """Return a position on the sky.

    Parameters
    ----------
    longitude, latitude : float
        In degrees.
    steps : sequence of (float, float)
        Differences of longitude and latitude to neighbouring elements, in degrees.  There are enough digits to give
        each neighbour another text.
    unit : str
        The unit of the header, for frames that use it.
    remark : str
        A remark behind the name of the frame, or empty.
    """
    if frame.is_sexagesimal:
        digits = _decimals(_told_apart(steps, 1.5) * 3600)  # 0.1 s of right ascension is 1.5 times 1″
        text = f"{hours_text(longitude, digits + 1)} {degrees_text(latitude, digits)}"
    else:
        unit = unit if frame.in_own_unit else "deg"
        digits = max(2 if unit == "deg" else 1, _decimals(_told_apart(steps) / ANGLES[unit]))
        around = 360 / ANGLES[unit]
        first = frame.first / ANGLES[unit]
        x = (round(longitude / ANGLES[unit], digits) - first) % around + first  # rounded before: 359.9996 is 0.000
        x_text = _angle_text(x, unit, digits, signed=first < 0)
        text = f"{frame.longitude} {x_text} {frame.latitude} {_angle_text(latitude / ANGLES[unit], unit, digits)}"
    inside = ", ".join(word for word in (frame.name, remark) if word)
    return f"{text} ({inside})" if inside else text


def value_text(name: str, number: int, value: float, unit: str, step: float) -> str:
    """Return a coordinate that is not on the sky.

    Parameters
    ----------
    name : str
        The standard's name of the coordinate, or a name for people, or empty.
    number : int
        The number of the axis, counted from 1.
    step : float
        The difference to the next element.  There are enough digits to tell the two texts apart.
    """
    if name.upper() == "STOKES" and value in _STOKES:
        return f"Stokes {_STOKES[int(value)]}"
    shown = _NAMES.get(name.upper(), name) or f"world {'xyz'[number - 1 : number] or number}"
    ending = "" if unit.lower() in ("", name.lower()) else _SIGNS.get(unit) or f" {unit}"
    return f"{shown} {_number_text(value, step)}{ending}"


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


def _angle_text(value: float, unit: str, digits: int, signed: bool = True) -> str:
    """Return an angle in a unit: ``−46.8″``, ``+0.020°``."""
    value = round(value, digits)  # no minus before 0
    sign = ("−" if value < 0 else "+") if signed else ""
    return f"{sign}{abs(value):.{digits}f}{_SIGNS.get(unit) or f' {unit}'}"


def _number_text(value: float, step: float) -> str:
    """Return a number with one digit more than is needed to tell it from ``value + step``."""
    size = max(abs(value), step)
    if not step:
        text = f"{value:.9g}"
    elif _PLAIN[0] <= size < _PLAIN[1]:
        text = f"{value:.{max(0, -_magnitude(step / 10))}f}"
    else:
        text = f"{value:.{min(16, max(0, _magnitude(abs(value) or step) - _magnitude(step / 10)))}e}"
    return text.replace("-", "−", 1) if text.startswith("-") else text


def _magnitude(number: float) -> int:
    """Return the exponent of ten of a positive number.  A rounding error below a power of ten counts as that power."""
    return math.floor(math.log10(number) + 1e-6)


def _told_apart(steps: Steps, coarser: float = 1.0) -> float:
    """Return the largest unit of the last digit that gives each neighbour a text of its own; 0 if there are no steps.

    One unit of the last digit of longitudes is `coarser` times one of latitudes.
    """
    apart = (max(abs(dx) / coarser, abs(dy)) for dx, dy in steps)
    return min((each for each in apart if each > _NOISE), default=0.0)


def _decimals(step: float) -> int:
    """Return the number of decimals that tells numbers apart that differ by `step`; 1 if `step` is 0."""
    return max(0, min(_MOST_DECIMALS, math.ceil(-math.log10(step * _MARGIN)))) if step > 0 else 1
