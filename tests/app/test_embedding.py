"""A viewer is an ordinary Traits object: it can be shown alone, in Views of other objects, and several times."""

from __future__ import annotations

import gc
import threading
import weakref

import numpy as np
import pytest
from kit.patience import PATIENCE
from pyface.qt import QtCore, QtGui
from traits.api import HasStrictTraits, Instance, Range
from traitsui.api import HGroup, Item, UItem, View

from traitsview.api import ImageViewer
from traitsview.sources.arrays.array_source import ArraySource
from traitsview.testing.sources import FailingSource
from traitsview.view.viewer_editor import ViewerPanel
from traitsview.view.window import panel_of, process_events_until, save_picture, view


class Pair(HasStrictTraits):
    """Two viewers and something else."""

    left = Instance(ImageViewer)
    right = Instance(ImageViewer)
    strength = Range(0.0, 1.0)

    view = View(
        Item("strength"),
        HGroup(UItem("left", style="custom"), UItem("right", style="custom")),
        width=1100,
        height=500,
        resizable=True,
    )


@pytest.fixture
def source():
    rows, columns = np.mgrid[:900, :1200]
    return ArraySource((rows + columns).astype(np.float32), name="ramp")


@pytest.fixture(autouse=True)
def no_thread_is_left():
    yield
    assert process_events_until(lambda: not viewer_threads(), PATIENCE), viewer_threads()


def viewer_threads():
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("traitsview ")]


def wait_exact(ui, *viewers):
    """Wait until painting finds every pixel of `viewers` held."""

    def painted():
        ui.control.grab()
        return all(viewer.exact for viewer in viewers)

    assert process_events_until(painted, PATIENCE), [viewer.shown for viewer in viewers]


def panels(ui):
    return ui.control.findChildren(ViewerPanel)


def colors(panel):
    """Return how many colours are seen in the image area of a panel."""
    plot, control = panel.canvas.plot, panel.enable_window.control
    image = control.grab().toImage()
    across = range(int(plot.x) + 2, int(plot.x2), 5)
    y = int(control.height() - plot.y - plot.height / 2)
    return len({image.pixel(x, y) for x in across})


def status(panel):
    """Return the right half of a panel's status line."""
    return panel.status_bar.findChildren(QtGui.QLabel)[-1].text()


def finish(ui):
    ui.dispose()
    QtGui.QApplication.sendPostedEvents(None, QtCore.QEvent.DeferredDelete)
    process_events_until(lambda: True, 1)


def test_edit_traits_shows_a_whole_viewer(source):
    viewer = ImageViewer(source=source)
    ui = viewer.edit_traits()
    wait_exact(ui, viewer)
    (panel,) = panels(ui)
    assert panel.viewer is viewer
    assert viewer.viewport.shape == (panel.canvas.plot.height, panel.canvas.plot.width)
    assert colors(panel) > 20
    finish(ui)


def test_a_custom_item_shows_a_whole_viewer_and_several_fit_in_one_view(source):
    pair = Pair(left=ImageViewer(source=source), right=ImageViewer(source=source))
    ui = pair.edit_traits()
    pair.right.appearance.colormap = "viridis"
    pair.right.zoom(4)
    wait_exact(ui, pair.left, pair.right)
    assert {panel.viewer for panel in panels(ui)} == {pair.left, pair.right}
    assert all(colors(panel) > 10 for panel in panels(ui))
    assert pair.left.viewport.resolution[0] > 2 * pair.right.viewport.resolution[0]
    finish(ui)


def test_a_view_follows_when_its_object_gets_another_viewer(source):
    pair = Pair(left=ImageViewer(source=source), right=ImageViewer(source=source))
    ui = pair.edit_traits()
    wait_exact(ui, pair.left, pair.right)
    before, pair.left = pair.left, ImageViewer(source=source)
    wait_exact(ui, pair.left, pair.right)
    shown = {panel.viewer for panel in panels(ui)}
    assert pair.left in shown
    assert not before.screens.shown_on
    finish(ui)


def test_a_viewer_without_an_image_says_nothing_and_forgets_the_sliders_of_the_one_before(source):
    viewer = ImageViewer()
    ui = viewer.edit_traits()
    ui.control.grab()
    (panel,) = panels(ui)
    assert status(panel) == ""
    viewer.source = ArraySource(np.zeros((3, 4, 5)))
    wait_exact(ui, viewer)
    (slider,) = panel.plane_bar.findChildren(QtGui.QSlider)
    viewer.source = source
    wait_exact(ui, viewer)
    assert slider.isHidden()
    finish(ui)


