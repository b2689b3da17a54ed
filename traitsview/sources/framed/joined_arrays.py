"""Parts of a mosaic that are arrays in this process, as one image: it is exact also where parts meet."""

from __future__ import annotations

from collections.abc import Sequence

from ..arrays.array_source import ArraySource
from ..arrays.placed_arrays import placed_arrays
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
    arrays = []
    for part in parts:
        assert isinstance(part.arrival.image, ArraySource)
        arrays.append((part.arrival.image.array, part.place.origin))
    nothing = (tuple(axis.size for axis in like.planes), like.dtype)
    return ArraySource(
        placed_arrays(arrays, whole.shape, like.channels, nothing),
        name=whole.name,
        extent=whole.extent,
        origin=like.origin,
        unit=like.unit,
        axes=[axis.name for axis in like.axes],
        kind=like.kind,
    )
