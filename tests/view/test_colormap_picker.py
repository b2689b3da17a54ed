"""The picker of colormaps, with a real mouse and a real keyboard."""

from __future__ import annotations

import gc
import threading
from weakref import ref

import numpy as np
import pytest
from kit.patience import PATIENCE
from pyface.qt import QtCore, QtGui
from PySide6.QtTest import QTest

from traitsview.color.catalogue import catalogue, colormap
from traitsview.color.shelves.file_in_folder import FileInFolder
from traitsview.color.vision import Vision
from traitsview.model.keeping.kept_colormaps import kept_colormaps
from traitsview.sources.arrays.array_source import ArraySource
from traitsview.user_folders import config_folder
from traitsview.view.colormaps.colormap_folders import ColormapFolders
from traitsview.view.colormaps.colormap_list import STAR_WIDTH
from traitsview.view.colormaps.swatches import SQUARE_COLORS, Swatches, swatch
from traitsview.view.tools.commands import COMMANDS
from traitsview.view.window import panel_of, process_events_until, view

THREE = "255 0 0\n0 255 0\n0 0 255\n"


@pytest.fixture(autouse=True)
def fresh():
    """Begin without favourites, and leave none."""

    def forget():
        kept = kept_colormaps()
        kept.file.wait_written(PATIENCE)
        kept.file.path.unlink(missing_ok=True)
        kept_colormaps.cache_clear()

    forget()
    yield
    forget()


@pytest.fixture
def picker(hand):
    """The picker of a window, open."""
    hand.key(QtCore.Qt.Key_M)
    made = hand.panel.toolbar.colormaps.picker
    assert made.isVisible()
    looked = []
    made.folders.looked.connect(lambda: looked.append(True))
    assert process_events_until(lambda: looked, PATIENCE)
    return made


@pytest.fixture
def folder():
    """The user's folder of colormaps, empty before and after."""
    made = catalogue().folders()[0]
    made.mkdir(parents=True, exist_ok=True)
    yield made
    for path in made.iterdir():
        path.unlink()
    catalogue().refresh()


def names(picker):
    return [row.name for row in picker.choice.rows]


def row_at(picker, name):
    """Return where a row is; its `name` may be an id, for a file that was opened by itself may be called the same."""
    row = names(picker).index(name) if ":" not in name else picker.choice.row_of(name)
    picker.list.scrollTo(picker.list.model().index(row, 0))
    return picker.list.visualRect(picker.list.model().index(row, 0))


def point_at(picker, place):
    """Move the mouse over the list."""
    viewport = picker.list.viewport()
    event = QtGui.QMouseEvent(
        QtCore.QEvent.MouseMove,
        QtCore.QPointF(place),
        QtCore.QPointF(viewport.mapToGlobal(place)),
        QtCore.Qt.NoButton,
        QtCore.Qt.NoButton,
        QtCore.Qt.NoModifier,
    )
    QtCore.QCoreApplication.sendEvent(viewport, event)


def press(picker, key, modifiers=QtCore.Qt.NoModifier):
    QTest.keyClick(picker.search, key, modifiers)


def click(picker, place):
    QTest.mouseClick(picker.list.viewport(), QtCore.Qt.LeftButton, QtCore.Qt.NoModifier, place)


def color_in_the_middle(hand):
    place = hand.control.mapTo(hand.panel.window(), hand.center)
    return hand.paint().pixelColor(place).getRgb()[:3]


def test_a_click_on_the_toolbar_opens_it_with_the_cursor_in_the_search(hand):
    menu = hand.panel.toolbar.colormaps
    QTest.mouseClick(menu, QtCore.Qt.LeftButton)
    assert menu.picker.isVisible()
    assert menu.picker.focusWidget() is menu.picker.search
    assert menu.picker.list.row == names(menu.picker).index("gray")
    assert len({row.id for row in menu.picker.choice.rows}) > 650


