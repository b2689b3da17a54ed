"""The command that renders without a window gives the numbers, to the bit, that a window shows."""

from __future__ import annotations

import numpy as np
import pytest
from kit.slow_sources import ramp

from traitsview.cli.main import main
from traitsview.opening import open_in_host


@pytest.mark.parametrize("reduction", ["mean", "max", "mode"])
def test_render_and_view_agree_to_the_bit(open_window, tmp_path, reduction):
    rng = np.random.default_rng(11)
    image = ramp(2100, 1700) * 1e-3 + rng.normal(0, 1, (2100, 1700)).astype(np.float32)
    image[300:400, 200:300] = np.nan
    np.save(tmp_path / "image.npy", image.astype(">f4"))
    with open_in_host(str(tmp_path / "image.npy")) as source:
        hand = open_window(source, reduction=reduction)
        hand.wait_exact()
        viewer = hand.viewer
        rows, columns = viewer.viewport.shape
        command = ["render", str(tmp_path / "image.npy"), "-o", str(tmp_path / "out.npy")]
        assert main([*command, "--size", f"{columns}x{rows}", "--reduction", reduction]) == 0
        rendered = np.load(tmp_path / "out.npy")
        for tile in viewer.viewport.tiles():
            here = viewer.viewport.overlap(tile)
            held = viewer.pixels.store.get(viewer.picture, tile)[tile.overlap(viewer.viewport)]
            np.testing.assert_array_equal(rendered[here].view(np.uint32), np.ascontiguousarray(held).view(np.uint32))
        hand.panel.window().close()
