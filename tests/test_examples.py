"""Every example runs off screen and makes a picture in which there is something to see."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from kit.patience import PATIENCE
from PIL import Image

EXAMPLES = sorted((Path(__file__).parent.parent / "examples").glob("*.py"))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_makes_its_picture_without_a_display(example, tmp_path):
    path = tmp_path / "picture.png"
    done = subprocess.run(
        [sys.executable, "-W", "ignore", str(example), "--screenshot", str(path)],
        # It has to find out by itself that there is no display.
        env={name: value for name, value in os.environ.items() if name != "QT_QPA_PLATFORM"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    with Image.open(path) as picture:
        pixels = np.asarray(picture.convert("RGB"))
    assert min(pixels.shape[:2]) > 300
    middle = pixels[pixels.shape[0] // 4 : -pixels.shape[0] // 4, pixels.shape[1] // 4 : -pixels.shape[1] // 4]
    assert len(np.unique(middle.reshape(-1, 3), axis=0)) > 50


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_begins_with_what_it_shows_and_how_to_run_it(example):
    text = example.read_text()
    assert text.startswith('"""')
    assert f"python examples/{example.name}" in text.split('"""')[1]


def test_the_readme_names_every_example():
    readme = (EXAMPLES[0].parent / "README.rst").read_text()
    assert [example.name for example in EXAMPLES if example.name not in readme] == []
