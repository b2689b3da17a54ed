"""`traitsview FILE` shows an image with its last look.  Options override it, and screenshots ignore it."""

from __future__ import annotations

import numpy as np
import pytest
from kit.patience import PATIENCE

from traitsview.cli.main import main
from traitsview.model.keeping.kept_looks import kept_looks
from traitsview.view import window


@pytest.fixture
def visit(tmp_path, monkeypatch):
    """Yield a function that runs a command line, changes the look and closes.  It returns the look that it found."""
    monkeypatch.chdir(tmp_path)
    np.save("ramp.npy", np.arange(600.0).reshape(20, 30))

    def visited(line, **changes):
        found = []

        def look_and_leave():
            for viewer in list(window._open_windows):
                found.append(viewer.appearance.clone_traits())
                viewer.appearance.trait_set(**changes)
                window.panel_of(viewer).window().close()

        monkeypatch.setattr(window, "run", look_and_leave)
        assert main(line.split()) == 0
        (look,) = found
        return look

    yield visited
    assert kept_looks().file.wait_written(PATIENCE)
    kept_looks().file.path.unlink(missing_ok=True)


def test_image_has_the_look_that_it_was_left_with(visit, tmp_path):
    assert visit("ramp.npy", colormap="viridis", scale="log", limits=(1, 500)).colormap == "gray"
    again = visit(f"view {tmp_path}/ramp.npy")
    assert (again.colormap, again.scale, again.limits) == ("viridis", "log", (1.0, 500.0))


def test_options_override_the_remembered_look_and_are_not_remembered(visit):
    visit("ramp.npy", colormap="viridis", scale="log", inverted=True)
    asked = visit("ramp.npy --colormap magma")
    assert (asked.colormap, asked.scale, asked.inverted) == ("magma", "log", True)
    fresh = visit("ramp.npy --fresh")
    assert (fresh.colormap, fresh.scale, fresh.inverted) == ("gray", "linear", False)
    assert visit("ramp.npy").colormap == "viridis"


def test_screenshot_does_not_have_the_remembered_look(visit, tmp_path):
    visit("ramp.npy", colormap="viridis", inverted=True)
    assert main(["ramp.npy", "--screenshot", "one.png", "--size", "320x240"]) == 0
    assert main(["ramp.npy", "--screenshot", "two.png", "--size", "320x240", "--colormap", "gray"]) == 0
    assert (tmp_path / "one.png").read_bytes() == (tmp_path / "two.png").read_bytes()
