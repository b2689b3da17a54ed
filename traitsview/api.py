"""The public names of traitsview.

Each is imported when it is first asked for: ``from traitsview.api import open_source`` loads neither Traits nor Qt.
All of them can be imported everywhere.  What opens a window says what is missing, a display or a library, when it is
called.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .color.catalogue import colormap
    from .color.colormap import Colormap
    from .color.loaders.formats import load_colormap, load_colormaps, save_colormap
    from .errors import TraitsviewError
    from .geometry import Viewport
    from .live.publisher import Publisher
    from .model.image_viewer import ImageViewer
    from .opening import open_source
    from .sources.image_info import ImageInfo
    from .sources.image_source import ImageSource
    from .windows import run, view

_HOMES = {
    "open_source": "opening",
    "view": "windows",
    "run": "windows",
    "Viewport": "geometry",
    "ImageInfo": "sources.image_info",
    "ImageSource": "sources.image_source",
    "ImageViewer": "default_view",  # which teaches Traits to show one
    "Publisher": "live.publisher",
    "Colormap": "color.colormap",
    "colormap": "color.catalogue",
    "load_colormap": "color.loaders.formats",
    "load_colormaps": "color.loaders.formats",
    "save_colormap": "color.loaders.formats",
    "TraitsviewError": "errors",
}

__all__ = [
    "open_source",
    "view",
    "run",
    "Viewport",
    "ImageInfo",
    "ImageSource",
    "ImageViewer",
    "Publisher",
    "Colormap",
    "colormap",
    "load_colormap",
    "load_colormaps",
    "save_colormap",
    "TraitsviewError",
]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = _found(name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


def _found(name: str) -> object:
    try:
        return getattr(import_module(f".{_HOMES[name]}", __package__), name)
    except ModuleNotFoundError as error:
        from .windows import LIBRARIES, stand_in

        library = (error.name or str(error)).partition(".")[0]
        if library not in LIBRARIES:
            raise
        return stand_in(name, library)
