"""Sources that are slow or fail, for tests and benchmarks."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import numpy as np

from traitsview.errors import HostGone, SourceUnreadable
from traitsview.sources.arrays.array_source import ArraySource
from traitsview.sources.framed.framed_source import FramedSource
from traitsview.sources.image_source import Rendered, never
from traitsview.sources.picture import DEFAULT_PICTURE
from traitsview.sources.source_link import SourceLink
from traitsview.testing.sources import LatencySource


class Panic(BaseException):
    """A BaseException that is no Exception, like those of libraries in other languages, and of cancelled tasks."""


class Wordless(Exception):
    """An exception that has no text."""

    def __str__(self):
        raise RuntimeError("no words")


class MoodySource(ArraySource):
    """An array with methods that raise exceptions from outside traitsview while there is a file at `mood`.

    The file has the names of these methods, and perhaps, as its last word, the name of the exception.
    """

    def __init__(self, array, mood, **options):
        super().__init__(array, **options)
        self.mood = Path(mood)

    def render_tiles(self, tiles, picture=DEFAULT_PICTURE, stale=never):
        """Render, or fail."""
        self._fail("render_tiles")
        yield from super().render_tiles(tiles, picture, stale)

    def summarize(self, extent=None, plane=None, exact=False):
        """Summarize, or fail."""
        self._fail("summarize")
        return super().summarize(extent, plane, exact)

    def sample(self, points, plane=None):
        """Read values, or fail."""
        self._fail("sample")
        return super().sample(points, plane)

    def _fail(self, method):
        words = self.mood.read_text().split() if self.mood.exists() else ()
        if method in words:
            kind = {"Panic": Panic, "Wordless": Wordless}.get(words[-1], ValueError)
            raise kind(f"{method} of 3\n is odd")


UNREADABLE = SourceUnreadable("cannot read 'run7.npy'", "the file shrank to 3 bytes", "open it again")
GONE = HostGone("the host is gone", "its process was killed", "trying again")


def ramp(rows=3000, columns=4000):
    """Return an image in which all elements near each other differ."""
    y, x = np.mgrid[:rows, :columns]
    return (y * 10 + x).astype(np.float32)


def open_slow(text):
    """Open, in a host, an image that takes as many seconds for each render as `text` says."""
    return LatencySource(ArraySource(ramp(), name="slow"), float(text), together=True)


def open_moody(text):
    """Open, in a host, an image that fails while there is a file at the path `text`."""
    return MoodySource(ramp(1200, 1600), text, name="moody")


class LinkedSource(ArraySource, SourceLink):
    """An array behind a link of `rate` bytes a second and a `round_trip` in seconds.  It notes what the link carries.

    Attributes
    ----------
    carried : list of (str, Viewport, int)
        For each tile that has come: ``"exact"``, ``"indices"`` or ``"nearest"``, its rectangle, and its bytes on the
        link.  For a summary: ``"summary"``, None, and its bytes.
    asked : int
        The number of round trips.
    """

    def __init__(self, array, rate, round_trip=0.0, **options):
        super().__init__(array, **options)
        self.rate, self.round_trip = rate, round_trip
        self.carried = []
        self.asked = 0
        self.gate = threading.Event()
        self.gate.set()
        self.retried = 0
        self._told = None
        self._busy = threading.Lock()
        self._free = 0.0
        self._ended = threading.Event()

    @property
    def link(self):
        """The source is its own link."""
        return self

    def delay(self, nbytes):
        """Return the seconds that the link needs for bytes."""
        return self.round_trip + nbytes / self.rate

    def render_stages(self, stages, picture=DEFAULT_PICTURE, stale=never):
        """Render stage after stage; stop between tiles if the wish is stale."""
        self._ask()
        for stage in stages:
            for tile, pixels in self._pieces(stage.tiles, picture):
                if stale():
                    return
                indices = None if stage.indexing is None else stage.indexing.indices(pixels)
                nbytes = pixels.nbytes if indices is None else indices.size
                if not self._carry("exact" if indices is None else "indices", tile, nbytes, stale):
                    return
                if indices is None:
                    yield Rendered(tile, pixels)
                else:
                    yield Rendered(tile, stage.indexing.values(indices), stage.indexing)

    def render_tiles(self, tiles, picture=DEFAULT_PICTURE, stale=never):
        """Render tiles over the link, in one round trip."""
        self._ask()
        for tile, pixels in self._pieces(tiles, picture):
            kind = "nearest" if picture.reduction == "nearest" else "exact"
            if not self._carry(kind, tile, pixels.nbytes, stale):
                return
            yield tile, pixels

    def summarize(self, extent=None, plane=None, exact=False):
        """Summarize over the link."""
        self._ask()
        summary = super().summarize(extent, plane, exact)
        self._carry("summary", None, summary.sample.nbytes, lambda: False)
        return summary

    def sample(self, points, plane=None):
        """Read values over the link."""
        self._ask()
        return super().sample(points, plane)

    def watch(self, told):
        """Remember the listener."""
        self._told = told

    def tell(self, error):
        """Tell the listener of a change of contact."""
        self._told(error)

    def retry(self):
        """Count the calls."""
        self.retried += 1

    def _pieces(self, tiles, picture):
        for tile in tiles:
            yield tile, self.render(tile, picture.plane, picture.reduction)

    def close(self):
        """End calls that are under way, as a link does."""
        self._ended.set()

    def _ask(self):
        self.asked += 1
        self._wait(self.round_trip)

    def _wait(self, seconds):
        if self._ended.wait(seconds):
            raise HostGone("the source is closed")

    def _carry(self, kind, tile, nbytes, stale):
        """Wait until the link has carried `nbytes`; return whether they are still wanted."""
        with self._busy:
            self._free = max(self._free, time.monotonic()) + nbytes / self.rate
            due = self._free
        while time.monotonic() < due or not self.gate.is_set():
            if stale():
                return False
            self._wait(0.002)
        self.carried.append((kind, tile, nbytes))
        return True


class LinkedFrames(FramedSource, SourceLink):
    """The frames of a feed behind a link of `rate` bytes a second, to the same viewer as `LinkedSource`."""

    def __init__(self, feed, rate):
        super().__init__(feed, "frames")
        self.rate = rate

    @property
    def link(self):
        """The source is its own link."""
        return self

    def delay(self, nbytes):
        """Return the seconds that the link needs for bytes."""
        return nbytes / self.rate

    def render_stages(self, stages, picture=DEFAULT_PICTURE, stale=never):
        """Render stage after stage, at the rate of the link."""
        for stage in stages:
            for tile, pixels in self.render_tiles(stage.tiles, picture, stale):
                indices = None if stage.indexing is None else stage.indexing.indices(pixels)
                due = time.monotonic() + (pixels.nbytes if indices is None else indices.size) / self.rate
                while time.monotonic() < due:
                    if stale():
                        return
                    time.sleep(0.001)
                if indices is None:
                    yield Rendered(tile, pixels)
                else:
                    yield Rendered(tile, stage.indexing.values(indices), stage.indexing)
