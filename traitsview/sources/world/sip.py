"""Spitzer's polynomials (SIP), which distort the pixels of the first two axes: ``A_p_q``, ``B_p_q``."""

from __future__ import annotations

import re

from .cards import WorldCards

__all__ = ["has_sip", "is_announced", "sip_cards", "sip_problem"]

_ORDERS = ("A_ORDER", "B_ORDER")

# More than single digits have no names.
_HIGHEST_ORDER = 9


def has_sip(cards: WorldCards) -> bool:
    """Whether there are polynomials."""
    return any(map(cards.has, _ORDERS))


def is_announced(cards: WorldCards, number: int) -> bool:
    """Whether the ``CTYPEi`` of an axis says that there are polynomials."""
    return cards.word(f"CTYPE{number}").upper().endswith("-SIP")


def sip_problem(cards: WorldCards) -> str:
    """Return what is wrong with the polynomials, in a sentence, or nothing."""
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


def sip_cards(cards: WorldCards) -> list[tuple[str, float | str]]:
    """Return the cards of the polynomials, the orders as whole numbers."""
    found = [(name, value) for name, value in cards.numbers.items() if re.fullmatch(r"[AB]P?_.*", name)]
    return [(name, int(value) if name.endswith("ORDER") else value) for name, value in found]
