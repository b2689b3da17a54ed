"""A source that a host has open: another process, on this machine or another one."""

from __future__ import annotations

import contextlib
import threading
import time
import weakref
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from ...errors import HostError, HostGone, TraitsviewError, WireError
from ...geometry import Extent, Viewport, check_extent
from ...sources.image_source import ImageInfo, ImageSource, Plane, Rendered, Stage, Summary, check_plane, never
from .. import wire
from .contact import Contact
from .inbox import Inbox
from .link import Link
from .route import Route

__all__ = ["RemoteSource"]

#: Seconds between two questions whether tiles are still wanted.
_ASK = 0.01

#: Seconds that a call waits for contact that is lost.
_PATIENCE = 2.0


class RemoteSource(ImageSource):
    """An image that a host has open.

    Calls that are under way when the host is lost raise `HostGone`; contact comes back by itself, and
    what is called meanwhile waits for that a little.

    Parameters
    ----------
    route : Route
        The way to its host; closed with this.

    Raises
    ------
    TraitsviewError
        What reaching the host and opening the source raise, with the names that the user knows.
    """

    def __init__(self, route: Route) -> None:
        self._inbox = Inbox()
        try:
            self._contact = Contact(route, self._inbox)
        except TraitsviewError as error:
            raise route.named_here(error) from error.__cause__
        self._close = weakref.finalize(self, self._contact.close)
        # Held by the one `render_tiles` whose wish the host's session renders.
        self._wishing = threading.Lock()

    @property
    def info(self) -> ImageInfo:
        return self._contact.info

    def render(self, viewport: Viewport, plane: Plane | None = None, reduction: str = "mean") -> np.ndarray:
        plane = self.check(viewport, plane, reduction)
        if self._bytes(viewport) <= wire.PIECE_BYTES:
            return self._render(viewport, plane, reduction)
        pixels = np.empty(self._pixel_shape(viewport), self.info.pixel_dtype)
        for piece in self._pieces(viewport):
            place = viewport.overlap(piece)
            assert place is not None
            part = self._render(piece, plane, reduction)
            pixels = pixels.astype(np.result_type(pixels, part), copy=False)
            pixels[place] = part
        return pixels

    def render_tiles(
        self,
        tiles: Sequence[Viewport],
        plane: Plane | None = None,
        reduction: str = "mean",
        stale: Callable[[], bool] = never,
    ) -> Iterator[tuple[Viewport, np.ndarray]]:
        for rendered in self.render_stages((Stage(tuple(tiles)),), plane, reduction, stale):
            yield rendered.tile, rendered.pixels

    def render_stages(
        self,
        stages: Sequence[Stage],
        plane: Plane | None = None,
        reduction: str = "mean",
        stale: Callable[[], bool] = never,
    ) -> Iterator[Rendered]:
        stages = [replace(stage, tiles=tuple(dict.fromkeys(stage.tiles))) for stage in stages if stage.tiles]
        if not stages or stale():
            return
        for stage in stages:
            for tile in stage.tiles:
                at = self.check(tile, plane, reduction)
        small = all(self._bytes(tile) <= wire.TILE_BYTES for stage in stages for tile in stage.tiles)
        if not small or not self._wishing.acquire(blocking=False):
            # The session renders one wish at a time; a second one that is as good as it goes straight to the values.
            for tile in stages[-1].tiles:
                if stale():
                    return
                yield Rendered(tile, self.render(tile, at, reduction))
            return
        try:
            for wish in _wishes(stages):
                yield from self._wish(wish, at, reduction, stale)
        finally:
            self._wishing.release()

    def delay(self, nbytes: int) -> float:
        try:
            return self._contact.link().pace.delay(nbytes)
        except HostError:
            return 0.0

    def sample(self, points: Sequence[tuple[float, float]], plane: Plane | None = None) -> np.ndarray:
        parts = []
        plane, channels = check_plane(self.info, plane), self.info.channels
        for first in range(0, len(points), wire.POINTS) or (0,):
            some = points[first : first + wire.POINTS]
            shape = (len(some),) if channels == 1 else (len(some), channels)
            with self._link().line() as line:
                answer = line.call("sample", wire.pack_points(some), plane, allowance=len(some) * 64)
                values = wire.unpack_array(answer, line.channel, shape)
                parts.append(values if self.info.kind == "complex" else wire.from_pairs(values))
        return parts[0] if len(parts) == 1 else np.concatenate(parts)

    def summarize(self, extent: Extent | None = None, plane: Plane | None = None, exact: bool = False) -> Summary:
        edges = None if extent is None else check_extent(extent, "cannot summarize that extent")
        plane = check_plane(self.info, plane)
        with self._link().line() as line:
            answer = line.call("summarize", edges, plane, bool(exact), allowance=wire.SUMMARY_BYTES)
            return wire.unpack_summary(answer, line.channel)

    def world(self, points: Sequence[tuple[float, float]], plane: Plane | None = None) -> tuple[str, ...]:
        texts: tuple[str, ...] = ()
        plane = check_plane(self.info, plane)
        for first in range(0, len(points), wire.TEXTS):
            some = points[first : first + wire.TEXTS]
            with self._link().line() as line:
                texts += wire.unpack_texts(line.call("world", wire.pack_points(some), plane), len(some))
        return texts

    def wait_newer(self, version: int, timeout: float) -> int:
        with self._link().line() as line:
            answer = line.call("wait_newer", int(version), min(max(float(timeout), 0.0), wire.LONGEST_WAIT))
            newest = wire.unpack_sequence(answer)
        self._contact.renew(newest)
        return newest

    def watch(self, told: Callable[[HostError | None], None]) -> None:
        self._contact.watch(told)

    def retry(self) -> None:
        self._contact.retry()

    def close(self) -> None:
        """End the contact and, if it is our own, the host.  Within 2 s; whoever waits gets `HostGone`."""
        self._close()

    def _link(self) -> Link:
        return self._contact.link(_PATIENCE)

    def _link_unless(self, stale: Callable[[], bool]) -> Link | None:
        """Return the link, or None if `stale` comes first."""
        end = time.monotonic() + _PATIENCE
        while True:
            try:
                return self._contact.link(_ASK)
            except HostGone:
                if self._contact.closed or time.monotonic() > end:
                    raise
            if stale():
                return None

    def _wish(
        self, stages: Sequence[Stage], plane: Plane, reduction: str, stale: Callable[[], bool]
    ) -> Iterator[Rendered]:
        """Ask for stages and yield what comes as it comes."""
        link = self._link_unless(stale)
        if link is None:
            return
        number = self._inbox.expect(stages, self.info)
        speeds = wire.pack_speeds(link.pace.told())
        link.control.post("want", number, wire.pack_stages(stages), plane, reduction, speeds)
        more = True
        try:
            while more:
                arrived, more = self._inbox.take(_ASK)
                for rendered in arrived:
                    yield rendered
                    if stale():
                        return
                if more and stale():
                    return
        finally:
            if more:
                _cancel(link, number)

    def _render(self, viewport: Viewport, plane: Plane, reduction: str) -> np.ndarray:
        link = self._link()
        shape, dtype = self._pixel_shape(viewport), self.info.pixel_dtype
        with link.line() as line:
            form = wire.pack_viewport(viewport)
            answer = line.call("render", form, plane, reduction, allowance=self._bytes(viewport))
            pixels = wire.unpack_array(answer, line.channel, shape, decoded=link.pace.decoded)
        if pixels.dtype != dtype and not (self.info.whole and pixels.dtype == wire.PAIR):
            raise WireError("refused an answer", f"it has pixels of {pixels.dtype}")
        return wire.from_pairs(pixels)

    def _pieces(self, viewport: Viewport) -> list[Viewport]:
        """Return bands of rows that are small enough for one answer."""
        rows, columns = viewport.shape
        column, row = viewport.origin
        height = max(1, wire.PIECE_BYTES * rows // self._bytes(viewport))
        return [
            replace(viewport, origin=(column, row + at), shape=(min(height, rows - at), columns))
            for at in range(0, rows, height)
        ]

    def _pixel_shape(self, viewport: Viewport) -> tuple[int, ...]:
        channels = self.info.channels
        return viewport.shape if channels == 1 else (*viewport.shape, channels)

    def _bytes(self, viewport: Viewport) -> int:
        rows, columns = viewport.shape
        return rows * columns * self.info.pixel_bytes


def _wishes(stages: Sequence[Stage]) -> Iterator[list[Stage]]:
    """Yield stages in portions of as many tiles as one wish may have."""
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
