"""Every pixel on the screen is the colour of the value that the definition gives it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from patience import PATIENCE

CHECK = Path(__file__).parent / "pixel_check.py"


def run_check(*words, **environment):
    """Run the comparison in a process of its own; return what it printed."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", str(CHECK), *words],
        env={**os.environ, **environment},
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


@pytest.mark.parametrize("ratio", [1, 2])
def test_every_pixel_off_screen_is_as_defined(ratio):
    printed = run_check(QT_QPA_PLATFORM="offscreen", QT_SCALE_FACTOR=str(ratio))
    assert printed.startswith(f"ratio {ratio}: ")


@pytest.mark.parametrize("ratio", [1, 2])
def test_every_pixel_on_an_x_screen_is_as_defined(x_display, ratio):
    printed = run_check("--screen", QT_QPA_PLATFORM="xcb", DISPLAY=x_display, QT_SCALE_FACTOR=str(ratio))
    assert printed.startswith(f"ratio {ratio}: ")
