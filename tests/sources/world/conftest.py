"""Opens images with headers that are written as bytes."""

from __future__ import annotations

from contextlib import ExitStack

import pytest
from kit.raw_headers import SKY, with_cards, written

from traitsview.sources.registry import open_source


@pytest.fixture
def opened(tmp_path):
    """Yield a function that opens an image with `cards`, by default `SKY`; others replace some or are added."""
    with ExitStack() as open_sources:

        def open_image(*others, cards=SKY, shape=(32, 40)):
            path = written(tmp_path / "image.fits", with_cards(cards, *others), shape)
            return open_sources.enter_context(open_source(path))

        yield open_image
