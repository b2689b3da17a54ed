"""Which controls of colours an image has a use for."""

from __future__ import annotations

__all__ = ["has_colormap", "has_scale"]


def has_colormap(viewer):
    """Whether a colormap makes the colours: an image in colour has its own."""
    return viewer.source is None or viewer.info.channels == 1


def has_scale(viewer):
    """Whether values have limits and a scale: those of a colormap, or those of each channel of an image in colour."""
    return has_colormap(viewer) or viewer.info.has_amounts
