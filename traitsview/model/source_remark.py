"""What is said once of a source when it is opened."""

from __future__ import annotations

from traits.api import Any, Bool, HasStrictTraits, Str, observe

__all__ = ["SourceRemark"]


class SourceRemark(HasStrictTraits):
    """Says what the user should know of a viewer's source, until the picture was complete and the user moves on.

    The information pane keeps it.
    """

    #: The `ImageViewer` whose source it is about.
    viewer = Any()

    #: What there is to say, or empty.
    text = Str()

    #: Whether the whole picture was there while it was said.
    _was_read = Bool()

    @observe("viewer.source")
    def _say(self, event):
        source = self.viewer.source
        problem = source.info.world_problem if source is not None else ""
        self.trait_set(_was_read=False, text=f"coordinates unknown: {problem}" if problem else "")

    @observe("viewer.exact")
    def _note_that_it_was_read(self, event):
        self._was_read |= self.viewer.exact

    @observe("viewer.viewport, viewer.picture", post_init=True)
    def _fall_silent(self, event):
        # A window that takes its size still shows the whole image.
        if self._was_read and not (event.name == "viewport" and self.viewer.places.fitted):
            self.text = ""
