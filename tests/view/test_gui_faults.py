"""The window under every fault of its surroundings: it never waits, never dies, and leaves nothing behind."""

from __future__ import annotations

import contextlib
import gc
import logging
import os
import random
import signal
import socket
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from kit import FOLDER
from kit.freeze_meter import FreezeMeter
from kit.patience import PATIENCE, pass_time
from kit.pixel_check import compare
from kit.slow_sources import LinkedSource, ramp
from pyface.qt import QtCore

from traitsview import compilation
from traitsview.color import lookup
from traitsview.errors import HostGone
from traitsview.model.image_viewer import ImageViewer
from traitsview.opening import connect
from traitsview.remote.routes.own_process import OwnProcess
from traitsview.sources.arrays.array_source import ArraySource
from traitsview.sources.image_source import never
from traitsview.sources.picture import DEFAULT_PICTURE
from traitsview.view.canvas import Canvas
from traitsview.view.image.color_bar import ColorBar
from traitsview.view.image.image_plot import ImagePlot
from traitsview.view.panels.plane_bar import PlaneBar
from traitsview.view.panels.status_bar import StatusBar
from traitsview.view.panels.toolbar import Toolbar
from traitsview.view.tools.navigation_tool import NavigationTool
from traitsview.view.window import panel_of, process_events_until, view

#: Seconds that a host takes for each render.  The GUI thread is never away from its events for half of that, as it
#: would be if it waited for one; how smooth it is, a benchmark says.
RENDER = 0.6

TOUCHES = (
    *("accept", "connect", "connect_ex", "recv", "recv_into", "recvfrom", "recvmsg", "recvmsg_into"),
    *("send", "sendall", "sendmsg", "sendto"),
)


@pytest.fixture
def touched(monkeypatch):
    """Note what the thread of the test, which is the GUI thread, does to sockets."""
    here, noted = threading.get_ident(), []

    def trap(name, true):
        def touch(self, *args, **options):
            if threading.get_ident() == here:
                noted.append(name)
            return true(self, *args, **options)

        return touch

    for name in TOUCHES:
        monkeypatch.setattr(socket.socket, name, trap(name, getattr(socket.socket, name)), raising=False)
    return noted


@pytest.fixture
def host(monkeypatch):
    """A host process whose image takes `RENDER` for each render."""
    monkeypatch.setenv("PYTHONPATH", str(FOLDER))
    made = OwnProcess(str(RENDER), "kit.slow_sources:open_slow")
    yield made
    with contextlib.suppress(ProcessLookupError):
        os.kill(made.pid, signal.SIGCONT)
    made.close()


def run_for(seconds):
    """Run the event loop for some seconds."""
    due = time.monotonic() + seconds
    process_events_until(lambda: time.monotonic() > due, PATIENCE)


def drag_and_zoom(hand, seconds):
    """Drag, zoom, recolour and point, as a restless user does, for some seconds."""
    rng, end = random.Random(3), time.monotonic() + seconds
    hand.move(hand.center)
    while time.monotonic() < end:
        hand.press(hand.center)
        for step in range(12):
            hand.move(hand.center + QtCore.QPoint(step * rng.randint(-9, 9), step * 3), QtCore.Qt.LeftButton)
            process_events_until(lambda: True, 1)
        hand.release(hand.center)
        hand.turn_wheel(hand.center, rng.choice([120, -120, 240, -240]))
        hand.viewer.appearance.scale = rng.choice(["linear", "log", "asinh"])
        hand.move(hand.center + QtCore.QPoint(rng.randint(-90, 90), rng.randint(-90, 90)))
        process_events_until(lambda: True, 1)


def stall(hand):
    """Return the longest stall of a while of dragging and zooming."""
    with FreezeMeter() as meter:
        drag_and_zoom(hand, 1.5)
    return meter.longest


