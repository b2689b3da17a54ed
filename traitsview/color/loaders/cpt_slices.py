"""The slices of a GMT colour palette table, which touch and rise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from .colormap_file import Line
from .gmt_colors import Paint
from .ranges import shown

__all__ = ["GDAL_ONLY", "Slice", "touching"]

#: Slices touch if their ends differ by at most this share of their width.
_TOUCHING_GAP = 1e-6

#: The warning about a table that only GDAL reads.
GDAL_ONLY = (
    "Its slices fall, which GMT refuses: read as GDAL does, so that colours run across gaps between slices, too."
)


@dataclass
class Slice:
    """A row of a table: a range and the colours at its ends."""

    line: Line
    low: float
    first: Paint
    high: float
    last: Paint
    label: str


def touching(slices: Sequence[Slice]) -> tuple[list[Slice], bool]:
    """Return slices that touch and rise, and whether they fell in the file, which only GDAL allows.

    GDAL takes each end of a slice for a value with a colour, sorts the values, and lets colours run between them.

    Raises
    ------
    ColormapError
        At the first slice that does not rise, or that the next one does not touch.
    """
    if len(slices) > 1 and all(each.high < each.low for each in slices):
        risen = [Slice(each.line, each.high, each.last, each.low, each.first, each.label) for each in slices[::-1]]
        return _without_gaps(risen), True
    found = [_risen(slices[0])]
    for each in map(_risen, slices[1:]):
        before = found[-1]
        if abs(each.low - before.high) > _TOUCHING_GAP * (each.high - each.low):
            why = f"slice ends at {shown(before.high)} but the next starts at {shown(each.low)}"
            before.line.fail(why, "slices must touch")
        found.append(Slice(each.line, before.high, each.first, each.high, each.last, each.label))
    return found, False


def _risen(each: Slice) -> Slice:
    if not each.low < each.high:
        each.line.fail(f"slice goes from {shown(each.low)} to {shown(each.high)}", "slices must rise")
    return each


def _without_gaps(slices: Sequence[Slice]) -> list[Slice]:
    """Return slices that rise, with new slices in the gaps."""
    found = [slices[0]]
    for before, each in pairwise(slices):
        if each.low < before.high:
            why = f"slice goes from {shown(each.high)} to {shown(each.low)}, into the next one"
            each.line.fail(why, "slices must not overlap")
        if each.low > before.high:
            found.append(Slice(each.line, before.high, before.last, each.low, each.first, ""))
        found.append(each)
    return found
