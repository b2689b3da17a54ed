"""Images in colour whose channels are amounts: each channel has limits of its own.

A value v of the red, green or blue channel becomes ``floor(256 * ((s - bias) * contrast + 1/2))``, cut to 0 … 255, with
``s = scale((v - lo) / (hi - lo))``, as in an image of greys.  Alpha, if the image has it, is linear: 0 is transparent,
and the largest value of alpha, or 1 if that is larger, is opaque.  A pixel with NaN in any channel is transparent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from .histogram import equalizing
from .indexing import Indexing
from .limits import Limits, LimitsSpec, Valued, channel_limits
from .scales import LABELS

__all__ = ["Channels"]

#: The number of levels that a channel of the screen has.
_LEVELS = 256

#: The byte for each row that an indexing gives: 256 for values within the limits, then one each for below, above, NaN.
_RISING_BYTES = np.array([*range(_LEVELS), 0, _LEVELS - 1, 0], np.uint8)

#: The same for inverted colours.
_FALLING_BYTES = np.array([*range(_LEVELS - 1, -1, -1), _LEVELS - 1, 0, 0], np.uint8)


@dataclass(frozen=True)
class Channels:
    """The function from the amounts of the channels to colours.

    Attributes
    ----------
    indexings : tuple of Indexing
        One for red, green and blue each, and one for alpha if the image has alpha.
    inverted : bool
        Whether the largest values are dark.
    """

    indexings: tuple[Indexing, ...]
    inverted: bool = False

    @classmethod
    def of(
        cls,
        summaries: Sequence[Valued],
        limits: LimitsSpec,
        scale: str = "linear",
        inverted: bool = False,
        contrast: float = 1.0,
        bias: float = 0.5,
    ) -> Self:
        """Return the function for an image, from the summary of each of its channels.

        A scale of labels makes no sense for amounts; linear is used instead.
        """
        scale = "linear" if scale in LABELS else scale
        found = channel_limits(limits, summaries[:3])
        if not isinstance(limits, str) and limits[0] > limits[1]:
            inverted = not inverted
        colours = tuple(
            Indexing(each, scale, _LEVELS, False, contrast, bias, _curve(scale, each, summary))
            for each, summary in zip(found, summaries, strict=False)
        )
        return cls(colours + tuple(_alpha(summary) for summary in summaries[3:]), inverted)

    @property
    def limits(self) -> tuple[Limits, ...]:
        """The limits of red, green and blue."""
        return tuple(indexing.limits for indexing in self.indexings[:3])

    @property
    def span(self) -> Limits:
        """The smallest and the largest of the limits."""
        return min(lo for lo, _ in self.limits), max(hi for _, hi in self.limits)

    def rgba(self, values: np.ndarray) -> np.ndarray:
        """Return the colours of `values`, (rows, columns, 3 | 4), as uint8 of shape (rows, columns, 4)."""
        if values.ndim != 3 or values.shape[2] != len(self.indexings):
            raise ValueError(f"an image of {len(self.indexings)} channels has no values of shape {values.shape}")
        out = np.full((*values.shape[:2], 4), _LEVELS - 1, np.uint8)
        channel = np.empty(values.shape[:2], np.uint8)
        for k, indexing in enumerate(self.indexings):
            table = _FALLING_BYTES if self.inverted and k < 3 else _RISING_BYTES
            indexing.look_up(table, np.ascontiguousarray(values[..., k]), channel)
            out[..., k] = channel
        out[np.isnan(values).any(axis=2)] = 0
        return out


def _curve(scale: str, limits: Limits, summary: Valued) -> tuple[float, ...]:
    return equalizing(summary.sample, limits) if scale == "histogram" else ()


def _alpha(summary: Valued) -> Indexing:
    """Return the indexing of alpha: 0 is transparent, the largest value of the summary (1 at least) is opaque."""
    maximum = float(summary.maximum)
    return Indexing((0.0, maximum if maximum > 1 and np.isfinite(maximum) else 1.0))
