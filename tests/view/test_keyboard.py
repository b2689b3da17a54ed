"""The keyboard is the image's after every click beside it, but in what is typed in."""

from __future__ import annotations

import numpy as np
import pytest
from kit.hand import turn_wheel
from pyface.qt import QtCore, QtGui
from PySide6.QtTest import QTest

from traitsview.sources.arrays.array_source import ArraySource
from traitsview.view.qt.keyboard import CONTROLS
from traitsview.view.qt.number_field import NumberField
from traitsview.view.window import process_events_until

LEFT, NONE = QtCore.Qt.LeftButton, QtCore.Qt.NoModifier


@pytest.fixture
def cube(open_window):
    """An active window on nine planes, with the panel of colours open."""
    made = open_window(ArraySource(np.random.default_rng(3).normal(0, 1, (9, 300, 400)).astype(np.float32)))
    made.panel.window().activateWindow()
    made.panel.canvas.navigation.coloring = True
    made.wait_exact()
    made.viewer.one_to_one()
    return made


def arrow(spin_box, part):
    """Return where the upper or the lower arrow of a number is."""
    option = QtGui.QStyleOptionSpinBox()
    spin_box.initStyleOption(option)
    style = QtGui.QStyle
    part = {"up": style.SC_SpinBoxUp, "down": style.SC_SpinBoxDown}[part]
    return spin_box.style().subControlRect(style.CC_SpinBox, option, part, spin_box).center()


def press_keys_where_the_keyboard_is(hand):
    """Press F, 1, I, M and an arrow in the widget that has the keyboard; return what of that did nothing."""
    viewer, nothing = hand.viewer, []

    def key(key, now):
        before = now()
        QTest.keyClick(QtGui.QApplication.focusWidget(), key)
        if now() == before:
            nothing.append(key)

    viewer.fit()
    key(QtCore.Qt.Key_1, lambda: viewer.viewport)
    for arrow_key in (QtCore.Qt.Key_Right, QtCore.Qt.Key_Left, QtCore.Qt.Key_Up, QtCore.Qt.Key_Down):
        key(arrow_key, lambda: viewer.viewport)
    viewer.one_to_one()
    viewer.zoom(2)
    key(QtCore.Qt.Key_F, lambda: viewer.viewport)
    key(QtCore.Qt.Key_I, lambda: viewer.appearance.inverted)
    picker = hand.panel.toolbar.colormaps
    key(QtCore.Qt.Key_M, lambda: picker.picker.isVisible() if picker.picker else False)
    picker.picker.hide()
    return nothing


def test_keys_work_after_the_arrows_of_the_planes_number(cube):
    index = cube.panel.plane_bar.findChild(QtGui.QSpinBox)
    for part, plane in (("up", 1), ("up", 2), ("down", 1)):
        QTest.mouseClick(index, LEFT, NONE, arrow(index, part))
        assert cube.viewer.plane == (plane,)
        assert press_keys_where_the_keyboard_is(cube) == []


