"""Colormaps: colours with a name, and what their file says of them."""

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
    """Colours along 0 … 1, and beyond its ends.

    Attributes
    ----------
    name : str
        What the user calls it.
    gradient : cmap.Colormap
        The colours and their positions.
    under, over : RGBA or None
        For values below and above the limits; the first and the last colour if None.
    bad : RGBA or None
        For values that are not numbers; transparent if None.
    warnings : tuple of str
        What was lost or guessed when it was read from a file.
    limits : (float, float) or None
        The values that its ends stand for, if its file says so.
    hinge : float or None
        The value that belongs into its middle, each side of which stretches by itself.
    cyclic : bool
        Whether it ends where it begins: for angles and phases.
    values : tuple of float
        The value that each of its flat colours stands for; empty if none is said.
    labels : tuple of str
        What each flat colour means; as many as there are colours, or none.
    licence : str
        What its file says of who made it and who may use it.
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
        """Return the map of colours that run into each other between positions.

        Parameters
        ----------
        name : str
        stops : sequence of (position, RGBA)
            Two or more; positions rise from the first to the last, wherever those are: they become 0 … 1.  Two at
            one position are a hard step.
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
        """Return the map of colours at equal distances.

        Parameters
        ----------
        name : str
        colors : sequence of RGBA
            One or more, 0 … 1.
        flat : bool
            Whether each has an equal share of the map to itself, rather than running into the next.
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
        """Its positions, 0 … 1, and the colours there; of a map that is a function, 256 of them."""
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
        """Whether all is the same, colours and positions to the last bit."""
        if not isinstance(other, Colormap):
            return NotImplemented
        alike = all(getattr(self, each.name) == getattr(other, each.name) for each in fields(self) if each.compare)
        return alike and _same_gradient(self.gradient, other.gradient)

    @property
    def discrete(self) -> int | None:
        """The number of colours of a map of flat colours; None where colours run into each other."""
        return len(self.gradient.color_stops) if self.gradient.interpolation == "nearest" else None

    def lut(self, n: int = 256) -> np.ndarray:
        """Return `n` colours evenly from the first to the last.

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
        """Return the colours in reverse, under another name.

        What lies under the limits gets the colour of what lay over them, and the other way round.  Values stay:
        those at the ends, the hinge, and which value each place of a map of flat colours stands for.
        """
        return replace(self, name=name, gradient=self.gradient.reversed(name), under=self.over, over=self.under)

    def to_cmap(self) -> cmap.Colormap:
        """Return it as cmap's own type, which other plotting libraries can be given."""
        from cmap import Colormap as Gradient

        return Gradient(self.gradient, name=self.name, under=self.under, over=self.over, bad=self.bad)


def from_gradient(name: str, gradient: cmap.Colormap) -> Colormap:
    """Return a colormap of cmap as ours, with its colours for values beyond the ends."""
    extremes = (gradient.under_color, gradient.over_color, gradient.bad_color)
    what = f"colours of {quoted(name)}"
    under, over, bad = (None if color is None else _checked(color.rgba, what) for color in extremes)
    return Colormap(name, gradient, under, over, bad)


def _gradient(name: str, places: np.ndarray, colors: np.ndarray, kind: Interpolation) -> cmap.Colormap:
    """Return cmap's own type for places (n) and colours (n, 4).

    It is given what it would make of them in the end: it takes a millisecond for 100 colours one by one, and would
    put a transparent one before a single one.
    """
    from cmap import Colormap as Gradient
    from cmap import ColorStops

    return Gradient(ColorStops(np.column_stack([places, colors])), name=name, interpolation=kind)


def _same_gradient(one: cmap.Colormap, other: cmap.Colormap) -> bool:
    """Whether two have the same colours.  cmap's own ``==`` fails where they have not equally many."""
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
