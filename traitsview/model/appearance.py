"""How an image looks: colormap, scale, limits."""

from traits.api import Bool, Enum, HasStrictTraits, TraitError, TraitType

from ..color.colormap import Colormap, colormap
from ..color.limits import parse_limits
from ..color.scales import SCALES
from ..errors import TraitsviewError

__all__ = ["Appearance"]


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
