"""Every pixel on the screen is the colour that the definition gives it, and the pointer means that pixel."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest
from kit import FOLDER
from kit.patience import PATIENCE

#: Device pixels per pixel of Qt, on screens that people have.
RATIOS = (1, 1.25, 1.5, 1.75, 2)


def run_check(name, *words, **environment):
    """Run a comparison in a process of its own; return what it printed."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", f"kit.{name}", *words],
        env={**os.environ, "PYTHONPATH": str(FOLDER), **environment},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def x_display():
    """Start an X server without a screen of its own; give the name of its display."""
    if shutil.which("Xvfb") is None:
        pytest.fail("Xvfb is not installed; 'make test' installs it")
    reader, writer = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writer), "-screen", "0", "1920x1400x24", "-nolisten", "tcp"],
        pass_fds=[writer],
        stderr=subprocess.DEVNULL,
    )
    os.close(writer)
    with os.fdopen(reader) as answer:
        number = answer.readline().strip()
    assert number, "Xvfb did not start"
    yield f":{number}"
    server.terminate()
    server.wait(PATIENCE)


@pytest.mark.parametrize("ratio", RATIOS)
def test_every_pixel_off_screen_is_as_defined(ratio):
    printed = run_check("pixel_check", QT_QPA_PLATFORM="offscreen", QT_SCALE_FACTOR=str(ratio))
    assert printed.startswith(f"ratio {ratio}: ")


@pytest.mark.parametrize("ratio", [1, 1.75, 2])
def test_every_pixel_on_an_x_screen_is_as_defined(x_display, ratio):
    environment = {"QT_QPA_PLATFORM": "xcb", "DISPLAY": x_display, "QT_SCALE_FACTOR": str(ratio)}
    assert run_check("pixel_check", "--screen", **environment).startswith(f"ratio {ratio}: ")


@pytest.mark.parametrize("ratio", [*RATIOS, 1.1])
def test_readout_drags_zooms_boxes_and_limits_mean_the_pixel_under_the_pointer(ratio):
    printed = run_check("pointer_check", QT_QPA_PLATFORM="offscreen", QT_SCALE_FACTOR=str(ratio))
    assert printed.endswith(" 0 wrong\n")


def test_they_mean_it_on_an_x_screen_too(x_display):
    environment = {"QT_QPA_PLATFORM": "xcb", "DISPLAY": x_display, "QT_SCALE_FACTOR": "1.25"}
    assert run_check("pointer_check", **environment).startswith("ratio 1.25: ")
