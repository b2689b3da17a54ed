"""Three planes as one image in colour, and the colours of an image as planes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ...errors import RequestError, counted, quoted
from ...geometry import Viewport
from ...whole_numbers import as_floats
from ..channel_summary import joined_summary
from ..frame import Frame
from ..image_info import COLOURS, Axis, ImageInfo, Plane
from ..image_source import ImageSource, never
from ..picture import DEFAULT_PICTURE, Picture
from ..questions.question import Question
from ..questions.sample import Sample
from ..questions.summarize import Summarize
from ..questions.world import World
from ..wrapped_source import RetiledSource

__all__ = ["AXIS", "ChannelPlanes", "ColourPlanes", "colour_axis", "in_kind"]

#: The name of the axis of colours where the colours are planes.
AXIS = "colour"

#: Names that tell an axis of colours from others of 3 or 4 elements.
_NAMES = ("rgb", "rgba", AXIS, "color", "channel", "channels")

#: Tiles that are asked for at once, in each channel.
_TILES_AT_ONCE = 32


def colour_axis(info: ImageInfo, channels: int = 0) -> int | None:
    """Return which of ``info.planes`` may be colours; None if there is none.

    It is the last axis of 3 or 4 elements; an axis whose name says that it has colours goes before the others.

    Parameters
    ----------
    channels : int
        The size that the axis must have; 3 or 4 by default.
    """
    wanted = (channels,) if channels else tuple(COLOURS.values())
    found = [at for at, axis in enumerate(info.planes) if axis.size in wanted and info.kind == "scalar"]
    named = [at for at in found if info.planes[at].name.lower() in _NAMES]
    return next(reversed(named or found), None)


def in_kind(
    make: Callable[[str | None], ImageSource], kind: str | None, shape: tuple[int, ...], interleaved: bool = True
) -> ImageSource:
    """Return an image as one of `kind`; its planes become colours if its elements have none.

    Parameters
    ----------
    make : callable
        ``make(kind)`` opens it.
    kind : str or None
        One of `KINDS`; by default the kind follows from the elements.
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


class ColourPlanes(RetiledSource):
    """An image in colour, whose channels are planes of another image: red, green, blue, and alpha if there are four.

    Parameters
    ----------
    source : ImageSource
        Closed with this.
    axis : int
        The index of the axis of colours in its ``info.planes``.

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
        """The facts about the image."""
        inner = self.source.info
        if self._known is None or self._known[0] is not inner:
            axes = inner.axes[: self.axis] + inner.axes[self.axis + 1 :]
            name = inner.planes[self.axis].name
            note = f"the planes of the axis {quoted(name)} are its colours; kind=scalar shows them one by one"
            notes = (*inner.notes, note)
            self._known = inner, replace(inner, kind=self._kind, axes=axes, colour_axis=name, notes=notes)
        return self._known[1]

    @property
    def frame(self) -> Frame:
        return replace(self.source.frame, info=self.info)

    def render(self, viewport: Viewport, plane: Plane | None = None, reduction: str = "mean") -> np.ndarray:
        """Return what a viewport shows, (rows, columns, 3 | 4)."""
        planes = self._planes(self.check(viewport, plane, reduction))
        return np.stack([self.source.render(viewport, at, reduction) for at in planes], axis=-1)

    def render_tiles(
        self, tiles: Sequence[Viewport], picture: Picture = DEFAULT_PICTURE, stale: Callable[[], bool] = never
    ) -> Iterator[tuple[Viewport, np.ndarray]]:
        """Yield each of `tiles` with its pixels, a few at a time, once the last channel is there."""
        tiles = tuple(dict.fromkeys(tiles))
        for first in range(0, len(tiles), _TILES_AT_ONCE):
            some = tiles[first : first + _TILES_AT_ONCE]
            planes = self._planes(self.checked(picture, some[0]).plane)
            begun: dict[Viewport, list[np.ndarray]] = {tile: [] for tile in some}
            for at in planes:
                for tile, pixels in self.source.render_tiles(some, replace(picture, plane=at), stale):
                    begun[tile].append(pixels)
                    if at == planes[-1]:
                        yield tile, np.stack(begun.pop(tile), axis=-1)
                if stale():
                    return

    def answers(
        self, question: Question[Any], picture: Picture = DEFAULT_PICTURE, stale: Callable[[], bool] = never
    ) -> Iterator[Any]:
        """Yield the colours, the places, or a summary of all channels, and of each one unless colours are bytes."""
        picture = self.checked(picture)
        pictures = [replace(picture, plane=plane) for plane in self._planes(picture.plane)]
        if isinstance(question, World):
            return self.source.examine(question, pictures[0], stale)
        if isinstance(question, Sample | Summarize):
            return self._joined(question, pictures, stale)
        return ImageSource.answers(self, question, picture, stale)

    def _joined(self, question: Any, pictures: Sequence[Picture], stale: Callable[[], bool]) -> Iterator[Any]:
        """Yield one answer for all channels, once each has answered."""
        found = []
        for picture in pictures:
            answers = list(self.source.examine(question, picture, stale))
            if stale():
                return
            found.append(answers[-1])
        if isinstance(question, Summarize):
            summary = joined_summary(found)
            yield summary if self.info.has_amounts else replace(summary, channels=())
        else:
            alike = len({values.dtype for values in found}) == 1
            yield np.stack(found if alike else [as_floats(values) for values in found], axis=-1)

    def _planes(self, plane: Plane) -> list[Plane]:
        """Return the plane of each channel of a plane of the image in colour."""
        axis = self.axis
        return [(*plane[:axis], k, *plane[axis:]) for k in range(COLOURS[self._kind])]


class ChannelPlanes(RetiledSource):
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
        """The facts about the image."""
        inner = self.source.info
        if self._known is None or self._known[0] is not inner:
            axes = (*inner.planes, Axis(AXIS, inner.channels), *inner.axes[-2:])
            self._known = inner, replace(inner, kind="scalar", axes=axes, colour_axis="")
        return self._known[1]

    @property
    def frame(self) -> Frame:
        return replace(self.source.frame, info=self.info)

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

    def answers(
        self, question: Question[Any], picture: Picture = DEFAULT_PICTURE, stale: Callable[[], bool] = never
    ) -> Iterator[Any]:
        """Yield the answers of the image in colour, of one channel; places are the same in all of them."""
        *others, channel = self.checked(picture).plane
        colours = replace(picture, plane=tuple(others))
        if isinstance(question, World):
            return self.source.examine(question, colours, stale)
        if isinstance(question, Sample | Summarize):
            return self._of_channel(question, channel, colours, picture, stale)
        return ImageSource.answers(self, question, picture, stale)

    def _of_channel(
        self, question: Any, channel: int, colours: Picture, picture: Picture, stale: Callable[[], bool]
    ) -> Iterator[Any]:
        for answer in self.source.examine(question, colours, stale):
            if isinstance(question, Sample):
                yield answer[:, channel]
            elif answer.channels:
                yield answer.channels[channel]
            else:
                yield from ImageSource.answers(self, question, picture, stale)
