"""Which picture of an image is shown: of which plane, and how its elements become pixels."""

from __future__ import annotations

from dataclasses import dataclass

from ..errors import RequestError
from .image_info import ImageInfo, Plane, check_plane

__all__ = ["DEFAULT_PICTURE", "REDUCTIONS", "Picture", "reduction_text"]

#: How many data elements become one pixel.
REDUCTIONS = ("mean", "min", "max", "nearest", "mode")


def reduction_text(reduction: str) -> str:
    """Return what menus and sentences call a reduction."""
    return "most frequent" if reduction == "mode" else reduction


@dataclass(frozen=True, slots=True)
class Picture:
    """Which picture of an image pixels belong to: pixels of different pictures never mix.

    Another choice between pictures of one image (two other axes, the phase of complex numbers) becomes a field here,
    whose default is the picture without that choice.  Functions take a picture, so none needs another parameter.

    Attributes
    ----------
    plane : tuple of int
        One index for each of ``info.planes``; the first plane where it is empty.
    reduction : str
        One of `REDUCTIONS`; see `ImageSource.render`.
    version : int
        The frame of a live image; see `ImageSource.hold`.  By default, 0, the newest one.
    """

    plane: Plane = ()
    reduction: str = "mean"
    version: int = 0

    def of(self, info: ImageInfo) -> Picture:
        """Return the same picture with one index for each of ``info.planes``, and a version, by default that of `info`.

        Raises
        ------
        RequestError
            If the image has no such plane, or if there is no such reduction.
        """
        if self.reduction not in REDUCTIONS:
            raise RequestError(f"unknown reduction '{self.reduction}'", "", f"one of {', '.join(REDUCTIONS)}")
        return Picture(check_plane(info, self.plane or None), self.reduction, self.version or info.version)


#: The mean of the first plane.
DEFAULT_PICTURE = Picture()
