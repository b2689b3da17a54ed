"""Parts of a mosaic that are arrays in this process, as one image: it is exact also where parts meet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..arrays.array_source import ArraySource
from ..arrays.mosaic import Affine, Mosaic, Part
from ..image_source import ImageSource
from .mosaic_part import PlacedPart
from .part_places import Whole

__all__ = ["joined_arrays"]


def joined_arrays(whole: Whole, parts: Sequence[PlacedPart]) -> ImageSource:
    """Return an image of a whole; where no part is, it has no value.

    The image of each part is an `ArraySource`.  No array is copied: the elements of all parts under a pixel are reduced
    together, so that pixels over a border between parts are those of one large array.
    """
    like = whole.like
    colours = like.channels > 1
    tiles = []
    for part in parts:
        image = part.arrival.image
        assert isinstance(image, ArraySource)
        (row, column), (rows, columns) = part.place.origin, image.info.shape
        array = np.moveaxis(image.array, -1, 0) if colours else image.array
        tiles.append(Part(array, (0, columns, 0, rows), Affine(1, 0, -column, 0, 1, -row)))
    if not tiles:
        planes = tuple(axis.size for axis in like.planes)
        nothing = np.empty((*((like.channels,) * colours), *planes, 0, 0), like.dtype)
        tiles = [Part(nothing, (0, 0, 0, 0), Affine(1, 0, 0, 0, 1, 0))]
    mosaic = Mosaic(tiles, whole.shape)
    return ArraySource(
        _ColoursLast(mosaic) if colours else mosaic,
        name=whole.name,
        extent=whole.extent,
        origin=like.origin,
        unit=like.unit,
        axes=[axis.name for axis in like.axes],
        kind=like.kind,
    )


class _ColoursLast:
    """A mosaic whose first axis is that of the colours, as an array whose last axis is."""

    def __init__(self, mosaic: Mosaic) -> None:
        self._mosaic = mosaic
        self.shape = (*mosaic.shape[1:], mosaic.shape[0])
        self.ndim = len(self.shape)
        self.dtype = mosaic.dtype

    def __getitem__(self, key: tuple[Any, ...]) -> np.ndarray:
        channels = [self._mosaic[(channel, *key)] for channel in range(self.shape[-1])]
        if not isinstance(channels[0], np.ma.MaskedArray):
            return np.stack(channels, axis=-1)
        mask = np.stack([np.ma.getmaskarray(each) for each in channels], axis=-1)  # type: ignore[no-untyped-call]
        values = np.stack([np.asarray(each) for each in channels], axis=-1)
        return np.ma.MaskedArray(values, mask)  # type: ignore[no-untyped-call]
