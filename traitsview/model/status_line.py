"""What a viewer says in words: what is on the screen, what is under the cursor, and what is wrong."""

from __future__ import annotations

from traits.api import Instance, Property, Str, cached_property

from .colored import Colored
from .contact_state import Contact
from .loading.progress import Progress
from .readout import Readout
from .source_remark import SourceRemark
from .status_words import contrast_text, labels_text, pixel_text, precision_text, readout_text

__all__ = ["StatusLine"]


class StatusLine(Colored):
    """Knows how far a picture has come and what is wrong, and says so in sentences."""

    #: How far the picture has come.
    held = Instance(Progress, ())

    #: What is under the cursor.
    readout = Instance(Readout)

    #: Why the last request failed, or empty.
    fault = Str()

    #: What failed inside the program, until something else is looked at; or empty.
    mishap = Str()

    #: What is said once of a source.
    remark = Instance(SourceRemark)

    #: What is known of contact with the source.
    contact = Instance(Contact, ())

    #: Why there is no contact with the source, or empty.
    lost = Property(Str, observe="contact")

    #: What is on the screen, in words such as ``"mean of 10.4 × 10.4, exact"``.
    shown = Property(
        Str,
        observe="viewport, held, fault, mishap, notice, remark.text, vision, contact, reduction, source, summary, "
        "_unlisted",
    )

    #: Position, value and world coordinates under the cursor, in words.
    readout_line = Property(Str, observe="readout, source, fits_pixels, shading")

    #: The window's title.
    title = Property(Str, observe="source")

    #: Why labels have no colours, in words; or empty.
    _unlisted = Property(Str, observe="shading, source")

    def _get_shown(self):
        if self.source is None:
            return ""
        wrong = self.lost or self.fault or self.mishap
        if wrong:
            return wrong
        precision = precision_text(self.summary, self.viewport, self.info, self.reduction)
        pixels = f"{pixel_text(self.viewport, self.info, self.reduction)}, {self.held.text(precision)}"
        seen = self.seen_with and f"as seen with {self.seen_with}"
        why = contrast_text(self.summary, self.info) or self._unlisted
        words = (self.remark.text, self.notice, seen, why, pixels, self.contact.slow)
        return "; ".join(word for word in words if word)

    def _get_readout_line(self):
        if self.source is None:
            return ""
        label = "" if self.readout is None else self.shading.name_of(self.readout.number)
        return readout_text(self.readout, self.viewport, self.info, self.fits_pixels, label)

    def _get_title(self):
        return self.info.name if self.source is not None else "traitsview"

    def _get_lost(self):
        return self.contact.lost

    @cached_property
    def _get__unlisted(self):
        return labels_text(self.summary, self.shading) if self.source is not None and self.info.channels == 1 else ""

    def _remark_default(self):
        return SourceRemark(viewer=self)
