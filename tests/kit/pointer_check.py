"""A program that checks the place of the pointer: the element that the viewer names must be the one painted there.

It checks the readout, drags, the wheel, boxes and the histogram.  It prints the device pixel ratio, the number of
places, and how many were wrong, and exits with 1 if one was wrong.
"""

from __future__ import annotations

import math
import sys

import numpy as np
from pyface.qt import QtCore, QtGui

from traitsview.sources.arrays.array_source import ArraySource
from traitsview.view.qt.theme import theme_of
from traitsview.view.window import process_events_until, view

from .hand import Hand
from .pixel_check import pixels_of

LEFT = QtCore.Qt.LeftButton
SIZE = 713, 587


class Screen:
    """The pixels of the screen under the window of a widget.  The window is painted anew for each look."""

    def __init__(self, hand, widget):
        self.hand, self.widget = hand, widget
        self.ratio = widget.devicePixelRatioF()

    @property
    def picture(self):
        """The window as it is painted, 0xAARRGGBB."""
        return pixels_of(self.hand.paint())

    def pixel_at(self, place):
        """Return the column and the row, in the picture, of the pixel at a place in the widget."""
        there = self.widget.mapTo(self.widget.window(), place)
        return math.floor(there.x() * self.ratio + 1e-6), math.floor(there.y() * self.ratio + 1e-6)

    def place_at(self, column, row):
        """Return the place in the widget that Qt reports for a mouse on a pixel of the picture."""
        return self.widget.mapFrom(self.widget.window(), QtCore.QPointF(column / self.ratio, row / self.ratio))

    def send(self, kind, place, button=QtCore.Qt.NoButton, buttons=QtCore.Qt.NoButton, modifiers=None):
        """Send a mouse event at a place, which may lie between Qt's pixels."""
        modifiers = QtCore.Qt.NoModifier if modifiers is None else modifiers
        there = self.widget.mapToGlobal(place)
        QtCore.QCoreApplication.sendEvent(
            self.widget, QtGui.QMouseEvent(kind, place, there, button, buttons, modifiers)
        )

    def drag(self, first, last, modifiers=None):
        """Drag from one place to another."""
        self.send(QtCore.QEvent.MouseMove, first)
        self.send(QtCore.QEvent.MouseButtonPress, first, LEFT, LEFT, modifiers)
        self.send(QtCore.QEvent.MouseMove, last, QtCore.Qt.NoButton, LEFT, modifiers)
        self.send(QtCore.QEvent.MouseButtonRelease, last, LEFT, QtCore.Qt.NoButton, modifiers)


def places_on(screen, plot, rng, count):
    """Return places over the image: whole pixels of Qt, and the places that Qt reports for pixels of the screen."""
    left, top = plot.x + 4, screen.widget.height() - plot.y - plot.height + 4
    across, down = rng.uniform(0, plot.width - 8, count), rng.uniform(0, plot.height - 8, count)
    whole = [QtCore.QPointF(round(left + x), round(top + y)) for x, y in zip(across, down, strict=True)]
    corner = screen.pixel_at(QtCore.QPointF(left, top))
    pixels = [
        (corner[0] + math.floor(x * screen.ratio), corner[1] + math.floor(y * screen.ratio))
        for x, y in zip(across, down, strict=True)
    ]
    return [*whole, *(screen.place_at(*pixel) for pixel in pixels)]


def element_at(viewer, image):
    """Return the indices of the element under the cursor."""
    x, y = viewer.cursor
    return int(y), int(x)


def check_readout(hand, screen, image, rng):
    """At 1:1, the viewer names the element that is painted under the cursor."""
    viewer, picture, bad = hand.viewer, screen.picture, 0
    places = places_on(screen, hand.panel.canvas.plot, rng, 150)
    for place in places:
        screen.send(QtCore.QEvent.MouseMove, place)
        column, row = screen.pixel_at(place)
        want = viewer.shading.argb(image[element_at(viewer, image)].reshape(1, 1))[0, 0]
        bad += picture[row, column] != want
    return bad, len(places)


def check_drag(hand, screen, image, rng):
    """The element under the hand stays under it."""
    viewer, middle, bad = hand.viewer, hand.viewer.viewport, 0
    places = places_on(screen, hand.panel.canvas.plot, rng, 20)
    for first, last in zip(places[::2], places[1::2], strict=True):
        viewer.viewport = middle
        screen.send(QtCore.QEvent.MouseMove, first)
        before = element_at(viewer, image)
        screen.drag(first, last)
        bad += element_at(viewer, image) != before
    return bad, len(places) // 2


def check_wheel(hand, screen, image, rng):
    """Zooming holds the point under the cursor to half a pixel of the screen."""
    viewer, middle, bad = hand.viewer, hand.viewer.viewport, 0
    places = places_on(screen, hand.panel.canvas.plot, rng, 10)
    for place in places:
        screen.send(QtCore.QEvent.MouseMove, place)
        viewer.viewport = middle
        for delta in (120, -240, 120):
            before = viewer.cursor
            hand.turn_wheel(place, delta)
            dx, dy = viewer.viewport.resolution
            far = abs(viewer.cursor[0] - before[0]) > dx * 0.501 or abs(viewer.cursor[1] - before[1]) > dy * 0.501
            bad += far
    return bad, 3 * len(places)


