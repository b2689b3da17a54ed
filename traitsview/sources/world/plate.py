"""Plates of the Digitized Sky Survey, whose solution is in cards of their own.

Beside a linear approximation in the usual cards, the solution counts, as for WCSLIB and DS9.
"""

from __future__ import annotations

from .cards import WorldCards

__all__ = ["PLATE", "is_plate", "plate_cards", "plate_problem"]

#: How a projection by the solution of a plate is called here; it takes pixels.
PLATE = "DSS"

_PREFIXES = ("PLT", "AMD", "PPO", "CNPIX", "XPIXELSZ", "YPIXELSZ")


def is_plate(cards: WorldCards) -> bool:
    """Whether there is the solution of a plate."""
    return all(map(cards.has, ("PLTRAH", "PPO3", "PPO6", "AMDX1", "AMDY1", "CNPIX1", "CNPIX2")))


def plate_cards(cards: WorldCards) -> list[tuple[str, float | str]]:
    """Return the cards of the solution."""
    numbers = [(name, value) for name, value in cards.numbers.items() if name.startswith(_PREFIXES)]
    return [*numbers, ("PLTDECSN", cards.word("PLTDECSN"))]


def plate_problem(cards: WorldCards) -> str:
    """Return what is wrong with the cards of the solution, or nothing."""
    return next((problem for name, problem in cards.unread.items() if name.startswith(_PREFIXES)), "")
