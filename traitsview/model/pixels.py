"""What is held of an image for one viewer, and the door by which more is asked for."""

from __future__ import annotations

from traits.api import Any, Bool, Callable, Event, HasStrictTraits, Instance, Union, observe

from ..errors import TraitsviewError
from ..sources.image_source import ImageSource
from ..sources.summary import Summary
from .loading.indexer import Indexer
from .loading.mailbox import Mailbox
from .loading.overview import Overview
from .loading.plan import visible
from .loading.progress import Progress, progress_of
from .loading.tile_loader import Arrival, TileLoader
from .loading.tile_store import TileStore
from .loading.wish import Wish

__all__ = ["Pixels"]


class Pixels(HasStrictTraits):
    """Holds what painters need, and has what is missing loaded: whoever wants something says so by `show`.

    It knows no viewer.  All of it belongs to the viewer's thread, apart from what `listener` returns.
    """

    #: The source that they are of.
    source = Instance(ImageSource)

    #: Runs a function in the thread that the viewer belongs to, soon; any thread calls it.
    post = Union(None, Callable)

    #: The tiles that are held.
    store = Instance(TileStore, ())

    #: The whole image in a few pixels, once it is known.
    overview = Instance(Overview)

    #: What the values are like, once it is known.
    summary = Instance(Summary)

    #: Whether a summary of the plane at hand is on its way.
    measuring = Bool()

    #: How far the picture has come that is shown.
    held = Instance(Progress, ())

    #: New pixels are there to be painted.
    refreshed = Event()

    #: The loader begins to work on another wish.
    asked = Event()

    #: The source could not bring what is shown; the event has the error.
    failed = Event(Instance(TraitsviewError))

    _loader = Instance(TileLoader)
    _mailbox = Instance(Mailbox)
    _indexer = Instance(Indexer, ())

    #: What is shown, and what of that the loader was asked for.
    _wish = Instance(Wish)
    _asked = Instance(Wish)

    #: Under which indexing colours were asked for.
    _asked_indexing = Any()

    #: The steps in which the picture comes, as the loader told, and the resolution of the first.
    _coming = Instance(Arrival, ())

    #: Cache of `parts`: (viewport, reduction, parts).
    _seen = Any((None, "", ()))

    def __init__(self, **traits):
        # There before any thread has something to put in it: of two that ask for a default at the same time, each can
        # get one of its own.
        super().__init__(_mailbox=Mailbox(), **traits)

    # ---- asking -----------------------------------------------------------

    def show(self, wish):
        """Have everything loaded that a wish needs and that is missing; forget what other wishes needed.

        Where a wish differs from the last one in nothing but colours, only those that are on their way are asked for
        again.  Does nothing while closed.
        """
        if self._loader is None:
            return
        self._wish = wish
        # Exact values need nothing but new colours.
        if not wish.differs_only_in_colours(self._asked) or self._awaits_other_colours():
            self.ask_again()

    def ask_again(self):
        """Ask for what is missing of the last wish."""
        if self._loader is None or self._wish is None:
            return
        self.asked = True
        self._asked, self._asked_indexing, self._coming = self._wish, self._indexing(), Arrival()
        self._look_what_is_held()
        self._loader.load(self._asked)
        self.refreshed = True

    def measure(self):
        """Have the plane that is shown summarized anew."""
        if self._loader is not None:
            self.measuring = True
            self._loader.forget_summary()
            self.ask_again()

    @property
    def parts(self):
        """What is visible of the image: the parts of the viewport's tiles that lie on it."""
        if self._wish is None:
            return ()
        wanted, reduction = self._wish.viewport, self._wish.picture.reduction
        if wanted is not self._seen[0] or reduction != self._seen[1]:
            self._seen = wanted, reduction, visible(wanted, self.source.info, reduction)
        return self._seen[2]

    # ---- one source after the other ----------------------------------------

    def attach(self, source):
        """Hold the pixels of another source, or of none, from now on.  `open` begins to load them."""
        self.close()
        # A new store: the loader of the source before may still be putting tiles in the old one.
        self.trait_set(source=source, store=TileStore(), summary=None, overview=None, _wish=None, _seen=(None, "", ()))

    def open(self):
        """Begin to load, if there is a source; return whether it had not begun."""
        if self.source is None or self._loader is not None:
            return False
        self._asked = None
        self._loader = TileLoader(self.source, self.store, self._indexer, self.listener(self._take))
        return True

    def close(self):
        """Load nothing more until it is opened again."""
        if self._loader is not None:
            self._loader.close()
        self.trait_set(_loader=None, measuring=False)

    def wait_idle(self, timeout):
        """Wait until nothing is left to load; return whether that was within `timeout` seconds."""
        return self._loader is None or self._loader.wait_idle(timeout)

    # ---- what arrives from other threads -----------------------------------

    def listener(self, take):
        """Return a function that any thread may call, which has ``take(value)`` called in the viewer's thread.

        It is not called any more once there is another source.
        """
        source, mailbox = self.source, self._mailbox
        return lambda value: mailbox.put((source, take, value))

    def take_arrivals(self):
        """Take what has arrived from other threads."""
        arrived = self._mailbox.take()
        if self._loader is None or not arrived:
            return
        for source, take, value in arrived:
            if source is self.source:
                take(value)
        self._look_what_is_held()
        self.refreshed = True

    @observe("post")
    def _have_mail_fetched(self, event):
        post = self.post
        if post is None:
            self._mailbox.fetch = None
            return
        self._mailbox.fetch = lambda: post(self.take_arrivals)
        post(self.take_arrivals)

    def _take(self, arrival):
        # The end of a wish before may be told after the source has come back, and a new wish was made: that it was lost
        # then is no news.
        if arrival.wish is not None and arrival.wish is not self._asked:
            return
        if arrival.summary is not None:
            self.trait_set(summary=arrival.summary, measuring=False)
        if arrival.overview is not None:
            self.overview = arrival.overview
        if arrival.coming:
            self._coming = arrival
        if arrival.error is not None:
            self.failed = arrival.error

    def _look_what_is_held(self):
        """See how far the picture has come."""
        if self._wish is not None:
            steps = self._coming.coming, self._coming.coarse
            info, picture = self.source.info, self._wish.picture
            self.held = progress_of(self.parts, info, picture, self.store, self._indexing(), *steps)

    def _awaits_other_colours(self):
        """Whether colours are on their way that the last wish does not have."""
        return bool(self.held.missing and self._coming.coming) and self._indexing() != self._asked_indexing

    def _indexing(self):
        """Return where values lie in the table of colours; None if no host has to know it, or they are colours."""
        if self.summary is None:
            return None
        return self._indexer.indexing(self._wish.look, self.summary, self.source.info)