def test_the_mouse_shows_each_colormap_on_the_image_and_escape_brings_back_the_one_before(hand, picker):
    before = color_in_the_middle(hand)
    assert len(set(before)) == 1
    point_at(picker, row_at(picker, "viridis").center())
    assert hand.viewer.appearance.colormap == "bids:viridis"
    seen = color_in_the_middle(hand)
    assert np.abs(np.array(seen) - np.rint(colormap("viridis").lut(256)[128, :3] * 255)).max() < 8
    point_at(picker, row_at(picker, "hot").center())
    assert hand.viewer.appearance.colormap == "matlab:hot"
    press(picker, QtCore.Qt.Key_Escape)
    assert not picker.isVisible()
    assert hand.viewer.appearance.colormap == "gray"
    assert color_in_the_middle(hand) == before


def test_a_list_that_moves_under_a_mouse_at_rest_chooses_nothing(hand, picker):
    place = row_at(picker, "viridis").center()
    point_at(picker, place)
    press(picker, QtCore.Qt.Key_PageDown)
    chosen = hand.viewer.appearance.colormap
    assert chosen != "bids:viridis"
    point_at(picker, place)
    assert hand.viewer.appearance.colormap == chosen


def test_arrows_show_and_enter_takes(hand, picker):
    press(picker, QtCore.Qt.Key_Down)
    assert hand.viewer.appearance.colormap == "bids:viridis"
    press(picker, QtCore.Qt.Key_Down)
    press(picker, QtCore.Qt.Key_Up)
    press(picker, QtCore.Qt.Key_Up)
    assert hand.viewer.appearance.colormap == "matlab:gray"
    press(picker, QtCore.Qt.Key_PageDown)
    assert picker.list.verticalScrollBar().value() > 0
    press(picker, QtCore.Qt.Key_PageUp)
    press(picker, QtCore.Qt.Key_PageUp)
    assert picker.list.verticalScrollBar().value() == 0  # with the heading
    press(picker, QtCore.Qt.Key_Up)  # which is no colormap
    assert hand.viewer.appearance.colormap == "matlab:gray"
    press(picker, QtCore.Qt.Key_Down)
    press(picker, QtCore.Qt.Key_Return)
    assert not picker.isVisible()
    assert hand.viewer.appearance.colormap == "bids:viridis"
    assert hand.panel.toolbar.colormaps.currentText() == "viridis"


def test_arrows_pass_over_headings(hand, picker):
    point_at(picker, row_at(picker, "twilight").center())
    press(picker, QtCore.Qt.Key_Down)
    first = names(picker).index("All") + 1
    assert picker.list.row == first
    press(picker, QtCore.Qt.Key_Up)
    assert hand.viewer.appearance.colormap.endswith("twilight")


def test_a_click_takes_and_outside_gives_up(hand, picker):
    click(picker, row_at(picker, "magma").center())
    assert not picker.isVisible()
    assert hand.viewer.appearance.colormap == "bids:magma"
    hand.key(QtCore.Qt.Key_M)
    point_at(picker, row_at(picker, "hot").center())
    picker.close()  # what Qt does at a press elsewhere
    assert hand.viewer.appearance.colormap == "bids:magma"


def test_words_are_searched_and_the_best_is_shown(hand, picker):
    QTest.keyClicks(picker.search, "vik crameri")
    assert names(picker)[0] == "vik"
    assert hand.viewer.appearance.colormap == "crameri:vik"
    picker.search.setText("virdis")
    assert picker.choice.guessed
    assert "viridis" in names(picker)
    assert hand.viewer.appearance.colormap == "bids:viridis"
    picker.search.setText("qqqqzzzz")
    assert names(picker) == []
    assert hand.viewer.appearance.colormap == "gray"
    press(picker, QtCore.Qt.Key_Return)
    assert picker.isVisible()
    picker.search.setText("viridis_r")
    press(picker, QtCore.Qt.Key_Return)
    assert hand.viewer.appearance.colormap == "bids:viridis_r"
    assert kept_colormaps().recent == ("bids:viridis",)


