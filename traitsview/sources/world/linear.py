"""The linear part of world coordinates: from pixels to intermediate coordinates.

FITS 4.0, section 8: ``x_i = s_i Σ_j m_ij (p_j - r_j)``, where p counts pixels from 1 and is whole at their centres, r
is ``CRPIXj``, and ``s_i m_ij`` is ``CDELTi PCi_j``, or ``CDi_j``, or what ``CROTAi`` makes of ``CDELTi``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

from .cards import WorldCards

__all__ = ["LinearPart", "linear_part", "of_pixels"]

_ELEMENT = re.compile(r"(PC|CD)(\d+)_(\d+)")


@dataclass(frozen=True)
class LinearPart:
    """The linear function from pixels to intermediate coordinates.

    Attributes
    ----------
    reference : tuple of float
        ``CRPIXj`` of each pixel axis.
    rows : tuple of tuple of float
        For each world axis its steps along each pixel axis, in the unit of the header.
    needs : tuple of tuple of str
        For each world axis the keywords from which its row and its reference come.
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
        The axes that ``CROTAi`` rotates, counted from 0: longitude and latitude, or x and y.
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
    notes += _contradictions(cards, rows)
    return LinearPart(reference, tuple(map(tuple, rows)), tuple(map(tuple, needs)), tuple(notes))


def of_pixels(count: int) -> LinearPart:
    """Return the linear part of axes whose intermediate coordinates are the pixels, as FITS counts them."""
    axes = range(count)
    return LinearPart((0.0,) * count, tuple(tuple(float(i == j) for j in axes) for i in axes), ((),) * count)


def _row(cards: WorldCards, i: int, count: int) -> tuple[list[float], list[str]]:
    """Return the steps of a world axis and the keywords from which they come; an unread step counts as 1."""
    if _uses_cd(cards, i, count):
        names = [f"CD{i + 1}_{j + 1}" for j in range(count)]
        return [cards.number(name, float(name in cards.unread)) for name in names], list(filter(cards.has, names))
    names = [f"PC{i + 1}_{j + 1}" for j in range(count)]
    step = f"CDELT{i + 1}"
    scale = cards.number(step, 1.0)
    row = [scale * cards.number(name, float(i == j or name in cards.unread)) for j, name in enumerate(names)]
    return row, [step, *filter(cards.has, names)]


def _uses_cd(cards: WorldCards, i: int, count: int) -> bool:
    """Whether the steps of a world axis are ``CDi_j``.

    If ``PCi_j`` is there as well, it counts, as in WCSLIB.  Without ``CDELTi`` it does not count, since its elements
    would be the steps in units of 1.
    """
    if not any(cards.has(f"CD{i + 1}_{j}") for j in range(1, count + 1)):
        return False
    return not (_has_pc(cards, i, count) and cards.has(f"CDELT{i + 1}"))


def _has_pc(cards: WorldCards, i: int, count: int) -> bool:
    """Whether there is a ``PCi_j`` of the world axis, or of the pixel axis with the same number."""
    return any(cards.has(f"PC{i + 1}_{j}") or cards.has(f"PC{j}_{i + 1}") for j in range(1, count + 1))


def _rotate(
    cards: WorldCards, turned: tuple[int, int], rows: list[list[float]], needs: list[list[str]], notes: list[str]
) -> None:
    """Apply ``CROTAi`` to `rows`.

    AIPS writes it for the latitude, other programs for both axes, or for the longitude alone.
    """
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


def _contradictions(cards: WorldCards, rows: list[list[float]]) -> Iterator[str]:
    """Yield a sentence if ``CDi_j`` and ``PCi_j`` contradict each other."""
    if any(map(_ELEMENT.fullmatch, cards.unread)):
        return
    names = filter(None, map(_ELEMENT.fullmatch, cards.numbers))
    twice = [
        i for i in {int(name.group(2)) for name in names if name.group(1) == "CD"} if _has_pc(cards, i - 1, len(rows))
    ]
    if any(_uses_cd(cards, i - 1, len(rows)) for i in twice):
        yield "CDi_j and PCi_j are both there without CDELTi, and CDi_j counts"
    elif any(
        not math.isclose(cards.number(f"CD{i}_{j}"), step, rel_tol=1e-6, abs_tol=1e-15)
        for i in twice
        for j, step in enumerate(rows[i - 1], 1)
    ):
        yield "CDi_j and PCi_j say different things, and PCi_j counts"
