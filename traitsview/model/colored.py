"""How what is looked at becomes colours, whatever is looked at."""

from __future__ import annotations

import numpy as np
from traits.api import Any, Bool, Enum, Instance, Property, Str, cached_property, observe

from ..color.labels import LABEL_REDUCTION, look_of_labels, usual_reduction
from ..color.limits import held_limits
from ..color.shading import Shading
from ..color.vision import Vision
from ..sources.image_source import REDUCTIONS, Summary, summary_of
from .appearance import Appearance
from .loading.indexer import Indexer
from .navigator import Navigator

__all__ = ["Colored"]


class Colored(Navigator):
    """Has an appearance, knows what the values are like, and shades them accordingly."""

    #: How many data elements become one pixel.
    reduction = Enum(list(REDUCTIONS))

    #: Colormap, scale and limits.
    appearance = Instance(Appearance, ())

    #: What the values are like, once it is known.
    summary = Instance(Summary)

    #: Whose colour vision the colours are shown for.  A preview: what is copied, saved and sent has nothing of it.
    vision = Instance(Vision, ())

    #: From values to colours, as `appearance`, `summary` and `vision` have it.
    shading = Property(Instance(Shading), observe="appearance.look, summary, vision")

    #: The name of `vision`, if it is not the usual one and there are colours that it changes; else empty.
    seen_with = Property(Str, observe="vision, source")

    #: Whether limits, contrast and bias mean anything: not for labels, nor for colours that are shown as they are.
    has_limits = Property(Bool, observe="shading, source")

    #: What the user should know of the colormap, until another one is chosen; or empty.
    notice = Str()

    _indexer = Instance(Indexer, ())

    #: Whether labels are shown, and whether for their sake no means of them.
    _shows_labels, _spares_labels = Bool(), Bool()

    #: The limits that a part of the image was asked for instead of.
    _limits_before = Any()

    def hold_limits(self):
        """Keep the limits of the colours as they are now, whatever the image and the viewer."""
        summary = _NOTHING if self.summary is None else self.summary
        self.appearance.limits = held_limits(self.appearance.limits, summary)

    @cached_property
    def _get_shading(self):
        summary = _NOTHING if self.summary is None else self.summary
        return Shading.of(summary, self.appearance.look, self.vision)

    def _get_has_limits(self):
        if self.source is not None and self.info.channels > 1:
            return self.info.has_amounts
        return not self.shading.labels

    def _get_seen_with(self):
        return self.vision.name if self.source is not None and self.info.channels == 1 else ""

    def _indexing(self):
        """Return where values lie in the table of colours; None if no host has to know it, or they are colours."""
        return None if self.summary is None else self._indexer.indexing(self.appearance.look, self.summary, self.info)

    def _look_for_labels(self):
        """Show an image that says that it is one of labels as such, unless the user has chosen otherwise."""
        if self.info.kind == "labels":
            look = self.appearance
            look.colormap, look.scale = look_of_labels(look.colormap, look.scale)

    def _take_part_limits(self, part):
        """Take limits that were found in a part of the image, unless the user has chosen others meanwhile."""
        if part.limits is None:
            self.notice = str(part.error)
        elif self.appearance.limits == self._limits_before:
            self.appearance.limits = part.limits
            self._limits_before = self.appearance.limits  # of what is still asked for

    @observe("appearance.colormap, source")
    def _forget_notice(self, event):
        self.notice = ""

    @observe("appearance.look, source")
    def _spare_labels(self, event):
        channels = 1 if self.source is None else self.info.channels
        labels = usual_reduction(self.appearance.look, channels) == LABEL_REDUCTION
        if labels == self._shows_labels:
            return
        self._shows_labels = labels
        if labels and self.reduction == "mean":
            self.trait_set(_spares_labels=True, reduction=LABEL_REDUCTION)
        elif not labels and self._spares_labels:
            self._spares_labels = False
            if self.reduction == LABEL_REDUCTION:
                self.reduction = "mean"


_NOTHING = summary_of(np.empty(0), exact=True)
