"""Three planes of what a viewer shows as one image in colour, or one by one again, at the same place."""

from __future__ import annotations

from ..sources.derived.colour_planes import ChannelPlanes, ColourPlanes, colour_axis

__all__ = ["show_colours", "show_planes"]


def show_colours(viewer):
    """Show the planes of an axis of 3 or 4 elements as colours; do nothing where there is no such axis."""
    source = viewer.source
    axis = None if source is None else colour_axis(source.info)
    if axis is None:
        return
    plane = viewer.picture.plane
    made = source.source if isinstance(source, ChannelPlanes) else ColourPlanes(source, axis)
    _exchange(viewer, made, plane[:axis] + plane[axis + 1 :])


def show_planes(viewer):
    """Show the channels of an image in colour one by one, red first; do nothing where it has none."""
    source = viewer.source
    if source is None or source.info.channels == 1:
        return
    plane = viewer.picture.plane
    composed = isinstance(source, ColourPlanes)
    axis = source.axis if composed else len(plane)
    made = source.source if composed else ChannelPlanes(source)
    _exchange(viewer, made, (*plane[:axis], 0, *plane[axis:]))


def _exchange(viewer, source, plane):
    """Look at the same place of another view of the image."""
    viewport = viewer.viewport
    viewer.source = source
    viewer.trait_set(viewport=viewport, plane=plane)
    viewer.measure()  # of this plane, and not of the first
