"""Room on the screen for popups."""

from __future__ import annotations

__all__ = ["moved_inside"]


def moved_inside(place, room):
    """Return the QRect `place`, moved as little as brings it into the QRect `room`; at least its top left is in it."""
    left = max(room.left(), min(place.left(), room.right() + 1 - place.width()))
    top = max(room.top(), min(place.top(), room.bottom() + 1 - place.height()))
    return place.translated(left - place.left(), top - place.top())
