"""Whether a person can see a widget: not while its window is minimised or hidden."""

from __future__ import annotations

from pyface.qt import QtCore

__all__ = ["Sight"]

_TOLD = (QtCore.QEvent.Show, QtCore.QEvent.Hide, QtCore.QEvent.WindowStateChange)


class Sight(QtCore.QObject):
    """Tells whether a widget can be seen, each time that this changes, until `end`.

    Parameters
    ----------
    widget : QWidget
    notify : callable
        Called with True or False.
    """

    def __init__(self, widget, notify):
        super().__init__(widget)
        self._widget, self._notify, self._seen = widget, notify, True
        self._window = None
        widget.installEventFilter(self)

    def end(self):
        """Tell nothing more."""
        self._notify = lambda seen: None

    def eventFilter(self, watched, event):  # noqa: N802
        """Look again after each event that may change what is seen."""
        if event.type() in _TOLD:
            window = self._widget.window()
            if window is not self._window and window is not self._widget:
                self._window = window
                window.installEventFilter(self)
            self._look()
        return False

    def _look(self):
        seen = self._widget.isVisible() and not self._widget.window().isMinimized()
        if seen != self._seen:
            self._seen = seen
            self._notify(seen)
