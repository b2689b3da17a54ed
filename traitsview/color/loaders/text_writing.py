"""Writing tables of colours as text and CSV."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..colormap import RGBA, Colormap, Stop
from .comments import written

__all__ = ["save_csv", "save_text"]


def save_text(colormap: Colormap) -> bytes:
    """Return the whole colormap as text: attributes that rows of colours cannot hold are comments above them."""
    columns, rows = _rows(colormap)
    lines = [*written(colormap), f"# {' '.join(columns)}", *(" ".join(row) for row in rows)]
    return ("\n".join(lines) + "\n").encode()


def save_csv(colormap: Colormap) -> bytes:
    """Return the colormap as CSV for other programs.

    Comments are written only if the colormap has an attribute besides its name and its colours.
    """
    columns, rows = _rows(colormap)
    lines = written(colormap)
    lines = lines if len(lines) > 2 else []
    lines += [",".join(columns), *(",".join(row) for row in rows)]
    return ("\n".join(lines) + "\n").encode()


def _rows(colormap: Colormap) -> tuple[str, list[list[str]]]:
    """Return the columns and the rows of a colormap: colours with six digits, positions with all."""
    stops: Sequence[Stop] = colormap.stops
    shades: list[RGBA] = [color for _, color in stops]
    columns = "rgb" if all(color[3] == 1 for color in shades) else "rgba"
    rows = [[f"{part:.6f}" for part in color[: len(columns)]] for color in shades]
    places = [place for place, _ in stops]
    if colormap.discrete or np.allclose(places, np.linspace(0, 1, len(places)), rtol=0, atol=1e-12):
        return columns, rows
    return "x" + columns, [[repr(place), *row] for place, row in zip(places, rows, strict=True)]
