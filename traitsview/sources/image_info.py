"""Facts about an image that are known before its pixels: shape, axes, extent, unit."""

from __future__ import annotations

from dataclasses import dataclass
from operator import index

import numpy as np

from ..errors import RequestError
from ..geometry import Extent
from ..whole_numbers import WIDE, is_whole

__all__ = ["COLOURS", "KINDS", "Axis", "ImageInfo", "Plane", "Stored", "check_plane", "pixel_dtype"]

#: Kinds of images, by the meaning of their elements.
KINDS = ("scalar", "rgb", "rgba", "complex", "labels")

#: Kinds that are colours, and how many channels each has: red, green, blue, and alpha.
COLOURS = {"rgb": 3, "rgba": 4}

#: The index on every axis that is not displayed, in the order of the array's axes.
Plane = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Axis:
    """One axis of an image: its name, number of elements, unit and, where it has them, coordinates."""

    name: str
    size: int
    unit: str = ""
    coordinates: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Stored:
    """How elements are stored that stand for other numbers: a stored x stands for ``scale * x + offset``.

    Attributes
    ----------
    dtype : str
        Of the stored elements, in NumPy's short form.
    scale : float
    offset : float or int
        Whole ones of 64 bits are int from 2**53 on, and exact.
    nodata : int, float or None
        The stored number that stands for no value in the file.
    """

    dtype: str
    scale: float = 1.0
    offset: float | int = 0.0
    nodata: int | float | None = None


@dataclass(frozen=True, slots=True)
class ImageInfo:
    """The facts about an image that are known before its pixels.

    Attributes
    ----------
    name : str
        The title of a window that shows it.
    shape : (int, int)
        ``(rows, columns)`` of the displayed plane.
    dtype : str
        Of the values that elements stand for, in NumPy's short form: ``">f4"``, ``"|u1"``.
    kind : str
        One of `KINDS`.  The colour axis of ``"rgb"`` and ``"rgba"`` is the last one of the
        array and is not among `axes`.
    extent : (x0, x1, y0, y1)
        The whole image in data units.
    axes : tuple of Axis
        All axes in array order; the last two are the rows (y) and the columns (x) displayed.
    origin : {"lower", "upper"}
        Where row 0 belongs on the screen.
    unit : str
        Of the values.
    world : str
        A WCS (FITS header cards) or CRS as text, or empty.
    world_problem : str
        Why the world coordinates of the file cannot be used, in a sentence that names the card; or empty.
    version : int
        Another number for each frame of a live image, growing; 0 for what does not change.
    stored : Stored, optional
        How elements are stored, where the stored numbers are not the values.
    colour_axis : str
        The name of the axis whose planes are the channels of the colours.  Empty where elements themselves are colours,
        and where there are none.
    notes : tuple of str
        One line for each choice that was made because the file can be read in several ways.
    live : bool
        Whether the image changes: other frames may come, see `ImageSource.wait_newer`.
    curves : tuple of str
        The names of the rows, where each row is a curve: numbers over x, to be plotted as a line.  Empty for images.
    """

    name: str
    shape: tuple[int, int]
    dtype: str
    kind: str = "scalar"
    extent: Extent = (0.0, 1.0, 0.0, 1.0)
    axes: tuple[Axis, ...] = ()
    origin: str = "upper"
    unit: str = ""
    world: str = ""
    world_problem: str = ""
    version: int = 0
    stored: Stored | None = None
    colour_axis: str = ""
    notes: tuple[str, ...] = ()
    live: bool = False
    curves: tuple[str, ...] = ()

    @property
    def anchor(self) -> tuple[float, float]:
        """The corner ``(x0, y0)`` that pixel grids are anchored at."""
        return self.extent[0], self.extent[2]

    @property
    def element(self) -> tuple[float, float]:
        """The size ``(sx, sy)`` of one element in data units."""
        x0, x1, y0, y1 = self.extent
        return (x1 - x0) / self.shape[1], (y1 - y0) / self.shape[0]

    @property
    def display_scale(self) -> tuple[float, float]:
        """Lengths ``(x, y)`` in data units that are equally long on the screen.

        Axes of one unit have one scale; otherwise an element is shown square.
        """
        sx, sy = self.element
        if len(self.axes) < 2 or self.axes[-1].unit == self.axes[-2].unit:
            return min(sx, sy), min(sx, sy)
        return sx, sy

    @property
    def planes(self) -> tuple[Axis, ...]:
        """The axes that are not displayed."""
        return self.axes[:-2]

    @property
    def channels(self) -> int:
        """Numbers per pixel: 3 or 4 for colour images, else 1."""
        return COLOURS.get(self.kind, 1)

    @property
    def has_amounts(self) -> bool:
        """Whether the channels of colours are amounts, which need limits.  Bytes are shown without limits."""
        return self.channels > 1 and np.dtype(self.dtype) != np.uint8

    @property
    def pixel_dtype(self) -> np.dtype:
        """The dtype of rendered pixels.  Pixels of `whole` images are in `WIDE` where this dtype would round them."""
        return pixel_dtype(self.dtype)

    @property
    def whole(self) -> bool:
        """Whether elements are integers of 64 bits, of which float64 does not hold all."""
        return is_whole(self.dtype)

    @property
    def pixel_bytes(self) -> int:
        """Bytes of one rendered pixel, at most."""
        return self.channels * (WIDE if self.whole else self.pixel_dtype).itemsize


def pixel_dtype(dtype: np.dtype | str) -> np.dtype:
    """Return the dtype that pixels of an image of `dtype` are rendered in.

    Integers of 32 bits and more, and numbers in double precision, are rendered in float64; all others in float32, which
    holds them exactly.
    """
    dtype = np.dtype(dtype)
    wide = (
        dtype.itemsize > 8 if dtype.kind == "c" else dtype.itemsize > 4 or (dtype.kind in "iu" and dtype.itemsize > 2)
    )
    return np.dtype(np.float64 if wide else np.float32)


def check_plane(info: ImageInfo, plane: Plane | None) -> Plane:
    """Return one index for each axis that is not displayed, or raise `RequestError`."""
    axes = info.planes
    if plane is None:
        return (0,) * len(axes)
    if len(plane) != len(axes):
        names = ", ".join(axis.name for axis in axes) or "none"
        raise RequestError(f"plane {plane} does not fit the image", f"its other axes are: {names}")
    for at, axis in zip(plane, axes, strict=True):
        if isinstance(at, bool) or not hasattr(at, "__index__") or not 0 <= index(at) < axis.size:
            what = f"plane {at} is out of range for axis '{axis.name}'"
            raise RequestError(what, "it is an index", f"choose one from 0 to {axis.size - 1}")
    return tuple(index(at) for at in plane)
