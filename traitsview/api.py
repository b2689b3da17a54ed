"""The public names of traitsview.

Each is imported when it is first asked for: ``from traitsview.api import open_source`` on a machine
without a screen loads neither Traits nor Qt.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .color.colormap import Colormap, colormap
    from .color.loaders.formats import load_colormap, load_colormaps, save_colormap
    from .errors import TraitsviewError
    from .geometry import Viewport
    from .model.image_viewer import ImageViewer
    from .opening import open_source
    from .sources.image_source import ImageInfo, ImageSource
    from .view.window import run, view

_HOMES = {
    "open_source": "opening",
    "view": "view.window",
    "run": "view.window",
    "Viewport": "geometry",
    "ImageInfo": "sources.image_source",
    "ImageSource": "sources.image_source",
    "ImageViewer": "view.default_view",  # which teaches Traits to show one
    "Colormap": "color.colormap",
    "colormap": "color.colormap",
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
    value = getattr(import_module(f".{_HOMES[name]}", __package__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
