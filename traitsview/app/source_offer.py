"""Offers of plugins, for the extension point ``traitsview.image_sources``."""

from traits.api import Callable, HasStrictTraits, Str

__all__ = ["SourceOffer"]


class SourceOffer(HasStrictTraits):
    """An image that a plugin offers in the File menu.

    ::

        class LabPlugin(Plugin):
            offers = List(contributes_to="traitsview.image_sources")

            def _offers_default(self):
                return [SourceOffer(name="Last exposure", factory=self.last_exposure)]
    """

    #: Its name in the menu.
    name = Str()

    #: Returns an ImageSource, or anything that `open_source` opens; it is called without arguments in a
    #: thread of its own, and may take its time.
    factory = Callable()
