"""A viewer without a window that is moved by a script and never believes a pixel."""

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
    """What a source told of contact, and when, by the monotonic clock."""

    at: float
    error: HostError | None

    @property
    def state(self) -> str:
        """Its name: ``"live"``, ``"stale"`` or ``"lost"``."""
        if self.error is None:
            return "live"
        return "stale" if isinstance(self.error, HostStale) else "lost"


class ScriptedViewer:
    """Looks at `source`, whose true pixels `reference` renders, and compares all that it holds with them."""

    def __init__(self, source, reference, shape=(480, 640), seed=0):
        self.source, self.reference = source, reference
        self.news: list[News] = []
        self.checked = 0
        self._random = random.Random(seed)
        self._shape = shape
        source.link.watch(self._hear)
        self.viewer = ImageViewer(viewport=Viewport((1.0, 1.0), (0, 0), shape), source=source)
        # So little that most steps ask the host for something.
        self.viewer.pixels.store.limit = 48 << 20

    def _hear(self, error):
        # All of them are kept, so without what their tracebacks hold: links, and what was on its way.
        if error is not None:
            error.__traceback__ = error.__cause__ = error.__context__ = None
        self.news.append(News(time.monotonic(), error))

    def step(self):
        """Move to somewhere else: a pan, or a zoom by a power of two."""
        rows, columns = self.reference.info.shape
        across = self._random.choice((1.0, 2.0, 4.0))
        room = [max(1, int(n / across) - m) for n, m in zip((columns, rows), reversed(self._shape), strict=True)]
        origin = tuple(self._random.randrange(n) for n in room)
        self.viewer.viewport = Viewport((across, across), origin, self._shape)

    def see(self):
        """Wait until there is some picture of all that is on the screen, be it a coarse one, and compare it."""
        for _ in attempts(lambda: self.viewer.shown):
            self.viewer.pixels.take_arrivals()
            if self.viewer.pixels.held.step != "coarse" or self.viewer.pixels.held.coarseness:
                break
        assert self.check() > 0

    def pump(self):
        """Take what has arrived."""
        self.viewer.pixels.take_arrivals()

    def settle(self):
        """Wait until all that is on the screen is exact, and compare it."""
        for _ in attempts(lambda: (self.viewer.shown, self.viewer.pixels.held.missing, self.news[-5:])):
            self.viewer.wait(0.02)
            if self.settled:
                break
        assert self.check() > 0

    @property
    def settled(self):
        """Whether all that is on the screen is exact."""
        return not self.viewer.pixels.held.missing and not self.viewer.contact.lost and not self.viewer.status.fault

    @property
    def full(self):
        """Whether its store holds all that it may, within a view."""
        store = self.viewer.pixels.store
        return store._bytes > store.limit - (2 << 20)

    def check(self):
        """Compare what is held of the screen with the true pixels; return how many pixels that were."""
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
        """All that a loss of contact must not change."""
        viewer = self.viewer
        look = viewer.appearance.trait_get("colormap", "inverted", "scale", "limits")
        return viewer.viewport, viewer.plane, viewer.reduction, look, viewer.places.history

    @property
    def state(self):
        """The name of the last news."""
        return self.news[-1].state if self.news else "live"

    def since(self, moment, state):
        """Return the seconds from `moment` to the first news of that state after it, or None."""
        return next((n.at - moment for n in tuple(self.news) if n.at >= moment and n.state == state), None)

    def close(self):
        """Stop looking, and close the source."""
        self.viewer.close()
        self.source.close()