@pytest.mark.slow
@pytest.mark.fault("G1")
def test_the_gui_thread_touches_no_socket_and_never_stalls_whatever_the_host_does(open_window, host, touched):
    hand = open_window(connect(host), owned=True, size=(700, 560))
    hand.wait_exact()
    drag_and_zoom(hand, 0.3)  # everything is imported and drawn once
    lookup.prepare(hand.viewer.info.dtype, np.dtype(np.uint32))
    assert compilation.finished(PATIENCE)
    touched.clear()
    stalls = {}
    for what, number in (("slow", None), ("stopped", signal.SIGSTOP), ("killed", signal.SIGKILL)):
        if number is not None:
            os.kill(host.pid, number)
        stalls[what] = stall(hand)
        if what == "stopped":
            os.kill(host.pid, signal.SIGCONT)
    print("longest stalls: " + ", ".join(f"{what} {1000 * seconds:.0f} ms" for what, seconds in stalls.items()))
    hand.viewer.fit()
    hand.wait_exact()
    offset = hand.control.mapTo(hand.panel.window(), QtCore.QPoint(0, 0))
    assert touched == []
    assert compare(hand, hand.paint(), offset) > 10_000
    touched.clear()
    with FreezeMeter() as meter:
        hand.panel.window().close()
        process_events_until(lambda: True, 1)
    assert touched == []
    assert max(*stalls.values(), meter.longest) < RENDER / 2, stalls


@pytest.mark.fault("G1")
def test_the_trap_for_sockets_works(touched):
    with socket.socket() as made:
        assert made.connect_ex(("127.0.0.1", 1)) != 0
    assert touched == ["connect_ex"]


@pytest.mark.fault("G1")
def test_the_freeze_meter_sees_a_freeze(open_window):
    open_window(np.zeros((10, 10), np.float32))
    with FreezeMeter() as meter:
        QtCore.QTimer.singleShot(20, lambda: threading.Event().wait(0.25))
        process_events_until(lambda: meter.longest > 0.2, PATIENCE)
    assert meter.longest > 0.2


class ScrambledSource(LinkedSource):
    """Brings pieces late, in any order, and goes on a while when nobody wants them any more."""

    def __init__(self, array, **options):
        super().__init__(array, 1.25e6, 0.002, **options)
        self._rng = random.Random(11)

    def render_stages(self, stages, picture=DEFAULT_PICTURE, stale=never):
        """Bring everything of all stages, shuffled; up to six pieces after they were given up."""
        everything = [(stage, tile) for stage in stages for tile in stage.tiles]
        self._rng.shuffle(everything)
        late = 0
        for stage, tile in everything:
            if stale():
                late += 1
                if late > 6:
                    return
            pass_time(self._rng.random() * 0.004)
            (only,) = super(LinkedSource, self).render_stages([type(stage)((tile,))], picture)
            if stage.indexing is None:
                yield only
            else:
                values = stage.indexing.values(stage.indexing.indices(only.pixels))
                yield type(only)(tile, values, stage.indexing)


@pytest.mark.fault("G2")
@pytest.mark.fault("N4")
def test_answers_that_come_late_and_in_any_order_never_make_a_wrong_pixel(open_window):
    cube = np.stack([ramp(700, 900), -ramp(700, 900)])
    source = ScrambledSource(cube)
    hand = open_window(source, size=(560, 460), plane=(0,))
    rng = random.Random(5)
    viewer = hand.viewer
    for _ in range(60):
        rng.choice(
            [
                lambda: viewer.pan(rng.randint(-90, 90), rng.randint(-90, 90)),
                lambda: viewer.zoom(rng.choice([1.19, 0.7, 2, 0.5]), (rng.randint(0, 900), rng.randint(0, 700))),
                lambda: viewer.trait_set(plane=(rng.randint(0, 1),)),
                lambda: viewer.trait_set(reduction=rng.choice(["mean", "max", "nearest"])),
                lambda: viewer.appearance.trait_set(scale=rng.choice(["linear", "log"])),
                viewer.fit,
            ]
        )()
        run_for(rng.random() * 0.04)
        for tile in viewer.viewport.tiles():
            for patch in viewer.pixels.store.patches(viewer.picture, tile):
                true = ArraySource.render(source, patch.block, viewer.picture.plane, viewer.reduction)
                look = patch.indexing
                if look is None:
                    np.testing.assert_array_equal(patch.pixels, true)
                else:
                    np.testing.assert_array_equal(look.indices(patch.pixels), look.indices(true))
    hand.wait_exact()
    offset = hand.control.mapTo(hand.panel.window(), QtCore.QPoint(0, 0))
    assert compare(hand, hand.paint(), offset) > 1000


@pytest.mark.fault("G3")
def test_what_a_viewer_holds_stays_within_its_limits(open_window):
    hand = open_window(ramp(4000, 6000), size=(700, 560))
    viewer = hand.viewer
    viewer.pixels.store.limit = 6 << 20
    viewer.one_to_one()
    colored = hand.panel.canvas.plot._painter._colored
    colored._limit = 4 << 20
    for step in range(80):
        viewer.pan(140, 90 if step % 2 else -60)
        hand.wait_exact()
        assert viewer.pixels.store.nbytes <= 6 << 20
        assert colored._bytes <= 4 << 20
    assert viewer.pixels.store.nbytes > 3 << 20


