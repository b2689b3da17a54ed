"""A shading as Chaco's own plots take one: a colormap, a scale along a colour bar, and its ticks.

Any Chaco plot that takes a colormap then shows values as the viewer does::

    shading = Shading((1, 1000), colormap("viridis"), "log")
    plot.contour_plot("z", type="poly", poly_cmap=ShadingColormap(shading))
    bar = chaco_color_bar(ShadingColormap(shading))
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from chaco.base_1d_mapper import Base1DMapper
from chaco.color_mapper import ColorMapper
from chaco.data_range_1d import DataRange1D
from chaco.plots.color_bar import ColorBar
from chaco.ticks import AbstractTickGenerator
from traits.api import ComparisonMode, Instance, Property, cached_property, observe

from ...color.shading import Shading
from .color_ticks import Spread, color_ticks

__all__ = ["ShadingColormap", "ShadingScale", "ShadingTicks", "chaco_color_bar"]


class ShadingColormap(ColorMapper):
    """Colours values as a `Shading` does, for Chaco.

    The limits are those of `range`, so that Chaco's tools and automatic ranges work: they begin as those of the
    shading, and a new shading sets them.  A range that is not finite, which ends the process in Chaco's own mapper,
    leaves the shading's own; a single value has the middle colour, and a range that falls is the rising one with
    the colours in reverse order.

    Notes
    -----
    It is a `ColorMapper` and not a mere `AbstractColormap` because Chaco's contour plots ask for one.
    """

    #: Colormap, scale, contrast and bias, and the limits to begin with.
    shading = Instance(Shading, comparison_mode=ComparisonMode.identity)

    #: What values are coloured with: `shading` between the ends of `range`.
    current = Property(Instance(Shading), observe="shading, range.updated")

    def __init__(self, shading, **traits):
        super().__init__({}, **traits)
        self.shading = shading
        if self.range is None:
            self.range = DataRange1D(low_setting=shading.limits[0], high_setting=shading.limits[1])

    def map_screen(self, val):
        """Return the colours of values of any shape, (…, 3 | 4) float64, 0 … 1."""
        return _FRACTIONS[self.map_uint8(val)]

    def map_uint8(self, val):
        """Return the colours of values of any shape, (…, 3 | 4) uint8."""
        rgba = self.current.table[self.map_index(val)]
        return rgba if self.color_depth == "rgba" else np.ascontiguousarray(rgba[..., :3])

    def map_data(self, ary):
        """Return the same as `map_screen`: Chaco means by it the colours of values."""
        return self.map_screen(ary)

    def map_index(self, ary):
        """Return the rows of `color_bands` that values of any shape belong to; what is masked is bad."""
        values = np.ma.asanyarray(ary)
        missing = np.ma.getmaskarray(values) if np.ma.is_masked(values) else None
        values = np.asarray(values.data)
        if values.dtype.kind not in "buif":
            values = values.astype(np.float64)
        rows = self.current.indices(values.reshape(1, -1)).reshape(values.shape)
        if missing is not None:
            rows[missing] = self.current.size + 2
        return rows

    def reverse_colormap(self):
        """Reverse the colours."""
        self.shading = replace(self.shading, inverted=not self.shading.inverted)

    def _get_color_bands(self):
        """Return the colours, then those under, over and bad, as tuples of 0 … 1."""
        channels = len(self.color_depth)
        return [tuple(row[:channels]) for row in (self.current.table / 255.0).tolist()]

    @cached_property
    def _get_current(self):
        shading = self.shading
        if shading is None or self.range is None:
            return shading
        low, high = self.range.low, self.range.high
        if not (math.isfinite(low) and math.isfinite(high)):
            return shading
        if low > high:
            return replace(shading, limits=(high, low), inverted=not shading.inverted)
        if low == high:
            half = max(0.5, abs(low) * 1e-6)
            low, high = max(low - half, -_LARGEST), min(low + half, _LARGEST)
        return replace(shading, limits=(low, high))

    @observe("shading")
    def _take_shading(self, event):
        shading = self.shading
        self.name, self.steps = shading.colormap.name, shading.size
        even_steps = np.linspace(0, 1, shading.size) if shading.size > 1 else np.array([0.0, 1.0])
        colors = np.resize(shading.table[: shading.size] / 255.0, (len(even_steps), 4))
        for channel, name in enumerate(("red", "green", "blue", "alpha")):
            column = colors[:, channel].tolist()
            self._segmentdata[name] = list(zip(even_steps.tolist(), column, column, strict=True))
        if self.range is not None and event.old is not None:
            self.range.set_bounds(*shading.limits)
        self.updated = True


class ShadingScale(Base1DMapper):
    """Maps values to places on the screen as a shading spreads them over its colours."""

    #: Whose scale it is.
    colormap = Instance(ShadingColormap)

    def __init__(self, colormap, **traits):
        super().__init__(colormap=colormap, range=colormap.range, **traits)

    def map_screen(self, data_array):
        """Return where on the screen values lie; those outside the range at its ends."""
        places = self._spread().place_of(np.asarray(data_array, np.float64))
        if self._falls():
            places = 1.0 - places
        return self.low_pos + places * (self.high_pos - self.low_pos)

    def map_data(self, screen_val):
        """Return the values at places on the screen."""
        if self.high_pos == self.low_pos:
            return np.full(np.shape(screen_val), self.range.low)
        places = (np.asarray(screen_val, np.float64) - self.low_pos) / (self.high_pos - self.low_pos)
        return self._spread().value_at(1.0 - places if self._falls() else places)

    def map_data_array(self, screen_vals):
        """Return the values at places on the screen."""
        return self.map_data(screen_vals)

    def _spread(self):
        return Spread(self.colormap.current)

    def _falls(self):
        return self.range.low > self.range.high

    @observe("colormap.updated")
    def _announce(self, event):
        self.updated = True


class ShadingTicks(AbstractTickGenerator):
    """Ticks where a colour bar has them: decades of a logarithm, the middles of named colours, round numbers."""

    #: Whose ticks they are.
    colormap = Instance(ShadingColormap)

    def get_ticks_and_labels(self, data_low, data_high, bounds_low, bounds_high):
        """Return the values with a tick, and their labels; the bounds are in Enable pixels."""
        shading = self.colormap.current
        ticks = color_ticks(shading, abs(bounds_high - bounds_low))
        if not ticks.values:
            return ()
        spread = Spread(shading)
        return [float(spread.value_at(place)) for place in ticks.places], list(ticks.labels)


def chaco_color_bar(colormap, **traits):
    """Return Chaco's `ColorBar` of a `ShadingColormap`, with the scale and the ticks of its shading."""
    scale = ShadingScale(colormap)
    bar = ColorBar(index_mapper=scale, color_mapper=colormap, grid_visible=False, **traits)
    bar._axis.tick_generator = ShadingTicks(colormap=colormap)
    return bar


#: The bytes as 0 … 1.  Chaco multiplies by 255 and cuts off, which some must not be just too small for.
_FRACTIONS = np.arange(256) / 255.0
_FRACTIONS = np.where((_FRACTIONS * 255).astype(np.uint8) < np.arange(256), np.nextafter(_FRACTIONS, 1), _FRACTIONS)

_LARGEST = np.finfo(np.float64).max
