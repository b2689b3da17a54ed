"""The way of traitsview: a viewer without a window at the near end of a line, and its host at the far end."""

from __future__ import annotations

import contextlib
import os
import queue
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import numpy as np
from link_scene import LIMITS, SHAPE, colours, views
from link_screen import Screen, Seen, screen
from link_ssh import ssh_server
from link_ways import HERE, PYTHON, Place, Way, ended, environment

from traitsview.geometry import Viewport
from traitsview.model.image_viewer import ImageViewer
from traitsview.opening import open_source
from traitsview.sources.image_source import ImageSource

#: The most seconds of a step.
PATIENCE = 60.0


@dataclass(frozen=True)
class Put:
    """Pixels that were put into the store of the viewer."""

    seconds: float
    block: Viewport
    exact: bool


@dataclass
class Viewing:
    """The thread of the viewer.  It runs posted functions, as a window's thread does, and notes when pixels appear."""

    source: ImageSource
    truth: ImageSource
    #: Seconds of rest before each step.  In these a viewer may load tiles near its viewport.
    rest: float = 0.0
    viewer: ImageViewer = field(init=False)
    puts: list[Put] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._posted: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self.viewer = viewer = ImageViewer(post=self._posted.put)
        viewer.appearance.trait_set(colormap="viridis", scale="log", limits=LIMITS)
        viewer.viewport = views(self.truth.info)[0][1]
        viewer.source = self.source
        self._script = views(self.truth.info)
        put = viewer.pixels.store.put

        def noted(picture, block, pixels, indexing=None, **more):
            put(picture, block, pixels, indexing, **more)
            self.puts.append(Put(time.monotonic(), block, indexing is None))

        viewer.pixels.store.put = noted

    def step(self, number: int) -> Seen:
        viewer, view = self.viewer, self._script[number][1]
        self._turn(time.monotonic() + self.rest, lambda: False)
        self.puts.clear()
        start = time.monotonic()
        lacking = _lacking(viewer, view)
        viewer.places.move(view)
        first = colored = None
        looked = -1

        def done() -> bool:
            nonlocal first, colored, looked
            if looked == len(self.puts):
                return viewer.exact
            looked = len(self.puts)
            now = time.monotonic() - start
            if first is None and (not lacking or any(_meet(put.block, part) for put in self.puts for part in lacking)):
                first = now
            if colored is None and not _lacking(viewer, view, colors=True):
                colored = now
            return viewer.exact

        exact = time.monotonic() - start if self._turn(start + PATIENCE, done) else None
        wrong = int(np.count_nonzero(_picture(viewer) != self.truth.render(view)))
        return Seen(first, exact, exact, wrong, 0, colored)

    def close(self) -> None:
        self.viewer.close()

    def _turn(self, end: float, done: Callable[[], bool]) -> bool:
        """Run posted functions until `done`; return whether that came before `end`."""
        while not done():
            left = end - time.monotonic()
            if left <= 0:
                return False
            try:
                self._posted.get(timeout=left)()
            except queue.Empty:
                return False
        return True


def _lacking(viewer: ImageViewer, view: Viewport, colors: bool = False) -> list[Viewport]:
    """Return the parts of `view` that are not held, exactly or in their colours."""
    parts = []
    for tile in view.tiles():
        rows, columns = tile.overlap(view)
        origin = tile.origin[0] + columns.start, tile.origin[1] + rows.start
        shape = rows.stop - rows.start, columns.stop - columns.start
        parts.append(Viewport(view.resolution, origin, shape, view.anchor))
    return viewer.pixels.store.missing(viewer.picture, parts, viewer.shading.indexing if colors else None)


def _meet(a: Viewport, b: Viewport) -> bool:
    """Whether two viewports of any grids overlap."""
    (ax0, ax1, ay0, ay1), (bx0, bx1, by0, by1) = a.extent, b.extent
    return ax0 < bx1 and bx0 < ax1 and ay0 < by1 and by0 < ay1


def _picture(viewer: ImageViewer) -> np.ndarray:
    """Return the exact pixels of the viewport as they are held; NaN where they are not."""
    view = viewer.viewport
    pixels = np.full(view.shape, np.nan, np.float32)
    for tile in view.tiles():
        for patch in viewer.pixels.store.patches(viewer.picture, tile):
            there, here = view.overlap(patch.block), patch.block.overlap(view)
            if there is not None and patch.indexing is None:
                pixels[there] = patch.pixels[here]
    return pixels


@contextmanager
def ssh(place: Place, file: str, source: ImageSource) -> Iterator[Way]:
    """The way that users have: their own ssh starts our server on the host."""
    with (
        reachable(place),
        open_source(f"far:{file}") as remote,
        contextlib.closing(Viewing(remote, source)) as viewing,
    ):
        yield viewing


@dataclass
class OwnWindow:
    """Our window on a screen at the near end."""

    screen: Screen
    process: subprocess.Popen
    corner: tuple[int, int]
    upward: bool
    source: ImageSource

    def step(self, number: int) -> Seen:
        picture = colours(self.source.render(views(self.source.info)[number][1]))[..., :3]
        # The axes have a line around the image.
        truth = np.ascontiguousarray((picture[::-1] if self.upward else picture)[1:-1, 1:-1])
        start = time.monotonic()
        print(number, file=self.process.stdin, flush=True)
        seen = self.screen.watch(truth, start, PATIENCE, PATIENCE, self.corner)
        exact = float(self.process.stdout.readline()) - start
        return replace(seen, colored=seen.exact, exact=exact, settled=max(exact, seen.settled or 0.0))


@contextmanager
def window(place: Place, file: str, source: ImageSource) -> Iterator[Way]:
    """The same with a real window on a screen.  Colours are right when they are right on the screen."""
    with reachable(place), screen((2600, 1600), place.run_here) as shown:
        words = {**environment(), "DISPLAY": shown.name, "ETS_TOOLKIT": "qt", "PYTHONWARNINGS": "ignore"}
        process = place.run_here(
            [*PYTHON, str(HERE / "link_own_window.py"), f"far:{file}"],
            env={**os.environ, **words},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        with ended(process):
            column, row, rows, columns, upward = map(int, process.stdout.readline().split())
            if (rows, columns) != SHAPE:
                raise OSError(f"the image in the window has {rows} × {columns} pixels")
            yield OwnWindow(shown, process, (column + 1, row + 1), bool(upward), source)


@contextmanager
def reachable(place: Place) -> Iterator[None]:
    """Let ``far:FILE`` name files of the far end within the block.  It is reached by ssh."""
    with tempfile.TemporaryDirectory(prefix="traitsview-link-") as folder:
        words = {"TRAITSVIEW_RUNTIME_DIR": folder, "PYTHONPATH": str(HERE.parent), "PYTHONWARNINGS": "ignore"}
        words |= {name: os.environ[name] for name in ("XDG_CACHE_HOME", "NUMBA_CACHE_DIR") if name in os.environ}
        said = " ".join(f"{name}={value}" for name, value in words.items())
        with (
            ssh_server(place.address, place.run, said) as config,
            changed_environment(
                TRAITSVIEW_SSH=f"ssh -F {config}", TRAITSVIEW_REMOTE_COMMAND=f"{sys.executable} -m traitsview"
            ),
        ):
            try:
                yield
            finally:
                stop = [*PYTHON, "-m", "traitsview", "serve", "--stop"]
                there = {**os.environ, **words}
                place.run(stop, env=there, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).wait(20)


@contextmanager
def changed_environment(**words: str) -> Iterator[None]:
    """Set these variables of the environment within the block."""
    before = dict(os.environ)
    os.environ.update(words)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