def test_two_windows_on_one_source_look_at_their_own_places(source):
    one, other = view(source), view(source)
    one.zoom(8, (10, 10))
    for viewer in (one, other):
        assert process_events_until(lambda viewer=viewer: viewer.exact, PATIENCE)
    assert one.viewport != other.viewport
    panel_of(one).window().close()
    other.zoom(8, (900, 700))
    assert process_events_until(lambda: other.exact, PATIENCE), other.shown
    panel_of(other).window().close()


def test_one_viewer_in_two_windows_comes_to_rest(source):
    viewer = view(source, size=(900, 700))
    places = []
    viewer.observe(lambda event: places.append(event.new.shape), "viewport")
    ui = viewer.edit_traits()
    ui.control.resize(640, 480)
    wait_exact(ui, viewer)
    panel_of(viewer).window().grab()
    wait_exact(ui, viewer)
    assert len(places) < 6
    (inner,) = panels(ui)
    assert viewer.viewport.shape == (inner.canvas.plot.height, inner.canvas.plot.width)
    assert status(inner).endswith("exact")
    assert status(panel_of(viewer)) == "picture computed for another view"
    assert colors(panel_of(viewer)) > 20
    finish(ui)
    # The window that is left leads again.
    outer = panel_of(viewer)
    wait = process_events_until(
        lambda: outer.window().grab() and viewer.exact and viewer.viewport.shape[1] == outer.canvas.plot.width, PATIENCE
    )
    assert wait, viewer.shown
    outer.window().close()


def test_a_viewer_whose_window_was_closed_can_be_shown_again(source):
    pair = Pair(left=ImageViewer(source=source), right=ImageViewer(source=source))
    ui = pair.edit_traits()
    wait_exact(ui, pair.left, pair.right)
    finish(ui)
    assert process_events_until(lambda: not viewer_threads(), PATIENCE)
    pair.left.show((100, 110, 100, 110))
    ui = pair.left.edit_traits()
    wait_exact(ui, pair.left)
    assert pair.left.viewport.extent[0] > 50
    finish(ui)


def test_a_viewer_of_a_closed_window_can_be_shown_again(source):
    viewer = view(source)
    panel_of(viewer).window().close()
    ui = viewer.edit_traits()
    viewer.zoom(3)
    wait_exact(ui, viewer)
    finish(ui)


def test_closed_viewers_are_forgotten(source):
    pair = Pair(left=ImageViewer(source=source), right=ImageViewer(source=source))
    ui = pair.edit_traits()
    wait_exact(ui, pair.left, pair.right)
    held = [weakref.ref(thing) for thing in (pair, pair.left, pair.right, *(panel.canvas for panel in panels(ui)))]
    finish(ui)
    del pair, ui

    def forgotten():
        gc.collect()
        return not any(thing() for thing in held)

    assert process_events_until(forgotten, PATIENCE), [thing() for thing in held]


def test_a_source_does_not_keep_its_viewers(source):
    source = FailingSource(source)
    viewer = ImageViewer(source=source)
    viewer.wait(PATIENCE)
    viewer.close()
    held = weakref.ref(viewer)
    del viewer

    def forgotten():
        gc.collect()
        return held() is None

    assert process_events_until(forgotten, PATIENCE)
    source.link.tell(None)


def test_swapping_the_source_shows_the_new_one(source):
    viewer = ImageViewer(source=source)
    ui = viewer.edit_traits()
    wait_exact(ui, viewer)
    viewer.source = ArraySource(np.full((900, 1200), 7, np.float32))
    wait_exact(ui, viewer)
    assert viewer.summary.maximum == 7
    finish(ui)


def test_a_picture_of_a_window_waits_for_all_its_viewers(source, tmp_path):
    pair = Pair(left=ImageViewer(source=source), right=ImageViewer(source=source))
    ui = pair.edit_traits()
    save_picture(ui.control, [pair.left, pair.right], tmp_path / "pair.png")
    saved = QtGui.QImage(str(tmp_path / "pair.png"))
    assert (saved.width(), saved.height()) == (ui.control.width(), ui.control.height())
    finish(ui)


def test_a_viewer_without_a_source_is_shown_empty():
    viewer = ImageViewer()
    ui = viewer.edit_traits()
    ui.control.grab()
    viewer.fit()
    viewer.zoom(2)
    finish(ui)
