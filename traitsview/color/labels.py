"""Images of labels: how they are shown, unless somebody has chosen otherwise."""

from __future__ import annotations

from typing import TypeVar

__all__ = ["LABEL_COLORS", "LABEL_REDUCTION", "look_of_labels"]

#: Their colormap: 256 colours that are told apart.
LABEL_COLORS = "glasbey:glasbey"

#: How they become pixels, unless a reduction is asked for: the mean of two labels is a third one.
LABEL_REDUCTION = "mode"

_Map = TypeVar("_Map")


def look_of_labels(colormap: _Map | str, scale: str) -> tuple[_Map | str, str]:
    """Return the colormap and the scale of an image that says that it is one of labels.

    Those that nobody has to choose, gray and linear, give way to a colour for each label.
    """
    if scale != "linear":
        return colormap, scale
    return (LABEL_COLORS if colormap == "gray" else colormap), "labels"
