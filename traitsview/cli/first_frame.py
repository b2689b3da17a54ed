"""The first frame of a live image, for commands that show one frame and end."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from typing import TYPE_CHECKING

from ..errors import SourceNotFound, quoted

if TYPE_CHECKING:
    from ..sources.image_source import ImageSource

__all__ = ["add_waiting", "wait_for_frame"]


def add_waiting(parser: ArgumentParser, when: str = "") -> None:
    """Add the option that says how long a first frame is waited for; `when` it matters goes before its help."""
    parser.add_argument(
        "--wait", metavar="SECONDS", type=float, default=5.0, help=f"{when}how long to wait for what is published (5)"
    )


def wait_for_frame(source: ImageSource, text: str, seconds: float) -> None:
    """Wait until a live image has a frame.

    Raises
    ------
    SourceNotFound
        If none came in time.
    """
    if source.info.live:
        source.wait_newer(0, 0.0)  # its first answer may take a while, which is no lack of frames
    end = time.monotonic() + seconds
    while source.info.live and not source.info.version:
        left = end - time.monotonic()
        if left <= 0:
            why = f"no frame came within {seconds:g} s, {source.frame.state or 'and nothing is said of it'}"
            raise SourceNotFound(f"cannot show {quoted(text)}", why, "wait longer with --wait SECONDS")
        source.wait_newer(0, left)
