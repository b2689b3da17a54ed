"""A frame as it was read from a publisher."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from .forms import Form

__all__ = ["PublishedFrame"]


@dataclass(frozen=True, eq=False, slots=True)
class PublishedFrame:
    """A copy of a frame.

    Attributes
    ----------
    count : int
        How many frames were published up to this one.
    moment : int
        When it was published, in nanoseconds of CLOCK_MONOTONIC.  No two frames of a publisher have the same.
    step : int or None
    time : float or None
    form : Form
        Of all arrays of the frame.
    arrays : dict of str to ndarray
        Those that were asked for; the reader's own.
    scalars : dict of str to number
    """

    count: int
    moment: int
    step: int | None
    time: float | None
    form: Form
    arrays: Mapping[str, np.ndarray] = field(default_factory=dict)
    scalars: Mapping[str, float | int | bool] = field(default_factory=dict)
