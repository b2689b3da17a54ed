"""Images in colour in the window: planes as colours and back, and limits of each channel."""

from __future__ import annotations

import numpy as np
import pytest
from kit.patience import PATIENCE
from kit.widgets import button, choose, click, menu
from PIL import Image
from pyface.qt import QtGui

from traitsview.cli.main import main
from traitsview.opening import open_in_host
from traitsview.sources.arrays.array_source import ArraySource
from traitsview.sources.derived.colour_planes import ColourPlanes
from traitsview.view.window import process_events_until

SHAPE = (3, 300, 400)


def planes(dtype="f4"):
    """Return three planes whose values are hundreds, ones and thousandths."""
    y, x = np.mgrid[: SHAPE[1], : SHAPE[2]]
    ramps = np.stack([x / 400 * 500, y / 300 * 5, (x + y) / 700 * 5e-3])
    return (ramps + 1e-4).astype(dtype)


@pytest.fixture
def cube(open_window):
    """A window on a cube of four times three planes."""
    times = np.stack([planes() * (k + 1) for k in range(4)])
    made = open_window(ArraySource(times, axes=("time", "band", "y", "x")))
    made.wait_exact()
    return made


def rgb_button(hand):
    return hand.panel.plane_bar.findChild(QtGui.QToolButton)


def pixel(hand, x, y):
    """Return the colour on the screen at a data point."""
    viewer = hand.viewer
    column, row = viewer.viewport.pixel_at(x, y)
    plot = hand.panel.canvas.plot
    rows, columns = viewer.viewport.shape
    up = row if plot.upward else rows - row
    place = hand.place(plot.x + column * plot.width / columns, plot.y + up * plot.height / rows)
    return hand.control.grab().toImage().pixelColor(place).getRgb()[:3]


def test_button_below_the_image_shows_planes_in_colour_and_one_by_one_again(cube):
    viewer = cube.viewer
    viewer.plane = (2, 1)
    viewer.show((100, 200, 100, 200))
    before = viewer.viewport
    click(rgb_button(cube))
    cube.wait_exact()
    # There is no colour bar beside colours, so that more is seen around the same place.
    assert (viewer.info.kind, viewer.plane, viewer.viewport.resolution) == ("rgb", (2,), before.resolution)
    assert viewer.viewport.center == pytest.approx(before.center, abs=1)
    assert rgb_button(cube).isChecked()
    assert viewer.shading.channels is not None
    for limits, part in zip(viewer.shading.channels.limits, planes(), strict=True):
        assert limits[1] == pytest.approx(part.max() * 3, rel=0.06)
    click(rgb_button(cube))
    cube.wait_exact()
    assert (viewer.info.kind, viewer.plane, viewer.viewport.resolution) == ("scalar", (2, 0), before.resolution)
    assert viewer.viewport.center == pytest.approx(before.center, abs=1)
    assert not rgb_button(cube).isChecked()


def test_only_planes_that_may_be_colours_have_the_button(open_window):
    for array in (np.zeros((5, 30, 40)), np.zeros((30, 40))):
        assert rgb_button(open_window(array)) is None


def test_amounts_are_shown_between_limits_of_their_channels(open_window):
    hand = open_window(ColourPlanes(ArraySource(planes()), 0), limits="minmax")
    hand.wait_exact()
    red, green, blue = pixel(hand, 200, 150)
    assert abs(red - 128) < 4
    assert abs(green - 128) < 4
    assert abs(blue - 128) < 4
    assert pixel(hand, 398, 298)[0] > 250


