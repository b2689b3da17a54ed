"""Three planes as one image in colour, and the colours of an image as planes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from ...errors import RequestError, counted, quoted
from ...geometry import Extent, Viewport
from ...whole_numbers import as_floats
from ..channel_summary import joined_summary
from ..image_info import COLOURS, Axis, ImageInfo, Plane, check_plane
from ..image_source import ImageSource, never
from ..picture import DEFAULT_PICTURE, Picture
from ..summary import Summary
from ..wrapped_source import RepaintedSource

__all__ = ["AXIS", "ChannelPlanes", "ColourPlanes", "colour_axis", "in_kind"]

#: What the axis of colours is called where they are planes.
AXIS = "colour"

#: Names that tell an axis of colours from others of 3 or 4 elements.
_NAMES = ("rgb", "rgba", AXIS, "color", "channel", "channels")

#: Tiles that are asked for at once, in each channel.
_TOGETHER = 32


def colour_axis(info: ImageInfo, channels: int = 0) -> int | None:
    """Return which of ``info.planes`` may be colours; None if there is none.

    It is the last one of 3 elements or 4, one that is called so before the others.

    Parameters
    ----------
    channels : int
        How many there have to be; 3 or 4 by default.
    """
    wanted = (channels,) if channels else tuple(COLOURS.values())
    found = [at for at, axis in enumerate(info.planes) if axis.size in wanted and info.kind == "scalar"]
    named = [at for at in found if info.planes[at].name.lower() in _NAMES]
    return next(reversed(named or found), None)


def in_kind(
    make: Callable[[str | None], ImageSource], kind: str | None, shape: tuple[int, ...], interleaved: bool = True
) -> ImageSource:
    """Return an image that is seen as one of `kind`: planes become colours where its elements are none.

    Parameters
    ----------
    make : callable
        ``make(kind)`` opens it.
    kind : str or None
        One of `KINDS`, or None for what its elements say.
    shape : tuple of int
        Of all of its axes.
    interleaved : bool
        Whether its last axis may be the channels of colours.

    Raises
    ------
    RequestError
        If it has no planes for the channels.
    """
    channels = COLOURS.get(kind or "", 0)
    if not channels or (interleaved and len(shape) > 2 and shape[-1] == channels):
        return make(kind)
    source = make("scalar")
    axis = colour_axis(source.info, channels)
    if axis is None:
        info = source.info
        source.close()
        sizes = " × ".join(map(str, shape))
        *_, rows, columns = info.axes
        why = f"its shape is {sizes}, and no axis other than {columns.name} and {rows.name} has {channels} elements"
        raise RequestError(f"cannot show {quoted(info.name)} as {kind}", why, "leave the kind out")
    return ColourPlanes(source, axis)


class ColourPlanes(RepaintedSource):
    """An image in colour, whose channels are planes of another image: red, green, blue, and alpha if there are four.

    Parameters
    ----------
    source : ImageSource
        Closed with this.
    axis : int
        Which of its ``info.planes`` has the colours.

    Attributes
    ----------
    axis : int

    Raises
    ------
    RequestError
        If that axis has another size.
    """

    def __init__(self, source: ImageSource, axis: int) -> None:
        super().__init__(source)
        colours = source.info.planes[axis]
        kinds = [kind for kind, size in COLOURS.items() if size == colours.size]
        if not kinds or source.info.kind != "scalar":
            what = f"cannot show {quoted(source.info.name)} in colour"
            raise RequestError(
                what, f"its axis {quoted(colours.name)} has {counted(colours.size, 'plane')}", "give one of 3 or 4"
            )
        self.axis = axis
        self._kind = kinds[0]
        self._known: tuple[ImageInfo, ImageInfo] | None = None

    @property
    def info(self) -> ImageInfo:
        """What there is to know about the image."""
        inner = self.source.info
        if self._known is None or self._known[0] is not inner:
            axes = inner.axes[: self.axis] + inner.axes[self.axis + 1 :]
            name = inner.planes[self.axis].name
            note = f"the planes of the axis {quoted(name)} are its colours; kind=scalar shows them one by one"
            notes = (*inner.notes, note)
            self._known = inner, replace(inner, kind=self._kind, axes=axes, colour_axis=name, notes=notes)
        return self._known[1]

    def render(self, viewport: Viewport, plane: Plane | None = None, reduction: str = "mean") -> np.ndarray:
        """Return what a viewport shows, (rows, columns, 3 | 4)."""
        planes = self._planes(self.check(viewport, plane, reduction))
        return np.stack([self.source.render(viewport, at, reduction) for at in planes], axis=-1)

    def render_tiles(
        self, tiles: Sequence[Viewport], picture: Picture = DEFAULT_PICTURE, stale: Callable[[], bool] = never
    ) -> Iterator[tuple[Viewport, np.ndarray]]:
        """Yield each of `tiles` with its pixels, a few at a time, when the last channel is there."""
        tiles = tuple(dict.fromkeys(tiles))
        for first in range(0, len(tiles), _TOGETHER):
            some = tiles[first : first + _TOGETHER]
            planes = self._planes(self.checked(picture, some[0]).plane)
            begun: dict[Viewport, list[np.ndarray]] = {tile: [] for tile in some}
            for at in planes:
                for tile, pixels in self.source.render_tiles(some, replace(picture, plane=at), stale):
                    begun[tile].append(pixels)
                    if at == planes[-1]:
                        yield tile, np.stack(begun.pop(tile), axis=-1)
                if stale():
                    return

    def sample(self, points: Sequence[tuple[float, float]], plane: Plane | None = None) -> np.ndarray:
        """Return the stored colours at `points`, (n, 3 | 4)."""
        planes = self._planes(check_plane(self.info, plane))
        channels = [self.source.sample(points, at) for at in planes]
        if len({values.dtype for values in channels}) > 1:
            channels = [as_floats(values) for values in channels]
        return np.stack(channels, axis=-1)

    def summarize(self, extent: Extent | None = None, plane: Plane | None = None, exact: bool = False) -> Summary:
        """Return what the values are like, those of each channel by themselves unless they are bytes."""
        planes = self._planes(check_plane(self.info, plane))
        summary = joined_summary([self.source.summarize(extent, at, exact) for at in planes])
        return summary if self.info.has_amounts else replace(summary, channels=())

    def world(self, points: Sequence[tuple[float, float]], plane: Plane | None = None) -> tuple[str, ...]:
        """Return where `points` are, in the plane of the first channel."""
        return self.source.world(points, self._planes(check_plane(self.info, plane))[0])

    def _planes(self, plane: Plane) -> list[Plane]:
        """Return the plane of each channel of a plane of the image in colour."""
        axis = self.axis
        return [(*plane[:axis], k, *plane[axis:]) for k in range(COLOURS[self._kind])]


class ChannelPlanes(RepaintedSource):
    """The channels of an image in colour as planes, to be seen one by one.

    Parameters
    ----------
    source : ImageSource
        In colour; closed with this.
    """

    def __init__(self, source: ImageSource) -> None:
        super().__init__(source)
        self._known: tuple[ImageInfo, ImageInfo] | None = None

    @property
    def info(self) -> ImageInfo:
        """What there is to know about the image."""
        inner = self.source.info
        if self._known is None or self._known[0] is not inner:
            axes = (*inner.planes, Axis(AXIS, inner.channels), *inner.axes[-2:])
            self._known = inner, replace(inner, kind="scalar", axes=axes, colour_axis="")
        return self._known[1]

    def render(self, viewport: Viewport, plane: Plane | None = None, reduction: str = "mean") -> np.ndarray:
        """Return what a viewport shows of one channel."""
        *others, channel = self.check(viewport, plane, reduction)
        return np.ascontiguousarray(self.source.render(viewport, tuple(others), reduction)[..., channel])

    def render_tiles(
        self, tiles: Sequence[Viewport], picture: Picture = DEFAULT_PICTURE, stale: Callable[[], bool] = never
    ) -> Iterator[tuple[Viewport, np.ndarray]]:
        """Yield each of `tiles` with its pixels of one channel."""
        if not tiles:
            return
        *others, channel = self.checked(picture, tiles[0]).plane
        for tile, pixels in self.source.render_tiles(tiles, replace(picture, plane=tuple(others)), stale):
            yield tile, np.ascontiguousarray(pixels[..., channel])

    def sample(self, points: Sequence[tuple[float, float]], plane: Plane | None = None) -> np.ndarray:
        """Return the stored values of one channel at `points`."""
        *others, channel = check_plane(self.info, plane)
        return self.source.sample(points, tuple(others))[:, channel]

    def summarize(self, extent: Extent | None = None, plane: Plane | None = None, exact: bool = False) -> Summary:
        """Return what the values of one channel are like."""
        *others, channel = check_plane(self.info, plane)
        channels = self.source.summarize(extent, tuple(others), exact).channels
        return channels[channel] if channels else ImageSource.summarize(self, extent, plane, exact)

    def world(self, points: Sequence[tuple[float, float]], plane: Plane | None = None) -> tuple[str, ...]:
        """Return where `points` are, which is the same in all channels."""
        *others, _ = check_plane(self.info, plane)
        return self.source.world(points, tuple(others))
