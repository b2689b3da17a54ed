"""How an image looks: colormap, scale, limits."""

from __future__ import annotations

from dataclasses import fields

from traits.api import Bool, HasStrictTraits, Instance, Property, Range, TraitError, TraitType, cached_property

from ..color.catalogue import catalogue
from ..color.color_word import parse_color
from ..color.colormap import Colormap
from ..color.indexing import CONTRAST
from ..color.limits import parse_limits
from ..color.look import Look
from ..color.scales import check_scale
from ..errors import TraitsviewError
from ..whole_numbers import number

__all__ = ["CHOICES", "Appearance"]

#: What a user chooses of how an image looks: the traits of an `Appearance`, and the fields of a `Look`.
CHOICES = tuple(field.name for field in fields(Look))


class ColormapName(TraitType):
    """A colormap, or the name of one in the catalogue."""

    info_text = "a colormap or the name of one"
    default_value = "gray"

    def validate(self, owner, name, value):
        """Accept a Colormap, or a name that the catalogue knows."""
        if isinstance(value, Colormap):
            return value
        try:
            catalogue().held(value)
        except (TraitsviewError, TypeError) as error:
            raise TraitError(str(error)) from error
        return value


class ScaleSpec(TraitType):
    """The name of a scale, and its number if it has one: ``"log"``, ``"power:0.5"``."""

    info_text = "the name of a scale, such as 'log' or 'power:0.5'"
    default_value = "linear"

    def validate(self, owner, name, value):
        """Accept what `check_scale` understands."""
        try:
            return check_scale(value)
        except TraitsviewError as error:
            raise TraitError(str(error)) from error


class ColorSpec(TraitType):
    """A colour or None: red, green, blue and alpha in 0 … 1, or a word such as ``"red"`` or ``"#ff8000"``."""

    info_text = "None, a colour such as 'red' or '#ff8000', or red, green, blue and alpha in 0 … 1"
    default_value = None

    def validate(self, owner, name, value):
        """Return the colour as RGBA."""
        if value is None:
            return None
        try:
            return parse_color(value)
        except TraitsviewError as error:
            raise TraitError(str(error)) from error


class LimitsSpec(TraitType):
    """``(first, last)``, a pair for each of three colours, ``"minmax"``, ``"zscale"``, ``"99.5%"`` or ``"3sigma"``."""

    info_text = "(first, last), three of them, 'minmax', 'zscale', '3sigma' or a percentage such as '99.5%'"
    default_value = "99.5%"

    def validate(self, owner, name, value):
        """Accept what `parse_limits` understands."""
        try:
            if isinstance(value, str):
                return parse_limits(value)
            words = [word for part in value for word in (part if isinstance(part, (tuple, list)) else (part,))]
            return parse_limits([word if isinstance(word, str) else number(word) for word in words])
        except (TraitsviewError, TypeError, ValueError) as error:
            raise TraitError(str(error)) from error


class Appearance(HasStrictTraits):
    """How the values of an image become colours."""

    #: A colormap, or its name in the catalogue, such as ``"viridis"`` or ``"crameri:batlow"``.
    colormap = ColormapName()

    #: Whether the colormap is reversed.
    inverted = Bool(False)

    #: How values between the limits are spread over the colormap: one of `SCALES`, after a colon its number.
    scale = ScaleSpec()

    #: The values with the first and the last colour: ``(first, last)``, ``"minmax"``, ``"zscale"``, ``"3sigma"``,
    #: ``"1% 99%"`` or a percentage such as ``"99.5%"``.  Numbers stay the same for any image and in several viewers.
    #: In an image in colour each channel has limits by that rule, or one of three pairs.
    limits = LimitsSpec()

    #: The colour of values below the limits; the colormap's own if None.
    under = ColorSpec()

    #: The colour of values above the limits; the colormap's own if None.
    over = ColorSpec()

    #: The colour of NaN; the colormap's own if None.
    bad = ColorSpec()

    #: The factor by which colours change quicker along the values than by the scale alone, as in SAOImage DS9.
    contrast = Range(*CONTRAST, 1.0)

    #: The scaled value, 0 … 1, that has the middle of the colours.
    bias = Range(0.0, 1.0, 0.5)

    #: All of this as one value, with the colormap itself, as it was when it was last read: nobody waits for its file.
    look = Property(Instance(Look), observe=f"[{','.join(CHOICES)}]")

    def reread(self):
        """Take the colormap of the same name anew: its file has changed, and the catalogue has read it."""
        self.trait_property_changed("colormap", "", self.colormap)

    @cached_property
    def _get_look(self):
        chosen = {name: getattr(self, name) for name in CHOICES}
        if isinstance(self.colormap, str):
            chosen["colormap"] = catalogue().held(self.colormap)
        return Look(**chosen)
