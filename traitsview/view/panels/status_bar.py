"""The line below the image: the readout under the cursor, and what the screen shows."""

from __future__ import annotations

from pyface.qt import QtCore, QtGui

from ...model.live_words import scalars_text
from ..qt.elided_label import ElidedLabel
from ..qt.following import Following
from ..qt.plain_text import plain_tip
from ..tools.commands import COMMANDS


class StatusBar(Following, QtGui.QWidget):
    """Shows a viewer's readout on the left and what its plot shows on the right; a fault stands out.

    While a tool is used, its message, such as the contrast, is on the left.  While the source is lost there
    is a button to try again at once.
    """

    def __init__(self, viewer, plot, tools):
        super().__init__()
        self._viewer, self._plot, self._tools = viewer, plot, []
        self._readout, self._shown = ElidedLabel(), ElidedLabel()
        self._shown.setAlignment(QtCore.Qt.AlignRight | QtCore.Qt.AlignVCenter)
        row = QtGui.QHBoxLayout(self)
        row.setContentsMargins(8, 3, 8, 3)
        row.addWidget(self._readout)
        row.addWidget(self._shown, 1)  # all of the room: a longer text must not wait for the next layout
        self._retry = QtGui.QToolButton()
        self._retry.setText("Retry now")
        self._retry.setToolTip(COMMANDS["retry"].tip)
        self._retry.setFocusPolicy(QtCore.Qt.NoFocus)
        self._retry.setFixedHeight(self._shown.sizeHint().height())  # the image must not move when it comes
        self._retry.clicked.connect(lambda checked=False: viewer.retry())
        row.addWidget(self._retry)
        self.follow(viewer, self._refresh_readout, "readout_line")
        self.follow(viewer, self._refresh_shown, "shown")
        self.follow(plot, self._refresh_shown, "scaled")
        for tool in tools:
            self.add_tool(tool)
        self._refresh_readout()
        self._refresh_shown()

    def add_tool(self, tool):
        """Show the messages of one more tool."""
        self._tools.append(tool)
        self.follow(tool, self._refresh_readout, "message")

    def _refresh_readout(self, event=None):
        message = next((tool.message for tool in self._tools if tool.message), "")
        self._readout.setText(message or self._viewer.readout_line)

    def _refresh_shown(self, event=None):
        viewer = self._viewer
        wrong = viewer.status.wrong
        text = "picture computed for another view" if self._plot.scaled and not wrong else viewer.shown
        self._shown.setText(text)
        numbers = "" if viewer.frame is None else scalars_text(viewer.frame)
        self._shown.setToolTip(plain_tip(f"{text}\n{numbers}" if numbers else text))
        self._shown.mark("" if not wrong else "old" if viewer.contact.state == "stale" else "wrong")
        self._retry.setVisible(viewer.contact.can_retry)
