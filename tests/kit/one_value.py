"""The value of an image whose elements are all alike."""

from __future__ import annotations

import numpy as np

from traitsview.geometry import Viewport
from traitsview.sources.image_info import ImageInfo
from traitsview.sources.image_source import ImageSource
from traitsview.sources.picture import Picture

__all__ = ["one_value"]


def one_value(source: ImageSource, info: ImageInfo | None = None, version: int | None = None) -> float:
    """Return the only value that a frame has, by its tiles; fail if there are several.

    Parameters
    ----------
    source : ImageSource
    info : ImageInfo, optional
        Of the frame; by default of the newest one.
    version : int, optional
        Of the frame, if it is another one than that of `info`.
    """
    info = info or source.info
    tiles = Viewport.fitting(info, info.shape).tiles()
    (value,) = {
        float(each)
        for _, pixels in source.render_tiles(tiles, Picture(version=info.version if version is None else version))
        for each in np.unique(pixels[np.isfinite(pixels)])
    }
    return value
