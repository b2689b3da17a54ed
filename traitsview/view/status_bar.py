"""The line below the image: what is under the cursor, and what the pixels are."""

from __future__ import annotations

from pyface.qt import QtCore, QtGui


class StatusBar(QtGui.QWidget):
    """Shows a viewer's readout on the left and what its plot shows on the right; a fault stands out."""

    def __init__(self, viewer, plot):
        super().__init__()
        self._viewer, self._plot = viewer, plot
        self._readout, self._shown = _Line(), _Line()
        self._shown.setAlignment(QtCore.Qt.AlignRight | QtCore.Qt.AlignVCenter)
        row = QtGui.QHBoxLayout(self)
        row.setContentsMargins(8, 3, 8, 3)
        row.addWidget(self._readout)
        row.addStretch(1)
        row.addWidget(self._shown)
        viewer.observe(self._refresh_readout, "readout_line")
        viewer.observe(self._refresh_shown, "shown")
        plot.observe(self._refresh_shown, "scaled")
        self._refresh_readout()
        self._refresh_shown()

    def close(self):
        """Stop following the viewer."""
        self._viewer.observe(self._refresh_readout, "readout_line", remove=True)
        self._viewer.observe(self._refresh_shown, "shown", remove=True)
        self._plot.observe(self._refresh_shown, "scaled", remove=True)

    def _refresh_readout(self, event=None):
        self._readout.setText(self._viewer.readout_line)

    def _refresh_shown(self, event=None):
        viewer = self._viewer
        wrong = viewer.lost or viewer.fault
        text = "scaled from another place" if self._plot.scaled and not wrong else viewer.shown
        self._shown.setText(text)
        self._shown.setToolTip(text)
        self._shown.setStyleSheet("color: #b02a1a; font-weight: 600" if wrong else "")


class _Line(QtGui.QLabel):
    """A label that gives way where there is no room."""

    def __init__(self):
        super().__init__()
        self.setTextFormat(QtCore.Qt.PlainText)
        self.setSizePolicy(QtGui.QSizePolicy.Preferred, QtGui.QSizePolicy.Fixed)
        self.setTextInteractionFlags(QtCore.Qt.TextSelectableByMouse)

    def minimumSizeHint(self):  # noqa: N802
        """Need no room at all."""
        return QtCore.QSize(0, super().minimumSizeHint().height())
