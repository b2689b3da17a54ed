"""What a viewer wishes to hold: one value, from the mouse move to the plan."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ...color.look import Look
from ...geometry import Viewport
from ...sources.image_info import ImageInfo
from ...sources.picture import Picture

__all__ = ["Wish", "continues", "of_frame"]


@dataclass(frozen=True, slots=True)
class Wish:
    """What should be held.

    Attributes
    ----------
    viewport : Viewport
        What is on the screen.
    picture : Picture
        Of which plane, reduction and version.
    focus : (x, y)
        The data point that the eye is on; tiles come in the order of their distance from it.
    look : Look
        How values become colours, which come before the values over a slow link.
    ahead : bool
        Whether to bring what may be wished for next when all this is there.
    info : ImageInfo or None
        The facts about the frame that the picture is of; None where they are those of the source.
    """

    viewport: Viewport
    picture: Picture
    focus: tuple[float, float]
    look: Look
    ahead: bool = True
    info: ImageInfo | None = None

    @property
    def exact(self) -> bool:
        """Whether a summary of a sample of the image will not do: the least and the largest value may be elsewhere."""
        return self.look.limits == "minmax"

    def differs_only_in_colours(self, other: Wish | None) -> bool:
        """Whether the same pixels and the same summary are wished for."""
        return other is not None and (self.viewport, self.picture, self.look.limits) == (
            other.viewport,
            other.picture,
            other.look.limits,
        )


def of_frame(wish: Wish, info: ImageInfo) -> Wish:
    """Return the same wish for another frame of a live image."""
    return replace(wish, info=info, picture=replace(wish.picture, version=info.version))


def continues(before: ImageInfo, after: ImageInfo) -> bool:
    """Whether a live image goes on: places and planes of one frame are those of the other, and values are alike."""
    return _frame_form(before) == _frame_form(after)


def _frame_form(info: ImageInfo) -> object:
    planes = tuple((axis.name, axis.size) for axis in info.planes)
    return info.extent, info.kind, info.origin, planes, bool(info.curves)
