"""Texts with the world coordinates of the elements of an image."""

from __future__ import annotations

import logging
import threading
from collections.abc import Collection, Sequence

import numpy as np

from .axes import WorldAxes
from .frames import frame_of
from .values import WorldValues
from .wcslib import OpenHDUs
from .words import sky_text, value_text

__all__ = ["WorldLabels"]

logger = logging.getLogger(__name__)

# A place, its neighbour to the right and the one above.  The differences of their values decide the number of digits.
_STEPS = np.array([(0.0, 0.0), (1.0, 0.0), (0.0, 1.0)])


class WorldLabels:
    """Gives texts with the world coordinates of elements, on the sky and on other axes.

    Libraries are imported and set up on the first call.  Any thread may call it.

    Parameters
    ----------
    world : WorldAxes
    open_hdus : callable
        Opens the HDUs of the file, for tables that headers refer to.
    spared : collection of int
        Numbers of the axes of FITS whose coordinates are shown elsewhere, and are left out here.
    """

    def __init__(self, world: WorldAxes, open_hdus: OpenHDUs, spared: Collection[int] = ()) -> None:
        self._world = world
        self._open_hdus = open_hdus
        self._lock = threading.Lock()
        self._made: WorldValues | None = None
        sky = world.projection
        told = [axis for axis in world.axes if axis.is_told and any(axis.row[:2]) and axis.number not in spared]
        self._others = [axis.number - 1 for axis in told if not axis.kind.is_projected]
        known = sky is not None and not world.axes[sky.longitude].problem
        self._sky = (sky.longitude, sky.latitude) if sky and known else None
        self._frame = frame_of(world.axes[self._sky[0]].kind.name, world.cards) if self._sky else None

    @property
    def problem(self) -> str:
        """Sentences that say why some coordinates are not shown, or empty."""
        refusals: Collection[str] = ()
        if not self._world.is_certain:
            with self._lock:
                refusals = self._values().refusals.values()
        return "; ".join(dict.fromkeys(filter(None, (self._world.problem, *refusals))))

    def __call__(self, places: Sequence[tuple[float, float]], plane: Sequence[int] = ()) -> tuple[str, ...]:
        """Return one text for each place; empty where there are no world coordinates.

        Parameters
        ----------
        places : sequence of (column, row)
            In elements, counted from the first edge of the image.
        plane : sequence of int
            One index for each further axis, in the order of the array: the last axis of FITS comes first.
        """
        if not places or not (self._sky or self._others):
            return ("",) * len(places)
        try:
            with self._lock, np.errstate(all="ignore"):
                values = self._values()(self._pixels(places, plane))
            return tuple(map(self._text, values.reshape(len(places), len(_STEPS), -1)))
        except Exception as error:  # an error of a library costs the text, not the picture
            logger.debug("no world coordinates: %s", " ".join(str(error).split()))
            return ("",) * len(places)

    def _values(self) -> WorldValues:
        if self._made is None:
            self._made = WorldValues(self._world, self._open_hdus)
        return self._made

    def _pixels(self, places: Sequence[tuple[float, float]], plane: Sequence[int]) -> np.ndarray:
        """Return the pixels of FITS at places and their neighbours, (3 n, axes); 1 on axes that the image lacks."""
        pixels = np.ones((len(places), len(_STEPS), len(self._world.axes)))
        pixels[..., :2] = np.asarray(places, float)[:, np.newaxis] + 0.5 + _STEPS
        pixels[..., 2 : 2 + len(plane)] += plane[::-1]
        return pixels.reshape(-1, pixels.shape[-1])

    def _text(self, values: np.ndarray) -> str:
        """Return the text for a place from the values at it and at its two neighbours, (3, axes)."""
        here = values[0]
        parts = []
        if self._sky and self._frame and np.isfinite(here[list(self._sky)]).all():
            lng, lat = self._sky
            unit, remark = self._world.axes[lng].unit, "ambiguous cards" if self._world.notes else ""
            parts.append(sky_text(self._frame, here[lng], here[lat], _sky_steps(values[:, [lng, lat]]), unit, remark))
        for at in self._others:
            if np.isfinite(here[at]):
                axis = self._world.axes[at]
                steps = np.abs(values[1:, at] - here[at])
                step = float(np.max(steps, where=np.isfinite(steps), initial=0.0))
                parts.append(value_text(axis.title or axis.kind.name, axis.number, here[at], axis.unit, step))
        return ", ".join(parts)


def _sky_steps(degrees: np.ndarray) -> list[tuple[float, float]]:
    """Return the differences of longitude and latitude to each neighbour that has them, from degrees of (3, 2)."""
    steps = degrees[1:] - degrees[0]
    steps[:, 0] = (steps[:, 0] + 180) % 360 - 180
    return [(float(dx), float(dy)) for dx, dy in steps if np.isfinite(dx + dy)]
