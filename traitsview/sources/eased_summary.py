"""A summary on its way from earlier frames to the newest one, so that colours follow without flicker."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..sampling import drawn
from .summary import Summary

__all__ = ["EASED_SHARE", "eased"]

#: The part of the way to a new summary that one measurement goes.
EASED_SHARE = 1 / 3

#: Values from which a part can be drawn.
FEWEST = 1024

#: It draws other places each time.  Where the same ones are drawn again and again, a value stays at its place for ever.
_drawing = np.random.default_rng(0)

#: An end that is nearer to its goal than this part of the range has arrived.
ARRIVED = 1 / 512


def eased(old: Summary | None, new: Summary, share: float = EASED_SHARE) -> Summary:
    """Return a summary that has gone `share` of the way from `old` to `new`.

    Its sample has that part of the new values, and of the old ones the rest, so that every rule for limits is eased,
    whatever it looks at.  Where one of both has no finite value this is the new one.  So it is where all new values are
    equal: no colours can flicker then, and people are told that value.
    """
    if old is None or not (old.valid and new.valid) or len(old.channels) != len(new.channels):
        return new
    if new.minimum == new.maximum:
        return new
    before, now = _enough(old.sample), _enough(new.sample)
    size = max(before.size, now.size)
    fresh, rest = min(round(share * size), now.size), min(round((1 - share) * size), before.size)
    parts = now[drawn(_drawing, now.size, fresh)], before[drawn(_drawing, before.size, rest)]
    sample = np.concatenate(parts)
    sample.setflags(write=False)
    span = abs(new.maximum - new.minimum)
    return replace(
        new,
        minimum=_between(old.minimum, new.minimum, share, span),
        maximum=_between(old.maximum, new.maximum, share, span),
        sample=sample,
        channels=tuple(eased(*pair, share) for pair in zip(old.channels, new.channels, strict=True)),
    )


def _enough(sample: np.ndarray) -> np.ndarray:
    """Return the values so often that a part of them has each in its share."""
    return np.repeat(sample, -(-FEWEST // sample.size)) if 0 < sample.size < FEWEST else sample


def _between(old: float | int, new: float | int, share: float, span: float | int) -> float | int:
    """Return a number between two.  It is the new one where they are near, and a whole number where both are."""
    if abs(new - old) <= ARRIVED * span:
        return new
    if isinstance(old, int) and isinstance(new, int):
        return old + round((new - old) * share)
    return float(old) * (1 - share) + float(new) * share
