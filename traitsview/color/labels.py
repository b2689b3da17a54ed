"""Images of labels: how they are shown, unless somebody has chosen otherwise."""

from __future__ import annotations

from typing import TypeVar

from .look import Look

__all__ = ["LABEL_COLORS", "LABEL_REDUCTION", "look_of_labels", "usual_reduction"]

#: The colormap of labels: 256 colours that can be told apart.
LABEL_COLORS = "glasbey:glasbey"

#: How labels become pixels, unless a reduction is asked for: the mean of two labels is a third one.
LABEL_REDUCTION = "mode"

_Map = TypeVar("_Map")


def look_of_labels(colormap: _Map | str, scale: str) -> tuple[_Map | str, str]:
    """Return the colormap and the scale for an image whose source says that its values are labels.

    The default scale, ``linear``, becomes ``labels``, and with it the default colormap, ``gray``, `LABEL_COLORS`.  A
    choice of the user stays.
    """
    if scale != "linear":
        return colormap, scale
    return (LABEL_COLORS if colormap == "gray" else colormap), "labels"


def usual_reduction(look: Look, channels: int = 1) -> str:
    """Return the reduction, from elements to pixels, that is used if none is asked for.

    Parameters
    ----------
    look : Look
    channels : int
        Of the image; an image in colour has no labels.
    """
    return LABEL_REDUCTION if look.labels and channels == 1 else "mean"
