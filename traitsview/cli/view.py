"""Open a window on each source.

Each source is read in a process of its own.  An image that was open before has its last look; options override it.
'live:' alone lists what is published.
With --screenshot the window is painted, saved when its picture is exact, and closed; this needs no display.

examples
  traitsview m13.fits
  traitsview view m13.fits m13.fits::1 --colormap viridis --scale asinh
  traitsview view run.npy --limits 0 1 --size 1280x900 --screenshot run.png
"""

from __future__ import annotations

import gc
import logging
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import windows
from ..display import off_screen
from ..errors import RequestError, quoted
from ..opening import connect, start
from .answer import answer
from .first_frame import add_waiting
from .interruption import ending_at_once
from .ls import is_list, print_list
from .options import add_look, add_place, add_reading, chosen_look, plane_of, read_as_told, window_size_of

if TYPE_CHECKING:
    from types import ModuleType

    from ..remote.viewer.route import Route
    from ..sources.image_source import ImageSource

__all__ = [
    "add_arguments",
    "close_all",
    "load_windows",
    "open_windows",
    "require_picture_name",
    "run",
]

logger = logging.getLogger(__name__)

_WINDOW_SIZE = "960x800"


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument("sources", metavar="SOURCE", nargs="+", help="the images")
    parser.add_argument("--size", metavar="WxH", default=_WINDOW_SIZE, help=f"of the window (default: {_WINDOW_SIZE})")
    parser.add_argument("--screenshot", metavar="OUT.png", help="save a picture of the window and exit")
    parser.add_argument("--fresh", action="store_true", help="ignore the saved look of this image")
    parser.add_argument("--times", action="store_true", help="print the seconds until the first and the exact picture")
    parser.add_argument(
        "--fits-pixels",
        action="store_true",
        help="show positions also as FITS and DS9 count pixels: from 1, at centres",
    )
    add_reading(parser)
    add_waiting(parser, "with --screenshot, ")
    add_place(parser)
    add_look(parser)


def run(arguments: Namespace) -> int:
    """Open the windows; return the exit code once they are closed."""
    if len(arguments.sources) == 1 and arguments.screenshot is None and is_list(arguments.sources[0]):
        print_list(arguments.sources[0])
        return 0
    if arguments.screenshot is None:
        windows.require_window()
    else:
        if len(arguments.sources) > 1:
            why = f"there are {len(arguments.sources)} sources"
            raise RequestError("cannot picture several windows", why, "give one source")
        require_picture_name(Path(arguments.screenshot))
        off_screen()
    size = window_size_of(arguments.size)
    routes: list[Route] = []
    with ending_at_once(lambda: close_all(routes)), _no_garbage():
        # The hosts open their files while this process imports Qt.
        routes += [start(read_as_told(text, arguments)) for text in arguments.sources]
        window, viewers = _opened(routes, arguments, size)
    if arguments.times:
        window.report_times(viewers[0], _print_time)
    if arguments.screenshot is None:
        window.run()
        return 0
    try:
        window.screenshot(viewers[0], arguments.screenshot, wait=arguments.wait)
    finally:
        window.panel_of(viewers[0]).window().close()
    return 0


def _opened(routes: list[Route], arguments: Namespace, size: tuple[int, int]) -> tuple[ModuleType, list[Any]]:
    """Return the module of windows, and a viewer for each source in its window."""
    chosen = chosen_look(arguments)
    window = load_windows()
    sources = [connect(route) for route in routes]
    if arguments.reduction is not None:
        chosen["reduction"] = arguments.reduction
    # A picture is of what was asked for, whatever was looked at before.
    names = arguments.sources if arguments.screenshot is None and not arguments.fresh else None
    viewers = open_windows(
        window, sources, names, plane_text=arguments.plane, size=size, fits_pixels=arguments.fits_pixels, **chosen
    )
    return window, viewers


def _read_no_sources() -> None:
    """Keep PySide6 from reading the source of every module that is imported after it, which takes a tenth of the start.

    PySide6 looks for ``from __feature__ import``, which no module here has.
    """
    try:
        from shibokensupport import feature
    except ImportError:
        return
    if hasattr(feature, "_mod_uses_pyside"):
        feature._mod_uses_pyside = lambda module: False


@contextmanager
def _no_garbage() -> Iterator[None]:
    """Stop the garbage collector: it takes a fifth of the start, and the objects that imports make stay anyway."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def _print_time(kind: str, seconds: float) -> None:
    answer(f"{kind} picture after {seconds:.2f} s", flush=True)


def open_windows(
    window: ModuleType,
    sources: list[ImageSource],
    names: list[str] | None = None,
    plane_text: str | None = None,
    **look: Any,
) -> list[Any]:
    """Return a viewer in a window of its own for each of `sources`; a window closes its source.

    `names` are the sources as the user spelled them.  With them, each image has the look that it had when it was last
    closed, except for what `look` says.
    """
    planes = [plane_of(plane_text, source.info) for source in sources]
    return [
        window.view(source, owned=True, remembered_as=name, **look, **({} if plane is None else {"plane": plane}))
        for source, plane, name in zip(sources, planes, names or [""] * len(sources), strict=True)
    ]


def load_windows() -> ModuleType:
    """Import what windows need, and return the module that opens them."""
    with windows.saying_what_is_missing():
        from pyface.qt import QtCore

        _read_no_sources()
    window = windows.load_windows()
    QtCore.qInstallMessageHandler(_log)
    return window


def _log(kind: object, context: object, message: str) -> None:
    """Log the messages of Qt, which would go to stderr: a line for everything that a platform cannot do."""
    logger.info("Qt: %s", message)


def close_all(routes: list[Route]) -> None:
    """End what was begun to be reached."""
    for route in routes:
        route.close()


def require_picture_name(path: Path) -> None:
    """Raise `RequestError` if a path cannot be that of a picture."""
    if path.suffix.lower() != ".png":
        raise RequestError(f"cannot write {quoted(path)}", f"unknown ending '{path.suffix}'", "end it in .png")
    if not path.parent.is_dir():
        raise RequestError(f"cannot write {quoted(path)}", f"there is no folder {quoted(path.parent)}", "make it first")
