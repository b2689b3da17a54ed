"""Colormaps: colours with a name, and the facts that their file has about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from ..errors import ColormapError, quoted
from ..numerals import ALL, numeral

if TYPE_CHECKING:
    import cmap
    from cmap._colormap import Interpolation

__all__ = ["RGBA", "Colormap", "Stop", "from_gradient"]

#: Red, green, blue and alpha in 0 … 1, alpha not multiplied in.
RGBA = tuple[float, float, float, float]

#: A position and the colour there.
Stop = tuple[float, RGBA]


@dataclass(frozen=True)
class Colormap:
    """Colours along 0 … 1, and colours for values beyond the ends.

    Attributes
    ----------
    name : str
        The name that the user sees.
    gradient : cmap.Colormap
        The colours and their positions.
    under, over : RGBA or None
        The colours for values below and above the limits; None stands for the first and the last colour.
    bad : RGBA or None
        The colour for NaN and masked values; None stands for transparent.
    warnings : tuple of str
        Sentences about what was lost or guessed when it was read from a file.
    limits : (float, float) or None
        The values of the two ends, if the file has them.
    hinge : float or None
        The value of the middle.  Each side of it is stretched by itself.
    cyclic : bool
        Whether the last colour is meant to meet the first: for angles and phases.
    values : tuple of float
        The value of each flat colour; empty if the file has none.
    labels : tuple of str
        The meaning of each flat colour; as many as there are colours, or none.
    licence : str
        The text of the file about its authors and its licence.
    """

    name: str
    gradient: cmap.Colormap = field(repr=False, compare=False)
    under: RGBA | None = None
    over: RGBA | None = None
    bad: RGBA | None = None
    warnings: tuple[str, ...] = ()
    limits: tuple[float, float] | None = None
    hinge: float | None = None
    cyclic: bool = False
    values: tuple[float, ...] = ()
    labels: tuple[str, ...] = ()
    licence: str = ""

    @classmethod
    def from_stops(cls, name: str, stops: Sequence[Stop], **attributes: Any) -> Self:
        """Return a colormap whose colours run into each other between positions.

        Parameters
        ----------
        name : str
        stops : sequence of (position, RGBA)
            Two or more, with positions that rise; their range becomes 0 … 1.  Two stops at one position are a
            hard step.
        **attributes
            Of the colormap.

        Raises
        ------
        ColormapError
            If the positions do not rise, or a colour is not in 0 … 1.
        """
        positions = np.array([position for position, _ in stops], np.float64)
        if len(positions) < 2 or not np.isfinite(positions).all():
            raise ColormapError(f"cannot make the colormap {quoted(name)}", "", "give two finite positions or more")
        span = positions[-1] - positions[0]
        if (np.diff(positions) < 0).any() or not 0 < span < np.inf:
            raise ColormapError(f"cannot make the colormap {quoted(name)}", "positions must rise", "sort them")
        places = (positions - positions[0]) / span
        colors = _all_checked([color for _, color in stops], f"colours of {quoted(name)}")
        return cls(name, _gradient(name, places, colors, "linear"), **attributes)

    @classmethod
    def from_colors(cls, name: str, colors: Sequence[Sequence[float]], flat: bool = False, **attributes: Any) -> Self:
        """Return a colormap whose colours have equal distances.

        Parameters
        ----------
        name : str
        colors : sequence of RGBA
            One or more, 0 … 1.
        flat : bool
            Whether each colour fills an equal share of the colormap, instead of running into the next.
        **attributes
            Of the colormap.

        Raises
        ------
        ColormapError
            If there is no colour, or one is not in 0 … 1.
        """
        if not len(colors):
            raise ColormapError(f"cannot make the colormap {quoted(name)}", "it has no colour", "give one or more")
        checked = _all_checked(colors, f"colours of {quoted(name)}")
        kind: Interpolation = "nearest" if flat or len(checked) == 1 else "linear"
        return cls(name, _gradient(name, np.linspace(0, 1, len(checked)), checked, kind), **attributes)

    @property
    def stops(self) -> tuple[Stop, ...]:
        """Positions, 0 … 1, and the colours there; 256 of them for a colormap that is a function."""
        if self.discrete is None and self.gradient.color_stops.lut_func is not None:
            return tuple(zip(np.linspace(0, 1, 256).tolist(), map(tuple, self.lut(256).tolist()), strict=True))
        colors = self.gradient.color_stops.color_array.tolist()
        positions = [float(position) for position in self.gradient.color_stops.stops]
        return tuple(zip(positions, map(tuple, colors), strict=True))

    def __post_init__(self) -> None:
        for end in ("under", "over", "bad"):
            color = getattr(self, end)
            if color is not None:
                object.__setattr__(self, end, _checked(color, f"{end} colour of {quoted(self.name)}"))

    def __eq__(self, other: object) -> bool:
        """Whether all attributes are equal, colours and positions to the last bit."""
        if not isinstance(other, Colormap):
            return NotImplemented
        alike = all(getattr(self, each.name) == getattr(other, each.name) for each in fields(self) if each.compare)
        return alike and _same_gradient(self.gradient, other.gradient)

    @property
    def discrete(self) -> int | None:
        """The number of flat colours; None if the colours run into each other."""
        return len(self.gradient.color_stops) if self.gradient.interpolation == "nearest" else None

    def lut(self, n: int = 256) -> np.ndarray:
        """Return `n` colours at equal distances from the first to the last.

        Flat colours get equal shares of the table.

        Returns
        -------
        ndarray, (n, 4)
            RGBA in float64, 0 … 1; the caller's own.
        """
        if n < 1:
            raise ColormapError(f"cannot make a table of {n} colours", "", "ask for 1 or more")
        table: np.ndarray = np.array(self.gradient.lut(n), np.float64).reshape(-1, 4)
        if self.discrete:  # cmap gives one row for each
            rows = np.arange(n) * len(table) // n
        else:  # cmap gives a map of n + 1 stops as it is
            rows = np.rint(np.linspace(0, len(table) - 1, n)).astype(np.intp)
        table = table[rows]
        return table

    def reversed(self, name: str) -> Colormap:
        """Return the colormap with its colours reversed, under another name.

        The under and the over colour are exchanged.  Values stay in their places: the limits, the hinge, and the values
        of flat colours.
        """
        return replace(self, name=name, gradient=self.gradient.reversed(name), under=self.over, over=self.under)

    def to_cmap(self) -> cmap.Colormap:
        """Return a colormap of cmap, which other plotting libraries can use."""
        from cmap import Colormap as Gradient

        return Gradient(self.gradient, name=self.name, under=self.under, over=self.over, bad=self.bad)


def from_gradient(name: str, gradient: cmap.Colormap) -> Colormap:
    """Return a colormap of cmap as a `Colormap`, with its under, over and bad colours."""
    extremes = (gradient.under_color, gradient.over_color, gradient.bad_color)
    what = f"colours of {quoted(name)}"
    under, over, bad = (None if color is None else _checked(color.rgba, what) for color in extremes)
    return Colormap(name, gradient, under, over, bad)


def _gradient(name: str, places: np.ndarray, colors: np.ndarray, kind: Interpolation) -> cmap.Colormap:
    """Return a colormap of cmap from positions (n,) and colours (n, 4).

    It gets an array of stops.  From a list of colours cmap would make the same array, in a millisecond for 100 colours,
    and would put a transparent colour before a single one.
    """
    from cmap import Colormap as Gradient
    from cmap import ColorStops

    return Gradient(ColorStops(np.column_stack([places, colors])), name=name, interpolation=kind)


def _same_gradient(one: cmap.Colormap, other: cmap.Colormap) -> bool:
    """Whether two colormaps of cmap have the same colours.  Their own ``==`` raises if their numbers differ."""
    if one is other:
        return True
    first, second = one.color_stops, other.color_stops
    return (
        one.interpolation == other.interpolation
        and (first.lut_func is None) == (second.lut_func is None)
        and np.array_equal(first.stops, second.stops)
        and np.array_equal(first.color_array, second.color_array)
    )


def _all_checked(colors: Sequence[Sequence[float]], what: str) -> np.ndarray:
    """Return `colors` as float64, (n, 4)."""
    try:
        checked = np.array(colors, np.float64)
        if checked.shape == (len(colors), 4) and ((checked >= 0) & (checked <= 1)).all():
            return checked
    except (TypeError, ValueError):
        pass  # said better below
    return np.array([_checked(color, what) for color in colors], np.float64)


def _checked(color: Sequence[float], what: str) -> RGBA:
    """Return `color` as floats: cmap reads whole numbers as 0 … 255, so that 1 would be nearly black."""
    try:
        r, g, b, a = (float(part) for part in color)
    except (TypeError, ValueError) as error:
        raise ColormapError(f"cannot use the {what}", str(error), "give red, green, blue and alpha, 0 … 1") from error
    if not all(0 <= part <= 1 for part in (r, g, b, a)):
        parts = " ".join(numeral(part, ALL) for part in (r, g, b, a))
        raise ColormapError(f"cannot use the {what}", f"it is {parts}", "give four parts in 0 … 1")
    return r, g, b, a
