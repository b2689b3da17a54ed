"""How an image looks: what a user chooses of colormap, scale and limits, as one value.

A viewer, its loader and a command share it: whoever has a look asks no catalogue for its colormap any more.
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

    `Shading` is what follows from it for one image.

    Attributes
    ----------
    colormap : Colormap
    limits : (float, float) or str
        See `limits`.
    scale : str
        The spec of a scale; see `scales`.
    inverted : bool
        Whether the colormap is used from its other end.
    contrast, bias : float
        See `Indexing`.
    under, over, bad : RGBA or None
        Colours in the place of the colormap's own.
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
        """The spec of the scale that is used: on the linear one a colormap may have its own (see `linear_scale`)."""
        return linear_scale(self.colormap) if check_scale(self.scale) == "linear" else self.scale

    @property
    def labels(self) -> bool:
        """Whether values are shown as names, not as amounts."""
        return self.used_scale in LABELS

    @property
    def used_colormap(self) -> Colormap:
        """The colormap with the colours that are chosen in the place of its own."""
        own = self.colormap
        if (self.under, self.over, self.bad) == (None, None, None):
            return own
        return replace(own, under=self.under or own.under, over=self.over or own.over, bad=self.bad or own.bad)


def linear_scale(colormap: Colormap) -> str:
    """Return the spec of what the linear scale is with a colormap.

    Flat colours that stand for values are shown for these (``labels``), and a hinge is where its middle belongs
    (``hinge:V``).  Whoever wants equal shares all the same chooses ``power:1``.
    """
    if colormap.values:
        return "labels"
    if colormap.hinge is not None:
        return f"hinge:{float(colormap.hinge)!r}"  # NumPy's have a repr of their own
    return "linear"
