"""Gradients that begin after their beginning or end before their end."""

from __future__ import annotations

from collections.abc import Sequence

from ..colormap import Stop
from .ranges import shown

__all__ = ["drawn_out"]


def drawn_out(stops: Sequence[Stop], last: float, warnings: list[str], unit: str = "") -> list[Stop]:
    """Return stops from 0 to `last`, or further, where the end colours reach from those given; of which is warned.

    Parameters
    ----------
    stops : sequence of (position, RGBA)
    last : float
    warnings : list of str
        What is added to.
    unit : str
        What warnings write behind positions.
    """
    (begin, first_color), (end, last_color) = stops[0], stops[-1]
    found = list(stops)
    if begin > 0:
        warnings.append(f"It begins at {shown(begin)}{unit}: its first colour was drawn out to 0.")
        found.insert(0, (0.0, first_color))
    if end < last:
        warnings.append(f"It ends at {shown(end)}{unit}: its last colour was drawn out to {shown(last)}.")
        found.append((last, last_color))
    return found