def check_boxes(hand, screen, image, rng):
    """A box holds exactly the elements from the first to the last one that were under the pointer."""
    viewer, navigation, bad = hand.viewer, hand.panel.canvas.navigation, 0
    places = places_on(screen, hand.panel.canvas.plot, rng, 20)
    for first, last in zip(places[::2], places[1::2], strict=True):
        corners = []
        for place in (first, last):
            screen.send(QtCore.QEvent.MouseMove, place)
            corners.append(element_at(viewer, image))
        rows, columns = (slice(min(ends), max(ends) + 1) for ends in zip(*corners, strict=True))
        if min(rows.stop - rows.start, columns.stop - columns.start) < 30:
            continue
        viewer.appearance.limits = "minmax"
        navigation.draw_box("limits")
        screen.drag(first, last)
        assert viewer.wait(120)
        part = image[rows, columns]
        bad += viewer.appearance.limits != (part.min(), part.max())
        navigation.draw_box("zoom")
        before = viewer.viewport
        screen.drag(first, last)
        x0, x1, y0, y1 = viewer.viewport.extent
        dx, dy = viewer.viewport.resolution
        bad += x0 > columns.start + dx or x1 < columns.stop - dx or y0 > rows.start + dy or y1 < rows.stop - dy
        viewer.viewport = before
    return bad, len(places)


def check_histogram(hand, rng):
    """A limit that is dragged to a pixel is painted there, and zooming holds the value under the mouse."""
    viewer, bad, count = hand.viewer, 0, 0
    hand.panel.canvas.navigation.coloring = True
    hand.paint()
    histogram = hand.panel.color_panel.histogram
    screen = Screen(hand, histogram)
    middle, line = histogram.height() / 2, theme_of(histogram.palette()).text.rgba()
    for name in ("low", "high"):
        for _ in range(10):
            viewer.appearance.limits = tuple(rng.uniform((40, 190), (60, 210)))
            value = viewer.shading.limits[name == "high"]
            start = QtCore.QPointF(histogram._painting.x_of(histogram, value), middle)
            first, row = screen.pixel_at(start)
            column = first + int(rng.integers(3, 30)) * (1 if name == "low" else -1)
            screen.drag(start, screen.place_at(column, row))
            lines = np.flatnonzero((screen.picture[row - 20 : row] == line).all(axis=0))
            bad += column not in lines or len(lines) != 2 * max(1, math.floor(screen.ratio))
            count += 1
    for part in (0.2, 0.55):
        place = QtCore.QPointF(round(histogram.width() * part), middle)
        column, row = screen.pixel_at(place)
        value = float(histogram._painting.value_at(histogram, screen.place_at(column + 0.5, row).x()))
        viewer.appearance.limits = value, value + 60
        before = histogram.shown
        event = QtGui.QWheelEvent(
            place, histogram.mapToGlobal(place), QtCore.QPoint(), QtCore.QPoint(0, 120), QtCore.Qt.NoButton,
            QtCore.Qt.NoModifier, QtCore.Qt.NoScrollPhase, False,
        )  # fmt: skip
        QtCore.QCoreApplication.sendEvent(histogram, event)
        assert histogram.shown != before
        at = histogram._painting.x_of(histogram, viewer.shading.limits[0])
        bad += screen.pixel_at(QtCore.QPointF(at, middle))[0] != column
        count += 1
    return bad, count


def main():
    """Run all checks, with rows downwards and upwards."""
    rng, bad, counts = np.random.default_rng(4), 0, 0
    image = rng.integers(0, 256, (2400, 2600)).astype(np.uint8)
    image[rng.random(image.shape) < 0.3] += 1
    for origin in ("upper", "lower"):
        viewer = view(ArraySource(image, origin=origin), colormap="gray", limits=(0, 255), size=SIZE)
        hand = Hand(viewer)
        screen = Screen(hand, hand.control)
        viewer.one_to_one()
        middle = viewer.viewport
        for check in (check_readout, check_drag, check_wheel, check_boxes):
            viewer.appearance.limits = (0, 255)
            viewer.viewport = middle
            hand.wait_exact()
            wrong, count = check(hand, screen, image, rng)
            if wrong:
                print(f"{check.__name__}, {origin}: {wrong} of {count} are wrong", file=sys.stderr)
            bad, counts = bad + wrong, counts + count
        wrong, count = check_histogram(hand, rng)
        if wrong:
            print(f"check_histogram: {wrong} of {count} are wrong", file=sys.stderr)
        bad, counts = bad + wrong, counts + count
        hand.panel.window().close()
        process_events_until(lambda: True, 1)
    print(f"ratio {screen.ratio:g}: {counts} places, {bad} wrong")
    return bool(bad)


if __name__ == "__main__":
    sys.exit(main())
