"""A source that a host has open.  The host is another process, on this machine or on another one."""

from __future__ import annotations

import contextlib
import itertools
import threading
import time
import weakref
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ...errors import HostError, HostGone, TraitsviewError, WireError
from ...geometry import Viewport
from ...sources.arrays.array_source import ArraySource
from ...sources.company import NOBODY, Company, Sight
from ...sources.frame import Frame
from ...sources.image_info import ImageInfo, Plane
from ...sources.image_source import ImageSource, Rendered, Stage, checked, never
from ...sources.picture import DEFAULT_PICTURE, Picture
from ...sources.questions.question import Question
from ...sources.source_link import SourceLink
from .. import wire
from .contact import Contact
from .forgetting import forgotten
from .inbox import Inbox
from .link import Link
from .route import Route

__all__ = ["RemoteSource"]

#: Seconds between two calls of `stale`.
_ASK_SECONDS = 0.01

#: Frames of a live image whose form is remembered, for pixels of them that are on their way.
_SEEN_FRAMES = 64

#: Seconds that a call waits until lost contact is back.
_CONTACT_SECONDS = 2.0


class HostLink(SourceLink):
    """The link to a source that a host has open."""

    def __init__(self, contact: Contact, route: Route) -> None:
        self._contact = contact
        self.gathers = route.gathers
        self.host, self.foreign = route.ssh_host, route.foreign
        # Through another link one is another member, perhaps at a server that was started again.
        self._met: Link | None = None
        self._told: tuple[Link | None, str] = None, ""

    def delay(self, nbytes: int) -> float:
        try:
            return self._contact.link().pace.delay(nbytes)
        except HostError:
            return 0.0

    def watch(self, listener: Callable[[HostError | None], None]) -> None:
        self._contact.watch(listener)

    def retry(self) -> None:
        self._contact.retry()

    def meet(self, name: str, known: Company, timeout: float) -> Company:
        link = self._contact.link(_CONTACT_SECONDS)
        if link is not self._met:
            self._met, known = link, NOBODY
        with link.borrow() as connection:
            seconds = min(max(float(timeout), 0.0), wire.LONGEST_WAIT)
            answer = connection.call("meet", wire.pack_name(name), known.version, known.looks, seconds)
            return wire.unpack_company(answer, known)

    def lead(self, sight: Sight | None, begin: bool) -> bool:
        link = self._contact.link(_CONTACT_SECONDS)
        look = "" if sight is None else sight.look
        form = wire.pack_sight(sight, begin or self._told != (link, look))
        with link.borrow() as connection:
            leads = wire.unpack_flag(connection.call("lead", begin, form))
        self._told = (link, look) if leads else (None, "")
        return leads

    def part(self) -> None:
        with contextlib.suppress(HostError):
            self._contact.link().control.post("part")


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
        self._seeing = threading.Lock()
        self._seen: OrderedDict[int, ImageInfo] = OrderedDict()
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
        if _bytes(viewport, info) <= wire.RENDER_BYTES:
            return self._render(viewport, picture)
        pixels = np.empty(_pixel_shape(viewport, info), info.pixel_dtype)
        for band in _bands(viewport, info):
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
        small = all(_bytes(tile, info) <= wire.TILE_BYTES for stage in stages for tile in stage.tiles)
        if not small or not self._wishing.acquire(blocking=False):
            # The session renders one wish at a time.  A second call skips the earlier stages and asks for values.
            for tile in stages[-1].tiles:
                if stale():
                    return
                yield Rendered(tile, self._pixels(tile, picture))
            return
        try:
            for portion in _portions(stages):
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
        link = self._link()
        with link.borrow() as connection:
            seconds = min(max(float(timeout), 0.0), wire.LONGEST_WAIT)
            answer = connection.call("wait_newer", int(version), seconds, allowance=wire.INFO_BYTES)
            frame = wire.unpack_frame(answer, connection.channel)
        with self._seeing:
            self._seen[frame.version] = frame.info
            while len(self._seen) > _SEEN_FRAMES:
                self._seen.popitem(last=False)
        self._contact.renew(frame, link)
        return frame.version

    def close(self) -> None:
        """End the contact, and the host if it is our own, within 2 s.  Calls that wait raise `HostGone`."""
        self._close()

    def _link(self) -> Link:
        return self._contact.link(_CONTACT_SECONDS)

    def _link_unless(self, stale: Callable[[], bool]) -> Link | None:
        """Return the link once there is contact, or None if `stale` says True before."""
        end = time.monotonic() + _CONTACT_SECONDS
        while True:
            try:
                return self._contact.link(_ASK_SECONDS)
            except HostGone:
                if self._contact.closed or time.monotonic() > end:
                    raise
            if stale():
                return None

    def _wish(self, stages: Sequence[Stage], picture: Picture, stale: Callable[[], bool]) -> Iterator[Rendered]:
        """Ask for stages and yield tiles as they arrive."""
        link = self._link_unless(stale)
        if link is None:
            return
        number = self._inbox.expect(stages, self._info_of(picture))
        form = wire.pack_stages(stages), wire.pack_picture(picture)
        link.control.post("wish", number, *form, wire.pack_speeds(link.pace.speeds_to_tell()))
        more = True
        try:
            while more:
                arrived, more = self._inbox.take(_ASK_SECONDS)
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
        link = self._link()
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
        link, info = self._link(), self._info_of(picture)
        shape, dtype = _pixel_shape(viewport, info), info.pixel_dtype
        with link.borrow() as connection:
            form = wire.pack_viewport(viewport), wire.pack_picture(picture)
            answer = connection.call("render", *form, allowance=_bytes(viewport, info))
            pixels = wire.unpack_array(answer, connection.channel, shape, decoded=link.pace.decoded)
        if pixels.dtype != dtype and not (info.whole and pixels.dtype == wire.PAIR):
            raise WireError("refused an answer", f"it has pixels of {pixels.dtype}")
        return wire.from_pairs(pixels)

    def _info_of(self, picture: Picture) -> ImageInfo:
        """Return what is known of the frame that a picture is of."""
        with self._seeing:
            # Version 0 is the newest frame, whichever that is now, and not what was seen before the first one.
            return (self._seen.get(picture.version) if picture.version else None) or self.info


