"""The curves of GIMP's gradients as stops between which colours run straight."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ..colormap import RGBA, Stop
from ..spaces import hsv_to_rgb, rgb_to_hsv
from ..straight_stops import straight_places

__all__ = ["Segment", "bent", "sampled", "straight"]

#: GIMP's numbers of the curves between two colours.  A step jumps at the middle.
_LINEAR, _CURVED, _SINE, _INCREASING, _DECREASING, _STEP = range(6)

#: Files have six digits: a place that is nearer to the middle than this counts as the middle.
_WRITTEN_PRECISION = 2e-6

#: Each segment is first divided into this many equal parts, because a curve may bend within any of them.
_PARTS = 8


@dataclass(frozen=True)
class Segment:
    """A part of a gradient.

    Attributes
    ----------
    left, right : float
        Its ends, 0 … 1.
    middle : float
        The place of the mean colour: 0 is the left end, 1 the right end.
    first, last : RGBA
        The colours at its ends.
    curve, hues : int
        GIMP's numbers for the curve, and for the way of hues.
    """

    left: float
    middle: float
    right: float
    first: RGBA
    last: RGBA
    curve: int
    hues: int


def bent(segment: Segment) -> bool:
    """Whether the colours of a segment run along a curve, not straight, in red, green and blue."""
    if segment.curve == _STEP:
        return False
    if segment.hues:
        return segment.first != segment.last or len(set(segment.first[:3])) > 1
    return segment.curve != _LINEAR and segment.first != segment.last


def straight(segment: Segment) -> list[Stop]:
    """Return the stops of a segment that is linear or a step."""
    begin, end = (segment.left, segment.first), (segment.right, segment.last)
    middle = segment.left + segment.middle * (segment.right - segment.left)
    if segment.curve == _STEP and segment.middle in (0, 1):
        color = segment.last if segment.middle == 0 else segment.first
        return [(segment.left, color), (segment.right, color)]
    if segment.curve == _STEP:
        return [begin, (middle, segment.first), (middle, segment.last), end]
    if segment.first == segment.last or abs(middle - (segment.left + segment.right) / 2) <= _WRITTEN_PRECISION:
        return [begin, end]
    r, g, b, a = ((one + other) / 2 for one, other in zip(segment.first, segment.last, strict=True))
    return [begin, (middle, (r, g, b, a)), end]


class _Curves:
    """The colours of all bent segments, computed together."""

    def __init__(self, segments: list[Segment]) -> None:
        self.middle = np.clip([each.middle for each in segments], 1e-10, 1 - 1e-10)
        self.curve = np.array([each.curve for each in segments])
        self.hues = np.array([each.hues for each in segments])[:, None]
        self.first = np.array([each.first for each in segments])
        self.last = np.array([each.last for each in segments])
        self.first_hsv = rgb_to_hsv(self.first[:, :3])
        self.last_hsv = rgb_to_hsv(self.last[:, :3])
        # Between two colours of equal hue GIMP goes once round all hues.
        turn = self.last_hsv[:, 0] - self.first_hsv[:, 0]
        up = self.hues[:, 0] == 1
        self.last_hsv[:, 0] += np.where(up & (turn <= 0), 1, np.where(~up & (turn >= 0), -1, 0))

    def share(self, rows: np.ndarray, places: np.ndarray) -> np.ndarray:
        """Return the share of the last colour, 0 … 1, (n,).

        `rows` are numbers of segments, `places` are places in them: 0 is the left end, 1 the right end.
        """
        middle, curve = self.middle[rows], self.curve[rows]
        left = places <= middle
        linear = np.where(left, 0.5 * places / middle, 0.5 + 0.5 * (places - middle) / (1 - middle))
        shares = [
            linear,
            places ** (np.log(0.5) / np.log(middle)),
            0.5 - 0.5 * np.cos(np.pi * linear),
            np.sqrt(np.maximum(1 - (1 - linear) ** 2, 0)),
            1 - np.sqrt(np.maximum(1 - linear**2, 0)),
        ]
        chosen: np.ndarray = np.clip(np.choose(curve, shares), 0, 1)
        return chosen

    def colors(self, rows: np.ndarray, places: np.ndarray) -> np.ndarray:
        """Return red, green, blue and alpha, (n, 4), at the same arguments as for `share`."""
        share = self.share(rows, places)[:, None]
        mixed = self.first[rows] * (1 - share) + self.last[rows] * share
        hsv = self.first_hsv[rows] * (1 - share) + self.last_hsv[rows] * share
        mixed[:, :3] = np.where(self.hues[rows] > 0, hsv_to_rgb(hsv), mixed[:, :3])
        clipped: np.ndarray = np.clip(mixed, 0, 1)
        return clipped


def sampled(segments: list[Segment]) -> Iterator[list[Stop]]:
    """Yield the stops of each segment.  Straight lines between them are within 1/1000 of its colours."""
    if not segments:
        return
    curves = _Curves(segments)
    lefts = np.array([each.left for each in segments])
    widths = np.array([each.right - each.left for each in segments])
    rows, places = straight_places(curves.colors, widths, _PARTS)
    colors = curves.colors(rows, places)
    positions = lefts[rows] + places * widths[rows]
    for number, each in enumerate(segments):
        mine = slice(*np.searchsorted(rows, [number, number + 1]))
        pairs = zip(positions[mine].tolist(), colors[mine].tolist(), strict=True)
        stops = [(place, (r, g, b, a)) for place, (r, g, b, a) in pairs]
        yield [(each.left, each.first), *stops[1:-1], (each.right, each.last)]
