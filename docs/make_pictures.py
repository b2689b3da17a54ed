"""Makes the pictures of the documentation from the program itself: ``.venv/bin/python docs/make_pictures.py``."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("ETS_TOOLKIT", "qt")
os.environ["XDG_CONFIG_HOME"] = tempfile.mkdtemp(prefix="traitsview-")  # pictures know nothing of who makes them

from traitsview.cli.demo_image import demo_file
from traitsview.cli.demo_tour import take
from traitsview.geometry import Viewport
from traitsview.remote.routes.own_process import OwnProcess
from traitsview.remote.viewer.remote_source import RemoteSource
from traitsview.view import window

IMAGES = Path(__file__).parent / "images"
EXAMPLES = Path(__file__).parents[1] / "examples"
SIZE = 1000, 760
LOOK = {"colormap": "inferno", "scale": "asinh", "limits": "99.5%"}

#: A calculation that has one quarter of a ring of waves, which moves with each step.
RANK = """
publisher = Publisher('density/{k}', origin=({row}, {column}), shape=(600, 800))
y, x = np.mgrid[{row}:{row} + 300, {column}:{column} + 400]
def go():
    import threading, time
    def run():
        step = 0
        while True:
            waves = np.sin(np.hypot(x - 400 - step, y - 300) / 20).astype(np.float32)
            publisher.publish(waves, step=step, time=step / 4)
            step += 1
            time.sleep(0.05)
    threading.Thread(target=run, daemon=True).start()
"""


def main() -> None:
    IMAGES.mkdir(exist_ok=True)
    path = str(demo_file())
    with RemoteSource(OwnProcess(path)) as source:
        viewer = window.view(source, size=SIZE, **LOOK)
        window.screenshot(viewer, IMAGES / "whole.png")
        take(viewer, window)
        window.screenshot(viewer, IMAGES / "window.png")
        window.panel_of(viewer).window().close()
    picture_colors(path)
    picture_steps(path)
    picture_colormaps(path)
    picture_calculation()
    picture_dead_rank()
    picture_console()
    picture_engines()
    for picture in sorted(IMAGES.glob("*.png")):
        print(picture, picture.stat().st_size // 1024, "KB")


def picture_colors(path: str) -> None:
    """Picture the panel of colours, with a contrast and an over colour."""
    from traitsview.sources.registry import open_source

    with open_source(path) as source:
        viewer = window.view(source, size=SIZE, **LOOK)
        viewer.appearance.trait_set(contrast=1.4, bias=0.4, over="#30e0ff")
        window.panel_of(viewer).canvas.navigation.coloring = True
        window.screenshot(viewer, IMAGES / "colours.png")
        window.panel_of(viewer).window().close()


def picture_steps(path: str) -> None:
    """Picture what is seen over a slow link, one step after the other, and a picture that may be old."""
    sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
    from kit.slow_sources import LinkedSource

    from traitsview.errors import HostGone, HostStale
    from traitsview.sources.registry import open_source

    with open_source(path) as whole:
        info = whole.info
        rows, columns = info.shape
        one_to_one = Viewport(info.element, (columns // 4, rows // 4), (rows // 2, columns // 2), info.anchor)
        source = LinkedSource(whole.render(one_to_one), 1e9, 0.02, origin=info.origin)
    viewer = window.view(source, size=(640, 470), **LOOK)
    viewer.looks_ahead = False
    panel = window.panel_of(viewer)
    window.process_events_until(lambda: viewer.exact, 60)
    panel.window().grab()
    window.process_events_until(lambda: viewer.exact, 60)
    source.rate = 4e5
    viewer.zoom(1.7)
    for name, seen in (
        ("coarse", lambda: viewer.pixels.held.coarseness > 0),
        ("colours", lambda: viewer.pixels.held.step == "colours" and viewer.pixels.held.fraction > 0.3),
    ):
        assert window.process_events_until(seen, 60), viewer.shown
        panel.window().grab().save(str(IMAGES / f"step-{name}.png"))
    window.process_events_until(lambda: viewer.exact, 60)
    source.tell(HostStale("the host does not answer", "nothing for 4 s", seconds=4.0))
    window.process_events_until(lambda: viewer.contact.state == "stale", 10)
    panel.window().grab().save(str(IMAGES / "stale.png"))
    source.tell(HostGone("lost contact with login3", "ssh ended: Connection reset by peer", "try 3 in 2 s"))
    window.process_events_until(lambda: viewer.contact.state == "lost", 10)
    panel.window().grab().save(str(IMAGES / "lost.png"))
    panel.window().close()
    source.close()


def picture_colormaps(path: str) -> None:
    """Picture the list of colormaps, and what the panel of colours has about one."""
    from pyface.qt import QtGui
    from PySide6.QtTest import QTest

    from traitsview.color.vision import Vision
    from traitsview.sources.registry import open_source

    viewer = window.view(open_source(path), size=SIZE, owned=True, **LOOK)
    panel = window.panel_of(viewer)
    window.screenshot(viewer, IMAGES / "picker.png")
    menu = panel.toolbar.colormaps
    menu.open()
    menu.picker.resize(menu.picker.width(), 540)
    QTest.keyClicks(menu.picker.search, "crameri")
    picture = panel.window().grab()
    painter = QtGui.QPainter(picture)
    painter.drawPixmap(menu.mapTo(panel.window(), menu.rect().bottomLeft()), menu.picker.grab())
    painter.end()
    picture.save(str(IMAGES / "picker.png"))
    menu.picker.hide()
    panel.canvas.navigation.coloring = True
    viewer.appearance.colormap = "turbo"
    viewer.vision = Vision("deutan")
    window.screenshot(viewer, IMAGES / "vision.png")
    panel.window().close()


def picture_calculation() -> None:
    """Picture a calculation that runs, with a plot of what a place of it had."""
    calculation = subprocess.Popen([sys.executable, EXAMPLES / "heat_equation.py", "--viewer", "none"])
    viewer = window.view("live:temperature", size=(1000, 760), colormap="inferno")
    panel = window.panel_of(viewer)
    try:
        window.process_events_until(lambda: (viewer.frame.step or 0) > 900, 60)
        viewer.cursor = 2.0, 0.7
        panel.shared_room.trace()
        traced = panel.shared_room.traces.viewer
        window.process_events_until(lambda: traced.chart.lines is not None and len(traced.chart.lines.x) > 400, 120)
        panel.window().grab().save(str(IMAGES / "calculation.png"))
    finally:
        panel.window().close()
        calculation.terminate()
        calculation.wait()


def picture_dead_rank() -> None:
    """Picture four ranks as one picture, of which one was killed."""
    sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
    from contextlib import ExitStack

    from kit.calculation import Calculation

    with ExitStack() as stack:
        ranks = [
            stack.enter_context(Calculation(RANK.format(k=k, row=300 * (k // 2), column=400 * (k % 2))))
            for k in range(4)
        ]
        for rank in ranks:
            rank.run("go()")
        viewer = window.view("live:density/*", size=(860, 620), colormap="crameri:batlow")

        def step(part: int) -> int:
            parts = viewer.source.frame.parts
            return (parts[part].step or 0) if len(parts) == 4 else 0

        window.process_events_until(lambda: step(2) > 40, 60)
        ranks[2].kill()
        seen = step(0)
        window.process_events_until(lambda: viewer.source.frame.parts[2].state and step(0) > seen + 50, 60)
        window.panel_of(viewer).window().grab().save(str(IMAGES / "dead-rank.png"))
        window.panel_of(viewer).window().close()


#: The calculation of the example, with its kernel, at a rate that a window can follow.
CALCULATION = """
import sys, threading, time
sys.path.insert(0, {examples!r})
import heat_equation as example
y, x = np.mgrid[:example.SIZE, :example.SIZE] / example.SIZE
heat = 0.3 + 0.3 * np.sin(9 * x) * np.cos(11 * y)
def go():
    step = 0
    while True:
        for _ in range(4):
            example.advance(heat, step)
            step += 1
        publisher.publish(heat, step=step, time=step * 1e-3, energy=heat.sum())
        time.sleep(0.15)
