"""The bar below a live image: pause, one frame back or on, a slider through the frames that are kept, and recording."""

from __future__ import annotations

from pyface.qt import QtCore, QtGui

from ...model.live_words import frame_text
from ..qt.following import Following
from ..qt.plain_text import plain_label, plain_tip
from ..tools.command_button import command_button
from ..tools.commands import COMMANDS

__all__ = ["LiveBar"]

#: Signs on the buttons: they do not depend on the font having pictures of players.
BACK, ON = "◂", "▸"


class LiveBar(Following, QtGui.QWidget):
    """Steers the frames of a live image; takes no room below any other one.

    Parameters
    ----------
    viewer : ImageViewer
    parent : QWidget
    do : callable
        Does a `Command`.
    keyboard : KeyboardReturn
        Gives the keyboard back to the image after clicks.
    """

    def __init__(self, viewer, parent, do, keyboard):
        super().__init__(parent)
        self._viewer, self._do = viewer, do
        row = QtGui.QHBoxLayout(self)
        row.setContentsMargins(8, 2, 8, 2)
        self._pause = self._add_button(row, "pause", "Pause")
        self._pause.setCheckable(True)
        self._pause.setFixedWidth(self._pause.sizeHint().width())
        self._back = self._add_button(row, "frame_back", BACK)
        self._on = self._add_button(row, "frame_on", ON)
        self._slider = QtGui.QSlider()
        self._slider.setOrientation(QtCore.Qt.Horizontal)
        self._slider.setToolTip(plain_tip("Frames that can be shown again; drag to look back"))
        self._slider.valueChanged.connect(self._choose)
        self._slider.sliderPressed.connect(lambda: viewer.live.trait_set(paused=True))
        row.addWidget(self._slider, 1)
        self._newer = plain_label()
        row.addWidget(self._newer)
        self._resume = self._add_button(row, "follow_frames", "Live")
        self._record = self._add_button(row, "record", "Record")
        self._record.setCheckable(True)
        self._recorded = plain_label()
        row.addWidget(self._recorded)
        keyboard.watch(self._slider)
        self.follow(viewer.live, self._refresh, "live", "paused", "marks", "behind", "version")
        self.follow(viewer.recording, self._refresh_recording, "line", "running")
        self._refresh()
        self._refresh_recording()

    def _add_button(self, row, name, text):
        button = command_button(text, name, self._do)
        row.addWidget(button)
        return button

    def _choose(self, at):
        live = self._viewer.live
        if at < len(live.marks):
            live.look_back(live.marks[at])

    def _refresh(self, event=None):
        live = self._viewer.live
        self.setVisible(live.live)
        if not live.live or (event is not None and event.name == "version" and not live.paused):
            return
        paused, marks = live.paused, live.marks if live.paused else ()
        self._pause.setChecked(paused)
        self._pause.setToolTip(COMMANDS["pause"].full_tip)
        self._resume.setEnabled(paused)
        at = next((at for at, mark in enumerate(marks) if mark.version == live.aim), None)
        for widget, value in ((self._slider, at), (self._back, at), (self._on, at)):
            widget.setEnabled(not paused or value is not None or bool(marks))
        self._slider.blockSignals(True)
        self._slider.setRange(0, max(len(marks) - 1, 1))
        if at is not None and not self._slider.isSliderDown():
            self._slider.setValue(at)
        elif not paused:
            self._slider.setValue(self._slider.maximum())
        self._slider.blockSignals(False)
        newer = f"{live.behind} newer" if paused else ""
        self._newer.setText(newer)
        self._newer.setToolTip(plain_tip(frame_text(live.newest) if paused else ""))

    def _refresh_recording(self, event=None):
        recording = self._viewer.recording
        self._record.setChecked(recording.running)
        self._recorded.setText(recording.line)
        self._recorded.setVisible(bool(recording.line))