def test_categories_narrow_the_list(picker):
    buttons = {button.text(): button for button in picker.findChildren(QtGui.QToolButton)}
    QTest.mouseClick(buttons["Cyclic"], QtCore.Qt.LeftButton)
    assert "twilight" in names(picker)
    assert "viridis" not in names(picker)
    assert picker.focusWidget() is picker.search
    QTest.mouseClick(buttons["Mine"], QtCore.Qt.LeftButton)
    assert "viridis" not in names(picker)


def test_favourites_and_recent_come_first_and_stay(hand, picker):
    place = row_at(picker, "hot")
    click(picker, QtCore.QPoint(place.right() - STAR_WIDTH // 2, place.center().y()))
    assert picker.isVisible()
    assert kept_colormaps().favourites == ("matlab:hot",)
    point_at(picker, row_at(picker, "turbo").center())
    press(picker, QtCore.Qt.Key_D, QtCore.Qt.ControlModifier)
    press(picker, QtCore.Qt.Key_D, QtCore.Qt.ControlModifier)
    assert kept_colormaps().favourites == ("matlab:hot",)
    press(picker, QtCore.Qt.Key_Return)
    hand.key(QtCore.Qt.Key_M)
    assert names(picker)[:5] == ["Favourites", "hot", "Recent", "turbo", "Common"]
    assert kept_colormaps().file.wait_written(PATIENCE)
    assert (config_folder() / "colormaps.json").exists()


def test_invert_is_given_back_too(hand, picker):
    invert = next(b for b in picker.findChildren(QtGui.QToolButton) if b.text() == "Invert")
    QTest.mouseClick(invert, QtCore.Qt.LeftButton)
    assert hand.viewer.appearance.inverted
    press(picker, QtCore.Qt.Key_Escape)
    assert not hand.viewer.appearance.inverted


def test_a_file_dropped_into_the_folder_appears_and_one_that_is_broken_is_listed(hand, picker, folder):
    (folder / "three.txt").write_text(THREE)
    assert process_events_until(lambda: picker.choice.row_of("user:three") >= 0, PATIENCE)
    assert picker.isVisible()
    point_at(picker, row_at(picker, "user:three").center())
    assert process_events_until(lambda: hand.viewer.appearance.colormap == "user:three", PATIENCE)
    (folder / "broken.cpt").write_text("0 red 1 dog\n")
    assert process_events_until(lambda: picker._failures[0].isVisible(), PATIENCE)
    assert "broken.cpt" in picker._failures[0].text()
    assert "broken" not in names(picker)
    assert hand.viewer.appearance.colormap == "user:three"
    (folder / "three.txt").write_text("0 0 0\n1 2 3\n255 255 255\n")
    assert process_events_until(lambda: hand.viewer.shading.table[0].tolist() == [0, 0, 0, 255], PATIENCE)
    (folder / "broken.cpt").unlink()
    assert process_events_until(lambda: not picker._failures[0].isVisible(), PATIENCE)


def test_changes_that_a_stale_look_has_found_are_reported_by_the_next_look(folder):
    folders, told = ColormapFolders(dict), []
    folders.changed.connect(lambda: told.append(True))
    catalogue().refresh()
    (folder / "three.txt").write_text(THREE)
    folders._look_there(lambda: True, first=False)
    assert "user:three" in {entry.id for entry in catalogue().entries()}
    assert not process_events_until(lambda: told, 0.05)
    folders._look_there(lambda: False, first=False)
    assert process_events_until(lambda: told, PATIENCE)
    folders.end()


@pytest.fixture
def slowly(folder, monkeypatch):
    """Hold up whoever reads ``three.txt`` until that is set; remember the threads that read."""
    (folder / "three.txt").write_text(THREE)
    catalogue().refresh()
    goes, readers, read = threading.Event(), [], FileInFolder._read

    def held(file):
        if file.path.name == "three.txt":
            readers.append(threading.current_thread())
            assert goes.wait(PATIENCE)
        read(file)

    monkeypatch.setattr(FileInFolder, "_read", held)
    yield goes, readers
    goes.set()


def test_nobody_waits_for_a_file_that_is_pointed_at(hand, slowly):
    goes, readers = slowly
    hand.key(QtCore.Qt.Key_M)
    picker = hand.panel.toolbar.colormaps.picker
    point_at(picker, row_at(picker, "user:three").center())
    assert process_events_until(lambda: readers, PATIENCE)
    assert hand.viewer.appearance.colormap == "gray"
    point_at(picker, row_at(picker, "viridis").center())
    assert hand.viewer.appearance.colormap == "bids:viridis"
    point_at(picker, row_at(picker, "user:three").center())
    goes.set()
    assert process_events_until(lambda: hand.viewer.appearance.colormap == "user:three", PATIENCE)
    assert threading.main_thread() not in readers


@pytest.mark.parametrize("last", ["taken", "given up", "gone on"])
def test_a_file_that_is_still_read_is_taken_when_it_is(hand, slowly, last):
    goes, readers = slowly
    hand.key(QtCore.Qt.Key_M)
    picker = hand.panel.toolbar.colormaps.picker
    click(picker, row_at(picker, "user:three").center())
    assert process_events_until(lambda: readers, PATIENCE)
    assert picker.isVisible()
    if last == "given up":
        press(picker, QtCore.Qt.Key_Escape)
    elif last == "gone on":
        click(picker, row_at(picker, "magma").center())
    goes.set()
    assert process_events_until(lambda: picker.list.swatches.prepare("user:three"), PATIENCE)
    chosen = {"taken": "user:three", "given up": "gray", "gone on": "bids:magma"}[last]
    assert process_events_until(lambda: not picker.isVisible(), PATIENCE)
    assert hand.viewer.appearance.colormap == chosen


def test_nothing_is_asked_of_the_source_by_going_through_the_list(open_window):
    asked = []

    class Counted(ArraySource):
        def __getattribute__(self, name):
            if name in ("render", "render_tiles", "render_stages", "examine", "sample", "summarize"):
                asked.append(name)
            return super().__getattribute__(name)

    source = Counted(np.arange(40_000.0).reshape(200, 200))
    hand = open_window(source)
    hand.viewer.looks_ahead = False
    hand.wait_exact()
    assert hand.viewer.wait(PATIENCE)
    assert "examine" in asked
    asked.clear()
    hand.key(QtCore.Qt.Key_M)
    picker = hand.panel.toolbar.colormaps.picker
    for _ in range(30):
        press(picker, QtCore.Qt.Key_Down)
        hand.paint()
        assert hand.viewer.exact
    hand.viewer.vision = Vision("deutan")
    hand.paint()
    assert hand.viewer.wait(PATIENCE)
    assert asked == []


def test_an_image_in_colour_has_no_picker(open_window):
    hand = open_window(np.zeros((40, 60, 3), np.uint8))
    hand.key(QtCore.Qt.Key_M)
    assert not hand.panel.toolbar.colormaps.picker.isVisible()


def test_the_picker_ends_with_its_window():
    def threads():
        return [thread.name for thread in threading.enumerate()]

    viewer = ref(view(ArraySource(np.zeros((40, 60)))))
    panel = panel_of(viewer())
    panel.window().grab()
    panel.canvas.navigation.commanded = COMMANDS["choose_colormap"]
    panel.colormap_files.open(["/nowhere.cpt"])
    panel.toolbar.colormaps.picker.list.swatches.pixmap("bids:viridis", 9, 9, slow=True)
    assert any(thread.name == "traitsview swatches" for thread in threading.enumerate())
    assert process_events_until(lambda: "nowhere" in viewer().status.fault, PATIENCE)
    assert process_events_until(lambda: "traitsview colormap folders" in threads(), PATIENCE)
    folders = ref(panel.toolbar.colormaps.picker.folders)
    panel.window().close()
    del panel

    def gone():
        gc.collect()
        return viewer() is folders() is None and not [name for name in threads() if name.startswith("traitsview ")]

    assert process_events_until(gone, PATIENCE), threads()


def test_the_picker_opens_below_the_toolbar_if_its_button_has_no_room(hand):
    hand.panel.window().resize(160, 500)
    hand.paint()
    menu = hand.panel.toolbar.colormaps
    assert not menu.isVisible()
    hand.key(QtCore.Qt.Key_M)
    assert menu.picker.isVisible()
    assert menu.picker.screen().availableGeometry().contains(menu.picker.geometry())


def test_swatches_are_only_made_for_what_is_in_sight(picker):
    picker.grab()
    assert 0 < len(picker.list.swatches._pixmaps) < 60


def test_swatches_of_files_are_made_aside_and_those_that_cannot_be_say_why(hand):
    swatches = Swatches()
    arrived = []
    swatches.arrived.connect(lambda: arrived.append(True))
    for id in ("bids:viridis", "user:nothing"):
        assert swatches.pixmap(id, 64, 4, slow=True) is None
    assert process_events_until(lambda: len(arrived) == 2, PATIENCE)
    assert swatches.pixmap("bids:viridis", 64, 4, slow=True).width() == 64
    assert swatches.pixmap("user:nothing", 64, 4, slow=True) is None
    assert "unknown colormap" in swatches.fault("user:nothing")
    assert swatches.pixmap("bids:magma", 64, 4, slow=False) is not None
    assert len(arrived) == 2
    swatches.end()


def test_a_swatch_shows_every_colour_and_what_is_behind():
    image = swatch(colormap("viridis"), 256, 4)
    table = np.rint(colormap("viridis").lut(256)[:, :3] * 255)
    assert [image.pixelColor(at, 1).getRgb()[:3] for at in (0, 100, 255)] == [tuple(table[at]) for at in (0, 100, 255)]
    reverse = swatch(colormap("viridis"), 256, 4, inverted=True)
    assert reverse.pixelColor(0, 0).getRgb()[:3] == tuple(table[255])
    clear = type(colormap("gray")).from_colors("clear", [(1.0, 0.0, 0.0, 0.0)], flat=True)
    seen = swatch(clear, 16, 8)
    assert {seen.pixelColor(x, y).getRgb()[:3] for x in range(16) for y in range(8)} == set(SQUARE_COLORS)


def test_where_there_is_nothing_it_says_what_to_do(picker, folder):
    buttons = {button.text(): button for button in picker.findChildren(QtGui.QToolButton)}
    QTest.mouseClick(buttons["Mine"], QtCore.Qt.LeftButton)
    picker.search.setText("zzz")
    assert picker.list.sentence == "Nothing fits"
    picker.search.clear()
    assert str(folder) in picker.list.sentence
    assert names(picker) or dark_pixels(picker.list.viewport()) > 100


def dark_pixels(widget):
    """Return how many pixels of a widget have something written on them."""
    picture = widget.grab().toImage().convertToFormat(QtGui.QImage.Format_Grayscale8)
    rows = np.frombuffer(picture.constBits(), np.uint8).reshape(picture.height(), -1)[:, : picture.width()]
    return int((rows < 200).sum())


def test_near_the_edge_of_the_screen_the_picker_is_shorter_and_leaves_its_button_free(hand):
    menu = hand.panel.toolbar.colormaps
    screen = menu.screen().availableGeometry()
    hand.panel.window().move(screen.left(), screen.bottom() - 420)
    menu.open()
    shown = menu.picker.geometry()
    assert shown.top() >= menu.mapToGlobal(menu.rect().bottomLeft()).y()
    assert screen.bottom() >= shown.bottom()
    menu.picker.hide()
    hand.panel.window().move(screen.left(), screen.bottom() - 60)
    menu.open()
    assert menu.picker.height() >= 320
    assert screen.bottom() >= menu.picker.geometry().bottom()
