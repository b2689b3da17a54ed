"""Coordinates that are looked up in binary tables (``-TAB``): FITS 4.0, section 8.4.3, and its paper III, section 6.

1. The index vector of an axis, if there is one, turns its intermediate coordinate into a place along that axis.
2. The places along all axes of the table are one place between the elements of an array of coordinates.
3. The coordinates there are interpolated.

No library does it, since none gets cards from a file here: they may contradict each other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from ...errors import counted
from .cards import WorldCards
from .world_axis import WorldAxis

if TYPE_CHECKING:
    from .wcslib import OpenHDUs, Step

__all__ = ["of_one_table", "tabulated"]

# The most axes of a table: a place among m axes lies between 2ᵐ elements.
_AXES_LIMIT = 8


def of_one_table(cards: WorldCards, axes: Sequence[WorldAxis]) -> Iterator[list[WorldAxis]]:
    """Yield the axes in groups.  The axes of a group are looked up in one array of coordinates."""
    found: dict[object, list[WorldAxis]] = {}
    for axis in axes:
        found.setdefault((_hdu(cards, axis.number), cards.word(f"PS{axis.number}_1").upper()), []).append(axis)
    yield from found.values()


def tabulated(cards: WorldCards, axes: Sequence[WorldAxis], open_hdus: OpenHDUs) -> Step:
    """Return a function that looks up the coordinates of the axes of one table, in the units of the axes.

    Raises
    ------
    ValueError
        If there is no such table.  The message names the card.
    """
    order = _order(cards, axes)
    with open_hdus() as hdus:
        row = _row(cards, axes[0].number, hdus)
        array = _values(row, cards, f"PS{axes[0].number}_1")
        indices = [
            _values(row, cards, f"PS{axis.number}_2").ravel() if cards.word(f"PS{axis.number}_2") else None
            for axis in axes
        ]
    count = len(axes)
    if count == 1 and array.ndim == 1:
        array = array[:, np.newaxis]
    if array.ndim != count + 1 or array.shape[-1] != count or not array.size:
        raise ValueError(
            f"PS{axes[0].number}_1 names no array of {counted(count, 'coordinate')}: its shape is {array.shape}"
        )
    array = array.transpose(*range(count - 1, -1, -1), count)  # the first axis of the table first
    for axis, m, index in zip(axes, order, indices, strict=True):
        if index is not None:
            _check(index, array.shape[m], f"PS{axis.number}_2")
    references = np.array([axis.reference for axis in axes])

    def look_up(plane: np.ndarray) -> np.ndarray:
        places = np.empty_like(plane)
        for at, m in enumerate(order):
            places[:, m] = _place(plane[:, at] + references[at], indices[at])
        return np.asarray(_between(array, places)[:, order])

    return look_up


def _hdu(cards: WorldCards, number: int) -> tuple[str, float]:
    """Return the name and the version of the HDU with the table of an axis."""
    return cards.word(f"PS{number}_0").upper(), cards.number(f"PV{number}_1", 1.0)


def _order(cards: WorldCards, axes: Sequence[WorldAxis]) -> list[int]:
    """Return the number of each axis in the table, counted from 0."""
    order = [cards.number(f"PV{axis.number}_3", 1.0) for axis in axes]
    if sorted(order) != list(range(1, len(axes) + 1)) or len(axes) > _AXES_LIMIT:
        names = " and ".join(f"PV{axis.number}_3" for axis in axes)
        numbers = " and ".join(f"{m:g}" for m in order)
        raise ValueError(f"{names} should count the axes of the table, and {'are' if order[1:] else 'is'} {numbers}")
    return [int(m) - 1 for m in order]


def _row(cards: WorldCards, number: int, hdus: Any) -> Any:
    """Return the first row of the table of an axis."""
    name, version = _hdu(cards, number)
    if not name:
        raise ValueError(f"PS{number}_0 is missing")
    try:
        return hdus[(name, int(version))].data[0]
    except (KeyError, IndexError, TypeError, OverflowError):
        raise ValueError(f"PS{number}_0 names no table with a row: '{name},{version:g}'") from None


def _values(row: Any, cards: WorldCards, name: str) -> np.ndarray:
    """Return the numbers in the column that a card names."""
    column = cards.word(name)
    if not column:
        raise ValueError(f"{name} is missing")
    try:
        return np.asarray(row[column], float)
    except (KeyError, ValueError, TypeError):
        raise ValueError(f"{name} names no column of numbers: '{column}'") from None


def _check(index: np.ndarray, size: int, name: str) -> None:
    """Raise `ValueError` unless an index vector is as long as its axis, and sorted."""
    if len(index) != size:
        raise ValueError(f"{name} names an index of {counted(len(index), 'element')} in place of {size}")
    steps = np.diff(index)
    if not (np.all(steps >= 0) or np.all(steps <= 0)):
        raise ValueError(f"{name} names an index that is not sorted")


def _place(values: np.ndarray, index: np.ndarray | None) -> np.ndarray:
    """Return the places of values in an index vector, counted from 1 at its first element."""
    if index is None:
        return np.asarray(values)
    if len(index) == 1:
        return np.asarray(1 + values - index[0])
    if index[0] > index[-1]:
        values, index = -values, -index
    at = np.clip(np.searchsorted(index, values, side="right") - 1, 0, len(index) - 2)
    return np.asarray(1 + at + (values - index[at]) / (index[at + 1] - index[at]))


def _between(array: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Return the coordinates at places between elements; NaN at places more than half an element outside."""
    sizes = np.array(array.shape[:-1])
    outside = ~np.all((places >= 0.5) & (places <= sizes + 0.5), axis=1)
    inside = np.where(outside[:, np.newaxis], 1.0, places) - 1
    lower = np.clip(np.floor(inside).astype(int), 0, np.maximum(sizes - 2, 0))
    parts = np.where(sizes == 1, 0.0, inside - lower)
    found = np.zeros((len(places), array.shape[-1]))
    for corner in product((0, 1), repeat=len(sizes)):
        weights = np.prod(np.where(corner, parts, 1 - parts), axis=1)
        at = np.minimum(lower + corner, sizes - 1)
        found += weights[:, np.newaxis] * array[tuple(at.T)]
    found[outside] = np.nan
    return found
