"""A program that compares every pixel of the image area of a window with the definition.

It prints the device pixel ratio and the number of compared pixels.  It exits with 1 if a pixel differs.
"""

from __future__ import annotations

import sys

import numpy as np
from pyface.qt import QtCore, QtGui

from traitsview.sources.arrays.array_source import ArraySource
from traitsview.view.window import view

from .hand import Hand


def test_image():
    """Return an image with noise, a gradient, a checkerboard of single elements, single lines and holes."""
    rng = np.random.default_rng(7)
    rows, columns = 1500, 2100
    image = rng.normal(0, 1, (rows, columns)).astype(np.float32) + np.linspace(0, 9, columns, dtype=np.float32)
    image[:400, :400] = np.indices((400, 400)).sum(0) % 2 * 8
    image[700] = 50
    image[:, 1234] = 50
    image[900:1000, 300:500] = np.nan
    return image


def pixels_of(image):
    """Return a QImage as uint32 0xAARRGGBB, (rows, columns)."""
    image = image.convertToFormat(QtGui.QImage.Format_RGB32)
    raw = np.frombuffer(image.constBits(), np.uint32).reshape(image.height(), image.bytesPerLine() // 4)
    return raw[:, : image.width()].copy()  # the bits end with the image


def expected(viewer):
    """Return the pixels that the image area must show by definition, row 0 at the top."""
    viewport = viewer.viewport
    values = viewer.source.render(viewport, viewer.picture.plane, viewer.reduction)
    argb = viewer.shading.argb(np.ascontiguousarray(values))
    return argb[::-1] if viewer.info.origin == "lower" else argb


def compare(hand, picture, offset):
    """Compare all pixels and return their number, or end the program if one differs."""
    viewer, plot = hand.viewer, hand.panel.canvas.plot
    ratio = hand.control.devicePixelRatioF()
    rows, columns = viewer.viewport.shape
    assert (rows, columns) == (round(plot.height * ratio), round(plot.width * ratio)), (rows, columns, ratio)
    left = round((offset.x() + plot.x) * ratio)
    top = round((offset.y() + hand.control.height() - plot.y - plot.height) * ratio)
    shown = pixels_of(picture)[top : top + rows, left : left + columns]
    want = expected(viewer)
    opaque = want >> 24 == 255
    differs = (shown | 0xFF000000) != want
    bad = np.argwhere(differs & opaque)
    if bad.size:
        raise SystemExit(f"{len(bad)} pixels differ, the first at {bad[0]} of {shown.shape}")
    return int(opaque.sum())


def main():
    """Compare the fitted view, 1:1, zoomed in, zoomed out, and half off the image, with rows upwards and downwards."""
    on_screen = "--screen" in sys.argv
    count = 0
    for origin in ("upper", "lower"):
        viewer = view(ArraySource(test_image(), origin=origin), colormap="viridis", size=(713, 587))
        hand = Hand(viewer)
        for go in (
            lambda viewer: None,
            lambda viewer: viewer.one_to_one(),
            lambda viewer: viewer.zoom(3.7, (700, 700)),
            lambda viewer: viewer.zoom(1 / 7, (0, 0)),
            lambda viewer: viewer.pan(-313, 211),
        ):
            go(viewer)
            hand.wait_exact()
            window = hand.panel.window()
            if on_screen:
                window.repaint()
                QtGui.QApplication.processEvents()
                picture = window.screen().grabWindow(window.winId()).toImage()
            else:
                picture = hand.paint()
            count += compare(hand, picture, hand.control.mapTo(window, QtCore.QPoint(0, 0)))
        window.close()
    print(f"ratio {hand.control.devicePixelRatioF():g}: {count} pixels equal")


if __name__ == "__main__":
    main()
