"""Windows on sources.  Their libraries are loaded when one is opened; if one is missing, the error says which."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, NoReturn

from .display import require_display
from .errors import DisplayError, installed_by

if TYPE_CHECKING:
    from types import ModuleType

    from .model.image_viewer import ImageViewer

__all__ = ["load_windows", "missing", "require_window", "run", "saying_what_is_missing", "stand_in", "view"]

#: The modules of the extra ``viewer`` that every window needs.
LIBRARIES = ("traits", "PySide6", "pyface", "traitsui", "enable", "chaco")

_WHAT = "cannot open a window"


def view(source: Any, **options: Any) -> ImageViewer:
    """Open a window on a source and return its viewer at once.

    Call it in the main thread, whose event loop `run` is.

    Parameters
    ----------
    source : ImageSource or anything that `open_source` opens
    **options
        ``size``, the width and the height of the window in Qt's pixels, (960, 800) by default; ``reduction``;
        ``plane``, an index for each axis that is not displayed; ``fits_pixels``, whether positions are also shown as
        FITS counts pixels; and traits of `Appearance`, such as ``colormap="crameri:batlow"`` or ``limits=(0, 1)``.

        ``owned=True`` closes the source with the window; a source that is opened here is always closed.
        ``remembered_as`` is how the user spells the image.  The image has the look that it had when it was last closed
        under that name, except for options that are given here.  The look is kept again when the window is closed.

    Returns
    -------
    ImageViewer

    Raises
    ------
    DisplayError
        If a library of the window is not installed (``pip install ".[viewer]"`` in a clone), or there is no display.
    TraitsviewError
        As `open_source` does.
    """
    require_window()
    viewer: ImageViewer = load_windows().view(source, **options)
    return viewer


def run() -> None:
    """Run the event loop until the last window is closed.  Ctrl-C in the terminal closes all of them.

    Raises
    ------
    DisplayError
        If a library of the window is not installed.
    """
    load_windows().run()


def require_window() -> None:
    """Raise `DisplayError` if no window can be opened here: a library is not installed, or there is no display."""
    with saying_what_is_missing():
        for name in LIBRARIES:
            if find_spec(name) is None:
                raise missing(name)
    require_display()


def load_windows() -> ModuleType:
    """Import the libraries of the window, and return the module that opens one; raise `DisplayError` if that fails."""
    with saying_what_is_missing():
        return import_module(".view.window", __package__)


@contextmanager
def saying_what_is_missing() -> Iterator[None]:
    """Turn a failed import of a library of the window into a `DisplayError` that says what to install."""
    try:
        yield
    except ModuleNotFoundError as error:
        raise missing(error.name or str(error)) from error
    except ImportError as error:
        remedy = "install the system libraries of Qt, such as libegl1 and libxkbcommon0"
        raise DisplayError(_WHAT, str(error).split("\n")[0], remedy) from error


def missing(name: str) -> DisplayError:
    """Return the error of a library that is not installed."""
    return DisplayError(_WHAT, f"the module {name!r} is not installed", installed_by("viewer"))


def stand_in(name: str, library: str) -> type:
    """Return a class in the place of one that needs a missing library: to call it raises an error with the remedy."""

    def refuse(cls: type, *args: object, **traits: object) -> NoReturn:
        raise missing(library)

    return type(
        name, (), {"__new__": refuse, "__doc__": f"Not to be had here: {missing(library)}.", "__module__": __name__}
    )