def test_limits_scale_and_contrast_hold_for_amounts_and_not_for_bytes(open_window):
    hand = open_window(ColourPlanes(ArraySource(planes()), 0))
    hand.wait_exact()
    assert menu(hand, "Scale").isEnabled()
    assert not hand.panel.toolbar.colormaps.isEnabled()
    viewer = hand.viewer
    choose(menu(hand, "Scale"), "sqrt")
    hand.wait_exact()
    assert abs(pixel(hand, 200, 150)[0] - 255 * 0.5**0.5) < 4
    viewer.appearance.scale = "linear"
    limits = next(m for m in hand.panel.toolbar.findChildren(QtGui.QComboBox) if m.toolTip().startswith("Limits"))
    assert limits.isEnabled()
    assert "\nred: " in limits.toolTip()
    choose(limits, "manual")
    held = viewer.shading.channels.limits
    assert viewer.appearance.limits == ", ".join(f"{lo!r} {hi!r}" for lo, hi in held)
    assert limits.currentText() == "manual"
    viewer.appearance.limits = ((0, 1000), (0, 10), (0, 0.01))
    hand.wait_exact()
    assert viewer.shading.channels.limits == ((0, 1000), (0, 10), (0, 0.01))
    assert abs(pixel(hand, 200, 150)[0] - 64) < 4
    bytes_ = open_window(planes("u1").transpose(1, 2, 0).copy())
    bytes_.wait_exact()
    for part in (menu(bytes_, "Scale"), button(bytes_, "Invert")):
        assert not part.isEnabled()


def test_limits_from_a_part_are_those_of_each_channel_there(open_window):
    hand = open_window(ColourPlanes(ArraySource(planes()), 0))
    hand.wait_exact()
    viewer = hand.viewer
    viewer.limits_from((0, 40, 0, 30), "minmax")
    assert viewer.wait(PATIENCE)
    red, green, blue = viewer.shading.channels.limits
    assert red == pytest.approx((0, 50), abs=2)
    assert green == pytest.approx((0, 0.5), abs=0.02)
    assert blue == pytest.approx((1e-4, 5e-4), abs=2e-4)


def test_readout_tells_the_value_of_each_channel(open_window):
    hand = open_window(ColourPlanes(ArraySource(planes(), unit="Jy"), 0))
    hand.wait_exact()
    hand.viewer.cursor = (200.5, 150.5)
    assert hand.viewer.wait(PATIENCE)
    values = planes()[:, 150, 200]
    assert process_events_until(lambda: "=" in hand.viewer.readout_line, PATIENCE)
    assert f"= ({values[0]!s}, {values[1]!s}, {values[2]!s}) Jy" in hand.viewer.readout_line


def test_window_and_command_show_the_same_colours(open_window, tmp_path):
    np.save(tmp_path / "image.npy", planes().transpose(1, 2, 0).copy())
    with open_in_host(str(tmp_path / "image.npy")) as source:
        hand = open_window(source, scale="asinh")
        hand.wait_exact()
        viewer = hand.viewer
        assert viewer.info.kind == "rgb"
        rows, columns = viewer.viewport.shape
        command = ["render", str(tmp_path / "image.npy"), "-o", str(tmp_path / "out.png"), "--scale", "asinh"]
        assert main([*command, "--size", f"{columns}x{rows}"]) == 0
        rendered = np.asarray(Image.open(tmp_path / "out.png").convert("RGB"))
        for tile in viewer.viewport.tiles():
            here = viewer.viewport.overlap(tile)
            held = viewer.pixels.store.get(viewer.picture, tile)[tile.overlap(viewer.viewport)]
            shown = viewer.shading.rgba(np.ascontiguousarray(held))
            opaque = shown[..., 3] == 255
            np.testing.assert_array_equal(rendered[here][opaque], shown[opaque][:, :3])
        hand.panel.window().close()


def test_planes_of_another_process_are_shown_in_colour(open_window, tmp_path):
    np.save(tmp_path / "cube.npy", planes())
    with open_in_host(str(tmp_path / "cube.npy")) as source:
        hand = open_window(source, limits="minmax")
        hand.wait_exact()
        click(rgb_button(hand))
        hand.wait_exact()
        assert abs(pixel(hand, 200, 150)[1] - 128) < 4
        hand.panel.window().close()
    with open_in_host(f"{tmp_path}/cube.npy::?kind=rgb") as source:
        hand = open_window(source, limits="minmax")
        hand.wait_exact()
        assert abs(pixel(hand, 200, 150)[1] - 128) < 4
        click(rgb_button(hand))
        hand.wait_exact()
        assert [axis.name for axis in hand.viewer.info.planes] == ["colour"]
        hand.viewer.plane = (2,)
        hand.wait_exact()
        assert hand.viewer.summary.maximum == pytest.approx(planes()[0].max())
        hand.panel.window().close()
