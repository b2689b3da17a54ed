"""The colours of an image: shading, labels, and limits from a part of it."""

from __future__ import annotations

import numpy as np
from traits.api import Any, Bool, HasStrictTraits, Instance, Property, Str, observe

from ..color.labels import LABEL_REDUCTION, look_of_labels, usual_reduction
from ..color.limits import held_limits, is_rule, parse_limits
from ..color.shading import Shading
from ..sources.summary import summary_of
from .limits_of_part import PartSummarizer

__all__ = ["Colours"]


class Colours(HasStrictTraits):
    """Turns the values that a viewer shows into colours, by the viewer's appearance and a summary of the values."""

    #: The `ImageViewer` that shows the values.
    viewer = Any()

    #: From values to colours.
    shading = Property(Instance(Shading), observe="viewer.appearance.look, viewer.pixels.summary, viewer.vision")

    #: The name of the viewer's colour vision if it changes the colours that are shown; else empty.
    seen_with = Property(Str, observe="viewer.vision, viewer.source, viewer.form")

    #: Whether limits, contrast and bias have an effect.  They have none on labels, nor on colours 0 … 255.
    has_limits = Property(Bool, observe="shading, viewer.source, viewer.form")

    #: Cache of `shading`.
    _shading = Instance(Shading)

    #: The summary, the look and the vision of the cached shading.
    _made_of = Any((None, None, None))

    #: Whether labels are shown.
    _shows_labels = Bool()

    #: Whether the reduction was changed from the mean because labels have no means.
    _spares_labels = Bool()

    #: The limits before `limits_from` was called; new ones are taken only if these still stand.
    _limits_before = Any()

    _part = Instance(PartSummarizer)

    def hold_limits(self):
        """Turn the limits into numbers: see `ImageViewer.hold_limits`."""
        appearance = self.viewer.appearance
        appearance.limits = held_limits(appearance.limits, self.viewer.pixels.summary or _NOTHING)

    def limits_from(self, extent=None, rule=None):
        """Take the limits from a part of the image: see `ImageViewer.limits_from`."""
        viewer = self.viewer
        now = self._limits_before = viewer.appearance.limits
        rule = parse_limits(rule or (now if is_rule(now) else "99.5%"))
        if self._part is None:
            self._part = PartSummarizer(viewer.source, viewer.pixels.listener(self._take_part_limits))
        self._part.find(extent or viewer.viewport.extent, viewer.picture, viewer.info, rule)

    def wait_idle(self, timeout):
        """Wait until no limits are on their way; return whether that was within `timeout` seconds."""
        return self._part is None or self._part.wait_idle(timeout)

    def close(self):
        """Stop taking limits from a part."""
        if self._part is not None:
            self._part.close()
            self._part = None

    def look_for_labels(self):
        """Show an image whose kind is ``"labels"`` in colours for labels, unless the user has chosen others."""
        if self.viewer.info.kind == "labels":
            look = self.viewer.appearance
            look.colormap, look.scale = look_of_labels(look.colormap, look.scale)

    def _get_shading(self):
        # No `cached_property`: observers run in no order, and one that runs early would get the old shading.
        viewer = self.viewer
        made_of = viewer.pixels.summary or _NOTHING, viewer.appearance.look, viewer.vision
        if any(new is not old for new, old in zip(made_of, self._made_of, strict=True)):
            self._made_of, self._shading = made_of, Shading.of(*made_of)
        return self._shading

    def _get_has_limits(self):
        if self.viewer.source is not None and self.viewer.info.channels > 1:
            return self.viewer.info.has_amounts
        return not self.shading.labels

    def _get_seen_with(self):
        viewer = self.viewer
        return viewer.vision.name if viewer.source is not None and viewer.info.channels == 1 else ""

    def _take_part_limits(self, part):
        """Take limits from a part of the image, unless the user has chosen others meanwhile."""
        appearance = self.viewer.appearance
        if part.limits is None:
            self.viewer.status.notice = str(part.error)
        elif appearance.limits == self._limits_before:
            appearance.limits = part.limits
            self._limits_before = appearance.limits  # so that limits of a part asked for later are taken, too

    @observe("viewer.appearance.look, viewer.source, viewer.form")
    def _spare_labels(self, event):
        viewer = self.viewer
        channels = 1 if viewer.source is None else viewer.info.channels
        labels = usual_reduction(viewer.appearance.look, channels) == LABEL_REDUCTION
        if labels == self._shows_labels:
            return
        self._shows_labels = labels
        if labels and viewer.reduction == "mean":
            self._spares_labels = True
            viewer.reduction = LABEL_REDUCTION
        elif not labels and self._spares_labels:
            self._spares_labels = False
            if viewer.reduction == LABEL_REDUCTION:
                viewer.reduction = "mean"


_NOTHING = summary_of(np.empty(0), exact=True)
