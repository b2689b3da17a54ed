"""Tiles that were computed already, kept for whoever asks next."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from ..errors import HostError, SourceUnreadable
from ..geometry import Extent, Viewport
from .image_source import ImageInfo, ImageSource, Plane, Summary, never

__all__ = ["HeldTiles", "TileCache"]

#: Seconds between two looks at how much memory is left.
_LOOK = 1.0

#: Seconds between two questions whether tiles that somebody else computes are still wanted.
_ASK = 0.02

# Tiles that are computed at once, before any of them is given away: as many as this takes, at least and at most.
_SECONDS, _FEWEST, _MOST = 0.03, 2, 32

# Whole tiles under one that is asked for, beyond which keeping them is not worth the while.
_LARGE = 64

#: Which image and version, plane, reduction, resolution and place.
_Key = tuple[object, ...]


class HeldTiles:
    """Pixels within a limit of bytes, those that were used last.  Any thread may call any method.

    Parameters
    ----------
    limit : int
        Bytes.
    is_tight : callable
        Says whether memory is running out; half of what is held goes then.
    """

    def __init__(self, limit: int, is_tight: Callable[[], bool] = never) -> None:
        self._limit = limit
        self._is_tight = is_tight
        self._looked = -_LOOK
        self._lock = threading.Lock()
        self._tiles: OrderedDict[_Key, np.ndarray] = OrderedDict()
        self._bytes = 0

    @property
    def nbytes(self) -> int:
        """Bytes that are held."""
        return self._bytes

    def get(self, key: _Key) -> np.ndarray | None:
        """Return the pixels of `key`, read-only, or None."""
        with self._lock:
            pixels = self._tiles.get(key)
            if pixels is not None:
                self._tiles.move_to_end(key)
            return pixels

    def put(self, key: _Key, pixels: np.ndarray) -> None:
        """Hold pixels, read-only from now on, and let go of what was not used for the longest time."""
        if isinstance(pixels.base, np.ndarray) and pixels.base.nbytes > pixels.nbytes:
            pixels = pixels.copy()  # not to keep the rest of what it is a part of
        pixels.setflags(write=False)
        with self._lock:
            before = self._tiles.pop(key, None)
            self._bytes += pixels.nbytes - (0 if before is None else before.nbytes)
            self._tiles[key] = pixels
            self._shrink(self._limit)
        now = time.monotonic()
        if now - self._looked >= _LOOK:
            self._looked = now
            self.relieve()

    def relieve(self) -> None:
        """Let go of half of what is held if memory is running out."""
        if self._bytes and self._is_tight():
            with self._lock:
                self._shrink(self._bytes // 2)

    def forget(self, image: object) -> None:
        """Let go of all whose key begins with `image`."""
        with self._lock:
            for key in [key for key in self._tiles if key[0] is image]:
                self._bytes -= self._tiles.pop(key).nbytes

    def _shrink(self, limit: int) -> None:
        while self._bytes > limit:
            self._bytes -= self._tiles.popitem(last=False)[1].nbytes


@dataclass(eq=False)
class _Flight:
    """A tile that somebody is computing; `over` without pixels if that was given up."""

    pixels: np.ndarray | None = None
    over: bool = False


class TileCache(ImageSource):
    """A source whose tiles are computed once for all who ask, as whole tiles of each grid.

    What is asked for is cut out of those.  `render` is passed on: it is for what no tiles are for.
    Pixels of whole tiles are shared and read-only.

    Parameters
    ----------
    source : ImageSource
        Closed with this.
    held : HeldTiles
        Where tiles are kept, which other sources may share.
    """

    def __init__(self, source: ImageSource, held: HeldTiles) -> None:
        self._source = source
        self._held = held
        self._image = object()
        self._changed = threading.Condition()
        self._flights: dict[_Key, _Flight] = {}
        self.identity = source.identity

    @property
    def info(self) -> ImageInfo:
        return self._source.info

    def render(self, viewport: Viewport, plane: Plane | None = None, reduction: str = "mean") -> np.ndarray:
        return self._source.render(viewport, plane, reduction)

    def render_tiles(
        self,
        tiles: Sequence[Viewport],
        plane: Plane | None = None,
        reduction: str = "mean",
        stale: Callable[[], bool] = never,
    ) -> Iterator[tuple[Viewport, np.ndarray]]:
        if not tiles or stale():
            return
        for tile in tiles:
            at = self.check(tile, plane, reduction)
        look = _Look(self._image, self.info.version, at, reduction)
        few = _FEWEST
        waiting = list(tiles)
        while waiting:
            group, wanted = self._group(waiting, look, few)
            began = time.monotonic()
            found = self._fetch(wanted, look, stale)
            if found is None:
                return
            took = time.monotonic() - began
            few = min(2 * few, _MOST) if took < _SECONDS else max(few // 2, _FEWEST) if took > 3 * _SECONDS else few
            waiting = waiting[len(group) :]
            for tile in group:
                if len(tile.tiles()) > _LARGE:
                    yield tile, self._source.render(tile, plane, reduction)
                else:
                    yield tile, self._cut(tile, look, found)
                if stale():
                    return

    def sample(self, points: Sequence[tuple[float, float]], plane: Plane | None = None) -> np.ndarray:
        return self._source.sample(points, plane)

    def summarize(self, extent: Extent | None = None, plane: Plane | None = None, exact: bool = False) -> Summary:
        return self._source.summarize(extent, plane, exact)

    def world(self, points: Sequence[tuple[float, float]]) -> tuple[str, ...]:
        return self._source.world(points)

    def wait_newer(self, version: int, timeout: float) -> int:
        return self._source.wait_newer(version, timeout)

    def watch(self, told: Callable[[HostError | None], None]) -> None:
        self._source.watch(told)

    def close(self) -> None:
        self._held.forget(self._image)
        self._source.close()

    def _group(self, tiles: Sequence[Viewport], look: _Look, few: int) -> tuple[list[Viewport], dict[_Key, Viewport]]:
        """Return the first of `tiles`, and the whole tiles that they need, of which about `few` have to be computed."""
        group: list[Viewport] = []
        wanted: dict[_Key, Viewport] = {}
        missing = 0
        for tile in tiles:
            wholes = tile.tiles()
            if len(wholes) <= _LARGE:
                keys = {look.key(whole): whole for whole in wholes}
                missing += sum(key not in wanted and self._held.get(key) is None for key in keys)
                if group and (missing > few or len(wanted) > _LARGE):
                    break
                wanted |= keys
            group.append(tile)
        return group, wanted

    def _fetch(
        self, wanted: dict[_Key, Viewport], look: _Look, stale: Callable[[], bool]
    ) -> dict[_Key, np.ndarray] | None:
        """Return the pixels of whole tiles, of which others may compute some; None if `stale` came first."""
        found: dict[_Key, np.ndarray] = {}
        while len(found) < len(wanted):
            mine, theirs = self._claim([key for key in wanted if key not in found], found)
            if mine:
                self._compute({key: wanted[key] for key in mine}, look, found, stale)
                if any(key not in found for key in mine):
                    if stale():
                        return None
                    raise SourceUnreadable(f"cannot read '{self.info.name}'", "some of its tiles are left out")
            for key, flight in theirs.items():
                if not self._landed(flight, stale):
                    return None
                if flight.pixels is not None:
                    found[key] = flight.pixels
        return found

    def _claim(
        self, keys: Sequence[_Key], found: dict[_Key, np.ndarray]
    ) -> tuple[dict[_Key, _Flight], dict[_Key, _Flight]]:
        """Put what is held into `found`; return what is ours to compute now, and what others compute already."""
        mine, theirs = {}, {}
        with self._changed:
            for key in keys:
                pixels = self._held.get(key)
                if pixels is not None:
                    found[key] = pixels
                elif key in self._flights:
                    theirs[key] = self._flights[key]
                else:
                    mine[key] = self._flights[key] = _Flight()
        return mine, theirs

    def _compute(
        self, wanted: dict[_Key, Viewport], look: _Look, found: dict[_Key, np.ndarray], stale: Callable[[], bool]
    ) -> None:
        """Compute tiles that are ours to compute, and hand over to who waits for them what is left undone."""
        tiles = list(wanted.values())
        try:
            for tile, pixels in self._source.render_tiles(tiles, look.plane, look.reduction, stale):
                key = look.key(tile)
                self._held.put(key, pixels)
                found[key] = pixels
                self._land(key, pixels)
        finally:
            for key in wanted:
                if key not in found:
                    self._land(key, None)

    def _land(self, key: _Key, pixels: np.ndarray | None) -> None:
        with self._changed:
            flight = self._flights.pop(key, None)
            if flight is not None:
                flight.pixels, flight.over = pixels, True
                self._changed.notify_all()

    def _landed(self, flight: _Flight, stale: Callable[[], bool]) -> bool:
        """Wait until somebody has computed a tile or given it up; return whether it is still wanted."""
        while True:
            with self._changed:
                if self._changed.wait_for(lambda: flight.over, _ASK):
                    return True
            if stale():
                return False

    def _cut(self, tile: Viewport, look: _Look, found: dict[_Key, np.ndarray]) -> np.ndarray:
        """Return the pixels of a tile that lies in whole ones."""
        wholes = tile.tiles()
        if wholes == (tile,):
            return found[look.key(tile)]
        colours = () if self.info.channels == 1 else (self.info.channels,)
        pixels = np.empty(tile.shape + colours, self.info.pixel_dtype)
        for whole in wholes:
            here, there = tile.overlap(whole), whole.overlap(tile)
            assert here is not None
            assert there is not None
            pixels[here] = found[look.key(whole)][there]
        return pixels


@dataclass(frozen=True, slots=True)
class _Look:
    """What tiles show: of which image, version, plane and reduction."""

    image: object
    version: int
    plane: Plane
    reduction: str

    def key(self, tile: Viewport) -> _Key:
        return (self.image, self.version, self.plane, self.reduction, tile.resolution, tile.origin)
