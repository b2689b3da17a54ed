#!/bin/sh
# A Qt label whose style sheet names no colour does not follow the palette of the application any more.
#
# PySide6 6.7.3 and 6.11.3, Fusion style.  Two labels have style sheets that say nothing of colours, one of the weight of
# letters and one of a margin.  The application then takes a dark palette, as Qt does when the desktop becomes dark.  Seen:
#
#                          letters before   letters after
#   no style sheet         #000000          #ffffff
#   font-weight: 600       #000000          #000000, on a dark ground
#   margin-top: 6px        #000000          #000000, on a dark ground
#
# Needs the libraries that Qt loads to paint off screen, such as libegl1.  Ends with 1 if that is different.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet PySide6-Essentials==6.11.3
QT_QPA_PLATFORM=offscreen "$folder/venv/bin/python" - <<'PYTHON'
from PySide6 import QtGui, QtWidgets

application = QtWidgets.QApplication(["labels"])
application.setStyle("Fusion")
application.setPalette(QtGui.QPalette(QtGui.QColor("#efefef")))
window = QtWidgets.QWidget()
column = QtWidgets.QVBoxLayout(window)
labels = {}
for sheet in ("", "font-weight: 600", "margin-top: 6px"):
    labels[sheet] = QtWidgets.QLabel("label")
    labels[sheet].setStyleSheet(sheet)
    column.addWidget(labels[sheet])
window.show()
application.processEvents()


def letters():
    return [label.palette().color(QtGui.QPalette.ColorRole.WindowText).name() for label in labels.values()]


before = letters()
application.setPalette(QtGui.QPalette(QtGui.QColor("#202020")))
application.processEvents()
after = letters()
for sheet, *colors in zip(labels, before, after):
    print(sheet or "no style sheet", *colors)
assert before == ["#000000", "#000000", "#000000"]
assert after == ["#ffffff", "#000000", "#000000"]
PYTHON
