"""The picker of colormaps: a popup with a search, categories and a list, that shows the current row on the image."""

from __future__ import annotations

from pyface.qt import QtCore, QtGui
from traits.api import TraitError

from ...color.catalogue import catalogue
from ...errors import TraitsviewError, counted
from ...model.colormap_choice import CATEGORIES, REVERSED, ColormapChoice
from ...model.colormap_trial import ColormapTrial
from ...model.keeping.kept_colormaps import kept_colormaps
from ..qt.elided_label import ElidedLabel
from ..qt.following import Following
from ..qt.plain_text import plain_tip
from ..qt.screen_room import moved_inside
from .colormap_folders import ColormapFolders
from .colormap_list import ColormapList

__all__ = ["ColormapPicker"]

#: Size where the screen has room for it, in Qt's pixels.
WIDTH = 410
HEIGHT = 560

#: A height below which the popup rather covers the widget that it belongs to, in Qt's pixels.
MINIMUM_HEIGHT = 320

#: Files that cannot be read, of those at most this many are listed.
LISTED_FAILURES = 3

_KEYS_OF_ROWS = {QtCore.Qt.Key_Up: -1, QtCore.Qt.Key_Down: 1}
_KEYS_OF_PAGES = {QtCore.Qt.Key_PageUp: -1, QtCore.Qt.Key_PageDown: 1}


