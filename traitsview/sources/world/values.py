"""Numbers of world coordinates from pixels.

The linear part is computed here, the rest by functions of `tables` and `wcslib`.  A function gets only axes that depend
on each other.  So an axis that a library refuses, or a step of 0 on a degenerate axis, does not spoil the others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

import numpy as np

from ..quiet import quiet_astropy
from . import wcslib
from .axes import WorldAxes
from .kinds import DECADIC
from .tables import of_one_table, tabulated

__all__ = ["WorldValues"]

# The axes of a group, counted from 0, and the function from their intermediate coordinates to values, (n, axes) both.
_Group = tuple[list[int], wcslib.Step]


class WorldValues:
    """Computes world coordinates.  One thread at a time may call it.

    Building it takes a fraction of a second where libraries are needed.

    Parameters
    ----------
    world : WorldAxes
    open_hdus : callable
        Opens the HDUs of the file, for tables that headers refer to.

    Attributes
    ----------
    refusals : dict
        By the index of an axis, from 0: a sentence that says why libraries cannot compute it.
    """

    def __init__(self, world: WorldAxes, open_hdus: wcslib.OpenHDUs) -> None:
        self._world = world
        self._reference = np.array(world.reference)
        self._matrix = np.array([axis.row for axis in world.axes])
        self._start = np.array([axis.start for axis in world.axes])
        self.refusals: dict[int, str] = {}
        self._distort: wcslib.Step | None = None
        self._groups: list[_Group] = []
        with quiet_astropy():
            self._build(open_hdus)
        self._unknown = [at for at, axis in enumerate(world.axes) if axis.problem or at in self.refusals]

    def __call__(self, pixels: np.ndarray) -> np.ndarray:
        """Return the values of all axes, (n, axes), NaN where there is no value.

        Axes of the sky are in degrees, others in the units of the header.

        Parameters
        ----------
        pixels : ndarray, (n, axes) of float64
            As FITS counts them: 1 is the centre of the first element.
        """
        if self._distort is not None:
            pixels = np.hstack((self._distort(pixels[:, :2]), pixels[:, 2:]))
        values: np.ndarray = self._start + (pixels - self._reference) @ self._matrix.T
        for axes, step in self._groups:
            values[:, axes] = step(values[:, axes])
        values[:, self._unknown] = np.nan
        return values

    def _build(self, open_hdus: wcslib.OpenHDUs) -> None:
        world = self._world
        bent = [at for at, axis in enumerate(world.axes) if any(axis.row[:2]) and not axis.problem]
        if world.distorted and bent:
            self._distort = self._tried(bent, partial(wcslib.distortion, world, open_hdus))
        for axes, make in _groups(world, open_hdus):
            if not self.refusals.keys() & set(axes):
                step = self._tried(axes, make)
                if step is not None:
                    self._groups.append((axes, step))

    def _tried(self, axes: Sequence[int], make: Callable[[], wcslib.Step]) -> wcslib.Step | None:
        """Return the function that `make` builds for some axes, or None after noting why they cannot be computed."""
        try:
            return make()
        except Exception as error:  # astropy and WCSLIB raise what they like
            words = (f"CTYPE{at + 1} '{self._world.cards.word(f'CTYPE{at + 1}')}'" for at in axes)
            refusal = f"{' and '.join(words)} cannot be computed: {wcslib.reason(error)}"
            self.refusals.update(dict.fromkeys(axes, refusal))
            return None


def _groups(world: WorldAxes, open_hdus: wcslib.OpenHDUs) -> Iterator[tuple[list[int], Callable[[], wcslib.Step]]]:
    """Yield groups of axes that depend on each other, and how to build the function of each; linear axes have none."""
    usable = [at for at, axis in enumerate(world.axes) if not axis.problem and not axis.is_linear]
    in_tables = [world.axes[at] for at in usable if world.axes[at].kind.algorithm == "TAB"]
    for axes in of_one_table(world.cards, in_tables):
        yield [axis.number - 1 for axis in axes], partial(tabulated, world.cards, axes, open_hdus)
    for at in usable:
        axis = world.axes[at]
        if axis.kind.algorithm == "LOG":
            yield [at], partial(wcslib.logarithmic, axis)
        elif axis.kind.algorithm == DECADIC:
            yield [at], partial(wcslib.decadic, axis)
        elif axis.kind.is_spectral:
            yield [at], partial(wcslib.spectral, world.cards, axis)
    if world.projection is not None and world.projection.longitude in usable:
        projection = world.projection
        pair = [projection.longitude, projection.latitude]
        yield pair, partial(wcslib.projected, world.cards, projection, *(world.axes[at] for at in pair))
