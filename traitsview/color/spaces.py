"""Colour spaces: sRGB to linear light, XYZ, CIELAB, Msh, HSV and HSL, and the way between two colours in each.

All functions take and return float64 arrays of shape (…, 3).  Red, green and blue are sRGB in 0 … 1.  Hues are turns in
0 … 1.  XYZ is for the white of sRGB, D65, which has Y = 1.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from .colormap import Stop
from .straight_stops import densified

__all__ = [
    "HUES",
    "SPACES",
    "hsl_to_rgb",
    "hsv_to_rgb",
    "interpolated",
    "lab_to_msh",
    "lab_to_rgb",
    "lightness",
    "linear_to_srgb",
    "linear_to_xyz",
    "msh_to_lab",
    "rgb_to_hsl",
    "rgb_to_hsv",
    "rgb_to_lab",
    "srgb_to_linear",
    "xyz_to_linear",
]

#: The spaces in which colours may run into each other.
SPACES = ("rgb", "lab", "msh", "hsv", "hsl")

#: How hues may run: ``plain``, by number, so that they never cross red; ``short``, the shorter way, as in ParaView,
#: where a grey has the hue of red; ``rising`` or ``falling``, as in QGIS, where a grey has the hue of its neighbour.
HUES = ("plain", "short", "rising", "falling")

#: IEC 61966-2-1, as published with four digits.
_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
_LINEAR = np.linalg.inv(_XYZ)
_WHITE = _XYZ.sum(axis=1)

#: Below this value CIELAB replaces the cube root by a straight line.
_KNEE = 6 / 29


def srgb_to_linear(rgb: ArrayLike) -> np.ndarray:
    """Return the amounts of light that sRGB numbers stand for, 0 … 1."""
    rgb = np.asarray(rgb, np.float64)
    return np.where(rgb <= 0.04045, rgb / 12.92, ((np.maximum(rgb, 0) + 0.055) / 1.055) ** 2.4)


def linear_to_srgb(linear: ArrayLike) -> np.ndarray:
    """Return the sRGB numbers of amounts of light."""
    linear = np.asarray(linear, np.float64)
    return np.where(linear <= 0.0031308, linear * 12.92, 1.055 * np.maximum(linear, 0) ** (1 / 2.4) - 0.055)


def linear_to_xyz(linear: ArrayLike) -> np.ndarray:
    """Return XYZ of linear red, green and blue."""
    xyz: np.ndarray = np.asarray(linear, np.float64) @ _XYZ.T
    return xyz


def xyz_to_linear(xyz: ArrayLike) -> np.ndarray:
    """Return linear red, green and blue of XYZ; outside 0 … 1 where no screen can show the colour."""
    linear: np.ndarray = np.asarray(xyz, np.float64) @ _LINEAR.T
    return linear


def rgb_to_lab(rgb: ArrayLike) -> np.ndarray:
    """Return CIELAB: lightness 0 … 100, a, b."""
    parts: np.ndarray = linear_to_xyz(srgb_to_linear(rgb)) / _WHITE
    roots = np.where(parts > _KNEE**3, np.cbrt(parts), parts / (3 * _KNEE**2) + 4 / 29)
    x, y, z = np.moveaxis(roots, -1, 0)
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


def lab_to_rgb(lab: ArrayLike) -> np.ndarray:
    """Return sRGB of CIELAB.

    A colour that no screen can show is darkened until its largest part is 1, and its negative parts become 0, which is
    what ParaView does.
    """
    lightness, a, b = np.moveaxis(np.asarray(lab, np.float64), -1, 0)
    y = (lightness + 16) / 116
    roots = np.stack([y + a / 500, y, y - b / 200], axis=-1)
    parts = np.where(roots > _KNEE, roots**3, 3 * _KNEE**2 * (roots - 4 / 29))
    rgb = linear_to_srgb(xyz_to_linear(parts * _WHITE))
    shown: np.ndarray = np.clip(rgb / np.maximum(rgb.max(axis=-1, keepdims=True), 1), 0, 1)
    return shown


def lightness(rgb: ArrayLike) -> np.ndarray:
    """Return the lightness L* of sRGB colours, 0 (black) … 100 (white), of shape (…)."""
    bright = srgb_to_linear(rgb) @ _XYZ[1]
    return np.where(bright > _KNEE**3, 116 * np.cbrt(bright) - 16, bright * (29 / 3) ** 3)


def lab_to_msh(lab: ArrayLike) -> np.ndarray:
    """Return Moreland's polar form of CIELAB: magnitude, saturation and hue, both angles in radians."""
    lightness, a, b = np.moveaxis(np.asarray(lab, np.float64), -1, 0)
    chroma = np.hypot(a, b)
    return np.stack([np.hypot(lightness, chroma), np.arctan2(chroma, lightness), np.arctan2(b, a)], axis=-1)


