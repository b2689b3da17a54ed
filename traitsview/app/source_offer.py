"""Images that plugins offer, for the extension point ``traitsview.image_sources``."""

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

    #: The name of the image in the menu.
    name = Str()

    #: A function without arguments that returns an ImageSource, or anything that `open_source` opens.  It is called in
    #: a thread of its own and may take long.
    factory = Callable()
