"""How an image looks: colormap, scale, limits."""

from __future__ import annotations

from dataclasses import dataclass

from traits.api import Bool, Enum, HasStrictTraits, Range, TraitError, TraitType

from ..color.colormap import Colormap, colormap
from ..color.indexing import CONTRAST
from ..color.limits import Limits, limits_of, parse_limits
from ..color.scales import SCALES
from ..color.shading import Shading
from ..errors import TraitsviewError
from ..sources.image_source import Summary

__all__ = ["Appearance", "Look"]


@dataclass(frozen=True, slots=True)
class Look:
    """How the values of any image become colours: an appearance at one moment."""

    limits: Limits | str = "99.5%"
    colormap: Colormap | str = "gray"
    scale: str = "linear"
    inverted: bool = False
    contrast: float = 1.0
    bias: float = 0.5

    def shading(self, summary: Summary) -> Shading:
        """Return how values become colours where they are like that."""
        chosen = colormap(self.colormap) if isinstance(self.colormap, str) else self.colormap
        return Shading(
            limits_of(self.limits, summary),
            chosen,
            self.scale,
            self.inverted,
            contrast=self.contrast,
            bias=self.bias,
        )


class ColormapName(TraitType):
    """A colormap, or the name of one in the catalogue."""

    info_text = "a colormap or the name of one"
    default_value = "gray"

    def validate(self, owner, name, value):
        """Accept a Colormap, or a name that the catalogue knows."""
        if isinstance(value, Colormap):
            return value
        try:
            colormap(value)
        except (TraitsviewError, TypeError) as error:
            raise TraitError(str(error)) from error
        return value


class LimitsSpec(TraitType):
    """``(low, high)``, ``"minmax"``, ``"zscale"`` or a percentage such as ``"99.5%"``."""

    info_text = "(low, high), 'minmax', 'zscale' or a percentage such as '99.5%'"
    default_value = "99.5%"

    def validate(self, owner, name, value):
        """Accept what `parse_limits` understands."""
        words = [value] if isinstance(value, str) else value
        try:
            return parse_limits([word if isinstance(word, str) else repr(float(word)) for word in words])
        except (TraitsviewError, TypeError, ValueError) as error:
            raise TraitError(str(error)) from error


class Appearance(HasStrictTraits):
    """How the values of an image become colours."""

    #: A colormap, or its name in the catalogue, such as ``"viridis"`` or ``"crameri:batlow"``.
    colormap = ColormapName()

    #: Whether the colormap is used from its other end.
    inverted = Bool(False)

    #: How values between the limits are spread over the colormap.
    scale = Enum("linear", list(SCALES))

    #: Which values get the first and the last colour, ``(low, high)``, ``"minmax"``, ``"zscale"`` or a percentage
    #: such as ``"99.5%"``.
    limits = LimitsSpec()

    #: How many times quicker than the scale has it the colours change along the values, as in SAOImage DS9.
    contrast = Range(*CONTRAST, 1.0)

    #: What the scale makes of the values that have the middle of the colours, 0 … 1.
    bias = Range(0.0, 1.0, 0.5)

    def reread(self):
        """Have everybody look the colormap up again: its file has changed."""
        self.trait_property_changed("colormap", "", self.colormap)

    @property
    def look(self):
        """What it is now."""
        return Look(self.limits, self.colormap, self.scale, self.inverted, self.contrast, self.bias)
