"""The toolbar, the sliders of the planes and the saving of pictures."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from kit.widgets import button, choose, click, menu
from pyface.qt import QtCore, QtGui
from PySide6.QtTest import QTest

from traitsview.color.catalogue import colormap
from traitsview.color.colormap import Colormap
from traitsview.errors import RequestError
from traitsview.model.appearance import Appearance
from traitsview.sources.arrays.array_source import ArraySource
from traitsview.sources.image_info import Axis
from traitsview.view.picture_file import save_widget
from traitsview.view.window import screenshot


@pytest.fixture
def cube(open_window):
    """A window on a cube of four planes, the first one empty, plane n full of values about n."""
    rng = np.random.default_rng(3)
    planes = rng.normal(np.arange(4)[:, None, None], 0.1, (4, 300, 400)).astype(np.float32)
    planes[0] = np.nan
    axes = (Axis("time", 4, "s", (0.0, 0.5, 1.0, 1.5)), Axis("y", 300, "um"), Axis("x", 400, "um"))
    made = open_window(ArraySource(planes, axes=axes))
    made.wait_exact()
    return made


def test_buttons_go_places(hand):
    viewer = hand.viewer
    fitted = viewer.viewport
    click(button(hand, "1:1"))
    assert viewer.viewport.resolution == (1.0, 1.0)
    click(button(hand, "‹"))
    assert viewer.viewport == fitted
    click(button(hand, "›"))
    assert viewer.viewport.resolution == (1.0, 1.0)
    click(button(hand, "Fit"))
    assert viewer.viewport == fitted
    assert viewer.places.fitted


def test_the_box_button_makes_the_next_drag_a_box(hand):
    click(button(hand, "Box"))
    before = hand.viewer.viewport.resolution
    hand.drag(hand.center, hand.center + QtCore.QPoint(100, 80))
    assert hand.viewer.viewport.resolution < before
    assert not button(hand, "Box").isChecked()


def test_menus_and_the_viewer_follow_each_other(hand):
    look = hand.viewer.appearance
    choose(menu(hand, "Scale"), "asinh")
    choose(menu(hand, "Limits"), "min – max")
    click(button(hand, "Invert"))
    assert (look.scale, look.limits, look.inverted) == ("asinh", "minmax", True)
    hand.wait_exact()
    assert hand.viewer.shading.limits == (0.0, 2999.0 * 10 + 3999)
    look.trait_set(colormap="crameri:batlow", scale="log", limits=(1, 2), inverted=False)
    assert hand.panel.toolbar.colormaps.currentData() == "crameri:batlow"
    assert hand.panel.toolbar.colormaps.currentText() == "batlow"
    assert menu(hand, "Scale").currentText() == "log"
    assert menu(hand, "Limits").currentText() == "manual"
    assert not button(hand, "Invert").isChecked()


def test_limits_are_typed(hand):
    low, high = hand.panel.toolbar.findChildren(QtGui.QLineEdit)
    low.setText("100")
    high.setText("2e3")
    QTest.keyClick(high, QtCore.Qt.Key_Return)
    assert hand.viewer.appearance.limits == (100.0, 2000.0)
    high.setText("100")
    QTest.keyClick(high, QtCore.Qt.Key_Return)
    assert hand.viewer.appearance.limits == (100.0, 2000.0)
    assert "100" in hand.viewer.shown
    assert "\n" not in hand.viewer.shown


def test_a_limit_keeps_the_digits_that_its_field_has_no_room_for(hand):
    hand.viewer.appearance.limits = (109.123456789, 3000.987654321)
    hand.panel.window().activateWindow()
    low, high = hand.panel.toolbar.findChildren(QtGui.QLineEdit)
    assert (low.text(), high.text()) == ("109.123", "3000.99")
    low.setFocus()
    assert (low.text(), high.text()) == ("109.123456789", "3000.99")
    QTest.keyClick(low, QtCore.Qt.Key_Return)
    assert hand.viewer.appearance.limits == (109.123456789, 3000.987654321)
    assert low.text() == "109.123"
    low.setFocus()
    QTest.keyClick(low, QtCore.Qt.Key_End)
    QTest.keyClicks(low, "5")
    QTest.keyClick(low, QtCore.Qt.Key_Return)
    assert hand.viewer.appearance.limits == (109.1234567895, 3000.987654321)


def test_nothing_typed_changes_no_limits(hand):
    low, _ = hand.panel.toolbar.findChildren(QtGui.QLineEdit)
    QTest.keyClick(low, QtCore.Qt.Key_Return)
    assert hand.viewer.appearance.limits == "99.5%"


@pytest.mark.parametrize("typed", ["112,5", "zscale", "", "nan", "1e400"])
def test_a_text_that_is_no_limit_is_refused_with_advice_for_a_field(hand, typed):
    low, _ = hand.panel.toolbar.findChildren(QtGui.QLineEdit)
    low.setText(typed)
    QTest.keyClick(low, QtCore.Qt.Key_Return)
    remedy = "write 112.5, with a point" if "," in typed else "write a number, such as 0.5 or 1e-9"
    assert hand.viewer.shown.endswith(f"; {remedy}")
    assert hand.viewer.appearance.limits == "99.5%"


def test_what_is_typed_stays_until_it_is_applied_or_given_up(hand):
    low, _ = hand.panel.toolbar.findChildren(QtGui.QLineEdit)
    hand.panel.window().activateWindow()
    low.setFocus()
    before = low.text()
    low.selectAll()
    QTest.keyClicks(low, "12")
    hand.turn_wheel(hand.center)
    assert low.text() == "12"
    QTest.keyClick(low, QtCore.Qt.Key_Escape)
    assert low.text() == before
    assert not low.hasFocus()
    assert hand.control.hasFocus()
    assert hand.viewer.appearance.limits == "99.5%"


def test_a_wrong_limit_is_forgotten_when_right_ones_follow(hand):
    hand.viewer.appearance.limits = (1, 2)
    low, _ = hand.panel.toolbar.findChildren(QtGui.QLineEdit)
    low.setText("one")
    QTest.keyClick(low, QtCore.Qt.Key_Return)
    assert "not a number: 'one'" in hand.viewer.shown
    low.setText("1")
    QTest.keyClick(low, QtCore.Qt.Key_Return)
    assert hand.viewer.status.fault == ""


@pytest.mark.parametrize(
    "values",
    [
        10 + 1e-9 * np.linspace(0, 1, 600).reshape(20, 30),
        2.0**52 + np.arange(600).reshape(20, 30),
        -1e300 * np.linspace(1, 1 + 1e-12, 600).reshape(20, 30),
    ],
    ids=["near ten", "near the end of whole floats", "large and negative"],
)
def test_the_fields_of_the_limits_show_every_digit_that_tells_them_apart(open_window, values):
    hand = open_window(values)
    hand.wait_exact()
    fields = hand.panel.toolbar.findChildren(QtGui.QLineEdit)
    assert len({field.text() for field in fields}) == 2
    for field in fields:
        inside = QtCore.QPoint(field.width() - 8, field.height() // 2)
        assert field.cursorPositionAt(inside) == len(field.text())


def test_neighbouring_planes_have_coordinates_that_differ(open_window):
    times = tuple(59000 + k * 1e-5 for k in range(4))
    axes = (Axis("time", 4, "d", times), Axis("y", 20), Axis("x", 30))
    hand = open_window(ArraySource(np.zeros((4, 20, 30)), axes=axes))
    shown = []
    for plane in range(4):
        hand.viewer.plane = (plane,)
        labels = hand.panel.plane_bar.findChildren(QtGui.QLabel)
        shown.append(next(label.text() for label in reversed(labels) if label.text()))
    assert len(set(shown)) == 4
    assert all(text.endswith(" d") for text in shown)


def test_the_menus_follow_a_new_appearance_and_a_colormap_without_a_name_in_the_catalogue(hand):
    made = dataclasses.replace(colormap("viridis"), name="mine")
    hand.viewer.appearance = Appearance(colormap=made)
    assert hand.panel.toolbar.colormaps.currentText() == "mine"
    choose(menu(hand, "Scale"), "log")
    assert hand.viewer.appearance.scale == "log"
    assert hand.viewer.appearance.colormap == made


def test_the_menu_of_scales_says_what_linear_is_with_a_colormap_and_offers_equal_shares(hand):
    look, scales = hand.viewer.appearance, menu(hand, "Scale")
    names = [scales.itemText(row) for row in range(scales.count())]
    width = scales.width()
    look.colormap = dataclasses.replace(colormap("RdBu"), name="rain", hinge=273.15)
    assert scales.currentText() == "hinge 273.15"
    assert (look.scale, hand.viewer.shading.scale) == ("linear", "hinge:273.15")
    choose(scales, "linear")
    values = np.linspace(*hand.viewer.shading.limits, 9)
    assert scales.currentText() == "linear"
    assert hand.viewer.shading.fraction_of(values) == pytest.approx(np.linspace(0, 1, 9))
    choose(scales, "hinge 273.15")
    assert look.scale == "linear"
    look.scale = "log"
    assert scales.currentText() == "log"
    look.trait_set(
        colormap=Colormap.from_colors("two", [(1, 0, 0, 1), (0, 1, 0, 1)], flat=True, values=(1.0, 5.0)), scale="linear"
    )
    assert scales.currentText() == hand.viewer.shading.scale == "labels"
    look.scale = "power:1"
    assert scales.currentText() == "linear"
    look.colormap = "viridis"
    assert [scales.itemText(row) for row in range(scales.count())] == names
    assert scales.currentText() == "power"
    hand.paint()
    assert scales.width() == width


def test_another_reduction_is_chosen(hand):
    choose(menu(hand, "How many elements become one pixel"), "max")
    hand.wait_exact()
    assert hand.viewer.shown.startswith("max of")


def test_sliders_choose_the_plane_and_the_first_one_with_values_sets_the_limits(cube):
    slider = cube.panel.plane_bar.findChild(QtGui.QSlider)
    assert slider.isVisibleTo(cube.panel)
    slider.setValue(1)
    cube.wait_exact()
    assert cube.viewer.plane == (1,)
    low, high = cube.viewer.shading.limits
    assert 0.5 < low < 1 < high < 1.5
    slider.setValue(3)
    cube.wait_exact()
    assert cube.viewer.shading.limits == (low, high)
    choose(menu(cube, "Limits"), "99.5 %")
    assert not cube.viewer.exact
    cube.wait_exact()
    assert cube.viewer.shading.limits[0] > 2.5


def test_sliders_open_no_window_of_their_own_and_give_the_keyboard_back(cube):
    assert cube.panel.plane_bar.window() is cube.panel.window()
    index = cube.panel.plane_bar.findChild(QtGui.QSpinBox)
    assert index.text() == "0 / 3"
    cube.panel.window().activateWindow()
    index.setFocus()
    index.selectAll()
    QTest.keyClicks(index, "2")
    QTest.keyClick(index, QtCore.Qt.Key_Return)
    assert cube.viewer.plane == (2,)
    assert cube.control.hasFocus()


def test_an_image_of_one_plane_has_no_sliders(hand):
    assert not hand.panel.plane_bar.isVisibleTo(hand.panel)


def test_axes_are_labelled_with_units_and_the_window_with_a_name(cube):
    canvas = cube.panel.canvas
    titles = [overlay.title for overlay in canvas.plot.overlays if hasattr(overlay, "orientation")]
    assert sorted(titles) == ["x (um)", "y (um)"]
    cube.move(cube.center)
    assert "um" in cube.viewer.readout_line


def test_colour_images_are_shown_as_they_are(open_window):
    rgb = np.zeros((40, 60, 3), np.uint8)
    rgb[..., 0], rgb[..., 1] = 200, 30
    hand = open_window(rgb)
    hand.wait_exact()
    picture = hand.paint()
    middle = hand.control.mapTo(hand.panel.window(), hand.center)
    assert picture.pixelColor(middle).getRgb() == (200, 30, 0, 255)
    hand.move(hand.center)
    assert not hand.panel.toolbar.colormaps.isEnabled()
    assert menu(hand, "How many elements become one pixel").isEnabled()


@pytest.mark.parametrize("scale", ["linear", "log", "asinh"])
@pytest.mark.parametrize("offset", [0, 1e12])
def test_values_beside_the_colour_bar_have_room_from_end_to_end(open_window, scale, offset):
    hand = open_window(np.linspace(-100, 100, 12000).reshape(100, 120) + offset, scale=scale, limits="minmax")
    hand.wait_exact()
    bar = hand.panel.canvas.color_bar
    ticks = bar._ticks(bar.height)
    assert max(map(len, ticks.labels)) * 6.3 < bar.width - 23
    places = np.array([0, *ticks.places, 1]) * bar.height
    assert np.diff(places[1:-1]).min() > 12
    assert np.diff(places).max() < 150


def test_other_colours_leave_what_is_beside_the_image_as_it_is(hand):
    plot = hand.panel.canvas.plot
    left, below = round(plot.x), hand.control.height() - round(plot.y)
    margins = [QtCore.QRect(0, 0, left, hand.control.height()), QtCore.QRect(0, below + 1, 400, 40)]
    before = [hand.control.grab(margin).toImage() for margin in margins]
    for name in ("viridis", "hot"):
        hand.viewer.appearance.colormap = name
        assert [hand.control.grab(margin).toImage() for margin in margins] == before


def test_a_picture_is_saved_whole_or_not_at_all(hand, tmp_path):
    screenshot(hand.viewer, tmp_path / "out.png")
    assert QtGui.QImage(str(tmp_path / "out.png")).size() == hand.panel.window().size()
    with pytest.raises(RequestError, match="unknown kind of picture"):
        save_widget(hand.panel, tmp_path / "out.xyz")
    with pytest.raises(RequestError, match="cannot be written"):
        save_widget(hand.panel, tmp_path / "nowhere" / "out.png")
    assert [path.name for path in tmp_path.iterdir()] == ["out.png"]


def test_buttons_stay_where_they_are_in_a_window_too_narrow_for_all_of_them(hand):
    toolbar, window = hand.panel.toolbar, hand.panel.window()
    fit = next(button for button in toolbar.findChildren(QtGui.QToolButton) if button.text() == "Fit")
    scale = menu(hand, "Scale")
    before, widest = fit.geometry(), scale.width()
    for width in (900, 760, 640, 560):
        window.resize(width, 600)
        hand.paint()
        assert fit.geometry() == before
        assert not scale.isVisibleTo(toolbar) or scale.width() == widest
        assert toolbar.width() <= width


def test_a_window_that_opens_has_room_for_all_buttons(hand):
    assert hand.panel.toolbar.sizeHint().width() <= hand.panel.window().width()
    assert button(hand, "Save…").isVisibleTo(hand.panel)
