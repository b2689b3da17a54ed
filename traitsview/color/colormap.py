"""Colormaps: a value with a name, and the catalogue that names are looked up in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from ..errors import ColormapError, quoted

if TYPE_CHECKING:
    import cmap

__all__ = ["MENU", "RGBA", "Colormap", "colormap", "nearest_names"]

#: Red, green, blue and alpha in 0 … 1, alpha not multiplied in.
RGBA = tuple[float, float, float, float]

#: The names that a menu offers: sequential, then diverging, then cyclic.
MENU = (
    "gray",
    "viridis",
    "magma",
    "inferno",
    "cividis",
    "crameri:batlow",
    "cubehelix",
    "hot",
    "turbo",
    "crameri:vik",
    "RdBu_r",
    "coolwarm",
    "twilight",
)


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
    """

    name: str
    gradient: cmap.Colormap = field(repr=False, hash=False)  # cmap's colormaps compare and have no hash
    under: RGBA | None = None
    over: RGBA | None = None
    bad: RGBA | None = None
    warnings: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for end in ("under", "over", "bad"):
            color = getattr(self, end)
            if color is not None:
                object.__setattr__(self, end, _checked(color, f"{end} colour of {quoted(self.name)}"))

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

    def to_cmap(self) -> cmap.Colormap:
        """Return it as cmap's own type, which other plotting libraries can be given."""
        from cmap import Colormap as Gradient

        return Gradient(self.gradient, name=self.name, under=self.under, over=self.over, bad=self.bad)


def colormap(name: str) -> Colormap:
    """Return the colormap of that name from the catalogue.

    Parameters
    ----------
    name : str
        ``"viridis"``, ``"crameri:batlow"``; ``_r`` at its end reverses the colours.

    Raises
    ------
    ColormapError
        If there is none; the message holds the nearest names.
    """
    if not isinstance(name, str) or not name.strip():
        raise ColormapError(f"not the name of a colormap: {quoted(repr(name))}", "", "try 'viridis'")
    return _from_catalogue(name.strip())


@cache
def _from_catalogue(name: str) -> Colormap:
    from cmap import Colormap as Gradient

    base, tail = (name[:-2], "_r") if name.endswith("_r") else (name, "")
    try:
        # The full name: cmap logs a warning about short names that several collections share.
        gradient = Gradient(Gradient.catalog().resolve(base) + tail)
    except KeyError:
        near = nearest_names(base, Gradient.catalog())
        remedy = f"nearest: {', '.join(near)}" if near else "try 'viridis'"
        raise ColormapError(f"unknown colormap {quoted(name)}", "", remedy) from None
    extremes = (gradient.under_color, gradient.over_color, gradient.bad_color)
    what = f"colours of {quoted(name)}"
    under, over, bad = (None if color is None else _checked(color.rgba, what) for color in extremes)
    return Colormap(name, gradient, under, over, bad)


def nearest_names(name: str, names: Iterable[str], limit: int = 3) -> list[str]:
    """Return those of `names` that `name` was probably meant to be, best first."""
    known: dict[str, str] = {}
    for candidate in sorted(names, key=len):
        known.setdefault(candidate.lower().split(":")[-1], candidate)
        known.setdefault(candidate.lower(), candidate)
    close = get_close_matches(name.lower(), known, n=2 * limit, cutoff=0.6)
    return list(dict.fromkeys(known[match] for match in close))[:limit]


def _checked(color: Sequence[float], what: str) -> RGBA:
    """Return `color` as floats: cmap reads whole numbers as 0 … 255, so that 1 would be nearly black."""
    try:
        r, g, b, a = (float(part) for part in color)
    except (TypeError, ValueError) as error:
        raise ColormapError(f"cannot use the {what}", str(error), "give red, green, blue and alpha, 0 … 1") from error
    if not all(0 <= part <= 1 for part in (r, g, b, a)):
        raise ColormapError(f"cannot use the {what}", f"it is {r:g} {g:g} {b:g} {a:g}", "give four parts in 0 … 1")
    return r, g, b, a
