"""A remote source is an image source like every other."""

from __future__ import annotations

import pytest

from traitsview.sources.arrays.array_source import ArraySource
from traitsview.testing.image_source_tests import ImageSourceTests


class TestRemoteSource(ImageSourceTests):
    @pytest.fixture(autouse=True)
    def _remote(self, remote):
        self.remote = remote

    def make_source(self, array, **options):
        return self.remote(ArraySource(array, **options))
