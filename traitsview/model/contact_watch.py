"""The watch over a viewer's contact with its source: news of the link, and failures of pixels."""

from __future__ import annotations

from weakref import WeakMethod, ref

from traits.api import Any, HasStrictTraits, observe

from ..errors import FrameGone, HostError
from .contact_state import ContactState, weak_listener

__all__ = ["ContactWatch"]


class ContactWatch(HasStrictTraits):
    """Sets the `contact` of a viewer, and asks again for pixels when contact is back.

    It belongs to the viewer's thread; news of the link may come in any thread.
    """

    #: The `ImageViewer`.
    viewer = Any()

    def attach(self, source):
        """Watch the link of another source, or of none."""
        self.viewer.contact = ContactState()
        if source is not None:
            source.link.watch(weak_listener(WeakMethod(self._hear), ref(source)))

    def retry(self):
        """Try at once to reach a source that is lost."""
        viewer = self.viewer
        if viewer.source is not None:
            viewer.contact = viewer.contact.trying()
            viewer.source.link.retry()

    def _hear(self, source, error):
        """Take news of contact, in any thread."""
        if source is self.viewer.source:
            self.viewer.pixels.listener(self._take_news)(error)

    def _take_news(self, error):
        viewer = self.viewer
        was, viewer.contact = viewer.contact, viewer.contact.after(error)
        if error is None and was.gone:
            viewer.pixels.ask_again()
            viewer.ask()

    @observe("viewer:pixels:failed")
    def _take_failure(self, event):
        viewer, error = self.viewer, event.new
        if isinstance(error, FrameGone) and not viewer.live.paused:
            return  # a newer one comes
        if not isinstance(error, HostError):
            viewer.live.complain(error)
        elif not viewer.contact.gone:
            viewer.contact = viewer.contact.after(error)
