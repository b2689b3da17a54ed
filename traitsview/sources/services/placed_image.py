"""The image of a part and its place in the whole: which pixels of a viewport it has, and how it is asked for them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil, floor
from typing import Any

import numpy as np

from ...geometry import Extent, Viewport
from ..arrays.array_source import ArraySource
from ..framed.mosaic_part import PlacedPart
from ..framed.part_places import Whole, extent_of_part
from ..image_info import Plane
from ..image_source import ImageSource
from ..picture import Picture
from ..questions.question import Question, whole
from .far_part import rendered_part
from .part_canvas import NEAR_PIXELS
from .part_image import PartImage, PartUnreachable

__all__ = ["PlacedImage"]


@dataclass(frozen=True, slots=True)
class PlacedImage:
    """The image of a part with its place in the whole, in data units.

    Attributes
    ----------
    image : ArraySource or PartImage
    extent : (x0, x1, y0, y1)
    within : dict
        The place in the words of `far_part`.
    """

    image: ImageSource
    extent: Extent
    within: dict[str, Any]

    @classmethod
    def of(cls, part: PlacedPart, of: Whole) -> PlacedImage:
        """Return the image of a part of the whole `of`."""
        within = {"origin": list(part.place.origin), "shape": list(of.shape), "extent": list(of.extent)}
        image = part.arrival.image
        return cls(image, extent_of_part(image.info.shape, part.place, of.extent), within)

    # ---- where it is ---------------------------------------------------------

    def pixels_in(self, viewport: Viewport) -> Viewport | None:
        """Return the pixels of a viewport that have elements of the part."""
        column0, column1, row0, row1 = self._edges(viewport)
        column0, row0 = max(0, floor(column0 + NEAR_PIXELS)), max(0, floor(row0 + NEAR_PIXELS))
        rows, columns = viewport.shape
        column1, row1 = min(columns, ceil(column1 - NEAR_PIXELS)), min(rows, ceil(row1 - NEAR_PIXELS))
        if column0 >= column1 or row0 >= row1:
            return None
        origin = viewport.origin[0] + column0, viewport.origin[1] + row0
        return Viewport(viewport.resolution, origin, (row1 - row0, column1 - column0), viewport.anchor)

    def is_bordered_in(self, viewport: Viewport) -> bool:
        """Whether the part ends within a viewport."""
        column0, column1, row0, row1 = self._edges(viewport)
        rows, columns = viewport.shape
        return column0 > 0 or row0 > 0 or column1 < columns or row1 < rows

    def holds(self, x: float, y: float) -> bool:
        """Whether a point is within the part."""
        x0, x1, y0, y1 = self.extent
        return x0 <= x < x1 and y0 <= y < y1

    def place_of(self, x: float, y: float) -> tuple[float, float]:
        """Return where a point of the whole is in the part, in its own data units."""
        (x0, x1, y0, y1), (u0, u1, v0, v1) = self.extent, self.image.info.extent
        return u0 + (x - x0) / (x1 - x0) * (u1 - u0), v0 + (y - y0) / (y1 - y0) * (v1 - v0)

    def common(self, extent: Extent) -> Extent | None:
        """Return what the part and an extent have in common, in data units of the whole."""
        (a0, a1, b0, b1), (x0, x1, y0, y1) = self.extent, extent
        x0, x1, y0, y1 = max(a0, x0), min(a1, x1), max(b0, y0), min(b1, y1)
        return (x0, x1, y0, y1) if x0 < x1 and y0 < y1 else None

    def _edges(self, viewport: Viewport) -> tuple[float, float, float, float]:
        x0, x1, y0, y1 = self.extent
        (column0, row0), (column1, row1) = viewport.pixel_at(x0, y0), viewport.pixel_at(x1, y1)
        return column0, column1, row0, row1

    # ---- what it says --------------------------------------------------------

    def begin(self, block: Viewport, plane: Plane, reduction: str, weighed: bool) -> Callable[[], list[np.ndarray]]:
        """Begin to render a block of pixels; return a function that waits for its arrays.

        The arrays are the pixels, with the weights of their edges behind them if `weighed`.  There are none where the
        part does not answer.
        """
        image, within = self.image, {**self.within, "weights": weighed}
        if isinstance(image, ArraySource):
            arrays = rendered_part(image, within, block, plane, reduction)
            return lambda: arrays
        assert isinstance(image, PartImage)
        where = {name: list(getattr(block, name)) for name in ("resolution", "origin", "shape", "anchor")}
        question = {"do": "render", "viewport": where, "plane": list(plane), "reduction": reduction, "within": within}
        try:
            begun = image.begin(question)
        except PartUnreachable:
            return list

        def finish() -> list[np.ndarray]:
            try:
                return begun()
            except PartUnreachable:
                return []

        return finish

    def answer(self, question: Question[Any], picture: Picture) -> Any:
        """Return the answer of the part, or None where it does not answer."""
        try:
            return whole(self.image.examine(question, picture))
        except PartUnreachable:
            return None
