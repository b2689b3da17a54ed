"""The interface of everything that can be looked at."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from ..errors import RequestError
from ..geometry import Extent, Viewport, bounding
from .file_images import FileImages
from .frame import Frame
from .image_info import ImageInfo, Plane, check_plane
from .picture import DEFAULT_PICTURE, Picture
from .questions.question import Answer, Points, Question, whole
from .questions.sample import Sample
from .questions.summarize import Summarize
from .questions.world import World
from .source_link import NO_LINK, SourceLink
from .summary import Summary

if TYPE_CHECKING:
    from ..color.indexing import Indexing

__all__ = ["ImageSource", "Rendered", "Stage", "checked", "never"]


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
        Text that is another one if the image at this place is replaced; empty where that cannot be known.
    """

    identity: str = ""

    #: Looks up the answer of `file_images`; set by the format of a file that may hold several images.
    listing: Callable[[], FileImages | None] | None = None

    #: How long bytes take to come from the source, and whether there is contact with it.
    link: SourceLink = NO_LINK

    @property
    @abstractmethod
    def info(self) -> ImageInfo:
        """The facts about the image.  Returns at once."""

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
            every element touched; ``"nearest"`` is the element under the pixel's centre; ``"mode"`` is
            the value that has the largest part of the pixel, the least of several such.  Where a pixel
            is not larger than an element, each of them is the element under its centre.

        Returns
        -------
        ndarray, (rows, columns) or (rows, columns, 3 | 4)
            Of ``info.pixel_dtype``, C-contiguous, writable and the caller's own.  Row 0 is the
            smallest y.  NaN where there is no data: outside the image, and where every element is
            NaN; NaN among other elements is ignored.  Complex images show their modulus.  Integers
            that float64 would round come in ``np.longdouble``, which holds all of 64 bits; means of
            such are whole numbers.

        Raises
        ------
        RequestError
            If the plane, the reduction or the grid does not fit the image.
        SourceError
            If the data cannot be read.
        """

    def render_tiles(
        self, tiles: Sequence[Viewport], picture: Picture = DEFAULT_PICTURE, stale: Callable[[], bool] = never
    ) -> Iterator[tuple[Viewport, np.ndarray]]:
        """Yield each of `tiles`, which share a grid, with its pixels in `picture`, in any order.

        `stale` is asked between pieces of work; when it says True the rest is left undone.
        This default makes one call of `render`, for sources whose cost is per call.
        """
        if not tiles or stale():
            return
        picture, block = picture.of(self.info), bounding(tiles)
        pixels = self.render(block, picture.plane, picture.reduction)
        for tile in tiles:
            part = block.overlap(tile)
            assert part is not None
            yield tile, np.ascontiguousarray(pixels[part])

    def render_stages(
        self, stages: Sequence[Stage], picture: Picture = DEFAULT_PICTURE, stale: Callable[[], bool] = never
    ) -> Iterator[Rendered]:
        """Yield the tiles of `stages`, one stage after the other; `stale` is asked as in `render_tiles`.

        A source may always bring exact values.  This default does, and is for sources without a link between.
        """
        for stage in stages:
            for tile, pixels in self.render_tiles(stage.tiles, picture, stale):
                yield Rendered(tile, pixels)

    def examine(
        self, question: Question[Answer], picture: Picture = DEFAULT_PICTURE, stale: Callable[[], bool] = never
    ) -> Iterator[Answer]:
        """Yield the answers to a question about the values of a picture: partial ones, if any, then the whole one.

        Parameters
        ----------
        question : Question
            For example ``Summarize(extent)``; see ``traitsview.sources.questions``.
        picture : Picture
        stale : callable
            Is asked between pieces of work, in any thread; when it says True the rest is left undone, and no whole
            answer comes.

        Raises
        ------
        RequestError
            If the picture or the question does not fit the image.
        SourceError
            If the data cannot be read.
        """
        method = _METHODS.get(type(question))
        if method is not None and getattr(type(self), method) is not getattr(ImageSource, method):
            return _asked(self, question, picture, stale)
        return self.answers(question, picture, stale)

    def answers(
        self, question: Question[Answer], picture: Picture = DEFAULT_PICTURE, stale: Callable[[], bool] = never
    ) -> Iterator[Answer]:
        """Yield what `examine` yields, for a source that has no method of its own for the question.

        This is the one to override where a source knows a better way than rendering.
        """
        return question.answers(self, self.checked(picture), stale)

    def sample(self, points: Sequence[tuple[float, float]], plane: Plane | None = None) -> np.ndarray:
        """Return the values of the elements at `points`, (x, y) in data units, and no means: the answer to `Sample`."""
        return whole(self.answers(Sample(_points(points)), self._picture(plane)))

    def summarize(self, extent: Extent | None = None, plane: Plane | None = None, exact: bool = False) -> Summary:
        """Return what the values within `extent` (the whole image by default) are like: the answer to `Summarize`.

        The answer is quick unless `exact`, which looks at every element.  An image in colour is summarized over all
        channels, and over each channel as well unless colours are bytes.  Complex numbers count by their modulus.
        """
        return whole(self.answers(Summarize(extent, exact), self._picture(plane)))

    def world(self, points: Sequence[tuple[float, float]], plane: Plane | None = None) -> tuple[str, ...]:
        """Return the world coordinates of places (x, y) in data units as text: the answer to `World`."""
        return whole(self.answers(World(_points(points)), self._picture(plane)))

    def file_images(self) -> FileImages | None:
        """Return which image of its file this is, and which others there are; None where that is not known.

        It takes its time: all headers of the file are read.  Of a source in another process it is not known.
        """
        return None if self.listing is None else self.listing()

    @property
    def frame(self) -> Frame:
        """The newest frame that is known, with what is known of it.  Returns at once."""
        return Frame(self.info)

    def wait_newer(self, version: int, timeout: float) -> int:
        """Wait until the newest frame is another one than `version`, at most `timeout` seconds; return its version.

        `frame` and `info` are those of that frame then.  The calculation is watched while somebody waits, and for a few
        seconds after.  An image that does not change returns at once.  Where the state of the newest frame changes,
        for example because its calculation ended, this returns at once, too.
        """
        return self.info.version

    def hold(self, version: int) -> object:
        """Keep a frame, so that pictures of `version` can be rendered as long as the caller keeps the result.

        Returns None if the frame is not there any more, or if keeping frames is for the host to do: it keeps the frame
        that a viewer waits to be followed by a newer one.
        """
        return None

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
        return self.checked(Picture(check_plane(self.info, plane), reduction), viewport).plane

    def checked(self, picture: Picture, *viewports: Viewport) -> Picture:
        """Return `picture` as `Picture.of` completes it; raise `RequestError` if it or a grid does not fit the image.

        Implementations call it first in `render_tiles`.
        """
        return checked(self.info, picture, *viewports)

    def _picture(self, plane: Plane | None) -> Picture:
        return Picture(check_plane(self.info, plane))


def checked(info: ImageInfo, picture: Picture, *viewports: Viewport) -> Picture:
    """Return what `ImageSource.checked` returns for an image with these facts."""
    for viewport in viewports:
        if viewport.anchor != info.anchor:
            why = f"its grid is anchored at {viewport.anchor}, the image at {info.anchor}"
            raise RequestError("cannot render the viewport", why)
    return picture.of(info)


#: The methods for the oldest questions, which a source may override.
_METHODS: dict[type[Question[Any]], str] = {Sample: "sample", Summarize: "summarize", World: "world"}


def _asked(source: ImageSource, question: Any, picture: Picture, stale: Callable[[], bool]) -> Iterator[Any]:
    """Yield the answer of a method that a source overrides; once begun, it cannot be stopped."""
    if stale():
        return
    plane = picture.of(source.info).plane
    if isinstance(question, Summarize):
        yield source.summarize(question.extent, plane, question.exact)
    elif isinstance(question, Sample):
        yield source.sample(question.points, plane)
    else:
        yield source.world(question.points, plane)


def _points(points: Sequence[tuple[float, float]]) -> Points:
    return tuple((float(x), float(y)) for x, y in points)
