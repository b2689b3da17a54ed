"""The linear part of world coordinates: from pixels to intermediate coordinates.

FITS 4.0, section 8: ``x_i = s_i Σ_j m_ij (p_j - r_j)``, where p counts pixels from 1 and is whole at their centres, r
is ``CRPIXj``, and ``s_i m_ij`` is ``CDELTi PCi_j``, or ``CDi_j``, or what ``CROTAi`` makes of ``CDELTi``.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from .cards import WorldCards

__all__ = ["LinearPart", "linear_part", "of_pixels"]


@dataclass(frozen=True)
class LinearPart:
    """How intermediate coordinates follow from pixels.

    Attributes
    ----------
    reference : tuple of float
        ``CRPIXj`` of each pixel axis.
    rows : tuple of tuple of float
        For each world axis its steps along each pixel axis, in the unit of the header.
    needs : tuple of tuple of str
        For each world axis the keywords that its row and its reference were taken from.
    notes : tuple of str
        Sentences about cards that two readers may read differently.
    """

    reference: tuple[float, ...]
    rows: tuple[tuple[float, ...], ...]
    needs: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()


def linear_part(cards: WorldCards, count: int, turned: tuple[int, int] | None) -> LinearPart:
    """Return the linear part of `count` axes.

    Parameters
    ----------
    turned : (int, int), optional
        The axes, longitude and latitude or x and y, counted from 0, that a rotation by ``CROTAi`` is of.
    """
    rows, needs = [], []
    notes: list[str] = []
    for i in range(count):
        row, used = _row(cards, i, count)
        rows.append(row)
        needs.append(used)
    if turned is not None:
        _rotate(cards, turned, rows, needs, notes)
    elif cards.number("CROTA1") or cards.number("CROTA2"):
        notes.append("CROTA1 and CROTA2 do not count: the first two axes are not of one kind")
    reference = tuple(cards.number(f"CRPIX{j + 1}") for j in range(count))
    for row, used in zip(rows, needs, strict=True):
        used.extend(f"CRPIX{j + 1}" for j in range(count) if row[j])
    if _contradicts(cards, rows):
        notes.append("CDi_j and PCi_j say different things, and PCi_j counts")
    return LinearPart(reference, tuple(map(tuple, rows)), tuple(map(tuple, needs)), tuple(notes))


def of_pixels(count: int) -> LinearPart:
    """Return the linear part of axes whose intermediate coordinates are the pixels, as FITS counts them."""
    axes = range(count)
    return LinearPart((0.0,) * count, tuple(tuple(float(i == j) for j in axes) for i in axes), ((),) * count)


def _row(cards: WorldCards, i: int, count: int) -> tuple[list[float], list[str]]:
    """Return the steps of a world axis and the keywords that they are from; an unread step counts as 1."""
    if _uses_cd(cards, i, count):
        names = [f"CD{i + 1}_{j + 1}" for j in range(count)]
        return [cards.number(name, float(name in cards.unread)) for name in names], list(filter(cards.has, names))
    names = [f"PC{i + 1}_{j + 1}" for j in range(count)]
    step = f"CDELT{i + 1}"
    scale = cards.number(step, 1.0)
    row = [scale * cards.number(name, float(i == j or name in cards.unread)) for j, name in enumerate(names)]
    return row, [step, *filter(cards.has, names)]


def _uses_cd(cards: WorldCards, i: int, count: int) -> bool:
    """Whether a world axis has ``CDi_j``, and no ``PCi_j`` that it or its pixel axis is in: those count before."""
    axes = range(1, count + 1)
    pc = any(cards.has(f"PC{i + 1}_{j}") or cards.has(f"PC{j}_{i + 1}") for j in axes)
    return not pc and any(cards.has(f"CD{i + 1}_{j}") for j in axes)


def _rotate(
    cards: WorldCards, turned: tuple[int, int], rows: list[list[float]], needs: list[list[str]], notes: list[str]
) -> None:
    """Apply ``CROTAi``: AIPS writes it for the latitude, other programs for both axes, or for the longitude alone."""
    a, b = turned
    if any(map(cards.has, (f"{m}{i + 1}_{j + 1}" for m in ("PC", "CD") for i in turned for j in range(len(rows))))):
        return
    name = next(filter(cards.has, (f"CROTA{b + 1}", f"CROTA{a + 1}")), None)
    if name is None:
        return
    for used in (needs[a], needs[b]):
        used.append(name)
    angle = math.radians(cards.number(name))
    if not angle:
        return
    if name == f"CROTA{a + 1}":
        notes.append(f"{name} is there without CROTA{b + 1}, and is read as the rotation of both axes")
    cos, sin = math.cos(angle), math.sin(angle)
    sx, sy = rows[a][a], rows[b][b]
    rows[a][a], rows[a][b] = sx * cos, -sy * sin
    rows[b][a], rows[b][b] = sx * sin, sy * cos
    for used in (needs[a], needs[b]):
        used.extend((f"CDELT{a + 1}", f"CDELT{b + 1}"))


def _contradicts(cards: WorldCards, rows: list[list[float]]) -> bool:
    """Whether there are elements of ``CDi_j`` that are not the steps, which were taken from ``PCi_j``."""
    axes = {int(name[2:].split("_")[0]) for name in cards.numbers if re.fullmatch(r"CD\d+_\d+", name)}
    return any(
        not math.isclose(cards.number(f"CD{i}_{j}"), step, rel_tol=1e-6, abs_tol=1e-15)
        for i in axes
        for j, step in enumerate(rows[i - 1], 1)
    )