def _bands(viewport: Viewport, info: ImageInfo) -> list[Viewport]:
    """Return bands of rows that are small enough for one answer."""
    rows, columns = viewport.shape
    column, row = viewport.origin
    height = max(1, wire.RENDER_BYTES * rows // _bytes(viewport, info))
    return [
        replace(viewport, origin=(column, row + at), shape=(min(height, rows - at), columns))
        for at in range(0, rows, height)
    ]


def _pixel_shape(viewport: Viewport, info: ImageInfo) -> tuple[int, ...]:
    return viewport.shape if info.channels == 1 else (*viewport.shape, info.channels)


def _bytes(viewport: Viewport, info: ImageInfo) -> int:
    rows, columns = viewport.shape
    return rows * columns * info.pixel_bytes


def _portions(stages: Sequence[Stage]) -> Iterator[list[Stage]]:
    """Yield stages in portions that fit into one wish: at most `STAGES` stages and `TILES` tiles."""
    portion: list[Stage] = []
    room = wire.TILES
    for stage in stages:
        rest = stage.tiles
        while rest:
            if not room or len(portion) == wire.STAGES:
                yield portion
                portion, room = [], wire.TILES
            portion.append(replace(stage, tiles=rest[:room]))
            rest = rest[room:]
            room -= len(portion[-1].tiles)
    if portion:
        yield portion


def _cancel(link: Link, number: int) -> None:
    with contextlib.suppress(HostGone):
        link.control.post("cancel", number)
