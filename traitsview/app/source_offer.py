"""What a plugin offers to look at, as the extension point ``traitsview.image_sources`` takes it."""

from traits.api import Callable, HasStrictTraits, Str

__all__ = ["SourceOffer"]


class SourceOffer(HasStrictTraits):
    """A source that can be had by asking.

    ::

        class LabPlugin(Plugin):
            offers = List(contributes_to="traitsview.image_sources")

            def _offers_default(self):
                return [SourceOffer(name="Last exposure", factory=self.last_exposure)]
    """

    #: What the menu calls it.
    name = Str()

    #: Returns an ImageSource, or anything that `open_source` opens; it is called without arguments in a
    #: thread of its own, and may take its time.
    factory = Callable()
