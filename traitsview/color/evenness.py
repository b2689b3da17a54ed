"""Evenness of a colormap: the lightness of its colours, the distances between them, and what both mean for its use.

Distances are ΔE*ab, the Euclidean distance of two colours in CIELAB.  A ΔE of about 2 is seen at a glance.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from .colormap import Colormap
from .spaces import rgb_to_lab
from .vision import NORMAL, Vision

__all__ = ["Evenness", "evenness"]

#: Number of samples of a colormap whose colours run into each other.
SAMPLES = 256

#: Up to this many flat colours are compared with each other.  A colormap with more is sampled, as if its colours ran.
MOST_FLAT_COLORS = 1000

#: A change of direction counts as a turn if lightness changes by more than this after it.
TURN_LIGHTNESS = 1.0

#: The two ends of a colormap match if their ΔE is at most this.
MATCHING_DELTA_E = 5.0


@dataclass(frozen=True)
class Evenness:
    """Measures of the colours of a colormap.

    Attributes
    ----------
    lab : ndarray, (n, 3)
        Its colours in CIELAB, at equal distances from the first to the last.  Read-only.
    flat : bool
        Whether the colours are flat.  Then `lab` has all of them.
    cyclic : bool
        Whether the last colour is meant to meet the first.
    """

    lab: np.ndarray
    flat: bool = False
    cyclic: bool = False

    @property
    def lightness(self) -> np.ndarray:
        """L* of each colour, 0 (black) … 100 (white)."""
        return self.lab[:, 0]

    @property
    def inverted(self) -> Evenness:
        """The same for the colours in reversed order."""
        return replace(self, lab=self.lab[::-1])

    @cached_property
    def steps(self) -> np.ndarray:
        """ΔE between neighbours, (n - 1,)."""
        ways: np.ndarray = np.linalg.norm(np.diff(self.lab, axis=0), axis=1)
        return ways

    @property
    def unevenness(self) -> float:
        """The standard deviation of `steps` over their mean: 0 if all steps are equal, or if there is none."""
        mean = float(self.steps.mean()) if len(self.steps) else 0.0
        return float(self.steps.std()) / mean if mean else 0.0

    @property
    def ends_apart(self) -> float:
        """ΔE between the first and the last colour."""
        return float(np.linalg.norm(self.lab[-1] - self.lab[0]))

    @cached_property
    def turns(self) -> tuple[float, ...]:
        """Where lightness turns from rising to falling or back, as positions 0 … 1 of the colormap."""
        light, found = self.lightness, []
        way, far = 0, 0  # the direction, and where lightness was furthest in it
        lowest = highest = 0
        for at, value in enumerate(light):
            if way == 0:
                lowest = at if value < light[lowest] else lowest
                highest = at if value > light[highest] else highest
                if light[highest] - light[lowest] > TURN_LIGHTNESS:
                    way, far = (1, highest) if highest > lowest else (-1, lowest)
            elif way * (value - light[far]) >= 0:
                far = at
            elif way * (light[far] - value) > TURN_LIGHTNESS:
                found.append(far / (len(light) - 1))
                way, far = -way, at
        return tuple(found)

    @cached_property
    def closest(self) -> tuple[float, int, int]:
        """Return the ΔE of the two colours that are most alike, and the numbers of both, from 0."""
        apart = np.linalg.norm(self.lab[:, None] - self.lab[None], axis=2)
        apart[np.tril_indices(len(apart))] = np.inf
        if len(apart) < 2:
            return 0.0, 0, 0
        first, second = np.unravel_index(int(apart.argmin()), apart.shape)
        return float(apart[first, second]), int(first), int(second)

    @property
    def notes(self) -> tuple[str, ...]:
        """The results in words, a few words each."""
        if self.flat:
            return self._notes_of_flat_colors()
        light = self.lightness
        span = f"{light[0]:.0f} … {light[-1]:.0f}"
        if not self.turns:
            flat = np.ptp(light) <= TURN_LIGHTNESS
            words = "the same throughout" if flat else f"{'rises' if light[-1] > light[0] else 'falls'} throughout"
            notes = [f"lightness {words}, {span}"]
        elif len(self.turns) == 1 and abs(self.turns[0] - 0.5) < 0.05:
            notes = [f"lightness turns once, in the middle ({light[round(self.turns[0] * (len(light) - 1))]:.0f})"]
        else:
            notes = [f"lightness is not monotonic: it turns at {_places(self.turns)}"]
        notes.append(f"ΔE per step {self.steps.mean():.2f} ± {self.steps.std():.2f}")
        if self.cyclic or self.ends_apart <= MATCHING_DELTA_E:
            match = "match" if self.ends_apart <= MATCHING_DELTA_E else "do not match, though it is cyclic"
            notes.append(f"its ends {match} (ΔE {self.ends_apart:.1f})")
        return tuple(notes)

    def _notes_of_flat_colors(self) -> tuple[str, ...]:
        apart, first, second = self.closest
        count = f"{len(self.lab)} flat colours" if len(self.lab) > 1 else "one flat colour"
        return (count, f"most alike: {first + 1} and {second + 1} (ΔE {apart:.1f})") if len(self.lab) > 1 else (count,)


def evenness(colormap: Colormap, vision: Vision = NORMAL) -> Evenness:
    """Return the evenness of a colormap for a kind of colour vision.  Alpha is not considered."""
    count = colormap.discrete
    flat = count is not None and count <= MOST_FLAT_COLORS
    colors = colormap.lut(count if count is not None and flat else SAMPLES)
    lab = rgb_to_lab(vision.seen(colors)[:, :3])
    lab.setflags(write=False)
    return Evenness(lab, flat, colormap.cyclic)


def _places(fractions: tuple[float, ...]) -> str:
    words = [f"{100 * fraction:.0f} %" for fraction in fractions[:4]]
    return ", ".join(words) + (" …" if len(fractions) > 4 else "")
