"""Windows that bench_recolor.py times: the same values in other colours, in our window and in other libraries.

``recolorers.py NAME`` opens one and takes and prints lines as painters.py does.  Its steps change colours only.
"""

from __future__ import annotations

import sys

from painters import COLUMNS, LIMITS, ROWS, Ours, Painter, PyQtGraph, frames, serve

#: The kinds of changes.  Each step changes the look, so that the window cannot show an image that it has kept.
KINDS = ("colormap", "limits", "scale", "contrast")
COLORMAPS = ("viridis", "magma", "inferno", "cividis", "plasma", "turbo")


def limits(number):
    """Return limits that no other step has."""
    low, high = LIMITS
    return low + number % 97 / 50, high - number % 89 / 40


class OursRecolored(Ours):
    """The window that `traitsview view` opens."""

    kinds = KINDS

    def step(self, kind, number):
        """Change the appearance."""
        look = self.viewer.appearance
        if kind == "colormap":
            look.colormap = COLORMAPS[number % len(COLORMAPS)]
        elif kind == "limits":
            look.limits = limits(number)
        elif kind == "scale":
            look.scale = ("asinh", "linear", "sqrt", "log")[number % 4]
        else:
            look.trait_set(contrast=1 + number % 97 / 50, bias=0.3 + number % 89 / 200)


class PyQtGraphRecolored(PyQtGraph):
    """pyqtgraph's `ImageItem`.  It has neither scales nor contrast, so these steps change limits instead."""

    kinds = KINDS

    def step(self, kind, number):
        """Change colormap or levels."""
        import pyqtgraph

        if kind == "colormap":
            self.image.setColorMap(pyqtgraph.colormap.get(COLORMAPS[number % len(COLORMAPS)]))
        else:
            self.image.setLevels(limits(number))


class MatplotlibRecolored(Painter):
    """Matplotlib's `imshow` in its own Qt canvas, one image pixel for one of the screen."""

    kinds = KINDS

    def __init__(self):
        from matplotlib.backends.backend_qtagg import FigureCanvasQTAgg
        from matplotlib.figure import Figure
        from pyface.qt import QtGui

        self.application = QtGui.QApplication.instance() or QtGui.QApplication([])
        width, height = COLUMNS + 94, ROWS + 70
        figure = Figure(figsize=(width / 100, height / 100), dpi=100)
        self.control = FigureCanvasQTAgg(figure)
        axes = figure.add_axes((78 / width, 48 / height, COLUMNS / width, ROWS / height))
        self.image = axes.imshow(frames()[0], cmap="viridis", vmin=LIMITS[0], vmax=LIMITS[1], interpolation="nearest")
        axes.set_aspect("auto")
        self.control.resize(width, height)
        self.control.show()

    def step(self, kind, number):
        """Change colormap, limits or norm, and have all of it drawn, as interactive Matplotlib does."""
        from matplotlib.colors import AsinhNorm, Normalize, PowerNorm

        if kind == "colormap":
            self.image.set_cmap(COLORMAPS[number % len(COLORMAPS)])
        elif kind == "scale":
            norms = (AsinhNorm, Normalize, lambda vmin, vmax: PowerNorm(0.5, vmin, vmax))
            self.image.set_norm(norms[number % 3](vmin=LIMITS[0], vmax=LIMITS[1]))
        else:
            self.image.set_clim(*limits(number))
        self.control.draw_idle()

    def check(self):
        """Raise unless the image has its size."""
        size = self.image.axes.get_window_extent()
        assert abs(size.width - COLUMNS) <= 2, size
        assert abs(size.height - ROWS) <= 2, size


RECOLORERS = {"ours": OursRecolored, "matplotlib": MatplotlibRecolored, "pyqtgraph": PyQtGraphRecolored}

if __name__ == "__main__":
    serve(RECOLORERS[sys.argv[1]]())
