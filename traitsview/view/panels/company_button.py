"""The button that shows who else looks at the image, and leads, follows and stops."""

from __future__ import annotations

from pyface.qt import QtCore, QtGui

from ..qt.following import Following
from ..qt.plain_text import plain_tip
from ..tools.commands import COMMANDS

__all__ = ["CompanyButton"]


class CompanyButton(Following, QtGui.QToolButton):
    """Says how many look and who leads; its menu has all names and the commands.

    It is hidden where the image is read for this window alone.

    Parameters
    ----------
    together : Together
    do : callable
        Does a `Command`.
    parent : QWidget
    """

    def __init__(self, together, do, parent):
        super().__init__(parent)
        self.setFixedHeight(QtGui.QFontMetrics(self.font()).height() + 2)  # the image must not move when it comes
        self._together, self._do = together, do
        self.setObjectName("company")
        self.setPopupMode(QtGui.QToolButton.InstantPopup)
        self.setAutoRaise(True)
        self.setFocusPolicy(QtCore.Qt.NoFocus)
        self.setMenu(QtGui.QMenu(self))
        self.menu().aboutToShow.connect(self._fill)
        self.follow(together, self._refresh, "company, leading, following, gathers")
        self._refresh()

    def _refresh(self, event=None):
        together = self._together
        self.setVisible(together.gathers)
        self.setText(_words(together))
        names = "\n".join(_names(together))
        self.setToolTip(plain_tip(f"Who looks at this image: each goes their own way, or follows one\n{names}"))

    def _fill(self):
        """Make the menu as things are now."""
        menu, together = self.menu(), self._together
        menu.clear()
        for name in _names(together):
            menu.addAction(name.replace("&", "&&")).setEnabled(False)
        menu.addSeparator()
        leads, follows = together.leading, together.following
        self._offer("lead_others", "Lead the others" if not leads else "Lead no more", True)
        leader = str(together.leader).replace("&", "&&") if together.leader is not None else "the leader"
        self._offer(
            "follow_leader", f"Follow {leader}" if not follows else "Follow no more", together.leader is not None
        )

    def _offer(self, name, text, enabled):
        command = COMMANDS[name]
        action = self.menu().addAction(f"{text}\t{command.keys[0]}")
        action.setEnabled(enabled)
        action.triggered.connect(lambda checked=False: self._do(command))


def _words(together):
    count = len(together.company.people)
    if together.leading:
        return "You lead"
    if together.following:
        return f"Following {_short(together.leader)}"
    if together.leader is not None:
        return f"{_short(together.leader)} leads"
    return f"{count} look" if count > 1 else "Alone"


def _short(person):
    """Return a name in few characters; the tool tip has all of it."""
    name = str(person)
    return name if len(name) <= 16 else f"{name[:15]}…"


def _names(together):
    """Return a line for each who looks."""
    company = together.company
    lines = []
    for person in company.people:
        marks = ["you"] * (person.number == company.me) + ["leads"] * (person.number == company.leader)
        lines.append(", ".join((str(person), *marks)))
    return lines