class ColormapPicker(Following, QtGui.QFrame):
    """Chooses the colormap of a viewer.

    The image has the colours of the current row at once.  Enter or a click takes the colormap.  If the picker closes in
    another way, the colormap from before comes back.

    Parameters
    ----------
    viewer : ImageViewer
    open_file : callable
        Called when the user wants to open a file.
    """

    def __init__(self, viewer, open_file, parent=None):
        super().__init__(parent, QtCore.Qt.Popup)
        self.setAttribute(QtCore.Qt.WA_NoMouseReplay)  # the press on the button that closes it must not open it again
        self.setFrameShape(QtGui.QFrame.StyledPanel)
        self._viewer, self._open_file = viewer, open_file
        self._kept = kept_colormaps()
        self.trial = ColormapTrial(viewer, self._kept)
        self._awaited = None
        self.choice = ColormapChoice()
        self.folders = self.own(ColormapFolders(self._kept.read))
        self.folders.changed.connect(self._look_anew)
        self.folders.looked.connect(self._kept.load)
        self.list = self.own(ColormapList(self.choice, self._kept))
        self.list.reached.connect(self._show)
        self.list.taken.connect(self._take)
        self.list.swatches.arrived.connect(self._go_on)
        self._build()
        self.follow(self.choice, self._follow_rows, "rows")
        self.follow(viewer, self._refresh_inverted, "appearance.inverted")
        self.follow(self._kept, self._refresh_star, "favourites")
        self.list.selectionModel().currentChanged.connect(lambda *rows: self._refresh_star())
        self.at_end(self.hide)

    # ---- building --------------------------------------------------------------

    def _build(self):
        self.search = QtGui.QLineEdit()
        self.search.setClearButtonEnabled(True)
        self.search.setPlaceholderText("Search")
        self.search.setToolTip("Words that the name has in it; ↑ ↓ go through the list, Enter takes, Esc gives up")
        self.search.textChanged.connect(lambda text: self.choice.trait_set(query=text))
        self.search.installEventFilter(self)
        self._said = ElidedLabel()
        self._failures = [ElidedLabel() for _ in range(LISTED_FAILURES)]
        column = QtGui.QVBoxLayout(self)
        column.setContentsMargins(1, 6, 1, 6)
        column.setSpacing(4)
        for part in (self.search, self._category_row()):
            row = QtGui.QHBoxLayout()
            row.setContentsMargins(7, 0, 7, 0)
            row.addWidget(part) if isinstance(part, QtGui.QWidget) else row.addLayout(part)
            column.addLayout(row)
        column.addWidget(self.list, 1)
        for line in self._failures:
            line.mark("wrong")
            line.setContentsMargins(7, 0, 7, 0)
            line.hide()
            column.addWidget(line)
        column.addLayout(self._last_row())

    def _category_row(self):
        row = QtGui.QHBoxLayout()
        row.setSpacing(1)
        self._categories = QtGui.QButtonGroup(self)
        for category in CATEGORIES:
            button = self._button(category.capitalize(), _CATEGORY_TIPS[category])
            button.setCheckable(True)
            button.setChecked(category == self.choice.category)
            button.clicked.connect(lambda checked, chosen=category: self._choose_category(chosen))
            self._categories.addButton(button)
            row.addWidget(button)
        row.addStretch(1)
        return row

    def _last_row(self):
        row = QtGui.QHBoxLayout()
        row.setContentsMargins(7, 0, 7, 0)
        row.addWidget(self._said, 1)
        self._invert = self._button("Invert", "Reverse the colormap")
        self._invert.setCheckable(True)
        self._invert.clicked.connect(
            lambda checked=False: self._viewer.appearance.trait_set(inverted=self._invert.isChecked())
        )
        self._star = self._button("Star", "Keep the current one at the top of the list, or no longer  (Ctrl+D)")
        self._star.setCheckable(True)
        self._star.clicked.connect(lambda checked=False: self._toggle_star())
        opening = self._button("Open file…", "Read a colormap from a file; dropping it on the image does the same")
        opening.clicked.connect(lambda checked=False: self._ask_for_file())
        for button in (self._star, self._invert, opening):
            row.addWidget(button)
        return row

    def _button(self, text, tip):
        button = QtGui.QToolButton()
        button.setText(text)
        button.setToolTip(tip)
        button.setAutoRaise(True)
        button.setFocusPolicy(QtCore.Qt.TabFocus)
        return button

    # ---- opening and closing -----------------------------------------------------

    def open_at(self, widget, only=()):
        """Open below `widget`, or where there is room; `only` are the ids to choose from, if not all are."""
        self.trial.begin()
        self._refresh_inverted()
        self.choice.trait_set(only=tuple(only), category="all", favourites=self._kept.favourites)
        self.choice.recent = self._kept.recent
        self._categories.buttons()[0].setChecked(True)
        self._refresh_entries()
        self.search.clear()
        self._go_to_chosen(only)
        self._place(widget)
        self.show()
        self.search.setFocus(QtCore.Qt.PopupFocusReason)
        self.folders.watch()

    def hideEvent(self, event):  # noqa: N802
        """Bring back the colormap from before, unless another one was taken."""
        super().hideEvent(event)
        self.folders.rest()
        self._awaited = None
        self.trial.end()

    def _place(self, widget):
        screen = widget.screen().availableGeometry()
        corner = widget.mapToGlobal(QtCore.QPoint(0, widget.height()))
        below = max(screen.bottom() + 1 - corner.y(), MINIMUM_HEIGHT)
        size = QtCore.QSize(min(WIDTH, screen.width()), min(HEIGHT, below, screen.height()))
        self.setGeometry(moved_inside(QtCore.QRect(corner, size), screen))

    def _go_to_chosen(self, only):
        shown = self.trial.shown_id
        row = self.choice.row_of(shown) if shown else -1
        if row < 0 and only and self.choice.first >= 0:
            self.list.go_to(self.choice.first)
            self._show(self.choice.first)
        else:
            self.list.go_to(row, centred=True)

    # ---- what the user does --------------------------------------------------------

    def eventFilter(self, watched, event):  # noqa: N802
        """Use keys for the list that a line of text does not need."""
        if event.type() == QtCore.QEvent.KeyPress and self._handle_key(event):
            return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event):  # noqa: N802
        """Do the same wherever the keyboard is."""
        if not self._handle_key(event):
            super().keyPressEvent(event)

    def _handle_key(self, event):
        key = event.key()
        if key in _KEYS_OF_ROWS:
            self.list.step(_KEYS_OF_ROWS[key])
        elif key in _KEYS_OF_PAGES:
            self.list.step(_KEYS_OF_PAGES[key] * self.list.page())
        elif key in (QtCore.Qt.Key_Return, QtCore.Qt.Key_Enter):
            if self.list.row >= 0:
                self._take(self.list.row)
        elif key == QtCore.Qt.Key_Escape:
            self.hide()
        elif key == QtCore.Qt.Key_D and event.modifiers() & QtCore.Qt.ControlModifier:
            self._toggle_star()
        else:
            return False
        return True

    def _choose_category(self, category):
        self.choice.category = category
        self.search.setFocus()

    def _toggle_star(self):
        id = self._current_id()
        if id:
            self._kept.star(id, id not in self._kept.favourites)
        self._refresh_star()

    def _refresh_star(self, event=None):
        self._star.setChecked(self._current_id() in self._kept.favourites)

    def _ask_for_file(self):
        self.hide()
        self._open_file()

    def _show(self, row):
        """Show a row's colormap on the image."""
        if self._awaits(row, self._show):
            return
        try:
            self.trial.show(self.choice.rows[row].id)
        except TraitError as error:
            self._say(str(error), wrong=True)
        else:
            self._say_count()

    def _take(self, row):
        """Stay with a row's colormap."""
        id = self.choice.rows[row].id
        if not id or self._awaits(row, self._take):
            return
        try:
            self.trial.take(id)
        except TraitsviewError as error:
            self._say(str(error), wrong=True)
        else:
            self.hide()

    def _awaits(self, row, act):
        """Whether a row's file has to be read first: then `act` is called with the row, if the user has not gone on."""
        chosen = self.choice.rows[row]
        self._awaited = None
        if not chosen.slow or self.list.swatches.prepare(chosen.id):
            return False
        self._awaited = chosen.id, act
        self._say(f"reading {chosen.name} …")
        return True

    def _go_on(self):
        if self._awaited is None or not self.list.swatches.prepare(self._awaited[0]):
            return
        id, act = self._awaited
        row = self.choice.row_of(id)
        if row >= 0:
            act(row)

    def _current_id(self):
        row = self.list.row
        return _plain(self.choice.rows[row].id) if 0 <= row < len(self.choice.rows) else ""

    # ---- following -------------------------------------------------------------------

    def _look_anew(self):
        self.list.swatches.forget()
        self.trial.reread()
        self._refresh_entries()

    def _refresh_entries(self):
        failures = catalogue().failures()
        unread = {failure.path for failure in failures}
        self.choice.entries = tuple(entry for entry in catalogue().entries() if str(entry.path) not in unread)
        self._show_failures([failure.reason for failure in failures])
        self._say_count()

    def _follow_rows(self, event):
        """Keep the current row if the new list has it; a search goes to the best row."""
        if not self.trial.going_on:
            return
        if not self.choice.query:
            self.list.go_to(self.choice.row_of(self.trial.shown_id), centred=True)
        elif self.choice.first >= 0:
            self.list.go_to(self.choice.first)
            self.list.scrollToTop()
            self._show(self.choice.first)
        else:
            self._awaited = None
            self.trial.show_before()
        self._say_count()

    def _refresh_inverted(self, event=None):
        self._invert.setChecked(self._viewer.appearance.inverted)

    def _say_count(self):
        count = len({row.id for row in self.choice.rows if row.id})
        self._say("nothing fits" if self.choice.guessed else counted(count, "colormap") if count else "")
        if self.choice.category == "mine" and not self.choice.query:
            self.list.sentence = f"Put your files into\n{catalogue().folders()[0]}"
        else:
            self.list.sentence = "Nothing fits"

    def _say(self, text, wrong=False):
        self._said.setText(text)
        self._said.setToolTip(plain_tip(text))
        self._said.mark("wrong" if wrong else "")

    def _show_failures(self, texts):
        if len(texts) > LISTED_FAILURES:
            texts[LISTED_FAILURES - 1 :] = [f"{len(texts) - LISTED_FAILURES + 1} more files cannot be read"]
        for line, text in zip(self._failures, [*texts, *[""] * LISTED_FAILURES], strict=False):
            line.setText(text)
            line.setToolTip(plain_tip(text))
            line.setVisible(bool(text))


def _plain(id):
    return id.removesuffix(REVERSED)


_CATEGORY_TIPS = {
    "all": "Every colormap there is",
    "sequential": "From little to much",
    "diverging": "Away from a value in the middle, to both sides",
    "cyclic": "For angles and phases: they end where they begin",
    "categorical": "For labels and classes",
    "mine": "From your own files",
}
