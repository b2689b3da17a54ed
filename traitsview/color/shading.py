"""Shading: limits, scale and colormap together, applied to arrays of values.

The rule::

    index = floor(((scale((v - lo) / (hi - lo)) - bias) * contrast + 1/2) * steps),   v == hi belongs to the last colour

On the linear scale it gives Matplotlib's colours, bit for bit.  Values below `lo` and above `hi`, infinities included,
have the colormap's under and over colours (by default the colours of the limits).  NaN has its bad colour (by default
transparent).  Labels have no limits.  A value that is not in the colormap's list has the bad colour, or is
grey where the colormap has none.  `Indexing` computes the index of a value in the table.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Self

import numpy as np

from ..errors import RequestError
from .channels import Channels
from .colormap import Colormap
from .histogram import equalizing
from .indexing import COLORS, Indexing, check_contrast, real
from .limits import Limits, LimitsSpec, Valued, check_limits, limits_of
from .look import Look
from .scales import LABELS, check_scale
from .vision import NORMAL, Vision

__all__ = ["Shading"]

#: The longest list of colours at equal distances that is used whole.
_LISTED_COLORS = 4096

#: The colour of labels that a colormap does not list, where it names no colour for bad values: grey.
_UNLISTED = (0.5, 0.5, 0.5, 1.0)


@dataclass(frozen=True)
class Shading:
    """How values become colours.

    Attributes
    ----------
    limits : (float, float)
        ``(lo, hi)``, finite, ``lo < hi``.  Given the other way round they are put in order, and the colours inverted:
        the first limit has the first colour.
    colormap : Colormap
        The colours.
    scale : str
        The spec of a scale; see `scales`.
    inverted : bool
        Whether the colours are in reverse order.  Under, over and bad colours stay with their values.
    steps : int
        Colours in the table, 2 … `COLORS`.  For a map of flat colours the table has its number of colours.  For a map
        that lists more than `steps` colours at equal distances it has all of them.
    contrast, bias : float
    curve : tuple of float
        See `Indexing`.
    vision : Vision
        The colour vision that is simulated.  It changes colours only, and no index.
    channels : Channels, optional
        How the channels of an image in colour become colours; if None, they are colours 0 … 255 already.
    """

    limits: Limits
    colormap: Colormap
    scale: str = "linear"
    inverted: bool = False
    steps: int = 256
    contrast: float = 1.0
    bias: float = 0.5
    curve: tuple[float, ...] = ()
    vision: Vision = NORMAL
    channels: Channels | None = None

    def __post_init__(self) -> None:
        first, last = self.limits
        object.__setattr__(self, "limits", check_limits(min(first, last), max(first, last)))
        if first > last:
            object.__setattr__(self, "inverted", not self.inverted)
        object.__setattr__(self, "scale", check_scale(self.scale))
        if not 2 <= self.steps <= COLORS:
            raise RequestError(f"cannot shade with {self.steps} colours", "", f"choose 2 … {COLORS}")
        check_contrast(self.contrast, self.bias)

    @classmethod
    def of(cls, summary: Valued, look: Look, vision: Vision = NORMAL) -> Self:
        """Return the shading of an image for a look.

        Parameters
        ----------
        summary : Summary
            Of the image: rules for limits and the scale ``histogram`` need it.
        look : Look
        vision : Vision
            The colour vision that is simulated.
        """
        limits, scale = look.limits, look.used_scale
        parts = getattr(summary, "channels", ())
        channels = None
        if parts:
            channels = Channels.of(parts, limits, check_scale(look.scale), look.inverted, look.contrast, look.bias)
        found = _limits_of(limits, _Same(summary)) if channels is None else channels.span
        curve = _curve_of(found, _Same(summary)) if scale == "histogram" else ()
        if not isinstance(limits, str) and limits[0] > limits[1]:
            found = found[1], found[0]
        return cls(
            found,
            look.used_colormap,
            scale,
            look.inverted,
            contrast=look.contrast,
            bias=look.bias,
            curve=curve,
            vision=vision,
            channels=channels,
        )

    @property
    def size(self) -> int:
        """The number of colours between the limits."""
        if self.labels:
            return len(_label_colors(self.colormap, self.steps)[0])
        return min(self.colormap.discrete or max(self.steps, _listed(self.colormap)), COLORS)

    @property
    def table(self) -> np.ndarray:
        """The colours, then under, over and bad: (size + 3, 4) uint8 RGBA, alpha not multiplied in.  Read-only."""
        return self._tables[0]

    @property
    def colors(self) -> np.ndarray:
        """The colours between the limits, (size,) uint32 0xAARRGGBB multiplied by alpha.  Read-only."""
        return self._tables[1][: self.size]

    def indices(self, values: np.ndarray) -> np.ndarray:
        """Return the row of `table` for each of `values`, (rows, columns): uint8 where that is enough, else uint16."""
        return self.indexing.indices(values)

    def argb(self, values: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
        """Return the colours of `values` as Qt paints them.

        Parameters
        ----------
        values : ndarray, (rows, columns) or (rows, columns, 3 | 4)
            Numbers, or the channels of an image in colour (see `channels`).  A pixel with NaN in any channel is
            transparent.
        out : ndarray of uint32, (rows, columns), optional
            Where to put the answer.

        Returns
        -------
        ndarray of uint32, (rows, columns)
            0xAARRGGBB in native byte order, colours multiplied by alpha:
            ``QImage.Format_ARGB32_Premultiplied``.
        """
        if values.ndim == 3:
            return _packed(self._colours(values), out)
        values = real(values)
        if out is not None and (out.shape != values.shape or out.dtype != np.uint32):
            raise ValueError(f"out must be uint32 of shape {values.shape}, not {out.dtype} of {out.shape}")
        return self._look_up(self._tables[1], values, out)

    def rgba(self, values: np.ndarray) -> np.ndarray:
        """Return the colours of `values` (see `argb`) as uint8 (rows, columns, 4), alpha not multiplied in."""
        if values.ndim == 3:
            return self._colours(values)
        colors = self._look_up(self.table.view(np.uint32)[:, 0], real(values))
        return colors.view(np.uint8).reshape(*values.shape, 4)

    def value_at(self, fraction: np.ndarray | float) -> np.ndarray:
        """Return the values that lie at `fraction` (0 … 1) of the colour bar; float64 of its shape."""
        return self.indexing.value_at(fraction)

    def fraction_of(self, values: np.ndarray | float) -> np.ndarray:
        """Return the places of `values` on the colour bar, 0 … 1, NaN for those without a colour; see `value_at`."""
        return self.indexing.fraction_of(values)

    def name_of(self, value: float | int) -> str:
        """Return the name that the colormap has for a label; empty if it has none, or values are no labels."""
        return self._names.get(value, "") if self.labels else ""

    @cached_property
    def _names(self) -> dict[float, str]:
        names = self.colormap.labels
        return dict(zip(self.colormap.values or map(float, range(len(names))), names, strict=False))

    @cached_property
    def indexing(self) -> Indexing:
        """How values become indices of the table.  A host needs to know nothing else of colours."""
        curve = _label_colors(self.colormap, self.steps)[1] if self.labels else self.curve
        return Indexing(self.limits, self.scale, self.size, self._marked, self.contrast, self.bias, curve)

    @cached_property
    def _tables(self) -> tuple[np.ndarray, np.ndarray]:
        size = self.steps if self.labels else self.size
        return _tables(self.colormap, size, self.inverted, self.vision, self.labels, self.indexing.ends)

    @property
    def labels(self) -> bool:
        """Whether values are names, not amounts."""
        return self.scale in LABELS

    @property
    def _marked(self) -> bool:
        """Whether values outside the limits have colours of their own; labels have no limits."""
        return not self.labels and (self.colormap.under is not None or self.colormap.over is not None)

    def _colours(self, values: np.ndarray) -> np.ndarray:
        """Return an image in colour, (rows, columns, 3 | 4), as uint8 RGBA."""
        return _direct(values) if self.channels is None else self.channels.rgba(values)

    def _look_up(self, table: np.ndarray, values: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
        """Return for each of `values`, (rows, columns), its entry of `table`, (size + 3,)."""
        if out is None:
            out = np.empty(values.shape, table.dtype)
        self.indexing.look_up(table, values, out)
        return out


def _direct(values: np.ndarray) -> np.ndarray:
    """Return colours 0 … 255 of shape (rows, columns, 3 | 4) as uint8 RGBA; transparent where one is NaN."""
    if values.shape[2] not in (3, 4):
        raise ValueError(f"a colour has 3 or 4 parts, not {values.shape[2]}")
    out = np.full((*values.shape[:2], 4), 255, np.uint8)
    if values.dtype == np.uint8:
        out[..., : values.shape[2]] = values
        return out
    bad = np.isnan(values).any(axis=2)
    with np.errstate(invalid="ignore"):
        np.copyto(out[..., : values.shape[2]], np.rint(np.clip(values, 0, 255)), casting="unsafe")
    out[bad] = 0
    return out


def _packed(rgba: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    """Return uint8 RGBA of shape (…, 4) as 0xAARRGGBB of shape (…), colours multiplied by alpha and rounded."""
    parts = rgba.astype(np.uint32)
    alpha = parts[..., 3]
    r, g, b = ((parts[..., k] * alpha + 127) // 255 for k in range(3))
    packed: np.ndarray = np.bitwise_or(alpha << 24 | r << 16 | g << 8, b, out=out)
    return packed


@lru_cache(maxsize=64)
def _listed(colormap: Colormap) -> int:
    """Return how many colours a map lists at equal distances, up to `_LISTED_COLORS`; 0 if it does not."""
    stops = colormap.gradient.color_stops
    count = len(stops)
    if colormap.discrete or stops.lut_func is not None or not 256 < count <= _LISTED_COLORS:
        return 0
    return count if np.allclose(np.array(stops.stops, float), np.linspace(0, 1, count), rtol=0, atol=1e-6) else 0


class _Same:
    """A key of a cache for a summary, equal only to the key of the same object."""

    __slots__ = ("it",)

    def __init__(self, it: Valued) -> None:
        self.it = it

    def __hash__(self) -> int:
        return id(self.it)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.it is self.it


@lru_cache(maxsize=4)
def _limits_of(limits: LimitsSpec, summary: _Same) -> Limits:
    return limits_of(limits, summary.it)


@lru_cache(maxsize=4)
def _curve_of(limits: Limits, summary: _Same) -> tuple[float, ...]:
    return equalizing(summary.it.sample, limits)


@lru_cache(maxsize=64)
def _label_colors(colormap: Colormap, steps: int) -> tuple[np.ndarray, tuple[float, ...]]:
    """Return the colours of labels, (n, 4), and the values that they stand for, if those are known.

    The values rise.  If the values are unknown, the tuple is empty, and transparent colours are left out: label k has
    colour k modulo the number of colours, and none should be invisible.
    """
    colors = colormap.lut(min(colormap.discrete or steps, COLORS))
    values = np.array(colormap.values)
    if len(values) == len(colors) and len(np.unique(values)) == len(values):
        order = np.argsort(values)
        return colors[order], tuple(values[order].tolist())
    seen = colors[:, 3] > 0
    return (colors[seen] if seen.any() else colors), ()


@lru_cache(maxsize=64)
def _tables(
    colormap: Colormap, size: int, inverted: bool, vision: Vision, labels: bool, ends: tuple[int, int]
) -> tuple[np.ndarray, np.ndarray]:
    """Return the table as uint8 RGBA and as premultiplied ARGB, both read-only; `ends` are the rows of the limits."""
    colors = _label_colors(colormap, size)[0] if labels else colormap.lut(size)
    if inverted:
        colors = colors[::-1]
    under = colors[ends[0]] if colormap.under is None else colormap.under
    if labels:  # labels are never over: their row of over is for labels that are not listed
        over = _UNLISTED if colormap.bad is None else colormap.bad
    else:
        over = colors[ends[1]] if colormap.over is None else colormap.over
    bad = (0.0, 0.0, 0.0, 0.0) if colormap.bad is None else colormap.bad
    exact = vision.seen(np.vstack([colors, under, over, bad]))
    # Numbers are cut, not rounded, as in Matplotlib: k / 255 becomes k.
    rgba = (exact * 255).astype(np.uint8)
    argb = _packed(rgba)
    rgba.setflags(write=False)
    argb.setflags(write=False)
    return rgba, argb
