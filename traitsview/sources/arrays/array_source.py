"""An array as a source: ndarray, memory map, or anything with shape, dtype and slicing."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from math import prod
from typing import Any

import numpy as np

from ...errors import RequestError, quoted
from ...geometry import Extent, Viewport
from ...whole_numbers import as_floats
from ..channel_summary import joined_summary
from ..image_info import COLOURS, Axis, ImageInfo, Plane
from ..image_source import ImageSource, never
from ..picture import DEFAULT_PICTURE, Picture
from ..questions.curves import CurveLines, Curves, EqualColumns
from ..questions.question import Question
from ..questions.sample import Sample
from ..questions.summarize import Summarize
from ..questions.world import World
from ..reducing import whole_pixels
from ..reducing.plane_lines import PlaneLines
from ..reducing.resample import LARGE_ELEMENTS, Reduction, bands, prepare, resample
from ..reducing.summaries import exact_summary, quick_summary
from ..reducing.whole_pixels import joined
from ..reducing.workers import in_order, spread
from ..spans import Spans, meant, spans_of
from .column_extremes import column_extremes, is_plain
from .image_arrays import axes_of, extent_of, image_dtype, kind_of, stored_form
from .no_value import WithoutValue, stored_number
from .one_channel import one_channel

__all__ = ["ArraySource", "WorldOf"]

#: A function ``(places, plane) -> texts``: places are (column, row), in elements; each text is a world coordinate.
WorldOf = Callable[[Sequence[tuple[float, float]], Sequence[int]], tuple[str, ...]]


class _Unwanted(Exception):
    """Raised to stop work on an answer that nobody waits for any more."""


class ArraySource(ImageSource):
    """Any array, in memory, mapped or read as it is needed.

    Parameters
    ----------
    data : array
        Anything with ``shape``, ``dtype`` and slicing, of two axes or more: (…, rows, columns), or
        (…, rows, columns, channels) for an image in colour.  By default the last axis is that of the channels if it has
        3 or 4 elements of uint8 or uint16, or 3 floating-point numbers.
        The array is neither copied nor changed.  If you change it, the next viewport shows the change.
    name : str
        The title of a window that shows it.
    extent : (x0, x1, y0, y1), optional
        The edges of the whole image in data units; by default ``(0, columns, 0, rows)``.
    origin : {"upper", "lower"}
        Where row 0 belongs on the screen.
    unit : str
        Of the values.
    axes : sequence of Axis or str, optional
        All axes or their names, without the colour axis.
    kind : str, optional
        One of `KINDS`; by default it follows from shape and dtype.  Colours may be of any real dtype.
    world : str
        A WCS or CRS as text.
    world_problem : str
        Why the world coordinates cannot be used; see `ImageInfo`.
    lock : bool
        Whether only one thread at a time may read from `data`.
    scale : (float, float)
        ``(slope, zero)``: a stored element x stands for ``slope * x + zero``.
    blank : int, optional
        The stored integer that stands for no value.
    dtype : dtype, optional
        Of the values, if it differs from the dtype of the stored elements.
    guard : callable, optional
        Called before elements are read; raises `SourceError` if they cannot be read.
    notes : sequence of str
        Choices that were made when the array was read; see `ImageInfo`.
    no_value : int or float, optional
        A value that is taken as no value; values are what elements stand for, ``slope * x + zero``.
    world_of : callable, optional
        ``world_of(places, plane)`` returns the world coordinates of places as texts.  Places are ``(column, row)``, in
        elements from the first edge of each axis.
    close : callable, optional
        Closes what the array is read from; called when the source is closed.
    curves : sequence of str
        The names of the rows, where each row is a curve; see `ImageInfo`.

    Raises
    ------
    SourceUnsupported
        If the array is not an image.
    RequestError
        If an option does not fit it.
    """

    def __init__(
        self,
        data: Any,
        *,
        name: str = "array",
        extent: Extent | None = None,
        origin: str = "upper",
        unit: str = "",
        axes: Sequence[Axis | str] | None = None,
        kind: str | None = None,
        world: str = "",
        world_problem: str = "",
        lock: bool = False,
        scale: tuple[float, float] = (1.0, 0.0),
        blank: int | None = None,
        dtype: np.dtype | str | None = None,
        guard: Callable[[], None] | None = None,
        notes: Sequence[str] = (),
        no_value: int | float | None = None,
        world_of: WorldOf | None = None,
        close: Callable[[], None] | None = None,
        curves: Sequence[str] = (),
    ) -> None:
        stored = image_dtype(data, name)
        shape = tuple(int(n) for n in data.shape)
        kind = kind_of(shape, stored, kind, name)
        self._channels = COLOURS.get(kind, 1)
        shape = shape[:-1] if self._channels > 1 else shape
        if origin not in ("upper", "lower"):
            raise RequestError(f"unknown origin {quoted(origin)}", "", "one of upper, lower")
        if len(curves) not in (0, shape[-2]):
            raise RequestError(f"cannot show {quoted(name)} as curves", f"{len(curves)} names for {shape[-2]} rows")
        self._scale = (float(scale[0]), float(scale[1]))
        self._data = data
        if no_value is not None:
            notes = (*notes, f"{no_value} is taken as no value")
            number = stored_number(no_value, stored, self._scale)
            if number is not None:
                self._data = WithoutValue(data, number, self._channels > 1)
        self._blank = blank
        self._lock = threading.Lock() if lock else None
        self._guard = guard or _nothing
        self._world_of = world_of
        self._close = close or _nothing
        self._info = ImageInfo(
            name=name,
            shape=(shape[-2], shape[-1]),
            dtype=np.dtype(dtype or stored).str,
            kind=kind,
            extent=extent_of(extent, shape),
            axes=axes_of(axes, shape),
            origin=origin,
            unit=unit,
            world=world,
            world_problem=world_problem,
            stored=stored_form(data, stored, self._scale, blank),
            notes=tuple(notes),
            curves=tuple(curves),
        )
        self._whole = self._info.whole and self._scale == (1.0, 0.0)
        self._plain = is_plain(self._data) and blank is None and self._scale == (1.0, 0.0) and self._channels == 1
        self._beyond = False  # whether float64 has rounded a pixel
        if prod(shape[-2:]) >= LARGE_ELEMENTS:
            prepare(stored, kind == "labels")

    @property
    def info(self) -> ImageInfo:
        """The facts about the image."""
        return self._info

    @property
    def array(self) -> Any:
        """The array that is shown, as it was given."""
        return self._data

    def render(self, viewport: Viewport, plane: Plane | None = None, reduction: str = "mean") -> np.ndarray:
        """Return what a viewport shows; see `ImageSource.render`."""
        lines = self._lines(self.check(viewport, plane, reduction))
        how = self._reduction(lines, reduction)
        rows, columns = spans_of(self._info, viewport, reduction)
        pixels, flat = self._empty(viewport)
        exact: dict[int, np.ndarray] = {}

        def fill(band: slice) -> None:
            self._fill(lines, rows.part(band.start, band.stop), columns, how, flat[band], band.start, exact)

        spread(fill, list(bands(rows, columns)))
        return joined(pixels, exact)

    def render_tiles(
        self, tiles: Sequence[Viewport], picture: Picture = DEFAULT_PICTURE, stale: Callable[[], bool] = never
    ) -> Iterator[tuple[Viewport, np.ndarray]]:
        """Yield each of `tiles` with its pixels as they are done, begun in the order given.

        `stale` is asked before each tile and between bands of rows within one, in whatever thread works.
        """
        picture = self.checked(picture, *tiles)
        lines, reduction = self._lines(picture.plane), picture.reduction
        how = self._reduction(lines, reduction)

        def render(tile: Viewport) -> np.ndarray | None:
            rows, columns = spans_of(self._info, tile, reduction)
            pixels, flat = self._empty(tile)
            exact: dict[int, np.ndarray] = {}
            for band in bands(rows, columns):
                if stale():
                    return None
                part = rows.part(band.start, band.stop)
                self._fill(lines, part, columns, how, flat[band], band.start, exact)
            return joined(pixels, exact)

        for tile, pixels in in_order(render, tiles):
            if pixels is None:
                return
            yield tile, pixels

    def answers(
        self, question: Question[Any], picture: Picture = DEFAULT_PICTURE, stale: Callable[[], bool] = never
    ) -> Iterator[Any]:
        """Yield answers that are read from the array, without rendering; see `ImageSource.examine`."""
        if isinstance(question, Summarize):
            return self._summaries(question, self.checked(picture), stale)
        if isinstance(question, Sample):
            return self._samples(question, self.checked(picture))
        if isinstance(question, World) and self._world_of is not None:
            return self._places(question, self.checked(picture), self._world_of)
        if isinstance(question, Curves) and self._plain:
            columns = question.equidistant(self._info)
            if columns is not None and not columns.single:
                self.checked(picture)
                return self._curves(question, columns)
        return super().answers(question, picture, stale)

    def _curves(self, question: Curves, columns: EqualColumns) -> Iterator[Any]:
        self._guard()
        rows = question.rows(self._info)
        found = column_extremes(self._data, rows, *columns.elements(self._info))
        dtype = self._info.pixel_dtype
        yield CurveLines(tuple(rows), columns.x, *(values.astype(dtype, copy=False) for values in found))

    def _samples(self, question: Sample, picture: Picture) -> Iterator[Any]:
        lines = self._lines(picture.plane)
        self._guard()
        found = [self._element(lines, x, y) for x, y in question.points]
        shape = (len(found),) + (self._channels,) * (self._channels > 1)
        dtype = np.dtype(self._info.dtype).newbyteorder("=")
        if any(value is None for value in found) or not found:
            known = np.array([value for value in found if value is not None], dtype)
            dtype = np.dtype(np.complex128) if dtype.kind == "c" else as_floats(known).dtype
        values = np.full(shape, np.nan, dtype) if dtype.kind in "fc" else np.empty(shape, dtype)
        for k, value in enumerate(found):
            if value is not None:
                values[k] = value
        yield values

    def _places(self, question: World, picture: Picture, world_of: WorldOf) -> Iterator[Any]:
        (x0, y0), (sx, sy) = self._info.anchor, self._info.element
        yield world_of([((x - x0) / sx, (y - y0) / sy) for x, y in question.points], picture.plane)

    def _summaries(self, question: Summarize, picture: Picture, stale: Callable[[], bool]) -> Iterator[Any]:
        def guard() -> None:
            if stale():
                raise _Unwanted
            self._guard()

        rows, columns = self._area(question.extent)
        summary = exact_summary if question.exact else quick_summary
        channels: Sequence[int | None] = range(self._channels) if self._info.has_amounts else (None,)
        try:
            found = [summary(self._lines(picture.plane, k), rows, columns, self._scale, guard) for k in channels]
        except _Unwanted:
            return
        yield joined_summary(found) if self._info.has_amounts else found[0]

    def close(self) -> None:
        """Close what the array is read from."""
        self._close()

    def _lines(self, plane: Plane, channel: int | None = None) -> PlaneLines:
        """Return the lines of a plane, of all channels or of one."""
        data = self._data if channel is None else one_channel(self._data, channel)
        channels = self._channels if channel is None else 1
        return PlaneLines(data, plane, channels, self._blank, self._lock, self._info.name)

    def _reduction(self, lines: PlaneLines, reduction: str) -> Reduction:
        return Reduction(reduction, *self._scale, lines.channels, lines.large)

    def _fill(
        self,
        lines: PlaneLines,
        rows: Spans,
        columns: Spans,
        how: Reduction,
        out: np.ndarray,
        start: int,
        exact: dict[int, np.ndarray],
    ) -> None:
        """Fill the rows of pixels from `start` on.  Rows that float64 would round go into `exact` as well."""
        self._guard()
        if not self._whole:
            resample(lines, rows, columns, how, out)
            return
        found = whole_pixels.fill(lines, rows, columns, how, out, self._beyond)
        if found is not None:
            self._beyond = True
            exact[start] = found

    def _empty(self, viewport: Viewport) -> tuple[np.ndarray, np.ndarray]:
        """Return a new array of pixels, and the same as lines."""
        rows, columns = viewport.shape
        shape = (rows, columns) if self._channels == 1 else (rows, columns, self._channels)
        pixels = np.empty(shape, self._info.pixel_dtype)
        return pixels, pixels.reshape(rows, -1)

    def _element(self, lines: PlaneLines, x: float, y: float) -> Any:
        """Return the value at a point, or None where there is none."""
        info = self._info
        (sx, sy), (ax, ay) = info.element, info.anchor
        column, row = meant((x - ax) / sx), meant((y - ay) / sy)
        if not (0 <= column < info.shape[1] and 0 <= row < info.shape[0]):
            return None
        i, j = int(row), int(column)
        stored = lines.elements(slice(i, i + 1), slice(j, j + 1))[0, 0]
        if np.ma.is_masked(stored) or (self._blank is not None and stored == self._blank):
            return None
        slope, zero = self._scale
        return stored if (slope, zero) == (1.0, 0.0) else stored * np.float64(slope) + zero

    def _area(self, extent: Extent | None) -> tuple[slice, slice]:
        """Return the (rows, columns) of the elements that `extent` touches."""
        height, width = self._info.shape
        if extent is None:
            return slice(0, height), slice(0, width)
        x0, x1, y0, y1 = extent
        (sx, sy), (ax, ay) = self._info.element, self._info.anchor
        return _touched((y0 - ay) / sy, (y1 - ay) / sy, height), _touched((x0 - ax) / sx, (x1 - ax) / sx, width)


def _touched(start: float, stop: float, size: int) -> slice:
    first = int(np.clip(np.floor(meant(start)), 0, size))
    return slice(first, max(first, int(np.clip(np.ceil(meant(stop)), 0, size))))


def _nothing() -> None:
    return None
