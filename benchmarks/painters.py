"""Windows that bench_paint.py times: ours and those of other libraries, each in a process of its own.

``painters.py NAME`` opens one.  It prints ``ready`` and the number of paintings for a step of each kind, such as a new
frame or a pan.  Then it answers lines ``frame N`` and ``pan N`` on its standard input: it does N such steps, and prints
the milliseconds of processor time that one of them took until it was painted.
"""

from __future__ import annotations

import os
import sys
import time

import numpy as np

ROWS, COLUMNS = 1080, 1920
LIMITS = -2.0, 12.0

#: The pixels that the image moves in the steps of a pan: back and forth, so that it stays in view.
STEPS = [(3, 2), (5, -3), (-4, 1), (-6, -2), (7, 4), (-5, -2)]


def frames():
    """Return two frames of float32 that differ in every pixel."""
    rng = np.random.default_rng(3)
    ramp = np.linspace(0, 10, COLUMNS, dtype=np.float32)
    return [(rng.normal(size=(ROWS, COLUMNS)) + ramp[::way]).astype(np.float32) for way in (1, -1)]


class Painter:
    """A window whose image area has `ROWS` × `COLUMNS` device pixels, with axes."""

    #: The widget that is painted.
    control = None

    #: The kinds of steps.
    kinds = ("frame", "pan")

    def step(self, kind, number):
        """Do step `number` of a kind.  The window paints it afterwards."""
        if kind == "frame":
            self.frame(number % 2)
        else:
            self.pan(*STEPS[number % len(STEPS)])

    def frame(self, number):
        """Replace all values by those of frame `number` (0 or 1)."""
        raise NotImplementedError

    def pan(self, columns, rows):
        """Move the view by whole pixels over the same values."""
        raise NotImplementedError

    def check(self):
        """Raise unless the image area has `ROWS` × `COLUMNS` device pixels."""
        raise NotImplementedError


class Ours(Painter):
    """The window that `traitsview view` opens."""

    def __init__(self):
        from traitsview.sources.arrays.array_source import ArraySource
        from traitsview.sources.reducing import compiler
        from traitsview.view.window import panel_of, process_events_until, view

        self.frames = frames()
        self.viewer = view(
            ArraySource(self.frames[0]), size=(COLUMNS + 190, ROWS + 140), colormap="viridis", limits=LIMITS
        )
        panel = panel_of(self.viewer)
        self.control, self.plot = panel.enable_window.control, panel.canvas.plot
        window = panel.window()
        for _ in range(2):
            window.grab()
            rows, columns = self.viewer.viewport.shape
            window.resize(window.width() + COLUMNS - columns, window.height() + ROWS - rows)
            process_events_until(lambda: self.viewer.exact, 30)
        self.viewer.one_to_one()
        process_events_until(lambda: self.viewer.exact, 30)
        for columns, rows in STEPS:
            self.viewer.pan(columns, rows)
            process_events_until(lambda: self.viewer.exact, 30)
        self._tiles = [self._tiles_of(source) for source in self.frames]
        compiler.finished(120)  # or its thread would be timed

    def _tiles_of(self, frame):
        from traitsview.sources.arrays.array_source import ArraySource

        source = ArraySource(frame)
        return [(tile, source.render(tile)) for tile in self.viewer.viewport.tiles()]

    def frame(self, number):
        viewer = self.viewer
        for tile, pixels in self._tiles[number]:
            # A view has an identity of its own, as tiles that arrive have.
            viewer.pixels.store.put(viewer.picture, tile, pixels[:])
        viewer.pixels.refreshed = True

    def pan(self, columns, rows):
        self.viewer.pan(columns, rows)

    def check(self):
        assert self.viewer.exact
        assert self.viewer.viewport.shape == (ROWS, COLUMNS), self.viewer.viewport


