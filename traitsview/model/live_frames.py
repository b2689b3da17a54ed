"""The frames of a live image as a viewer shows them: one after the other, each whole."""

from __future__ import annotations

from dataclasses import replace

from traits.api import Any, Bool, HasStrictTraits, Instance, Int, Property, observe

from ..errors import FrameGone
from ..sources.frame import Frame
from ..sources.image_info import ImageInfo
from .loading.frame_watch import FrameWatch
from .loading.wish import continues, of_frame

__all__ = ["LiveFrames"]


class LiveFrames(HasStrictTraits):
    """Shows the newest frame of a viewer's live source, and then the next one.

    The next frame is loaded while the present one stays on the screen; the two change places when the next is complete.
    Only then is a newer one asked for.  So frames never wait in a queue, and what is shown is never older than one
    frame's way.
    """

    #: The `ImageViewer`.
    viewer = Any()

    #: The frame that is shown; None without a source.
    frame = Instance(Frame)

    #: The newest frame that is known.
    newest = Instance(Frame)

    #: The facts about all frames that differ from the present one in nothing but their values.
    form = Instance(ImageInfo)

    #: The version of the frame that is shown.  It changes after `frame`.
    version = Int()

    #: Whether the frame that is shown stays.
    paused = Bool()

    #: Whether frames come at all.
    live = Property(Bool, observe="frame")

    #: How many frames were shown.
    shown = Int()

    #: How many frames were published, up to the one that is shown, since the first one that was.
    published = Int()

    #: How many of these were not shown.
    skipped = Property(Int, observe="shown, published")

    #: How many frames were published after the one that is shown.
    behind = Property(Int, observe="frame, newest")

    #: The frame that is loaded, to be shown next; or None.
    awaited = Property(Instance(Frame), observe="_next")

    _next = Instance(Frame)

    #: Keep the frame that is shown, and the next one.
    _kept = Any()
    _next_kept = Any()

    #: Whether the watch was asked for a newer frame, and has not told one.
    _waiting = Bool()

    _watch = Instance(FrameWatch)

    # ---- one source after the other ----------------------------------------

    def attach(self, source):
        """Follow another source, or none.  It begins with `open`."""
        self.close()
        frame = None if source is None else source.frame
        self.trait_set(paused=False, shown=0, published=0, newest=frame, _kept=None)
        self._set(frame)
        if frame is not None and frame.info.live:
            self._kept = source.hold(frame.version)
            self._count(frame)

    def open(self):
        """Begin to watch a live source."""
        if self._watch is None and self.live:
            pixels = self.viewer.pixels
            self._watch = FrameWatch(self.viewer.source, pixels.listener(self._take), pixels.begin_next)
            self._go_on()

    def close(self):
        """Stop watching: the calculation has one viewer less."""
        if self._watch is not None:
            self._watch.close()
        self.trait_set(_watch=None, _waiting=False, _next=None, _next_kept=None)

    # ---- what is asked for ---------------------------------------------------

    def next_wish(self, wish):
        """Return the wish for the next frame beside one for the frame that is shown; None if there is none to come."""
        return None if self._next is None else of_frame(wish, self._next.info)

    @observe("paused")
    def _stop_or_go(self, event):
        if self._watch is None:
            return
        if self.paused:
            self._forget_next()
        elif self.newest.version != self.version:
            self._begin(self.newest, None)
            return
        self._go_on()

    def _go_on(self):
        """Ask for what comes after the newest frame that is known."""
        if self._watch is not None and self._next is None and not self._waiting:
            self._waiting = True
            self._watch.wait(self.version, self.newest, self.paused)

    def _take(self, news):
        self._waiting = False
        if news.error is not None:
            self._waiting = True  # the watch goes on by itself
            self.viewer.status.complain(news.error)
            return
        frame = news.frame
        self.newest = frame
        if frame.version == self.version:
            self.frame = frame
        elif not self.paused:
            self._begin(frame, news.kept)
            return
        self._go_on()

    def _begin(self, frame, kept):
        """Have a frame loaded that will be shown next."""
        if not continues(self.frame.info, frame.info):
            self._kept = kept
            self._show_anew(frame)
            return
        self.trait_set(_next=frame, _next_kept=kept)
        self.viewer.ask()

    def _forget_next(self):
        if self._next is not None:
            self.trait_set(_next=None, _next_kept=None)
            self.viewer.ask()

    # ---- what came -----------------------------------------------------------

    @observe("viewer:pixels:next_held")
    def _show_next(self, event):
        frame, held = self._next, event.new
        pixels = self.viewer.pixels
        if frame is None or held is None or pixels.next_wish is None:
            return
        if pixels.next_wish.picture.version != frame.version or not (held.step != "coarse" or held.coarseness):
            return
        self.show_next()
        self._look_for_more()

    def show_next(self):
        """Show the frame that is awaited: everything that is needed of it is held."""
        frame = self._next
        self.trait_set(_kept=self._next_kept, _next=None, _next_kept=None)
        self._count(frame)
        self.viewer.show_frame(lambda: self._set(frame))

    def go_on(self):
        """Ask for a newer frame: the awaited one is shown."""
        self._go_on()

    @observe("viewer:pixels:held")
    def _look_for_more(self, event=None):
        """Ask for a newer frame once the colours of the present one are complete."""
        held = self.viewer.pixels.held
        if self._watch is not None and (held.step != "coarse" or self.paused):
            self._go_on()

    @observe("viewer:pixels:next_failed")
    def _take_failure(self, event):
        self.give_up_next(event.new)

    def give_up_next(self, error):
        """Show the awaited frame not at all, because of an error."""
        self._forget_next()
        if not isinstance(error, FrameGone):
            self.viewer.status.complain(error)
        self._go_on()

    def _show_anew(self, frame):
        """Show a frame that is another image: nothing that is held serves it."""
        self._count(frame)
        self.viewer.show_another(lambda: self._set(frame))
        self._go_on()

    def _set(self, frame):
        self.frame = frame
        if frame is None:
            self.trait_set(version=0, form=None)
            return
        form = replace(frame.info, version=0)
        if form != self.form:
            self.form = form
        self.version = frame.version

    def _count(self, frame):
        """Count a frame that is shown, and those before it that were not."""
        if not frame.count:
            return
        last = self.frame.count if self.shown else frame.count - 1
        self.trait_set(shown=self.shown + 1, published=self.published + max(1, frame.count - last))

    def _get_awaited(self):
        return self._next

    def _get_live(self):
        return self.frame is not None and self.frame.info.live

    def _get_skipped(self):
        return self.published - self.shown

    def _get_behind(self):
        return 0 if self.frame is None else max(0, self.newest.count - self.frame.count)
