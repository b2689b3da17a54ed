"""Texts that come with an image, shown as they are: what looks like HTML in them is no HTML."""

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
    """Return what a tool tip has to be told to show `text` as it is."""
    return f"<span>{escape(text)}</span>" if "<" in text or "&" in text else text
