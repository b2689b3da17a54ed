"""The dialog "Running programs": what runs here or on another machine, and which array of it to open."""

from __future__ import annotations

from pyface.qt import QtCore, QtGui

from ..sources.image_words import dtype_text
from ..view.qt.following import Following
from ..view.qt.gui_thread import GuiThread
from ..view.qt.plain_text import plain_label, plain_tip
from ..view.qt.theme import theme_of
from .program_list import ProgramList, shape_text

__all__ = ["ProgramsDialog"]

THIS_MACHINE = "This machine"

_ADDRESS = QtCore.Qt.ItemDataRole.UserRole
_PROGRAM = _ADDRESS + 1  # the address of a program whose arrays are listed when its row is chosen


class ProgramsDialog(Following, QtGui.QDialog):
    """Lists programs and their arrays.  A double click, or Return, opens an array.

    A kernel or a cluster is a row without arrays at first.  It says that code of ours runs there to list or to open
    them, and does it when the user chooses the row.

    Parameters
    ----------
    parent : QWidget
    open_text : callable
        Is called with the address that is chosen.
    **traits
        Of the `ProgramList`.
    """

    def __init__(self, parent, open_text, **traits):
        super().__init__(parent)
        self._open_text = open_text
        self._gui_thread = GuiThread()
        self._ended = False
        self.programs = ProgramList(self._post, **traits)
        self.setWindowTitle("Running programs")
        self.resize(860, 440)
        self._lay_out()
        self.at_end(self._stop)
        self.follow(self.programs, self._fill, "shown")
        self.follow(self.programs, self._tell, "state")

    def begin(self, hosts):
        """Show what runs now.  What was looked into before is looked into again.

        Parameters
        ----------
        hosts : sequence of str
            Machines to choose from, beside this one.
        """
        text = self.host.currentText()
        self.host.clear()
        self.host.addItems([THIS_MACHINE, *hosts])
        self.host.setEditText(text or THIS_MACHINE)
        self.programs.refresh()
        self.show()
        self.raise_()
        self.tree.setFocus()

    def _lay_out(self):
        self.host = QtGui.QComboBox()
        self.host.setEditable(True)
        self.host.setInsertPolicy(QtGui.QComboBox.NoInsert)
        self.host.setToolTip("This machine, or HOST as ssh takes it")
        self.host.setMinimumContentsLength(22)
        self.host.activated.connect(self._choose_host)
        self.host.lineEdit().returnPressed.connect(self._choose_host)
        self.filter = QtGui.QLineEdit()
        self.filter.setPlaceholderText("Filter: words of a name, shape or type")
        self.filter.setClearButtonEnabled(True)
        self.filter.textChanged.connect(lambda text: self.programs.trait_set(filter=text))
        self.refresh = QtGui.QPushButton("&Refresh")
        self.refresh.setAutoDefault(False)
        self.refresh.clicked.connect(self._choose_host)
        top = QtGui.QHBoxLayout()
        top.addWidget(self.host)
        top.addWidget(self.filter, 1)
        top.addWidget(self.refresh)

        self.tree = _Tree()
        self.tree.setHeaderLabels(["Program, array", "Shape", "Type", "Details"])
        self.tree.setUniformRowHeights(True)
        self.tree.setExpandsOnDoubleClick(False)
        self.tree.chosen.connect(self._choose)
        self.tree.currentItemChanged.connect(lambda *items: self._tell_buttons())

        self.state = plain_label()
        self.state.setWordWrap(True)
        self.state.setTextInteractionFlags(QtCore.Qt.TextSelectableByMouse)
        self.open = QtGui.QPushButton("&Open")
        self.open.setAutoDefault(False)
        self.open.clicked.connect(lambda: self._choose(self.tree.currentItem()))
        close = QtGui.QPushButton("Close")
        close.setAutoDefault(False)
        close.clicked.connect(self.reject)
        bottom = QtGui.QHBoxLayout()
        bottom.addWidget(self.state, 1)
        bottom.addWidget(self.open)
        bottom.addWidget(close)

        layout = QtGui.QVBoxLayout(self)
        layout.addLayout(top)
        layout.addWidget(self.tree, 1)
        layout.addLayout(bottom)
        for column, width in enumerate((270, 110, 160)):
            self.tree.setColumnWidth(column, width)
        self._tell_buttons()

    # ---- what the user does --------------------------------------------------

    def _choose_host(self, *chosen):
        text = self.host.currentText().strip()
        host = "" if text == THIS_MACHINE else text
        if host == self.programs.host:
            self.programs.refresh()
        self.programs.host = host

    def _choose(self, item):
        """Open the array of a row, or list the arrays of its program."""
        if item is None:
            return
        program, address = item.data(0, _PROGRAM), item.data(0, _ADDRESS)
        if program:
            self._post(lambda: self.programs.look_into(program))  # not here: Qt still uses the row
        elif address:
            self._open_text(address)
            self.accept()

    # ---- what is shown -------------------------------------------------------

    def _fill(self, event=None):
        """Show the programs and their arrays; what was current stays so."""
        current = self.tree.currentItem()
        before = current.data(0, _ADDRESS) or current.data(0, _PROGRAM) if current is not None else None
        closed = {top.data(0, _ADDRESS) or top.data(0, _PROGRAM) for top in self._tops() if not top.isExpanded()}
        place = self.tree.verticalScrollBar().value()
        self.tree.clear()
        for program in self.programs.shown:
            top = self._row(self.tree, (program.name, "", "", program.facts), program.address, program)
            for array in program.arrays or ():
                detail = "" if array.detail.startswith(program.detail) else array.detail
                texts = (array.name, shape_text(array), dtype_text(array.dtype), detail)
                self._row(top, texts, array.address)
            note = _note(program)
            if note:
                self._note_row(top, note, program)
            top.setExpanded(program.address not in closed)
        for row in self._rows():
            if before is not None and before in (row.data(0, _ADDRESS), row.data(0, _PROGRAM)):
                self.tree.setCurrentItem(row)
                break
        self.tree.verticalScrollBar().setValue(place)
        self._tell()
        self._tell_buttons()

    def _row(self, parent, texts, address, program=None):
        row = QtGui.QTreeWidgetItem(parent, list(texts))
        listing = program is not None and program.place
        row.setData(0, _PROGRAM if listing else _ADDRESS, address)
        row.setToolTip(0, plain_tip(address))
        return row

    def _note_row(self, top, note, program):
        row = QtGui.QTreeWidgetItem(top, [note])
        row.setFirstColumnSpanned(True)
        row.setForeground(0, theme_of(self.palette()).faint)
        row.setToolTip(0, plain_tip(note))
        if program.place:
            row.setData(0, _PROGRAM, program.address)

    def _tell(self, event=None):
        hidden = "Nothing here has all these words." if self.programs.programs and not self.programs.shown else ""
        self.state.setText(self.programs.state or hidden)

    def _tell_buttons(self):
        item = self.tree.currentItem()
        lists = item is not None and bool(item.data(0, _PROGRAM))
        self.open.setText("&List arrays" if lists else "&Open")
        self.open.setEnabled(item is not None and (lists or bool(item.data(0, _ADDRESS))))

    def _tops(self):
        return [self.tree.topLevelItem(k) for k in range(self.tree.topLevelItemCount())]

    def _rows(self):
        for top in self._tops():
            yield top
            yield from (top.child(k) for k in range(top.childCount()))

    # ---- threads -------------------------------------------------------------

    def _post(self, function):
        self._gui_thread.post(lambda: None if self._ended else function())

    def _stop(self):
        self._ended = True
        self.close()
        self.deleteLater()


class _Tree(QtGui.QTreeWidget):
    """A tree that emits `chosen` with the row that is clicked twice, or current when Return is pressed.

    Qt's own signal for this comes from a single click on some desktops, and code must not run for that.
    """

    chosen = QtCore.Signal(object)

    def __init__(self):
        super().__init__()
        self.itemDoubleClicked.connect(lambda item, column: self.chosen.emit(item))

    def keyPressEvent(self, event):  # noqa: N802
        if event.key() in (QtCore.Qt.Key_Return, QtCore.Qt.Key_Enter) and self.currentItem() is not None:
            self.chosen.emit(self.currentItem())
        else:
            super().keyPressEvent(event)


def _note(program):
    """Return what stands below a program in the place of its arrays, or empty."""
    if program.state:
        return program.state
    if program.arrays is None and program.place:
        return f"Double-click to list its arrays: code of traitsview will run in {program.place}"
    return ""
