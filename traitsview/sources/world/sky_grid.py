"""From elements of an image to numbers on the sky and back, to place one image on another."""

from __future__ import annotations

import numpy as np

from ..quiet import quiet_astropy
from . import wcslib
from .axes import WorldAxes
from .values import WorldValues

__all__ = ["SkyGrid"]


class SkyGrid:
    """Computes longitudes and latitudes of elements, and the elements at longitudes and latitudes.

    Parameters
    ----------
    world : WorldAxes
    open_hdus : callable
        Opens the HDUs of the file, for tables that headers refer to.

    Attributes
    ----------
    kind : str
        The standard's name of the longitude: ``RA``, ``GLON``.

    Raises
    ------
    ValueError
        If the image has no positions on the sky, or they cannot be computed.
    """

    def __init__(self, world: WorldAxes, open_hdus: wcslib.OpenHDUs) -> None:
        sky = world.projection
        if sky is None:
            raise ValueError("it has no positions on the sky")
        self._pair = [sky.longitude, sky.latitude]
        longitude, latitude = (world.axes[at] for at in self._pair)
        self._axes = len(world.axes)
        self._values = WorldValues(world, open_hdus)
        problem = longitude.problem or self._values.refusals.get(sky.longitude, "")
        if problem:
            raise ValueError(problem)
        self.kind = longitude.kind.name
        rows, reference = np.array([longitude.row, latitude.row]), np.array(world.reference)
        with quiet_astropy():
            self._flat = wcslib.unprojected(world.cards, sky, longitude, latitude)
        # The plane of the projection is matrix @ pixel + offset, with pixels of 1 on the axes that are not displayed.
        self._matrix = rows[:, :2]
        self._offset = np.array([longitude.start, latitude.start]) - rows @ reference + rows[:, 2:].sum(axis=1)
        if not np.linalg.det(self._matrix):
            raise ValueError("its rows and columns are not those of the sky")

    def sky(self, places: np.ndarray) -> np.ndarray:
        """Return longitude and latitude, in degrees, of elements: (n, 2), NaN where there are none.

        Parameters
        ----------
        places : ndarray, (n, 2) of float64
            Column and row, counted from the centre of the first element.
        """
        pixels = np.ones((len(places), self._axes))
        pixels[:, :2] += places
        return self._values(pixels)[:, self._pair]

    def places(self, sky: np.ndarray) -> np.ndarray:
        """Return columns and rows, as `sky` takes them, of longitudes and latitudes, (n, 2); distortion is left out."""
        pixels: np.ndarray = np.linalg.solve(self._matrix, (self._flat(sky) - self._offset).T).T
        return pixels - 1