class StockChaco(Painter):
    """Chaco's `Plot.img_plot` in Enable's window."""

    def __init__(self):
        from chaco.api import ArrayPlotData, Plot, viridis
        from pyface.qt import QtGui

        self.application = QtGui.QApplication.instance() or QtGui.QApplication([])
        self.frames = frames()
        self.data = ArrayPlotData(z=self.frames[0])
        self.view = Plot(self.data, padding=(78, 16, 22, 48))
        self.view.x_grid.visible = self.view.y_grid.visible = False
        self.plot = self.view.img_plot("z", xbounds=(0, COLUMNS), ybounds=(0, ROWS), colormap=viridis)[0]
        self.plot.value_range.set_bounds(*LIMITS)
        self.view.range2d.remove(self.plot.index)
        # Chaco maps the bounds to the centres of the first and the last pixel.
        self.low = np.array([0.5, 0.5])
        self._show()
        self.window = self._open_window()
        self.control = self.window.control
        self.control.resize(COLUMNS + 94, ROWS + 70)
        self.control.show()

    def _open_window(self):
        from enable.api import Window

        return Window(None, component=self.view)

    def _show(self):
        self.view.range2d.set_bounds(tuple(self.low), tuple(self.low + np.array([COLUMNS - 1, ROWS - 1])))

    def frame(self, number):
        self.data.set_data("z", self.frames[number])

    def pan(self, columns, rows):
        self.low += columns, rows
        self._show()

    def check(self):
        assert (self.plot.height, self.plot.width) == (ROWS, COLUMNS), (self.plot.height, self.plot.width)


class StockRenderer(StockChaco):
    """Chaco's renderer in our window, which is faster than Enable's and needs no X."""

    def _open_window(self):
        from traitsview.view.image.buffer_window import BufferWindow

        return BufferWindow(None, component=self.view)


class PyQtGraph(Painter):
    """pyqtgraph's `ImageItem` in a plot with axes."""

    def __init__(self):
        import pyqtgraph
        from pyqtgraph.Qt import QtWidgets

        self.application = QtWidgets.QApplication.instance() or QtWidgets.QApplication([])
        pyqtgraph.setConfigOptions(imageAxisOrder="row-major")
        self.frames = frames()
        self.control = pyqtgraph.PlotWidget()
        self.view = self.control.getViewBox()
        self.image = pyqtgraph.ImageItem(self.frames[0], levels=LIMITS, autoLevels=False)
        self.image.setColorMap(pyqtgraph.colormap.get("viridis"))
        self.control.addItem(self.image)
        self.control.resize(COLUMNS + 60, ROWS + 60)
        self.control.show()
        for _ in range(3):  # its axes make room for themselves once they are painted
            self.application.processEvents()
            self.control.grab()
            size = self.view.size()
            self.control.resize(
                self.control.width() + COLUMNS - round(size.width()),
                self.control.height() + ROWS - round(size.height()),
            )
        self.low = np.array([0, 0])
        self._show()

    def _show(self):
        (x, y) = (float(low) for low in self.low)
        self.view.setRange(xRange=(x, x + COLUMNS), yRange=(y, y + ROWS), padding=0)

    def frame(self, number):
        self.image.setImage(self.frames[number], autoLevels=False, levels=LIMITS)

    def pan(self, columns, rows):
        self.low += columns, rows
        self._show()

    def check(self):
        size = self.view.size()
        assert abs(size.width() - COLUMNS) <= 2, size
        assert abs(size.height() - ROWS) <= 2, size


PAINTERS = {"ours": Ours, "chaco": StockChaco, "chaco-renderer": StockRenderer, "pyqtgraph": PyQtGraph}


class Counter:
    """Counts the paint events of a widget."""

    def __new__(cls, control):
        from pyface.qt import QtCore

        class Filter(QtCore.QObject):
            count = 0

            def eventFilter(self, watched, event):  # noqa: N802
                self.count += event.type() == QtCore.QEvent.Paint
                return False

        return Filter(control)


def serve(painter):
    """Answer the lines on standard input."""
    from pyface.qt import QtCore, QtGui

    application = QtGui.QApplication.instance()
    painter.control.window().show()

    def step(kind, number):
        painter.step(kind, number)
        application.sendPostedEvents()
        application.processEvents(QtCore.QEventLoop.AllEvents)

    for number in range(2 * len(STEPS)):
        for kind in reversed(painter.kinds):
            step(kind, number)
    painter.check()
    if os.environ.get("PICTURE"):
        painter.control.window().grab().save(os.environ["PICTURE"])
    widget = getattr(painter.control, "viewport", lambda: painter.control)()
    paints = []
    for kind in painter.kinds:
        counter = Counter(widget)
        widget.installEventFilter(counter)
        for number in range(12):
            step(kind, number)
        widget.removeEventFilter(counter)
        paints.append(counter.count / 12)
    print("ready", *paints, flush=True)
    for line in sys.stdin:
        kind, count = line.split()
        begin = time.process_time()
        for number in range(int(count)):
            step(kind, number)
        print(f"{(time.process_time() - begin) / int(count) * 1e3:.3f}", flush=True)


if __name__ == "__main__":
    serve(PAINTERS[sys.argv[1]]())
