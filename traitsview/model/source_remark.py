"""A sentence about a source that is shown once, when it is opened."""

from __future__ import annotations

from traits.api import Any, Bool, HasStrictTraits, Str, observe

__all__ = ["SourceRemark"]


class SourceRemark(HasStrictTraits):
    """Says what the user should know of a viewer's source.

    The sentence stays until the picture was complete and the user has moved on.  The information pane always has it.
    """

    #: The `ImageViewer` with the source.
    viewer = Any()

    #: The sentence, or empty.
    text = Str()

    #: Whether the exact picture was shown together with the sentence.
    _was_read = Bool()

    @observe("viewer.source")
    def _say(self, event):
        source = self.viewer.source
        problem = source.info.world_problem if source is not None else ""
        self.trait_set(_was_read=False, text=f"coordinates unknown: {problem}" if problem else "")

    @observe("viewer.exact")
    def _note_that_it_was_read(self, event):
        self._was_read |= self.viewer.exact

    @observe("viewer.viewport, viewer.plane, viewer.reduction", post_init=True)
    def _fall_silent(self, event):
        # A window that changes its size and still shows the whole image has not moved on.
        if self._was_read and not (event.name == "viewport" and self.viewer.places.fitted):
            self.text = ""