def msh_to_lab(msh: ArrayLike) -> np.ndarray:
    """Return CIELAB of magnitude, saturation and hue."""
    magnitude, saturation, hue = np.moveaxis(np.asarray(msh, np.float64), -1, 0)
    chroma = magnitude * np.sin(saturation)
    return np.stack([magnitude * np.cos(saturation), chroma * np.cos(hue), chroma * np.sin(hue)], axis=-1)


def _hue(rgb: np.ndarray, high: np.ndarray, spread: np.ndarray) -> np.ndarray:
    r, g, b = np.moveaxis(rgb, -1, 0)
    by = np.where(spread > 0, spread, 1)
    sextant = np.where(high == r, (g - b) / by % 6, np.where(high == g, (b - r) / by + 2, (r - g) / by + 4))
    return np.where(spread > 0, sextant / 6, 0.0)


def rgb_to_hsv(rgb: ArrayLike) -> np.ndarray:
    """Return hue, saturation and value, 0 … 1 each; greys have hue 0."""
    rgb = np.asarray(rgb, np.float64)
    high = rgb.max(axis=-1)
    spread = high - rgb.min(axis=-1)
    return np.stack([_hue(rgb, high, spread), spread / np.where(high > 0, high, 1), high], axis=-1)


def hsv_to_rgb(hsv: ArrayLike) -> np.ndarray:
    """Return sRGB of hue, saturation and value; a hue may be any number of turns."""
    hue, saturation, value = np.moveaxis(np.asarray(hsv, np.float64), -1, 0)
    sextants = (np.stack([hue * 6 + 5, hue * 6 + 3, hue * 6 + 1], axis=-1)) % 6
    pure = np.clip(np.minimum(sextants, 4 - sextants), 0, 1)
    rgb: np.ndarray = value[..., None] * (1 - saturation[..., None] * pure)
    return rgb


def rgb_to_hsl(rgb: ArrayLike) -> np.ndarray:
    """Return hue, saturation and lightness (the middle of the largest and the smallest part), 0 … 1 each."""
    rgb = np.asarray(rgb, np.float64)
    high, low = rgb.max(axis=-1), rgb.min(axis=-1)
    spread = high - low
    room = np.minimum(high + low, 2 - high - low)
    saturation = np.where(spread > 0, spread / np.where(room > 0, room, 1), 0.0)
    return np.stack([_hue(rgb, high, spread), np.minimum(saturation, 1), (high + low) / 2], axis=-1)


def hsl_to_rgb(hsl: ArrayLike) -> np.ndarray:
    """Return sRGB of hue, saturation and lightness; a hue may be any number of turns."""
    hue, saturation, middle = np.moveaxis(np.asarray(hsl, np.float64), -1, 0)
    spread = saturation * np.minimum(middle, 1 - middle)
    value = middle + spread
    return hsv_to_rgb(np.stack([hue, 2 * spread / np.where(value > 0, value, 1), value], axis=-1))


