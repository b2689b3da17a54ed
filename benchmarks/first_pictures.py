"""Other viewers for bench_first_picture.py: ``first_pictures.py NAME FILE`` prints a line when the file is painted."""

from __future__ import annotations

import subprocess
import sys


def tell() -> None:
    print("first", flush=True)
    print("exact", flush=True)


def tell_when_painted(widget, application) -> None:
    """Print a line once a widget has been painted, and wait to be ended."""
    from PySide6 import QtCore

    class Watch(QtCore.QObject):
        def eventFilter(self, watched, event):  # noqa: N802
            if event.type() == QtCore.QEvent.Paint:
                watched.removeEventFilter(self)
                QtCore.QTimer.singleShot(0, tell)
            return False

    watch = Watch()
    widget.installEventFilter(watch)
    application.exec()


def bare(path: str) -> None:
    from PySide6 import QtWidgets

    application = QtWidgets.QApplication([])
    label = QtWidgets.QLabel(path)
    label.resize(1920, 1200)
    label.show()
    tell_when_painted(label, application)


def pyqtgraph(path: str) -> None:
    import pyqtgraph
    from astropy.io import fits
    from pyqtgraph.Qt import QtWidgets

    application = QtWidgets.QApplication([])
    pyqtgraph.setConfigOptions(imageAxisOrder="row-major")
    view = pyqtgraph.PlotWidget()
    view.addItem(pyqtgraph.ImageItem(fits.getdata(path), autoDownsample=True))
    view.resize(1920, 1200)
    view.show()
    tell_when_painted(view.viewport(), application)


def matplotlib(path: str) -> None:
    import matplotlib.pyplot as plt
    from astropy.io import fits

    figure, axes = plt.subplots(figsize=(19.2, 12.0))
    axes.imshow(fits.getdata(path), origin="lower")
    figure.canvas.draw()
    tell()
    plt.show()


def ds9(path: str) -> None:
    words = ["-width", "1920", "-height", "1200", path, "-zoom", "to", "fit", "-update", "now", "-exit"]
    if subprocess.run(["ds9", *words]).returncode == 0:
        print("exact, and gone", flush=True)


if __name__ == "__main__":
    {"bare": bare, "pyqtgraph": pyqtgraph, "matplotlib": matplotlib, "ds9": ds9}[sys.argv[1]](sys.argv[2])
