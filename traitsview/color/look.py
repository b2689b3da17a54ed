"""A look: the colormap, scale and limits that a user chose for an image, as one value.

A viewer, its loader and a command share a look.  It holds the colormap itself, so that they need no catalogue.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from .colormap import RGBA, Colormap
from .limits import LimitsSpec
from .scales import LABELS, check_scale

__all__ = ["Look", "linear_scale"]


@dataclass(frozen=True, slots=True)
class Look:
    """How the values of any image become colours, at one moment.

    A `Shading` is made from a look and the summary of one image.

    Attributes
    ----------
    colormap : Colormap
    limits : (float, float) or str
        See `limits`.
    scale : str
        The spec of a scale; see `scales`.
    inverted : bool
        Whether the colours are in reverse order.
    contrast, bias : float
        See `Indexing`.
    under, over, bad : RGBA or None
        These replace the colormap's own colours; None keeps them.
    """

    colormap: Colormap
    limits: LimitsSpec = "99.5%"
    scale: str = "linear"
    inverted: bool = False
    contrast: float = 1.0
    bias: float = 0.5
    under: RGBA | None = None
    over: RGBA | None = None
    bad: RGBA | None = None

    @property
    def used_scale(self) -> str:
        """The spec of the scale that is used.  A colormap may replace the scale ``linear``: see `linear_scale`."""
        return linear_scale(self.colormap) if check_scale(self.scale) == "linear" else self.scale

    @property
    def labels(self) -> bool:
        """Whether values are shown as names, not as amounts."""
        return self.used_scale in LABELS

    @property
    def used_colormap(self) -> Colormap:
        """The colormap with the under, over and bad colour of this look, where it has them."""
        own = self.colormap
        if (self.under, self.over, self.bad) == (None, None, None):
            return own
        return replace(own, under=self.under or own.under, over=self.over or own.over, bad=self.bad or own.bad)


def linear_scale(colormap: Colormap) -> str:
    """Return the spec of the scale that is used for ``linear`` with a colormap.

    * ``labels`` if each of its flat colours stands for a value of its own;
    * ``hinge:V`` if its middle stands for the value V;
    * ``linear`` otherwise.

    The scale ``power:1`` is linear with every colormap.
    """
    if colormap.values:
        return "labels"
    if colormap.hinge is not None:
        return f"hinge:{float(colormap.hinge)!r}"  # repr of a NumPy number is np.float64(…)
    return "linear"
