#!/usr/bin/env bash
#
# Qt: where a panel has a focus proxy, Tab never reaches the widgets of the panel that come before the proxy.
#
# A panel that stands for the most important of its widgets has it as its focus proxy: panel.setFocusProxy(image).  The
# panel itself takes no focus by Tab (Qt.NoFocus), and all of its widgets do (Qt.StrongFocus).  One would expect Tab to go
# through all of them in their order and around.  But when Tab comes around to the panel, the proxy gets the focus, and
# what lies between the panel and the proxy is left out, for ever.  Only an order in which the proxy comes last, or first,
# lets Tab go everywhere.
#
# Seen with PySide6-Essentials 6.11.3:
#
#     bar, image, list: image list image list
#     bar, list, image: image bar list image
#
# Ends with 0 while this is so, and with 1 when it has changed.

set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check PySide6-Essentials==6.11.3
cd "$folder"
QT_QPA_PLATFORM=offscreen "$folder/venv/bin/python" - <<'PYTHON'
import sys

from PySide6 import QtCore, QtGui, QtWidgets

app = QtWidgets.QApplication([])


def reached(*order):
    """Return the names of the widgets that have the focus one after the other, when Tab is pressed."""
    window = QtWidgets.QWidget()
    panel = QtWidgets.QWidget(window)
    column = QtWidgets.QVBoxLayout(panel)
    widgets = {}
    for name in order:
        widgets[name] = QtWidgets.QLineEdit(panel, objectName=name)
        column.addWidget(widgets[name])
    for before, after in zip(order, order[1:]):
        QtWidgets.QWidget.setTabOrder(widgets[before], widgets[after])
    QtWidgets.QVBoxLayout(window).addWidget(panel)
    panel.setFocusProxy(widgets["image"])
    window.show()
    window.activateWindow()
    app.processEvents()
    widgets["image"].setFocus()
    names = []
    for _ in range(4):
        focused = app.focusWidget()
        names.append(focused.objectName())
        for kind in (QtCore.QEvent.Type.KeyPress, QtCore.QEvent.Type.KeyRelease):
            key = QtGui.QKeyEvent(kind, QtCore.Qt.Key.Key_Tab, QtCore.Qt.KeyboardModifier.NoModifier)
            app.sendEvent(focused, key)
    return names


seen = {order: reached(*order) for order in (("bar", "image", "list"), ("bar", "list", "image"))}
for order, names in seen.items():
    print(f"{', '.join(order)}: {' '.join(names)}")
wanted = [["image", "list", "image", "list"], ["image", "bar", "list", "image"]]
sys.exit(0 if list(seen.values()) == wanted else 1)
PYTHON
