"""A source that takes two seconds for each render, for `OwnProcess(path, "slow_source:open_slowly")`."""

from __future__ import annotations

from traitsview.sources.image_source import ImageSource
from traitsview.sources.registry import open_source
from traitsview.testing.sources import LatencySource

SECONDS = 2.0


def open_slowly(text: str) -> ImageSource:
    """Return the source that `text` names, with two seconds for each render."""
    return LatencySource(open_source(text), SECONDS, together=True)
