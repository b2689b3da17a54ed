"""Buttons that do a command."""

from __future__ import annotations

from pyface.qt import QtCore, QtGui

from .commands import COMMANDS

__all__ = ["command_button"]


def command_button(text, name, do, checkable=False):
    """Return a button with a text that does the command of a name, and takes no keyboard from the image.

    Parameters
    ----------
    text : str
    name : str
        A key of `COMMANDS`.
    do : callable
        Does a `Command`.
    checkable : bool
        Whether the button stays down while what it stands for holds.
    """
    button, command = QtGui.QToolButton(), COMMANDS[name]
    button.setText(text)
    button.setToolTip(command.full_tip)
    button.setCheckable(checkable)
    button.setFocusPolicy(QtCore.Qt.NoFocus)
    button.clicked.connect(lambda checked=False: do(command))
    return button