names = dict(np=np, heat=heat, energy=heat.sum)
publisher = Publisher("temperature", kernel=names, extent=(0, 4, 0, 4), unit="K")
threading.Thread(target=go, daemon=True).start()
"""


def picture_console() -> None:
    """Picture a live image, and the console of its calculation below it."""
    sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
    from kit.calculation import Calculation
    from pyface.qt import QtCore
    from PySide6.QtTest import QTest

    examples = str(Path(__file__).parents[1] / "examples")
    with Calculation(CALCULATION.format(examples=examples)) as calculation:
        viewer = window.view(f"live:temperature@{calculation.pid}", size=(860, 620), colormap="inferno")
        panel = window.panel_of(viewer)
        window.process_events_until(lambda: (viewer.frame.step or 0) > 150, 60)
        window.screenshot(viewer, IMAGES / "live.png")
        panel.window().resize(860, 820)
        panel.shared_room.toggle_console()
        window.process_events_until(lambda: panel.shared_room.console.count() == 2, 60)
        console = panel.shared_room.console.widget(1)

        def text() -> str:
            return str(console._control.toPlainText())

        window.process_events_until(lambda: "In [1]" in text(), 60)
        for number, cell in enumerate(("heat.shape, heat.max()", "heat[120:180, 150:250] = 1")):
            QTest.keyClicks(console._control, cell)
            QTest.keyClick(console._control, QtCore.Qt.Key_Return, QtCore.Qt.ShiftModifier)
            window.process_events_until(lambda number=number: f"In [{number + 2}]" in text(), 60)
        seen = viewer.live.shown
        window.process_events_until(lambda: viewer.live.shown > seen + 8, 60)
        window.screenshot(viewer, IMAGES / "console.png")
        panel.window().close()


#: What each engine does: the loop of the notebook that came with ``publish_data``.
LOOP = """
import time
from ipyparallel.datapub import publish_data
from numpy.random import rand
for i in range(100):
    publish_data(dict(a=rand(20), i=i))
    time.sleep(0.02)
"""


def picture_engines() -> None:
    """Picture the curves that four engines publish."""
    sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
    from kit.engine_cluster import EngineCluster

    with tempfile.TemporaryDirectory() as folder:
        os.environ["IPYTHONDIR"] = folder
        cluster = EngineCluster(Path(folder), 4)
        viewer = window.view("engines:?published=a", size=(860, 620))
        window.process_events_until(lambda: viewer.live.answered, 60)
        cluster.client[:].execute(LOOP, block=False)
        window.process_events_until(lambda: viewer.frame.step == 99, 60)
        window.screenshot(viewer, IMAGES / "engine-curves.png")
        window.panel_of(viewer).window().close()
        cluster.stop()


if __name__ == "__main__":
    main()
