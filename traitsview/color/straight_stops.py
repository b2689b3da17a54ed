"""Stops between which red, green and blue may run straight, for colours that run along a curve.

Each interval is halved until the straight line between its ends is near enough to the curve.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from .colormap import Stop

__all__ = ["densified", "straight_places"]

#: How far a colour on a straight line may be from the curve, in parts of full brightness, where they are compared.
TOLERANCE = 1 / 2000

#: An interval is compared with its curve at these fractions: no symmetry of a curve makes it agree at all of them.
COMPARED_AT = (0.21, 0.5, 0.73)

#: No interval that is narrower than this part of a colormap is halved: a table has fewer rows.
NARROWEST = 1 / 8192

#: An upper bound for the number of halvings.
MOST_HALVINGS = 20


def straight_places(
    colors_at: Callable[[np.ndarray, np.ndarray], np.ndarray], widths: np.ndarray, parts: int = 1
) -> tuple[np.ndarray, np.ndarray]:
    """Return the places between which colours run straight, to within `TOLERANCE` where they are compared.

    Parameters
    ----------
    colors_at : callable
        From numbers of intervals (n,) and fractions of them (n,), 0 … 1, to colours (n, 4).
    widths : ndarray, (intervals,)
        The width of each interval, as a part of the colormap.
    parts : int
        Into how many equal parts each interval is divided first.

    Returns
    -------
    rows, fractions : ndarray, (places,)
        The number of an interval and a fraction of it, in order.  Both ends of each interval are among them.
    """
    rows = np.repeat(np.arange(len(widths)), parts)
    begin = np.tile(np.arange(parts) / parts, len(widths))
    end = np.tile(np.arange(1, parts + 1) / parts, len(widths))
    kept = [np.stack([rows, begin]), np.stack([rows, end])]
    shares = np.array([0.0, 1.0, *COMPARED_AT])
    for _ in range(MOST_HALVINGS):
        wide = (end - begin) * widths[rows] > NARROWEST
        rows, begin, end = rows[wide], begin[wide], end[wide]
        if not len(rows):
            break
        fractions = begin + (end - begin) * shares[:, None]
        fractions[1] = end
        colors = colors_at(np.tile(rows, len(shares)), fractions.ravel()).reshape(len(shares), len(rows), 4)
        far = np.zeros(len(rows), bool)
        for share, true in zip(COMPARED_AT, colors[2:], strict=True):
            far |= (np.abs(colors[0] * (1 - share) + colors[1] * share - true) > TOLERANCE).any(axis=-1)
        rows, begin, end = rows[far], begin[far], end[far]
        middle = (begin + end) / 2
        kept.append(np.stack([rows, middle]))
        rows, begin, end = np.tile(rows, 2), np.concatenate([begin, middle]), np.concatenate([middle, end])
    found = np.concatenate(kept, axis=1)
    found = found[:, np.lexsort(found[::-1])]
    fresh = np.concatenate([[True], (np.diff(found, axis=1) != 0).any(axis=0)])
    rows, fractions = found[:, fresh]
    return rows.astype(np.intp), fractions


def densified(
    ends: np.ndarray, parts: np.ndarray, alphas: np.ndarray, to_rgb: Callable[[np.ndarray], np.ndarray]
) -> list[Stop]:
    """Return stops for intervals in which colours run straight in another space than RGB.

    Parameters
    ----------
    ends : ndarray, (n, 2)
        The positions where each interval begins and ends.
    parts : ndarray, (n, 2, 3)
        The colours at both ends, in the other space.
    alphas : ndarray, (n, 2)
    to_rgb : callable
        From parts (…, 3) to sRGB (…, 3).

    Returns
    -------
    list of (position, RGBA)
        In order.  If an interval begins with another colour than the one before ended with, there are two stops.
    """
    values = np.concatenate([parts, alphas[..., None], ends[..., None]], axis=-1)

    def mixed(rows: np.ndarray, fractions: np.ndarray) -> np.ndarray:
        found: np.ndarray = values[rows, 0] * (1 - fractions[:, None]) + values[rows, 1] * fractions[:, None]
        return found

    def colors_at(rows: np.ndarray, fractions: np.ndarray) -> np.ndarray:
        found = mixed(rows, fractions)
        return np.concatenate([np.clip(to_rgb(found[:, :3]), 0, 1), found[:, 3:4]], axis=-1)

    whole = ends.max() - ends.min()
    widths = (ends[:, 1] - ends[:, 0]) / (whole if whole > 0 else 1)
    rows, fractions = straight_places(colors_at, widths)
    places = np.concatenate([colors_at(rows, fractions), mixed(rows, fractions)[:, 4:]], axis=-1)
    steps = np.diff(places, axis=0)
    fresh = np.concatenate([[True], (np.abs(steps[:, :4]) > 1e-9).any(axis=-1) | (steps[:, 4] > 0)])
    return [(position, (r, g, b, alpha)) for r, g, b, alpha, position in places[fresh].tolist()]
