"""A viewer without a window.  A script moves it, and all its pixels are compared with the true ones."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass

import numpy as np

from traitsview.errors import HostError, HostStale
from traitsview.geometry import Viewport
from traitsview.model.image_viewer import ImageViewer
from traitsview.model.loading.plan import seen_at

from .patience import attempts

__all__ = ["News", "ScriptedViewer"]


@dataclass(frozen=True)
class News:
    """A change of contact that a source reported, and its time by the monotonic clock."""

    at: float
    error: HostError | None

    @property
    def state(self) -> str:
        """The state of contact: ``"live"``, ``"stale"`` or ``"lost"``."""
        if self.error is None:
            return "live"
        return "stale" if isinstance(self.error, HostStale) else "lost"


class ScriptedViewer:
    """Looks at `source` and compares all pixels that it holds with the true ones, which `reference` renders."""

    def __init__(self, source, reference, shape=(480, 640), seed=0):
        self.source, self.reference = source, reference
        self.news: list[News] = []
        self.checked = 0
        self._random = random.Random(seed)
        self._shape = shape
        source.link.watch(self._hear)
        self.viewer = ImageViewer(viewport=Viewport((1.0, 1.0), (0, 0), shape), source=source)
        # The store is so small that most steps ask the host for pixels.
        self.viewer.pixels.store.limit = 48 << 20

    def _hear(self, error):
        # All errors are kept, so their tracebacks, which hold links and tiles, are removed.
        if error is not None:
            error.__traceback__ = error.__cause__ = error.__context__ = None
        self.news.append(News(time.monotonic(), error))

    def step(self):
        """Go to a random place, at a random zoom by a power of two."""
        rows, columns = self.reference.info.shape
        across = self._random.choice((1.0, 2.0, 4.0))
        room = [max(1, int(n / across) - m) for n, m in zip((columns, rows), reversed(self._shape), strict=True)]
        origin = tuple(self._random.randrange(n) for n in room)
        self.viewer.viewport = Viewport((across, across), origin, self._shape)

    def see(self):
        """Wait until there are pixels, perhaps coarse ones, for the whole viewport, and compare them."""
        for _ in attempts(lambda: self.viewer.shown):
            self.viewer.pixels.take_arrivals()
            if self.viewer.pixels.held.step != "coarse" or self.viewer.pixels.held.coarseness:
                break
        assert self.check() > 0

    def pump(self):
        """Take the tiles that have arrived."""
        self.viewer.pixels.take_arrivals()

    def settle(self):
        """Wait until all pixels of the viewport are exact, and compare them."""
        for _ in attempts(lambda: (self.viewer.shown, self.viewer.pixels.held.missing, self.news[-5:])):
            self.viewer.wait(0.02)
            if self.settled:
                break
        assert self.check() > 0

    @property
    def settled(self):
        """Whether all pixels of the viewport are exact."""
        return not self.viewer.pixels.held.missing and not self.viewer.contact.lost and not self.viewer.status.fault

    @property
    def full(self):
        """Whether its store is full: there is room for less than one viewport."""
        store = self.viewer.pixels.store
        return store._bytes > store.limit - (2 << 20)

    def check(self):
        """Compare the held pixels of the viewport with the true ones; return their number."""
        viewer, count = self.viewer, 0
        coarse = viewer.pixels._coming.coarse
        coarser = () if coarse is None else seen_at(viewer.viewport, coarse).tiles()
        for tile in (*viewer.viewport.tiles(), *coarser):
            for patch in viewer.pixels.store.patches(viewer.picture, tile):
                true = self.reference.render(patch.block, viewer.picture.plane or None, viewer.reduction)
                if patch.indexing is None:
                    np.testing.assert_array_equal(patch.pixels, true)
                else:
                    np.testing.assert_array_equal(patch.indexing.indices(patch.pixels), patch.indexing.indices(true))
                count += patch.pixels.size
        self.checked += count
        return count

    @property
    def view(self):
        """The state of the viewer that a loss of contact must not change."""
        viewer = self.viewer
        look = viewer.appearance.trait_get("colormap", "inverted", "scale", "limits")
        return viewer.viewport, viewer.plane, viewer.reduction, look, viewer.places.history

    @property
    def state(self):
        """The state of contact by the last news."""
        return self.news[-1].state if self.news else "live"

    def since(self, moment, state):
        """Return the seconds from `moment` to the first news of that state after it, or None."""
        return next((n.at - moment for n in tuple(self.news) if n.at >= moment and n.state == state), None)

    def close(self):
        """Stop looking, and close the source."""
        self.viewer.close()
        self.source.close()
