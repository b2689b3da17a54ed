"""The frames of a live image as a viewer shows them: one after the other, each whole."""

from __future__ import annotations

import time
from dataclasses import replace

from traits.api import Any, Bool, HasStrictTraits, Instance, Int, Property, Str, Tuple, observe

from ..errors import FrameGone, HostError
from ..sources.frame import Frame
from ..sources.image_info import ImageInfo
from .frame_count import FrameCount
from .frame_marks import mark_after
from .live_words import frames_text
from .loading.frame_watch import FrameWatch
from .loading.wish import continues, of_frame

__all__ = ["LiveFrames"]

#: Seconds between two changes of the sentence while frames come quickly: nobody can read it sooner.
LINE_SECONDS = 0.2


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

    #: The frames that can be shown again, the oldest first, each as a `FrameMark`.  Known while paused.
    marks = Tuple()

    #: Whether frames come at all.
    live = Property(Bool, observe="frame")

    #: How many frames were shown.
    shown = Property(Int, observe="_count")

    #: How many frames were published, up to the newest one that was shown, since the first one that was.
    published = Property(Int, observe="_count")

    #: How many of these were not shown.
    skipped = Property(Int, observe="_count")

    #: How many frames were published after the one that is shown.
    behind = Property(Int, observe="frame, newest")

    #: Whether the source has told what there is since it is watched.
    answered = Bool()

    #: Whether the source has told its newest frame since it is watched, and this or a newer one has been shown.
    current = Bool()

    #: What is said of the frame that is shown: ``"step 812, t = 0.25, 0.1 s old, 3 skipped"``.
    line = Str()

    #: The frame that is loaded, to be shown next; or None.
    awaited = Property(Instance(Frame), observe="_next")

    _next = Instance(Frame)

    #: Whether the frame that is awaited was told since the source is watched, and not known before.
    _next_told = Bool()

    #: Keep the frame that is shown, and the next one.
    _kept = Any()
    _next_kept = Any()

    #: Whether the watch was asked for a newer frame, and has not told one.
    _waiting = Bool()

    _count = Instance(FrameCount, ())

    #: How many frames the user wants to go on from the one that is shown, as soon as their marks are known.
    _steps = Int()

    _watch = Instance(FrameWatch)

    #: The sentences that say why a frame cannot be shown, and why the source does not tell its newest one: `Complaint`.
    _complaint = Any()
    _deafness = Any()

    #: When the sentence told a new frame last.
    _said = Any(0.0)

    # ---- one source after the other ----------------------------------------

    def attach(self, source):
        """Follow another source, or none.  It begins with `open`."""
        self.close()
        frame = None if source is None else source.frame
        self.trait_set(paused=False, marks=(), newest=frame, _kept=None, _count=FrameCount())
        self._set(frame)
        if frame is not None and frame.info.live:
            self._kept = source.hold(frame.version)
            self._count = self._count.after(frame)
        self.say()

    @observe("viewer:screens:seen")
    def open(self, event=None):
        """Begin to watch a live source, if the viewer is seen or has no window; otherwise watch it no more."""
        if self.viewer.source is None or not self.live:
            return
        if not (self.viewer.screens.seen and self.viewer.pixels.is_open):
            self.close()
        elif self._watch is None:
            pixels = self.viewer.pixels
            self._watch = FrameWatch(self.viewer.source, pixels.listener(self._take), pixels.begin_next)
            self._go_on()

    def close(self):
        """Stop watching: the calculation has one viewer less."""
        if self._watch is not None:
            self._watch.close()
        self.trait_set(_watch=None, answered=False, current=False, _waiting=False, _steps=0)
        self.trait_set(_next=None, _next_kept=None)

    # ---- what the user wants -------------------------------------------------

    def toggle(self):
        """Hold the frame that is shown, or go on."""
        self.paused = self.live and not self.paused

    def resume(self):
        """Return to the newest frame, and follow."""
        self.paused = False

    def step(self, by):
        """Hold the kept frame that is `by` frames after the one that is shown; before it if `by` < 0."""
        if self.live:
            self._steps += by
            if self.paused:
                self._take_steps()
            self.paused = True

    def look_back(self, mark):
        """Hold a frame that is kept; see `marks`."""
        self.paused = True
        self._steps = 0
        if mark.version != self.version or self._next is not None:
            self._begin(self._frame_of(mark), self.viewer.source.hold(mark.version))

    @observe("paused")
    def _stop_or_go(self, event):
        if self._watch is None:
            return
        self.trait_set(_waiting=False, _steps=self._steps if self.paused else 0)
        if self.paused:
            self._forget_next()
        self._go_on()
        self.say()

    def _take_steps(self):
        """Go the steps that the user wants, as far as frames are kept."""
        if self._steps and self.marks:
            self.look_back(mark_after(self.marks, self.aim, self.frame, self._steps))

    @property
    def aim(self):
        """The version of the frame that is shown, or soon will be."""
        return self._next.version if self._next is not None else self.version

    def _frame_of(self, mark):
        """Return the frame of a mark; what was published beside it is not known any more."""
        for known in (self.newest, self.frame):
            if known.version == mark.version:
                return known
        info = replace(self.newest.info, version=mark.version)
        return Frame(info, mark.step, mark.time, None, mark.count)

    # ---- asking --------------------------------------------------------------

    def next_wish(self, wish):
        """Return the wish for the next frame beside one for the frame that is shown; None if there is none to come."""
        return None if self._next is None else of_frame(wish, self._next.info)

    def _go_on(self, gone=0):
        """Have the newest frame shown, or ask for what comes after it.  The frame `gone` cannot be shown."""
        if self._watch is None or self._next is not None or self._waiting:
            return
        if not self.paused and self.newest.version not in (self.version, gone):
            self._begin(self.newest, self.viewer.source.hold(self.newest.version))
            return
        self._waiting = True
        if self.paused:
            self._watch.look(self.version)
        else:
            self._watch.wait(self.version, self.newest)

    def _take(self, news):
        self._deafness = _withdrawn(self._deafness)
        if news.error is not None:
            self._deafness = self.viewer.status.complain(news.error)
            return
        self.answered = True
        if news.frame is not None:
            self._take_newest(news)
        elif not self.paused and self.newest.version != self.version:
            self._waiting = False  # the newest frame could not be shown: another try
            self._go_on()
        self.current = self.current or self.newest.version == self.version
        if self._next is None:
            self.say()

    def _take_newest(self, news):
        frame = news.frame
        if frame.count < self.newest.count:
            self._count = self._count.restarted(frame)
        self.newest = frame
        if frame.version == self.version:
            self.frame = frame
        if self.paused:
            self.marks = news.marks
            self._take_steps()
            return
        self._waiting = False
        if frame.version != self.version and self._next is None:
            self._begin(frame, news.kept)
        self._go_on()

    def _begin(self, frame, kept):
        """Have a frame loaded that will be shown next."""
        if not continues(self.frame.info, frame.info):
            self._kept = kept
            self._show_anew(frame)
            return
        self.trait_set(_next=frame, _next_kept=kept, _next_told=self.answered)
        self.viewer.ask()

    def _forget_next(self):
        if self._next is not None:
            self.trait_set(_next=None, _next_kept=None)
            self.viewer.ask()

    # ---- what came -----------------------------------------------------------

    @observe("viewer:pixels:next_held")
    def _show_next(self, event):
        frame, held, wish = self._next, event.new, self.viewer.pixels.next_wish
        if frame is None or held is None or wish is None or wish.picture.version != frame.version:
            return
        if held.step == "coarse" and not held.coarseness:
            return
        self.show_next()
        self._look_for_more()

    def show_next(self):
        """Show the frame that is awaited: everything that is needed of it is held."""
        frame = self._next
        self.trait_set(_kept=self._next_kept, _next=None, _next_kept=None, _waiting=False)
        self._count = self._count.after(frame)
        self._complaint = _withdrawn(self._complaint)
        self.viewer.show_frame(lambda: self._set(frame))
        self.current = self.current or self._next_told
        self._say_of_frame()

    def go_on(self):
        """Have the newest frame shown: what was needed of the present one is held."""
        self._go_on()

    @observe("viewer:pixels:held")
    def _look_for_more(self, event=None):
        """Ask for a newer frame once the colours of the present one are complete."""
        pixels = self.viewer.pixels
        if pixels.held.step != "coarse" or self.paused or (pixels.held.coarseness and not pixels.awaits_colours):
            self._go_on()

    @observe("viewer:pixels:next_failed")
    def _take_failure(self, event):
        self.give_up_next(event.new)

    def give_up_next(self, error):
        """Go on to the newest frame if one cannot be shown."""
        gone = self.aim
        self._forget_next()
        if isinstance(error, HostError):
            pass  # those who watch the link tell that
        elif self.paused or not isinstance(error, FrameGone):
            self.complain(error)
        self._waiting = False
        self._go_on(gone)

    def complain(self, error):
        """Say why a frame cannot be shown, until another one is."""
        _withdrawn(self._complaint)
        self._complaint = self.viewer.status.complain(error)

    def _show_anew(self, frame):
        """Show a frame that is another image: nothing that is held serves it."""
        self._count = self._count.after(frame)
        self.viewer.show_another(lambda: self._set(frame))
        self.current = self.current or self.answered
        self.say()
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

    def _say_of_frame(self):
        """Have the sentence tell a new frame; while frames come quickly not all of them."""
        now = time.monotonic()
        if now - self._said >= LINE_SECONDS or self.paused:
            self._said = now
            self.say()

    def say(self):
        """Have the sentence tell what is shown now."""
        self.line = frames_text(self.frame, self.skipped, self.behind, self.paused) if self.live else ""

    def _get_awaited(self):
        return self._next

    def _get_live(self):
        return self.frame is not None and self.frame.info.live

    def _get_shown(self):
        return self._count.shown

    def _get_published(self):
        return self._count.published

    def _get_skipped(self):
        return self._count.skipped

    def _get_behind(self):
        return 0 if self.frame is None or self.newest is None else max(0, self.newest.count - self.frame.count)


def _withdrawn(complaint):
    """Withdraw a sentence, if there is one; return None."""
    if complaint is not None:
        complaint.withdraw()