def test_keys_work_after_the_slider_of_the_plane(cube):
    slider = cube.panel.plane_bar.findChild(QtGui.QSlider)
    QTest.mouseClick(slider, LEFT, NONE, QtCore.QPoint(slider.width() - 3, slider.height() // 2))
    assert cube.viewer.plane != (0,)
    assert press_keys_where_the_keyboard_is(cube) == []


def test_keys_work_after_the_wheel_over_the_planes_number(cube):
    index = cube.panel.plane_bar.findChild(QtGui.QSpinBox)
    turn_wheel(index, index.rect().center())
    assert cube.viewer.plane == (1,)
    assert press_keys_where_the_keyboard_is(cube) == []


def test_keys_work_after_a_click_on_anything_beside_the_image(cube):
    """Each control that is clicked, while a number was being typed, gives the keyboard to the image."""
    panel = cube.panel
    low, _ = panel.toolbar.findChildren(NumberField)
    clicked = 0
    for place in (panel.toolbar, panel.plane_bar, panel.color_panel):
        for control in place.findChildren(QtGui.QWidget):
            if not isinstance(control, CONTROLS) or not control.isVisible() or not control.isEnabled():
                continue
            if isinstance(control, QtGui.QToolButton) and (control.text() in ("Save…", "Box") or not control.text()):
                continue  # they ask for something
            low.setFocus()
            at = arrow(control, "up") if isinstance(control, QtGui.QAbstractSpinBox) else control.rect().center()
            QTest.mouseClick(control, LEFT, NONE, at)
            popup = QtGui.QApplication.activePopupWidget()
            if popup is not None:
                popup.close()
                panel.window().activateWindow()  # off screen popups are active windows
            panel.canvas.navigation.coloring = True
            process_events_until(lambda: True, 1)
            assert cube.control.hasFocus(), (type(control), control.toolTip())
            clicked += 1
    assert clicked > 20


def test_numbers_are_typed_into_after_a_click_into_their_text(cube):
    index = cube.panel.plane_bar.findChild(QtGui.QSpinBox)
    QTest.mouseClick(index.lineEdit(), LEFT, NONE, index.lineEdit().rect().center())
    assert index.hasFocus()
    index.selectAll()
    QTest.keyClicks(QtGui.QApplication.focusWidget(), "7")
    QTest.keyClick(QtGui.QApplication.focusWidget(), QtCore.Qt.Key_Return)
    assert cube.viewer.plane == (7,)
    assert press_keys_where_the_keyboard_is(cube) == []
    low, high = cube.panel.toolbar.findChildren(NumberField)
    for field, text in ((low, "-1"), (high, "1.5")):
        QTest.mouseClick(field, LEFT)
        field.selectAll()
        QTest.keyClicks(QtGui.QApplication.focusWidget(), text)
    QTest.keyClick(QtGui.QApplication.focusWidget(), QtCore.Qt.Key_Return)
    assert cube.viewer.appearance.limits == (-1, 1.5)
    assert press_keys_where_the_keyboard_is(cube) == []


def test_the_tab_key_still_leads_to_the_controls_and_arrows_then_move_them(cube):
    slider = cube.panel.plane_bar.findChild(QtGui.QSlider)
    reached = []
    for _ in range(60):
        QTest.keyClick(QtGui.QApplication.focusWidget(), QtCore.Qt.Key_Tab)
        reached.append(QtGui.QApplication.focusWidget())
        if reached[-1] is slider:
            break
    assert slider.hasFocus()
    QTest.keyClick(slider, QtCore.Qt.Key_Right)
    assert cube.viewer.plane == (1,)


def test_keys_work_after_a_click_on_labels_and_on_the_space_between(cube):
    panel, low = cube.panel, cube.panel.toolbar.findChildren(NumberField)[0]
    clicked = 0
    for place in (panel.color_panel, panel.plane_bar, panel.status_bar):
        for label in (place, *place.findChildren(QtGui.QLabel)):
            if not label.isVisible() or isinstance(label.parentWidget(), QtGui.QAbstractSpinBox):
                continue
            low.setFocus()
            QTest.mouseClick(label, LEFT, NONE, QtCore.QPoint(1, 1))
            assert press_keys_where_the_keyboard_is(cube) == [], (type(label), getattr(label, "text", str)())
            clicked += 1
    assert clicked > 10


def test_escape_in_the_planes_number_gives_up_what_was_typed_and_the_keyboard(cube):
    index = cube.panel.plane_bar.findChild(QtGui.QSpinBox)
    for typed in ("", "7"):
        QTest.mouseClick(index.lineEdit(), LEFT, NONE, index.lineEdit().rect().center())
        index.selectAll()
        QTest.keyClicks(QtGui.QApplication.focusWidget(), typed)
        QTest.keyClick(QtGui.QApplication.focusWidget(), QtCore.Qt.Key_Escape)
        assert (index.text(), cube.viewer.picture.plane) == ("0 / 8", (0,))
        assert press_keys_where_the_keyboard_is(cube) == []
    assert cube.panel.isVisible()
