"""`traitsview view` opens windows, or saves a screenshot of one without a display."""

import os
import socket

import numpy as np
import pytest
from PIL import Image

from traitsview.cli.main import main
from traitsview.display import has_display


def done(line):
    """Run a command line whose words hold no spaces, and return the exit code."""
    return main(line.split())


@pytest.fixture(autouse=True)
def _image(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    np.save("ramp.npy", np.arange(60000.0).reshape(200, 300))


def test_screenshot_needs_no_display():
    assert (
        done("view ramp.npy --screenshot out.png --size 640x480 --colormap viridis --limits 0 60000 --fits-pixels") == 0
    )
    with Image.open("out.png") as picture:
        assert picture.size == (640, 480)
        assert len(np.unique(np.asarray(picture.convert("RGB")).reshape(-1, 3), axis=0)) > 200


@pytest.mark.parametrize("content", ["nan", "inf", "constant", "one"])
def test_image_without_a_range_of_values_has_a_picture(content):
    values = {"nan": np.full((9, 9), np.nan), "inf": np.full((9, 9), np.inf), "constant": np.ones((9, 9))}
    np.save("odd.npy", values.get(content, np.array([[3.0]])))
    assert done("view odd.npy --screenshot out.png --scale log") == 0
    assert os.path.getsize("out.png") > 1000


def test_display_exists_only_if_a_server_answers(tmp_path):
    assert not has_display({})
    assert not has_display({"DISPLAY": ":4711"})
    assert not has_display({"DISPLAY": "nonsense"})
    assert not has_display({"WAYLAND_DISPLAY": "wayland-0", "XDG_RUNTIME_DIR": str(tmp_path)})
    assert has_display({"QT_QPA_PLATFORM": "offscreen"})


@pytest.mark.parametrize("platform", ["xcb", "wayland", "wayland-egl", "wayland;xcb", "xcb:opt"])
def test_platform_in_the_environment_needs_its_display_too(platform, tmp_path):
    assert not has_display({"QT_QPA_PLATFORM": platform})
    environment = {"QT_QPA_PLATFORM": platform, "XDG_RUNTIME_DIR": str(tmp_path)}
    with socket.socket(socket.AF_UNIX) as compositor:
        compositor.bind(str(tmp_path / "wayland-0"))  # where Qt looks if it is told no other name
        compositor.listen()
        assert has_display(environment) == platform.startswith("wayland")
    assert has_display({"QT_QPA_PLATFORM": f"{platform};offscreen"})
