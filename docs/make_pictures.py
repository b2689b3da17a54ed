"""Makes the pictures of the documentation from the program itself: ``.venv/bin/python docs/make_pictures.py``."""

from __future__ import annotations

import os
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("ETS_TOOLKIT", "qt")

from traitsview.cli.demo_image import demo_file
from traitsview.cli.demo_tour import take
from traitsview.remote.launch import HostProcess
from traitsview.remote.remote_source import RemoteSource
from traitsview.view import window

IMAGES = Path(__file__).parent / "images"
SIZE = 1000, 760
LOOK = {"colormap": "inferno", "scale": "asinh", "limits": "99.5%"}


def main() -> None:
    IMAGES.mkdir(exist_ok=True)
    path = str(demo_file())
    with RemoteSource(HostProcess.start(path), path) as source:
        viewer = window.view(source, size=SIZE, **LOOK)
        window.screenshot(viewer, IMAGES / "whole.png")
        take(viewer, window)
        window.screenshot(viewer, IMAGES / "window.png")
        window.panel_of(viewer).window().close()
    for picture in sorted(IMAGES.glob("*.png")):
        print(picture, picture.stat().st_size // 1024, "KB")


if __name__ == "__main__":
    main()
