"""Scales: how the way from the lower to the upper limit is spread over the colours.

Each is a rising function from [0, 1] onto [0, 1].  The definitions are those of SAOImage DS9
(http://ds9.si.edu/doc/ref/how.html, with 1000 for the logarithm and 10 for asinh), normalised
so that both ends are met, as in astropy.visualization's ``LogStretch`` and ``AsinhStretch``.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..errors import RequestError, quoted

__all__ = ["SCALES", "Scale", "scale_named"]


@dataclass(frozen=True, slots=True)
class Scale:
    """One scale.

    Attributes
    ----------
    name : str
        What menus and commands call it.
    forward : callable
        From the fraction of the way between the limits to the fraction of the table, both
        within [0, 1]; takes and returns an ndarray of one floating dtype.
    inverse : callable
        The way back.
    """

    name: str
    forward: Callable[[np.ndarray], np.ndarray]
    inverse: Callable[[np.ndarray], np.ndarray]


_LOG = math.log1p(1000.0)
_ASINH = math.asinh(10.0)


def _unchanged(t: np.ndarray) -> np.ndarray:
    return t


def _log(t: np.ndarray) -> np.ndarray:
    return np.log1p(t * 1000.0) / _LOG


def _unlog(s: np.ndarray) -> np.ndarray:
    return np.expm1(s * _LOG) / 1000.0


def _asinh(t: np.ndarray) -> np.ndarray:
    return np.arcsinh(t * 10.0) / _ASINH


def _unasinh(s: np.ndarray) -> np.ndarray:
    return np.sinh(s * _ASINH) / 10.0


#: By name, in the order in which menus show them.
SCALES = {
    scale.name: scale
    for scale in (
        Scale("linear", _unchanged, _unchanged),
        Scale("sqrt", np.sqrt, np.square),
        Scale("log", _log, _unlog),
        Scale("asinh", _asinh, _unasinh),
    )
}


def scale_named(name: str) -> Scale:
    """Return the scale of that name, or raise `RequestError`."""
    try:
        return SCALES[name]
    except (KeyError, TypeError):
        raise RequestError(f"unknown scale {quoted(name)}", "", f"one of {', '.join(SCALES)}") from None
