"""Places the images of one exposure beside each other, by the sections in their headers or by positions on the sky."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from ...arrays.mosaic import Affine, Section
from ...world.sky_grid import SkyGrid

__all__ = ["Unplaced", "placed_on_detector", "placed_on_sky", "used_section"]

_SECTION = re.compile(r"\[\s*(-?\d{1,9})\s*:\s*(-?\d{1,9})\s*,\s*(-?\d{1,9})\s*:\s*(-?\d{1,9})\s*\]", re.ASCII)

#: The place of an image on the sky is fitted to at most this many elements along each axis.
_PLACES_PER_AXIS = 5

#: The most elements of a mosaic along each axis.
_SIDE_LIMIT_ELEMENTS = 1 << 31


class Unplaced(ValueError):
    """The header of an image does not say where the image lies, or says something impossible."""


def used_section(header: Any, shape: tuple[int, ...]) -> Section:
    """Return the columns and rows of an image without overscan: TRIMSEC within DATASEC, or all if there is neither."""
    rows, columns = shape[-2:]
    used = (0, columns, 0, rows)
    for word in ("DATASEC", "TRIMSEC"):
        found = _section(header, word)
        if found is None:
            continue
        column0, column1, row0, row1 = _rising(found)
        used = max(used[0], column0), min(used[1], column1), max(used[2], row0), min(used[3], row1)
    if not (used[0] < used[1] and used[2] < used[3]):
        raise Unplaced(f"DATASEC and TRIMSEC leave nothing of {columns} × {rows} elements")
    return used


def placed_on_detector(
    headers: list[Any], shapes: list[tuple[int, ...]], word: str
) -> tuple[list[Affine], tuple[float, float]]:
    """Return the way from elements of a common grid to those of each image, and the size of an element.

    Element [0, 0] of the common grid begins where pixel 1 of the detector begins.  The size of an element is its width
    and height in pixels of the detector.

    Parameters
    ----------
    headers : list of Header
    shapes : list of tuple
        The shapes of the images.
    word : str
        ``"DETSEC"`` or ``"CCDSEC"``: the card with the place of the section that DATASEC names.  Sections count from 1
        and include both ends.  A section that falls, ``[9:1,…]``, is read backwards.
    """
    axes = []
    for number, (header, (*_, rows, columns)) in enumerate(zip(headers, shapes, strict=True), 1):
        there = _section(header, word)
        if there is None:
            raise Unplaced(f"image {number} of {len(headers)} has no {word}")
        here = _section(header, "DATASEC") or _section(header, "TRIMSEC") or (1, columns, 1, rows)
        axes.append([_along(here[2 * k : 2 * k + 2], there[2 * k : 2 * k + 2]) for k in (0, 1)])
    across, down = (min(abs(each[k][0]) for each in axes) for k in (0, 1))
    ways = []
    for (a, a0), (e, e0) in axes:
        # An edge at X in pixels of the detector is at (X - a0) / a in elements of the image.  Affine takes centres,
        # which lie half an element behind the edges.
        c, f = (across / 2 - a0) / a - 0.5, (down / 2 - e0) / e - 0.5
        ways.append(Affine(across / a, 0.0, c, 0.0, down / e, f))
    return ways, (across, down)


def placed_on_sky(grids: list[SkyGrid], sections: list[Section]) -> tuple[list[Affine], float]:
    """Return the way from elements of the first image's grid to those of each image, and the largest error in elements.

    Parameters
    ----------
    grids : list of SkyGrid
    sections : list of Section
        The used section of each image.
    """
    ways: list[Affine] = []
    worst = 0.0
    for number, (grid, section) in enumerate(zip(grids, sections, strict=True), 1):
        if grid.kind != grids[0].kind:
            kinds = f"{grid.kind} on its sky, and the first one {grids[0].kind}"
            raise Unplaced(f"image {number} of {len(grids)} has {kinds}")
        columns, rows = (each.ravel() for each in np.meshgrid(*(_spread(*section[2 * k : 2 * k + 2]) for k in (0, 1))))
        there = grids[0].places(grid.sky(np.column_stack([columns, rows])))
        if not np.isfinite(there).all() or np.abs(there).max() > _SIDE_LIMIT_ELEMENTS:
            raise Unplaced(f"image {number} of {len(grids)} is too far away on the sky to lie beside the first")
        design = np.column_stack([columns, rows, np.ones_like(columns)])
        solved, *_ = np.linalg.lstsq(design, there, rcond=None)
        worst = max(worst, float(np.abs(design @ solved - there).max()))
        (a, d), (b, e), (c, f) = solved
        ways.append(Affine(a, b, c, d, e, f).inverse)
    return ways, worst


def _section(header: Any, word: str) -> Section | None:
    """Return a section as it is written, ``[x1:x2,y1:y2]``, counted from 1; None if there is none."""
    value = header.get(word)
    if value is None or not str(value).strip():
        return None
    match = _SECTION.fullmatch(str(value).strip())
    if not match:
        raise Unplaced(f"{word} is no section: {str(value)[:40]!r}")
    x1, x2, y1, y2 = (int(number) for number in match.groups())
    return x1, x2, y1, y2


def _rising(section: Section) -> Section:
    """Return the columns and rows of a section that counts from 1, as half-open ranges that count from 0."""
    x1, x2, y1, y2 = section
    return min(x1, x2) - 1, max(x1, x2), min(y1, y2) - 1, max(y1, y2)


def _along(here: tuple[int, ...], there: tuple[int, ...]) -> tuple[float, float]:
    """Return slope and offset from edges of elements to those of the detector's pixels along one axis."""
    (a1, a2), (b1, b2) = here, there
    turned = (a1 > a2) != (b1 > b2)
    low_a, size_a = min(a1, a2) - 1, abs(a2 - a1) + 1
    low_b, size_b = min(b1, b2) - 1, abs(b2 - b1) + 1
    slope = size_b / size_a
    return (-slope, low_b + size_b + slope * low_a) if turned else (slope, low_b - slope * low_a)


def _spread(start: int, stop: int) -> np.ndarray:
    return np.linspace(start, stop - 1, min(_PLACES_PER_AXIS, stop - start))
