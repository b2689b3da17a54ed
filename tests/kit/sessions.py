"""A session with a source that checks the arguments of each call."""

from __future__ import annotations

from contextlib import contextmanager

import numpy as np

from traitsview.geometry import Viewport
from traitsview.remote import wire
from traitsview.remote.host.session import Session
from traitsview.remote.host.source_pool import SourcePool
from traitsview.remote.share import Share
from traitsview.sources.image_info import Axis, ImageInfo, check_plane
from traitsview.sources.image_source import ImageSource, never
from traitsview.sources.picture import DEFAULT_PICTURE, REDUCTIONS
from traitsview.sources.services.namespace import Variable
from traitsview.sources.summary import Summary

AXES = (Axis("t", 5), Axis("y", 300), Axis("x", 400))
INFO = ImageInfo("it", (300, 400), "<f4", extent=(0.0, 400.0, 0.0, 300.0), axes=AXES)


class Questioned(ImageSource):
    """A source that checks the arguments of each call."""

    @property
    def info(self):
        return INFO

    def render(self, viewport, plane=None, reduction="mean"):
        assert type(viewport) is Viewport
        assert reduction in REDUCTIONS
        check_plane(INFO, plane)
        assert viewport.shape[0] * viewport.shape[1] * 4 <= wire.RENDER_BYTES
        return np.zeros(np.minimum(viewport.shape, 300), np.float32)

    def render_tiles(self, tiles, picture=DEFAULT_PICTURE, stale=never):
        picture = picture.of(INFO)
        for tile in tiles:
            if stale():
                return
            yield tile, self.render(tile, picture.plane, picture.reduction)

    def sample(self, points, plane=None):
        assert all(type(x) is float and type(y) is float for x, y in points)
        check_plane(INFO, plane)
        return np.zeros(len(points), np.float32)

    def summarize(self, extent=None, plane=None, exact=False):
        assert extent is None or all(type(edge) is float for edge in extent)
        check_plane(INFO, plane)
        return Summary(1, 1, 0.0, 0.0, 0.0, 0.0, np.zeros(1), exact)

    def world(self, points, plane=None):
        assert len(points) <= wire.POINTS
        check_plane(INFO, plane)
        return ("",) * len(points)

    def wait_newer(self, version, timeout):
        assert type(version) is int
        assert 0 <= timeout <= wire.LONGEST_WAIT
        return version

    def close(self):
        pass


class QuestionedDesk:
    """Makes no shares, and checks the arguments of each call."""

    made = Share("share-1", "tls://h:1", "/f", ("/data",), 60.0, ("127.0.0.1",))

    def share(self, name, seconds, what):
        assert type(name) is str
        assert 0 < seconds <= wire.LONGEST_SHARE
        assert all(type(thing) is str for thing in what)
        return self.made

    def shares(self):
        return (self.made,)

    def revoke(self, name):
        assert type(name) is str
        return (name,)


@contextmanager
def hasty_session():
    """Yield a session that has a source open.  Every call of ``open`` makes another source."""
    pool = SourcePool(lambda text: Questioned(), keep=0.0, list_sources=lambda text: (Variable("it", text),))
    session = Hasty(pool, desk=QuestionedDesk())
    session.source.open("it")
    try:
        yield session
    finally:
        session.close()
        pool.close()


class Hasty(Session):
    """A session that never waits for tiles."""

    def next(self, timeout, *rest):
        assert 0 <= timeout <= wire.LONGEST_WAIT
        return super().next(0.0, *rest)
