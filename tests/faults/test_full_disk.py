"""On a full disk only the file that is being written is lost, and no part of it stays."""

from __future__ import annotations

import subprocess
import sys

import pytest
from kit.patience import PATIENCE

MOUNTS = ["unshare", "--mount"]

#: Fills a file system of 8 MB and then tries to save a picture, an array and a window there.
SAVING = """
import os, subprocess, sys
from pathlib import Path

folder = Path(sys.argv[1])
subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(folder)], check=True)

import numpy as np
from traitsui.api import toolkit
toolkit("qt")
from pyface.qt import QtGui
from traitsview.cli.main import main
from traitsview.cli.output_file import WriteError, whole_file
from traitsview.errors import RequestError
from traitsview.view.picture_file import save_widget

np.save(folder / "image.npy", np.random.default_rng(1).random((600, 800), np.float32))
(folder / "old.npy").write_bytes(b"as it was")
(folder / "old.png").write_bytes(b"as it was")
room = 1 << 20
with open(folder / "filler", "wb") as filler:
    filler.truncate(0)
    status = os.statvfs(folder)
    filler.write(bytes(status.f_bavail * status.f_frsize - room))
before = sorted(os.listdir(folder))

print(main(["render", str(folder / "image.npy"), "-o", str(folder / "old.npy")]))
print(main(["render", str(folder / "image.npy"), "-o", str(folder / "new.npy")]))

application = QtGui.QApplication.instance() or QtGui.QApplication([])
label = QtGui.QLabel()
noise = np.random.default_rng(2).integers(0, 255, (1200, 1600, 4), np.uint8)
picture = QtGui.QImage(noise.data, 1600, 1200, QtGui.QImage.Format_RGB32)
label.setPixmap(QtGui.QPixmap.fromImage(picture))
label.resize(1600, 1200)
for name in ("old.png", "new.png", "new.bmp", "new.tif", "new.jpg"):
    try:
        save_widget(label, folder / name)
        print(name, "saved", QtGui.QImage(str(folder / name)).isNull())
        (folder / name).unlink()
    except RequestError as error:
        print(name, "refused", str(error).partition(":")[2])

print([(folder / name).read_bytes() for name in ("old.npy", "old.png")])
print(sorted(os.listdir(folder)) == before)
"""


@pytest.mark.fault("S10")
def test_saving_to_a_full_disk_fails_and_leaves_no_file(tmp_path):
    tried = subprocess.run([*MOUNTS, "mount", "-t", "tmpfs", "tmpfs", str(tmp_path)], capture_output=True, text=True)
    if tried.returncode:
        pytest.skip(f"nothing can be mounted here: {tried.stderr.strip()}")
    saving = [*MOUNTS, sys.executable, "-c", SAVING, str(tmp_path)]
    done = subprocess.run(saving, capture_output=True, text=True, timeout=PATIENCE)
    refused = "refused  the file cannot be written; choose another folder"
    assert done.stdout.splitlines() == [
        "1",
        "1",
        *(f"{name} {refused}" for name in ("old.png", "new.png", "new.bmp", "new.tif", "new.jpg")),
        "[b'as it was', b'as it was']",
        "True",
    ]
    assert done.stderr.count("no space left on device; choose another folder") == 2
    assert "Traceback" not in done.stderr