def interpolated(stops: Sequence[Stop], space: str, hue: str = "plain") -> list[Stop]:
    """Return more stops, between which red, green and blue may run straight, for colours that run in another space.

    Parameters
    ----------
    stops : sequence of (position, RGBA)
        Positions rise; two at one position are a hard step.
    space : str
        One of `SPACES`.  In ``"msh"`` two saturated colours of different hue meet in white, as in Moreland's diverging
        colormaps and ParaView.  Alpha always runs straight.
    hue : str
        One of `HUES`, in the spaces ``"hsv"`` and ``"hsl"``.

    Returns
    -------
    list of (position, RGBA)
        The stops that were given are among them; the colours on the straight lines between all of them are within
        1/1000 of the true ones, but for what is narrower than 1/8192 of the map.
    """
    if space == "rgb" or len(stops) < 2:
        return list(stops)
    positions = np.array([position for position, _ in stops], np.float64)
    colors = np.array([color for _, color in stops], np.float64)
    ends = np.stack([positions[:-1], positions[1:]], axis=-1)
    alphas = np.stack([colors[:-1, 3], colors[1:, 3]], axis=-1)
    if space == "msh":
        found = densified(*_by_msh(ends, colors, alphas), lambda msh: lab_to_rgb(msh_to_lab(msh)))
    elif space == "lab":
        lab = rgb_to_lab(colors[:, :3])
        found = densified(ends, np.stack([lab[:-1], lab[1:]], axis=1), alphas, lab_to_rgb)
    else:
        there, back = (rgb_to_hsv, hsv_to_rgb) if space == "hsv" else (rgb_to_hsl, hsl_to_rgb)
        parts = there(colors[:, :3])
        found = densified(ends, _with_hues(np.stack([parts[:-1], parts[1:]], axis=1), hue), alphas, back)
    return _with_stops(found, stops)


def _with_hues(parts: np.ndarray, way: str) -> np.ndarray:
    """Return HSV or HSL (n, 2, 3) with hues changed by whole turns, so that they run in `way`, one of `HUES`."""
    if way == "plain":
        return parts
    parts = parts.copy()
    if way != "short":
        grey = parts[..., 1] == 0
        parts[..., 0] = np.where(grey & ~grey[:, ::-1], parts[:, ::-1, 0], parts[..., 0])
    turn = parts[:, 1, 0] - parts[:, 0, 0]
    if way == "short":
        turn = turn - np.rint(turn)
    elif way == "rising":
        turn = turn % 1
    else:
        turn = -(-turn % 1)
    parts[:, 1, 0] = parts[:, 0, 0] + turn
    return parts


def _by_msh(ends: np.ndarray, colors: np.ndarray, alphas: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return intervals in Msh by the rules of Moreland (2009): their ends, colours and alphas.

    Two saturated colours of distinct hue meet in white.  A grey gets a hue that suits the colour it runs into.
    """
    msh = lab_to_msh(rgb_to_lab(colors[:, :3]))
    pairs = np.stack([msh[:-1], msh[1:]], axis=1)
    apart = np.abs(pairs[:, 0, 2] - pairs[:, 1, 2])
    apart = np.minimum(apart, 2 * np.pi - apart)
    split = (pairs[..., 1] > 0.05).all(axis=-1) & (apart > np.pi / 3)
    white = np.zeros((len(pairs), 3))
    white[:, 0] = np.maximum(pairs[..., 0].max(axis=-1), 88)
    halves = np.repeat(np.stack([ends, alphas, np.zeros_like(ends)], axis=-1), 1 + split, axis=0)
    doubled = np.repeat(pairs, 1 + split, axis=0)
    seconds = np.cumsum(1 + split)[split] - 1
    firsts = seconds - 1
    doubled[firsts, 1] = doubled[seconds, 0] = white[split]
    halves[firsts, 1] = halves[seconds, 0] = halves[firsts].mean(axis=1)
    for near, far in ((0, 1), (1, 0)):
        grey = (doubled[:, near, 1] < 0.05) & (doubled[:, far, 1] > 0.05)
        doubled[grey, near, 2] = _spun(doubled[grey, far], doubled[grey, near, 0])
    return halves[..., 0], doubled, halves[..., 1]


def _spun(msh: np.ndarray, magnitude: np.ndarray) -> np.ndarray:
    """Return the hue to give a grey of that magnitude, so that the way to `msh` looks even."""
    own, saturation, hue = msh.T
    spin = saturation * np.sqrt(np.maximum(magnitude**2 - own**2, 0)) / (own * np.sin(saturation))
    return np.where(own >= magnitude - 0.1, hue, np.where(hue > -np.pi / 3, hue + spin, hue - spin))


def _with_stops(found: list[Stop], stops: Sequence[Stop]) -> list[Stop]:
    """Return `found` with the exact given stops.  Their copies in it were rounded on the way to the space and back."""
    given: dict[float, list[Stop]] = {}
    for stop in stops:
        given.setdefault(stop[0], []).append(stop)

    def exact(stop: Stop) -> Stop:
        for same in given.get(stop[0], ()):
            if max(abs(a - b) for a, b in zip(same[1], stop[1], strict=True)) < 1e-6:
                return same
        return stop

    return [exact(stop) for stop in found]