@pytest.mark.fault("G3")
@pytest.mark.parametrize("lie", ["shape", "channels", "dtype"])
def test_pixels_of_another_form_than_asked_for_are_refused(open_window, lie):
    class LyingSource(ArraySource):
        lies = False

        def render_stages(self, stages, picture=DEFAULT_PICTURE, stale=never):
            for came in super().render_stages(stages, picture, stale):
                pixels = {
                    "shape": lambda pixels: np.zeros((1, 1), np.float32),
                    "channels": lambda pixels: pixels.T[:, :5],
                    "dtype": lambda pixels: pixels.astype("S3"),
                }[lie](came.pixels)
                yield type(came)(came.tile, pixels if self.lies else came.pixels)

    source = LyingSource(ramp(900, 1200))
    hand = open_window(source)
    hand.wait_exact()
    source.lies = True
    hand.viewer.one_to_one()
    assert process_events_until(lambda: hand.viewer.status.fault, PATIENCE)
    assert hand.viewer.status.fault.startswith("refused what the source brought")
    assert not hand.viewer.exact
    source.lies = False
    hand.viewer.fit()
    hand.wait_exact()


def our_threads():
    """Return the names of our threads that run."""
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("traitsview ")]


@pytest.mark.fault("G5")
def test_windows_closed_at_a_hundred_random_moments_wait_for_nothing_and_leave_no_thread():
    rng, values = random.Random(17), ramp(1500, 2000)
    process_events_until(lambda: not our_threads(), PATIENCE)
    for turn in range(100):
        # Over the slowest of these links a tile takes days: what waited for one would never end.
        source = LinkedSource(values, 10 ** rng.uniform(0.0, 8.5), rng.choice([0, 0.005, 0.05]))
        windowed = turn % 4 == 0  # a window takes a while to open, and does not matter to most of what can happen
        viewer = view(source, owned=True, size=(420, 360)) if windowed else ImageViewer(source=source)
        for _ in range(rng.randint(0, 4)):
            rng.choice([viewer.one_to_one, viewer.fit, lambda viewer=viewer: viewer.pan(70, 30)])()
            run_for(rng.random() * 0.03)
        if turn % 5 == 0:  # while it is coming back
            source.tell(HostGone("lost contact with the host", "its process ended", "try 1 in 0.2 s"))
            process_events_until(lambda: True, 1)
        if windowed:
            panel_of(viewer).window().close()
        else:
            viewer.close()
            source.close()
        assert process_events_until(lambda: not our_threads(), PATIENCE), our_threads()


FOLLOWERS = (ImageViewer, ImagePlot, Canvas, ColorBar, NavigationTool, StatusBar, Toolbar, PlaneBar)


def observers():
    """Return (class, method) of everything that Traits calls when something changes."""
    found = []
    for kind in FOLLOWERS:
        for name, method in vars(kind).items():
            if getattr(method, "_observe_inputs", None) or name.startswith("_refresh"):
                found.append((kind, name))
    return found


@pytest.fixture
def breakable(monkeypatch):
    """Make every observer fail while its name is in the list that this gives."""
    broken = []

    def wrap(kind, name):
        true = vars(kind)[name]

        def observer(self, *args):
            if (kind, name) in broken:
                raise ZeroDivisionError(f"{kind.__name__}.{name}")
            return true(self, *args)

        observer.__dict__.update(vars(true))
        return observer

    for kind, name in observers():
        monkeypatch.setattr(kind, name, wrap(kind, name))
    return broken


