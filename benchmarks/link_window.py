"""A window that users open on the other machine today: ``link_window.py SOCKET FILE`` shows views in matplotlib.

It is the best case of such a window: the whole screen, no toolbar, no axes, and a picture that our own code has reduced
and coloured, so that matplotlib only has to draw it.  Each line ``N`` on the socket shows view N of the script.  The
answer is the number of seconds that it took to make the picture and to draw it.
"""

from __future__ import annotations

import socket
import sys
import time

import matplotlib as mpl

mpl.use("QtAgg")

import numpy as np
from link_scene import COLUMNS, ROWS, colours, views
from matplotlib import pyplot as plt

from traitsview.sources.registry import open_source


def main() -> None:
    path, file = sys.argv[1:]
    with socket.socket(socket.AF_UNIX) as sock, open_source(file) as source:
        sock.connect(path)
        script = views(source.info)
        figure = plt.figure(figsize=(COLUMNS / 100, ROWS / 100), dpi=100, facecolor="black")
        picture = figure.figimage(np.zeros((ROWS, COLUMNS, 4), np.uint8), resize=False, origin="upper")
        window = figure.canvas.manager.window
        window.statusBar().hide()
        figure.canvas.toolbar.hide()
        from matplotlib.backends.qt_compat import QtCore, QtWidgets

        window.setWindowFlags(QtCore.Qt.WindowType.FramelessWindowHint)
        window.setGeometry(0, 0, COLUMNS, ROWS)
        window.show()
        application = QtWidgets.QApplication.instance()
        # The first picture waits until the window has its size.
        for _ in range(20):
            application.processEvents()
            time.sleep(0.01)
        stream = sock.makefile("rw")
        print(*figure.canvas.get_width_height(physical=True), file=stream, flush=True)

        def show() -> None:
            line = stream.readline()
            if not line:
                application.quit()
                return
            begin = time.monotonic()
            picture.set_data(colours(source.render(script[int(line)][1])))
            made = time.monotonic()
            figure.canvas.draw()
            application.processEvents()
            print(made - begin, time.monotonic() - made, file=stream, flush=True)

        ready = QtCore.QSocketNotifier(sock.fileno(), QtCore.QSocketNotifier.Type.Read)
        ready.activated.connect(show)
        application.exec()


if __name__ == "__main__":
    main()
