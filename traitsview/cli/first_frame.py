"""Waits for the first frame of a live image."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import TraitsviewError

if TYPE_CHECKING:
    from ..sources.image_source import ImageSource

__all__ = ["FRAME_SECONDS", "require_frame"]

#: Seconds that a command waits for the first frame.
FRAME_SECONDS = 5.0


def require_frame(source: ImageSource, seconds: float = FRAME_SECONDS) -> None:
    """Return once a live image has its newest frame; raise `TraitsviewError` if none comes within some seconds.

    Any other image has all that it will have.
    """
    if source.info.live and not source.wait_newer(0, seconds):
        why = f"no frame came within {seconds:g} s: {source.frame.state or 'nothing was published'}"
        raise TraitsviewError("no picture", why, "try again when the calculation runs")
