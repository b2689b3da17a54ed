"""Preferences of the user for new viewers."""

from __future__ import annotations

import logging

from apptools.preferences.api import PreferencesHelper
from traits.api import Bool, Enum, Range, TraitError

from ..color.limits import MENU as LIMITS
from ..color.scales import SCALES
from ..model.appearance import ColormapName

__all__ = ["ViewerPreferences"]

logger = logging.getLogger(__name__)


class ViewerPreferences(PreferencesHelper):
    """The user's choices.  Their defaults are in ``preferences.ini`` of this package."""

    preferences_path = "traitsview"

    #: The name of a colormap in the catalogue.
    colormap = ColormapName("gray", is_str=True)

    scale = Enum("linear", list(SCALES))

    limits = Enum("99.5%", list(LIMITS))

    #: Whether positions are also shown in pixels of FITS, which count from 1.
    fits_pixels = Bool(False)

    #: Width of a new window, in Qt's pixels.
    width = Range(320, 10000, 1180)

    #: Height of a new window, in Qt's pixels.
    height = Range(240, 10000, 820)

    def apply(self, viewer):
        """Give a viewer the look that the user prefers."""
        viewer.appearance.trait_set(colormap=self.colormap, scale=self.scale, limits=self.limits)
        viewer.fits_pixels = self.fits_pixels

    def _get_value(self, trait_name, value):
        """Return a stored value, or the present one if the stored value is invalid: people edit the file by hand."""
        try:
            return super()._get_value(trait_name, value)
        except TraitError as error:
            logger.warning("passing over a preference: %s", error)
            return getattr(self, trait_name)
