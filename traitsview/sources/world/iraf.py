"""Polynomials of IRAF, which correct the plane before a projection: ``TNX`` goes on as TAN, ``ZPX`` as ZPN.

They are text, cut into cards ``WATi_nnn`` of 68 characters (https://fits.gsfc.nasa.gov/registry/tnx.html, zpx.html)::

    wtype=tnx axtype=ra lngcor = "3. 3. 3. 2. -0.3 0.3 -0.2 0.2 1e-4 2e-4 3e-4 1e-3 2e-3 5e-5 "

WCSLIB reads them too, but it stops at a card that ends in a blank, and takes all terms after one of 0 for 0.  Besides,
no library gets text from a file here: the text may be broken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.polynomial.chebyshev import chebval2d
from numpy.polynomial.legendre import legval2d
from numpy.polynomial.polynomial import polyval2d

from ...errors import counted, quoted
from .card_values import number_of
from .cards import WorldCards

__all__ = ["Surface", "corrections", "parameters", "surface_of"]

# Characters of text in a card.  A blank at the end may be lost when a header is written again.
_CHARACTERS = 68

_CHEBYSHEV, _LEGENDRE, _MONOMIALS = 1, 2, 3
_VALUES = {_CHEBYSHEV: chebval2d, _LEGENDRE: legval2d, _MONOMIALS: polyval2d}

# Cross terms: none, all, those whose degree is below the larger order.
_NO_CROSS, _HALF_CROSS = 0, 2
_CROSS = (_NO_CROSS, 1, _HALF_CROSS)

_ORDERS = frozenset(range(1, 31))

_PARAMETER = re.compile(r"projp(\d) *= *([^ ]+)")


@dataclass(frozen=True)
class Surface:
    """A polynomial of x and y, the intermediate longitude and latitude in degrees; its values are degrees.

    Attributes
    ----------
    kind : int
        1 for Chebyshev's, 2 for Legendre's polynomials, 3 for powers.
    coefficients : tuple of tuple of float
        By the order in x, then in y.
    x, y : (float, float)
        The ranges of x and y that Chebyshev's and Legendre's polynomials take as -1 … 1.
    """

    kind: int
    coefficients: tuple[tuple[float, ...], ...]
    x: tuple[float, float]
    y: tuple[float, float]

    def __call__(self, plane: np.ndarray) -> np.ndarray:
        """Return the values at places of the plane, (n, 2)."""
        if self.kind == _MONOMIALS:
            x, y = plane.T
        else:
            x, y = (
                (2 * values - (low + high)) / (high - low)
                for values, (low, high) in zip(plane.T, (self.x, self.y), strict=True)
            )
        return np.asarray(_VALUES[self.kind](x, y, np.array(self.coefficients)))


def corrections(cards: WorldCards, longitude: int, latitude: int) -> tuple[Surface | None, Surface | None]:
    """Return the corrections to intermediate longitudes and latitudes.

    Parameters
    ----------
    longitude, latitude : int
        Numbers of the axes, from 1.

    Raises
    ------
    ValueError
        If a card is wrong.  The message names it.
    """
    return _correction(cards, longitude, "lngcor"), _correction(cards, latitude, "latcor")


def parameters(cards: WorldCards, latitude: int) -> dict[int, float]:
    """Return the parameters of ``ZPX`` by their numbers, as ZPN has them; or raise `ValueError`."""
    found = {}
    for m, text in _PARAMETER.findall(_text(cards, latitude)):
        number = number_of(text)
        if number is None:
            raise ValueError(f"projp{m} in WAT{latitude}_001 is no number: {quoted(text, 40)}")
        found[int(m)] = number
    return found


def surface_of(text: str) -> Surface:
    """Return the polynomial that a text describes, or raise `ValueError` with the reason why it describes none."""
    values = []
    for word in text.split():
        number = number_of(word)
        if number is None:
            raise ValueError(f"{quoted(word, 40)} is no number")
        values.append(number)
    if len(values) < 8:
        raise ValueError(f"it has {counted(len(values), 'number')}")
    kind, x_order, y_order, cross, x0, x1, y0, y1, *terms = values
    if kind not in _VALUES or cross not in _CROSS:
        raise ValueError(f"it is of kind {kind:g} with cross terms {cross:g}")
    if not {x_order, y_order} <= _ORDERS:
        raise ValueError(f"its orders are {x_order:g} and {y_order:g}")
    if kind != _MONOMIALS and (x0 == x1 or y0 == y1):
        raise ValueError("its range is empty")
    places = list(_places(int(x_order), int(y_order), int(cross)))
    if len(places) != len(terms):
        raise ValueError(f"it has {counted(len(terms), 'term')} in place of {len(places)}")
    coefficients = np.zeros((int(x_order), int(y_order)))
    for place, term in zip(places, terms, strict=True):
        coefficients[place] = term
    return Surface(int(kind), tuple(map(tuple, coefficients.tolist())), (x0, x1), (y0, y1))


def _places(x_order: int, y_order: int, cross: int) -> Iterator[tuple[int, int]]:
    """Yield the orders in x and y of each term, in the sequence of the text."""
    for n in range(y_order):
        for m in range(x_order):
            if (cross == _NO_CROSS and m and n) or (cross == _HALF_CROSS and m + n >= max(x_order, y_order)):
                continue
            yield m, n


def _correction(cards: WorldCards, axis: int, name: str) -> Surface | None:
    """Return the polynomial of that name, or None."""
    start, equals, rest = _text(cards, axis).partition(name)[2].partition("=")
    if not equals or start.strip():
        return None
    listed = re.match(r' *"([^"]*)"', rest)
    try:
        if listed is None:
            raise ValueError("it has no end")
        return surface_of(listed.group(1))
    except ValueError as error:
        raise ValueError(f"{name} in WAT{axis}_001 is no polynomial: {error}") from None


def _text(cards: WorldCards, axis: int) -> str:
    """Return the text in the cards of an axis, empty unless it is for ``TNX`` or ``ZPX``; or raise `ValueError`."""
    for name, problem in cards.unread.items():
        if name.startswith(f"WAT{axis}_"):
            raise ValueError(problem)
    names = sorted(name for name in cards.words if name.startswith(f"WAT{axis}_"))
    parts = [cards.words[name] for name in names]
    text = "".join(part + " " * (len(part) == _CHARACTERS - 1) for part in parts)
    return text if re.match(r" *wtype *= *(tnx|zpx)\b", text) else ""