@pytest.mark.fault("G6")
def test_an_observer_that_fails_is_logged_and_shown_once_and_the_window_lives(breakable, open_window, caplog):
    # Traits finds the observers of a class when it is made: a class made here has the breakable ones.
    hand = open_window(np.stack([ramp(600, 800)] * 3), size=(700, 560))
    hand.wait_exact()
    viewer = hand.viewer
    failed = []
    for kind, name in observers():
        caplog.clear()
        breakable.append((kind, name))
        with caplog.at_level(logging.ERROR):
            viewer.trait_set(plane=(1,))
            viewer.appearance.trait_set(scale="log", limits=(0, 5000), colormap="viridis", inverted=True)
            hand.drag(hand.center, hand.center + QtCore.QPoint(40, 20))
            hand.turn_wheel(hand.center)
            viewer.trait_set(reduction="max")
            viewer.source.info  # noqa: B018
            hand.panel.window().resize(690, 550)
            process_events_until(lambda: True, 1)
        breakable.clear()
        words = f"a mistake in the program: ZeroDivisionError: '{kind.__name__}.{name}'"
        if words.split(": ")[-1].strip("'") in caplog.text:
            failed.append((kind, name))
            assert f"{kind.__name__}.{name}" in caplog.text
        hand.panel.window().resize(700, 560)
        viewer.trait_set(plane=(0,), reduction="mean")
        viewer.appearance.trait_set(scale="linear", limits="99.5%", colormap="gray", inverted=False)
        viewer.one_to_one()
        viewer.fit()
        hand.wait_exact()
        offset = hand.control.mapTo(hand.panel.window(), QtCore.QPoint(0, 0))
        assert compare(hand, hand.paint(), offset) > 50_000
    assert len(failed) >= 10, failed


@pytest.mark.fault("G6")
def test_an_error_of_the_program_is_shown_once_in_the_status_line(open_window, caplog):
    hand = open_window(ramp(600, 800))
    hand.wait_exact()
    viewer = hand.viewer

    def fail(event):
        raise ZeroDivisionError("no\x1b[31m colour")

    viewer.observe(fail, "viewport")
    viewer.pan(5, 5)
    assert process_events_until(lambda: viewer.status.program_error, PATIENCE)
    assert viewer.shown == r"a mistake in the program: ZeroDivisionError: 'no\x1b[31m colour'"
    assert caplog.records[-1].exc_info[0] is ZeroDivisionError
    viewer.pan(5, 5)
    hand.wait_exact()
    process_events_until(lambda: True, 1)
    assert viewer.status.program_error == ""
    assert viewer.shown.endswith("exact")


def open_files():
    """Return how many file descriptors this process has."""
    return len(os.listdir("/proc/self/fd"))


def resident():
    """Return the bytes of memory of this process."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def counts():
    """Return how many there are of what must not pile up."""
    gc.collect()
    names = ("ImageViewer", "ViewerPanel", "Canvas", "BufferWindow", "TileStore", "ProgramErrors", "LinkedSource")
    kinds = [type(thing).__name__ for thing in gc.get_objects()]
    handlers = sum(len(logging.getLogger(name).handlers) for name in ("traitsview", "traits", "chaco"))
    return {**{name: kinds.count(name) for name in names}, "handlers": handlers, "files": open_files()}


@pytest.mark.slow
@pytest.mark.fault("G9")
def test_opening_closing_and_resizing_over_and_over_leaves_nothing_behind():
    values = ramp(600, 800)

    def window():
        viewer = view(LinkedSource(values, 1e9), owned=True, size=(380, 320))
        shown = panel_of(viewer).window()
        process_events_until(lambda: viewer.exact, PATIENCE)
        shown.close()
        assert process_events_until(lambda: not our_threads(), PATIENCE), our_threads()

    def everything_else(viewer, turns):
        for turn in range(turns):
            panel_of(viewer).window().resize(380 + turn % 7 * 10, 320 + turn % 5 * 10)
            viewer.source = LinkedSource(values, 1e9)
            process_events_until(lambda: True, 1)

    def all_of_it(windows, turns):
        for _ in range(windows):
            window()
        viewer = view(LinkedSource(values, 1e9), size=(380, 320))
        everything_else(viewer, turns)
        process_events_until(lambda: viewer.exact, PATIENCE)
        viewer.source = None
        panel_of(viewer).window().close()
        process_events_until(lambda: not our_threads(), PATIENCE)

    all_of_it(15, 150)
    compiling = "traitsview-compiler"  # takes memory of its own
    process_events_until(lambda: not any(thread.name == compiling for thread in threading.enumerate()), PATIENCE)
    all_of_it(5, 100)
    before, grown = counts(), []
    while not grown or (grown[-1] > 0.05 and len(grown) < 3):  # a leak leaks each time, a library's memory settles
        memory = resident()
        all_of_it(20, 200)
        grown.append(resident() / memory - 1)
    after = counts()
    assert our_threads() == []
    print(f"20 windows, 200 sources and sizes: {100 * grown[-1]:.1f} % more memory")
    assert after == before
    assert grown[-1] < 0.05
