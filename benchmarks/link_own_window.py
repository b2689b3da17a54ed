"""Our window, on a screen that the benchmark watches: ``link_own_window.py SOURCE``.

It prints the place of its image on the screen.  Then each line ``N`` on standard input shows view N of the script.  The
answer is the moment at which the picture was exact, by the monotonic clock.
"""

from __future__ import annotations

import sys
import time

from link_scene import COLUMNS, LIMITS, ROWS, views
from pyface.qt import QtCore, QtGui

from traitsview.opening import open_source
from traitsview.view.window import panel_of, process_events_until, view

PATIENCE = 60.0


def main() -> None:
    source = open_source(sys.argv[1])
    script = views(source.info)
    size = COLUMNS + 190, ROWS + 140
    viewer = view(source, size=size, owned=True, colormap="viridis", scale="log", limits=LIMITS)
    window = panel_of(viewer).window()
    window.move(0, 0)
    for _ in range(2):
        window.grab()
        rows, columns = viewer.viewport.shape
        window.resize(window.width() + COLUMNS - columns, window.height() + ROWS - rows)
        QtGui.QApplication.instance().processEvents()
    process_events_until(lambda: viewer.exact, PATIENCE)
    panel = panel_of(viewer)
    control, plot = panel.enable_window.control, panel.canvas.plot
    corner = control.mapToGlobal(QtCore.QPoint(round(plot.x), round(control.height() - plot.y - plot.height)))
    print(corner.x(), corner.y(), *viewer.viewport.shape, int(panel.canvas.plot.upward), flush=True)

    def show() -> None:
        line = sys.stdin.readline()
        if not line:
            window.close()
            QtGui.QApplication.instance().quit()
            return
        viewer.places.move(script[int(line)][1])
        process_events_until(lambda: viewer.exact, PATIENCE)
        print(time.monotonic(), flush=True)

    ready = QtCore.QSocketNotifier(0, QtCore.QSocketNotifier.Type.Read)
    ready.activated.connect(show)
    QtGui.QApplication.instance().exec()


if __name__ == "__main__":
    main()
