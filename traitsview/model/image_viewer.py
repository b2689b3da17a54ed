"""The viewer: what is looked at, where, and how; without a toolkit."""

from __future__ import annotations

import time
from weakref import WeakMethod, ref

from traits.api import Bool, Enum, HasStrictTraits, Instance, Property, Tuple, Union, cached_property, observe

from ..color.vision import Vision
from ..errors import HostError
from ..geometry import Viewport
from ..sources.image_info import ImageInfo
from ..sources.image_source import REDUCTIONS, ImageSource, check_plane
from ..sources.picture import Picture
from .appearance import Appearance
from .colours import Colours
from .contact_state import ContactState, weak_listener
from .loading.wish import Wish
from .pixels import Pixels
from .places import Places
from .readout import Probe, Readout
from .screens import Screens
from .status import Status

__all__ = ["ImageViewer"]

#: Rows and columns of a viewport that no window has given its size.
UNSHOWN_SHAPE = (600, 800)


def _part(kind, name):
    """Return a trait that is one of a part of the viewer, to be read and observed."""
    return Property(lambda viewer: getattr(getattr(viewer, kind), name), observe=f"{kind}.{name}")


class ImageViewer(HasStrictTraits):
    """Looks at an image source.

    What a user sets and reads is here; the work is done by its parts, each of which knows one thing.

    Everything here belongs to one thread (in a window, the GUI thread).  What arrives from the source's threads waits
    until that thread takes it: a window sees to that, and a script without one calls `wait`.  Close a viewer when it is
    no longer shown.
    """

    #: What is looked at.  It is not closed with who looks.
    source = Instance(ImageSource)

    #: What is visible.
    viewport = Instance(Viewport)

    #: The index on every axis that is not displayed.
    plane = Tuple()

    #: How many data elements become one pixel.
    reduction = Enum(list(REDUCTIONS))

    #: Colormap, scale and limits.
    appearance = Instance(Appearance, ())

    #: Whose colour vision the colours are shown for.  A preview: what is copied, saved and sent has nothing of it.
    vision = Instance(Vision, ())

    #: The data point under the cursor, or None.
    cursor = Union(None, Tuple)

    #: What is under the cursor.
    readout = Instance(Readout)

    #: Whether places are also told as FITS and DS9 count pixels: from 1, whole at centres.
    fits_pixels = Bool()

    #: Whether to bring what may be wished for next while nothing else is, if the source is behind a link.
    looks_ahead = Bool(True)

    #: What is known of contact with the source.
    contact = Instance(ContactState, ())

    #: Which picture of the image is shown.
    picture = Property(Instance(Picture), observe="plane, reduction, source")

    #: Whether everything on the screen is the exact picture of the viewport, in its final colours.
    exact = Property(
        Bool, observe="pixels.[held, summary, measuring], status.fault, contact, source, appearance.limits"
    )

    #: The window's title.
    title = Property(observe="source")

    # ---- the parts, and what of them a user reads ----------------------

    #: Where it goes, and went: a `Places`.
    places = Instance(Places)

    #: How values become colours: a `Colours`.
    colours = Instance(Colours)

    #: What is held of the image, for painters: a `Pixels`.
    pixels = Instance(Pixels)

    #: What it says in words, and what is wrong: a `Status`.
    status = Instance(Status)

    #: The windows that show it: a `Screens`.
    screens = Instance(Screens)

    #: Whether the whole image is seen, as `fit` shows it; if so it still is when the window changes its size.
    fitted = _part("places", "fitted")

    #: What the values are like, once it is known.
    summary = _part("pixels", "summary")

    #: From values to colours.
    shading = _part("colours", "shading")

    #: What is on the screen, in words such as ``"mean of 10.4 × 10.4, exact"``.
    shown = _part("status", "shown")

    #: Position, value and world coordinates under the cursor, in words.
    readout_line = _part("status", "readout_line")

    _probe = Instance(Probe)

    def __init__(self, **traits):
        super().__init__()
        # Before anything is set that they follow; the first two follow nothing.
        self.trait_set(pixels=Pixels(), screens=Screens())
        self.trait_set(places=Places(viewer=self), colours=Colours(viewer=self), status=Status(viewer=self))
        self.trait_set(**traits)

    @property
    def info(self) -> ImageInfo:
        """What is known of the source."""
        return self.source.info

    # ---- going places -----------------------------------------------------

    def fit(self):
        """Show the whole image."""
        self.places.fit()

    def one_to_one(self, about=None):
        """Show one element per screen pixel, holding a data point in place (the centre by default)."""
        self.places.one_to_one(about)

    def zoom(self, factor, about=None):
        """Magnify by `factor` about a data point, as far as makes sense."""
        self.places.zoom(factor, about)

    def pan(self, columns, rows):
        """Move the viewport by whole screen pixels."""
        self.places.pan(columns, rows)

    def show(self, extent):
        """Show at least ``(x0, x1, y0, y1)``, to the scale that the image is shown in."""
        self.places.show(extent)

    def back(self):
        """Return to the place before."""
        self.places.back()

    def forward(self):
        """Return to the place that was gone back from."""
        self.places.forward()

    # ---- limits of the colours ----------------------------------------------

    def measure(self):
        """Take the limits of the colours from the plane that is shown, if they are taken from the values."""
        self.pixels.measure()

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
        if self._probe is not None:
            self.colours.limits_from(extent, rule)

    def hold_limits(self):
        """Keep the limits of the colours as they are now, whatever the image and the viewer."""
        self.colours.hold_limits()

    # ---- the source ---------------------------------------------------------

    def wait(self, timeout):
        """Wait until nothing is left to load, and take what came; return whether that was within `timeout` seconds."""
        ends = time.monotonic() + timeout
        idle = self.pixels.wait_idle(timeout)
        idle &= self.colours.wait_idle(max(0.0, ends - time.monotonic()))
        self.pixels.take_arrivals()
        return idle

    def retry(self):
        """Try to come back to a source that is lost now, rather than at the next try."""
        if self.source is not None:
            self.contact = self.contact.trying()
            self.source.link.retry()

    def close(self):
        """Stop loading until it is shown again.  The source stays open."""
        self.pixels.close()
        self.colours.close()
        if self._probe is not None:
            self._probe.close()
            self._probe = None

    @observe("source")
    def _attach_source(self, event):
        self.close()
        source = self.source
        self.pixels.attach(source)
        self.places.forget()
        self.trait_set(readout=None, contact=ContactState(), plane=())
        if source is None:
            return
        self.colours.look_for_labels()
        self._open()
        source.link.watch(weak_listener(WeakMethod(self._hear), ref(source)))
        self.places.fit_again()
        self._ask()

    @observe("screens:shown_on")
    def _begin_or_end(self, event):
        if not self.screens.shown_on:
            self.close()
        elif self._open():
            self._ask()

    def _open(self):
        """Begin to load; return whether that had not begun."""
        opened = self.pixels.open()
        if opened:
            self._probe = Probe(self.source, self.pixels.listener(self._take_readout))
        return opened

    @observe("viewport, picture, appearance.look")
    def _ask(self, event=None):
        """Say what should be held now."""
        if self.source is not None and self.pixels.source is self.source:
            focus = self.cursor if self.cursor is not None else self.viewport.center
            self.pixels.show(Wish(self.viewport, self.picture, focus, self.appearance.look, self.looks_ahead))

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

    def _take_readout(self, readout):
        if (self.cursor, self.picture.plane) == (readout.point, readout.plane):
            self.readout = readout

    @observe("pixels:failed")
    def _take_failure(self, event):
        error = event.new
        if not isinstance(error, HostError):
            self.status.complain(str(error))
        elif not self.contact.gone:
            self.contact = self.contact.after(error)

    def _hear(self, source, error):
        """Take news of contact, in any thread."""
        if source is self.source:
            self.pixels.listener(self._take_news)(error)

    def _take_news(self, error):
        was, self.contact = self.contact, self.contact.after(error)
        if error is None and was.gone:
            self.pixels.ask_again()

    @observe("colours.shading")
    def _repaint(self, event):
        self.pixels.refreshed = True

    # ---- what follows from the rest -----------------------------------------

    def _viewport_default(self):
        if self.source is None:
            return Viewport((1.0, 1.0), (0, 0), UNSHOWN_SHAPE)
        return Viewport.fitting(self.info, UNSHOWN_SHAPE)

    @cached_property
    def _get_picture(self):
        if self.source is None:
            return Picture(self.plane, self.reduction)
        return Picture(self.plane or check_plane(self.info, None), self.reduction, self.info.version)

    def _get_exact(self):
        pixels, summary = self.pixels, self.pixels.summary
        if pixels.held.missing or self.status.fault or self.contact.lost or summary is None or pixels.measuring:
            return False
        return summary.exact or self.appearance.limits != "minmax"

    def _get_title(self):
        return self.info.name if self.source is not None else "traitsview"
