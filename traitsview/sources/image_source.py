"""The interface of everything that can be looked at, and the values it speaks in."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import gcd, isfinite
from operator import index
from types import TracebackType
from typing import TYPE_CHECKING, Self

import numpy as np

from ..errors import HostError, RequestError
from ..geometry import Extent, Viewport, bounding

if TYPE_CHECKING:
    from ..color.indexing import Indexing

__all__ = [
    "KINDS",
    "REDUCTIONS",
    "Axis",
    "ImageInfo",
    "ImageSource",
    "Plane",
    "Rendered",
    "Stage",
    "Summary",
    "pixel_dtype",
    "summary_of",
]

#: How many data elements become one pixel.
REDUCTIONS = ("mean", "min", "max", "nearest")

#: What the elements of an image are.
KINDS = ("scalar", "rgb", "rgba", "complex", "labels")

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
class ImageInfo:
    """What there is to know about an image before looking at it.

    Attributes
    ----------
    name : str
        What a window title would say.
    shape : (int, int)
        ``(rows, columns)`` of the displayed plane.
    dtype : str
        Of the elements as stored, in NumPy's short form: ``">f4"``, ``"|u1"``.
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
    version : int
        Counts the frames of a live image; 0 for what does not change.
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
    version: int = 0

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
        return {"rgb": 3, "rgba": 4}.get(self.kind, 1)

    @property
    def pixel_dtype(self) -> np.dtype:
        """The dtype of rendered pixels."""
        return pixel_dtype(self.dtype)


@dataclass(frozen=True, slots=True)
class Stage:
    """One of the steps in which pixels come over a slow link: the quick ones first, the values last.

    Attributes
    ----------
    tiles : tuple of Viewport
        Any rectangles of one pixel grid.  Other stages may be of other grids.
    indexing : Indexing, optional
        Send rows of the viewer's table of colours instead of values, where that is less.  By default the values.
    """

    tiles: tuple[Viewport, ...]
    indexing: Indexing | None = None


@dataclass(frozen=True, slots=True)
class Rendered:
    """Pixels of a tile, as a stage brought them.

    Attributes
    ----------
    tile : Viewport
    pixels : ndarray, (rows, columns[, 3 | 4])
        Values.  Where `indexing` is not None they stand for the true ones: they have the same row of that table.
    indexing : Indexing or None
        None for the exact values.
    """

    tile: Viewport
    pixels: np.ndarray
    indexing: Indexing | None = None


@dataclass(frozen=True, slots=True)
class Summary:
    """What the values of an image, or of a part of it, are like.

    Attributes
    ----------
    count : int
        Elements that were looked at, NaN and infinite ones included.
    valid : int
        Finite elements among them.
    minimum, maximum, mean, std : float
        Of the finite elements; NaN when there are none.
    sample : ndarray, (n,)
        At most 131,072 finite values in float64, drawn evenly over the area, for percentiles and
        histograms.  Read-only.
    exact : bool
        Whether every element of the area was looked at; otherwise all of this is about the sample.
    """

    count: int
    valid: int
    minimum: float
    maximum: float
    mean: float
    std: float
    sample: np.ndarray
    exact: bool

    def percentiles(self, *percents: float) -> tuple[float, ...]:
        """Return percentiles (0 … 100) of the sample; NaN where nothing is finite."""
        if not self.sample.size:
            return tuple(float("nan") for _ in percents)
        return tuple(float(value) for value in np.percentile(self.sample, percents))


def pixel_dtype(dtype: np.dtype | str) -> np.dtype:
    """Return the dtype that pixels of an image of `dtype` are rendered in.

    Integers of 32 bits and more and double precision stay in double precision; what float32
    holds exactly becomes float32.
    """
    dtype = np.dtype(dtype)
    wide = (
        dtype.itemsize > 8 if dtype.kind == "c" else dtype.itemsize > 4 or (dtype.kind in "iu" and dtype.itemsize > 2)
    )
    return np.dtype(np.float64 if wide else np.float32)


def never() -> bool:
    """Say that the work is still wanted."""
    return False


