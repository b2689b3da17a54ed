"""Shows texts that come with an image as they are, also if they look like HTML."""

from __future__ import annotations

from html import escape

from pyface.qt import QtCore, QtGui

__all__ = ["plain_label", "plain_tip"]


def plain_label(text=""):
    """Return a label that shows `text` as it is; Qt would look whether it can be taken for HTML."""
    label = QtGui.QLabel()
    label.setTextFormat(QtCore.Qt.PlainText)
    label.setText(text)
    return label


def plain_tip(text):
    """Return `text` for a tool tip that shows it as it is: escaped if Qt would take it for HTML."""
    return f"<span>{escape(text)}</span>" if "<" in text or "&" in text else text
