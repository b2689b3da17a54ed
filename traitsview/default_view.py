"""Teaches Traits how a viewer is shown, without a toolkit before one is."""

from __future__ import annotations

from .model.image_viewer import ImageViewer

__all__ = ["ImageViewer"]


def _traits_view(viewer):
    from .view.viewer_editor import viewer_view

    return viewer_view()


# Traits asks an object for its view by this method.
ImageViewer.traits_view = _traits_view
