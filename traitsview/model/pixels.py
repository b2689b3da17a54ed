"""The pixels of an image that are held for one viewer, and the one way to ask for more."""

from __future__ import annotations

from traits.api import Any, Bool, Callable, Event, HasStrictTraits, Instance, Union, observe

from ..errors import TraitsviewError
from ..sources.eased_summary import eased
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
    """Holds the pixels that painters need, and has missing ones loaded.  `show` is the only way to ask for some.

    It knows no viewer.  It belongs to the viewer's thread; only the functions that `listener` returns may be called in
    any thread.
    """

    #: The image that the pixels are of.
    source = Instance(ImageSource)

    #: Has a function called in the viewer's thread, soon.  Any thread may call it.
    post = Union(None, Callable)

    #: The tiles that are held.
    store = Instance(TileStore, ())

    #: The whole image in a few pixels; None until it is known.
    overview = Instance(Overview)

    #: The summary of the values; None until it is known.
    summary = Instance(Summary)

    #: Whether a new summary of the plane that is shown is on its way.
    measuring = Bool()

    #: The progress of the picture that is shown.
    held = Instance(Progress, ())

    #: There is something new to paint.
    refreshed = Event()

    #: The loader is asked for a wish.
    asked = Event()

    #: The source could not fulfil the wish.  The event has the error.
    failed = Event(Instance(TraitsviewError))

    #: The wish for the next frame of a live image, which comes while the present one is shown; or None.
    next_wish = Instance(Wish)

    #: The progress of the next frame.
    next_held = Instance(Progress)

    #: The source could not bring the next frame.  The event has the error.
    next_failed = Event(Instance(TraitsviewError))

    _loader = Instance(TileLoader)
    _mailbox = Instance(Mailbox)
    _indexer = Instance(Indexer, ())

    #: The last wish.
    _wish = Instance(Wish)

    #: The wishes that the loader was asked for last: the one for the frame that is shown, and the one for the next.
    _asked = Instance(Wish)
    _asked_next = Instance(Wish)

    #: The indexing under which it was asked for colours.
    _asked_indexing = Any()

    #: The indexing under which the next frame was asked for.
    _next_indexing = Any()

    #: The steps in which the picture comes, and the resolution of the first, as the loader has told them.
    _coming = Instance(Arrival, ())
    _next_coming = Instance(Arrival, ())

    #: The summary of a later frame, which the colours have not followed yet.
    _renewed = Instance(Summary)

    #: Cache of `parts`: (viewport, reduction, extent and shape of the image, parts).
    _seen = Any((None, None, ()))

    def __init__(self, **traits):
        # Not a default of Traits: two threads that ask for a default at the same time may get one each.
        super().__init__(_mailbox=Mailbox(), **traits)

    # ---- asking -----------------------------------------------------------

    def show(self, wish, next_wish=None):
        """Load the pixels that a wish needs and that are missing, in the place of those of earlier wishes.

        A wish that differs from the last one in nothing but colours is asked for only if other colours are on their
        way.  `next_wish` is for the next frame of a live image: its pixels are loaded after those of `wish`, and are
        not shown.  Nothing happens while closed.
        """
        if self._loader is None:
            return
        self._wish = wish
        came = wish.differs_only_in_colours(self._asked_next)
        if came:
            # The next frame has become the one that is shown, and what is missing of it is on its way.
            self._asked, self._coming = self._asked_next, self._next_coming
            self._asked_next, self._next_coming, self._asked_indexing = None, Arrival(), self._next_indexing
            self._loader.show(self._asked)
            self.store.keep_frame(wish.picture.version)
        # Exact values need nothing but new colours.
        same = wish.differs_only_in_colours(self._asked) and not self._awaits_other_colours()
        awaited = next_wish is None or next_wish.differs_only_in_colours(self._asked_next)
        self.next_wish, self.next_held = next_wish, None
        if next_wish is None:
            self._asked_next, self._next_coming = None, Arrival()  # it was given up, or is shown
            self._loader.begun = None
        if not awaited:
            begun = self._loader.begun
            if same and next_wish.differs_only_in_colours(begun) and self._renewed is None:
                self._asked_next, self._next_coming, awaited = begun, Arrival(), True
                self._next_indexing = self._indexing()
            self._take_renewed()
        if not (same and awaited):
            self.ask_again(new=not same)
            return
        if came:
            self.refreshed = True
        self._note_progress()

    def ask_again(self, new=True):
        """Ask for the missing pixels of the last wishes; not `new`: the one for the frame that is shown is no other."""
        if self._loader is None or self._wish is None:
            return
        if new:
            self.asked = True
            self._asked, self._asked_indexing, self._coming = self._wish, self._indexing(), Arrival()
        self._asked_next, self._next_coming, self._next_indexing = self.next_wish, Arrival(), self._indexing()
        self._note_progress()
        self._loader.load(*(wish for wish in (self._asked, self._asked_next) if wish is not None))
        if new:
            self.refreshed = True

    def begin_next(self, info):
        """Begin to load the next frame of a live image before it is asked for.  Any thread may call this."""
        loader = self._loader
        if loader is not None:
            loader.begin_next(info)

    @property
    def info(self):
        """The facts about the image that is shown."""
        return (self._wish.info if self._wish is not None else None) or self.source.info

    def measure(self):
        """Have the plane that is shown summarized anew."""
        if self._loader is not None:
            self.measuring = True
            self._loader.forget_summary()
            self.ask_again()

    @property
    def parts(self):
        """The visible parts of the image: the intersections of the viewport's tiles, the viewport and the image."""
        if self._wish is None:
            return ()
        return self._parts(self._wish)

    def _parts(self, wish):
        info, wanted = wish.info or self.source.info, wish.viewport
        key = wish.picture.reduction, info.extent, info.shape
        if wanted is not self._seen[0] or key != self._seen[1]:
            self._seen = wanted, key, visible(wanted, info, wish.picture.reduction)
        return self._seen[2]

    # ---- one source after the other ----------------------------------------

    def attach(self, source):
        """Hold the pixels of another source, or of none.  Loading begins with `open`."""
        self.close()
        # The store is new, because the loader of the earlier source may still put tiles into the old one.
        self.trait_set(
            source=source, store=TileStore(), summary=None, overview=None, _wish=None, _seen=(None, None, ())
        )
        self.trait_set(next_wish=None, next_held=None, _renewed=None)

    def forget(self):
        """Hold nothing any more: a live image has become another one."""
        self.trait_set(summary=None, overview=None, next_wish=None, next_held=None, _asked=None, _asked_next=None)
        self._renewed = None
        if self._loader is not None:
            self._loader.forget_summary()

    def open(self):
        """Begin to load, if there is a source; return False if there is none or loading has begun already."""
        if self.source is None or self._loader is not None:
            return False
        self._asked = self._asked_next = None
        self._loader = TileLoader(self.source, self.store, self._indexer, self.listener(self._take))
        return True

    @property
    def awaits_colours(self):
        """Whether the colours of the picture that is shown come before its values."""
        return "colours" in self._coming.coming

    @property
    def is_open(self):
        """Whether pixels are loaded."""
        return self._loader is not None

    def close(self):
        """Stop loading until `open` is called again."""
        if self._loader is not None:
            self._loader.close()
        self.trait_set(_loader=None, measuring=False)

    def wait_idle(self, timeout):
        """Wait until all is loaded; return whether that was within `timeout` seconds."""
        return self._loader is None or self._loader.wait_idle(timeout)

    # ---- what arrives from other threads -----------------------------------

    def listener(self, take):
        """Return a function of one value, which has ``take(value)`` called in the viewer's thread.

        Any thread may call it.  `take` is not called any more when there is another source.
        """
        source, mailbox = self.source, self._mailbox
        return lambda value: mailbox.put((source, take, value))

    def take_arrivals(self):
        """Take the values that have arrived from other threads."""
        arrived = self._mailbox.take()
        if self._loader is None or not arrived:
            return
        seen = False
        for source, take, value in arrived:
            if source is self.source:
                # Tiles of the next frame change nothing that is seen.
                seen |= isinstance(value, Arrival) and (value.wish is None or value.wish is not self._asked_next)
                take(value)
        self._note_progress()
        if seen:
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
        # The loader may tell the failure of an earlier wish after the source has come back and was asked anew.  That
        # contact was lost then is no news.
        if arrival.wish is not None and arrival.wish is not self._asked:
            if arrival.wish is self._asked_next:
                self._take_next(arrival)
            return
        if arrival.generation == self._loader.generation:
            if arrival.summary is not None:
                self.trait_set(summary=arrival.summary, measuring=False)
            if arrival.renewed is not None:
                self._renewed = arrival.renewed
        if arrival.overview is not None:
            self.overview = arrival.overview
        if arrival.coming:
            self._coming = arrival
        if arrival.error is not None:
            self.failed = arrival.error

    def _take_renewed(self):
        """Have the colours follow the frames.

        Where pixels come as indices they are of the colours that were asked for: then this waits for the next frame.
        """
        if self._renewed is not None:
            self.summary = eased(self.summary, self._renewed)
            self._renewed = None
            self._loader.take_summary(self.summary)

    def _take_next(self, arrival):
        if arrival.coming:
            self._next_coming = arrival
        if arrival.error is not None:
            self.next_failed = arrival.error

    def _note_progress(self):
        """Set `held` to the present progress, and `next_held` to that of the next frame."""
        if self._wish is not None:
            self.held = self._progress(self._wish, self._coming)
        if self.next_wish is not None:
            self.next_held = self._progress(self.next_wish, self._next_coming)
        if self._renewed is not None and not (self._next_coming.coming or (self._coming.coming and self.held.missing)):
            self._take_renewed()

    def _progress(self, wish, coming):
        info, steps = wish.info or self.source.info, (coming.coming, coming.coarse)
        return progress_of(self._parts(wish), info, wish.picture, self.store, self._indexing(), *steps)

    def _awaits_other_colours(self):
        """Whether colours are on their way that are not those of the last wish."""
        return bool(self.held.missing and self._coming.coming) and self._indexing() != self._asked_indexing

    def _indexing(self):
        """Return the indexing of the last wish; None if there is no summary yet, or if no host can use an indexing."""
        if self.summary is None:
            return None
        return self._indexer.indexing(self._wish.look, self.summary, self.info)
