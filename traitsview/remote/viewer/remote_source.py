"""A source that a host has open.  The host is another process, on this machine or on another one."""

from __future__ import annotations

import contextlib
import itertools
import threading
import weakref
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ...errors import HostGone, TraitsviewError, WireError
from ...geometry import Viewport
from ...sources.arrays.array_source import ArraySource
from ...sources.frame import Frame
from ...sources.image_info import ImageInfo, Plane
from ...sources.image_source import ImageSource, Rendered, Stage, checked, never
from ...sources.picture import DEFAULT_PICTURE, Picture
from ...sources.questions.question import Question
from .. import wire
from .awaited_link import ASK_SECONDS, awaited_link, awaited_link_unless
from .contact import Contact
from .forgetting import forgotten
from .host_link import HostLink
from .inbox import Inbox
from .link import Link
from .portions import bands, nbytes, pixel_shape, portions
from .route import Route
from .seen_frames import SeenFrames

__all__ = ["RemoteSource"]


class RemoteSource(ImageSource):
    """An image that a host has open.

    If the host is lost, calls that are under way raise `HostGone`.  Contact comes back by itself; calls wait for it for
    at most two seconds.

    Parameters
    ----------
    route : Route
        The way to the host.  It is closed with the source.

    Raises
    ------
    TraitsviewError
        If the host cannot be reached, or cannot open the source.  The message has the names that the user knows.
    """

    def __init__(self, route: Route) -> None:
        self._inbox = Inbox()
        try:
            self._contact = Contact(route, self._inbox)
        except TraitsviewError as error:
            raise route.named_here(error) from error.__cause__
        self.link = HostLink(self._contact, route)
        self._close = weakref.finalize(self, self._contact.close)
        self._numbers = itertools.count(1)
        self._seen = SeenFrames()
        # Held by the one call of `render_stages` whose wish the host's session renders.
        self._wishing = threading.Lock()

    @property
    def info(self) -> ImageInfo:
        return self._contact.frame.info

    @property
    def frame(self) -> Frame:
        return self._contact.frame

    def render(self, viewport: Viewport, plane: Plane | None = None, reduction: str = "mean") -> np.ndarray:
        picture = self.checked(Picture(plane or (), reduction), viewport)
        if (nothing := self._nothing(picture)) is not None:
            return nothing.render(viewport, picture.plane, reduction)
        return self._pixels(viewport, picture)

    def checked(self, picture: Picture, *viewports: Viewport) -> Picture:
        return checked(self._info_of(picture), picture, *viewports)

    def _pixels(self, viewport: Viewport, picture: Picture) -> np.ndarray:
        """Return the pixels of a viewport; `picture` has been checked."""
        info = self._info_of(picture)
        if nbytes(viewport, info) <= wire.RENDER_BYTES:
            return self._render(viewport, picture)
        pixels = np.empty(pixel_shape(viewport, info), info.pixel_dtype)
        for band in bands(viewport, info):
            place = viewport.overlap(band)
            assert place is not None
            part = self._render(band, picture)
            pixels = pixels.astype(np.result_type(pixels, part), copy=False)
            pixels[place] = part
        return pixels

    def render_tiles(
        self, tiles: Sequence[Viewport], picture: Picture = DEFAULT_PICTURE, stale: Callable[[], bool] = never
    ) -> Iterator[tuple[Viewport, np.ndarray]]:
        for rendered in self.render_stages((Stage(tuple(tiles)),), picture, stale):
            yield rendered.tile, rendered.pixels

    def render_stages(
        self, stages: Sequence[Stage], picture: Picture = DEFAULT_PICTURE, stale: Callable[[], bool] = never
    ) -> Iterator[Rendered]:
        stages = [replace(stage, tiles=tuple(dict.fromkeys(stage.tiles))) for stage in stages if stage.tiles]
        if not stages or stale():
            return
        picture = self.checked(picture, *(tile for stage in stages for tile in stage.tiles))
        if (nothing := self._nothing(picture)) is not None:
            yield from nothing.render_stages(stages, picture, stale)
            return
        info = self._info_of(picture)
        small = all(nbytes(tile, info) <= wire.TILE_BYTES for stage in stages for tile in stage.tiles)
        if not small or not self._wishing.acquire(blocking=False):
            # The session renders one wish at a time.  A second call skips the earlier stages and asks for values.
            for tile in stages[-1].tiles:
                if stale():
                    return
                yield Rendered(tile, self._pixels(tile, picture))
            return
        try:
            for portion in portions(stages):
                yield from self._wish(portion, picture, stale)
        finally:
            self._wishing.release()

    def answers(
        self, question: Question[Any], picture: Picture = DEFAULT_PICTURE, stale: Callable[[], bool] = never
    ) -> Iterator[Any]:
        """Yield the whole answer of the host.  It does not send partial answers."""
        picture = self.checked(picture)
        if question.of_frame and (nothing := self._nothing(picture)) is not None:
            yield from nothing.answers(question, picture, stale)
            return
        form = wire.form_of(question)
        if form is None:  # the host does not know this kind of question: it is answered from pixels here
            yield from super().answers(question, picture, stale)
            return
        found = []
        for part in form.parts(question):
            answer = None if stale() else self._ask(part, picture, form.allowance(part), stale)
            if answer is None:
                return
            found.append(answer)
        yield form.joined(found)

    def wait_newer(self, version: int, timeout: float) -> int:
        link = awaited_link(self._contact)
        with link.borrow() as connection:
            seconds = min(max(float(timeout), 0.0), wire.LONGEST_WAIT)
            answer = connection.call("wait_newer", int(version), seconds, allowance=wire.INFO_BYTES)
            frame = wire.unpack_frame(answer, connection.channel)
        self._seen.add(frame)
        self._contact.renew(frame, link)
        return frame.version

    def close(self) -> None:
        """End the contact, and the host if it is our own, within 2 s.  Calls that wait raise `HostGone`."""
        self._close()

    def _wish(self, stages: Sequence[Stage], picture: Picture, stale: Callable[[], bool]) -> Iterator[Rendered]:
        """Ask for stages and yield tiles as they arrive."""
        link = awaited_link_unless(self._contact, stale)
        if link is None:
            return
        number = self._inbox.expect(stages, self._info_of(picture))
        form = wire.pack_stages(stages), wire.pack_picture(picture)
        link.control.post("wish", number, *form, wire.pack_speeds(link.pace.speeds_to_tell()))
        more = True
        try:
            while more:
                arrived, more = self._inbox.take(ASK_SECONDS)
                for rendered in arrived:
                    yield rendered
                    if stale():
                        return
                if more and stale():
                    return
        finally:
            if more:
                _cancel(link, number)

    def _ask(self, question: Question[Any], picture: Picture, allowance: int, stale: Callable[[], bool]) -> Any:
        """Return the answer to a question, or None if `stale` says True; then the host is told to forget it."""
        number = next(self._numbers)
        form = wire.pack_question(question), wire.pack_picture(picture)
        link = awaited_link(self._contact)
        with link.borrow() as connection, forgotten(link, number, stale):
            answer = connection.call("ask", number, *form, allowance=allowance)
            if answer is not None:
                return wire.unpack_answer(answer, question, self._info_of(picture), connection.channel)
            if not stale():
                raise WireError("refused an answer", "it is empty, though the question was not given up")
            return None

    def _nothing(self, picture: Picture) -> ImageSource | None:
        """Return the image in the place of a live one of which no frame has come; None if there is a frame.

        The host may have the first frame by now, of another form.  It has no version here yet, so that it cannot be
        asked for.
        """
        info = self._info_of(picture)
        if picture.version or not info.live or info.shape != (1, 1):
            return None
        return ArraySource(np.full((1, 1), np.nan, np.float32), name=info.name, extent=info.extent, origin=info.origin)

    def _render(self, viewport: Viewport, picture: Picture) -> np.ndarray:
        link, info = awaited_link(self._contact), self._info_of(picture)
        shape, dtype = pixel_shape(viewport, info), info.pixel_dtype
        with link.borrow() as connection:
            form = wire.pack_viewport(viewport), wire.pack_picture(picture)
            answer = connection.call("render", *form, allowance=nbytes(viewport, info))
            pixels = wire.unpack_array(answer, connection.channel, shape, decoded=link.pace.decoded)
        if pixels.dtype != dtype and not (info.whole and pixels.dtype == wire.PAIR):
            raise WireError("refused an answer", f"it has pixels of {pixels.dtype}")
        return wire.from_pairs(pixels)

    def _info_of(self, picture: Picture) -> ImageInfo:
        """Return what is known of the frame that a picture is of."""
        # Version 0 is the newest frame, whichever that is now, and not what was seen before the first one.
        return (self._seen.info_of(picture.version) if picture.version else None) or self.info


def _cancel(link: Link, number: int) -> None:
    with contextlib.suppress(HostGone):
        link.control.post("cancel", number)
