"""Arrays of numbers over x as a source of curves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ...errors import RequestError
from ..image_info import Axis
from .array_source import ArraySource

__all__ = ["curve_source", "places_of"]


def curve_source(
    curves: Sequence[np.ndarray] | np.ndarray,
    names: Sequence[str],
    *,
    places: np.ndarray | None = None,
    axis: str = "index",
    axis_unit: str = "",
    **options: Any,
) -> ArraySource:
    """Return a source whose rows are curves.

    Parameters
    ----------
    curves : (n,) arrays, or (rows, n) array
        Arrays of one length n; of numbers, not complex.
    names : sequence of str
        One for each curve.
    places : (n,) array, optional
        Where the elements are along x; by default element k is at k.  They become the first row of the source, which
        has the name of the axis.
    axis, axis_unit : str
        Of x.
    **options
        Of `ArraySource`, such as ``name`` and ``unit``.  An ``extent`` says where elements are if there are no
        `places`; its y has no meaning, and may be anything.

    Raises
    ------
    RequestError
        If the lengths or the names do not fit.
    """
    rows, names = [np.asarray(curve) for curve in curves], list(names)
    length = rows[0].shape[0] if rows and rows[0].ndim == 1 else 0
    if len(names) != len(rows) or not length or any(row.shape != (length,) for row in rows):
        shapes = ", ".join(str(row.shape) for row in rows) or "none"
        raise RequestError("cannot show curves", f"{len(names)} names, and arrays of the shapes {shapes}")
    x0, x1 = options.pop("extent", (-0.5, length - 0.5))[:2]
    if axis in names and places is None:
        axis = ""  # a curve with the name of the axis would be the places
    if places is not None:
        while axis in names:
            axis += "′"
        along = np.asarray(places, np.float64)
        rows, names = [along, *rows], [axis, *names]
        x0, x1 = _ends(along)
    array = _table(curves if places is None else None, rows)
    axes = (Axis("curve", len(rows)), Axis(axis, length, axis_unit))
    extent = (x0, x1, 0.0, float(len(rows)))
    return ArraySource(array, axes=axes, extent=extent, kind="scalar", curves=names, **{"name": "curves", **options})


def places_of(count: np.ndarray, step: np.ndarray, time: np.ndarray) -> tuple[str, np.ndarray]:
    """Return where the numbers of frames are along x, and the name of that axis.

    A calculation that is started again, or takes a step back, has two values at one time.  Then the next axis is taken.

    Parameters
    ----------
    count, step, time : (n,) array
        Of each frame, in their order: how many were published up to it, and its step and time, NaN where it has none.

    Returns
    -------
    axis : str
        ``"time"`` if each frame has one and none is less than the one before, or else ``"step"``, or ``"frame"``.
    places : (n,) array
    """
    for axis, places in (("time", time), ("step", step)):
        if np.isfinite(places).all() and (np.diff(places) >= 0).all():
            return axis, places
    return "frame", count


def _table(whole: Any, rows: Sequence[np.ndarray]) -> np.ndarray:
    """Return curves as one array, without a copy if they are one, or one row."""
    if isinstance(whole, np.ndarray):
        return whole
    return rows[0][np.newaxis] if len(rows) == 1 else np.stack(rows)


def _ends(places: np.ndarray) -> tuple[float, float]:
    """Return an extent that has all places."""
    finite = places[np.isfinite(places)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
    least = max(abs(low), abs(high)) * 1e-9 or 0.5
    return (low, high) if high - low >= least * 1e-3 else (low - least, high + least)
