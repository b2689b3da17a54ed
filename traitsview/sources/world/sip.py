"""Spitzer's polynomials (SIP), which correct the pixels of the first two axes: ``A_p_q``, ``B_p_q``."""

from __future__ import annotations

import re

import numpy as np

from .cards import WorldCards

__all__ = ["has_sip", "is_announced", "sip_coefficients", "sip_problem"]

_ORDERS = ("A_ORDER", "B_ORDER")

# Keywords have one digit for each order.
_HIGHEST_ORDER = 9


def has_sip(cards: WorldCards) -> bool:
    """Whether there are polynomials."""
    return any(map(cards.has, _ORDERS))


def is_announced(cards: WorldCards, number: int) -> bool:
    """Whether the ``CTYPEi`` of an axis says that there are polynomials."""
    return cards.word(f"CTYPE{number}").upper().endswith("-SIP")


def sip_problem(cards: WorldCards) -> str:
    """Return the problem of the polynomials in a sentence, or an empty text."""
    for name, problem in cards.unread.items():
        if re.fullmatch(r"[AB]_.*", name):
            return problem
    for name in _ORDERS:
        if not cards.has(name):
            return f"{name} is missing"
        order = cards.number(name)
        if order not in range(_HIGHEST_ORDER + 1):
            return f"{name} is no order of a polynomial: {order:g}"
    return ""


def sip_coefficients(cards: WorldCards) -> tuple[np.ndarray, np.ndarray]:
    """Return ``A_p_q`` and ``B_p_q``, each (order + 1, order + 1).  Terms with p + q > order are 0."""
    return _coefficients(cards, "A"), _coefficients(cards, "B")


def _coefficients(cards: WorldCards, letter: str) -> np.ndarray:
    order = int(cards.number(f"{letter}_ORDER"))
    found = np.zeros((order + 1, order + 1))
    for p in range(order + 1):
        for q in range(order + 1 - p):
            found[p, q] = cards.number(f"{letter}_{p}_{q}")
    return found