class ImageSource(ABC):
    """Anything that can render a viewport.

    Any thread may call any method, and several at once, except `close`, which is called once,
    after which nothing else is.  A source is a context manager that closes itself.

    Attributes
    ----------
    identity : str
        Tells this image from another one that is found at the same place later; empty where nothing does.
    """

    identity: str = ""

    @property
    @abstractmethod
    def info(self) -> ImageInfo:
        """What there is to know about the image.  Returns at once."""

    @abstractmethod
    def render(self, viewport: Viewport, plane: Plane | None = None, reduction: str = "mean") -> np.ndarray:
        """Return what a viewport shows.

        Parameters
        ----------
        viewport : Viewport
            On a grid anchored at ``info.anchor``; may lie outside the image.
        plane : tuple of int, optional
            One index for each of ``info.planes``; the first plane by default.
        reduction : str
            ``"mean"`` is weighted by area, with fractional edges; ``"min"`` and ``"max"`` are over
            every element touched; ``"nearest"`` is the element under the pixel's centre.  Where a
            pixel is not larger than an element, each of them is the element under its centre.

        Returns
        -------
        ndarray, (rows, columns) or (rows, columns, 3 | 4)
            Of ``info.pixel_dtype``, C-contiguous, writable and the caller's own.  Row 0 is the
            smallest y.  NaN where there is no data: outside the image, and where every element is
            NaN; NaN among other elements is ignored.  Complex images show their modulus.

        Raises
        ------
        RequestError
            If the plane, the reduction or the grid does not fit the image.
        SourceError
            If the data cannot be read.
        """

    def render_tiles(
        self,
        tiles: Sequence[Viewport],
        plane: Plane | None = None,
        reduction: str = "mean",
        stale: Callable[[], bool] = never,
    ) -> Iterator[tuple[Viewport, np.ndarray]]:
        """Yield each of `tiles`, which share a grid, with its pixels, in any order.

        `stale` is asked between pieces of work; when it says True the rest is left undone.
        This default makes one call of `render`, for sources whose cost is per call.
        """
        if not tiles or stale():
            return
        block = bounding(tiles)
        pixels = self.render(block, plane, reduction)
        for tile in tiles:
            part = block.overlap(tile)
            assert part is not None
            yield tile, np.ascontiguousarray(pixels[part])

    def render_stages(
        self,
        stages: Sequence[Stage],
        plane: Plane | None = None,
        reduction: str = "mean",
        stale: Callable[[], bool] = never,
    ) -> Iterator[Rendered]:
        """Yield what `stages` ask for, one stage after the other; `stale` is asked as in `render_tiles`.

        A source may always bring exact values.  This default does, and is for sources without a link between.
        """
        for stage in stages:
            for tile, pixels in self.render_tiles(stage.tiles, plane, reduction, stale):
                yield Rendered(tile, pixels)

    def delay(self, nbytes: int) -> float:
        """Return the seconds that the link to the source will need to bring so many bytes of values, as they are.

        0 where there is no link to speak of.  Any thread may call it; it returns at once.
        """
        return 0.0

    def sample(self, points: Sequence[tuple[float, float]], plane: Plane | None = None) -> np.ndarray:
        """Return the stored values of the elements at `points`.

        Parameters
        ----------
        points : sequence of (x, y)
            In data units.

        Returns
        -------
        ndarray, (n,) or (n, 3 | 4)
            Where all points are inside the image and the source can, in the image's own dtype (native
            byte order); otherwise float64 or complex128 with NaN for those outside.
        """
        info = self.info
        sx, sy = info.element
        values = []
        for x, y in points:
            column, row = (x - info.anchor[0]) / sx, (y - info.anchor[1]) / sy
            inside = 0 <= column < info.shape[1] and 0 <= row < info.shape[0]
            place = (int(column), int(row)) if inside else (-1, -1)
            pixel = Viewport((sx, sy), place, (1, 1), info.anchor)
            values.append(self.render(pixel, plane, "nearest")[0, 0])
        shape = (0,) if info.channels == 1 else (0, info.channels)
        return np.array(values, np.float64) if values else np.empty(shape)

    def summarize(self, extent: Extent | None = None, plane: Plane | None = None, exact: bool = False) -> Summary:
        """Return what the values within `extent` (the whole image by default) are like.

        Quick unless `exact`, which looks at every element.  Colour images are summarized over all
        channels, complex ones by their modulus.
        """
        info = self.info
        viewport = Viewport.covering(extent or info.extent, self._summary_shape(extent, exact), info.anchor)
        return summary_of(self.render(viewport, plane, "nearest"), exact=self._covers(viewport))

    def world(self, points: Sequence[tuple[float, float]]) -> tuple[str, ...]:
        """Return for each of `points` its world coordinates as text, empty where there are none."""
        return ("",) * len(points)

    def wait_newer(self, version: int, timeout: float) -> int:
        """Wait until the image is newer than `version`, at most `timeout` seconds; return its version.

        An image that does not change returns at once.
        """
        return self.info.version

    def watch(self, told: Callable[[HostError | None], None]) -> None:  # noqa: B027
        """Have `told` called with each piece of news about contact with the source.

        `HostStale` says that nothing was heard for its `seconds`, 1.5 at least, and that the link is kept; it
        comes about once a second as long as that lasts.  Any other `HostError` says that the link is lost: its
        `why` is the cause and its `remedy`, where the source comes back by itself, the next try, such as ``"try 3
        in 2 s"``; it comes with every try.  None says that all is well again.

        It is called in any thread and returns quickly.  Sources in this process are never lost.
        """

    def retry(self) -> None:  # noqa: B027
        """Try now to come back to a source that is lost, rather than at the next try.  Returns at once."""

    def close(self) -> None:  # noqa: B027
        """Let go of files, processes and connections."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def check(self, viewport: Viewport, plane: Plane | None, reduction: str) -> Plane:
        """Return the plane as a full tuple of indices, or raise `RequestError`.

        Implementations call it first in `render`.
        """
        info = self.info
        if reduction not in REDUCTIONS:
            raise RequestError(f"unknown reduction '{reduction}'", "", f"one of {', '.join(REDUCTIONS)}")
        if viewport.anchor != info.anchor:
            raise RequestError(
                "cannot render the viewport", f"its grid is anchored at {viewport.anchor}, the image at {info.anchor}"
            )
        return check_plane(info, plane)

    def _summary_shape(self, extent: Extent | None, exact: bool) -> tuple[int, int]:
        x0, x1, y0, y1 = extent or self.info.extent
        sx, sy = self.info.element
        rows, columns = max(1, round((y1 - y0) / sy)), max(1, round((x1 - x0) / sx))
        return (rows, columns) if exact else (min(rows, 256), min(columns, 256))

    def _covers(self, viewport: Viewport) -> bool:
        return all(d <= s for d, s in zip(viewport.resolution, self.info.element, strict=True))


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
            raise RequestError(f"plane {at} is out of range for axis '{axis.name}'", f"0 … {axis.size - 1}")
    return tuple(index(at) for at in plane)


def summary_of(values: np.ndarray, exact: bool, limit: int = 131_072) -> Summary:
    """Return the summary of `values`, (rows, columns[, channels]); the sample is every n-th of them."""
    flat = np.abs(values).ravel() if values.dtype.kind == "c" else values.ravel()
    flat = flat.astype(np.float64, copy=False)
    good = flat[np.isfinite(flat)]
    step = max(1, -(-good.size // limit))
    while values.ndim > 2 and gcd(step, values.shape[-1]) > 1:
        step += 1  # else the sample would be of some channels only
    sample = np.array(good[::step])
    sample.setflags(write=False)
    if not good.size:
        nan = float("nan")
        return Summary(flat.size, 0, nan, nan, nan, nan, sample, exact)
    with np.errstate(over="ignore"):
        mean, std = float(good.mean()), float(good.std())
    if not isfinite(std):
        scale = float(np.abs(good).max())
        mean, std = float((good / scale).mean()) * scale, float((good / scale).std()) * scale
    return Summary(flat.size, good.size, float(good.min()), float(good.max()), mean, std, sample, exact)
