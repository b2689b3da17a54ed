"""Make a large image and show it.

The image, a made-up galaxy of 8192 x 8192 pixels, is kept in the user's cache.  Drag to pan, turn
the wheel to zoom, press F to see all of it.  Without a display the same window is driven off screen
by mouse events that zoom and pan, and its picture is saved.

examples
  traitsview demo
  traitsview demo --off-screen -o galaxy.png
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from os import environ
from pathlib import Path
from typing import TYPE_CHECKING

from ..display import has_display, off_screen
from ..opening import connect, start
from .answer import answer
from .interruption import ending_at_once
from .options import window_size_of
from .view import close_all, load_windows, open_windows, require_picture_name

if TYPE_CHECKING:
    from ..remote.viewer.route import Route

__all__ = ["add_arguments", "run"]

_WINDOW_SIZE = "1120x860"
_LOOK = {"colormap": "inferno", "scale": "asinh", "limits": "99.5%"}


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument(
        "-o", "--output", metavar="OUT.png", default="demo.png", help="the picture to write (default: demo.png)"
    )
    parser.add_argument(
        "--off-screen", action="store_true", help="write a picture of the window, even if there is a display"
    )
    parser.add_argument(
        "--size", metavar="WxH", default=_WINDOW_SIZE, help=f"width and height of the window (default: {_WINDOW_SIZE})"
    )
    parser.add_argument("--elements", metavar="N", default="8192", help="rows and columns of the image (default: 8192)")


def run(arguments: Namespace) -> int:
    """Show the image; return the exit code once the window is closed."""
    size = window_size_of(arguments.size)
    elements = _elements(arguments.elements)
    picture = Path(arguments.output)
    if arguments.off_screen:
        environ["QT_QPA_PLATFORM"] = "offscreen"
    pictured = arguments.off_screen or not has_display(environ)
    if pictured:
        require_picture_name(picture)
        off_screen()
    text = _demo_file(elements)
    routes: list[Route] = []
    with ending_at_once(lambda: close_all(routes)):
        routes.append(start(text))
        window = load_windows()
        viewer = open_windows(window, [connect(routes[0])], size=size, **_LOOK)[0]
    if not pictured:
        window.run()
        return 0
    from .demo_tour import take

    try:
        take(viewer, window)
        window.screenshot(viewer, picture)
    finally:
        window.panel_of(viewer).window().close()
    why = "" if arguments.off_screen else "There is no display here. "
    answer(f"{why}The window was drawn off screen; its picture is {picture.resolve()}")
    return 0


def _elements(text: str) -> int:
    from ..errors import RequestError, quoted

    if not (
        text.isascii() and text.isdigit() and len(text) < 7 and int(text) % 1024 == 0 and 1024 <= int(text) <= 65536
    ):
        raise RequestError(f"cannot use --elements {quoted(text)}", "", "give a multiple of 1024 up to 65536")
    return int(text)


def _demo_file(elements: int) -> str:
    from .demo_image import demo_file

    path = str(demo_file(elements, _progress))
    if _progress.lines:
        print(file=sys.stderr)
    return path


class _ProgressLine:
    """Writes the progress to the terminal, in one line that is overwritten."""

    def __init__(self) -> None:
        self.lines = 0

    def __call__(self, text: str) -> None:
        if sys.stderr.isatty() or not self.lines:
            print(f"\r{text}" if sys.stderr.isatty() else text, end="", file=sys.stderr, flush=True)
        self.lines += 1


_progress = _ProgressLine()
