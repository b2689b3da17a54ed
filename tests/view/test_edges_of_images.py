"""Where an image ends on the screen: what lies beyond is beyond, and never shown as a place without a value."""

from __future__ import annotations

import numpy as np
import pytest
from kit.screen import blank, image_area

from traitsview.geometry import Viewport
from traitsview.sources.arrays.array_source import ArraySource
from traitsview.sources.picture import REDUCTIONS
from traitsview.sources.spans import pixels_shown

IMAGES = {
    "faint": np.full((200, 300), 1e-9),
    "complex": np.random.default_rng(1).normal(0, 1, (256, 256, 2)).view(complex)[..., 0],
    "larger than the window": np.random.default_rng(2).normal(0, 1, (1777, 2311)).astype(np.float32),
    "one row": np.arange(901.0)[None],
    "labels": np.arange(77 * 133, dtype=np.int16).reshape(77, 133) % 7,
}
SIZES = [(1200, 420), (713, 587), (640, 640)]


@pytest.mark.parametrize("name", IMAGES)
@pytest.mark.parametrize("origin", ["upper", "lower"])
def test_no_pixel_beyond_an_image_is_one_without_a_value(open_window, name, origin):
    hand = open_window(ArraySource(IMAGES[name], origin=origin))
    for width, height in SIZES:
        hand.panel.window().resize(width, height)
        for zoom in (1, 1.37, 3.3):
            hand.viewer.fit()
            hand.viewer.zoom(zoom, hand.viewer.info.extent[1::2])  # about the last corner, which stays in sight
            hand.wait_exact()
            assert not (image_area(hand) == blank()).any(), (width, height, zoom)


def test_a_place_without_a_value_at_the_edge_is_still_shown_as_one(open_window):
    image = np.ones((200, 300))
    image[:, -1] = np.nan
    hand = open_window(image, size=(1200, 420))
    hand.wait_exact()
    assert (image_area(hand) == blank()).any()


@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("shape", [(1, 1), (9, 7), (40, 30), (301, 257)])
@pytest.mark.parametrize("resolution", [0.1, 0.77, 1.0, 1.5, 2.3, 7.9])
def test_pixels_that_show_elements_are_those_that_have_values(reduction, shape, resolution):
    source = ArraySource(np.ones(shape))
    wide = int(max(shape) / resolution) + 4
    viewport = Viewport((resolution, resolution), (0, 0), (wide, wide))
    has_value = np.isfinite(source.render(viewport, reduction=reduction))
    rows, columns = pixels_shown(source.info, viewport, reduction)
    if has_value.any():
        assert has_value[:rows, :columns].all()
    assert not has_value[rows:].any()
    assert not has_value[:, columns:].any()
