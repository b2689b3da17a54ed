"""The sentences of a viewer: about its picture, about the value under the cursor, and about faults."""

from __future__ import annotations

from traits.api import Any, Bool, HasStrictTraits, Instance, Property, Str, cached_property, observe

from .source_remark import SourceRemark
from .status_words import contrast_text, labels_text, pixel_text, precision_text, readout_text

__all__ = ["Complaint", "Status"]


class Complaint:
    """A sentence in a viewer's status, which its author can withdraw.

    Parameters
    ----------
    status : Status
    """

    def __init__(self, status):
        self._status, self._said = status, ""

    def say(self, error):
        """Show an error or a text, in the place of what was wrong before."""
        self._status.fault = self._said = str(error)

    def withdraw(self):
        """Remove the sentence, unless another one has replaced it."""
        if self._said and self._status.fault == self._said:
            self._status.fault = ""
        self._said = ""


class Status(HasStrictTraits):
    """Has the sentences about a viewer: the progress of its picture, and faults."""

    #: The `ImageViewer`.
    viewer = Any()

    #: Why the last request failed or was refused; empty when the viewer asks for something else.  See `complain`.
    fault = Str()

    #: A mistake in the program that showed itself; empty when the viewer asks for something else.
    program_error = Str()

    #: A sentence about the colormap; empty when another one is chosen.
    notice = Str()

    #: The sentence about the source.
    remark = Instance(SourceRemark)

    #: The sentence about a fault that takes the place of all others; or empty.
    wrong = Property(Str, observe="viewer.contact, fault, program_error")

    #: Whether the source is lost, so that trying again makes sense.
    can_retry = Property(Bool, observe="viewer.contact")

    #: The state of the picture in words, such as ``"mean of 10.4 × 10.4, exact"``, or the fault.
    shown = Property(
        Str,
        observe="wrong, notice, remark.text, viewer.live.line, viewer.[viewport, reduction, source, contact], "
        "viewer.pixels.[held, summary], viewer.colours.seen_with, viewer.chart.shown, _unlisted",
    )

    #: Position, value and world coordinates under the cursor, in words.
    readout_line = Property(
        Str, observe="viewer.[readout, source, form, fits_pixels, chart.readout_line], viewer.colours.shading"
    )

    #: Why labels have no colours, in words; or empty.
    _unlisted = Property(Str, observe="viewer.colours.shading, viewer.source")

    def complain(self, error):
        """Show why something failed or was refused.

        The sentence stays until the viewer asks for something else, until another one replaces it, until its author
        withdraws it, or until a calculation that is watched ends or begins anew.

        Returns
        -------
        Complaint
            For withdrawing the sentence when it is not true any more.
        """
        complaint = Complaint(self)
        complaint.say(error)
        return complaint

    @observe("viewer:pixels:asked")
    def _begin_anew(self, event):
        self.trait_set(fault="", program_error="")

    @observe("viewer.source")
    def _forget_fault(self, event):
        self.fault = ""

    @observe("viewer:live:frame")
    def _hear_of_the_calculation(self, event):
        """Forget the fault when a calculation ends, or begins anew: that is news, and would stay hidden."""
        if event.old is not None and event.new is not None and event.old.state != event.new.state:
            self.fault = ""

    @observe("viewer.appearance.colormap, viewer.source")
    def _forget_notice(self, event):
        self.notice = ""

    def _get_wrong(self):
        return self.viewer.contact.lost or self.fault or self.program_error

    def _get_can_retry(self):
        return self.viewer.contact.can_retry

    @cached_property
    def _get_shown(self):
        viewer = self.viewer
        if viewer.source is None:
            return ""
        if self.wrong:
            return self.wrong
        if viewer.live.live and not viewer.live.version:
            return "; ".join(words for words in (viewer.live.line, viewer.contact.slow) if words)
        if viewer.chart.active:
            words = (viewer.chart.shown, viewer.live.line, viewer.contact.slow)
            return "; ".join(word for word in words if word)
        summary, viewport, info, reduction = viewer.pixels.summary, viewer.viewport, viewer.info, viewer.reduction
        precision = precision_text(summary, viewport, info, reduction)
        pixels = f"{pixel_text(viewport, info, reduction)}, {viewer.pixels.held.text(precision)}"
        seen = viewer.colours.seen_with and f"as seen with {viewer.colours.seen_with}"
        why = contrast_text(summary, info) or self._unlisted
        words = (self.remark.text, self.notice, viewer.live.line, seen, why, pixels, viewer.contact.slow)
        return "; ".join(word for word in words if word)

    def _get_readout_line(self):
        viewer = self.viewer
        if viewer.source is None:
            return ""
        if viewer.chart.active:
            return viewer.chart.readout_line
        readout = viewer.readout
        label = "" if readout is None else viewer.shading.name_of(readout.number)
        return readout_text(readout, viewer.viewport, viewer.info, viewer.fits_pixels, label)

    @cached_property
    def _get__unlisted(self):
        viewer = self.viewer
        if viewer.source is None or viewer.info.channels > 1:
            return ""
        return labels_text(viewer.pixels.summary, viewer.shading)

    def _remark_default(self):
        return SourceRemark(viewer=self.viewer)
