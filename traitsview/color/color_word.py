"""A colour as a user gives it."""

from __future__ import annotations

from collections.abc import Iterable

from ..errors import ColormapError, quoted
from .colormap import RGBA

__all__ = ["parse_color"]


def parse_color(value: str | Iterable[float]) -> RGBA:
    """Return a colour as RGBA, or raise `ColormapError`.

    Parameters
    ----------
    value : str or sequence of float
        ``"red"``, ``"#ff8000"`` or another text that cmap reads; or red, green, blue and perhaps alpha, each in 0 … 1.
    """
    try:
        if isinstance(value, str):
            from cmap import Color

            parts = [float(part) for part in Color(value).rgba]
        else:
            parts = [float(part) for part in value]
    except (TypeError, ValueError) as error:
        raise _refusal(value) from error
    if len(parts) not in (3, 4) or not all(0 <= part <= 1 for part in parts):
        raise _refusal(value)
    red, green, blue, alpha = (*parts, 1.0)[:4]
    return red, green, blue, alpha


def _refusal(value: object) -> ColormapError:
    return ColormapError(f"not a colour: {quoted(value)}", "", "give 'red', '#ff8000' or 3 or 4 numbers in 0 … 1")
