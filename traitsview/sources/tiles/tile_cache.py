"""Tiles that are computed once, however many ask for them."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from ...errors import SourceUnreadable
from ...geometry import Viewport
from ..image_source import ImageSource, never
from ..picture import DEFAULT_PICTURE, Picture
from ..wrapped_source import RetiledSource
from .held_tiles import HeldTiles, Key

__all__ = ["TileCache"]

#: While another caller computes a tile, `stale` is asked every this many seconds.
_ASK_SECONDS = 0.02

# Tiles are computed in groups, and given away when the whole group is there.  A group should take about this long.
_GROUP_SECONDS = 0.03

# Tiles of a group.
_SMALLEST_GROUP = 2
_LARGEST_GROUP = 32

# A tile that lies in more whole tiles than this is rendered by itself: keeping them is not worth the while.
_WHOLES_LIMIT = 64

#: Keys of whole tiles, each with its viewport.
_Wholes = dict[Key, Viewport]


@dataclass(eq=False)
class _Flight:
    """A tile that somebody is computing; `over` without pixels if that was given up."""

    pixels: np.ndarray | None = None
    over: bool = False


class _Flights:
    """Tiles that are being computed, each by one caller.  Any thread may call any method."""

    def __init__(self, held: HeldTiles) -> None:
        self._held = held
        self._changed = threading.Condition()
        self._flights: dict[Key, _Flight] = {}

    def claim(self, keys: Iterable[Key], found: dict[Key, np.ndarray]) -> tuple[list[Key], dict[Key, _Flight]]:
        """Put held tiles into `found`; return the tiles that the caller has to compute, and tiles of other callers."""
        mine: list[Key] = []
        theirs: dict[Key, _Flight] = {}
        with self._changed:
            for key in keys:
                pixels = self._held.get(key)
                if pixels is not None:
                    found[key] = pixels
                elif key in self._flights:
                    theirs[key] = self._flights[key]
                else:
                    self._flights[key] = _Flight()
                    mine.append(key)
        return mine, theirs

    def land(self, keys: Collection[Key], pixels: np.ndarray | None) -> None:
        """End the flights of tiles that are there now, or that are given up, which is for others to compute then."""
        if not keys:
            return
        with self._changed:
            for key in keys:
                flight = self._flights.pop(key, None)
                if flight is not None:
                    flight.pixels, flight.over = pixels, True
            self._changed.notify_all()

    def landed(self, flight: _Flight, stale: Callable[[], bool]) -> bool:
        """Wait until somebody has computed a tile or given it up; return whether it is still wanted."""
        while True:
            with self._changed:
                if self._changed.wait_for(lambda: flight.over, _ASK_SECONDS):
                    return True
            if stale():
                return False


class TileCache(RetiledSource):
    """A source whose tiles are computed once for all callers.

    Whole tiles of each grid are computed and kept, and the wanted rectangles are cut out of them.  `render` is
    forwarded, and its pixels are not kept.
    Pixels of whole tiles are shared and read-only.

    Parameters
    ----------
    source : ImageSource
        Closed with this.
    held : HeldTiles
        Where tiles are kept, which other sources may share.
    """

    def __init__(self, source: ImageSource, held: HeldTiles) -> None:
        super().__init__(source)
        self._held = held
        self._image = object()
        self._flights = _Flights(held)

    def render_tiles(
        self, tiles: Sequence[Viewport], picture: Picture = DEFAULT_PICTURE, stale: Callable[[], bool] = never
    ) -> Iterator[tuple[Viewport, np.ndarray]]:
        if not tiles or stale():
            return
        picture = self.checked(picture, *tiles)
        few = _SMALLEST_GROUP
        waiting = deque(tiles)
        while waiting:
            group = self._group(waiting, picture, few)
            began = time.monotonic()
            found = self._fetch({key: whole for _, wholes in group for key, whole in wholes.items()}, picture, stale)
            if found is None:
                return
            few = _fitting(few, time.monotonic() - began)
            for tile, wholes in group:
                yield (
                    tile,
                    self._cut(tile, wholes, found) if wholes else next(self.source.render_tiles([tile], picture))[1],
                )
                if stale():
                    return

    def checked(self, picture: Picture, *viewports: Viewport) -> Picture:
        return self.source.checked(picture, *viewports)  # which knows the form of each frame

    def close(self) -> None:
        self._held.forget(self._image)
        super().close()

    def _wholes(self, tile: Viewport, picture: Picture) -> _Wholes:
        """Return the whole tiles that a tile lies in; none if they would be too many."""
        wholes = tile.tiles()
        if len(wholes) > _WHOLES_LIMIT:
            return {}
        return {(self._image, picture, each.resolution, each.origin): each for each in wholes}

    def _group(self, waiting: deque[Viewport], picture: Picture, few: int) -> list[tuple[Viewport, _Wholes]]:
        """Take the first of `waiting`, until about `few` whole tiles have to be computed for them."""
        group: list[tuple[Viewport, _Wholes]] = []
        wanted: set[Key] = set()
        missing = 0
        while waiting:
            wholes = self._wholes(waiting[0], picture)
            missing += sum(key not in wanted and self._held.get(key) is None for key in wholes)
            if group and (missing > few or len(wanted) > _WHOLES_LIMIT):
                break
            wanted |= wholes.keys()
            group.append((waiting.popleft(), wholes))
        return group

    def _fetch(self, wanted: _Wholes, picture: Picture, stale: Callable[[], bool]) -> dict[Key, np.ndarray] | None:
        """Return the pixels of whole tiles, of which others may compute some; None if `stale` came first."""
        found: dict[Key, np.ndarray] = {}
        while len(found) < len(wanted):
            mine, theirs = self._flights.claim([key for key in wanted if key not in found], found)
            if mine:
                self._compute({wanted[key]: key for key in mine}, picture, found, stale)
                if any(key not in found for key in mine):
                    if stale():
                        return None
                    raise SourceUnreadable(f"cannot read '{self.info.name}'", "some of its tiles are left out")
            for key, flight in theirs.items():
                if not self._flights.landed(flight, stale):
                    return None
                if flight.pixels is not None:
                    found[key] = flight.pixels
        return found

    def _compute(
        self, mine: dict[Viewport, Key], picture: Picture, found: dict[Key, np.ndarray], stale: Callable[[], bool]
    ) -> None:
        """Compute the tiles that we claimed.  Tiles that are left undone are given back, for others to claim."""
        try:
            for tile, pixels in self.source.render_tiles(tuple(mine), picture, stale):
                key = mine[tile]
                self._held.put(key, pixels)
                found[key] = pixels
                self._flights.land((key,), pixels)
        finally:
            self._flights.land([key for key in mine.values() if key not in found], None)

    def _cut(self, tile: Viewport, wholes: _Wholes, found: dict[Key, np.ndarray]) -> np.ndarray:
        """Return the pixels of a tile that lies in whole ones."""
        if len(wholes) == 1:
            ((key, whole),) = wholes.items()
            if whole == tile:
                return found[key]
        colours = next(iter(found[key].shape[2:] for key in wholes))
        pixels = np.empty(tile.shape + colours, np.result_type(*(found[key] for key in wholes)))
        for key, whole in wholes.items():
            here, there = tile.overlap(whole), whole.overlap(tile)
            assert here is not None
            assert there is not None
            pixels[here] = found[key][there]
        return pixels


def _fitting(few: int, took: float) -> int:
    """Return how many tiles to compute at once, when `few` of them took `took` seconds."""
    if took < _GROUP_SECONDS:
        return min(2 * few, _LARGEST_GROUP)
    return max(few // 2, _SMALLEST_GROUP) if took > 3 * _GROUP_SECONDS else few
