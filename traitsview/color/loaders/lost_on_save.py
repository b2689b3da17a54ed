"""The parts of a colormap that a file does not hold, found by reading the file again."""

from __future__ import annotations

import numpy as np

from ..colormap import Colormap

__all__ = ["losses"]

#: The names of attributes in messages.
_NAMES = {
    "under": "its colour below the limits",
    "over": "its colour above the limits",
    "bad": "its colour for what is no number",
    "limits": "its limits",
    "hinge": "its hinge",
    "cyclic": "that it is cyclic",
    "values": "which values its colours stand for",
    "labels": "its labels",
    "licence": "its licence",
}


def losses(colormap: Colormap, read: Colormap) -> tuple[str, ...]:
    """Return a phrase for each thing that `colormap` has and `read`, which was saved from it, has not."""
    found = [
        phrase
        for attribute, phrase in _NAMES.items()
        if _has(colormap, attribute) and not _kept(colormap, read, attribute)
    ]
    if colormap.discrete is None and read.discrete is not None:
        found.insert(0, f"how its colours run into each other: {read.discrete} of them were taken")
    return tuple(found)


def _has(colormap: Colormap, attribute: str) -> bool:
    value = getattr(colormap, attribute)
    return bool(value) or (attribute == "hinge" and value is not None)


def _kept(colormap: Colormap, read: Colormap, attribute: str) -> bool:
    mine, theirs = getattr(colormap, attribute), getattr(read, attribute)
    if attribute in ("labels", "licence"):  # formats may write these in another way
        return bool(theirs)
    if theirs is None or np.shape(mine) != np.shape(theirs):
        return False
    return bool(np.allclose(mine, theirs, rtol=1e-6, atol=1e-6))
