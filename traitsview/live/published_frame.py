"""A frame as it was read from a publisher."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from .forms import Form

__all__ = ["PublishedFrame"]


@dataclass(frozen=True, eq=False, slots=True)
class PublishedFrame:
    """A copy of a frame.

    Attributes
    ----------
    sequence : int
        How many frames were copied up to this one.
    count : int
        How many frames were published up to this one.
    moment : int
        When it was published, in nanoseconds of CLOCK_MONOTONIC.  No two frames of a publisher have the same.
    given_step : int or None
        The step that was published with it.
    time : float or None
    form : Form
        Of all arrays of the frame.
    arrays : mapping of str to ndarray
        Those that were asked for; the reader's own.
    scalars : mapping of str to number
    """

    sequence: int
    count: int
    moment: int
    given_step: int | None
    time: float | None
    form: Form
    arrays: Mapping[str, np.ndarray]
    scalars: Mapping[str, float | int | bool]

    @property
    def step(self) -> int:
        """The step that was published, or else the number of frames before this one."""
        return self.count - 1 if self.given_step is None else self.given_step
