"""Corrections of cmap's catalogue: colormaps of Matplotlib whose colours cmap has a little otherwise.

Matplotlib cuts colours to bytes, so that the last bit of 0.4784313725490196 decides between 121 and 122.  In some of
its colormaps red, green and blue have stops of their own; cmap's common stops give other last bits, or lose a step.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import cmap

__all__ = ["corrected"]

#: For a colormap: the number of a stop, the number of a channel, and the right value.
_STOPS = {
    "crameri:berlin": (11, 2, 0.95294),
    "colorbrewer:reds": (-1, 2, 0.05098039215686274),
    "colorbrewer:ylorbr": (-1, 2, 0.02352941176470588),
    "colorbrewer:accent": (6, 2, 0.09019607843137253),
    "matplotlib:wistia": (0, 2, 0.47843137254901963),
}

_Channel = tuple[tuple[float, ...], tuple[float, ...]]

#: 0, 0.05 … 1.
_TWENTIETHS = tuple(k / 20 for k in range(21))

#: Positions and values of red, green and blue; two at one position are a step.
_CHANNELS: dict[str, tuple[_Channel, _Channel, _Channel]] = {
    "matlab:bone": (
        ((0, 0.746032, 1), (0, 0.652778, 1)),
        ((0, 0.365079, 0.746032, 1), (0, 0.319444, 0.777778, 1)),
        ((0, 0.365079, 1), (0, 0.444444, 1)),
    ),
    "yorick:stern": (
        ((0, 0.0547, 0.25, 0.25, 1), (0, 1, 0.027, 0.25, 1)),
        ((0, 1), (0, 1)),
        ((0, 0.5, 0.735, 1), (0, 1, 0, 1)),
    ),
    "matlab:jet": (
        ((0, 0.35, 0.66, 0.89, 1), (0, 0, 1, 1, 0.5)),
        ((0, 0.125, 0.375, 0.64, 0.91, 1), (0, 0, 1, 1, 0, 0)),
        ((0, 0.11, 0.34, 0.65, 1), (0.5, 1, 1, 0, 0)),
    ),
    "matplotlib:nipy_spectral": (
        (_TWENTIETHS, (0, 0.4667, 0.5333, *[0] * 10, 0.7333, 0.9333, 1, 1, 1, 0.8667, 0.8, 0.8)),
        (
            _TWENTIETHS,
            (*[0] * 5, 0.4667, 0.6, 0.6667, 0.6667, 0.6, 0.7333, 0.8667, 1, 1, 0.9333, 0.8, 0.6, 0, 0, 0, 0.8),
        ),
        (_TWENTIETHS, (0, 0.5333, 0.6, 0.6667, *[0.8667] * 3, 0.6667, 0.5333, *[0] * 11, 0.8)),
    ),
}


def corrected(id: str, gradient: cmap.Colormap) -> cmap.Colormap:
    """Return a gradient of cmap's catalogue, with the colours that Matplotlib has under its name."""
    from cmap import Colormap as Gradient
    from cmap import ColorStops

    key = id.lower()
    if key in _CHANNELS:
        colors = np.ones((256, 4))
        for channel, (positions, values) in enumerate(_CHANNELS[key]):
            colors[:, channel] = _along(np.array(positions, float), np.array(values, float), len(colors))
        places = np.linspace(0, 1, len(colors))
    elif key in _STOPS:
        stop, channel, value = _STOPS[key]
        colors, places = np.array(gradient.color_stops.color_array), np.array(gradient.color_stops.stops)
        colors[stop, channel] = value
    else:
        return gradient
    stops = ColorStops(np.column_stack([places, colors]))
    return Gradient(stops, name=gradient.name, interpolation=gradient.interpolation)


def _along(positions: np.ndarray, values: np.ndarray, count: int) -> np.ndarray:
    """Return a channel's value at `count` places evenly from 0 to 1, by Matplotlib's operations."""
    places = (count - 1) * np.linspace(0, 1, count)
    x = positions * (count - 1)
    after = np.searchsorted(x, places)[1:-1]
    share = (places[1:-1] - x[after - 1]) / (x[after] - x[after - 1])
    inner = share * (values[after] - values[after - 1]) + values[after - 1]
    line: np.ndarray = np.clip(np.concatenate([values[:1], inner, values[-1:]]), 0, 1)
    return line
