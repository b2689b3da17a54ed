"""Gradients whose stops do not reach both ends: the end colours are extended."""

from __future__ import annotations

from collections.abc import Sequence

from ..colormap import Stop
from .ranges import shown

__all__ = ["drawn_out"]


def drawn_out(stops: Sequence[Stop], last: float, warnings: list[str], unit: str = "") -> list[Stop]:
    """Return stops that reach from 0 to `last`: the end colours are extended, with a warning.

    Parameters
    ----------
    stops : sequence of (position, RGBA)
    last : float
    warnings : list of str
        The warning is added here.
    unit : str
        The unit behind positions in warnings.
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
