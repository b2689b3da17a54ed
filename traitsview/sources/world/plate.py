"""Plates of the Digitized Sky Survey, whose positions are a polynomial, the plate solution, in cards of their own.

Their headers also have the usual cards with a linear approximation.  The solution counts, as in WCSLIB and DS9.
"""

from __future__ import annotations

from .cards import WorldCards

__all__ = ["PLATE", "is_plate", "plate_cards", "plate_problem"]

#: The name of the projection by the solution of a plate.  It takes pixels.
PLATE = "DSS"

_PREFIXES = ("PLT", "AMD", "PPO", "CNPIX", "XPIXELSZ", "YPIXELSZ")


def is_plate(cards: WorldCards) -> bool:
    """Whether the cards hold the solution of a plate."""
    return all(map(cards.has, ("PLTRAH", "PPO3", "PPO6", "AMDX1", "AMDY1", "CNPIX1", "CNPIX2")))


def plate_cards(cards: WorldCards) -> list[tuple[str, float | str]]:
    """Return the cards of the solution."""
    numbers = [(name, value) for name, value in cards.numbers.items() if name.startswith(_PREFIXES)]
    return [*numbers, ("PLTDECSN", cards.word("PLTDECSN"))]


def plate_problem(cards: WorldCards) -> str:
    """Return the problem of the cards of the solution, or an empty text."""
    return next((problem for name, problem in cards.unread.items() if name.startswith(_PREFIXES)), "")
