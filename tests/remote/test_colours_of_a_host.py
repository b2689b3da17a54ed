"""Indices that a host process has made give the same colours as the values themselves on this machine."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from traitsview.color.catalogue import colormap
from traitsview.color.colormap import Colormap
from traitsview.color.look import Look
from traitsview.color.scales import SCALES
from traitsview.color.shading import Shading
from traitsview.geometry import Viewport
from traitsview.sources.image_source import Stage

MARKED = replace(colormap("magma"), under=(0, 0, 1, 1), bad=(0, 1, 1, 1))
ROCKS = Colormap.from_colors(
    "rocks", [(1, 0, 0, 1), (0, 1, 0, 1), (0, 0, 1, 1)], flat=True, values=(20.0, -3.0, 7.0), over=(1, 1, 0, 1)
)
LOOKS = {
    **{scale: (colormap("viridis"), scale, {}) for scale in SCALES},
    **{f"{scale}, much contrast": (MARKED, scale, {"contrast": 7.0, "bias": 0.3}) for scale in SCALES},
    "little contrast": (MARKED, "log", {"contrast": 0.1}),
    "hinge outside": (MARKED, "hinge:-1e9", {}),
    "power:0.2": (colormap("twilight"), "power:0.2", {}),
    "labels of a list": (ROCKS, "linear", {}),
    "labels0 of a list": (replace(ROCKS, over=None), "labels0", {}),
}


def floats(rng):
    image = rng.normal(0, 10, (150, 170)).astype(np.float32)
    image.flat[:4] = np.nan, np.inf, -np.inf, 3e38
    return image


IMAGES = {
    "f4": floats,
    ">f8": lambda rng: floats(rng).astype(">f8") + 1e9,
    "u2": lambda rng: rng.integers(0, 30, (150, 170), dtype=np.uint16),
    "i4": lambda rng: rng.choice([-(2**31), -3, 0, 7, 20, 2**24 + 1, 2**31 - 1], (150, 170)).astype(np.int32),
    "u8": lambda rng: rng.choice(np.array([0, 1, 2**53 + 1, 2**64 - 1], np.uint64), (150, 170)),
    "close u8": lambda rng: rng.integers(2**63, 2**63 + 200, (150, 170), dtype=np.uint64),
    "close i8": lambda rng: rng.integers(2**60, 2**60 + 3, (150, 170)),
    "constant": lambda rng: np.full((150, 170), 3, np.int16),
}


@pytest.mark.parametrize("kind", IMAGES)
def test_indices_of_a_host_have_the_colours_of_the_values(kind, hosted, tmp_path):
    file = tmp_path / "image.npy"
    np.save(file, IMAGES[kind](np.random.default_rng(0)))
    source, _ = hosted(file)
    summary = source.summarize()
    tile = Viewport((1.0, 1.0), (0, 0), (150, 170))
    (exact,) = source.render_stages([Stage((tile,))])
    for name, (chosen, scale, options) in LOOKS.items():
        shading = Shading.of(summary, Look(chosen, "98%", scale, **options))
        (came,) = source.render_stages([Stage((tile,), shading.indexing)])
        assert came.indexing == shading.indexing
        np.testing.assert_array_equal(shading.argb(came.pixels), shading.argb(exact.pixels), err_msg=name)
        if kind == "close i8" and name in SCALES:
            assert len(np.unique(shading.argb(exact.pixels))) > 1, name
