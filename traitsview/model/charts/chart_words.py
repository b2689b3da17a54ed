"""The sentences about curves: pure functions to text."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...numerals import numeral, position
from ...sources.frame import Frame
from ...sources.questions.curves import CurveLines

__all__ = ["frame_text", "lines_text", "value_text"]

#: Digits of values that are shown beside each other.
_DIGITS = 7


def frame_text(frame: Frame) -> str:
    """Return the name of the curves with the step and the time: ``"energy, step 812, t = 0.25"``."""
    parts = [frame.info.name]
    if frame.step is not None:
        parts.append(f"step {frame.step}")
    if frame.time is not None:
        parts.append(f"t = {frame.time:.6g}")
    return ", ".join(parts)


def lines_text(lines: CurveLines | None, total: int, hidden: int, elements: int, log: bool) -> str:
    """Return what is shown of curves: ``"4 curves of 1000 points"``."""
    if lines is None:
        return "loading"
    count = f"{total} curve{'s' * (total != 1)}"
    if len(lines.rows) < total:
        count = f"the first {len(lines.rows)} of {count}"
    points = f"of {elements} point{'s' * (elements != 1)}"
    words = [f"{count} {points}"]
    if hidden:
        words.append(f"{hidden} not shown")
    if not lines.single:
        words.append("least and greatest in each column")
    if log and np.any(lines.low <= 0):
        words.append("values up to 0 are left out")
    return ", ".join(words)


def value_text(x: float, step: float, axis: str, unit: str, values: Sequence[tuple[str, float, float]]) -> str:
    """Return the place under the cursor and the value of each curve there: ``"time 2.5 s   energy 1.25   mass 3"``.

    Parameters
    ----------
    x, step : float
        The place, and the length along x that a pixel has.
    axis, unit : str
        Of x.
    values : sequence of (name, least, greatest)
    """
    words = [f"{axis} {position(x, step)}" + (f" {unit}" if unit else "")]
    for name, low, high in values:
        number = _number(low) if low == high or np.isnan(low) else f"{_number(low)} … {_number(high)}"
        words.append(f"{name} {number}")
    return "   ".join(words)


def _number(value: float) -> str:
    return "NaN" if np.isnan(value) else numeral(float(value), _DIGITS)
