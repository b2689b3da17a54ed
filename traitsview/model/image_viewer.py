"""The viewer: what is looked at, where, and how; without a toolkit."""

from __future__ import annotations

import time
from weakref import WeakMethod, ref

from traits.api import (
    Any,
    Bool,
    Callable,
    Event,
    Float,
    Instance,
    Int,
    Property,
    Str,
    Tuple,
    Union,
    cached_property,
    observe,
)

from ..color.limits import is_rule, parse_limits
from ..errors import HostError
from ..geometry import Viewport
from ..sources.image_source import check_plane
from ..sources.picture import Picture
from .contact_state import Contact, News, teller
from .limits_of_part import PartLimits, PartSummarizer
from .loading.mailbox import Mailbox
from .loading.overview import Overview
from .loading.plan import visible
from .loading.progress import progress_of
from .loading.tile_loader import Arrival, TileLoader, Wanted
from .loading.tile_store import TileStore
from .navigation import History
from .readout import Probe, Readout
from .status_line import StatusLine

__all__ = ["ImageViewer"]


class ImageViewer(StatusLine):
    """Looks at an image source.

    Everything here belongs to one thread (in a window, the GUI thread).  What arrives from the
    source's threads waits until that thread takes it: a window sees to that through `post`, and a
    script without one calls `wait`.  Close a viewer when it is no longer shown.
    """

    #: The index on every axis that is not displayed.
    plane = Tuple()

    #: The data point under the cursor, or None.
    cursor = Union(None, Tuple)

    #: Runs a function in the thread that the viewer belongs to, soon; any thread calls it.
    post = Union(None, Callable)

    #: Whether to bring what may be wanted next while nothing else is, if the source is behind a link.
    looks_ahead = Bool(True)

    #: Where it is shown.  The one used last comes last and leads: the viewport has its size.
    stages = Tuple()

    # ---- what the viewer tells -------------------------------------------

    #: The tiles that are held.
    store = Instance(TileStore, ())

    #: The whole image in a few pixels, once it is known.
    overview = Instance(Overview)

    #: The tiles that `viewport` touches.
    tiles = Property(Tuple, observe="viewport")

    #: Which picture of the image is shown.
    picture = Property(Instance(Picture), observe="plane, reduction, source")

    #: How many tiles with something visible do not have all of their exact values yet.
    missing = Property(Int, observe="held")

    #: How much of what is visible has its exact values, 0 … 1.
    progress = Property(Float, observe="held")

    #: What is seen: something ``"coarse"``, the ``"colours"`` that the exact values will have, or those ``"exact"``.
    step = Property(Str, observe="held")

    #: How many times coarser the picture is that stands for the exact one; 0 if that is not held everywhere.
    coarseness = Property(Float, observe="held")

    #: Whether the source is lost, so that trying again makes sense.
    can_retry = Property(Bool, observe="contact")

    #: Whether everything on the screen is the exact picture of the viewport, in its final colours.
    exact = Property(Bool, observe="held, fault, contact, summary, source, appearance.limits, _measuring")

    #: New pixels are there to be painted.
    refreshed = Event()

    #: Whether a summary of the plane at hand is on its way.
    _measuring = Bool()

    #: The steps in which the picture comes, as the loader told, and the resolution of the first.
    _coming = Instance(Arrival, ())

    #: Under which indexing colours were asked for.
    _asked = Any()

    #: What was asked for last.
    _wanted = Instance(Wanted)

    _loader = Instance(TileLoader)
    _probe = Instance(Probe)
    _part = Instance(PartSummarizer)
    _mailbox = Instance(Mailbox)

    #: The viewport and the reduction that `parts` were last of, and they.
    _seen = Any((None, "", ()))

    def __init__(self, **traits):
        # There before any thread has something to put in it: of two that ask for a default at the same time, each can
        # get one of its own.
        super().__init__(_mailbox=Mailbox(), **traits)

    @property
    def parts(self):
        """What is visible of the image: the parts of `tiles` that lie on both."""
        viewport, reduction, parts = self._seen
        if viewport is not self.viewport or reduction != self.reduction:
            parts = () if self.source is None else visible(self.viewport, self.info, self.reduction)
            self._seen = self.viewport, self.reduction, parts
        return parts

    # ---- loading ---------------------------------------------------------

    def measure(self):
        """Take the limits of the colours from the plane that is shown, if they are taken from the values."""
        if self._loader is not None:
            self._measuring = True
            self._loader.forget_summary()
            self._request()

    def limits_from(self, extent=None, rule=None):
        """Take the limits of the colours from a part of the image, as numbers that then stay; returns at once.

        The host looks at the part, and `appearance.limits` change when its answer is there.

        Parameters
        ----------
        extent : (x0, x1, y0, y1), optional
            The part, in data units; by default what is visible.
        rule : str, optional
            How limits follow from the values, such as ``"98%"``; by default as they do now, or else ``"99.5%"``.
        """
        if self._loader is None:
            return
        now = self._limits_before = self.appearance.limits
        rule = parse_limits(rule or (now if is_rule(now) else "99.5%"))
        if self._part is None:
            source = self.source
            self._part = PartSummarizer(source, lambda found: self._arrive(source, found))
        self._part.find(self.viewport.extent if extent is None else extent, self.picture.plane, rule)

    def wait(self, timeout):
        """Wait until nothing is left to load, and take what came; return whether that was within `timeout` seconds."""
        ends = time.monotonic() + timeout
        idle = self._loader is None or self._loader.wait_idle(timeout)
        idle &= self._part is None or self._part.wait_idle(max(0.0, ends - time.monotonic()))
        self.take_arrivals()
        return idle

    def retry(self):
        """Try to come back to a source that is lost now, rather than at the next try."""
        if self.source is not None:
            self.contact = self.contact.trying()
            self.source.link.retry()

    def take_arrivals(self):
        """Take what has arrived from the source's threads."""
        arrived = self._mailbox.take()
        if self._loader is None or not arrived:
            return
        for source, value in arrived:
            if source is self.source:
                self._take(value)
        self._look_what_is_held()
        self.refreshed = True

    # ---- being shown -----------------------------------------------------

    def enter(self, stage):
        """Be shown on `stage`, which leads from now on.  What `close` ended begins again."""
        self.stages = (*(other for other in self.stages if other is not stage), stage)
        if self.source is not None and self._loader is None:
            self._start_loading()
            self._request()

    def leave(self, stage):
        """Be shown on `stage` no more; when none is left, close."""
        self.stages = tuple(other for other in self.stages if other is not stage)
        if not self.stages:
            self.close()

    def leads(self, stage):
        """Return whether the viewport has the size of `stage`, rather than of another one."""
        return not self.stages or self.stages[-1] is stage

    def close(self):
        """Stop loading until it is shown again.  The source stays open."""
        for part in (self._loader, self._probe, self._part):
            if part is not None:
                part.close()
        self.trait_setq(_loader=None, _probe=None, _part=None)
        self._measuring = False

    # ---- defaults and what follows from the rest -------------------------

    @cached_property
    def _get_tiles(self):
        return self.viewport.tiles()

    @cached_property
    def _get_picture(self):
        if self.source is None:
            return Picture(self.plane, self.reduction)
        return Picture(self.plane or check_plane(self.info, None), self.reduction, self.info.version)

    def _get_missing(self):
        return self.held.missing

    def _get_progress(self):
        return self.held.fraction

    def _get_step(self):
        return self.held.step

    def _get_coarseness(self):
        return self.held.coarseness

    def _get_exact(self):
        if self.missing or self.fault or self.lost or self.summary is None or self._measuring:
            return False
        return self.summary.exact or self.appearance.limits != "minmax"

    def _get_can_retry(self):
        return self.contact.state == "lost"

    # ---- reactions -------------------------------------------------------

    @observe("source")
    def _attach_source(self, event):
        self.close()
        source = self.source
        self._seen = None, "", ()
        # A new store: the loader of the source before may still be putting tiles in the old one.
        self.trait_set(
            store=TileStore(),
            summary=None,
            overview=None,
            readout=None,
            fault="",
            contact=Contact(),
            plane=(),
            history=History(),
        )
        if source is None:
            return
        self._look_for_labels()
        self._start_loading()
        source.link.watch(teller(WeakMethod(self._arrive), ref(source)))
        self._move(Viewport.fitting(self.info, self.viewport.shape))
        self._request()

    # Not of "viewport": observers of one trait run in no order, and `tiles` might still be those before.
    @observe("tiles, picture, appearance.limits")
    def _request(self, event=None):
        if self._loader is None:
            return
        self.trait_set(fault="", mishap="")
        self._coming = Arrival()
        self._look_what_is_held()
        focus = self.cursor if self.cursor is not None else self.viewport.center
        look = self.appearance.look
        self._asked = self._indexing()
        exact = self.appearance.limits == "minmax"
        self._wanted = Wanted(self.viewport, self.picture, focus, look, exact, self.looks_ahead)
        self._loader.load(self._wanted)
        self.refreshed = True

    @observe("appearance.[colormap,scale,inverted,contrast,bias,under,over,bad]")
    def _request_colors(self, event):
        # Exact values need nothing but new colours.
        if self.missing and self._coming.coming and self._indexing() != self._asked:
            self._request()

    def _look_what_is_held(self):
        """See how far the picture has come."""
        if self.source is not None:
            indexing = self._indexing()
            steps = self._coming.coming, self._coming.coarse
            self.held = progress_of(self.parts, self.info, self.picture, self.store, indexing, *steps)

    @observe("cursor, picture")
    def _read_value(self, event):
        if self._probe is None or self.cursor is None:
            self.readout = None
            return
        self.readout = Readout(self.cursor, self.picture.plane)
        x0, x1, y0, y1 = self.info.extent
        x, y = self.cursor
        if x0 <= x < x1 and y0 <= y < y1:
            self._probe.read(self.cursor, self.picture.plane)

    @observe("shading, overview")
    def _refresh(self, event):
        self.refreshed = True

    def _start_loading(self):
        source = self.source
        self._loader = TileLoader(source, self.store, lambda arrival: self._arrive(source, arrival))
        self._probe = Probe(source, lambda readout: self._arrive(source, readout))

    # ---- what arrives from the source's threads ---------------------------

    def _arrive(self, source, value):
        self._mailbox.put((source, value))

    @observe("post")
    def _have_mail_fetched(self, event):
        post = self.post
        if post is None:
            self._mailbox.fetch = None
            return
        self._mailbox.fetch = lambda: post(self.take_arrivals)
        post(self.take_arrivals)

    def _take(self, value):
        if isinstance(value, Readout):
            if (self.cursor, self.picture.plane) == (value.point, value.plane):
                self.readout = value
        elif isinstance(value, News):
            was, self.contact = self.contact, self.contact.after(value.error)
            if value.error is None and was.gone:
                self._request()
        elif isinstance(value, PartLimits):
            self._take_part_limits(value)
        elif isinstance(value, Arrival):
            self._take_arrival(value)

    def _take_arrival(self, arrival):
        # The end of a wish before may be told after the source has come back, and a new wish was made: that it was lost
        # then is no news.
        if arrival.wanted is not None and arrival.wanted is not self._wanted:
            return
        if arrival.summary is not None:
            self.trait_set(summary=arrival.summary, _measuring=False)
        if arrival.overview is not None:
            self.overview = arrival.overview
        if arrival.coming:
            self._coming = arrival
        error = arrival.error
        if isinstance(error, HostError):
            if not self.contact.gone:
                self.contact = self.contact.after(error)
        elif error is not None:
            self.fault = str(error)
