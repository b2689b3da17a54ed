"""Writing GMT colour palette tables."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from ...errors import ColormapError, quoted
from ..colormap import RGBA, Colormap
from .cpt_table import EXTREMES, KEY
from .gmt_colors import SKIPPED, written
from .ranges import shown
from .tables import CREDIT

__all__ = ["save"]


def save(colormap: Colormap) -> bytes:
    """Return a table that GMT 6 reads.

    The name is a comment only, because GMT knows a table by the name of its file.  Colours have nine digits;
    everything else is kept.  Flat colours with values become categories.  Other positions go from 0 to 1, or
    from -1 to 1 with a hinge, and the limits become the ``RANGE``.

    Raises
    ------
    ColormapError
        If there is a hinge at another value than 0, values that do not rise, labels with a line break or, without
        values, a semicolon.
    """
    what = f"cannot write {quoted(colormap.name)} as .cpt"
    if colormap.hinge not in (None, 0):
        raise ColormapError(what, f"it has a hinge at {shown(colormap.hinge)}", "GMT has hinges at 0 only")
    if any(not label.isprintable() or (";" in label and not colormap.values) for label in colormap.labels):
        raise ColormapError(what, "a label has a line break or a semicolon", "change it")
    lines = [*_comments(colormap), "# COLOR_MODEL = RGB"]
    if colormap.hinge is not None:
        lines.append("# HARD_HINGE")
    if colormap.cyclic:
        lines.append("# CYCLIC")
    if colormap.limits is not None:
        low, high = colormap.limits
        if not low < high:
            raise ColormapError(what, f"its limits are {shown(low)} and {shown(high)}", "they must rise")
        lines.append(f"# RANGE = {float(low)!r}/{float(high)!r}")
    colors = [color for _, color in colormap.stops]
    if colormap.discrete and colormap.values:
        lines += _category_rows(what, colormap, colors)
    elif colormap.discrete:
        ends = np.linspace(-1 if colormap.hinge is not None else 0, 1, len(colors) + 1).tolist()
        labels = colormap.labels or ("",) * len(colors)
        for (low, high), color, label in zip(pairwise(ends), colors, labels, strict=True):
            lines.append(_labelled(_slice_row(low, color, high, color), label))
    else:
        lines += _slice_rows(colormap)
    for letter, end in EXTREMES.items():
        color = getattr(colormap, end)
        if color is not None:
            lines.append(f"{letter}\t{written(color)}")
    return ("\n".join(lines) + "\n").encode()


def _comments(colormap: Colormap) -> list[str]:
    """Return the name and the credits as comments.  None of them looks like a key, or the name like a credit."""
    name = " ".join(colormap.name.split())
    lines = [] if CREDIT.search(name) else [f"# name: {name}"]
    for text in colormap.licence.splitlines():
        text = " ".join(text.split())
        lines.append(f"# {text}" if CREDIT.search(text) and not KEY.fullmatch(f"# {text}") else f"# Licence: {text}")
    return lines


def _category_rows(what: str, colormap: Colormap, colors: Sequence[RGBA]) -> list[str]:
    values = colormap.values
    if colormap.hinge is not None or len(values) != len(colors):
        raise ColormapError(what, "GMT's categories have one value each and no hinge", "use another format")
    if any(after <= before for before, after in pairwise(values)):
        raise ColormapError(what, "its values do not rise", "sort its colours by value")
    labels = colormap.labels or ("",) * len(colors)
    return [
        _labelled(f"{_number(value)}\t{written(color)}", label)
        for value, color, label in zip(values, colors, labels, strict=True)
    ]


def _labelled(row: str, label: str) -> str:
    return f"{row}\t;{label.strip()}" if label.strip() else row


def _slice_row(low: float, first: RGBA, high: float, last: RGBA) -> str:
    """Return a row for a slice.  One that is black and transparent throughout has ``-`` for colours: not painted."""
    colors = ("-", "-") if first == last == SKIPPED.rgba else (written(first), written(last))
    return f"{_number(low)}\t{colors[0]}\t{_number(high)}\t{colors[1]}"


def _number(value: float) -> str:
    return str(int(value)) if float(value).is_integer() and abs(value) < 1e15 else repr(float(value))


def _slice_rows(colormap: Colormap) -> list[str]:
    hinged = colormap.hinge is not None
    stops = [(2 * place - 1 if hinged else place, color) for place, color in colormap.stops]
    return [_slice_row(low, first, high, last) for (low, first), (high, last) in pairwise(stops) if low < high]
